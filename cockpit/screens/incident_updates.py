"""The update pane's work: compose, check, keep the draft, copy, mark sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.timer import Timer

from cockpit.domain.vocabulary import Ring
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.external_editor import edit_text
from cockpit.screens.update_drafts import UpdateDraftsMixin
from cockpit.widgets.update_pane import UpdatePane

if TYPE_CHECKING:
    from cockpit.service.updates import Composition

AUDIENCES = tuple(
    ring.audience
    for ring in (Ring.CUSTOMERS, Ring.EXECUTIVES, Ring.SUPPORT, Ring.EMPLOYEES, Ring.CORE)
)
CHECK_AFTER_SECONDS = 0.3
_TWICE = timedelta(seconds=2)
"""Within this time a second "mark sent" is a key that was held down, not another update."""


def outgoing_text(composition: Composition) -> str:
    """Return what goes to the clipboard: the text, with its subject where the channel has one."""
    if not composition.subject:
        return composition.text
    return f"Subject: {composition.subject}\n\n{composition.text}"


class UpdatesMixin(UpdateDraftsMixin):
    """Shows the next update, keeps what is typed, and records what went out, word for word."""

    _update_choice: tuple[str, str, str] = ("", Ring.CUSTOMERS.audience, "")
    _update_subject: str = ""
    _update_sent_at: datetime | None = None
    _check_timer: Timer | None = None

    def on_update_pane_shown(self, event: UpdatePane.Shown) -> None:
        """Follow the incident: an untouched text is made anew, an edited one is checked again."""
        event.stop()
        pane = self.update_pane
        pane.set_choices(AUDIENCES, self.cockpit.playbook.channels)
        if pane.edited:
            self._check_soon()
        else:
            # The entries are to be seen first: what a text is made with is loaded with the first.
            self.call_after_refresh(self._follow_update)

    def _follow_update(self) -> None:
        self.start_work(self._show_update(follow=True), "update")

    def on_update_pane_choice(self, event: UpdatePane.Choice) -> None:
        """Show the text for another stage, audience or channel."""
        event.stop()
        self._update_choice = (event.stage, event.audience, event.channel)
        self.start_work(self._show_update(), "update")

    def show_update_for(self, stage: str, audience: str) -> None:
        """Go to the pane with the text of a stage for an audience."""
        self._update_choice = (stage, audience, "")
        self.go_to(3)
        self.start_work(self._show_update(), "update")

    def on_update_pane_edited(self, event: UpdatePane.Edited) -> None:
        """Keep what was typed as a draft, and check it once the person pauses."""
        event.stop()
        self._keep_draft(event.text)
        self._check_soon()

    def on_update_pane_reset_wanted(self, event: UpdatePane.ResetWanted) -> None:
        """Bring the template's text back; the text field's undo still has the person's own."""
        event.stop()
        self._keep_draft("")
        self._underived.add(self.update_pane.chosen)
        self.start_work(self._show_update(), "update")
        self.cockpit.notice("Back to the template. In the text, ctrl+z brings yours back.")

    def on_update_pane_save_wanted(self, event: UpdatePane.SaveWanted) -> None:
        """Store the draft now."""
        event.stop()
        self.cockpit.drafts.flush()
        trouble = self.cockpit.drafts.failure
        if trouble:
            self.cockpit.notice(f"The draft cannot be stored: {trouble}", "bad")
        else:
            self.cockpit.notice("Draft kept. s marks it sent, c copies it.")

    def on_update_pane_external_wanted(self, event: UpdatePane.ExternalWanted) -> None:
        """Go on in the person's own editor."""
        event.stop()
        self.edit_update()

    def edit_update(self) -> None:
        """Edit the update's text in the person's own editor, unless somebody else writes it."""
        if self.update_pane.held:
            self.tell_held()
            return

        async def edit() -> None:
            composition = await self._composition()
            directory = await self.cockpit.fetch(lambda session: session.paths.drafts)
            command = self.cockpit.config.editor
            result = edit_text(self.app, composition.text, command=command, directory=directory)
            if result.trouble:
                self.cockpit.notice(result.trouble, "bad")
            elif result.text != composition.text:
                self.update_pane.area.put_text(result.text)

        self.start_work(edit(), "external")

    def action_copy(self) -> None:
        """Copy the update, from whatever pane."""
        self.start_work(self._copy_update(), "copy")

    def action_sent(self) -> None:
        """Mark the update as sent, from whatever pane."""
        now = self.cockpit.clock()
        if self._update_sent_at and now - self._update_sent_at < _TWICE:
            self.cockpit.notice("Marked sent a moment ago. For another update press it again.")
            return
        self.start_work(self._mark_sent(), "sent")

    def show_plain_update(self) -> None:
        """Show the update on a plain screen, to be selected by hand."""
        from cockpit.screens.plain_text import PlainTextScreen

        async def show() -> None:
            composition = await self._composition()
            self.app.push_screen(PlainTextScreen(outgoing_text(composition)))

        self.start_work(show(), "plain")

    async def _show_update(self, *, follow: bool = False) -> None:
        """Show the chosen text; `follow`: only as long as nobody has touched the one shown."""
        # What composes a text is loaded with the first one: the entries are there before.
        from cockpit.service import updates

        stage, audience, channel = self._update_choice
        inc, pane = self.inc, self.update_pane
        await pane.open()
        base = await self.cockpit.fetch(
            lambda session: updates.compose(
                session, inc, stage=stage, audience=audience, channel=channel
            )
        )
        if follow and pane.edited:
            return
        choice = (base.stage, base.audience, base.channel.id)
        kept = self.cockpit.drafts.offer(self._draft_key(choice))
        derived = "" if kept else self._derive_draft(choice)
        draft = kept or derived
        changed = choice != pane.chosen
        self._update_subject, self._update_template = base.subject, base.text
        if draft and draft != base.text:
            checked = await self._compose_text(choice, draft)
            pane.show_composition(checked, draft=draft, template_text=base.text)
            if changed:
                words = (
                    "Made of your words for another channel." if derived else "Your draft was kept."
                )
                self.cockpit.notice(f"{words} backspace goes back to the template.")
        else:
            pane.show_composition(base)
        self._show_drafts(choice)

    def _check_soon(self) -> None:
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(CHECK_AFTER_SECONDS, self._check_now)

    def _check_now(self) -> None:
        self._check_timer = None
        pane = self.update_pane
        choice, text = pane.chosen, pane.text

        async def check() -> None:
            composition = await self._compose_text(choice, text)
            if pane.chosen == choice and pane.text == text:
                pane.show_checks(composition)
                self._show_drafts(choice)

        if choice[0]:
            self.start_work(check(), "check")

    async def _compose_text(self, choice: tuple[str, str, str], text: str) -> Composition:
        from cockpit.service import updates

        stage, audience, channel = choice
        inc = self.inc
        composition = await self.cockpit.fetch(
            lambda session: updates.compose(
                session, inc, stage=stage, audience=audience, channel=channel, text=text
            )
        )
        return replace(composition, subject=self._update_subject)

    async def _composition(self) -> Composition:
        """Return what the pane shows, word for word; composed first if it never was shown."""
        pane = self.update_pane
        if not pane.chosen[0]:
            await self._show_update()
        return await self._compose_text(pane.chosen, pane.text)

    async def _copy_update(self, also: str = "") -> None:
        """Copy what the pane shows; `also` is told with it."""
        from cockpit.service import updates

        composition = await self._composition()
        result = await self.cockpit.copy_text(outgoing_text(composition))
        words = f"{result.sentence} {also}".rstrip()
        if composition.unfilled:
            words += f" Not filled: {', '.join(composition.unfilled)}."
        self.cockpit.notice(words, "info" if result.ok else "bad")
        if self.cockpit.config.readonly or self.together.reads_only:
            return
        await self.cockpit.perform(lambda session: updates.copied(session, composition))
        await self.refresh_view()

    async def _mark_sent(self) -> None:
        from cockpit.service import updates

        composition = await self._composition()
        wrong = [each.text for each in composition.blocked]
        wrong += self.doubled(composition.audience)
        if wrong and not await self._is_sure(wrong, "Was it really sent like this?"):
            return
        self._update_sent_at = self.cockpit.clock()
        await self.cockpit.perform(lambda session: updates.sent(session, composition))
        choice = (composition.stage, composition.audience, composition.channel.id)
        self.cockpit.drafts.clear(self._draft_key(choice))
        self._underived.clear()
        self.end_claim()
        # What comes next is another text: the one that is now sent must not stand there as if new.
        self._update_choice = ("", composition.audience, composition.channel.id)
        promise = (
            f" Next by {self.clock_words(composition.next_at)}." if composition.next_at else ""
        )
        self.cockpit.notice(
            f"Marked sent to {composition.audience} by {composition.channel.name}.{promise} "
            "u takes it back."
        )
        await self._show_update()
        await self.refresh_view()

    async def _is_sure(self, reasons: Sequence[str], question: str) -> bool:
        answer = await self.app.push_screen_wait(
            ChoiceDialog(
                f"{question} {' '.join(reasons)}",
                [
                    Choice("back", "No, back to the text", "nothing is recorded"),
                    Choice("sent", "Yes, like this", "recorded word for word"),
                ],
                ask_reason=False,
            )
        )
        return answer is not None and answer[0] == "sent"
