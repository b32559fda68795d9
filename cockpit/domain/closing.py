"""Closing: what must be done before an incident counts as closed, each as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence import ring_of
from cockpit.domain.components import affected_components
from cockpit.domain.playbook import Playbook
from cockpit.domain.stages import DONE, PLANNED, PUBLISHED, RESOLVED
from cockpit.domain.times import format_stamp
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring, Stage
from cockpit.domain.workflow import owes_debt
from cockpit.errors import InvalidInputError

_MOST_NAMED = 3


class ClosingCheck(Struct, frozen=True):
    """One thing to be done before an incident is closed.

    sentence: how it stands; how: what to do next, empty once it is done; waived: the reason why
    nobody asks for it in this incident.
    """

    id: str
    done: bool
    sentence: str
    how: str = ""
    waived: str = ""

    @property
    def is_left(self) -> bool:
        """Say whether it is neither done nor waived."""
        return not self.done and not self.waived


Answer = tuple[bool, str, str]
"""Whether a check is done, how it stands, and what to do next."""


def closing_checks(
    view: IncidentView, playbook: Playbook, now: datetime
) -> tuple[ClosingCheck, ...]:
    """Return the playbook's checks as they stand at `now`, in its order.

    An imported incident that is over is asked for nothing.
    """
    if view.src is not None and not view.is_open:
        return ()
    found = []
    for name in dict.fromkeys(playbook.closing.checks):
        done, sentence, how = _CHECKS[name](view, playbook, now)
        waived = "" if done else view.waivers.get(name, "")
        found.append(ClosingCheck(name, done, sentence, how, waived))
    return tuple(found)


def things_left(checks: Iterable[ClosingCheck]) -> tuple[ClosingCheck, ...]:
    """Return the checks that are neither done nor waived."""
    return tuple(each for each in checks if each.is_left)


def check_closable(view: IncidentView, playbook: Playbook, now: datetime) -> None:
    """Raise InvalidInputError with a sentence for each thing that is left, if any is."""
    left = things_left(closing_checks(view, playbook, now))
    if not left:
        return
    sentences = " ".join(f"{each.sentence} ({each.id})" for each in left)
    raise InvalidInputError(
        f"{view.ref} cannot be closed yet. {sentences}",
        f"Do it, or waive it with a reason: cockpit close {view.ref} --waive {left[0].id}=REASON.",
    )


def _public_word(view: IncidentView, playbook: Playbook, now: datetime) -> Answer:
    texts = _sent_to(view, Ring.CUSTOMERS)
    page = any(each.public_page == "yes" for each in playbook.impacts if each.id == view.impact)
    # Nobody said how many are hit: then the countdown to customers says whether they were owed it.
    owed = page or (view.impact is None and _was_due(view, Ring.CUSTOMERS, playbook, now))
    if not texts and not owed and not _told_at(view, Ring.CUSTOMERS):
        return True, "Customers were not told of it, and need not be.", ""
    stage = DONE if view.kind == PLANNED else RESOLVED
    how = f"Send customers the update “{stage}”."
    if not texts:
        return False, "Customers have no text that says it is resolved.", how
    last = texts[-1].msg
    if _says_resolved(texts):
        return True, "The last text to customers says that it is resolved.", ""
    said = f"{last.status or last.stage or 'something else'}, not resolved"
    return False, f"The last text to customers says {said}.", how


def _audiences(view: IncidentView, playbook: Playbook, now: datetime) -> Answer:
    rings = [ring for ring in Ring if _was_due(view, ring, playbook, now)]
    if "public-word" in playbook.closing.checks and Ring.CUSTOMERS in rings:
        rings.remove(Ring.CUSTOMERS)
    waiting = [ring.audience for ring in rings if not _heard_the_end(view, ring)]
    if not rings:
        return True, "No other audience was due to hear of it.", ""
    if not waiting:
        return True, "Every audience that was due to hear of it was told that it is over.", ""
    names = _listed([each.capitalize() if not at else each for at, each in enumerate(waiting)])
    first = "Resolve it, then send" if view.is_open else "Send"
    how = f"{first} them the update “resolved”, or mark them told."
    return False, f"{names} {_are(waiting)} not told yet that it is over.", how


def _components(view: IncidentView, _: Playbook, __: datetime) -> Answer:
    wrong = affected_components(view)
    if not wrong:
        known = "Every component is operational." if view.components else ""
        return True, known or "No component was said to be affected.", ""
    how = "Set them to operational once they are."
    return False, f"Not operational: {_listed(wrong)}.", how


def _debt(view: IncidentView, _: Playbook, __: datetime) -> Answer:
    if owes_debt(view):
        sentence = "It was worked around, and no debt item says how it will be fixed for good."
        return False, sentence, "Add the definitive fix as an action item of the kind debt."
    around = any(each.value == Stage.WORKED_AROUND for each in view.changes)
    settled = "What was worked around is fixed, or has its debt item."
    return True, settled if around else "Nothing was only worked around.", ""


def _owner(view: IncidentView, playbook: Playbook, _: datetime) -> Answer:
    if view.postmortem.owner:
        return True, f"{view.postmortem.owner} owns the post-mortem.", ""
    if why := _no_postmortem(view, playbook):
        return True, f"{why}, so no owner.", ""
    return False, "Nobody owns the post-mortem.", "Name its owner."


def _meeting(view: IncidentView, playbook: Playbook, _: datetime) -> Answer:
    at = view.postmortem.meeting_at
    if at is not None:
        return True, f"The post-mortem meeting is set for {format_stamp(at, UTC)}.", ""
    if why := _no_postmortem(view, playbook):
        return True, f"{why}, so no meeting.", ""
    within = playbook.meeting_days(view.severity)
    over = view.over_at
    latest = f", by {over + timedelta(days=within):%Y-%m-%d}" if over else ""
    how = f"Set its date, within {within} days of the resolution{latest}."
    return False, "The post-mortem meeting has no date.", how


def _asked(view: IncidentView, _: Playbook, __: datetime) -> Answer:
    waiting = [
        f"“{each.title}”{f' ({each.owner})' if each.owner else ''}"
        for each in view.response_actions
        if each.state == "open"
    ]
    if not waiting:
        return True, "No action that was asked of somebody waits for an answer.", ""
    how = "Say whether it helped, or drop it."
    return False, f"Asked, and not answered yet: {_listed(waiting)}.", how


_CHECKS: dict[str, Callable[[IncidentView, Playbook, datetime], Answer]] = {
    "public-word": _public_word,
    "audiences": _audiences,
    "components": _components,
    "debt": _debt,
    "owner": _owner,
    "meeting": _meeting,
    "asked": _asked,
}


def _no_postmortem(view: IncidentView, playbook: Playbook) -> str:
    """Return why no post-mortem is needed, empty when one is."""
    if playbook.needs_postmortem(view.severity, drill=view.drill):
        return ""
    exercise = view.severity in playbook.postmortem.needed_for
    return f"No post-mortem is needed for {'an exercise' if exercise else view.severity.value}"


def _was_due(view: IncidentView, ring: Ring, playbook: Playbook, now: datetime) -> bool:
    """Say whether an audience was told that it began, or should have been before it was over.

    An audience that nobody belongs to, and that was never written to, cannot be told.
    """
    if _sent_to(view, ring) or _told_at(view, ring):
        return True
    rule = playbook.rule(view.severity, ring)
    if not rule or not rule.first or all(each.ring is not ring for each in view.stakeholders):
        return False
    return view.declared_at + timedelta(minutes=rule.first) <= (view.over_at or now)


def _heard_the_end(view: IncidentView, ring: Ring) -> bool:
    """Say whether an audience was told in person that it is over, or by a text that says so."""
    over_at, again = view.over_at, _reopened_at(view)
    if over_at is None:
        return False
    if any(at >= over_at for at in _told_at(view, ring)):
        return True
    texts = _sent_to(view, ring)
    return _says_resolved(texts) and (again is None or texts[-1].at > again)


def _says_resolved(texts: list[OutgoingMessage]) -> bool:
    """Say whether the last word is that it is resolved; a post-mortem after it says no other."""
    words = [each.msg.status for each in texts if each.msg.status or each.msg.stage != PUBLISHED]
    return bool(words) and words[-1] == PublicStatus.RESOLVED.value


def _reopened_at(view: IncidentView) -> datetime | None:
    """Return when it was last taken back from resolved, None if it never was."""
    last, found = "", None
    for each in view.changes:
        if each.field == "status":
            found = each.at if last == RESOLVED and each.value != RESOLVED else found
            last = str(each.value)
    return found


def _sent_to(view: IncidentView, ring: Ring) -> list[OutgoingMessage]:
    found = [
        each
        for each in view.messages
        if each.msg.state is MessageState.SENT and ring_of(each.msg.audience) is ring
    ]
    return sorted(found, key=lambda each: (each.at, each.entry))


def _told_at(view: IncidentView, ring: Ring) -> list[datetime]:
    """Return when somebody of an audience was told in person, not by a text to all of it."""
    people = {each.id for each in view.stakeholders if each.ring is ring}
    return [mark.at for mark in view.told if mark.stakeholder in people and not mark.via]


def _are(names: list[str]) -> str:
    plural = len(names) > 1 or names[0].endswith("s")
    return "were" if plural else "was"


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
