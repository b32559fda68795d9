"""What home says of the time after incidents, and the way to their action items."""

from __future__ import annotations

from datetime import datetime

from textual import work
from textual.timer import Timer

from cockpit.config import find_zone
from cockpit.domain.action_items import day_of, overdue_items
from cockpit.domain.review import Owed
from cockpit.errors import CockpitError
from cockpit.keymap import find_key, keys_shown
from cockpit.screens.base import CockpitScreen
from cockpit.service import reviews
from cockpit.service.session import Session
from cockpit.widgets.owed_line import OwedLine, owed_words

_PAUSE_SECONDS = 2.0
"""What is overdue need not be counted anew with every line of a running incident."""


class OwedMixin(CockpitScreen[None]):
    """Says which action items and post-mortems are overdue, read anew each hour at least."""

    _owed_hour: datetime | None = None
    _owed_timer: Timer | None = None

    def action_items(self) -> None:
        """Show the action items of all incidents."""
        from cockpit.screens.action_items import ActionItemsScreen

        self.app.push_screen(ActionItemsScreen())

    def tick_owed(self, now: datetime) -> None:
        """Read again once another hour has begun: a day may have ended."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._owed_hour not in (None, hour):
            self.read_owed()

    def refresh_owed(self) -> None:
        """Read again soon: at once at first, then at most every few seconds."""
        if self._owed_hour is None:
            self.read_owed()
        elif self._owed_timer is None:
            self._owed_timer = self.set_timer(_PAUSE_SECONDS, self.read_owed)

    @work(exclusive=True, group="owed")
    async def read_owed(self) -> None:
        """Read what is left to do and say it."""
        now, self._owed_timer = self.cockpit.clock(), None
        self._owed_hour = now.replace(minute=0, second=0, microsecond=0)
        today = day_of(now, find_zone(self.cockpit.config.zone))

        def read(session: Session) -> tuple[int, tuple[Owed, ...]]:
            items = session.reads.action_items()
            return len(overdue_items(items, today)), reviews.list_owed(session, items)

        try:
            overdue, owed = await self.cockpit.fetch(read)
        except CockpitError:
            return  # home's own reading says what is wrong
        words = owed_words(
            overdue, tuple(each.lesson.ref for each in owed), sum(each.late for each in owed)
        )
        key = find_key("home.items")
        shown = keys_shown(key, self.cockpit.rebound) if key else []
        self.query_one(OwedLine).say(words, shown[0] if shown and overdue else "")
