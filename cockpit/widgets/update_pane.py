"""Pane 3: the next update, from template to text, its checks, and what was sent before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar, Protocol

from textual import events
from textual.app import ComposeResult
from textual.message import Message

from cockpit.domain.outgoing import Check
from cockpit.domain.playbook import Channel
from cockpit.domain.templates import STAGES
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.widgets.check_line import CheckLine
from cockpit.widgets.draft_area import DraftArea
from cockpit.widgets.marks import marks
from cockpit.widgets.sent_list import SentList
from cockpit.widgets.stage_tabs import StageTabs, Tab
from cockpit.widgets.update_choice import UpdateChoice
from cockpit.widgets.update_target import UpdateTarget

_ROOMY = 15
"""Lines of the pane from which blank lines set its parts apart."""
_SMALLEST_EDITOR = 4


class Composed(Protocol):
    """A composed update, as the pane shows it."""

    @property
    def stage(self) -> str:
        """Return the template's stage."""

    @property
    def audience(self) -> str:
        """Return the audience's word."""

    @property
    def channel(self) -> Channel:
        """Return the channel."""

    @property
    def text(self) -> str:
        """Return the text."""

    @property
    def subject(self) -> str:
        """Return the subject, empty for channels without one."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return what is right and wrong with the text."""

    @property
    def next_at(self) -> datetime | None:
        """Return the time that the text promises."""


class UpdatePane(UpdateChoice):
    """Stages, target, text, checks and the list of what was sent."""

    title: ClassVar[str] = "Update"

    DEFAULT_CSS = """
    UpdatePane { height: 1fr; }
    UpdatePane > DraftArea { height: auto; min-height: 3; }
    UpdatePane.-roomy > DraftArea { margin-top: 1; }
    UpdatePane.-roomy > CheckLine { margin-top: 1; }
    UpdatePane.-roomy > SentList { margin-top: 1; }
    """

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
        self._messages: tuple[OutgoingMessage, ...] = ()
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield StageTabs()
        yield UpdateTarget()
        yield DraftArea()
        yield CheckLine()
        yield SentList()

    @property
    def text(self) -> str:
        """Return the text as it stands."""
        return self.area.text

    @property
    def edited(self) -> bool:
        """Say whether a person changed the template's text."""
        return self._composition is not None and self.text != self._template_text

    def summary(self) -> str:
        """Return what the tab says: "draft" while an edited text waits."""
        return "draft" if self.edited or self._drafts else ""

    def long_summary(self) -> str:
        """Return what a wide band says."""
        if self._composition is None:
            return ""
        audience = self._composition.audience
        return f"draft, {audience}" if self.summary() else audience

    def show(self, view: IncidentView, now: datetime, zone: tzinfo) -> None:
        """Show what was sent, and times in `zone`."""
        self._now, self._zone, self._messages = now, zone, view.messages
        self._show_sent()
        self._show_head()
        self._fit()
        self.post_message(self.Shown())

    def set_choices(self, audiences: Sequence[str], channels: Sequence[Channel]) -> None:
        """Offer these audiences and channels, and call the channels by their names."""
        super().set_choices(audiences, channels)
        self._show_sent()

    def tick(self, now: datetime) -> None:
        """Take the clock; nothing here counts."""
        self._now = now

    def show_composition(
        self, composition: Composed, *, draft: str = "", template_text: str | None = None
    ) -> None:
        """Show the text of a template, or a person's `draft` of it that was kept.

        template_text: the template's own text when `composition` was made of the draft.
        """
        self._take(composition)
        self._subject = composition.subject
        self._template_text = composition.text if template_text is None else template_text
        self._restored = bool(draft) and draft != self._template_text
        self._shown_text = draft or composition.text
        area = self.area
        if not area.text:
            area.show_text(self._shown_text)
        else:
            area.put_text(self._shown_text)
        # What the field could not take as it is (control characters) is not the person's edit.
        if not self._restored:
            self._template_text = area.text
        self._shown_text = area.text
        self._show_head()
        self.query_one(CheckLine).show_checks(composition.checks)
        self.call_after_refresh(self._fit)

    def show_checks(self, composition: Composed) -> None:
        """Show the checks of the text that stands there, without touching the text."""
        self._take(composition)
        self._show_head()
        self.query_one(CheckLine).show_checks(composition.checks)
        self.call_after_refresh(self._fit)

    def show_drafts(self, stages: Collection[str]) -> None:
        """Mark the stages for which an edited text is kept."""
        self._drafts = stages
        self._show_head()

    def _show_sent(self) -> None:
        sent = self.query_one(SentList)
        sent.show_messages(self._messages, self._now, self._zone, self.channel_names())

    def _show_head(self) -> None:
        composition = self._composition
        if composition is None:
            return
        tabs = [
            Tab(each, each.capitalize(), marks().kept if each in self._drafts else "")
            for each in STAGES
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
        )

    def _fit(self) -> None:
        height = self.size.height
        roomy = height >= _ROOMY
        self.set_class(roomy, "-roomy")
        fixed = 1 + self.query_one(UpdateTarget).size.height + self.query_one(CheckLine).size.height
        fixed += 2 if roomy else 0
        sent = self.query_one(SentList)
        lines = self.area.wrapped_document.height
        # The list takes what the text leaves; on a tall pane three lines at least.
        least = 3 if height >= 20 else 0
        room = max(height - fixed - lines - roomy, least - roomy)
        sent.set_room(room if room >= 2 else 0)
        sent.display = room >= 2 and sent.lines > 0
        taken = min(sent.lines, room) + roomy if sent.display else 0
        self.area.styles.max_height = max(height - fixed - taken, _SMALLEST_EDITOR)

    def on_resize(self) -> None:
        """Share the height between the text and the list."""
        self.call_after_refresh(self._fit)

    def say_edited(self, text: str) -> None:
        """Tell what the person wrote."""
        self._restored = False
        self._show_head()
        self._fit()
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
        if self.has_focus and event.key in ("up", "k"):
            self.area.scroll_up(animate=False)
        elif self.has_focus and event.key in ("down", "j"):
            self.area.scroll_down(animate=False)

    def _take(self, composition: Composed) -> None:
        self._composition = composition
        self._chosen = (composition.stage, composition.audience, composition.channel.id)
