"""Pane 2: who must hear from us, who did, and what to know before calling them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar, Self

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from cockpit.domain.stakeholder_board import StakeholderBoard
from cockpit.domain.told_history import tellings
from cockpit.domain.view import IncidentView
from cockpit.widgets.stakeholder_detail import StakeholderDetail
from cockpit.widgets.stakeholder_grid import StakeholderGrid
from cockpit.widgets.stakeholder_wishes import StakeholderWishes

_DETAIL_LINES = 4
"""Lines that the details need under the grid, the blank one included."""


class StakeholderPane(Vertical):
    """The power/interest grid over the details of the selected person."""

    title: ClassVar[str] = "Stakeholders"

    DEFAULT_CSS = """
    StakeholderPane { height: 1fr; }
    StakeholderPane > StakeholderDetail { margin-top: 1; }
    StakeholderPane.-tight > StakeholderGrid { height: 1fr; }
    StakeholderPane.-tight > StakeholderDetail { display: none; }
    StakeholderPane.-tight.-choosing.-roomy > StakeholderDetail { display: block; }
    """

    # What is wanted of somebody reaches the screen from the grid as it is.
    Told = StakeholderWishes.Told
    QuadrantTold = StakeholderWishes.QuadrantTold
    RingTold = StakeholderWishes.RingTold
    AddWanted = StakeholderWishes.AddWanted
    EditWanted = StakeholderWishes.EditWanted

    class BoardStale(Message):
        """A minute has passed: the board has to be made again."""

    def __init__(self, **options: Any) -> None:
        """Make an empty pane; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        # As it is on most screens: styles are looked for anew whenever a class changes.
        self.add_class("-roomy")
        self._board: StakeholderBoard | None = None
        self._view: IncidentView | None = None
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC
        self._channels: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        """Make the grid and the details."""
        yield StakeholderGrid()
        yield StakeholderDetail()

    @property
    def grid(self) -> StakeholderGrid:
        """Return the grid."""
        return self.query_one(StakeholderGrid)

    @property
    def detail(self) -> StakeholderDetail:
        """Return the details."""
        return self.query_one(StakeholderDetail)

    def focus(self, scroll_visible: bool = True) -> Self:
        """Give the grid the keyboard."""
        self.grid.focus(scroll_visible)
        return self

    def summary(self) -> str:
        """Return what the tab says: "7/12", and how many are late."""
        if self._board is None or not self._board.total:
            return ""
        return f"{self._board.told}/{self._board.total}"

    def long_summary(self) -> str:
        """Return what a wide band says: "7 of 12 told, 1 late"."""
        if self._board is None or not self._board.total:
            return "nobody yet"
        late = f", {self._board.late} late" if self._board.late else ""
        return f"{self._board.told} of {self._board.total} told{late}"

    def show(self, view: IncidentView, now: datetime, zone: tzinfo) -> None:
        """Take the clock and what was told so far; who waits comes with `show_board`."""
        self._view = view
        self._now, self._zone = now, zone
        if self._board is not None:
            self.show_board(self._board)

    def show_board(
        self, board: StakeholderBoard, channels: Mapping[str, str] | None = None
    ) -> None:
        """Show this checklist; `channels` maps channel ids to names (kept when None)."""
        self._board = board
        if channels is not None:
            self._channels = channels
        self.grid.show_board(board, self._now, self._zone)
        self._show_selected()
        self._fit()

    def tick(self, now: datetime) -> None:
        """Go on with the clock; asks for a new board when a minute has passed."""
        passed = int(now.timestamp() // 60) != int(self._now.timestamp() // 60)
        self._now = now
        self.grid.tick(now)
        self.detail.tick(now)
        if passed and self._board is not None:
            self.post_message(self.BoardStale())

    def _show_selected(self) -> None:
        cell = self.grid.selected
        told = tellings(self._view, cell.stakeholder.id) if cell and self._view else ()
        self.detail.show_cell(cell, told, self._now, self._zone, self._channels)

    def _fit(self) -> None:
        room = self.size.height - self.grid.virtual_size.height
        roomy = self.size.height >= 2 * _DETAIL_LINES
        self.update_classes({"-tight": room < _DETAIL_LINES, "-roomy": roomy})
        self.detail.fit(max(room, _DETAIL_LINES) - 1)

    def on_descendant_focus(self) -> None:
        """Make room for the details while somebody is being chosen."""
        self.add_class("-choosing")

    def on_descendant_blur(self) -> None:
        """Give the room back to the grid."""
        self.remove_class("-choosing")

    def on_resize(self) -> None:
        """Show the details only where there is room, or when somebody is being chosen."""
        self.call_after_refresh(self._fit)

    def on_stakeholder_grid_selected(self, event: StakeholderGrid.Selected) -> None:
        """Describe the person who is selected now."""
        event.stop()
        self._show_selected()
