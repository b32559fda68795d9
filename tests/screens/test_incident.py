"""The incident screen in use: written by keys, changed from elsewhere, resized, refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events

from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import PublicStatus, Severity
from cockpit.errors import StoreUnavailableError
from cockpit.service import changes, timeline
from cockpit.widgets.entry_line import LineMode
from tests.screens.incident_app import Stage

SIZES = [(80, 24), (120, 35), (160, 45), (220, 60)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


async def test_an_entry_is_typed_stored_and_shown(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("n", *"/decision go [b]back[/b]", "enter")
        await shown.until(lambda: "go [b]back[/b]" in shown.texts)
        assert shown.screen.entry_line.entry_text == ""
        assert "decision  go [b]back[/b]" in shown.text()
    entries = stage.do(lambda s: s.reads.timeline(stage.inc, TimelineFilter(), 0, 99))
    assert [(each.kind, each.text) for each in entries][-1] == ("decision", "go [b]back[/b]")


async def test_typing_changes_the_footer_and_a_slash_is_a_character(stage: Stage) -> None:
    async with stage.show() as shown:
        assert "/ Filter" in shown.text()
        await shown.press("n", *"a/b")
        await shown.until(lambda: "/ Filter" not in shown.text())
        assert shown.screen.entry_line.entry_text == "a/b"


async def test_what_is_not_understood_stays_in_the_line_with_the_reason(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("n", *"/descision x", "enter")
        assert shown.screen.entry_line.entry_text == "/descision x"
        assert "Did you mean /decision?" in shown.text()


async def test_a_store_that_refuses_gives_the_text_back_and_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise StoreUnavailableError("The disk is full.")

    async with stage.show() as shown:
        monkeypatch.setattr(timeline, "log_many", refuse)
        await shown.press("n", *"vital fact", "enter")
        await shown.until(lambda: bool(shown.screen.trouble))
        assert shown.screen.entry_line.entry_text == "vital fact"
        assert "! Not recording: The disk is full." in shown.text()
        assert "vital fact" not in shown.texts
        monkeypatch.undo()
        await shown.press("enter")
        await shown.until(lambda: "vital fact" in shown.texts)
        assert "Not recording" not in shown.text()


async def test_what_another_process_writes_is_shown_and_nothing_moves(stage: Stage) -> None:
    stage.log(*(f"entry {number}" for number in range(60)))
    async with stage.show() as shown:
        view = shown.screen.timeline_view
        await shown.press(*["k"] * 30, "n", *"half a tho")
        selected, line = view.entry, view.model.window.top
        first, count = view.model.first_entry, view.model.count
        stage.log("from elsewhere", "@08:00 long before")
        await shown.until(lambda: view.model.count == count + 2)
        assert (view.entry, view.model.first_entry, view.model.window.top) == (
            selected,
            first,
            line,
        )
        assert shown.screen.entry_line.entry_text == "half a tho"
        assert shown.screen.focused is shown.screen.entry_line.input


async def test_a_draft_outlives_the_app(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("n", *"half a thought")
    async with stage.show() as shown:
        assert shown.screen.entry_line.entry_text == "half a thought"
        assert "Draft restored." in shown.text()
        await shown.press("n", "enter")
        await shown.until(lambda: "half a thought" in shown.texts)
    async with stage.show() as shown:
        assert shown.screen.entry_line.entry_text == ""


async def test_the_same_widgets_stand_at_every_size(stage: Stage) -> None:
    stage.log("first", "second")
    async with stage.show((80, 24)) as shown:
        await shown.press("n", *"half a tho")
        before = list(shown.screen.query("*"))
        for width, height in (*SIZES, *reversed(SIZES), (70, 18), (120, 35)):
            await shown.pilot.resize_terminal(width, height)
            await shown.pilot.pause()
            assert shown.screen.entry_line.entry_text == "half a tho"
            assert shown.screen.focused is shown.screen.entry_line.input
        assert [each for each in before if not each.is_attached] == []


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_says_what_matters(stage: Stage, size: tuple[int, int]) -> None:
    stage.log("/cause a bad release")
    async with stage.show(size) as shown:
        text = shown.text()
        assert "SEV2" in text
        assert "Nobody can pay" in text
        assert "What just happened?" in text
        assert "a bad release" in text
        for title in ("Timeline", "Stakeholders", "Update", "Post-mortem"):
            assert title in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_panes_have_numbers_and_zoom(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        for number in (2, 3, 4, 1):
            await shown.press(str(number))
            assert shown.screen.plan.shown == (number,)
    async with stage.show((160, 45)) as shown:
        await shown.press("4")
        assert shown.screen.plan.shown == (1, 2, 4)
        await shown.press("z")
        assert shown.screen.plan.shown == (4,)
        await shown.press("escape")
        assert shown.screen.plan.shown == (1, 2, 4)


async def test_an_entry_is_corrected_starred_moved_deleted_and_all_is_undone(
    stage: Stage,
) -> None:
    stage.log("a typo")
    async with stage.show() as shown:
        view = shown.screen.timeline_view

        def entry() -> Any:
            return view.entry

        await shown.press("e", "backspace", "backspace", "backspace", "backspace", *"fact", "enter")
        await shown.until(lambda: entry().text == "a fact")
        assert entry().corrected
        await shown.press("asterisk")
        await shown.until(lambda: entry().starred)
        await shown.press("m")
        assert shown.screen.entry_line.mode is LineMode.MOVE
        await shown.press("ctrl+u", *"08:30", "enter")
        await shown.until(lambda: "08:30  note      a fact" in shown.text())
        await shown.press("g")
        await shown.press("d")
        await shown.until(lambda: "a fact" not in shown.texts)
        for _ in range(4):
            await shown.press("u")
        await shown.until(lambda: "a typo" in shown.texts)
        assert not any(view.model.at(index).starred for index in range(view.model.count))


async def test_the_filter_takes_words_and_kinds(stage: Stage) -> None:
    stage.log("/decision go back", "go on", "/action restart")
    async with stage.show() as shown:
        await shown.press("slash", *"go")
        await shown.until(lambda: shown.texts == ["go back", "go on"])
        await shown.press(*" /dec")
        await shown.until(lambda: shown.texts == ["go back"])
        await shown.press("enter")
        assert "Shown: “go”, decision." in shown.text()
        await shown.press("escape")
        await shown.until(lambda: len(shown.texts) > 3)


async def test_a_pasted_chat_becomes_entries_or_stays(stage: Stage) -> None:
    chat = "08:10 alert received\n08:24 found it\n08:40 going back"
    async with stage.show() as shown:
        await shown.press("n")
        shown.screen.entry_line.input.post_message(events.Paste(chat))
        await shown.until(lambda: "Log them as 3 entries" in shown.text())
        await shown.press("escape")
        await shown.until(lambda: "going back" in shown.screen.entry_line.entry_text)
        shown.screen.entry_line.write("")
        shown.screen.entry_line.input.post_message(events.Paste(chat))
        await shown.until(lambda: "Log them as 3 entries" in shown.text())
        await shown.press("1")
        await shown.until(lambda: "found it" in shown.texts)
        assert "08:24  note      found it" in shown.text()


async def test_a_huge_paste_waits_in_its_draft(stage: Stage) -> None:
    text = "\n".join(f"line {number}" for number in range(16_000))
    async with stage.show() as shown:
        await shown.press("n")
        shown.screen.entry_line.input.post_message(events.Paste(text))
        await shown.until(lambda: "16,000 lines were pasted" in shown.text(), 20)
        await shown.press("escape")
        await shown.until(lambda: "What was pasted waits" in shown.text())
    async with stage.show() as shown:
        assert shown.screen.pasted == text


async def test_severity_and_status_change_by_one_key_with_a_reason(stage: Stage) -> None:
    async with stage.show((120, 40)) as shown:
        await shown.press("v")
        await shown.until(lambda: "Irreversible" in shown.text())
        await shown.press("1")
        await shown.press(*"data at risk", "enter")
        await shown.until(lambda: shown.screen.view.severity is Severity.SEV1)
        assert "data at risk" in shown.text()
        await shown.press("S", "3", "enter")
        await shown.until(lambda: shown.screen.view.status is PublicStatus.MONITORING)
        await shown.press("u")
        await shown.until(lambda: shown.screen.view.status is not PublicStatus.MONITORING)


async def test_a_headline_is_written_through_the_entry_line(stage: Stage) -> None:
    async with stage.show((160, 45)) as shown:
        await shown.press("n", *"half", "escape", "h")
        await shown.until(lambda: "What is known?" in shown.text())
        await shown.press("2")
        await shown.until(lambda: shown.screen.entry_line.entry_text == "/cause half")
        await shown.press("enter")
        await shown.until(lambda: shown.screen.view.cause == "half")
        assert "cause   half" in shown.text()


async def test_rivals_are_named_and_settled(stage: Stage) -> None:
    from cockpit.domain.events import FieldSet
    from cockpit.store.database import NewEvent

    def set_apart(session: Any) -> None:
        for value in ("SEV1", "SEV3"):
            session.write(lambda _, v=value: [NewEvent(stage.inc, FieldSet("severity", v))])

    stage.do(set_apart)
    async with stage.show() as shown:
        assert "! 2 values for severity: me SEV1 09:00, pick" in shown.text().splitlines()[1]
        await shown.press("R")
        await shown.until(lambda: "Which severity is right?" in shown.text())
        assert "set by me at 09:00; it holds now" in shown.text()
        await shown.press("2")
        await shown.until(lambda: not shown.screen.view.rivals)
        assert "Severity: SEV1. u takes it back." in shown.text()


async def test_two_corrections_of_an_entry_are_named_and_settled(stage: Stage) -> None:
    from cockpit.domain.events import EntryEdited
    from cockpit.store.database import NewEvent

    def correct_apart(session: Any) -> None:
        entry = timeline.log(session, stage.inc, "CPU at 9 %").id
        for text in ("CPU at 95 %", "CPU at 90 %"):
            edited = EntryEdited(entry, text, entry)
            session.write(lambda _, e=edited: [NewEvent(stage.inc, e)])

    stage.do(correct_apart)
    async with stage.show() as shown:
        line = next(each for each in shown.text().splitlines() if "CPU at 90 %" in each)
        assert "also edited by me" in line
        assert "2 values for wording of an entry" in shown.text().splitlines()[1]
        await shown.press("R")
        await shown.until(lambda: "Which wording of an entry is right?" in shown.text())
        await shown.press("2")
        await shown.until(lambda: not shown.screen.view.rivals)
        await shown.until(lambda: "also edited" not in shown.text())
        assert "CPU at 95 %  corrected" in shown.text()


async def test_the_countdown_counts_down_then_up(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        assert "First word to customers due in" in shown.text()
        stage.now += timedelta(hours=2)
        shown.screen.tick(stage.now)
        await shown.pilot.pause()
        assert "overdue by" in shown.text()
        assert shown.text().splitlines()[1].startswith(" !")


async def test_undoing_elsewhere_and_closing_are_followed(stage: Stage) -> None:
    async with stage.show() as shown:
        stage.do(lambda s: changes.set_field(s, stage.inc, "title", "Nobody can log in"))
        await shown.until(lambda: "Nobody can log in" in shown.text())
        await shown.press("q")
        assert shown.app.screen is not shown.screen


@pytest.mark.parametrize(
    "text", ["\x1b]52;c;aGk=\x07", "\u202eevil", "[@click=app.quit]x[/]", "\ud800"]
)
async def test_no_text_acts_on_the_terminal(stage: Stage, text: str) -> None:
    stage.do(lambda s: timeline.log(s, stage.inc, f"before {text} after"))
    async with stage.show((160, 45)) as shown:
        await shown.until(lambda: "before" in shown.text())
        assert "after" in shown.text()
        assert not any(ord(each) < 32 and each != "\n" for each in shown.text())
        assert "\u202e" not in shown.text()
