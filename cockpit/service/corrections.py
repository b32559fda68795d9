"""Mistakes in texts that went out: put right without a new update, and without a new clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from cockpit.domain.correction import is_sent_text
from cockpit.domain.outgoing import Check, check
from cockpit.domain.promise import promised_time
from cockpit.domain.rendering import find_unfilled
from cockpit.domain.times import format_clock
from cockpit.domain.view import IncidentView, OutgoingMessage, TimelineEntry
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import MessageState
from cockpit.errors import InvalidInputError
from cockpit.service import timeline
from cockpit.service.session import Session

LAST = "last"


def correct_sent(
    session: Session, inc: str, entry: str, text: str, reason: str = ""
) -> TimelineEntry:
    """Correct a text that was sent; the timeline says what changed, and one undo takes it back.

    The promise that was made stays as it was: a new time is a new update.
    Raises InvalidInputError for an entry that is no sent text, and when nothing was changed.
    """
    known = _sent(session, inc, entry)
    if clean_input(text).strip() == known.text:
        raise InvalidInputError("Nothing was changed: the text is as it was sent.")
    return timeline.correct(session, inc, entry, text, reason=reason)


def sent_texts(view: IncidentView, audience: str = "") -> tuple[OutgoingMessage, ...]:
    """Return the texts that were sent, the last one first; audience: empty for all."""
    return tuple(
        each
        for each in reversed(view.messages)
        if each.msg.state is MessageState.SENT and audience in ("", each.msg.audience)
    )


def check_correction(session: Session, inc: str, entry: str, text: str) -> tuple[Check, ...]:
    """Return what to point out in a corrected text; its promise is not held against the clock."""
    known = _sent(session, inc, entry)
    msg = known.msg
    if msg is None:
        return ()
    playbook = session.playbook
    return check(
        text,
        audience=msg.audience,
        channel=playbook.channel("".join(msg.channels[:1])),
        rules=playbook.checks,
        view=session.reads.view(inc),
        unfilled=find_unfilled(text),
        next_at=promised_time(text, known.at),
        stage=msg.stage,
        roster=playbook.stakeholders,
    )


def changed_promise(message: OutgoingMessage, text: str) -> str:
    """Return a sentence when a correction names another time than was promised, else nothing."""
    named, kept = promised_time(text, message.at), message.msg.next_at
    if named is None or kept is None or named == kept:
        return ""
    return f"The countdown keeps {format_clock(kept, UTC)} UTC: another time is a new update."


def find_sent(session: Session, inc: str, name: str) -> OutgoingMessage:
    """Return the sent text called `last`, or whose entry's id begins with `name`."""
    found: Sequence[OutgoingMessage] = sent_texts(session.reads.view(inc))
    if not found:
        raise InvalidInputError("Nothing was sent yet that could be corrected.")
    if name == LAST:
        return found[0]
    begins = [each for each in found if name and each.entry.startswith(name.lower())]
    if len(begins) != 1:
        few = "More than one sent text begins" if begins else "No sent text begins"
        raise InvalidInputError(
            f"{few} with “{name}”.", "cockpit show --ids prints the ids; last is the last one."
        )
    return begins[0]


def _sent(session: Session, inc: str, entry: str) -> TimelineEntry:
    known = session.reads.entry(inc, entry)
    if known is None or not is_sent_text(known):
        raise InvalidInputError(
            "This entry is no text that was sent.", "cockpit amend corrects other entries."
        )
    return known
