"""Envelopes as they travel: in the open, or sealed so that the server sees who and when alone.

A sealed envelope is `{"v","id","inc","t","dev","by","skew","kid","c"[,"x"]}`: `c` is base64 of a
nonce and the ChaCha20-Poly1305 ciphertext of canonical `{"d","k"}`, bound to all other fields.
`x` lets the server forget a text that it cannot read: `about:<entry>` or `redact:<entry>`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from cockpit.domain.clock import stamp_time
from cockpit.domain.envelope import Op, decode_leniently, decode_op, encode_body, encode_op
from cockpit.domain.events import EntryAdded, EntryEdited, EntryRedacted, FieldSet
from cockpit.domain.registers import entry_object
from cockpit.errors import InvalidInputError, SyncError
from cockpit.sync.keys import WorkspaceKeys, is_key_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

NONCE_BYTES = 12
REMOVED = "The server removed this text."
"""What stands for a removed text until the event that removed it has come as well."""

_CLEAR = ("by", "dev", "id", "inc", "skew", "t", "v")
_FIELDS = frozenset({*_CLEAR, "kid", "x"})
_ABOUT, _REDACT = "about:", "redact:"


class Envelopes(Protocol):
    """How the events of one workspace stand on the wire."""

    def encode(self, op: Op) -> bytes:
        """Return the envelope to push; raises InvalidInputError for one that is too large."""

    def decode(self, data: bytes | str) -> Op:
        """Return the op of an envelope that was pulled; raises HeldError for one to be held."""


class HeldError(InvalidInputError):
    """An event that must be kept in sight and not applied: `code` for programs, words for people.

    Codes: "malformed", "unsealed" (in the open where all is sealed), "no_key", "tampered".
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        """Keep the code beside the words."""
        super().__init__(message, hint)
        self.code = code


class OpenEnvelopes:
    """Envelopes that the server may read."""

    def encode(self, op: Op) -> bytes:
        """Return the canonical envelope; raises InvalidInputError above 64 KiB."""
        return encode_op(op)

    def decode(self, data: bytes | str) -> Op:
        """Return the op; raises HeldError for what is none, or for one that is sealed."""
        try:
            return decode_op(data)
        except (InvalidInputError, ValueError, RecursionError) as error:
            if isinstance(_read_fields(data).get("c"), str):
                raise HeldError(
                    "no_key",
                    "This event is encrypted, and this workspace has no key here.",
                    "Ask for a new invite: its link carries the key.",
                ) from error
            raise HeldError("malformed", f"This is not an event: {error}") from error


class SealedEnvelopes:
    """Envelopes that only those who hold the workspace's key can read."""

    def __init__(self, keys: WorkspaceKeys, random_bytes: Callable[[int], bytes]) -> None:
        """Seal with the first of `keys`; `random_bytes` returns n bytes that nobody can guess.

        Raises SyncError where the key is lost, or the package that encrypts is not installed.
        """
        if not keys.keys:
            raise lost_key()
        self._keys = keys
        self._random_bytes = random_bytes
        _cipher(keys.keys[0])

    def encode(self, op: Op) -> bytes:
        """Return the sealed envelope; raises InvalidInputError above 64 KiB unsealed."""
        encode_op(op)
        fields = _clear_fields(op)
        fields["kid"] = self._keys.current
        if marker := redaction_marker(op):
            fields["x"] = marker
        nonce = self._random_bytes(NONCE_BYTES)
        text = _canonical({**op.extra, "d": msgspec.Raw(op.d.encode()), "k": op.k})
        sealed = _cipher(self._keys.keys[0]).encrypt(nonce, text, _canonical(fields))
        return _canonical({**fields, "c": b64encode(nonce + sealed).decode()})

    def decode(self, data: bytes | str) -> Op:
        """Return the op of a sealed envelope; raises HeldError for anything else."""
        fields = _read_fields(data)
        if "k" in fields or "d" in fields:
            raise HeldError(
                "unsealed",
                "An event came in the open, though this workspace is encrypted.",
                "It was not made by a member's cockpit: ask who runs the server.",
            )
        sealed = fields.pop("c", None)
        if sealed is None:
            return _removed_op(fields)
        if not isinstance(sealed, str) or not is_key_id(fields.get("kid")):
            raise _malformed("it is not sealed as it should be")
        key = self._keys.find(fields["kid"])
        if key is None:
            raise HeldError("no_key", *unknown_key(fields["kid"]))
        return _make_op(fields, _open(key, sealed, _canonical(fields)))


def redaction_marker(op: Op) -> str:
    """Return what the server must know to forget a text that it cannot read, empty for nothing."""
    if op.k not in ("entry.add", "entry.edit", "entry.redact", "reg.set"):
        return ""
    if op.k == "entry.add":
        return f"{_ABOUT}{op.id}"
    body = decode_leniently(op)
    if isinstance(body, EntryRedacted):
        return f"{_REDACT}{body.entry}"
    if isinstance(body, EntryEdited):
        return f"{_ABOUT}{body.entry}"
    if isinstance(body, FieldSet) and body.f == "text" and body.obj.startswith(entry_object("")):
        return f"{_ABOUT}{body.obj.removeprefix(entry_object(''))}"
    return ""


def lost_key() -> SyncError:
    """Return what to say where the workspace's key is not here: what is lost, and what is not."""
    return SyncError(
        "This workspace is encrypted, and its key is not on this machine. Nobody can make it "
        "again: the server never had it.",
        "What is here stays readable, and you can go on writing. To exchange events again, ask "
        "a member for a new invite: its link carries the key. If no member has it, what only the "
        "server holds is lost; make a new workspace and share the incidents there.",
    )


def unknown_key(kid: str) -> tuple[str, str]:
    """Return the words for an event that was sealed with a key that is not here."""
    return (
        f"An event is encrypted with the key {kid}, which is not on this machine.",
        "Ask a member for it: cockpit sync key add takes it. Without it the event is lost.",
    )


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> ChaCha20Poly1305:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    except ImportError as error:
        raise SyncError(
            "This workspace is encrypted, and the package that encrypts is not installed.",
            "pip install 'incident-cockpit[encryption]' brings it.",
        ) from error
    return ChaCha20Poly1305(key)


def _open(key: bytes, sealed: str, bound: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        data = b64decode(sealed, validate=True)
        return _cipher(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise HeldError(
            "tampered",
            "An event was changed after its author sealed it, or belongs to another envelope.",
            "It is not applied. Ask its author whether it is theirs, and who runs the server.",
        ) from error


def _make_op(fields: dict[str, Any], text: bytes) -> Op:
    try:
        inner = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        body = _canonical(msgspec.json.decode(inner.pop("d"))).decode()
        kind = msgspec.json.decode(inner.pop("k"))
        extra = {name: fields[name] for name in fields if name not in _FIELDS}
        extra |= {name: msgspec.json.decode(value) for name, value in inner.items()}
        clear = {name: fields[name] for name in _CLEAR if name in fields}
        return msgspec.convert({**clear, "k": kind, "d": body, "extra": extra}, Op)
    except (msgspec.MsgspecError, KeyError, ValueError, RecursionError) as error:
        raise _malformed(str(error)) from error


def _removed_op(fields: dict[str, Any]) -> Op:
    """Return an entry without its text for one that was redacted before it came here.

    The server cannot tell what else it said, so that its kind and the time at which it happened
    are gone: the time at which it was written stands for that.
    """
    marker = fields.get("x")
    op_id, stamp = fields.get("id"), fields.get("t")
    if not (isinstance(marker, str) and marker.startswith(_ABOUT) and isinstance(stamp, str)):
        raise HeldError(
            "tampered",
            "An event came without what its author sealed.",
            "It is not applied. Ask who runs the server.",
        )
    entry = marker.removeprefix(_ABOUT)
    try:
        body: EntryAdded | EntryEdited = EntryEdited(entry, "")
        if entry == op_id:
            body = EntryAdded(stamp_time(stamp), REMOVED)
    except (InvalidInputError, ValueError, OverflowError) as error:
        raise _malformed(str(error)) from error
    text = {"d": msgspec.Raw(encode_body(body).encode()), "k": body.kind}
    return _make_op(fields, _canonical(text))


def _clear_fields(op: Op) -> dict[str, Any]:
    return {name: getattr(op, name) for name in _CLEAR}


def _read_fields(data: bytes | str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _malformed(str(error)) from error


def _canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _malformed(why: str) -> HeldError:
    return HeldError("malformed", f"This is not an event: {why}.")
