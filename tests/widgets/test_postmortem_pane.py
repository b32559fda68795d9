"""The post-mortem pane: sections, drafts that are only shown, text that is kept, the preview."""

from __future__ import annotations

import asyncio
from datetime import UTC

import pytest
from msgspec.structs import replace

from cockpit.widgets.postmortem_pane import PostmortemPane
from cockpit.widgets.postmortem_preview import (
    DEBOUNCE_SECONDS,
    LONGEST,
    PostmortemPreview,
    cut_markdown,
)
from cockpit.widgets.section_strip import short_title
from tests.widgets.pane_host import HOSTILE, NOW, SECTIONS, PaneHost, make_view

KINDS = (
    PostmortemPane.SectionPicked,
    PostmortemPane.Edited,
    PostmortemPane.Adopt,
    PostmortemPane.External,
    PostmortemPane.Left,
    PostmortemPane.SaveWanted,
)


def make_host() -> tuple[PaneHost, PostmortemPane]:
    pane = PostmortemPane()
    return PaneHost(pane, KINDS), pane


def fill(pane: PostmortemPane, current: str = "summary") -> None:
    pane.show(make_view(), NOW, UTC)
    pane.show_sections(SECTIONS, current)


@pytest.mark.parametrize("size", [(38, 16), (53, 24), (78, 20), (64, 48), (110, 50)])
async def test_the_parts_are_seen_at_every_size(size: tuple[int, int]) -> None:
    host, pane = make_host()
    async with host.run_test(size=size) as pilot:
        fill(pane)
        await pilot.pause()
        text = host.text()
        assert "✓ Summary   Impact" in text or "✓ Summary  Impact" in text
        assert "Summary   What happened." in text
        assert "It **broke**." in text
        assert pane.preview.display == (size[0] >= 96 or size[1] >= 34)


@pytest.mark.parametrize("size", [(20, 8), (4, 3), (1, 1)])
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    host, pane = make_host()
    async with host.run_test(size=size) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("enter", "x", "escape", "P", "j", "pagedown")
        assert pane.text == "xIt **broke**."


async def test_a_draft_is_shown_but_not_written_until_it_is_adopted() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane, "impact")
        pane.focus()
        await pilot.pause()
        assert "- a third of payments" in host.text()
        assert "Enter starts from it" in host.text()
        assert pane.text == ""
        await pilot.press("x", "enter")
        await pilot.pause()
        assert [type(each) for each in host.heard] == [PostmortemPane.Adopt]
        pane.show_text("- a third of payments")
        pane.begin_writing()
        await pilot.press("!")
        await pilot.pause()
        assert pane.text == "!- a third of payments"
        edited = host.heard[-1]
        assert isinstance(edited, PostmortemPane.Edited)
        assert (edited.section, edited.text) == ("impact", "!- a third of payments")


async def test_a_section_without_a_draft_is_empty_and_says_what_belongs_there() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane, "cause")
        pane.focus()
        await pilot.pause()
        assert not pane.shows_draft
        await pilot.press("enter", "o", "k")
        assert pane.text == "ok"


async def test_keys_go_through_the_sections_and_stop_at_the_ends() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("k", "j", "G")
        await pilot.pause()
        picked = [each.section for each in host.heard if isinstance(each, pane.SectionPicked)]
        assert picked == ["impact", "cause"]


async def test_text_from_elsewhere_merges_and_leaves_the_cursor() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("enter", "A", "B")
        pane.show_text("Before.\nABIt **broke**. After.")
        await pilot.press("C")
        assert pane.text == "Before.\nABCIt **broke**. After."


async def test_a_refresh_does_not_touch_what_is_typed() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("enter", "A")
        changed = (replace(SECTIONS[0], text="something else"), *SECTIONS[1:])
        pane.show_sections(changed, "summary")
        pane.show(make_view(), NOW, UTC)
        await pilot.press("B")
        assert pane.text == "ABIt **broke**."


async def test_leaving_saving_and_the_editor_are_told() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("enter", "ctrl+s", "f4", "escape")
        await pilot.pause()
        kinds = [type(each) for each in host.heard]
        assert kinds == [pane.SaveWanted, pane.External, pane.Left]
        assert pane.has_focus


async def test_trouble_is_said_until_the_text_is_saved() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.show_saved(None, "Not saved: the disk is full.")
        await pilot.pause()
        assert "Not saved: the disk is full." in host.text()
        pane.show_saved(NOW)
        await pilot.pause()
        assert "saved 03:59" in host.text()
        assert "Not saved" not in host.text()
        assert pane.long_summary() == "draft, saved 03:59"
        assert pane.summary() == "1/3"


async def test_the_preview_is_drawn_once_after_a_pause_and_opens_nothing() -> None:
    pane = PostmortemPane()
    host = PaneHost(pane, (PostmortemPreview.Drawn,))
    async with host.run_test(size=(110, 40)) as pilot:
        fill(pane)
        for number in range(20):
            pane.preview.show_text(f"## Draft {number}\n\n[a link](ssh://host) {HOSTILE}\n")
            await pilot.pause(0.01)
        await asyncio.sleep(DEBOUNCE_SECONDS + 0.4)
        await pilot.pause()
        drawn = [each for each in host.heard if isinstance(each, PostmortemPreview.Drawn)]
        assert len(drawn) == 1
        assert "Draft 19" in host.text()
        assert "[/bold]" in host.text()
        assert not set(host.text()) & {"\x1b", "\x07", "\u202e"}


async def test_a_hidden_preview_is_not_drawn_until_it_is_seen() -> None:
    pane = PostmortemPane()
    host = PaneHost(pane, (PostmortemPreview.Drawn,))
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.preview.show_text("## Hidden")
        await asyncio.sleep(DEBOUNCE_SECONDS + 0.2)
        assert not host.heard
        pane.focus()
        await pilot.press("P")
        await asyncio.sleep(DEBOUNCE_SECONDS + 0.3)
        await pilot.pause()
        assert "Hidden" in host.text()


def test_a_long_document_is_cut_at_a_paragraph_and_says_so() -> None:
    text = "word " * 20 + "\n\n"
    cut = cut_markdown(text * 1000)
    assert len(cut) < LONGEST + 100
    assert "The preview ends here" in cut
    assert cut_markdown("short") == "short"


def test_long_titles_keep_whole_words_in_the_strip() -> None:
    assert short_title("Steps taken to assess, diagnose and resolve") == "Steps taken to assess…"
    assert short_title("Summary") == "Summary"
