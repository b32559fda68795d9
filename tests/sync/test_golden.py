"""What travels looks as it did when it was released, byte for byte."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

from cockpit.domain.envelope import decode_op, encode_op
from cockpit.domain.text_merge import adopt, merged_text
from cockpit.domain.wire import format_cursor, next_chain, parse_cursor
from cockpit.sync.keys import WorkspaceKeys, key_id, write_key
from cockpit.sync.sealing import SealedEnvelopes
from tests.sync.sealed_ops import ADDED, INC, KEY, fixed_nonce

GOLDEN = Path(__file__).with_name("golden")


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes().removesuffix(b"\n")


def test_the_envelope() -> None:
    assert encode_op(ADDED) == golden("envelope.json")
    assert decode_op(golden("envelope.json")) == ADDED


def test_the_sealed_envelope() -> None:
    envelopes = SealedEnvelopes(WorkspaceKeys((KEY,)), fixed_nonce)
    assert envelopes.encode(ADDED) == golden("sealed.json")
    assert envelopes.decode(golden("sealed.json")) == ADDED


def test_the_key_and_its_id() -> None:
    told = json.loads(golden("key.json"))
    assert (write_key(KEY), key_id(KEY)) == (told["key"], told["kid"])


def test_the_chain_and_its_cursors() -> None:
    chain = ""
    for seq, (op_id, at, cursor) in enumerate(json.loads(golden("cursors.json")), start=1):
        chain = next_chain(chain, op_id, at)
        assert format_cursor(seq, chain) == cursor
        assert parse_cursor(cursor) == (seq, chain)


def test_the_text_update() -> None:
    update = golden("text_update.txt").decode()
    assert adopt("Emoji 🔥, accents é,\nand a line.", "summary", INC) == update
    assert merged_text([update]) == "Emoji 🔥, accents é,\nand a line."
    assert b64decode(update, validate=True)
