"""The post-mortem pane's work: open, adopt, autosave, merge what others write, preview, editor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.timer import Timer

from cockpit.errors import CockpitError
from cockpit.screens.postmortem_outside import OutsideMixin
from cockpit.screens.postmortem_pointers import PointersMixin
from cockpit.screens.section_editing import SectionEditing, section_key
from cockpit.screens.section_undo import forget_old_steps, keep_steps, take_steps
from cockpit.service.session import Session
from cockpit.widgets.postmortem_pane import PostmortemPane

if TYPE_CHECKING:
    from cockpit.domain.postmortem import PostmortemSection

IDLE_SECONDS = 1.0
TYPING_SECONDS = 2.0
RETRY_SECONDS = 5.0
_SOON = 0.01
_REST = 5
"""How many times as long as the last look at all sections the next one waits for more changes."""


def preview_text(sections: Sequence[PostmortemSection], current: str, text: str) -> str:
    """Return the document from the section `current` on, as Markdown, with `text` in its place."""
    ids = [each.id for each in sections]
    start = ids.index(current) if current in ids else 0
    parts = []
    for section in sections[start:]:
        body = text if section.id == current and text.strip() else section.written
        parts.append(f"## {section.title}\n\n{body.strip() or '*Nothing written yet.*'}\n")
    return "\n".join(parts)


class PostmortemMixin(PointersMixin, OutsideMixin):
    """Keeps one section open, stores it while it is typed, and merges what others write."""

    _idle_timer: Timer | None = None
    _typing_timer: Timer | None = None
    _sections_seen: str = ""
    _picked: str = ""
    _looked: float = 0
    _follow_timer: Timer | None = None

    def on_postmortem_pane_shown(self, event: PostmortemPane.Shown) -> None:
        """Follow the incident while the pane is on the screen."""
        event.stop()
        seen = self.view.last_op if self.view else ""
        if seen == self._sections_seen or self._follow_timer is not None:
            return
        # Drafts are made from every entry: of a long incident they must not hold up what is new.
        self._follow_timer = self.set_timer(max(_SOON, _REST * self._looked), self._follow_incident)

    def _follow_incident(self) -> None:
        self._follow_timer = None
        self._sections_seen = self.view.last_op if self.view else ""
        self.start_work(self._look_again(), "sections")

    async def _look_again(self) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        await self.show_sections()
        self._looked = clock() - begun

    def on_postmortem_pane_section_picked(self, event: PostmortemPane.SectionPicked) -> None:
        """Store the open section and open the picked one."""
        event.stop()
        self.store_section()
        self.start_work(self.show_sections(event.section), "sections")

    def on_postmortem_pane_edited(self, event: PostmortemPane.Edited) -> None:
        """Keep the keystrokes at once, store them after a pause or two seconds of typing."""
        event.stop()
        editing = self._editing
        if editing is None or editing.section != event.section:
            return
        editing.take(event.text)
        self.cockpit.drafts.note(section_key(self.inc, event.section), editing.pack())
        keep_steps(self.cockpit.drafts, self.inc, event.section, self.postmortem_pane.area)
        self.look_soon()
        if self._idle_timer is not None:
            self._idle_timer.stop()
        self._idle_timer = self.set_timer(IDLE_SECONDS, self.store_section)
        if self._typing_timer is None:
            self._typing_timer = self.set_timer(TYPING_SECONDS, self.store_section)
        self._show_preview()

    def on_postmortem_pane_adopt(self, event: PostmortemPane.Adopt) -> None:
        """Start from the section's draft, or bring into a text what is new in the draft."""
        event.stop()
        pane, editing = self.postmortem_pane, self._editing
        section = pane.section
        if editing is None or section is None or editing.section != section.id:
            return
        if not pane.shows_draft:
            editing.take(pane.text)
        if section.draft.strip() and editing.document.text.strip():
            self.store_section()
            self.start_work(self._redraft(section.id), "draft")
            return
        if section.draft.strip():
            editing.adopt(section.draft, self.inc)
        pane.show_text(editing.document.text)
        pane.begin_writing()
        self.store_section()

    def on_postmortem_pane_other_form_wanted(self, event: PostmortemPane.OtherFormWanted) -> None:
        """Store the open section and show the other form, at its first section."""
        event.stop()
        self.store_section()
        self.public_form = not self.public_form
        self.start_work(self.show_sections(), "sections")

    def on_postmortem_pane_left(self, event: PostmortemPane.Left) -> None:
        """Store the text that the person left."""
        event.stop()
        self.store_section()

    def on_postmortem_pane_save_wanted(self, event: PostmortemPane.SaveWanted) -> None:
        """Store the text now."""
        event.stop()
        self.store_section()
        self.cockpit.notice("Saved. The post-mortem is also saved while you type.")

    def on_screen_suspend(self) -> None:
        """Store what was typed before another screen covers this one."""
        self.store_section()

    async def _redraft(self, section: str) -> None:
        from cockpit.service import redrafts

        inc = self.inc
        # On the writer's thread: what was typed just now is stored there first.
        found = await self.cockpit.perform(
            lambda session: redrafts.redraft_section(session, inc, section)
        )
        (words,) = redrafts.redraft_lines([found])
        undo = f" {self.key_for('incident.undo')} takes it back." if found.is_new else ""
        self.cockpit.notice(words + undo)
        await self.refresh_view()
        await self.show_sections()

    def store_section(self) -> None:
        """Hand what was typed to the writer's thread at once; it outlives this screen there."""
        for timer in (self._idle_timer, self._typing_timer):
            if timer is not None:
                timer.stop()
        self._idle_timer = self._typing_timer = None
        editing = self._editing
        if editing is None:
            return
        pane = self.postmortem_pane
        if pane.current == editing.section and not pane.shows_draft:
            editing.take(pane.text)
        if updates := editing.join():
            self._write_section(editing, updates)
        else:
            self._keep_unsaved(editing)

    def _write_section(self, editing: SectionEditing, updates: tuple[str, ...]) -> None:
        pane = self.postmortem_pane
        inc, section = self.inc, editing.section

        def save(session: Session) -> None:
            from cockpit.service import postmortems

            postmortems.save_updates(session, inc, section, updates)

        keeper, key = self.cockpit.drafts, section_key(inc, section)
        draft = keeper.offer(key)
        written = self.cockpit.runner.submit(save)

        def forget(done: Future[None]) -> None:
            if not done.cancelled() and done.exception() is None:
                keeper.settle(key, draft)

        written.add_done_callback(forget)

        async def follow() -> None:
            try:
                await self.cockpit.outcome(written)
            except CockpitError as error:
                pane.show_saved(None, f"Not saved, kept as a draft: {error}")
                self.set_timer(RETRY_SECONDS, self.store_section)
                return
            editing.stored(updates)
            self._keep_unsaved(editing)
            pane.show_saved(self.cockpit.clock())

        self.queue_work(follow(), "save-section")

    def _keep_unsaved(self, editing: SectionEditing) -> None:
        """Keep as a draft what was typed since the last words that are stored, or forget it."""
        self.cockpit.drafts.note(section_key(self.inc, editing.section), editing.pack())

    async def show_sections(self, section: str = "") -> None:
        """Show the strip, and open `section` (empty: stay where we are, or the first one)."""
        # What makes drafts and checks is loaded with the first post-mortem that is opened.
        from cockpit.service import postmortem_checks, redrafts

        # A look at what is new may take the place of this one: it goes where this one was to go.
        self._picked = section or self._picked
        inc, pane, public = self.inc, self.postmortem_pane, self.public_form
        found, findings = await self.cockpit.fetch(
            lambda session: postmortem_checks.look(session, inc, public=public)
        )
        if not found or public != self.public_form:
            return
        await pane.open()
        known = [each.id for each in found]
        current = self._picked or pane.current
        current = current if current in known else known[0]
        draft = found[known.index(current)].draft
        updates, client, news = await self.cockpit.fetch(
            lambda session: (
                session.reads.section_updates(inc, current),
                int(session.random_hex(4), 16) or 1,
                redrafts.has_news(session, inc, current, draft),
            )
        )
        if self._picked == current:
            self._picked = ""
        more = self.key_for("postmortem.adopt")
        pane.news = f"The draft knows more ({more})" if news else ""
        pane.public_form = public
        if self._editing is None or self._editing.section != current:
            self._open(found, current, updates, client)
        else:
            self._merge(found, current, updates)
        self.show_findings(findings)
        self.look_soon()
        self._show_preview()

    def _open(
        self, found: Sequence[PostmortemSection], current: str, updates: Sequence[str], client: int
    ) -> None:
        pane = self.postmortem_pane
        draft = self.cockpit.drafts.offer(section_key(self.inc, current))
        if draft:
            editing = SectionEditing.restore(current, updates, client, draft)
        else:
            editing = SectionEditing(current, updates, client)
        if self._editing is None:
            self.cockpit.runner.submit(forget_old_steps)
        self._editing = editing
        pane.show_sections(found, current)
        if editing.document.text:
            pane.show_text(editing.document.text, fresh=True)
            if trouble := take_steps(self.cockpit.drafts, self.inc, current, pane.area):
                self.cockpit.notice(trouble)
        if editing.unsaved:
            self.cockpit.notice("What you had typed here was kept, and is saved now.")
            self.store_section()

    def _merge(
        self, found: Sequence[PostmortemSection], current: str, updates: Sequence[str]
    ) -> None:
        pane, editing = self.postmortem_pane, self._editing
        if editing is None:
            return
        if not pane.shows_draft:
            editing.take(pane.text)
        text = editing.merge(updates)
        pane.show_sections(found, current)
        if text.strip() or not pane.shows_draft:
            pane.show_text(text)

    def _show_preview(self) -> None:
        pane = self.postmortem_pane
        pane.preview.show_text(preview_text(pane.sections, pane.current, pane.text))
