"""The public thread: all that customers were told, newest first, as on a status page."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from cockpit.domain.stages import DONE, EXTENDED, SCHEDULED, STARTED, told_status
from cockpit.domain.times import format_stamp
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, Ring

_BEFORE_ANY = "update"
_OF_PLANNED_WORK = {
    SCHEDULED: "scheduled",
    STARTED: "in progress",
    EXTENDED: "in progress",
    DONE: "completed",
}
"""What status pages call planned work."""


class Post(Struct, frozen=True):
    """One text of the thread; status: the word that a status page shows beside it."""

    entry: str
    at: datetime
    status: str
    text: str
    channels: tuple[str, ...] = ()
    corrected: bool = False


def public_thread(view: IncidentView, primary: str) -> tuple[Post, ...]:
    """Return the texts that were sent to customers, newest first.

    primary: the id of the channel where the whole text stands. What went out by another one only
    repeats it, and is left out, when that stage and promise stand there already.
    """
    sent = [
        each
        for each in view.messages
        if each.msg.state is MessageState.SENT and each.msg.audience == Ring.CUSTOMERS.audience
    ]
    said = {_said(each) for each in sent if _is_whole(each, primary)}
    posts: list[Post] = []
    status = ""
    for each in sent:
        planned = _OF_PLANNED_WORK.get(each.msg.stage, "")
        status = planned or each.msg.status or told_status(each.msg.stage) or status
        if _is_whole(each, primary) or _said(each) not in said:
            word = status or each.msg.stage or _BEFORE_ANY
            posts.append(
                Post(each.entry, each.at, word, each.text, each.msg.channels, each.corrected)
            )
    return tuple(reversed(posts))


def thread_text(title: str, posts: tuple[Post, ...]) -> str:
    """Return the thread as one text: the title, then each text under its status and time (UTC)."""
    parts = [title.strip()]
    for each in posts:
        corrected = " (corrected)" if each.corrected else ""
        head = f"{each.status.capitalize()} - {format_stamp(each.at, UTC)}{corrected}"
        parts.append(f"{head}\n{each.text.strip()}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _is_whole(message: OutgoingMessage, primary: str) -> bool:
    return not message.msg.channels or primary in message.msg.channels


def _said(message: OutgoingMessage) -> tuple[str, datetime | None]:
    return (message.msg.stage or message.msg.status, message.msg.next_at)
