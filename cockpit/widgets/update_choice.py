"""Choosing an update's stage, audience and channel with single keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.message import Message

from cockpit.domain.playbook import Channel
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.stage_tabs import StageTabs
from cockpit.widgets.writing_pane import WritingPane

Chosen = tuple[str, str, str]
"""Stage, audience and channel id."""


class UpdateChoice(WritingPane):
    """The part of the update pane that chooses what to write, for whom and by which channel."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("update")

    class Choice(Message, namespace="update_pane"):
        """Another stage, audience or channel was chosen."""

        def __init__(self, stage: str, audience: str, channel: str) -> None:
            """Keep the choice; `channel` is empty for the audience's usual one."""
            super().__init__()
            self.stage = stage
            self.audience = audience
            self.channel = channel

    class ResetWanted(Message, namespace="update_pane"):
        """The person wants the template's text back."""

    def __init__(self, **options: Any) -> None:
        """Begin without a choice; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._chosen: Chosen = ("", "", "")
        self._audiences: Sequence[str] = ("customers",)
        self._channels: Sequence[Channel] = ()

    @property
    def chosen(self) -> Chosen:
        """Return stage, audience and channel id, empty before anything is shown."""
        return self._chosen

    def set_choices(self, audiences: Sequence[str], channels: Sequence[Channel]) -> None:
        """Offer these audiences and channels."""
        self._audiences, self._channels = audiences, channels

    def channel_names(self) -> Mapping[str, str]:
        """Return the channels' names by id."""
        return {each.id: each.name for each in self._channels}

    def on_stage_tabs_picked(self, event: StageTabs.Picked) -> None:
        """Choose the stage that was clicked."""
        event.stop()
        self._choose(stage=event.name)

    def action_next_stage(self) -> None:
        """Choose the stage to the right."""
        self._choose(stage=self.query_one(StageTabs).neighbour(1))

    def action_previous_stage(self) -> None:
        """Choose the stage to the left."""
        self._choose(stage=self.query_one(StageTabs).neighbour(-1))

    def action_next_audience(self) -> None:
        """Choose the next audience, by its usual channel."""
        self._choose(audience=_next(self._audiences, self._chosen[1]), channel="")

    def action_next_channel(self) -> None:
        """Choose the next channel."""
        self._choose(channel=_next([each.id for each in self._channels], self._chosen[2]))

    def action_reset_update(self) -> None:
        """Ask for the template's text; undo in the text brings the person's own back."""
        self.post_message(self.ResetWanted())

    def _choose(
        self, *, stage: str | None = None, audience: str | None = None, channel: str | None = None
    ) -> None:
        if not self._chosen[0]:
            return
        wishes = (stage, audience, channel)
        now = self._chosen
        then = [own if wish is None else wish for wish, own in zip(wishes, now, strict=True)]
        if tuple(then) != now:
            self.post_message(self.Choice(*then))


def _next(choices: Sequence[str], current: str) -> str:
    if not choices:
        return current
    index = choices.index(current) + 1 if current in choices else 0
    return choices[index % len(choices)]
