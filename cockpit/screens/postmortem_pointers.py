"""What the post-mortem pane points out and offers: wording, gaps, entries, action items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.postmortem_base import PostmortemBase
from cockpit.service.entry_picking import Picked, pick
from cockpit.widgets.postmortem_pane import PostmortemPane

if TYPE_CHECKING:
    from cockpit.domain.postmortem_findings import Finding

LOOK_AFTER_SECONDS = 0.4
"""How long a person pauses before their words are looked at: nobody is told in mid-word."""

_OWNER = re.compile(r"(?<!\S)@(\S+)")
_DUE = re.compile(r"(?<!\S)(\d{4}-\d{2}-\d{2}|\+\d{1,4}[dwDW])(?!\S)")


def parse_action(line: str) -> tuple[str, str, str]:
    """Return (title, owner, due) of "Alert on pool use @lena 2026-12-01"."""
    owner = _OWNER.search(line)
    due = _DUE.search(line)
    title = _DUE.sub("", _OWNER.sub("", line))
    return " ".join(title.split()), owner.group(1) if owner else "", due.group(1) if due else ""


def left_words(findings: Sequence[Finding]) -> str:
    """Return in one line what is left to write: how many things, and the first of them."""
    if not findings:
        return ""
    from cockpit.domain.postmortem_findings import count_words

    first = findings[0]
    return f"{count_words(findings)}. {first.title}: {first.sentence}"


class PointersMixin(PostmortemBase):
    """Looks at the words while they are typed, and at the whole when it changes."""

    _look_timer: Timer | None = None
    _findings: tuple[Finding, ...] = ()

    def look_soon(self) -> None:
        """Look at the open section's words once the person pauses."""
        if self._look_timer is not None:
            self._look_timer.stop()
        self._look_timer = self.set_timer(LOOK_AFTER_SECONDS, self.look_now)

    def look_now(self) -> None:
        """Look at the open section's words."""
        if self._look_timer is not None:
            self._look_timer.stop()
            self._look_timer = None
        self.start_work(self._look(), "wording")

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say in the pane what is left to write in all sections."""
        self._findings = tuple(findings)
        self.postmortem_pane.show_left(left_words(findings), self.key_for("postmortem.check"))

    def on_postmortem_pane_accepted(self, event: PostmortemPane.Accepted) -> None:
        """Keep that a wording is fine as it is."""
        event.stop()
        self.start_work(self._accept(event), "accept")

    def on_postmortem_pane_entry_wanted(self, event: PostmortemPane.EntryWanted) -> None:
        """Let the person choose an entry to put into the section."""
        event.stop()
        self.start_work(self._insert_entry(), "entry")

    def on_postmortem_pane_check_wanted(self, event: PostmortemPane.CheckWanted) -> None:
        """List what is left to write; choosing a line goes there."""
        event.stop()
        self.store_section()
        self.start_work(self._check(), "check")

    def on_postmortem_pane_add_action_wanted(self, event: PostmortemPane.AddActionWanted) -> None:
        """Ask for an action item."""
        event.stop()
        self.start_work(self._add_action(), "action")

    async def _look(self) -> None:
        from cockpit.service import postmortem_checks

        inc, pane = self.inc, self.postmortem_pane
        section, text = pane.current, pane.area.text
        if not section:
            return
        found = await self.cockpit.fetch(
            lambda session: postmortem_checks.hints(session, inc, section, text)
        )
        if pane.current == section:
            keys = (self.key_for("section.next_hint"), self.key_for("section.accept_hint"))
            pane.show_hints(text, found, keys)

    async def _accept(self, event: PostmortemPane.Accepted) -> None:
        from cockpit.service import postmortem_checks

        inc, section, hint = self.inc, event.section, event.hint
        await self.cockpit.perform(
            lambda session: postmortem_checks.accept(session, inc, section, hint)
        )
        undo = self.key_for("incident.undo")
        self.cockpit.notice(
            f"“{hint.phrase}” stays as it is. Outside the text, {undo} undoes that."
        )
        await self.refresh_view()

    async def _insert_entry(self) -> None:
        from cockpit.domain.entry_markdown import entry_line
        from cockpit.screens.entry_picker import EntryPicker

        inc, pane = self.inc, self.postmortem_pane
        section = pane.current

        async def read(words: str) -> Picked:
            return await self.cockpit.fetch(lambda session: pick(session.reads, inc, words))

        entry = await self.app.push_screen_wait(EntryPicker(read))
        if entry is not None and pane.current == section and not pane.shows_draft:
            pane.put_entry(entry_line(entry))

    async def _check(self) -> None:
        if not await self.list_findings(public=self.public_form):
            self.cockpit.notice("Nothing is left to write in the post-mortem.")

    async def list_findings(self, *, public: bool) -> bool:
        """Say whether something is left in a form of the post-mortem, and let one go there."""
        from cockpit.domain.postmortem_findings import count_words
        from cockpit.service import postmortem_checks

        inc = self.inc
        # On the writer's thread: what was typed just now is stored there first.
        findings = await self.cockpit.perform(
            lambda session: postmortem_checks.findings(session, inc, public=public)
        )
        await self.postmortem_pane.open()
        if public == self.public_form:
            self.show_findings(findings)
        if not findings:
            return False
        choices = [
            Choice(str(number), f"{each.title}: {each.sentence}", each.how)
            for number, each in enumerate(findings)
        ]
        where = "before the public post-mortem can go out" if public else "in the post-mortem"
        title = f"{count_words(findings)} {where}"
        chosen = await self.app.push_screen_wait(ChoiceDialog(title, choices, ask_reason=False))
        if chosen is not None:
            finding = findings[int(chosen[0])]
            if not await self._is_settled(finding):
                self.public_form = public
                await self._go_to(finding)
        return True

    async def _is_settled(self, finding: Finding) -> bool:
        """Ask whether what customers would read is fine as it is; keep it if so.

        Wording has a key of its own while one writes, and the rest cannot go out at all.
        """
        from cockpit.domain.postmortem_outgoing import OUTGOING
        from cockpit.service import postmortem_checks

        if finding.kind != OUTGOING:
            return False
        ways = (
            Choice("go", "Go there", finding.how),
            Choice("fine", "It is fine as it is", "Nobody is asked about it again."),
        )
        title = f"{finding.title}: {finding.sentence}"
        answer = await self.app.push_screen_wait(ChoiceDialog(title, ways, ask_reason=False))
        if answer is None or answer[0] == "go":
            return answer is None
        inc = self.inc
        await self.cockpit.perform(
            lambda session: postmortem_checks.accept_findings(
                session, inc, [finding.id], public=True
            )
        )
        self.cockpit.notice(f"It stays as it is. {self.key_for('incident.undo')} undoes that.")
        await self.refresh_view()
        await self.show_sections()
        return True

    async def _go_to(self, finding: Finding) -> None:
        pane = self.postmortem_pane
        self.go_to(4)
        await self.show_sections(finding.section)
        if not pane.shows_draft:
            pane.go_to_text(finding.start)

    async def _add_action(self) -> None:
        from cockpit.service import action_items

        line = await self.app.push_screen_wait(
            TextDialog("Add an action item", "What, @who, by when (2026-12-01 or +14d)", "")
        )
        title, owner, due = parse_action(line or "")
        if not title:
            return
        inc = self.inc
        await self.cockpit.perform(
            lambda session: action_items.add_action(session, inc, title, owner=owner, due=due)
        )
        self.cockpit.notice("Action item added. u takes it back.")
        await self.refresh_view()
