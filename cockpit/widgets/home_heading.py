"""Home's first line: how many incidents are open, how many updates are late, what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from textual.content import Content
from textual.widgets import Static

from cockpit.domain.cadence import ClockState, summary_clock
from cockpit.domain.playbook import Playbook
from cockpit.domain.together import Together
from cockpit.domain.view import IncidentSummary
from cockpit.widgets.painted import cells_of
from cockpit.widgets.sync_line import together_spans


def count_late(opened: Iterable[IncidentSummary], playbook: Playbook, now: datetime) -> int:
    """Return how many of the open incidents owe customers an update."""
    return sum(summary_clock(each, playbook, now).state is ClockState.OVERDUE for each in opened)


class HomeHeading(Static):
    """One line, drawn again only when it says something else; on the right how sync stands."""

    DEFAULT_CSS = "HomeHeading { height: 1; padding: 0 2; }"

    def __init__(self, **options: Any) -> None:
        """Start empty."""
        super().__init__(markup=False, **options)
        self._facts: dict[str, Any] = {}

    def show(self, **facts: Any) -> None:
        """Show opened, late, shown and total (counts), filtered, and the key that shows all.

        together: how it stands with the others.
        """
        if facts == self._facts:
            return
        self._facts = facts
        opened, late, shown, total = (facts[name] for name in ("opened", "late", "shown", "total"))
        pieces = [
            ("Incidents", "bold $bright"),
            (f"   {opened} active" if opened else "   none active", "$muted"),
        ]
        if late:
            pieces.append((", ", "$muted"))
            pieces.append((f"{late} update{'s' if late > 1 else ''} overdue", "bold $late"))
        if facts["filtered"]:
            pieces.append((f"   {shown} of {total} match", "$muted"))
        elif shown < total:
            key = facts["all_key"]
            pieces.append((f"   latest {shown} of {total}, {key} shows all", "$muted"))
        left = Content.assemble(*pieces)
        self.update(Content.assemble(left, self._aside(left.cell_length)), layout=False)

    def on_resize(self) -> None:
        """Set the right end for the new width."""
        facts, self._facts = self._facts, {}
        if facts:
            self.show(**facts)

    def _aside(self, taken: int) -> Content:
        """Return what stands at the right end, with the blanks before it, as far as it fits."""
        together: Together = self._facts.get("together", Together())
        room = self.content_size.width - taken
        for spans in together_spans(together):
            if cells_of(spans) + 2 <= room:
                gap = " " * (room - cells_of(spans))
                return Content.assemble(
                    gap, *((text, f"${paint}" if paint else "") for text, paint in spans)
                )
        return Content("")
