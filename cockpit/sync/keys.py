"""The keys of an encrypted workspace: made once, passed on in the fragment of an invite.

A key is 256 bits, written as 43 characters of URL-safe base64. Its id is made from it, so that
an event can say which key it was sealed with, and a wrong key is found out before it is tried.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cockpit.errors import InvalidInputError

KEY_BYTES = 32
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ID = re.compile(r"[0-9a-f]{16}")
_PURPOSE = b"incident-cockpit key id 1\0"


class WorkspaceKeys:
    """The keys of a workspace, the newest first: that one seals, the others open what is older."""

    def __init__(self, keys: tuple[bytes, ...] = ()) -> None:
        """Keep the keys; a key that stands there twice counts once."""
        self.keys = tuple(dict.fromkeys(keys))
        self._by_id = {key_id(key): key for key in self.keys}

    @property
    def current(self) -> str:
        """Return the id of the key that seals, empty without one."""
        return key_id(self.keys[0]) if self.keys else ""

    def find(self, kid: str) -> bytes | None:
        """Return the key of an id, None where it is not here."""
        return self._by_id.get(kid)

    def rotated(self, key: bytes) -> WorkspaceKeys:
        """Return the keys with a new one that seals from now on; the old ones stay."""
        return WorkspaceKeys((key, *self.keys))

    def joined(self, other: WorkspaceKeys) -> WorkspaceKeys:
        """Return these keys after others that were passed on, whose first seals from now on.

        Where nothing in them is new they change nothing: an old invite must not bring back the
        old key.
        """
        if set(other.keys) <= set(self.keys):
            return self
        return WorkspaceKeys((*other.keys, *self.keys))

    def write(self) -> str:
        """Return the keys as a text for a fragment or a file: joined by points, newest first."""
        return ".".join(write_key(key) for key in self.keys)

    @classmethod
    def read(cls, text: str) -> WorkspaceKeys:
        """Return the keys of a text, none for an empty one; raises InvalidInputError in words."""
        parts = text.strip().split(".") if text.strip() else []
        return cls(tuple(read_key(part) for part in parts))

    def __repr__(self) -> str:
        """Say how many there are; what they are belongs in no log and no crash text."""
        return f"WorkspaceKeys({len(self.keys)})"


def make_key(random_bytes: Callable[[int], bytes]) -> bytes:
    """Return a new key from bytes that nobody can guess."""
    return random_bytes(KEY_BYTES)


def key_id(key: bytes) -> str:
    """Return the id of a key: 16 hex digits that say nothing about it."""
    return sha256(_PURPOSE + key).hexdigest()[:16]


def is_key_id(value: Any) -> bool:
    """Say whether a value can be the id of a key."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def write_key(key: bytes) -> str:
    """Return a key as text."""
    return urlsafe_b64encode(key).decode().rstrip("=")


def read_key(text: str) -> bytes:
    """Return the key of a text; raises InvalidInputError for one that was not copied whole."""
    if _WRITTEN.fullmatch(text):
        key = urlsafe_b64decode(text + "=")
        if write_key(key) == text:
            return key
    raise InvalidInputError(
        "The key of the encrypted workspace is not whole.",
        "It is the part after the point at the end of the invite's link: 43 letters and digits.",
    )
