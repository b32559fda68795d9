"""What is written into an incident: entries, corrections, times; nothing typed is ever lost.

A line leaves the entry field at once, so that the next one can be typed while the store waits
for somebody's lock; until it is stored it stands in the draft, and if the store refuses it, it
comes back into the field.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from msgspec.structs import replace

from cockpit.domain.entry_grammar import ParsedEntry, make_entry, parse_entry, split_paste
from cockpit.domain.times import format_clock, parse_when
from cockpit.domain.view import TimelineEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import CockpitError, InvalidInputError
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.service import timeline, undo
from cockpit.service.outbox import Outbox
from cockpit.service.session import Session
from cockpit.widgets.entry_line import LONGEST_LINE, EntryLine, LineMode
from cockpit.widgets.marks import marks

_PREVIEW = 6
"""Pasted entries that are shown before somebody decides."""


class EntriesMixin(IncidentPanes):
    """Stores what the entry line says, and keeps what is not stored yet."""

    trouble: str = ""
    restored: bool = False
    pasted: str = ""
    target: TimelineEntry | None = None

    def prepare_entries(self) -> None:
        """Begin with nothing on its way."""
        self._outbox: Outbox | None = None

    @property
    def outbox(self) -> Outbox:
        """Return what keeps the lines that are not stored yet."""
        if self._outbox is None:
            self._outbox = Outbox(self.cockpit.drafts, f"{self.inc}/entry")
        return self._outbox

    @property
    def entry_line(self) -> EntryLine:
        """Return the entry line."""
        return self.query_one(EntryLine)

    def show_quiet(self) -> None:
        """Say what stands in the way, or what could be done next."""

    def store_troubled(self, sentence: str) -> None:
        """Say it where entries are written, for as long as it is so."""
        if sentence != self.trouble:
            self.trouble = sentence
            self.show_quiet()

    def offer_drafts(self) -> None:
        """Put back what was being typed when the cockpit ended."""
        self.pasted = self.cockpit.drafts.offer(f"{self.inc}/paste")
        if line := self.outbox.restore():
            self.entry_line.write(line)
            self.restored = True
        self.show_quiet()

    def keep_drafts(self) -> None:
        """Note what is typed but not stored."""
        self.outbox.type(self.entry_line.entry_text)

    # The line

    def on_entry_line_edited(self, event: EntryLine.Edited) -> None:
        """Keep every keystroke of an entry."""
        if event.mode is LineMode.ENTRY:
            event.stop()
            if self.restored and not event.text:
                self.restored = False
                self.show_quiet()
            self.keep_drafts()

    def on_entry_line_refused(self, event: EntryLine.Refused) -> None:
        """Say why nothing can be written here."""
        event.stop()
        self.refuse_reader()

    def enter_line(self, mode: LineMode, text: str) -> None:
        """Do what an entered line asks for (all but a filter)."""
        try:
            if mode is LineMode.ENTRY:
                self._enter(text)
            elif self.target is not None:
                self._change(self.target, mode, text)
        except CockpitError as error:
            self.tell_error(error)

    def _enter(self, text: str) -> None:
        if not text.strip():
            if self.pasted:
                self.start_work(self._offer_paste(), "paste")
            return
        now = self.cockpit.clock()
        parsed = parse_entry(text, now, self.cockpit.zone)
        if not parsed.text.strip():
            raise InvalidInputError("There is no text to log yet.", "Say what happened.")
        self.restored = False
        self.entry_line.input.remember(text)
        inc, entries = self.inc, (replace(parsed, at=parsed.at or now),)
        written = self.cockpit.runner.submit(
            lambda session: timeline.log_many(session, inc, entries)
        )
        self.outbox.send(text, written)
        self.entry_line.write("")
        self.queue_work(self._follow(written), "entries")

    async def _follow(self, written: Future[tuple[TimelineEntry, ...]]) -> None:
        """Show what became of an entry; a refused one stands in the line again."""
        try:
            entries = await self.cockpit.outcome(written)
        except CockpitError as error:
            self.trouble = str(error)
        else:
            self.trouble = ""
            self.show_written(entries)
        line = self.entry_line
        if not line.entry_text and (refused := self.outbox.next_refused()):
            line.write(refused)
        self.keep_drafts()
        self.show_quiet()
        if not self.trouble:
            await self.refresh_view()

    def show_written(self, entries: Sequence[TimelineEntry]) -> None:
        """Show one's own entries at once; what else they change is read afterwards."""

    def _change(self, entry: TimelineEntry, mode: LineMode, text: str) -> None:
        """Correct an entry or give it another time; the line stays until that is stored."""
        inc, zone = self.inc, self.cockpit.zone
        at = parse_when(text, self.cockpit.clock(), zone) if mode is LineMode.MOVE else None

        def change(session: Session) -> TimelineEntry:
            if at is not None:
                return timeline.move(session, inc, entry.id, at)
            return timeline.correct(session, inc, entry.id, text)

        async def keep() -> None:
            if at is not None or text != entry.text:
                await self.cockpit.perform(change)
                words = "has another time" if at else "is corrected"
                self.cockpit.notice(f"The entry {words}. u takes it back.")
            self.leave_line()
            await self.refresh_view()

        self.queue_work(keep(), "change")

    def leave_line(self) -> None:
        """Use the line for entries again and go back to where the person was."""

    # What is pasted

    def on_entry_line_pasted(self, event: EntryLine.Pasted) -> None:
        """Keep what was pasted and ask what it is."""
        event.stop()
        self.pasted = f"{self.pasted}\n{event.text}" if self.pasted else event.text
        self.cockpit.drafts.note(f"{self.inc}/paste", self.pasted)
        self.show_quiet()
        self.start_work(self._offer_paste(), "paste")

    async def _offer_paste(self) -> None:
        text, now, zone = self.pasted, self.cockpit.clock(), self.cockpit.zone
        several = await asyncio.to_thread(split_paste, text, now, zone)
        lines = len([line for line in text.splitlines() if line.strip()])
        many = f"{len(several):,} entries" if len(several) != 1 else "1 entry"
        preview = [
            f"{format_clock(each.at or now, zone)}  {' '.join(each.text.split())[:60]}"
            for each in several[:_PREVIEW]
        ]
        rest = len(several) - _PREVIEW
        more = [f"{marks().more} and {rest:,} more"] if rest > 0 else []
        answer = await self.app.push_screen_wait(
            ChoiceDialog(
                f"{lines:,} lines were pasted",
                [
                    Choice("many", f"Log them as {many}", "\n".join([*preview, *more])),
                    Choice("one", "Log them as one entry", "All lines together, as evidence."),
                    Choice("drop", "Throw them away", "Nothing is logged."),
                ],
                ask_reason=False,
            )
        )
        if answer is None:
            self._keep_short_paste()
            return
        if answer[0] == "many":
            await self._log_paste(several)
        elif answer[0] == "one":
            await self._log_paste((make_entry(EntryKind.EVIDENCE, now, text),))
        else:
            self._forget_paste()

    async def _log_paste(self, entries: tuple[ParsedEntry, ...]) -> None:
        inc, now = self.inc, self.cockpit.clock()
        timed = tuple(replace(each, at=each.at or now) for each in entries)
        try:
            await self.cockpit.perform(lambda session: timeline.log_many(session, inc, timed))
        except CockpitError as error:
            self.trouble = str(error)
            self.show_quiet()
            return
        self.trouble = ""
        self._forget_paste()
        await self.refresh_view()

    def _keep_short_paste(self) -> None:
        """Go on with a declined paste in the line if it fits; a long one waits in its draft."""
        joined = " ".join(self.pasted.split())
        if len(joined) <= LONGEST_LINE:
            line = self.entry_line
            line.write(" ".join(each for each in (line.entry_text, joined) if each))
            self._forget_paste()

    def _forget_paste(self) -> None:
        self.pasted = ""
        self.cockpit.drafts.clear(f"{self.inc}/paste")
        self.show_quiet()

    # Undo

    def action_undo(self) -> None:
        """Take back what was done last here."""
        self.queue_work(self._step(undo.undo), "undo")

    def action_redo(self) -> None:
        """Do again what was taken back last."""
        self.queue_work(self._step(undo.redo), "undo")

    async def _step(self, step: Callable[[Session, str], str]) -> None:
        inc = self.inc
        sentence = await self.cockpit.perform(lambda session: step(session, inc))
        self.cockpit.notice(sentence)
        await self.refresh_view()
