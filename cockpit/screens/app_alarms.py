"""What goes on by itself on every screen: the alarm of a missed promise, the terminal's title."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from textual import work

from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentSummary
from cockpit.errors import CockpitError
from cockpit.screens.app_sharing import AppSharing
from cockpit.service import incidents
from cockpit.service.alarm import Alarm
from cockpit.service.terminal_title import TerminalTitle, takes_titles, title_words


class AppAlarms(AppSharing):
    """Says once that an update has become overdue, rings if that is wanted, names it above all."""

    playbook: Playbook
    _alarm: Alarm | None = None
    _opened: Sequence[IncidentSummary] = ()
    _alarm_runs = False
    terminal_title: TerminalTitle | None = None

    def begin_alarms(self) -> None:
        """Begin to watch the promises."""
        self._alarm = Alarm(self.playbook)
        if self.config.terminal_title and takes_titles(os.environ, plain=self.config.ascii):
            self.terminal_title = TerminalTitle(self.write_terminal)
            self.app_suspend_signal.subscribe(self, lambda _: self._leave_title())
        self.learn_promises()

    def write_terminal(self, sequence: str) -> None:
        """Write a control sequence to the terminal, behind what is drawn."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    @work(exclusive=True, group="alarm")
    async def learn_promises(self) -> None:
        """Read what was promised."""
        with suppress(CockpitError):
            self._opened = await self.fetch(incidents.list_incidents)
            if self._alarm is not None:
                self._alarm.know(self._opened)
            self.tell_clashes(self._opened)
            self.watch_promises(self.clock())

    def watch_promises(self, now: datetime) -> None:
        """Ring once for each update that has become overdue; show the title.

        What was overdue already when the app began is on the screen: it rings, without a notice.
        """
        if self._alarm is None:
            return
        late = self._alarm.ring(now)
        began, self._alarm_runs = self._alarm_runs, True
        if late and self.config.bell:
            self.bell()
        if late and began:
            self.notice(", ".join(f"{each.ref}: customer update overdue" for each in late))
        if self.terminal_title is not None:
            self.terminal_title.show(title_words(self._opened, self.playbook, now))

    def title_leftover(self) -> str:
        """Return what gives the terminal its own title back, empty when it has it."""
        return self.terminal_title.leftover if self.terminal_title is not None else ""

    def _leave_title(self) -> None:
        if self.terminal_title is not None:
            self.terminal_title.leave()
