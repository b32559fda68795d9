"""The log says what is wrong, and does not drown whoever reads it."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from cockpit.server.logbook import REPEAT_SECONDS, make_handler


class Book:
    """A log whose clock is set by hand."""

    def __init__(self) -> None:
        self.now = 1_772_625_600.0
        self._text = io.StringIO()
        self._handler = make_handler(self._text)

    def note(self, what: str = "storage", level: int = logging.ERROR, **extra: Any) -> None:
        record = logging.makeLogRecord({"msg": what, "levelno": level, **extra})
        record.created = self.now
        self._handler.handle(record)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._text.getvalue().splitlines()]


@pytest.fixture
def book() -> Book:
    return Book()


def test_the_same_trouble_again_and_again_is_one_line_with_a_count(book: Book) -> None:
    for number in range(150):
        book.note(error=f"OperationalError(server {number} does not answer)")
    assert len(book.lines()) == 1
    assert "times" not in book.lines()[0]
    book.now += REPEAT_SECONDS
    book.note(error="OperationalError(nobody answers)")
    assert [line.get("times") for line in book.lines()] == [None, 150]


def test_another_trouble_is_written_at_once(book: Book) -> None:
    book.note("call", call="push", status=503)
    book.note("call", call="pull", status=503)
    book.note("call", call="push", status=500)
    book.note(error="TimeoutError()")
    book.note(error="OperationalError()")
    assert len(book.lines()) == 5


def test_a_clock_that_is_set_back_silences_nothing(book: Book) -> None:
    book.note()
    book.now -= 3600
    book.note()
    assert len(book.lines()) == 2


def test_what_was_asked_for_is_not_held_back(book: Book) -> None:
    for _ in range(3):
        book.note("call", logging.DEBUG, call="push", status=200)
    assert len(book.lines()) == 3


def test_a_line_holds_the_beginning_of_a_long_error(book: Book) -> None:
    book.note(error="OperationalError(" + "x" * 5000)
    assert len(book.lines()[0]["error"]) == 300
