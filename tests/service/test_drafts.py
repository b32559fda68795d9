"""Drafts: what is typed stands in a file within half a second, and trouble loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from cockpit.errors import StoreUnavailableError
from cockpit.service.drafts import DraftKeeper


class Box:
    """A box that can be full."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.full = False
        self.saves = 0

    def save(self, key: str, text: str) -> None:
        if self.full:
            raise StoreUnavailableError("The disk is full.")
        self.saves += 1
        self.texts[key] = text

    def load(self, key: str) -> str:
        return self.texts.get(key, "")

    def clear(self, key: str) -> None:
        self.texts.pop(key, None)


@pytest.fixture
def box() -> Box:
    return Box()


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return true()


def test_a_text_is_stored_soon_without_being_asked_for(box):
    keeper = DraftKeeper(box, within_seconds=0.05)
    keeper.start()
    keeper.note("entry", "half a sen")
    assert wait_for(lambda: box.texts == {"entry": "half a sen"})
    keeper.stop()


def test_many_changes_are_stored_once(box):
    keeper = DraftKeeper(box, within_seconds=0.2)
    keeper.start()
    began = time.monotonic()
    for length in range(50):
        keeper.note("entry", "x" * (length + 1))
    assert wait_for(lambda: len(box.texts.get("entry", "")) == 50)
    assert box.saves <= 2 + (time.monotonic() - began) / 0.2
    keeper.stop()


def test_flush_stores_at_once(box):
    keeper = DraftKeeper(box)
    keeper.note("entry", "now")
    assert keeper.flush()
    assert box.texts == {"entry": "now"}


def test_what_is_offered_is_the_latest_text(box):
    box.texts["entry"] = "from the last time"
    keeper = DraftKeeper(box)
    assert keeper.offer("entry") == "from the last time"
    keeper.note("entry", "newer")
    assert keeper.offer("entry") == "newer"
    keeper.clear("entry")
    assert keeper.offer("entry") == ""
    keeper.flush()
    assert box.texts == {}


def test_a_full_disk_keeps_the_text_in_memory_until_there_is_room(box):
    keeper = DraftKeeper(box)
    box.full = True
    keeper.note("entry", "precious")
    assert not keeper.flush()
    assert "disk is full" in keeper.failure
    assert keeper.offer("entry") == "precious"
    box.full = False
    assert keeper.flush()
    assert keeper.failure == ""
    assert box.texts == {"entry": "precious"}


def test_a_newer_text_is_not_replaced_by_one_that_failed(box):
    keeper = DraftKeeper(box)
    box.full = True
    keeper.note("entry", "old")
    keeper.flush()
    keeper.note("entry", "new")
    box.full = False
    keeper.flush()
    assert box.texts == {"entry": "new"}


def test_stopping_stores_what_is_left(box):
    keeper = DraftKeeper(box, within_seconds=30)
    keeper.start()
    keeper.note("entry", "last words")
    keeper.stop()
    assert box.texts == {"entry": "last words"}
