"""Chooses the one SQLite library of the process; nothing else imports one.

`pysqlite3` carries a newer SQLite than most systems do. Two libraries on one file would silently
drop each other's locks.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.errors import StoreUnavailableError

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["engine_note", "is_wal_safe", "journal_mode_for", "require_engine", "sqlite3"]

Version = tuple[int, ...]

_OLDEST: Version = (3, 37, 0)
"""The first with STRICT tables."""

_NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "drvfs", "fuse.glusterfs", "fuse.rclone"}
    | {"fuse.s3fs", "fuse.sshfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2"}
    | {"orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"}
)
"""File systems on which processes of several machines cannot share a write-ahead log."""

_MOUNTS = Path("/proc/self/mountinfo")


def engine_version() -> Version:
    """Return the version of the SQLite library in use."""
    return sqlite3.sqlite_version_info


def is_wal_safe(version: Version) -> bool:
    """Say whether several processes may share a write-ahead log without the reset race.

    The race was in 3.7.0 to 3.51.2; the fix also went into 3.50.7 and 3.44.6.
    """
    fixed = {(3, 44): 6, (3, 50): 7}
    branch = version[:2]
    if branch in fixed:
        return version[2] >= fixed[branch]
    return version >= (3, 51, 3)


def journal_mode_for(path: Path, version: Version) -> str:
    """Return the journal mode ("wal" or "truncate") that is safe for a file on its file system."""
    if not is_wal_safe(version) or file_system(path.parent) in _NETWORK:
        return "truncate"
    return "wal"


def file_system(directory: Path) -> str:
    """Return the kind of file system that a directory is on, empty where that cannot be told."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
        place = str(directory.resolve())
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        mount = fields[4].replace("\\040", " ")
        inside = place == mount or place.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, after.split()[0]
    return kind


def engine_note() -> str:
    """Return which SQLite is used and what that means for the journal, in a few words."""
    version = sqlite3.sqlite_version
    safe = is_wal_safe(engine_version())
    return f"SQLite {version} ({'write-ahead log' if safe else 'rollback journal'})"


def require_engine() -> None:
    """Raise StoreUnavailableError when this SQLite is too old for the database."""
    if engine_version() < _OLDEST:
        raise StoreUnavailableError(
            f"The SQLite of this Python ({sqlite3.sqlite_version}) is too old; 3.37 is needed.",
            "Install a newer Python, or the package pysqlite3.",
        )
