"""The post-mortem from the screen: nothing typed is lost, and what others write stays too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.text_merge import SectionDocument, merged_text
from cockpit.errors import StoreUnavailableError
from cockpit.screens.incident_postmortem import preview_text
from cockpit.screens.postmortem_pointers import parse_action
from cockpit.screens.section_editing import SectionEditing, read_draft, section_key
from cockpit.service import postmortems
from tests.screens.pane_stage import Stage, open_stage
from tests.widgets.pane_host import SECTIONS


def pane_of(stage: Stage) -> Any:
    return stage.screen.postmortem_pane


async def go_to_postmortem(stage: Stage) -> None:
    await stage.press("4")
    await stage.until(lambda: pane_of(stage).sections)
    await stage.settle()


async def stored(stage: Stage, section: str) -> str:
    inc = stage.screen.inc
    text = await stage.ask(lambda session: merged_text(session.reads.section_updates(inc, section)))
    assert isinstance(text, str)
    return text


async def until_stored(stage: Stage, section: str, text: str) -> None:
    for _ in range(200):
        if await stored(stage, section) == text:
            return
        await stage.pilot.pause(0.02)
    assert await stored(stage, section) == text


async def test_a_draft_is_adopted_and_edited_and_saved_by_itself(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        assert pane_of(stage).shows_draft
        draft = pane_of(stage).section.draft
        await stage.press("enter")
        await until_stored(stage, "summary", draft)
        await stage.press(*"Hi ")
        await until_stored(stage, "summary", f"Hi {draft}")
        await stage.until(lambda: "saved" in pane_of(stage).long_summary())
        key = section_key(stage.screen.inc, "summary")
        await stage.until(lambda: not stage.app.drafts.offer(key))


async def test_typing_without_a_pause_is_saved_too(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        await stage.press("enter")
        for number in range(30):
            await stage.pilot.press("x")
            await stage.pilot.pause(0.1)
            if number > 5 and "x" in await stored(stage, pane_of(stage).current):
                return
        pytest.fail("three seconds of typing were not saved")


def ids(stage: Stage) -> list[str]:
    return [each.id for each in pane_of(stage).sections]


async def test_another_section_and_leaving_the_screen_save_at_once(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        await stage.press("enter", *"One ", "escape", "j")
        first, second = ids(stage)[:2]
        await stage.until(lambda: pane_of(stage).current == second)
        assert (await stored(stage, first)).startswith("One ")
        await stage.press("enter", *"Two ", "escape")
        inc = stage.screen.inc
        await stage.pilot.press("q")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        text = await stage.ask(
            lambda session: merged_text(session.reads.section_updates(inc, second))
        )
        assert text.startswith("Two ")


async def test_what_another_person_writes_merges_around_the_cursor(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        await stage.press("enter", *"Mine. ")
        inc = stage.screen.inc

        def write(session: Any) -> None:
            document = postmortems.open_section(session, inc, "summary")
            update = document.replace(document.text + "\nTheirs.")
            postmortems.save_section(session, inc, "summary", update)

        await stage.ask(write)
        await stage.until(lambda: pane_of(stage).text.endswith("Theirs."))
        await stage.press(*"More. ")
        text = pane_of(stage).text
        assert text.startswith("Mine. More. ")
        await until_stored(stage, "summary", text)


async def test_keystrokes_of_a_killed_app_come_back_and_are_saved(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        await stage.press("enter", "escape")
        await stage.settle()
        base = await stored(stage, "summary")
        inc = stage.screen.inc
        # What a killed app leaves behind: unsaved keystrokes, and later somebody else's edit.
        updates = await stage.ask(lambda session: session.reads.section_updates(inc, "summary"))
        lost = SectionEditing("summary", updates, 7)
        lost.take(f"{base} Typed.")
        stage.app.drafts.note(section_key(inc, "summary"), lost.pack())
        await stage.ask(
            lambda session: postmortems.write_section(session, inc, "summary", f"Theirs. {base}")
        )
    async with open_stage(home) as again:
        await go_to_postmortem(again)
        both = f"Theirs. {base} Typed."
        await again.until(lambda: pane_of(again).text == both)
        await until_stored(again, "summary", both)


async def test_a_full_disk_keeps_the_text_and_is_tried_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = postmortems.save_updates

    def refuse(*_: Any) -> None:
        raise StoreUnavailableError("The disk is full.")

    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        await stage.press("enter")
        await stage.settle()
        monkeypatch.setattr(postmortems, "save_updates", refuse)
        await stage.press(*"Kept ", "ctrl+s")
        await stage.until(lambda: "The disk is full." in stage.text())
        key = section_key(stage.screen.inc, "summary")
        assert read_draft(stage.app.drafts.offer(key)).text.startswith("Kept ")
        monkeypatch.setattr(postmortems, "save_updates", save)
        await stage.press("ctrl+s")
        await until_stored(stage, "summary", pane_of(stage).text)
        await stage.until(lambda: "The disk is full." not in stage.text())


async def test_an_action_item_is_left_behind(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        await stage.pilot.press("+")
        await stage.until(lambda: "Add an action item" in stage.text())
        await stage.pilot.press(*"Alert @lena 2026-12-01", "enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.until(lambda: stage.view.actions)
        (action,) = stage.view.actions
        assert (action.title, action.owner, action.due) == ("Alert", "lena", "2026-12-01")


TEXTS = st.text("ab c\né漢\U0001f980", max_size=30)


def write_all(text: str, *updates: str) -> list[str]:
    """Return the updates and those of another person who makes the text `text`."""
    other = SectionDocument(updates, 100 + len(updates))
    return [*updates, *other.write(text)]


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=4), TEXTS, st.integers(0, 4))
def test_a_lost_editing_comes_back_whole_and_nothing_twice(
    base: str, typed: list[str], theirs: str, kept: int
) -> None:
    updates = write_all(base)
    lost = SectionEditing("summary", updates, 7)
    for text in typed:
        lost.take(text)
    draft, own = lost.pack(), lost.unsaved
    # Some of it was stored before the end, and somebody else wrote, too.
    known = write_all(theirs, *updates) if theirs != base else updates
    known = [*known, *own[:kept]]
    editing = SectionEditing.restore("summary", known, 9, draft) if draft else None
    both = merged_text([*known, *own])
    if editing is not None:
        assert editing.document.text == both
        assert merged_text([*known, *editing.unsaved]) == both
        assert editing.stored_text == merged_text(known)


@given(TEXTS, TEXTS, TEXTS)
def test_a_draft_of_an_earlier_version_loses_neither_side(
    base: str, typed: str, theirs: str
) -> None:
    updates = write_all(base)
    updates = write_all(theirs, *updates) if theirs != base else updates
    editing = SectionEditing.restore(
        "summary", updates, 7, json.dumps({"base": base, "text": typed})
    )
    assert editing.stored_text == theirs
    if theirs == base:
        assert editing.document.text == typed
    if typed == base:
        assert editing.document.text == theirs
    assert merged_text([*updates, *editing.unsaved]) == editing.document.text


def test_a_draft_of_unknown_origin_is_added_to_what_is_there() -> None:
    update = SectionDocument([], 1).replace("What stands there.")
    draft = json.dumps({"base": "gone", "text": "Typed."})
    editing = SectionEditing.restore("summary", [update], 7, draft)
    assert editing.document.text == "What stands there.\n\nTyped."
    assert read_draft("plain words").text == "plain words"


def test_a_draft_whose_section_lost_what_it_was_typed_upon_is_kept_as_text() -> None:
    lost = SectionEditing("summary", [SectionDocument([], 1).replace("base")], 7)
    lost.take("base and more")
    editing = SectionEditing.restore("summary", [], 9, lost.pack())
    assert editing.document.text == "base and more"
    assert merged_text(editing.unsaved) == "base and more"


def test_many_keystrokes_are_stored_as_one_update() -> None:
    editing = SectionEditing("summary", [], 7)
    for end in range(1, 40):
        editing.take("x" * end)
    updates = editing.join()
    assert len(updates) == 1
    assert merged_text(updates) == "x" * 39
    editing.stored(updates)
    assert editing.pack() == ""


def test_the_preview_begins_at_the_open_section() -> None:
    text = preview_text(SECTIONS, "impact", "typed")
    assert text.startswith("## Impact\n\ntyped")
    assert "## Root cause\n\n*Nothing written yet.*" in text
    assert "Summary" not in text


def test_an_action_line_names_who_and_when() -> None:
    assert parse_action("Fix it @lena 2026-12-01") == ("Fix it", "lena", "2026-12-01")
    assert parse_action("Fix it +14d @lena") == ("Fix it", "lena", "+14d")
    assert parse_action("mail ops@example.com") == ("mail ops@example.com", "", "")
    assert parse_action("  ") == ("", "", "")
