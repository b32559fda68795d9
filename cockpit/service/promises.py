"""The countdown in people's hands: move a promised time, pause, resume, slow the rhythm down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.cadence import RingClock, clock, clocks, rhythm, ring_of, situation
from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.promise_words import moment_words
from cockpit.domain.ring_plan import MOVED, OPEN_END, PAUSED, RHYTHM
from cockpit.domain.times import check_plausible, format_words
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import Ring
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

MAX_REASON_CHARACTERS = 500
"""A reason is one sentence; it stands beside the countdown."""

_MOST_MINUTES = 7 * 24 * 60


class Decided(Struct, frozen=True):
    """What a decision made of a countdown; `warning` says what the playbook thinks of it."""

    view: IncidentView
    clock: RingClock
    warning: str = ""


def ring_clocks(session: Session, inc: str) -> tuple[RingClock, ...]:
    """Return every audience's countdown, customers first, then by deadline."""
    return clocks(session.reads.view(inc), session.playbook, session.clock())


def ring_named(word: str) -> Ring:
    """Return the audience that a word names; raises InvalidInputError with the nearest one."""
    ring = ring_of(word.strip().lower())
    if ring is None:
        raise expected("an audience", word, [each.audience for each in Ring])
    return ring


def later(running: RingClock, minutes: int, now: datetime) -> datetime:
    """Return the deadline put off by some minutes; one that has passed counts from now."""
    due_at = running.due_at
    base = due_at if due_at and due_at > now else now.replace(second=0, microsecond=0)
    return base + timedelta(minutes=minutes)


def extend(session: Session, inc: str, audience: str, to: datetime, reason: str) -> Decided:
    """Move the next update to another time, with the reason why; a pause ends by that.

    Raises InvalidInputError for a time that has passed or holds already, without a reason, and
    when the incident is over. More than customers should wait is done, and said.
    """
    ring, now = ring_named(audience), session.clock()
    why = _reason(reason, "Say why the update comes at another time.")
    view, running = _running(session, inc, ring)
    at = check_plausible(to.astimezone(UTC), now)
    if at <= now:
        raise InvalidInputError(
            f"{moment_words(at, now, UTC)} UTC has passed.", "Give a time ahead, such as +15m."
        )
    paused = is_paused(view, ring, now)
    if running.due_at == at and not paused:
        raise InvalidInputError("It is due at that time already.", "Give another time.")
    values = [(MOVED, at.isoformat(), why), *([(PAUSED, "", why)] if paused else [])]
    warning = _too_late(view, ring, session.playbook, running, at)
    return _decide(session, inc, ring, values, warning)


def pause(
    session: Session, inc: str, audience: str, reason: str, until: datetime | None = None
) -> Decided:
    """Pause an audience's countdown, with the reason why; until: None for as long as needed."""
    ring, now = ring_named(audience), session.clock()
    why = _reason(reason, "Say why no update is needed meanwhile.")
    _running(session, inc, ring)
    value = OPEN_END
    if until is not None:
        at = check_plausible(until.astimezone(UTC), now)
        if at <= now:
            text = f"{moment_words(at, now, UTC)} UTC has passed."
            raise InvalidInputError(text, "Give a time ahead, such as 30m.")
        value = at.isoformat()
    most = timedelta(minutes=session.playbook.cadence_settings.customers_at_most)
    warning = ""
    if ring is Ring.CUSTOMERS and (until is None or until - now > most):
        warning = (
            f"While customers are affected, the playbook lets them wait at most "
            f"{format_words(most)}: tell them that updates pause."
        )
    return _decide(session, inc, ring, [(PAUSED, value, why)], warning)


def resume(session: Session, inc: str, audience: str) -> Decided:
    """End an audience's pause; raises InvalidInputError when there is none."""
    ring = ring_named(audience)
    view, _ = _running(session, inc, ring)
    if not is_paused(view, ring, session.clock()):
        raise InvalidInputError(f"Updates to {ring.audience} are not paused.")
    return _decide(session, inc, ring, [(PAUSED, "", "")])


def set_rhythm(session: Session, inc: str, audience: str, minutes: int, reason: str) -> Decided:
    """Let updates come every so many minutes instead of the playbook's; 0 goes back to it.

    Raises InvalidInputError for a quicker rhythm than the playbook's, for one that lets customers
    wait too long, without a reason, and when the incident is over.
    """
    ring, now = ring_named(audience), session.clock()
    view, running = _running(session, inc, ring)
    if minutes == 0 and not running.slowed:
        raise InvalidInputError("The playbook's rhythm holds already.")
    why = _reason(reason, "Say why updates come at another rhythm.") if minutes else reason
    playbook = session.playbook
    _check_rhythm(minutes, ring, _usual(view, ring, playbook, now), playbook)
    return _decide(session, inc, ring, [(RHYTHM, minutes, _clean(why))])


def rhythm_body(
    audience: str, minutes: int, reason: str, *, at: datetime, act: str = ""
) -> FieldSet:
    """Return the event that slows an audience's rhythm, for the update that announces it."""
    return FieldSet(f"{RHYTHM}{audience}", minutes, reason=_clean(reason), at=at, act=act)


def slower_rhythm(view: IncidentView, playbook: Playbook, audience: str, now: datetime) -> int:
    """Return the next longer interval in minutes for an audience, 0 when there is none."""
    ring = ring_of(audience)
    every = rhythm(ring, situation(view), playbook, now)[0] if ring else 0
    settings = playbook.cadence_settings
    most = settings.customers_at_most if ring is Ring.CUSTOMERS else _MOST_MINUTES
    steps = [each for each in sorted(settings.slow_down_steps) if every < each <= most]
    return steps[0] if every and steps else 0


def is_paused(view: IncidentView, ring: Ring, now: datetime) -> bool:
    """Say whether an audience's countdown is paused at `now`."""
    return situation(view).plan(ring).pause_at(now) is not None


def _running(session: Session, inc: str, ring: Ring) -> tuple[IncidentView, RingClock]:
    view = session.reads.view(inc)
    if not view.is_open:
        raise InvalidInputError(
            f"{view.ref} is over: no update is due.",
            f"If it goes on: cockpit set {view.ref} status investigating.",
        )
    return view, clock(ring, situation(view), session.playbook, session.clock())


def _decide(
    session: Session,
    inc: str,
    ring: Ring,
    values: Sequence[tuple[str, str | int, str]],
    warning: str = "",
) -> Decided:
    """Write (field, value, reason) in one act, also where a value repeats an older one."""
    act, now = session.new_id(), session.clock()

    def build(reads: Reads) -> Sequence[NewEvent]:
        bodies = [
            FieldSet(f"{field}{ring.audience}", value, reason=why, at=now, act=act)
            for field, value, why in values
        ]
        return [NewEvent(inc, on_register(reads, inc, body)) for body in bodies]

    session.write(build)
    view = session.reads.view(inc)
    return Decided(view, clock(ring, situation(view), session.playbook, now), warning)


def _usual(view: IncidentView, ring: Ring, playbook: Playbook, now: datetime) -> int:
    """Return the playbook's rhythm in minutes, whatever was chosen since."""
    return rhythm(ring, replace(situation(view), plans={}), playbook, now)[0]


def _check_rhythm(minutes: int, ring: Ring, usual: int, playbook: Playbook) -> None:
    most = playbook.cadence_settings.customers_at_most
    if not 0 <= minutes <= _MOST_MINUTES:
        raise InvalidInputError(
            "A rhythm is a number of minutes.", "Such as 60; 0 goes back to the playbook's."
        )
    if ring is Ring.CUSTOMERS and minutes > most:
        raise InvalidInputError(
            f"Customers wait at most {most} min while they are affected.",
            "Extend one update, or pause with a reason.",
        )
    if 0 < minutes < usual:
        raise InvalidInputError(
            f"The playbook asks for an update every {usual} min; {minutes} min is no slower.",
            "To be quicker, promise an earlier time in the update, or raise the severity.",
        )


def _too_late(
    view: IncidentView, ring: Ring, playbook: Playbook, running: RingClock, to: datetime
) -> str:
    most = timedelta(minutes=playbook.cadence_settings.customers_at_most)
    waited = to - (running.last_at or view.declared_at)
    if ring is not Ring.CUSTOMERS or waited <= most:
        return ""
    after = "the last update" if running.last_at else "the declaration"
    return (
        f"That is {format_words(waited)} after {after}; the playbook lets customers wait at most "
        f"{format_words(most)}."
    )


def _reason(text: str, hint: str) -> str:
    why = _clean(text)
    if not why:
        raise InvalidInputError("A reason is needed: it stands in the timeline.", hint)
    return why


def _clean(text: str) -> str:
    why = " ".join(clean_input(text).split())
    if len(why) > MAX_REASON_CHARACTERS:
        raise InvalidInputError(
            f"A reason holds at most {MAX_REASON_CHARACTERS} characters; this has {len(why):,}."
        )
    return why
