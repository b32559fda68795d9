"""What to know before calling the selected stakeholder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

from textual.content import Content

from cockpit.domain.person_words import moment_words, quiet_words, told_words
from cockpit.domain.stakeholder_board import CellState, StakeholderCell
from cockpit.domain.times import format_clock
from cockpit.domain.told_history import Telling
from cockpit.domain.visible import make_visible
from cockpit.widgets.marks import shorten
from cockpit.widgets.stakeholder_grid import late_words
from cockpit.widgets.steady_text import SteadyText

_LINES = 7
"""Lines that a person may fill until the pane has said how much room there is."""


def reach_words(cell: StakeholderCell, channels: Mapping[str, str]) -> str:
    """Return how to reach a person: "phone, then Slack", with the contact if there is one.

    channels: channel id to its name.
    """
    ways = [channels.get(each, each.replace("-", " ")) for each in cell.stakeholder.channels]
    way = ", then ".join(ways)
    return ", ".join(part for part in (way, cell.stakeholder.contact) if part)


class StakeholderDetail(SteadyText):
    """Name, title and state; what they want; how to reach them; who told them last, and how."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "stakeholder-detail--name",
        "stakeholder-detail--label",
        "stakeholder-detail--late",
    }
    DEFAULT_CSS = """
    StakeholderDetail { height: auto; max-height: 7; color: $text; }
    StakeholderDetail .stakeholder-detail--name { color: $bright; text-style: bold; }
    StakeholderDetail .stakeholder-detail--label { color: $muted; }
    StakeholderDetail .stakeholder-detail--late { color: $late; text-style: bold; }
    """

    def __init__(self, **options: Any) -> None:
        """Make an empty detail; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._cell: StakeholderCell | None = None
        self._told: Sequence[Telling] = ()
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC
        self._channels: Mapping[str, str] = {}
        self._room = _LINES

    @property
    def is_empty(self) -> bool:
        """Say whether nobody is selected."""
        return self._cell is None

    def show_cell(
        self,
        cell: StakeholderCell | None,
        told: Sequence[Telling],
        now: datetime,
        zone: tzinfo,
        channels: Mapping[str, str],
    ) -> None:
        """Describe this person and what they were `told`, the latest first.

        channels: channel ids to their names.
        """
        self._cell, self._told = cell, told
        self._now, self._zone, self._channels = now, zone, channels
        self._draw()

    def fit(self, lines: int) -> None:
        """Use at most that many lines."""
        if lines != self._room:
            self._room = lines
            self.styles.max_height = lines
            self._draw()

    def tick(self, now: datetime) -> None:
        """Draw again when a minute has passed."""
        passed = int(now.timestamp() // 60) != int(self._now.timestamp() // 60)
        self._now = now
        if passed and self._cell is not None:
            self._draw()

    def _draw(self) -> None:
        if self._cell is None:
            self.update(Content(""))
            return
        cell = self._cell
        lines = [*self._heads(cell), self._wants(cell), *self._reach(cell), *self._history()]
        shown = [line for line in lines if line][: self._room]
        self.update(Content("\n").join(shown))

    def _heads(self, cell: StakeholderCell) -> list[Content]:
        """Return who it is and where they stand, and why they come first, on one line or two."""
        person = cell.stakeholder
        title = f", {make_visible(person.title)}" if person.title else ""
        head = Content.assemble(
            (make_visible(person.name), ".stakeholder-detail--name"),
            (title, ".stakeholder-detail--label"),
            "   ",
            self._state(cell),
        )
        if not person.because:
            return [head]
        because = self._fact("at once:", person.because)
        if head.cell_length + because.cell_length + 3 <= (self.content_size.width or 80):
            return [Content.assemble(head, "   ", because)]
        return [head, because]

    def _state(self, cell: StakeholderCell) -> Content:
        if quiet := quiet_words(cell, self._now, self._zone):
            return Content(make_visible(quiet))
        if cell.state is CellState.LATE and cell.due_at:
            words = late_words(self._now - cell.due_at, " min")
            return Content.styled(words, ".stakeholder-detail--late")
        if cell.due_at:
            return self._fact("due", format_clock(cell.due_at, self._zone))
        return self._label("told" if cell.told_at else "no rhythm")

    def _wants(self, cell: StakeholderCell) -> Content:
        every = f"every {cell.every} min" if cell.every else ""
        wants = ", ".join(part for part in (cell.stakeholder.wants, every) if part)
        return self._fact("wants", wants) if wants else Content("")

    def _reach(self, cell: StakeholderCell) -> list[Content]:
        way = reach_words(cell, self._channels)
        reach = self._fact("reach", way) if way else Content("")
        told = (
            self._fact("last told", self._last(cell)) if cell.told_at else self._label("never told")
        )
        width = self.content_size.width or 80
        if reach and reach.cell_length + told.cell_length + 3 <= width:
            return [Content.assemble(reach, "   ", told), *self._beside(cell)]
        return [reach, told, *self._beside(cell)]

    def _beside(self, cell: StakeholderCell) -> list[Content]:
        """Return the deputy and the quiet hours, on one line."""
        person = cell.stakeholder
        hours = f"{person.quiet_from} to {person.quiet_until} {person.zone or 'UTC'}"
        known = {"deputy": person.deputy, "sleeps": hours if person.quiet_from else ""}
        facts = [self._fact(label, text) for label, text in known.items() if text]
        return [Content("   ").join(facts)] if facts else []

    def _last(self, cell: StakeholderCell) -> str:
        if cell.told_at is None:
            return ""
        last = self._told[0] if self._told else None
        last = last or Telling(cell.told_at, cell.told_by, cell.channel)
        return f"{moment_words(cell.told_at, self._now, self._zone)} {self._words(last)}"

    def _history(self) -> list[Content]:
        """Return the words of the last update, and the earlier times they were told."""
        lines = []
        if self._told and (said := " ".join(self._told[0].text.split())):
            width = self.content_size.width or 80
            lines.append(shorten(self._fact("said", f"“{said}”"), width))
        for each in self._told[1:]:
            at = moment_words(each.at, self._now, self._zone)
            lines.append(self._fact("before", f"{at} {self._words(each)}"))
        return lines

    def _words(self, each: Telling) -> str:
        return told_words(each, self._channels)

    def _label(self, text: str) -> Content:
        return Content.styled(text, ".stakeholder-detail--label")

    def _fact(self, label: str, text: str) -> Content:
        return Content.assemble((f"{label} ", ".stakeholder-detail--label"), make_visible(text))

    def on_resize(self) -> None:
        """Put what fits on one line."""
        self._draw()
