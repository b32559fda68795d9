"""The update pane: choosing, writing, checks and what was sent, at every size."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from cockpit.domain.outgoing import Check
from cockpit.domain.update_facts import Variable
from cockpit.domain.vocabulary import MessageState
from cockpit.widgets.check_line import flow
from cockpit.widgets.stage_tabs import StageTabs, choose_gap, window
from cockpit.widgets.update_pane import UpdatePane
from cockpit.widgets.variable_list import VariableList
from tests.widgets.pane_host import (
    HOSTILE,
    NOW,
    PAGE,
    SMS,
    SOCIAL,
    PaneHost,
    Update,
    make_view,
    message,
)

KINDS = (
    UpdatePane.Choice,
    UpdatePane.Edited,
    UpdatePane.ResetWanted,
    UpdatePane.SaveWanted,
    UpdatePane.CorrectionWanted,
    VariableList.Wanted,
)
TEXT = "We know the cause.\n\nNext update by {next_update}."


def make_host() -> tuple[PaneHost, UpdatePane]:
    pane = UpdatePane()
    return PaneHost(pane, KINDS), pane


def fill(pane: UpdatePane, text: str = TEXT) -> None:
    pane.set_choices(("customers", "executives"), (PAGE, SMS, SOCIAL))
    pane.show(make_view(messages=(message("03:37", "sent one"),)), NOW, UTC)
    pane.show_composition(Update(text))


@pytest.mark.parametrize("size", [(38, 16), (53, 24), (71, 19), (78, 20), (64, 45), (110, 50)])
async def test_the_parts_are_seen_at_every_size(size: tuple[int, int]) -> None:
    host, pane = make_host()
    async with host.run_test(size=size) as pilot:
        fill(pane)
        await pilot.pause()
        await pilot.pause()
        text = host.text()
        assert "Identified" in text
        assert "to customers   by Status page" in text
        assert "! next_update is open" in text
        assert "We know the cause." in text
        assert ("Sent" in text) == (size[1] > 13)
        assert not pane.edited


@pytest.mark.parametrize("size", [(20, 8), (4, 3), (1, 1)])
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    host, pane = make_host()
    async with host.run_test(size=size) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("enter", "x", "enter", "escape")
        assert pane.edited


async def test_single_keys_choose_and_do_not_reach_the_text() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("right", "left", "a", "b")
        await pilot.pause()
        chosen = [(each.stage, each.audience, each.channel) for each in host.heard]  # type: ignore[attr-defined]
        assert chosen == [
            ("workaround", "customers", "status-page"),
            ("investigating", "customers", "status-page"),
            ("identified", "executives", ""),
            ("identified", "customers", "sms"),
        ]
        assert not pane.edited


async def test_typing_is_heard_and_keys_are_letters_then() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("e", "a", "b", "c")
        await pilot.pause()
        assert [type(each) for each in host.heard] == [UpdatePane.Edited] * 3
        assert pane.text.startswith("abcWe know")
        assert pane.summary() == "draft"
        await pilot.press("escape", "backspace")
        await pilot.pause()
        assert isinstance(host.heard[-1], UpdatePane.ResetWanted)
        assert pane.text.startswith("abcWe know")


async def test_another_text_can_be_undone_to_the_persons_own() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("e", "x")
        pane.show_composition(Update("Another template."))
        await pilot.pause()
        assert pane.text == "Another template."
        await pilot.press("ctrl+z")
        assert pane.text.startswith("xWe know")


async def test_a_kept_draft_counts_as_edited() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.show_composition(Update("my own words"), draft="my own words", template_text=TEXT)
        await pilot.pause()
        assert pane.edited
        assert "your draft" in host.text()
        pane.show_drafts({"identified"})
        await pilot.pause()
        assert "• Identified" in host.text()


async def test_checks_change_without_touching_the_text() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("e", "x")
        checked = Update(pane.text)
        checked.checks = ()
        pane.show_checks(checked)
        await pilot.pause()
        assert "next_update is open" not in host.text()
        assert pane.text.startswith("xWe know")


async def test_the_length_is_said_where_the_channel_has_a_limit() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.show_composition(Update("This is longer than twenty.", channel=SOCIAL))
        await pilot.pause()
        assert "27/20" in host.text()


async def test_a_copied_text_is_not_listed_as_sent() -> None:
    host, pane = make_host()
    messages = (
        message("03:04", "one", MessageState.COPIED),
        message("03:05", "one"),
        message("03:37", "two", MessageState.COPIED),
    )
    async with host.run_test(size=(78, 30)) as pilot:
        fill(pane)
        pane.show(make_view(messages=messages), NOW, UTC)
        await pilot.pause()
        rows = [line for line in host.lines() if line.startswith("03:")]
        assert rows == [
            "03:37  Identified  only copied, customers by Status page",
            "03:05  Identified  customers by Status page",
        ]


async def test_a_correction_does_not_bring_the_copied_text_back() -> None:
    host, pane = make_host()
    corrected = replace(message("03:05", "one, put right"), corrected=True)
    messages = (
        message("03:04", "one", MessageState.COPIED),
        corrected,
        message("03:37", "one", MessageState.COPIED),
    )
    async with host.run_test(size=(78, 30)) as pilot:
        fill(pane)
        pane.show(make_view(messages=messages), NOW, UTC)
        await pilot.pause()
        rows = [line for line in host.lines() if line.startswith("03:")]
        assert rows == [
            "03:37  Identified  only copied, customers by Status page",
            "03:05  Identified  corrected, customers by Status page",
        ]


async def test_hostile_text_stays_text() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane, HOSTILE)
        await pilot.pause()
        assert "[/bold]" in host.text()
        assert not set(host.text()) & {"\x1b", "\x07", "\u202e"}
        assert not pane.edited


async def test_a_click_picks_a_stage() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        await pilot.pause()
        await pilot.click(StageTabs, offset=(2, 0))
        await pilot.pause()
        choice = host.heard[-1]
        assert isinstance(choice, UpdatePane.Choice)
        assert choice.stage == "scope"


def test_the_current_name_and_its_neighbours_are_shown() -> None:
    widths = [10, 13, 10, 10, 8, 7]
    assert window(widths, 2, 3, 200) == (0, 6)
    assert window(widths, 2, 3, 51) == (1, 4)
    assert window(widths, 5, 3, 34) == (3, 6)
    assert window(widths, 0, 3, 5) == (0, 1)
    assert window([], 0, 3, 5) == (0, 0)
    assert choose_gap(widths, 68) == 2


@given(st.lists(st.text("ab 漢", min_size=1, max_size=30), max_size=9), st.integers(5, 90))
def test_items_flow_into_few_lines_and_the_rest_is_counted(texts: list[str], width: int) -> None:
    flowed = flow([Content(text) for text in texts], width, 3, "")
    lines = flowed.plain.split("\n")
    assert len(lines) <= 3
    assert all(cell_len(line) <= width for line in lines)


async def test_a_long_subject_and_many_facts_do_not_break_the_head() -> None:
    host, pane = make_host()
    async with host.run_test(size=(38, 20)) as pilot:
        fill(pane)
        update = Update("Text")
        update.subject = "A very long subject that goes on and on " * 4
        pane.show_composition(update)
        await pilot.pause()
        assert "subject A very long" in host.text()


async def test_the_variables_are_listed_on_one_key_what_is_open_first() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 24)) as pilot:
        fill(pane)
        pane.focus()
        assert "workaround" not in host.text()
        await pilot.press("d")
        await pilot.pause()
        rows = [line.split() for line in host.lines()]
        assert rows[3][:4] == ["!", "next_update", "not", "filled"]
        assert ["product", "our", "shop"] in rows
        assert ["workaround", "left", "out"] in rows
        await pilot.press("j", "enter")
        await pilot.pause()
        wanted = host.heard[-1]
        assert isinstance(wanted, VariableList.Wanted)
        assert wanted.variable.name == "product"
        await pilot.press("d")
        await pilot.pause()
        assert "workaround" not in host.text()
        assert pane.has_focus


async def test_the_variables_stand_beside_the_text_where_it_is_wide() -> None:
    host, pane = make_host()
    async with host.run_test(size=(120, 24)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("d")
        await pilot.pause()
        (row,) = [line for line in host.lines() if "We know the cause." in line]
        assert "next_update" in row


async def test_a_sent_text_is_corrected_the_last_first() -> None:
    host, pane = make_host()
    first, second = message("03:04", "the first"), message("03:37", "the second")
    async with host.run_test(size=(78, 24)) as pilot:
        fill(pane)
        pane.show(make_view(messages=(first, second)), NOW, UTC)
        pane.focus()
        await pilot.press("f")
        await pilot.pause()
        wanted = host.heard[-1]
        assert isinstance(wanted, UpdatePane.CorrectionWanted)
        assert wanted.message == second
        pane.show_correction(second, second.text, ())
        await pilot.pause()
        assert (pane.text, pane.edited, pane.summary()) == ("the second", True, "correcting")
        assert "correcting what went to customers   at 03:37 UTC" in host.text()
        assert "correcting: customers by Status page" in host.text()
        await pilot.press("f")
        await pilot.pause()
        assert host.heard[-1].message == first  # type: ignore[attr-defined]
        pane.show_composition(Update("new"))
        await pilot.pause()
        assert pane.correcting is None
        assert "correcting" not in host.text()


async def test_many_findings_are_no_wall_and_only_findings_are_counted() -> None:
    host, pane = make_host()
    async with host.run_test(size=(40, 24)) as pilot:
        fill(pane)
        update = Update("Text")
        grave = Check("secret", False, "block", "A secret.", "a secret was found here")
        light = tuple(
            Check(f"x{number}", False, "warn", "Odd.", f"something quite odd {number}")
            for number in range(9)
        )
        held = Check("blame", True, "ok", "Fine.", "no blame")
        update.checks = (*light, held, grave)
        pane.show_checks(update)
        await pilot.pause()
        rows = [line for line in host.lines() if "! " in line or " +" in line]
        assert len(rows) <= 3
        assert rows[0].startswith("! a secret was found here")
        assert rows[-1].endswith("+7")
        assert "no blame" not in host.text()


@given(st.lists(st.text(max_size=40), max_size=6), st.integers(1, 90))
def test_no_variable_breaks_the_list(texts: list[str], width: int) -> None:
    variables = tuple(
        Variable(f"name_{number}", text, "a meaning", filled=bool(text))
        for number, text in enumerate(texts)
    )
    listed = VariableList()
    listed.show_variables(variables, ("name_0",))
    for item in listed.items:
        parts = listed.parts_of(item, 0, width, selected=False)
        shown = "".join(text for text, _ in parts)
        assert "\x1b" not in shown
        assert "\n" not in shown
