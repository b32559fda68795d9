"""Keys of encrypted workspaces: copied whole or refused, and never shown by accident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import InvalidInputError
from cockpit.sync.keys import WorkspaceKeys, key_id, make_key, read_key, write_key

KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS)
def test_a_key_is_read_as_it_was_written(key: bytes) -> None:
    assert read_key(write_key(key)) == key
    assert len(write_key(key)) == 43


@given(st.lists(KEYS, max_size=4, unique=True))
def test_several_keys_keep_their_order(keys: list[bytes]) -> None:
    read = WorkspaceKeys.read(WorkspaceKeys(tuple(keys)).write())
    assert read.keys == tuple(keys)
    assert read.current == (key_id(keys[0]) if keys else "")
    assert all(read.find(key_id(key)) == key for key in keys)


@given(KEYS, st.integers(0, 42))
def test_a_key_that_was_not_copied_whole_is_refused(key: bytes, length: int) -> None:
    with pytest.raises(InvalidInputError, match="not whole"):
        read_key(write_key(key)[:length])


@pytest.mark.parametrize("text", ["é" * 43, "=" * 43, "A" * 42 + "B", "A" * 44, "A" * 42 + "\n"])
def test_anything_else_is_no_key(text: str) -> None:
    with pytest.raises(InvalidInputError):
        WorkspaceKeys.read(f"{text}.{text}")


def test_a_new_key_seals_and_the_old_ones_stay() -> None:
    first, second = b"1" * 32, b"2" * 32
    keys = WorkspaceKeys((first,)).rotated(second)
    assert (keys.keys, keys.current) == ((second, first), key_id(second))
    assert keys.rotated(second).keys == keys.keys
    assert WorkspaceKeys((first,)).joined(WorkspaceKeys((second, first))).keys == keys.keys


def test_an_old_invite_does_not_bring_back_the_old_key() -> None:
    keys = WorkspaceKeys((b"2" * 32, b"1" * 32))
    assert keys.joined(WorkspaceKeys((b"1" * 32,))).keys == keys.keys
    assert keys.joined(WorkspaceKeys()).keys == keys.keys


def test_a_key_is_made_of_what_nobody_can_guess() -> None:
    assert make_key(lambda count: b"r" * count) == b"r" * 32


def test_no_key_is_shown_by_accident() -> None:
    keys = WorkspaceKeys((b"s" * 32,))
    assert repr(keys) == "WorkspaceKeys(1)"
    assert write_key(b"s" * 32) not in f"{keys} {keys!r}"
