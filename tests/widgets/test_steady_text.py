"""A text asks for a layout when its lines change, and for nothing when it stays as it is."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from cockpit.widgets.steady_text import SteadyText


class Desk(App[None]):
    """One text."""

    CSS = "SteadyText { width: 12; height: auto; }"

    def compose(self) -> ComposeResult:
        yield SteadyText()


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        (Content("first"), []),
        (Content.styled("first", "bold"), [False]),
        (Content("other"), [False]),
        (Content("longer than one line"), [False, True]),
        (Content(""), [False]),
    ],
)
async def test_a_layout_is_asked_for_when_lines_change(
    content: Content, asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Desk().run_test() as pilot:
        text = pilot.app.query_one(SteadyText)
        text.update(Content("first"))
        await pilot.pause()
        refresh, calls = text.refresh, list[bool]()

        def count(*regions: Any, layout: bool = False, **options: Any) -> SteadyText:
            calls.append(layout)
            return refresh(*regions, layout=layout, **options)

        monkeypatch.setattr(text, "refresh", count)
        text.update(content)
        assert calls == asked
        await pilot.pause()
        assert text.size.height == 1 + asked.count(True)


async def test_what_is_shown_before_the_first_size_gets_its_lines() -> None:
    async with Desk().run_test() as pilot:
        text = SteadyText()
        text.update(Content("longer than one line"))
        await pilot.app.mount(text)
        await pilot.pause()
        assert text.size.height == 2
