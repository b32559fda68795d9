"""For whom an update is, by which channel, when it promises the next one, and how long it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from textual.content import Content

from cockpit.domain.outgoing import count, describe_count
from cockpit.domain.playbook import Channel
from cockpit.domain.times import format_clock
from cockpit.domain.view import OutgoingMessage
from cockpit.domain.visible import make_visible
from cockpit.widgets.check_line import MOST_LINES, flow
from cockpit.widgets.steady_text import SteadyText


class UpdateTarget(SteadyText):
    """One or two lines: "to customers   by SMS   next by 10:30   171, 2 SMS"."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "update-target--label",
        "update-target--value",
        "update-target--over",
        "update-target--writer",
    }
    DEFAULT_CSS = """
    UpdateTarget { height: auto; max-height: 3; }
    UpdateTarget .update-target--label { color: $muted; }
    UpdateTarget .update-target--value { color: $text; }
    UpdateTarget .update-target--writer { color: $soon; text-style: bold; }
    UpdateTarget .update-target--over { color: $late; text-style: bold; }
    """

    def __init__(self, **options: Any) -> None:
        """Make an empty line; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._items: list[Content] = []

    def show_target(
        self,
        audience: str,
        channel: Channel,
        text: str,
        *,
        subject: str,
        next_at: datetime | None,
        zone: tzinfo,
        words: str,
        writer: str = "",
    ) -> None:
        """Describe where the text goes; `words` says something about it ("edited"), or nothing.

        writer: who else writes it now, and since when; empty for nobody.
        """
        over = bool(channel.limit) and count(text, channel) > channel.limit
        items = [Content.styled(make_visible(writer), ".update-target--writer")] if writer else []
        items += [self._fact("to", audience), self._fact("by", channel.name)]
        if next_at:
            items.append(self._fact("next by", format_clock(next_at, zone)))
        style = ".update-target--over" if over else ".update-target--label"
        if length := describe_count(text, channel):
            items.append(Content.styled(length, style))
        if words:
            items.append(Content.styled(words, ".update-target--label"))
        if subject:
            items.append(self._fact("subject", subject))
        self._items = items
        self._draw()

    def show_correction(
        self, message: OutgoingMessage, text: str, channels: Mapping[str, str], zone: tzinfo
    ) -> None:
        """Say which sent text is being corrected, how long it is now, and how one gets out."""
        at = message.at.astimezone(zone)
        items = [self._fact("correcting what went to", message.msg.audience)]
        items.append(self._fact("at", f"{at:%H:%M %Z}"))
        if names := ", ".join(channels.get(each, each) for each in message.msg.channels):
            items.append(self._fact("by", names))
        words = "no new update" if text == message.text else "edited, no new update"
        items.append(Content.styled(words, ".update-target--label"))
        self._items = items
        self._draw()

    def on_resize(self) -> None:
        """Set the facts for the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width or 80
        self.update(flow(self._items, width, MOST_LINES, ".update-target--label"))

    def _fact(self, label: str, text: str) -> Content:
        return Content.assemble(
            (f"{label} ", ".update-target--label"),
            (make_visible(text), ".update-target--value"),
        )
