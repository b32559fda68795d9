"""The editor of a section: wording, entries of the timeline, undo over a restart, two writers."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cockpit.screens.entry_picker import EntryPicker
from cockpit.screens.section_undo import KEPT_FOR, undo_key
from cockpit.service import action_items, changes, postmortems, timeline
from cockpit.widgets.entry_choices import EntryChoices
from tests.screens.pane_stage import START, Stage, open_stage
from tests.screens.test_incident_postmortem import (
    go_to_postmortem,
    pane_of,
    stored,
    until_stored,
)


async def write_summary(stage: Stage, text: str) -> None:
    """Open the summary with a text, and put the cursor to its end."""
    inc = stage.screen.inc
    await stage.ask(lambda session: postmortems.write_section(session, inc, "summary", text))
    await go_to_postmortem(stage)
    await stage.until(lambda: pane_of(stage).text == text)
    await stage.press("e", "ctrl+end")
    pane_of(stage).area.move_cursor(pane_of(stage).area.document.end)


def phrases(stage: Stage) -> list[str]:
    return [each.phrase for each in pane_of(stage).hints]


async def reload(stage: Stage) -> None:
    """Leave the section and come back to it."""
    await stage.press("escape")
    await stage.until(lambda: not pane_of(stage).area.has_focus)
    await stage.press("j")
    await stage.until(lambda: pane_of(stage).current == "impact")
    await stage.press("k")
    await stage.until(lambda: pane_of(stage).current == "summary")


async def test_wording_is_pointed_out_below_the_text_and_can_be_accepted(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "It was late.")
        await stage.press(*" We should have known. It was human error.")
        await stage.until(lambda: phrases(stage) == ["should have", "human error"])
        await stage.until(lambda: "Say what let one slip" in stage.text())
        await stage.press("ctrl+n")
        await stage.until(lambda: "Say what was known at that time" in stage.text())
        before = pane_of(stage).text
        await stage.press("ctrl+o")
        await stage.until(lambda: phrases(stage) == ["human error"])
        await reload(stage)
        await stage.until(lambda: phrases(stage) == ["human error"])
        assert pane_of(stage).text == before


async def test_hints_stay_with_their_words_while_one_types(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "The person should have looked.")
        await stage.until(lambda: phrases(stage) == ["should have"])
        await stage.press("ctrl+home")
        pane_of(stage).area.move_cursor((0, 0))
        await stage.pilot.press(*"ab\n")
        text, (hint,) = pane_of(stage).text, pane_of(stage).hints
        assert text[hint.start : hint.stop] == "should have"


async def test_what_is_left_to_write_is_listed_and_gone_to(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "All fine.\n\nBut it was human error.")
        await stage.press("escape")
        await stage.until(lambda: "things are left" in stage.text())
        await stage.pilot.press("K")
        await stage.until(lambda: len(stage.app.screen_stack) == 3)
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.until(lambda: pane_of(stage).area.has_focus)
        assert pane_of(stage).area.cursor_location == (2, 11)


async def test_an_entry_is_found_and_put_in_and_taken_out_again(home: Path) -> None:
    async with open_stage(home) as stage:
        inc = stage.screen.inc

        def log(session: Any) -> None:
            for text in ("memory *limit* reached", "reverted the change", "all quiet"):
                entry = timeline.log(session, inc, text, kind="observation")
            timeline.star(session, inc, entry.id, on=True)

        await stage.ask(log)
        await write_summary(stage, "What happened:")
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: isinstance(stage.app.screen, EntryPicker))
        choices = stage.app.screen.query_one(EntryChoices)
        await stage.until(lambda: choices.items)
        assert choices.items[0].text == "all quiet"
        await stage.pilot.press(*"memo lim", "enter")
        await stage.until(lambda: "memory" in pane_of(stage).text)
        line = "- 2026-11-21 03:00 UTC observation: memory \\*limit\\* reached"
        assert pane_of(stage).text == f"What happened:\n{line}"
        await until_stored(stage, "summary", pane_of(stage).text)
        await stage.press("ctrl+z")
        assert pane_of(stage).text == "What happened:"


async def test_the_draft_brings_in_what_is_new_and_doubles_nothing(home: Path) -> None:
    async with open_stage(home) as stage:
        inc = stage.screen.inc
        await go_to_postmortem(stage)
        await stage.pilot.press("j")
        await stage.until(lambda: pane_of(stage).current == "impact")
        await stage.pilot.press("e")
        await stage.until(lambda: not pane_of(stage).shows_draft)
        await stage.press("ctrl+end", *" Partners, too.", "escape")
        before = pane_of(stage).text
        assert "Partners, too." in before
        await stage.ask(lambda session: changes.set_field(session, inc, "share", "9%"))
        await stage.until(lambda: "Share of customers: 9 %" in pane_of(stage).section.draft)
        await stage.until(lambda: "The draft knows more (A)" in stage.text())
        await stage.press("A")
        await stage.until(lambda: "Share of customers: 9 %" in pane_of(stage).text)
        await stage.until(lambda: "The draft knows more" not in stage.text())
        await stage.until(lambda: "takes it back" in stage.text())
        after = pane_of(stage).text
        assert "Partners, too." in after
        assert after.count("What people saw") == 1
        await until_stored(stage, "impact", after)
        await stage.press("u")
        await stage.until(lambda: pane_of(stage).text == before)


async def test_undo_goes_on_after_a_restart_and_its_steps_are_private(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "It")
        await stage.press(*" broke", "enter", *"badly")
        await until_stored(stage, "summary", "It broke\nbadly")
    files = list((home / "drafts").glob("*undo*"))
    assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [0o600]
    async with open_stage(home) as again:
        await go_to_postmortem(again)
        await again.until(lambda: pane_of(again).text == "It broke\nbadly")
        await again.press("e", "ctrl+z")
        assert pane_of(again).text == "It broke\n"
        await again.press("ctrl+z", "ctrl+z")
        assert pane_of(again).text == "It"
        await again.press("ctrl+y")
        assert pane_of(again).text == "It broke"
        await until_stored(again, "summary", "It broke")


async def test_steps_that_nobody_adds_to_are_forgotten_after_a_month(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "It")
        await stage.press(*" broke")
        await until_stored(stage, "summary", "It broke")
    (steps,) = (home / "drafts").glob("*undo*")
    old = (START - KEPT_FOR).timestamp() - 60
    os.utime(steps, (old, old))
    async with open_stage(home) as again:
        await go_to_postmortem(again)
        await again.until(lambda: not steps.exists())
        assert pane_of(again).text == "It broke"


async def test_undo_after_a_restart_leaves_what_others_wrote_since(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "It")
        await stage.press(*" broke")
        await until_stored(stage, "summary", "It broke")
    async with open_stage(home) as again:
        inc = again.screen.inc
        await again.ask(
            lambda session: postmortems.write_section(session, inc, "summary", "First. It broke")
        )
        await go_to_postmortem(again)
        await again.until(lambda: pane_of(again).text == "First. It broke")
        await again.press("e", "ctrl+z")
        assert pane_of(again).text == "First. It"


@pytest.mark.parametrize("kept", ["{", '{"version":1,"key":"other","text":"","undo":[],"redo":[]}'])
async def test_damaged_or_foreign_steps_are_left_out_in_words(home: Path, kept: str) -> None:
    async with open_stage(home) as stage:
        stage.app.drafts.note(undo_key(stage.screen.inc, "summary"), kept)
        await write_summary(stage, "It broke")
        await stage.until(lambda: "Undo begins anew" in stage.text())
        await stage.press("ctrl+z", *"!")
        assert pane_of(stage).text == "It broke!"


async def test_two_apps_write_one_section_and_neither_loses_a_word(home: Path) -> None:
    async with open_stage(home) as one:
        await write_summary(one, "begin\nend")
        async with open_stage(home) as two:
            await go_to_postmortem(two)
            await two.until(lambda: pane_of(two).text == "begin\nend")
            await two.press("e")
            pane_of(two).area.move_cursor((0, 5))
            for number in range(6):
                await one.pilot.press(*f" one{number}")
                await two.pilot.press(*f" two{number}")
            mine, theirs = (
                "".join(f" one{n}" for n in range(6)),
                "".join(f" two{n}" for n in range(6)),
            )
            whole = f"begin{theirs}\nend{mine}"
            await one.until(lambda: pane_of(one).text == whole, 15)
            await two.until(lambda: pane_of(two).text == whole, 15)
            assert pane_of(one).area.cursor_location == (1, len(f"end{mine}"))
            assert pane_of(two).area.cursor_location == (0, len(f"begin{theirs}"))
            while pane_of(one).area.past.steps[0]:
                await one.press("ctrl+z")
            assert pane_of(one).text == f"begin{theirs}\nend"
            await two.until(lambda: pane_of(two).text == f"begin{theirs}\nend", 15)
            assert await stored(one, "summary") == f"begin{theirs}\nend"


async def test_a_long_paste_is_stored_whole(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_summary(stage, "Log:")
        pane_of(stage).area.insert("\nline é \U0001f9ef" * 20_000)
        await stage.press("ctrl+s")
        await until_stored(stage, "summary", pane_of(stage).text)
        assert "Not saved" not in stage.text()


async def test_the_whole_post_mortem_goes_to_the_editor_and_back(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "ed"
    script.write_text(
        "#!/bin/sh\n"
        """sed -i 's/^It broke$/It broke at noon/; /^## Resolution/,$d' "$1"\n"""
        """printf '## Thanks\\n\\nTo all.\\n' >> "$1"\n"""
    )
    script.chmod(0o700)
    async with open_stage(home, editor=str(script)) as stage:
        monkeypatch.setattr(type(stage.app), "suspend", _keep_terminal)
        inc = stage.screen.inc
        await stage.ask(lambda session: action_items.add_action(session, inc, "Alert"))
        await write_summary(stage, "It broke")
        await stage.press("escape", "F")
        await stage.until(lambda: pane_of(stage).text == "It broke at noon")
        await stage.until(lambda: "Thanks" in [each.title for each in pane_of(stage).sections])
        assert "The headings “Resolution”" in stage.text()


async def test_a_look_at_what_is_new_goes_where_one_was_going(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_postmortem(stage)
        pane, busy = pane_of(stage), threading.Event()
        stage.app.runner.read(lambda _: busy.wait(20))
        pane.post_message(pane.SectionPicked("impact"))
        stage.screen.view = replace(stage.view, last_op="another")
        pane.post_message(pane.Shown())
        await stage.until(lambda: stage.screen._sections_seen == "another")
        busy.set()
        await stage.until(lambda: pane.current == "impact")


@contextmanager
def _keep_terminal(_: object) -> Iterator[None]:
    yield
