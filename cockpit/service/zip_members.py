"""A zip archive that came from elsewhere: read in memory, within limits, never written to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from cockpit.domain.visible import clip, make_visible
from cockpit.errors import ImportRefusedError

MOST_MEMBERS = 100_000
MOST_MEMBER_BYTES = 64 * 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024
"""Limits: files in an archive, bytes of one of them unpacked, and of all that are read together."""

MOST_RATIO = 200
RATIO_FROM_BYTES = 1024 * 1024
"""How much smaller than unpacked a file may be, from this size on: text packs 5 to 20 times."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    RuntimeError,  # also for ways of packing that it does not know
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
_UNCHANGED = "Nothing was imported."


class ZipMembers:
    """The files of an archive by name; a name is a label here, and never becomes a path."""

    def __init__(self, data: bytes) -> None:
        """Read the archive's directory; raises ImportRefusedError for one that cannot be right."""
        # The directory is read as a whole: its size must be known before.
        if data.count(_DIRECTORY_ENTRY) > MOST_MEMBERS:
            raise _refused(f"it holds more than {MOST_MEMBERS:,} files")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            # Not `is_dir`, which fails for a file without a name.
            found = [each for each in self._archive.infolist() if each.filename[-1:] != "/"]
        except _BROKEN as error:
            raise _refused("it is damaged, or no zip archive") from error
        self._members: Mapping[str, zipfile.ZipInfo] = {each.filename: each for each in found}
        self._left = MOST_BYTES
        if len(self._members) < len(found):
            raise _refused("two of its files have the same name")
        for each in found:
            _check(each)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all files, in order."""
        return tuple(sorted(self._members))

    def read(self, name: str) -> bytes:
        """Return a file's bytes; raises ImportRefusedError for a damaged or too large one."""
        shown = _shown(name)
        try:
            with self._archive.open(self._members[name]) as file:
                # What the directory says of the size may be a lie.
                data = file.read(min(MOST_MEMBER_BYTES, self._left) + 1)
        except _BROKEN as error:
            raise _refused(f"its file “{shown}” is damaged") from error
        self._left -= len(data)
        if len(data) > MOST_MEMBER_BYTES:
            raise _too_large(shown)
        if self._left < 0:
            raise _refused(f"its files are larger than {MOST_BYTES // 1024 // 1024} MB unpacked")
        if data.startswith(_ARCHIVES):
            raise _refused(f"its file “{shown}” is an archive itself")
        return data


def _check(member: zipfile.ZipInfo) -> None:
    shown = _shown(member.filename)
    if member.flag_bits & _ENCRYPTED:
        raise _refused(f"its file “{shown}” is encrypted")
    if member.filename.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar", ".tgz")):
        raise _refused(f"its file “{shown}” is an archive itself")
    if member.file_size > MOST_MEMBER_BYTES:
        raise _too_large(shown)
    packed = max(1, member.compress_size)
    if member.file_size > RATIO_FROM_BYTES and member.file_size > MOST_RATIO * packed:
        raise _refused(f"its file “{shown}” is packed more than {MOST_RATIO} times")


def _too_large(shown: str) -> ImportRefusedError:
    limit = MOST_MEMBER_BYTES // 1024 // 1024
    return _refused(f"its file “{shown}” is larger than {limit} MB unpacked")


def _refused(problem: str) -> ImportRefusedError:
    return ImportRefusedError(f"The archive cannot be read: {problem}.", _UNCHANGED)


def _shown(name: str) -> str:
    return clip(make_visible(name), 80)
