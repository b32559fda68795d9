"""What went out already: a mistake in it is put right, and the whole thread is copied."""

from __future__ import annotations

from cockpit.domain.view import OutgoingMessage
from cockpit.screens.incident_updates import UpdatesMixin
from cockpit.service.session import Session
from cockpit.widgets.update_pane import UpdatePane


def correction_key(inc: str, entry: str) -> str:
    """Return the key under which a correction is kept until it is stored."""
    return f"{inc}/correct/{entry}"


class CorrectionsMixin(UpdatesMixin):
    """Lets a sent text be corrected where updates are written; no countdown begins again."""

    def on_update_pane_correction_wanted(self, event: UpdatePane.CorrectionWanted) -> None:
        """Put a sent text into the text field, or the correction of it that was kept."""
        event.stop()
        self.start_work(self._begin_correction(event.message), "update")

    def on_update_pane_shown(self, event: UpdatePane.Shown) -> None:
        """Leave a correction alone when the incident changes."""
        if self.update_pane.correcting is not None:
            event.stop()
            event.prevent_default()

    def on_update_pane_edited(self, event: UpdatePane.Edited) -> None:
        """Keep a correction as it is typed, and check it once the person pauses."""
        message = self.update_pane.correcting
        if message is None:
            return
        event.stop()
        event.prevent_default()
        text = event.text if event.text != message.text else ""
        self.cockpit.drafts.note(correction_key(self.inc, message.entry), text)
        self._check_soon()

    def on_update_pane_save_wanted(self, event: UpdatePane.SaveWanted) -> None:
        """Store the correction."""
        if self.update_pane.correcting is not None:
            event.stop()
            event.prevent_default()
            self.action_sent()

    def on_update_pane_reset_wanted(self, event: UpdatePane.ResetWanted) -> None:
        """Leave the correction without storing it."""
        message = self.update_pane.correcting
        if message is None:
            return
        event.stop()
        event.prevent_default()
        self.cockpit.drafts.clear(correction_key(self.inc, message.entry))
        self.start_work(self._show_update(), "update")
        self.cockpit.notice("Nothing was corrected. In the text, ctrl+z brings your words back.")

    def action_copy(self) -> None:
        """Copy the corrected text; it is no update, and none is noted."""
        if self.update_pane.correcting is None:
            super().action_copy()
            return
        text = self.update_pane.text

        async def copy() -> None:
            result = await self.cockpit.copy_text(text)
            words = f"{result.sentence} The correction is not stored yet: s stores it."
            self.cockpit.notice(words, "info" if result.ok else "bad")

        self.start_work(copy(), "copy")

    def action_sent(self) -> None:
        """Store the correction, or mark the update as sent."""
        message = self.update_pane.correcting
        if message is None:
            super().action_sent()
            return
        self.start_work(self._store_correction(message, self.update_pane.text), "sent")

    def action_thread(self) -> None:
        """Copy all that customers were told, newest first."""
        self.start_work(self._copy_thread(), "copy")

    async def _begin_correction(self, message: OutgoingMessage) -> None:
        from cockpit.service import corrections

        inc, entry = self.inc, message.entry
        text = self.cockpit.drafts.offer(correction_key(inc, entry)) or message.text
        checks = await self.cockpit.fetch(
            lambda session: corrections.check_correction(session, inc, entry, text)
        )
        pane = self.update_pane
        await pane.open()
        pane.show_correction(message, text, checks)
        pane.begin_writing()
        self.cockpit.notice("Correct it, then ctrl+s stores it. No countdown begins again.")

    def _check_now(self) -> None:
        message = self.update_pane.correcting
        if message is None:
            super()._check_now()
            return
        self._check_timer = None
        inc, text, pane = self.inc, self.update_pane.text, self.update_pane

        async def check() -> None:
            from cockpit.service import corrections

            checks = await self.cockpit.fetch(
                lambda session: corrections.check_correction(session, inc, message.entry, text)
            )
            if pane.correcting == message and pane.text == text:
                pane.show_correction_checks(checks)

        self.start_work(check(), "check")

    async def _store_correction(self, message: OutgoingMessage, text: str) -> None:
        from cockpit.service import corrections

        inc, entry = self.inc, message.entry
        checks = await self.cockpit.fetch(
            lambda session: corrections.check_correction(session, inc, entry, text)
        )
        wrong = [each.text for each in checks if each.level == "block"]
        if wrong and not await self._is_sure(wrong, "Store the correction like this?"):
            return
        await self.cockpit.perform(
            lambda session: corrections.correct_sent(session, inc, entry, text)
        )
        self.cockpit.drafts.clear(correction_key(inc, entry))
        kept = corrections.changed_promise(message, text)
        at = self.clock_words(message.at)
        self.cockpit.notice(
            f"Corrected what went to {message.msg.audience} at {at}. {kept or 'No new update.'} "
            "u takes it back."
        )
        await self._show_update()
        self.update_pane.focus()
        await self.refresh_view()

    async def _copy_thread(self) -> None:
        from cockpit.service import threads

        inc = self.inc

        def read(session: Session) -> tuple[int, str]:
            return len(threads.posts(session, inc)), threads.text(session, inc)

        number, text = await self.cockpit.fetch(read)
        if not number:
            self.cockpit.notice("Nothing was sent to customers yet.")
            return
        result = await self.cockpit.copy_text(text)
        updates = f"{number} update{'' if number == 1 else 's'}"
        words = f"{result.sentence} The public thread: {updates}, newest first."
        self.cockpit.notice(words, "info" if result.ok else "bad")
