"""The entry line: says what will become of a text, and loses none of it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from cockpit.widgets.entry_line import LONGEST_LINE, EntryInput, EntryLine, LineMode, hint_of
from tests.widgets.timeline_entries import NOW, OneWidgetApp


class Listening(OneWidgetApp):
    """Keeps what the line says."""

    def on_entry_line_submitted(self, event: EntryLine.Submitted) -> None:
        self.heard.append((event.mode, event.text))

    def on_entry_line_pasted(self, event: EntryLine.Pasted) -> None:
        self.heard.append(event.text)

    def on_entry_line_left(self, event: EntryLine.Left) -> None:
        self.heard.append(("left", event.mode))


async def use(*keys: str, paste: str = "", before: Any = None) -> tuple[EntryLine, list[Any]]:
    line = EntryLine()
    app = Listening(line)
    async with app.run_test(size=(80, 3)) as pilot:
        line.tick(NOW, UTC)
        line.input.focus()
        if before:
            before(line)
        await pilot.press(*keys)
        if paste:
            line.input.post_message(events.Paste(paste))
        await pilot.pause()
        line.typed = line.input.value  # type: ignore[attr-defined]
        return line, app.heard


def hint(text: str, mode: LineMode = LineMode.ENTRY) -> tuple[str, bool]:
    return hint_of(mode, text, NOW, UTC)


def test_the_hint_says_the_kind_and_the_time() -> None:
    assert hint("all is well") == ("", False)
    assert hint("/decision go back") == ("decision", False)
    assert hint("/decision -5m go back") == ("decision 11:55 UTC", False)
    assert hint("@yesterday 23:10 first alert") == ("Tue 03 Mar 23:10 UTC", False)


def test_the_hint_says_what_is_not_understood_but_not_while_it_is_typed() -> None:
    assert hint("/dec") == ("", False)
    words, wrong = hint("/descision go back")
    assert wrong
    assert "descision" in words
    assert hint("25:99", LineMode.MOVE)[1]


@given(st.text(max_size=60), st.sampled_from(list(LineMode)))
def test_no_text_is_too_odd_for_a_hint(text: str, mode: LineMode) -> None:
    hint(text, mode)


async def test_enter_hands_on_the_line_as_it_is() -> None:
    _, heard = await use(*"go [b]on[/b]", "enter")
    assert heard == [(LineMode.ENTRY, "go [b]on[/b]")]


async def test_escape_leaves_the_text_where_it_is() -> None:
    line, heard = await use(*"half a th", "escape")
    assert heard == [("left", LineMode.ENTRY)]
    assert line.typed == "half a th"  # type: ignore[attr-defined]


async def test_arrows_bring_back_what_was_entered_and_what_was_being_written() -> None:
    def remember(line: EntryLine) -> None:
        line.input.remember("one")
        line.input.remember("two")

    line, _ = await use(*"new", "up", "up", before=remember)
    assert line.typed == "one"  # type: ignore[attr-defined]
    line, _ = await use(*"new", "up", "up", "up", "down", "down", before=remember)
    assert line.typed == "new"  # type: ignore[attr-defined]


async def test_a_paste_of_one_line_is_typed_in() -> None:
    line, heard = await use(*"ab", paste="one line\n")
    assert line.typed == "abone line"  # type: ignore[attr-defined]
    assert heard == []


@pytest.mark.parametrize(
    "text", ["one\ntwo", "one\r\ntwo\r\n", "a\n\nb", "x" * (LONGEST_LINE + 1), "one\x0btwo"]
)
async def test_a_longer_paste_is_handed_on_whole(text: str) -> None:
    line, heard = await use(*"ab", paste=text)
    assert line.typed == "ab"  # type: ignore[attr-defined]
    assert [each.replace("\r\n", "\n") for each in heard] == [text.replace("\r\n", "\n")]


async def test_an_entry_waits_while_the_line_is_used_for_something_else() -> None:
    line = EntryLine()
    async with Listening(line).run_test(size=(80, 3)) as pilot:
        line.input.focus()
        await pilot.press(*"half")
        line.begin(LineMode.CORRECT, "old text")
        await pilot.press(*"!")
        assert line.input.value == "old text!"
        assert line.entry_text == "half"
        line.end()
        assert line.input.value == "half"


async def test_a_kind_is_completed_with_the_right_arrow() -> None:
    line = EntryLine()
    async with Listening(line).run_test(size=(80, 3)) as pilot:
        line.input.focus()
        await pilot.press(*"/dec")
        await pilot.pause(0.2)
        await pilot.press("right")
        assert line.query_one(EntryInput).value == "/decision "
