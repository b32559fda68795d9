"""What to know before calling the selected stakeholder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

from textual.content import Content
from textual.widgets import Static

from cockpit.domain.stakeholder_board import CellState, StakeholderCell
from cockpit.domain.times import format_clock
from cockpit.domain.visible import make_visible
from cockpit.widgets.stakeholder_grid import late_words

_Part = Content | tuple[str, str] | str


def reach_words(cell: StakeholderCell, channels: Mapping[str, str]) -> str:
    """Return how to reach a person: "phone, then Slack", with the contact if there is one.

    channels: channel id to its name.
    """
    ways = [channels.get(each, each.replace("-", " ")) for each in cell.stakeholder.channels]
    way = ", then ".join(ways)
    return ", ".join(part for part in (way, cell.stakeholder.contact) if part)


class StakeholderDetail(Static):
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
        super().__init__(markup=False, **options)
        self._cell: StakeholderCell | None = None
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC
        self._channels: Mapping[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Say whether nobody is selected."""
        return self._cell is None

    def show_cell(
        self,
        cell: StakeholderCell | None,
        now: datetime,
        zone: tzinfo,
        channels: Mapping[str, str],
    ) -> None:
        """Describe this person; `channels` maps channel ids to their names."""
        self._cell, self._now, self._zone, self._channels = cell, now, zone, channels
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
        lines = [self._head(self._cell), self._wants(self._cell), *self._reach(self._cell)]
        self.update(Content("\n").join(line for line in lines if line))

    def _head(self, cell: StakeholderCell) -> Content:
        person = cell.stakeholder
        title = f", {make_visible(person.title)}" if person.title else ""
        return Content.assemble(
            (make_visible(person.name), ".stakeholder-detail--name"),
            (title, ".stakeholder-detail--label"),
            "   ",
            self._state(cell),
        )

    def _state(self, cell: StakeholderCell) -> Content:
        if cell.state is CellState.LATE and cell.due_at:
            words = late_words(self._now - cell.due_at, " min")
            return Content.styled(words, ".stakeholder-detail--late")
        if cell.due_at:
            return self._fact("due", format_clock(cell.due_at, self._zone))
        return Content.styled("told" if cell.told_at else "no rhythm", ".stakeholder-detail--label")

    def _wants(self, cell: StakeholderCell) -> Content:
        every = f"every {cell.every} min" if cell.every else ""
        wants = ", ".join(part for part in (cell.stakeholder.wants, every) if part)
        return self._fact("wants", wants) if wants else Content("")

    def _reach(self, cell: StakeholderCell) -> list[Content]:
        way = reach_words(cell, self._channels)
        reach = self._fact("reach", way) if way else Content("")
        told = self._fact("last told", self._told(cell)) if cell.told_at else Content("")
        deputy = cell.stakeholder.deputy
        extra = [self._fact("deputy", deputy)] if deputy else []
        width = self.content_size.width or 80
        if reach and told and reach.cell_length + told.cell_length + 3 <= width:
            return [Content.assemble(reach, "   ", told), *extra]
        return [reach, told, *extra]

    def _told(self, cell: StakeholderCell) -> str:
        words = format_clock(cell.told_at, self._zone) if cell.told_at else ""
        if cell.told_by:
            words += f" by {cell.told_by}"
        if cell.channel:
            channel = self._channels.get(cell.channel, cell.channel.replace("-", " "))
            words += f", {channel}"
        return words

    def _fact(self, label: str, text: str) -> Content:
        return Content.assemble((f"{label} ", ".stakeholder-detail--label"), make_visible(text))

    def on_resize(self) -> None:
        """Put what fits on one line."""
        self._draw()
