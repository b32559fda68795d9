"""Pane 3: the next update, from template to text, its checks, and what was sent before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar, Protocol

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from cockpit.domain.outgoing import Check
from cockpit.domain.playbook import Channel
from cockpit.domain.templates import STAGES
from cockpit.domain.view import IncidentView
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.check_line import CheckLine
from cockpit.widgets.draft_area import DraftArea
from cockpit.widgets.sent_list import SentList
from cockpit.widgets.stage_tabs import StageTabs, Tab
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


class UpdatePane(Vertical, can_focus=True):
    """Stages, target, text, checks and the list of what was sent."""

    title: ClassVar[str] = "Update"

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("update")
    DEFAULT_CSS = """
    UpdatePane { height: 1fr; }
    UpdatePane > DraftArea { height: auto; min-height: 3; }
    UpdatePane.-roomy > DraftArea { margin-top: 1; }
    UpdatePane.-roomy > CheckLine { margin-top: 1; }
    UpdatePane.-roomy > SentList { margin-top: 1; }
    """

    class Shown(Message):
        """The pane got a new view of the incident."""

    class Choice(Message):
        """Another stage, audience or channel was chosen."""

        def __init__(self, stage: str, audience: str, channel: str) -> None:
            """Keep the choice; `channel` is empty for the audience's usual one."""
            super().__init__()
            self.stage = stage
            self.audience = audience
            self.channel = channel

    class Edited(Message):
        """The person changed the text."""

        def __init__(self, text: str) -> None:
            """Keep the text."""
            super().__init__()
            self.text = text

    class ResetWanted(Message):
        """The person wants the template's text back."""

    class SaveWanted(Message):
        """The person wants the draft stored now."""

    class ExternalWanted(Message):
        """The person wants to go on in their own editor."""

    def __init__(self, **options: Any) -> None:
        """Make an empty pane; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._composition: Composed | None = None
        self._template_text = ""
        self._shown_text = ""
        self._subject = ""
        self._audiences: Sequence[str] = ("customers",)
        self._channels: Sequence[Channel] = ()
        self._drafts: Collection[str] = ()
        self._restored = False
        self._view: IncidentView | None = None
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
    def area(self) -> DraftArea:
        """Return the text field."""
        return self.query_one(DraftArea)

    @property
    def text(self) -> str:
        """Return the text as it stands."""
        return self.area.text

    @property
    def edited(self) -> bool:
        """Say whether a person changed the template's text."""
        return self._composition is not None and self.text != self._template_text

    @property
    def chosen(self) -> tuple[str, str, str]:
        """Return stage, audience and channel id, empty before anything is shown."""
        if self._composition is None:
            return "", "", ""
        return self._composition.stage, self._composition.audience, self._composition.channel.id

    def summary(self) -> str:
        """Return what the tab says: "draft" while an edited text waits."""
        return "draft" if self.edited or self._drafts else ""

    def long_summary(self) -> str:
        """Return what a wide band says."""
        if self._composition is None:
            return ""
        audience = self._composition.audience
        return f"draft, {audience}" if self.summary() else audience

    def set_choices(self, audiences: Sequence[str], channels: Sequence[Channel]) -> None:
        """Offer these audiences and channels."""
        self._audiences, self._channels = audiences, channels

    def show(self, view: IncidentView, now: datetime, zone: tzinfo) -> None:
        """Show what was sent, and times in `zone`."""
        self._view, self._now, self._zone = view, now, zone
        sent = self.query_one(SentList)
        sent.show_messages(view.messages, now, zone, self._channel_names())
        self._show_head()
        self._fit()
        self.post_message(self.Shown())

    def tick(self, now: datetime) -> None:
        """Take the clock; nothing here counts."""
        self._now = now

    def show_composition(
        self, composition: Composed, *, draft: str = "", template_text: str | None = None
    ) -> None:
        """Show the text of a template, or a person's `draft` of it that was kept.

        template_text: the template's own text when `composition` was made of the draft.
        """
        self._composition = composition
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
        self._composition = composition
        self._show_head()
        self.query_one(CheckLine).show_checks(composition.checks)
        self.call_after_refresh(self._fit)

    def show_drafts(self, stages: Collection[str]) -> None:
        """Mark the stages for which an edited text is kept."""
        self._drafts = stages
        self._show_head()

    def begin_writing(self) -> None:
        """Put the cursor into the text."""
        self.area.focus()

    def _channel_names(self) -> Mapping[str, str]:
        return {each.id: each.name for each in self._channels}

    def _show_head(self) -> None:
        composition = self._composition
        if composition is None:
            return
        tabs = [
            Tab(each, each.capitalize(), "•" if each in self._drafts else "") for each in STAGES
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

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what the person wrote."""
        event.stop()
        text = self.text
        if text == self._shown_text:
            return
        self._shown_text = text
        self._restored = False
        self._show_head()
        self._fit()
        self.post_message(self.Edited(text))

    def on_stage_tabs_picked(self, event: StageTabs.Picked) -> None:
        """Choose the stage that was clicked."""
        event.stop()
        self._choose(stage=event.name)

    def on_draft_area_left(self, event: DraftArea.Left) -> None:
        """Go back from the text to the pane."""
        event.stop()
        self.focus()

    def on_draft_area_save_wanted(self, event: DraftArea.SaveWanted) -> None:
        """Pass on the wish to save."""
        event.stop()
        self.post_message(self.SaveWanted())

    def on_draft_area_external_wanted(self, event: DraftArea.ExternalWanted) -> None:
        """Pass on the wish for the person's own editor."""
        event.stop()
        self.post_message(self.ExternalWanted())

    def on_key(self, event: events.Key) -> None:
        """Scroll the text with the page keys while the pane itself has the keyboard."""
        if not self.has_focus:
            return
        if event.key in ("up", "k"):
            self.area.scroll_up(animate=False)
        elif event.key in ("down", "j"):
            self.area.scroll_down(animate=False)

    def action_write_update(self) -> None:
        """Put the cursor into the text."""
        self.begin_writing()

    def action_next_stage(self) -> None:
        """Choose the stage to the right."""
        self._choose(stage=self.query_one(StageTabs).neighbour(1))

    def action_previous_stage(self) -> None:
        """Choose the stage to the left."""
        self._choose(stage=self.query_one(StageTabs).neighbour(-1))

    def action_next_audience(self) -> None:
        """Choose the next audience, by its usual channel."""
        _, audience, _ = self.chosen
        self._choose(audience=_next(self._audiences, audience), channel="")

    def action_next_channel(self) -> None:
        """Choose the next channel."""
        _, _, channel = self.chosen
        self._choose(channel=_next([each.id for each in self._channels], channel))

    def action_reset_update(self) -> None:
        """Ask for the template's text; undo brings the person's own back."""
        if self.edited:
            self.post_message(self.ResetWanted())

    def _choose(
        self, *, stage: str | None = None, audience: str | None = None, channel: str | None = None
    ) -> None:
        if self._composition is None:
            return
        now = self.chosen
        then = (
            now[0] if stage is None else stage,
            now[1] if audience is None else audience,
            now[2] if channel is None else channel,
        )
        if then != now:
            self.post_message(self.Choice(*then))


def _next(choices: Sequence[str], current: str) -> str:
    if not choices:
        return current
    index = choices.index(current) + 1 if current in choices else 0
    return choices[index % len(choices)]
