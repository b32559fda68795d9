"""Pane 3: the next update, from template to text, its checks, and what was sent before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

from textual import events
from textual.message import Message

from cockpit.domain.outgoing import Check
from cockpit.domain.playbook import Channel
from cockpit.domain.stages import stages_for
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.widgets.check_line import CheckLine
from cockpit.widgets.composed import Composed
from cockpit.widgets.marks import marks
from cockpit.widgets.sent_list import SentList, was_sent
from cockpit.widgets.stage_tabs import StageTabs, Tab
from cockpit.widgets.update_layout import UpdateLayout
from cockpit.widgets.update_target import UpdateTarget


class UpdatePane(UpdateLayout):
    """Stages, target, text, checks and the list of what was sent."""

    title: ClassVar[str] = "Update"
    EARLY = frozenset({"write_update"})

    class Shown(Message):
        """The pane got a new view of the incident."""

    class Edited(Message):
        """The person changed the text."""

        def __init__(self, text: str) -> None:
            """Keep the text."""
            super().__init__()
            self.text = text

    class SaveWanted(Message):
        """The person wants the draft stored now."""

    class CorrectionWanted(Message):
        """The person wants to correct a text that was sent."""

        def __init__(self, message: OutgoingMessage) -> None:
            """Keep the sent text."""
            super().__init__()
            self.message = message

    class ExternalWanted(Message):
        """The person wants to go on in their own editor."""

    def __init__(self, **options: Any) -> None:
        """Make an empty pane; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._composition: Composed | None = None
        self._template_text = ""
        self._subject = ""
        self._drafts: Collection[str] = ()
        self._restored = False
        self._correcting: OutgoingMessage | None = None
        self._messages: tuple[OutgoingMessage, ...] = ()
        self._kind = ""
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC

    @property
    def text(self) -> str:
        """Return the text as it stands."""
        return self.area.text

    @property
    def edited(self) -> bool:
        """Say whether what stands there is a person's work, not the template's text alone."""
        if self._correcting is not None:
            return True
        return self._composition is not None and self.text != self._template_text

    @property
    def correcting(self) -> OutgoingMessage | None:
        """Return the sent text that is being corrected, None when it is a new update."""
        return self._correcting

    def summary(self) -> str:
        """Return what the tab says: "draft" while an edited text waits."""
        if self._correcting is not None:
            return "correcting"
        if self._writer_name:
            return f"{self._writer_name} writes"
        return "draft" if self.edited or self._drafts else ""

    def long_summary(self) -> str:
        """Return what a wide band says."""
        if self._composition is None:
            return ""
        audience = self._composition.audience
        words = self.summary()
        return f"{words}, {audience}" if words else audience

    def show(self, view: IncidentView, now: datetime, zone: tzinfo) -> None:
        """Show what was sent, and times in `zone`."""
        self._now, self._zone, self._messages = now, zone, view.messages
        self._kind = view.kind
        self.show_sent()
        self.show_head()
        self.fit()
        self.post_message(self.Shown())

    def set_choices(self, audiences: Sequence[str], channels: Sequence[Channel]) -> None:
        """Offer these audiences and channels, and call the channels by their names."""
        super().set_choices(audiences, channels)
        self.show_sent()

    def tick(self, now: datetime) -> None:
        """Take the clock; nothing here counts."""
        self._now = now

    def show_composition(
        self, composition: Composed, *, draft: str = "", template_text: str | None = None
    ) -> None:
        """Show the text of a template, or a person's `draft` of it that was kept.

        template_text: the template's own text when `composition` was made of the draft.
        """
        self._correcting = None
        self.show_sent()
        self._take(composition)
        self._subject = composition.subject
        self._template_text = composition.text if template_text is None else template_text
        self._restored = bool(draft) and draft != self._template_text
        self._put(draft or composition.text)
        # What the field could not take as it is (control characters) is not the person's edit.
        if not self._restored:
            self._template_text = self.text
        self.show_head()
        self._show_findings(composition.checks)

    def show_correction(self, message: OutgoingMessage, text: str, checks: Iterable[Check]) -> None:
        """Show a text that was sent, to be corrected; the list of variables is of no use then."""
        self._correcting = message
        self._put(text)
        self.show_sent()
        self.show_head()
        self._show_findings(checks)

    def show_correction_checks(self, checks: Iterable[Check]) -> None:
        """Show the checks of the correction that stands there."""
        self.show_head()
        self._show_findings(checks)

    def show_checks(self, composition: Composed) -> None:
        """Show the checks of the text that stands there, without touching the text."""
        self._take(composition)
        self.show_head()
        self._show_findings(composition.checks)

    def show_drafts(self, stages: Collection[str]) -> None:
        """Mark the stages for which an edited text is kept."""
        self._drafts = stages
        self.show_head()

    def action_correct_sent(self) -> None:
        """Ask to correct the text that was sent last; once more, the one before it."""
        sent = [each for each in reversed(self._messages) if was_sent(each)]
        place = next((n for n, each in enumerate(sent, 1) if each == self._correcting), 0)
        if sent:
            self.post_message(self.CorrectionWanted(sent[place % len(sent)]))

    def _put(self, text: str) -> None:
        self._shown_text = text
        area = self.area
        if not area.text:
            area.show_text(text)
        else:
            area.put_text(text)
        self._shown_text = area.text

    def _show_findings(self, checks: Iterable[Check]) -> None:
        self.query_one(CheckLine).show_checks(checks)
        self.call_after_refresh(self.fit)

    def show_sent(self) -> None:
        """List what was sent."""
        if not self.is_open or not self.display:
            return
        sent = self.query_one(SentList)
        marked = self._correcting.entry if self._correcting else ""
        names = self.channel_names()
        sent.show_messages(self._messages, self._now, self._zone, names, marked=marked)

    def show_head(self) -> None:
        """Draw stages and target anew."""
        composition = self._composition
        if self._correcting is not None:
            names = self.channel_names()
            target = self.query_one(UpdateTarget)
            target.show_correction(self._correcting, self.text, names, self._zone)
            return
        if composition is None:
            return
        tabs = [
            Tab(each, each.capitalize(), marks().kept if each in self._drafts else "")
            for each in _offered(self._kind, composition.stage)
        ]
        self.query_one(StageTabs).show_tabs(tabs, composition.stage)
        self.query_one(UpdateTarget).show_target(
            composition.audience,
            composition.channel,
            self.text,
            subject=self._subject,
            next_at=composition.next_at,
            zone=self._zone,
            words=("your draft" if self._restored else "edited") if self.edited else "",
            writer=self._writer_words,
        )

    def say_edited(self, text: str) -> None:
        """Tell what the person wrote."""
        self._restored = False
        self.show_head()
        self.fit()
        self.post_message(self.Edited(text))

    def say_left(self) -> None:
        """The draft is kept already; there is nothing to tell."""

    def say_save(self) -> None:
        """Tell that the person wants the draft stored now."""
        self.post_message(self.SaveWanted())

    def say_external(self) -> None:
        """Tell that the person wants to go on in their own editor."""
        self.post_message(self.ExternalWanted())

    def on_key(self, event: events.Key) -> None:
        """Scroll the text with the arrows while the pane itself has the keyboard."""
        if not self.is_open:
            return
        if self.has_focus and event.key in ("up", "k"):
            self.area.scroll_up(animate=False)
        elif self.has_focus and event.key in ("down", "j"):
            self.area.scroll_down(animate=False)

    def _take(self, composition: Composed) -> None:
        self._composition = composition
        self.show_variables(composition.variables, composition.unfilled)
        self._chosen = (composition.stage, composition.audience, composition.channel.id)


def _offered(kind: str, shown: str) -> tuple[str, ...]:
    """Return the stages of a kind of incident, and the one that is shown if it is another."""
    usual = stages_for(kind)
    return usual if shown in usual else (*usual, shown)
