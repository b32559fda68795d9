"""Files that appear as a whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cockpit.errors import ExportRefusedError
from cockpit.paths import FILE_MODE


def write_whole(path: Path, write: Callable[[BinaryIO], None], *, force: bool = False) -> None:
    """Let `write` fill a new file, then give it the name `path` in one step.

    Never over a file without `force`, never through a symbolic link.
    Raises ExportRefusedError in words; the file is then as it was.
    """
    _check_target(path, force=force)
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        _write_new(draft, write)
        _put_in_place(draft, path, force=force)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise ExportRefusedError(
                f"{path} exists already.", "Use --force to write over it."
            ) from error
        if isinstance(error, OSError):
            raise ExportRefusedError(
                f"{path} was not written: {error.strerror or error}.", "Name another place."
            ) from error
        raise


def write_export(path: Path, text: str, force: bool = False) -> None:
    """Write `text` to `path` in one step, readable by its owner only.

    Never over a file without `force`, never through a symbolic link.
    Raises ExportRefusedError in words; the file is then as it was.
    """
    data = text.encode("utf-8", "replace")

    def write(file: BinaryIO) -> None:
        file.write(data)

    write_whole(path, write, force=force)


def _check_target(path: Path, *, force: bool) -> None:
    if path.is_symlink():
        raise ExportRefusedError(f"{path} is a symbolic link.", "Name the file itself.")
    if path.is_dir():
        raise ExportRefusedError(f"{path} is a directory.", "Name a file in it.")
    if path.exists() and not path.is_file():
        raise ExportRefusedError(f"{path} is not a plain file.", "Name another file.")
    if path.exists() and not force:
        raise ExportRefusedError(f"{path} exists already.", "Use --force to write over it.")


def _write_new(path: Path, write: Callable[[BinaryIO], None]) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), FILE_MODE)
        write(file)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(draft: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name; without force, a file made meanwhile is left alone."""
    if force:
        draft.replace(path)
    else:
        _link(draft, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the name was free a moment ago.
        draft.replace(path)
    else:
        draft.unlink()
