"""Drafts: one private file each, replaced as a whole."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import InvalidInputError, StoreUnavailableError
from cockpit.store.drafts import DraftBox, StillDraftBox


@pytest.fixture
def box(tmp_path: Path) -> DraftBox:
    return DraftBox(tmp_path / "deep" / "drafts")


def test_a_draft_is_there_for_the_next_start(box: DraftBox, tmp_path: Path) -> None:
    box.save("entry:" + "ab" * 16, "half a sen")
    box.save("update:x", "We are")
    again = DraftBox(tmp_path / "deep" / "drafts")
    assert again.load("entry:" + "ab" * 16) == "half a sen"
    assert again.keys() == ("entry:" + "ab" * 16, "update:x")
    again.clear("update:x")
    assert again.load("update:x") == ""
    again.save("entry:" + "ab" * 16, "")
    assert again.keys() == ()


def test_nothing_is_there_before_the_first_draft(box: DraftBox) -> None:
    assert (box.load("x"), box.keys()) == ("", ())
    box.clear("x")


@given(
    key=st.text(st.characters(codec=None), min_size=1, max_size=12),
    text=st.text(st.characters(codec=None)),
)
def test_any_key_and_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, key: str, text: str
) -> None:
    box = DraftBox(tmp_path_factory.mktemp("drafts"))
    box.save(key, text)
    assert box.load(key) == text
    if text and not any(0xD800 <= ord(each) <= 0xDFFF for each in key):
        assert box.keys() == (key,)


def test_what_nobody_changed_since_is_forgotten_and_nothing_else(
    box: DraftBox, tmp_path: Path
) -> None:
    for key in ("a/undo", "b/undo", "a"):
        box.save(key, "text")
    then = datetime.now(UTC)
    old = then.timestamp() - 60
    for name in ("a%2Fundo.draft", "a.draft"):
        os.utime(tmp_path / "deep" / "drafts" / name, (old, old))
    StillDraftBox(tmp_path / "deep" / "drafts").forget_unchanged("/undo", then)
    assert box.keys() == ("a", "a/undo", "b/undo")
    box.forget_unchanged("/undo", then - timedelta(seconds=30))
    assert box.keys() == ("a", "b/undo")
    DraftBox(tmp_path / "none").forget_unchanged("/undo", then)


def test_drafts_are_private_whatever_the_umask(box: DraftBox, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        box.save("x", "secret")
    finally:
        os.umask(before)
    directory = tmp_path / "deep" / "drafts"
    assert [stat.S_IMODE(each.stat().st_mode) for each in directory.iterdir()] == [0o600]
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_draft_that_cannot_be_written_leaves_the_last_one(
    box: DraftBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.save("x", "the last one")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreUnavailableError, match="No space left"):
        box.save("x", "a longer one")
    monkeypatch.undo()
    assert (box.load("x"), box.keys()) == ("the last one", ("x",))


def test_a_link_in_the_drafts_is_replaced_not_followed(box: DraftBox, tmp_path: Path) -> None:
    box.save("x", "mine")
    file = next((tmp_path / "deep" / "drafts").iterdir())
    file.unlink()
    (tmp_path / "elsewhere").write_text("precious")
    file.symlink_to(tmp_path / "elsewhere")
    box.save("x", "mine")
    assert (tmp_path / "elsewhere").read_text() == "precious"


@pytest.mark.parametrize("key", ["", "x" * 300])
def test_a_key_that_makes_no_file_name_is_refused(box: DraftBox, key: str) -> None:
    with pytest.raises(InvalidInputError):
        box.save(key, "text")
