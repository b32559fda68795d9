"""Unfinished texts, one private file each; replaced as a whole, so that none is ever half there."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote

from cockpit.errors import InvalidInputError
from cockpit.store.faults import explain
from cockpit.store.opening import PRIVATE_DIRECTORY, PRIVATE_FILE

_SUFFIX = ".draft"
_LONGEST_NAME = 200


class DraftBox:
    """A directory of unfinished texts, each under a key such as `entry:<incident>`."""

    def __init__(self, directory: Path) -> None:
        """Keep drafts in `directory`, which is created with the first one."""
        self._directory = directory

    def save(self, key: str, text: str) -> None:
        """Keep `text`, synced to the disk; an empty one clears the draft.

        Raises StoreUnavailableError when it cannot be written; the last draft stays then.
        """
        if not text:
            self.clear(key)
            return
        path = self._path(key)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._create()
            _write(part, text.encode("utf-8", "surrogatepass"))
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise explain(error, path) from error

    def load(self, key: str) -> str:
        """Return a draft, empty when there is none."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise explain(error, path) from error
        try:
            return data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return data.decode("utf-8", "replace")

    def clear(self, key: str) -> None:
        """Forget a draft; there may be none."""
        path = self._path(key)
        try:
            path.unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise explain(error, path) from error

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all drafts, in order."""
        try:
            names = [each.name for each in self._directory.iterdir()]
        except OSError:
            return ()
        found = (name for name in names if name.endswith(_SUFFIX) and not name.startswith("."))
        return tuple(sorted(unquote(name.removesuffix(_SUFFIX)) for name in found))

    def forget_unchanged(self, ending: str, since: datetime) -> None:
        """Forget the drafts whose key ends so and that nobody has changed since a time."""
        last = since.timestamp()
        for key in self.keys():
            if key.endswith(ending):
                with suppress(OSError):
                    path = self._path(key)
                    if path.stat().st_mtime < last:
                        path.unlink()

    def _path(self, key: str) -> Path:
        name = quote(key.encode("utf-8", "surrogatepass"), safe="").replace(".", "%2E")
        if not name or len(name) > _LONGEST_NAME:
            raise InvalidInputError("A draft's key is empty or too long.")
        return self._directory / f"{name}{_SUFFIX}"

    def _create(self) -> None:
        if not self._directory.is_dir():
            self._directory.mkdir(PRIVATE_DIRECTORY, parents=True, exist_ok=True)
            self._directory.chmod(PRIVATE_DIRECTORY)


class StillDraftBox(DraftBox):
    """Drafts that can be read but are neither kept nor cleared."""

    def save(self, key: str, text: str) -> None:
        """Keep nothing."""

    def clear(self, key: str) -> None:
        """Leave the draft where it is."""

    def forget_unchanged(self, ending: str, since: datetime) -> None:
        """Leave all drafts where they are."""


def _write(path: Path, data: bytes) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, PRIVATE_FILE)
        file.write(data)
        file.flush()
        os.fsync(descriptor)
