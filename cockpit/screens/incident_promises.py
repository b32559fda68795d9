"""The countdown on the incident screen: extend it, pause it, slow it down, with the reason why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from cockpit.domain.cadence import ClockState, RingClock, clock, clocks, situation
from cockpit.domain.promise_words import moment_words, move_words, pause_words, rhythm_words
from cockpit.domain.stages import SLOWER_RHYTHM
from cockpit.domain.times import format_words, parse_ahead
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Ring
from cockpit.screens.countdown import Answer, CountdownDialog, Offer
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.service import promises
from cockpit.service.promises import Decided
from cockpit.service.session import Session
from cockpit.widgets.clock_words import RING_WORDS

_MINUTES = (10, 15, 30)
_WHY = "why (stands in the timeline)"
_OTHER = "other"


class PromisesMixin(IncidentPanes):
    """Shows what can be decided about an audience's countdown, and does it."""

    def action_promise(self) -> None:
        """Decide about the customers' countdown, or another audience's."""
        self.start_work(self._choose_promise(Ring.CUSTOMERS), "change")

    async def _choose_promise(self, ring: Ring) -> None:
        if self.view is None:
            return
        if not self.view.is_open:
            self.cockpit.notice(f"{self.view.ref} is over: no update is due.")
            return
        now = self.cockpit.clock()
        running = clock(ring, situation(self.view), self.cockpit.playbook, now)
        title = self._countdown_words(running, now)
        offers = self._offers(self.view, running, now)
        check, decide = partial(self._when, running), partial(self._decide, ring, running, now)
        dialog = CountdownDialog(title, offers, check, decide)
        answer = await self.app.push_screen_wait(dialog)
        if answer == _OTHER:
            await self._choose_audience()

    async def _choose_audience(self) -> None:
        if self.view is None:
            return
        now = self.cockpit.clock()
        choices = [
            Choice(each.ring.audience, self._countdown_words(each, now))
            for each in clocks(self.view, self.cockpit.playbook, now)
        ]
        dialog = ChoiceDialog("Whose countdown?", choices, ask_reason=False)
        answer = await self.app.push_screen_wait(dialog)
        if answer is not None:
            await self._choose_promise(promises.ring_named(answer[0]))

    def _countdown_words(self, running: RingClock, now: datetime) -> str:
        """Return a countdown as a title: customers, due 09:30 UTC, in 7 min, every 30 min."""
        zone = self.cockpit.zone
        words = [RING_WORDS[running.ring].capitalize()]
        if running.state is ClockState.PAUSED:
            words.append(pause_words(running, now, zone))
        elif running.due_at is None:
            words.append("no update is due")
        elif running.state is ClockState.OVERDUE:
            words.append(f"overdue by {format_words(now - running.due_at)}")
        else:
            due = moment_words(running.due_at, now, zone)
            words += [f"due {due}", f"in {format_words(running.due_at - now)}"]
        words += [move_words(running, now, zone), rhythm_words(running)]
        return ", ".join(each for each in words if each)

    def _offers(self, view: IncidentView, running: RingClock, now: datetime) -> list[Offer]:
        """Return what can be decided about a countdown now."""
        zone, paused = self.cockpit.zone, running.state is ClockState.PAUSED
        found = [Offer("resume", "Resume")] if paused else []
        verb = "Extend" if running.due_at is not None else "Promise an update"
        for each in _MINUTES:
            to = moment_words(promises.later(running, each, now), now, zone)
            words = f"{verb} by {each} min, to {to}" if running.due_at else f"{verb} for {to}"
            found.append(Offer(f"extend {each}", words, why=_WHY))
        when = "to when: 10:45, or +20m after the time that holds"
        found.append(
            Offer(
                "extend",
                f"{verb}{' to' if running.due_at else ' for'} another time",
                when=when,
                why=_WHY,
            )
        )
        until = "until when: 11:00, or 45m from now (empty: until somebody resumes)"
        label = "Pause for another reason, or until another time" if paused else "Pause"
        found.append(Offer("pause", label, when=until, why=_WHY))
        audience, playbook = running.ring.audience, self.cockpit.playbook
        if minutes := promises.slower_rhythm(view, playbook, audience, now):
            detail = "The update that says so comes next."
            words = f"Slow down to every {minutes} min"
            found.append(Offer(f"rhythm {minutes}", words, detail, why=_WHY))
        if running.slowed:
            found.append(Offer("rhythm 0", "Back to the playbook's rhythm"))
        return [*found, Offer(_OTHER, "Another audience")]

    async def _decide(self, ring: Ring, running: RingClock, seen: datetime, answer: Answer) -> None:
        """Do what was chosen; the times are those that the dialog showed."""
        what, _, number = answer.id.partition(" ")
        minutes = int(number or 0)
        act = self._act(what, minutes, ring, running, seen, answer)
        if act is None:
            return
        done = await self.cockpit.perform(act)
        now, zone = self.cockpit.clock(), self.cockpit.zone
        words = pause_words(done.clock, now, zone)
        if not words and done.clock.due_at is not None:
            words = f"due {moment_words(done.clock.due_at, now, zone)}"
        said = f"{RING_WORDS[ring].capitalize()}: {words or 'no update is due'}."
        self.cockpit.notice(f"{said} {done.warning or 'u takes it back.'}")
        await self.refresh_view()
        if what == "rhythm" and minutes:
            self.show_update_for(SLOWER_RHYTHM, ring.audience)

    def _act(
        self,
        what: str,
        minutes: int,
        ring: Ring,
        running: RingClock,
        seen: datetime,
        answer: Answer,
    ) -> Callable[[Session], Decided] | None:
        inc, audience, why = self.inc, ring.audience, answer.why
        if what == "resume":
            return lambda session: promises.resume(session, inc, audience)
        if what == "pause":
            until = self._when(running, answer)
            return lambda session: promises.pause(session, inc, audience, why, until)
        if what == "rhythm":
            return lambda session: promises.set_rhythm(session, inc, audience, minutes, why)
        if what != "extend":
            return None
        to = promises.later(running, minutes, seen) if minutes else self._later(running, answer)
        return lambda session: promises.extend(session, inc, audience, to, why)

    def _when(self, running: RingClock, answer: Answer) -> datetime | None:
        """Return the time that was typed, None for a pause without an end."""
        if answer.id != "pause":
            return self._later(running, answer)
        now, zone = self.cockpit.clock(), self.cockpit.zone
        return parse_ahead(answer.when, now, zone) if answer.when else None

    def _later(self, running: RingClock, answer: Answer) -> datetime:
        # What is added to a time that has passed counts from now.
        now = self.cockpit.clock()
        ahead = running.due_at is not None and running.due_at > now
        base = running.due_at if ahead else None
        return parse_ahead(answer.when, now, self.cockpit.zone, base)
