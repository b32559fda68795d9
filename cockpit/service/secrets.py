"""Where tokens and keys of workspaces are kept: in the system's keyring, else in a private file.

Never in the database, which people copy and mail. A secret names the server that it is for, so
that an address changed in the database sends it nowhere else.
"""

from __future__ import annotations

import stat
import threading
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from msgspec import Struct

from cockpit.errors import CockpitError
from cockpit.paths import Paths, create_private_directory, write_private

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = "incident-cockpit"
_WAIT_SECONDS = 8.0
"""A keyring that is locked may ask on another screen, where nobody answers."""


class Secret(Struct, frozen=True, omit_defaults=True):
    """What opens a workspace: the token, the server's address, the key where texts are sealed.

    key: base64url of the workspace's key, empty where the server may read.
    """

    token: str
    url: str
    key: str = ""

    def __repr__(self) -> str:
        """Return no part of it."""
        return "Secret(…)"


class Keyring(Protocol):
    """The part of the keyring library that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept under a name, None for nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something under a name."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget what is kept under a name."""


class NoPlaceError(CockpitError):
    """There is no keyring, and nobody said yet that a file will do."""

    def __init__(self, directory: Path) -> None:
        """Name the file's directory."""
        super().__init__(
            "No keyring answers here that could keep the token.",
            f"--store-in-file keeps it in a private file (0600) in {directory}.",
        )


class Vault:
    """The secrets of one home."""

    def __init__(self, paths: Paths, find_keyring: Callable[[], Keyring | None]) -> None:
        """Keep them for the home at `paths`; the keyring is looked for when it is needed."""
        self._directory = paths.secrets
        self._home = sha256(str(paths.data_dir).encode()).hexdigest()[:12]
        self._find_keyring = find_keyring

    def load(self, ws: str) -> Secret | None:
        """Return a workspace's secret, None when it is not here.

        Raises CockpitError for a file that others can read, or that is damaged.
        """
        path = self._file(ws)
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return self._load_from_keyring(ws)
        except (OSError, UnicodeDecodeError) as error:
            raise CockpitError(f"{path} cannot be read: {error}.") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CockpitError(f"Others can read {path}.", f"Make it private: chmod 600 {path}")
        return _decode(text, str(path))

    def has_files(self) -> bool:
        """Say whether somebody agreed to private files here: a token stands in one already."""
        return any(self._directory.glob("*.json"))

    def keep(self, ws: str, secret: Secret, *, in_file: bool) -> str:
        """Keep a secret and return where, in words; raises NoPlaceError before anything is kept.

        in_file: a private file will do; without it only the keyring does.
        """
        text = msgspec.json.encode(secret).decode()
        keyring = None if in_file else self._find_keyring()
        if keyring is None and not in_file:
            raise NoPlaceError(self._directory)
        if keyring is not None:
            try:
                _within(lambda: keyring.set_password(SERVICE, self._name(ws), text))
                if _within(lambda: keyring.get_password(SERVICE, self._name(ws))) == text:
                    self._file(ws).unlink(missing_ok=True)
                    return "the keyring"
            except Exception as error:  # whatever a backend raises, the words are the same
                raise NoPlaceError(self._directory) from error
            raise NoPlaceError(self._directory)
        create_private_directory(self._directory)
        try:
            write_private(self._file(ws), text)
        except OSError as error:
            raise CockpitError(f"{self._file(ws)} cannot be written: {error.strerror}.") from error
        return str(self._file(ws))

    def renew(self, ws: str, secret: Secret) -> str:
        """Keep another secret for a workspace where the one before is kept; return where."""
        return self.keep(ws, secret, in_file=self._file(ws).exists())

    def has_keyring(self) -> bool:
        """Say whether a keyring could keep a secret."""
        return self._find_keyring() is not None

    def forget(self, ws: str) -> None:
        """Forget a workspace's secret wherever it is kept."""
        self._file(ws).unlink(missing_ok=True)
        keyring = self._find_keyring()
        if keyring is not None:
            try:
                _within(lambda: keyring.delete_password(SERVICE, self._name(ws)))
            except Exception:  # it may never have been there
                return

    def _load_from_keyring(self, ws: str) -> Secret | None:
        keyring = self._find_keyring()
        if keyring is None:
            return None
        try:
            text = _within(lambda: keyring.get_password(SERVICE, self._name(ws)))
        except Exception as error:  # whatever a backend raises
            raise CockpitError(
                "The keyring does not answer, so the token cannot be read.",
                "Unlock it and start again.",
            ) from error
        return _decode(text, "the keyring") if text else None

    def _file(self, ws: str) -> Path:
        return self._directory / f"{_checked(ws)}.json"

    def _name(self, ws: str) -> str:
        return f"{_checked(ws)}@{self._home}"


def system_keyring() -> Keyring | None:
    """Return the system's keyring, None where there is none that keeps anything safely."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return None
    try:
        backend = keyring.get_keyring()
        usable = not isinstance(backend, fail.Keyring | null.Keyring) and backend.priority >= 1
    except Exception:  # a backend that cannot say what it is keeps nothing
        return None
    return backend if usable else None


def open_vault(paths: Paths) -> Vault:
    """Return the secrets of the home at `paths`."""
    return Vault(paths, system_keyring)


def _checked(ws: str) -> str:
    """Return a workspace's id, which names a file: nothing but 32 hex digits may pass."""
    if len(ws) != 32 or not set(ws) <= set("0123456789abcdef"):
        raise CockpitError("That is no workspace's id.")
    return ws


def _decode(text: str, place: str) -> Secret:
    try:
        return msgspec.json.decode(text, type=Secret)
    except msgspec.DecodeError as error:
        raise CockpitError(
            f"The token kept in {place} is damaged.", "Ask for a new invite and join again."
        ) from error


def _within(work: Callable[[], Any]) -> Any:
    """Return what `work` returns; raises TimeoutError when it does not come back in time."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again below, by who waits
            errors.append(error)

    thread = threading.Thread(target=run, name="cockpit-keyring", daemon=True)
    thread.start()
    thread.join(_WAIT_SECONDS)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("the keyring does not answer")
    return results[0]
