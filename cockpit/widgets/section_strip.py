"""The post-mortem's sections as one line, with a tick for the written ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cockpit.widgets.marks import marks
from cockpit.widgets.stage_tabs import StageTabs, Tab

if TYPE_CHECKING:
    from cockpit.domain.postmortem import PostmortemSection

_LONGEST = 28
"""Cells of a section's name in the strip; the full title stands above the text."""


def short_title(title: str) -> str:
    """Return a section's title for the strip: whole words, with an ellipsis when shortened."""
    if len(title) <= _LONGEST:
        return title
    words = title[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:")
    return f"{words}{marks().more}"


class SectionStrip(StageTabs):
    """The sections in order; a tick stands before those that a person has written."""

    def show_sections(self, sections: Iterable[PostmortemSection], current: str) -> None:
        """Show the sections with `current` (an id) as the open one."""
        tabs = [
            Tab(each.id, short_title(each.title), marks().done if each.text.strip() else "")
            for each in sections
        ]
        self.show_tabs(tabs, current)
