"""What was sent so far: when, which stage, to whom and by which channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar

from textual.content import Content
from textual.widget import Widget

from cockpit.domain.times import format_clock
from cockpit.domain.view import OutgoingMessage
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import MessageState
from cockpit.widgets.marks import shorten

_OLD = timedelta(hours=20)


def receivers(message: OutgoingMessage, channels: Mapping[str, str]) -> str:
    """Return to whom a message went and how: "customers by Status page and E-mail"."""
    names = [channels.get(each, each.replace("-", " ")) for each in message.msg.channels]
    way = " and ".join(", ".join(names).rsplit(", ", 1))
    parts = [message.msg.audience, f"by {way}" if way else ""]
    return " ".join(part for part in parts if part)


class SentList(Widget):
    """The latest messages, newest first, as many as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sent-list--head",
        "sent-list--muted",
        "sent-list--stage",
    }
    DEFAULT_CSS = """
    SentList { height: 0; }
    SentList .sent-list--head { color: $text; text-style: bold; }
    SentList .sent-list--muted { color: $muted; }
    SentList .sent-list--stage { color: $text; }
    """

    def __init__(self, **options: Any) -> None:
        """Make an empty list; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._messages: tuple[OutgoingMessage, ...] = ()
        self._channels: Mapping[str, str] = {}
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC
        self._room = 4
        self._marked = ""

    @property
    def lines(self) -> int:
        """Return the lines that the whole list would take, its heading included."""
        return len(self._messages) + 1 if self._messages else 0

    def show_messages(
        self,
        messages: Sequence[OutgoingMessage],
        now: datetime,
        zone: tzinfo,
        channels: Mapping[str, str],
        *,
        marked: str = "",
    ) -> None:
        """Show these messages (in order of time); a copied one only until it was sent.

        marked: the entry of the one that is being corrected.
        """
        sent = [each for each in messages if was_sent(each)]
        kept = [
            each
            for each in reversed(messages)
            if was_sent(each) or not any(_is_copy(each, of) for of in sent)
        ]
        self._messages = tuple(kept)
        self._now, self._zone, self._channels = now, zone, channels
        self._marked = marked
        self._fit()

    def set_room(self, lines: int) -> None:
        """Draw at most so many lines; fewer than two draw nothing."""
        if lines != self._room:
            self._room = lines
            self._fit()

    def _fit(self) -> None:
        self.styles.height = 0 if self._room < 2 else min(self.lines, self._room)
        self.refresh()

    def render(self) -> Content:
        """Draw the heading and the newest messages."""
        rows = [Content.styled("Sent", ".sent-list--head")]
        shown = self._messages[: max(self._room - 1, 0)]
        widest = max((len(_stage(each)) for each in shown), default=0)
        width = self.content_size.width
        rows += [self._row(each, widest, width) for each in shown]
        return Content("\n").join(rows)

    def _row(self, message: OutgoingMessage, widest: int, width: int) -> Content:
        at = format_clock(message.at, self._zone)
        if abs(self._now - message.at) >= _OLD:
            at = f"{message.at.astimezone(self._zone):%d %b} {at}"
        head = Content.assemble(
            (f"{at}  ", ".sent-list--muted"),
            (_stage(message).ljust(widest), ".sent-list--stage"),
            "  ",
        )
        state = "" if was_sent(message) else "only copied, "
        if message.entry == self._marked:
            state = "correcting: "
        elif message.corrected:
            state = "corrected, "
        # Where there is no room for the channels, whom it went to says most.
        for words in (receivers(message, self._channels), message.msg.audience):
            tail = Content.styled(make_visible(f"{state}{words}"), ".sent-list--muted")
            if head.cell_length + tail.cell_length <= width:
                break
        return shorten(Content.assemble(head, tail), width)


def was_sent(message: OutgoingMessage) -> bool:
    """Say whether a text went out; else it was only copied."""
    return message.msg.state is MessageState.SENT


def _is_copy(copied: OutgoingMessage, sent: OutgoingMessage) -> bool:
    """Say whether what was copied is what was sent; of a corrected text the wording has changed."""
    one, other = copied.msg, sent.msg
    if one.audience != other.audience:
        return False
    if not sent.corrected:
        return copied.text == sent.text
    alike = (one.stage, one.channels) == (other.stage, other.channels)
    return copied.text == sent.text or (alike and copied.at <= sent.at)


def _stage(message: OutgoingMessage) -> str:
    return make_visible(message.msg.stage or message.msg.status or "update").capitalize()
