"""Sealed events: whoever holds the key reads them, nobody changes them unseen."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.envelope import MAX_BYTES, Op, decode_body, encode_body, encode_op
from cockpit.domain.events import Body, EntryAdded, EntryEdited, EntryRedacted, FieldSet
from cockpit.domain.wire import MAX_ENVELOPE_BYTES
from cockpit.errors import InvalidInputError, SyncError
from cockpit.sync import sealing
from cockpit.sync.keys import WorkspaceKeys, key_id
from cockpit.sync.sealing import HeldError, OpenEnvelopes, SealedEnvelopes, redaction_marker
from tests.sync.sealed_ops import ADDED, ENTRY, INC, KEY, OTHER_KEY, fixed_nonce

BOUND = ("by", "dev", "id", "inc", "kid", "skew", "t", "v", "x")
HEX = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OPS = st.builds(
    Op,
    HEX,
    HEX,
    st.sampled_from(["entry.add", "reg.set", "entry.redact", "song.sung"]) | st.text(min_size=1),
    st.integers(0, 2**40).map(lambda ms: f"{ms:012x}-0000-ab12cd34"),
    st.just("ab12cd34"),
    st.text(),
    st.dictionaries(st.text(), VALUES, max_size=4).map(
        lambda body: msgspec.json.encode(body, order="sorted").decode()
    ),
    st.none() | st.integers(-(2**40), 2**40),
    st.integers(1, 9),
    st.dictionaries(st.sampled_from(["new", "newer", "ß"]), VALUES, max_size=2),
)


def sealed(*keys: bytes) -> SealedEnvelopes:
    return SealedEnvelopes(WorkspaceKeys(keys or (KEY,)), fixed_nonce)


def fields_of(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data)
    return found


def written(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


@given(OPS)
def test_what_was_sealed_is_read_as_it_was(op: Op) -> None:
    assert sealed().decode(sealed().encode(op)) == op


@given(OPS)
def test_the_open_form_carries_the_same_events(op: Op) -> None:
    envelopes = OpenEnvelopes()
    assert envelopes.encode(op) == encode_op(op)
    assert envelopes.decode(envelopes.encode(op)) == op


def test_the_server_sees_no_kind_no_text_and_no_later_field() -> None:
    op = replace(ADDED, extra={"later": "canary-1"}, k="canary-2", d='{"text":"canary-3"}')
    data = sealed().encode(op)
    assert b"canary" not in data
    assert set(fields_of(data)) == {"by", "c", "dev", "id", "inc", "kid", "skew", "t", "v"}


@pytest.mark.parametrize("name", BOUND)
def test_no_field_can_be_changed_unseen(name: str) -> None:
    fields = fields_of(sealed().encode(ADDED))
    changed: Any = {"skew": 7, "v": 2, "kid": key_id(OTHER_KEY)}.get(name, f"{fields[name]}0")
    fields[name] = changed
    with pytest.raises(HeldError) as held:
        sealed(KEY, OTHER_KEY).decode(written(fields))
    assert held.value.code in ("tampered", "malformed")


@pytest.mark.parametrize("name", sorted(set(BOUND) - {"kid"}))
def test_no_field_can_be_left_out_unseen(name: str) -> None:
    fields = fields_of(sealed().encode(ADDED))
    del fields[name]
    with pytest.raises(HeldError, match="changed after its author sealed it"):
        sealed().decode(written(fields))


def test_no_field_can_be_added_unseen() -> None:
    fields = fields_of(sealed().encode(ADDED)) | {"extra": 1}
    with pytest.raises(HeldError) as held:
        sealed().decode(written(fields))
    assert held.value.code == "tampered"


def test_a_text_put_into_another_envelope_is_held() -> None:
    mine = fields_of(sealed().encode(ADDED))
    other = fields_of(sealed().encode(replace(ADDED, id="3" * 32, d='{"text":"x"}')))
    with pytest.raises(HeldError) as held:
        sealed().decode(written({**mine, "c": other["c"]}))
    assert held.value.code == "tampered"


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_byte_of_the_sealed_text_can_be_changed_unseen(place: int, change: int) -> None:
    data = bytearray(sealed().encode(ADDED))
    start = data.index(b'"c":"') + 5
    place = start + place % (data.index(b'"', start) - start)
    data[place] ^= change
    with suppress(HeldError):
        # Only bits that base64 itself leaves out may differ.
        assert sealed().decode(bytes(data)) == ADDED


def test_the_order_and_spelling_of_fields_do_not_matter() -> None:
    fields = fields_of(sealed().encode(replace(ADDED, by="ana ü")))
    shuffled = dict(sorted(fields.items(), reverse=True))
    assert sealed().decode(json.dumps(shuffled, indent=1).encode()).by == "ana ü"


def test_an_old_key_opens_what_it_sealed() -> None:
    before = sealed(KEY).encode(ADDED)
    rotated = SealedEnvelopes(WorkspaceKeys((KEY,)).rotated(OTHER_KEY), fixed_nonce)
    assert rotated.decode(before) == ADDED
    after = rotated.encode(ADDED)
    assert fields_of(after)["kid"] == key_id(OTHER_KEY)
    with pytest.raises(HeldError, match=key_id(OTHER_KEY)) as held:
        sealed(KEY).decode(after)
    assert held.value.code == "no_key"
    assert "cockpit sync key add" in held.value.hint


def test_without_any_key_it_says_what_is_lost_and_what_is_not() -> None:
    with pytest.raises(SyncError, match="Nobody can make it again") as lost:
        SealedEnvelopes(WorkspaceKeys(), fixed_nonce)
    assert "you can go on writing" in lost.value.hint
    with pytest.raises(HeldError) as held:
        OpenEnvelopes().decode(sealed().encode(ADDED))
    assert held.value.code == "no_key"


def test_an_open_event_in_an_encrypted_workspace_is_held() -> None:
    with pytest.raises(HeldError) as held:
        sealed().decode(encode_op(ADDED))
    assert held.value.code == "unsealed"


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    sealing._cipher.cache_clear()
    with pytest.raises(SyncError, match="is not installed") as missing:
        sealed()
    assert "pip install 'incident-cockpit[encryption]'" in missing.value.hint


def test_the_largest_event_fits_once_it_is_sealed() -> None:
    room = MAX_BYTES - len(encode_op(replace(ADDED, d='{"text":""}')))
    op = replace(ADDED, d=json.dumps({"text": "x" * room}, separators=(",", ":")))
    assert len(encode_op(op)) == MAX_BYTES
    assert len(sealed().encode(op)) < MAX_ENVELOPE_BYTES
    with pytest.raises(InvalidInputError, match="at most"):
        sealed().encode(replace(op, d=op.d.replace("x", "xx", 1)))


@pytest.mark.parametrize(
    ("body", "marker"),
    [
        (EntryEdited(ENTRY, "new"), f"about:{ENTRY}"),
        (EntryRedacted(ENTRY), f"redact:{ENTRY}"),
        (FieldSet("text", "new", f"entry:{ENTRY}"), f"about:{ENTRY}"),
        (FieldSet("star", 1, f"entry:{ENTRY}"), ""),
        (FieldSet("title", "text"), ""),
    ],
)
def test_the_server_is_told_whose_text_it_holds(body: Body, marker: str) -> None:
    op = replace(ADDED, id="4" * 32, k=body.kind, d=encode_body(body))
    assert redaction_marker(op) == marker
    assert redaction_marker(ADDED) == f"about:{ENTRY}"
    data = fields_of(sealed().encode(op))
    assert data.get("x", "") == marker


def test_an_entry_that_the_server_has_forgotten_keeps_its_author_and_place() -> None:
    fields = fields_of(sealed().encode(ADDED))
    del fields["c"]
    op = sealed().decode(written(fields))
    assert (op.id, op.inc, op.t, op.by) == (ADDED.id, ADDED.inc, ADDED.t, ADDED.by)
    body = decode_body(op)
    assert isinstance(body, EntryAdded)
    assert body.text == sealing.REMOVED


def test_a_forgotten_correction_stays_a_correction() -> None:
    edit = replace(ADDED, id="5" * 32, k="entry.edit", d=encode_body(EntryEdited(ENTRY, "new")))
    fields = fields_of(sealed().encode(edit))
    del fields["c"]
    assert decode_body(sealed().decode(written(fields))) == EntryEdited(ENTRY, "")


def test_only_a_text_can_be_forgotten() -> None:
    fields = fields_of(sealed().encode(replace(ADDED, k="song.sung")))
    del fields["c"]
    with pytest.raises(HeldError) as held:
        sealed().decode(written(fields))
    assert held.value.code == "tampered"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b'{"c":1}',
        b'{"c":"AAAA","kid":"nonsense"}',
        b'{"c":"AAAA","kid":"d92a5ef480c4e938"}',
        b'{"c":"\\u00fc","kid":"d92a5ef480c4e938"}',
        b'{"x":"about:1","id":"1","t":"never"}',
        b"[" * 100_000,
        b'{"c":' * 100_000,
    ],
)
def test_what_is_no_event_is_held_in_both_forms(data: bytes) -> None:
    for envelopes in (sealed(), OpenEnvelopes()):
        with pytest.raises(HeldError):
            envelopes.decode(data)


def test_a_member_who_seals_nonsense_is_held() -> None:
    for text in (b"[]", b"{}", b'{"d":1}', b'{"k":1,"d":{}}', b"\xff"):
        envelopes = sealed()
        fields = {"by": "ana", "dev": "ab12cd34", "id": ENTRY, "inc": INC, "t": ADDED.t}
        fields |= {"kid": key_id(KEY)}
        bound = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
        cipher = sealing._cipher(KEY).encrypt(fixed_nonce(12), text, bound)
        whole = sealing.b64encode(fixed_nonce(12) + cipher).decode()
        with pytest.raises(HeldError) as held:
            envelopes.decode(written({**fields, "c": whole}))
        assert held.value.code == "malformed"
