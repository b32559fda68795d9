"""What is still owed to the post-mortem of an incident that is over, until it is reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from cockpit.domain.action_items import CLOSED, due_day
from cockpit.domain.calendar_file import CalendarEvent
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_stamp
from cockpit.domain.view import ActionItem, IncidentView, PostmortemState
from cockpit.domain.vocabulary import Severity

REVIEW_STATES = ("draft", "in review", "reviewed", "published")
"""States of a post-mortem's review, in their order."""

REVIEWED = ("reviewed", "published")
"""States in which somebody has reviewed it."""

_COMMANDS = {
    "owner": "cockpit set {ref} pm.owner NAME",
    "meeting": "cockpit postmortem meeting {ref} TIME",
    "draft": "cockpit postmortem review {ref} in-review",
    "review": "cockpit postmortem review {ref} reviewed",
    "actions": "cockpit actions {ref}",
}


class Lesson(Struct, frozen=True):
    """An incident that is over, with what learning from it needs to know.

    imported: it was run elsewhere; waivers: the reason for each closing check that was waived.
    """

    inc: str
    ref: str
    number: int
    title: str
    severity: Severity
    over_at: datetime
    drill: bool = False
    private: bool = False
    imported: bool = False
    postmortem: PostmortemState = PostmortemState()
    waivers: dict[str, str] = {}
    actions: tuple[ActionItem, ...] = ()


class Nudge(Struct, frozen=True):
    """One thing that is owed: owner, meeting, draft, review or actions.

    due_at: until when; late: that has passed; how: the command that settles it.
    """

    id: str
    sentence: str
    how: str
    due_at: datetime
    late: bool = False


class Owed(Struct, frozen=True):
    """An incident with all that is owed to its post-mortem, late things first."""

    lesson: Lesson
    nudges: tuple[Nudge, ...]

    @property
    def late(self) -> bool:
        """Say whether something of it is late."""
        return any(each.late for each in self.nudges)


def lesson_of(view: IncidentView) -> Lesson | None:
    """Return what is to be learned from an incident, None while its response goes on."""
    if view.over_at is None or view.archived:
        return None
    return Lesson(
        inc=view.id,
        ref=view.ref,
        number=view.number,
        title=view.title,
        severity=view.severity,
        over_at=view.over_at,
        drill=view.drill,
        private=view.private,
        imported=view.src is not None,
        postmortem=view.postmortem,
        waivers=view.waivers,
        actions=view.actions,
    )


def meeting_deadline(lesson: Lesson, playbook: Playbook) -> datetime:
    """Return until when the post-mortem meeting is to be held."""
    return _later(lesson.over_at, days=playbook.meeting_days(lesson.severity))


def nudges(lesson: Lesson, playbook: Playbook, now: datetime) -> tuple[Nudge, ...]:
    """Return what is owed to an incident's post-mortem, late things first.

    Nothing is owed where none is needed, and nothing for an incident that was imported.
    """
    needed = playbook.needs_postmortem(lesson.severity, drill=lesson.drill)
    if lesson.imported or not needed:
        return ()
    deadline = meeting_deadline(lesson, playbook)
    found = [] if lesson.postmortem.review in REVIEWED else _unreviewed(lesson, playbook, now)
    unclear = sum(
        each.state not in CLOSED and not (each.owner.strip() and due_day(each))
        for each in lesson.actions
    )
    if unclear:
        has = "1 action item has" if unclear == 1 else f"{unclear} action items have"
        found.append(_nudge(lesson, "actions", f"{has} no owner or no due date.", deadline, now))
    return tuple(sorted(found, key=lambda each: not each.late))


def all_owed(lessons: Iterable[Lesson], playbook: Playbook, now: datetime) -> tuple[Owed, ...]:
    """Return the incidents to which something is owed: late ones first, then the oldest."""
    found = (Owed(each, nudges(each, playbook, now)) for each in lessons)
    owed = [each for each in found if each.nudges]
    return tuple(
        sorted(owed, key=lambda each: (not each.late, each.lesson.over_at, each.lesson.inc))
    )


def meeting_event(lesson: Lesson, playbook: Playbook) -> CalendarEvent | None:
    """Return the meeting as an event for calendars, None while it has no date.

    Of a private incident no more than its reference is told.
    """
    at = lesson.postmortem.meeting_at
    if at is None:
        return None
    title = "" if lesson.private else f": {' '.join(lesson.title.split())}"
    about = [
        f"{lesson.ref}, {lesson.severity.value}, over since {format_stamp(lesson.over_at, UTC)}.",
        f"Owner: {lesson.postmortem.owner or 'nobody yet'}.",
        f"Read it before: cockpit postmortem show {lesson.ref}",
    ]
    return CalendarEvent(
        uid=f"postmortem-{lesson.inc}@incident-cockpit",
        start=at,
        minutes=playbook.postmortem.meeting_minutes,
        summary=f"Post-mortem {lesson.ref}{title}",
        description="\n".join(about[-1:] if lesson.private else about),
        private=lesson.private,
    )


def _unreviewed(lesson: Lesson, playbook: Playbook, now: datetime) -> list[Nudge]:
    pm, deadline = lesson.postmortem, meeting_deadline(lesson, playbook)
    found = []
    if not pm.owner and "owner" not in lesson.waivers:
        found.append(_nudge(lesson, "owner", "The post-mortem has no owner.", deadline, now))
    waived = "meeting" in lesson.waivers
    if pm.meeting_at is None and not waived:
        when = "was due" if now >= deadline else "is due"
        sentence = f"The post-mortem meeting {when} by {_day(deadline)}, and has no date."
        return [*found, _nudge(lesson, "meeting", sentence, deadline, now)]
    held = pm.meeting_at or deadline
    if now < _later(held, minutes=playbook.postmortem.meeting_minutes):
        if held > deadline and not waived:
            sentence = f"The post-mortem meeting on {_day(held)} is after its deadline, "
            found.append(_nudge(lesson, "meeting", f"{sentence}{_day(deadline)}.", held, now))
        return found
    since = f"The meeting was on {_day(held)}" if pm.meeting_at else f"It was due by {_day(held)}"
    if pm.review == "in review":
        again = _later(held, days=playbook.meeting_days(lesson.severity))
        sentence = f"{since}, and the post-mortem waits for its review."
        return [*found, _nudge(lesson, "review", sentence, again, now)]
    sentence = f"{since}, and the post-mortem is still a draft."
    return [*found, _nudge(lesson, "draft", sentence, held, now)]


def _nudge(lesson: Lesson, name: str, sentence: str, due_at: datetime, now: datetime) -> Nudge:
    return Nudge(name, sentence, _COMMANDS[name].format(ref=lesson.ref), due_at, now >= due_at)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _later(at: datetime, *, days: int = 0, minutes: int = 0) -> datetime:
    try:
        return at + timedelta(days=days, minutes=minutes)
    except OverflowError:
        return at
