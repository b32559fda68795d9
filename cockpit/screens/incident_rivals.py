"""Several values of one field, set at the same time: one key shows them, another one settles it."""

from __future__ import annotations

from typing import Any

from cockpit.domain.registers import Register
from cockpit.domain.rivals import Contest, find_contests, value_words
from cockpit.domain.times import format_clock
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.incident_handover import HandoverMixin
from cockpit.service import changes


class RivalsMixin(HandoverMixin):
    """Asks which value is right; the answer has seen them all, so nothing stays open."""

    def action_rivals(self) -> None:
        """Choose between values that were set at the same time."""
        self.start_work(self._settle(), "change")

    async def _settle(self) -> None:
        contests = find_contests(self.view) if self.view is not None else ()
        if not contests:
            self.cockpit.notice("No field has more than one value.")
            return
        first, inc = contests[0], self.inc
        held = await self.cockpit.fetch(
            lambda session: session.reads.register(inc, first.obj, first.field)
        )
        values = self._values(first, held)
        choices = [
            Choice(str(place), value_words(value, self.cockpit.zone, first.field), words)
            for place, (value, words) in enumerate(values)
        ]
        whose = f": {first.subject}" if first.subject else ""
        answer = await self.app.push_screen_wait(
            ChoiceDialog(f"Which {first.name} is right{whose}?", choices, ask_reason=False)
        )
        if answer is None:
            return
        value = values[int(answer[0])][0]
        await self.cockpit.perform(
            lambda session: changes.settle(session, inc, first.obj, first.field, value)
        )
        await self._tell_settled(first, value)

    async def _tell_settled(self, contest: Contest, value: Any) -> None:
        await self.refresh_view()
        words = value_words(value, self.cockpit.zone, contest.field)
        rest = len(find_contests(self.view)) if self.view is not None else 0
        more = f" {rest} more to settle." if rest else ""
        self.cockpit.notice(f"{contest.name.capitalize()}: {words}. u takes it back.{more}")

    def _values(self, contest: Contest, held: Register | None) -> list[tuple[Any, str]]:
        """Return each value once, with who set it and when; the one that holds comes first."""
        zone = self.cockpit.zone
        values: list[tuple[Any, str]] = []
        if held is not None:
            at = format_clock(held.winner.time, zone)
            values.append((held.value, f"set by {held.winner.by} at {at}; it holds now"))
        known = [value for value, _ in values]
        for each in contest.rivals:
            if each.value not in known:
                known.append(each.value)
                values.append((each.value, f"set by {each.by} at {format_clock(each.at, zone)}"))
        return values
