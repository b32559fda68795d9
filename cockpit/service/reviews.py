"""The review of post-mortems: states, who reviewed, what is owed, the meeting's calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cockpit.domain.action_items import IncidentItem
from cockpit.domain.calendar_file import CalendarEvent, write_calendar
from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.review import (
    REVIEW_STATES,
    REVIEWED,
    Owed,
    all_owed,
    lesson_of,
    meeting_event,
    nudges,
)
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import clean_input
from cockpit.errors import InvalidInputError
from cockpit.paths import create_private_directory
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.service.whole_files import write_export
from cockpit.store.database import NewEvent, Reads

_PM = "pm"


def list_owed(session: Session, items: Sequence[IncidentItem] | None = None) -> tuple[Owed, ...]:
    """Return every incident whose post-mortem is owed something, late ones first.

    items: all action items, where the caller has read them already.
    """
    return all_owed(session.reads.lessons(items), session.playbook, session.clock())


def owed_to(session: Session, view: IncidentView) -> Owed | None:
    """Return what is owed to one incident's post-mortem, None when it is nothing."""
    lesson = lesson_of(view)
    if lesson is None:
        return None
    found = nudges(lesson, session.playbook, session.clock())
    return Owed(lesson, found) if found else None


def set_review(
    session: Session,
    inc: str,
    state: str,
    *,
    by: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> IncidentView:
    """Bring the review to a state, and keep who reviewed it and when.

    by: who reviewed it, where it is not the author alone; at: when (None: now). Back in draft or
    in review, it counts as not reviewed. Setting the state that holds changes only a new `by`.
    Raises InvalidInputError for another state, and ExportRefusedError for publishing while
    something stands in the way of a public form that somebody has written.
    """
    word = " ".join(state.lower().replace("-", " ").replace("_", " ").split())
    if word not in REVIEW_STATES:
        raise expected("a review state", state, REVIEW_STATES)
    names = " ".join(clean_input(by).split())
    before = session.reads.view(inc).postmortem
    if word == REVIEW_STATES[-1] and before.review != word:
        _check_public(session, inc)
    values = {"review": word}
    if word == "reviewed" or names:
        if word not in REVIEWED:
            raise InvalidInputError(f"A post-mortem that is {word} was not reviewed by anybody.")
        if names or not before.reviewed_by:
            values["reviewed_by"] = names or session.author
            values["reviewed_at"] = (at or session.clock()).isoformat()
    elif word not in REVIEWED and before.reviewed_by:
        values |= {"reviewed_by": "", "reviewed_at": ""}
    act, why = session.new_id(), clean_input(reason).strip()

    def build(reads: Reads) -> Sequence[NewEvent]:
        events = []
        for name, value in values.items():
            body = FieldSet(name, value, obj=_PM, reason=why, at=at, act=act)
            body = on_register(reads, inc, body)
            held = body.was or (REVIEW_STATES[0] if name == "review" else "")
            if held != value or body.over:
                events.append(NewEvent(inc, body))
        return events

    session.write(build)
    return session.reads.view(inc)


def set_meeting(session: Session, inc: str, at: datetime) -> IncidentView:
    """Say when the post-mortem meeting is, to the minute."""
    body = FieldSet("meeting_at", at.replace(second=0, microsecond=0).isoformat(), obj=_PM)
    session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])
    return session.reads.view(inc)


def calendar(session: Session, inc: str = "") -> str:
    """Return the calendar file of one incident's meeting, or of all meetings that lie ahead.

    Raises InvalidInputError when there is none.
    """
    events = _one_event(session, inc) if inc else _events_ahead(session)
    if not events:
        raise InvalidInputError(
            "No post-mortem meeting lies ahead.", "cockpit postmortem meeting INC-42 TIME sets one."
        )
    return write_calendar(events, session.clock())


def file_name(session: Session, inc: str = "") -> str:
    """Return the usual name of a calendar file."""
    return f"{session.reads.view(inc).ref}-postmortem.ics" if inc else "postmortems.ics"


def write_file(session: Session, inc: str) -> Path:
    """Write the calendar file into the usual directory for exports and return it."""
    text = calendar(session, inc)
    create_private_directory(session.paths.exports)
    path = session.paths.exports / file_name(session, inc)
    write_export(path, text, force=True)
    return path


def _check_public(session: Session, inc: str) -> None:
    from cockpit.service.postmortem_checks import refuse_public
    from cockpit.service.postmortems import sections

    if any(each.text.strip() for each in sections(session, inc, public=True)):
        refuse_public(session, inc)


def _one_event(session: Session, inc: str) -> list[CalendarEvent]:
    view = session.reads.view(inc)
    lesson = lesson_of(view)
    event = meeting_event(lesson, session.playbook) if lesson else None
    if event is None:
        why = "has no date" if lesson else "comes once it is over"
        raise InvalidInputError(
            f"The post-mortem meeting of {view.ref} {why}.",
            f"cockpit postmortem meeting {view.ref} TIME sets it." if lesson else "",
        )
    return [event]


def _events_ahead(session: Session) -> list[CalendarEvent]:
    now, playbook = session.clock(), session.playbook
    events = (meeting_event(each, playbook) for each in session.reads.lessons())
    ahead = [each for each in events if each is not None and each.start >= now]
    return sorted(ahead, key=lambda each: (each.start, each.uid))
