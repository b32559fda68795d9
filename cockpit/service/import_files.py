"""Files to import: read as a whole, within limits, and never out of the folder that was named."""

from __future__ import annotations

from pathlib import Path

from cockpit.errors import ImportRefusedError
from cockpit.service.imports import MAX_BYTES, read_file

MAX_FILES = 10_000
"""The most files of a folder that are read."""


def read_files(path: Path, suffix: str) -> dict[str, bytes]:
    """Return a file's bytes by its name, or those of all files of a folder that end in `suffix`.

    Folders in the folder are left out. Raises ImportRefusedError in words for a folder without
    such files, with too many or too large ones, or with a link that leads out of it.
    """
    if not path.is_dir():
        return {path.name: read_file(path)}
    try:
        found = sorted(each for each in path.iterdir() if each.suffix.lower() == suffix)
        home = path.resolve(strict=True)
    except OSError as error:
        problem = error.strerror or str(error)
        raise _refused(f"The folder {path} cannot be read: {problem}.") from error
    if not found:
        raise _refused(f"The folder {path} has no {suffix} files.")
    if len(found) > MAX_FILES:
        raise _refused(f"The folder {path} has more than {MAX_FILES:,} {suffix} files.")
    files: dict[str, bytes] = {}
    total = 0
    for each in found:
        _check_inside(each, home)
        files[each.name] = read_file(each)
        total += len(files[each.name])
        if total > MAX_BYTES:
            size = MAX_BYTES // 1024 // 1024
            raise _refused(f"The files in {path} are larger than {size} MB together.")
    return files


def _check_inside(path: Path, home: Path) -> None:
    target = path.resolve()
    if home not in target.parents:
        raise _refused(f"The file {path} is a link that leads out of its folder.")
    if not target.is_file():
        raise _refused(f"{path} is no file.")


def _refused(message: str) -> ImportRefusedError:
    return ImportRefusedError(message, "Nothing was imported.")
