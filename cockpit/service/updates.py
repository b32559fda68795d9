"""Updates: compose one from a template, copy it, mark it sent; copied is not sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.cadence import next_promise, ring_of, situation
from cockpit.domain.events import EntryAdded, FieldSet, Message
from cockpit.domain.nearest import expected
from cockpit.domain.outgoing import Check, check
from cockpit.domain.playbook import Channel
from cockpit.domain.promise import promised_time
from cockpit.domain.rendering import Rendered, find_unfilled, render
from cockpit.domain.templates import STAGES, choose, stage_for
from cockpit.domain.times import format_clock, format_span, format_stamp
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, MessageState, PublicStatus, Ring
from cockpit.errors import InvalidInputError
from cockpit.service.changes import since_opening
from cockpit.service.people import told_events
from cockpit.service.session import Session
from cockpit.service.timeline import MAX_ENTRY_CHARACTERS, on_register
from cockpit.store.database import NewEvent, Reads


class Composition(Struct, frozen=True):
    """A text about to go out: for whom, by which channel, what is wrong with it, what it promises.

    unfilled: names of variables that nobody has filled; next_at: the time that the text promises.
    """

    inc: str
    stage: str
    audience: str
    channel: Channel
    text: str
    subject: str
    unfilled: tuple[str, ...]
    checks: tuple[Check, ...]
    next_at: datetime | None
    status: str
    edited: bool = False

    @property
    def blocked(self) -> tuple[Check, ...]:
        """Return the checks that need a person's word before the text counts as sent."""
        return tuple(each for each in self.checks if not each.ok and each.level == "block")


def compose(
    session: Session,
    inc: str,
    *,
    stage: str = "",
    audience: str = Ring.CUSTOMERS.audience,
    channel: str = "",
    text: str | None = None,
    next_at: datetime | None = None,
) -> Composition:
    """Return the text for a stage, audience and channel, or the checks of a person's own `text`.

    stage: empty for the one that comes next; channel: empty for the audience's primary one;
    next_at: the time to promise, None for what the cadence asks for.
    Raises InvalidInputError for an unknown stage, audience or channel.
    """
    view, now = session.reads.view(inc), session.clock()
    audience = _one_of("an audience", audience, [ring.audience for ring in Ring])
    stage = _one_of("a stage", stage or stage_for(view, audience), STAGES)
    to = _channel(session, audience, channel)
    template = choose(session.templates, view.kind, stage, audience)
    if text is None:
        promise = next_at or _promise(session, view, stage, audience, now)
        written = render(template, _variables(session, view, promise, now), to)
    else:
        written = Rendered(clean_input(text), "", find_unfilled(text))
    promised = promised_time(written.text, now)
    checks = check(
        written.text,
        audience=audience,
        channel=to,
        rules=session.playbook.checks,
        view=view,
        unfilled=written.unfilled,
        next_at=promised,
        stage=stage,
    )
    return Composition(
        inc=inc,
        stage=stage,
        audience=audience,
        channel=to,
        text=written.text,
        subject=written.subject,
        unfilled=written.unfilled,
        checks=checks,
        next_at=promised,
        status=_status_of(stage),
        edited=text is not None,
    )


def copied(session: Session, composition: Composition) -> IncidentView:
    """Note, word for word, that a text was copied; no promise is kept by that."""
    body = _entry(session, composition, MessageState.COPIED, (composition.channel.id,), "")
    session.write(lambda _: [NewEvent(composition.inc, body)])
    return session.reads.view(composition.inc)


def sent(
    session: Session,
    composition: Composition,
    *,
    channels: Sequence[str] = (),
    at: datetime | None = None,
) -> IncidentView:
    """Note, word for word, that a text was sent, and by which channels (empty: its own).

    In the same action, stakeholders of that ring who are reached by these channels are ticked as
    told, and the public status follows what customers were told.
    Raises InvalidInputError for an empty text.
    """
    if not composition.text.strip():
        raise InvalidInputError("There is no text to mark as sent.", "Write or render one first.")
    by = tuple(channels) or (composition.channel.id,)
    inc, act, now = composition.inc, session.new_id(), at or session.clock()
    entry_id = session.new_id()
    entry = _entry(session, composition, MessageState.SENT, by, act, now)
    people = _reached(session.reads.view(inc), composition.audience, by)
    told = [
        NewEvent(inc, each)
        for each in told_events(
            people, now, act, channel=by[0], note=composition.stage, via=entry_id
        )
    ]

    def build(reads: Reads) -> Sequence[NewEvent]:
        events = [NewEvent(inc, entry, entry_id), *told]
        view = reads.view(inc)
        status = _new_status(view, composition)
        if status:
            reason = f"as told to {composition.audience}"
            body = FieldSet("status", status, reason=reason, at=now, act=act)
            body = since_opening(view, on_register(reads, inc, body))
            events.append(NewEvent(inc, body))
        return events

    session.write(build)
    return session.reads.view(inc)


def _entry(
    session: Session,
    composition: Composition,
    state: MessageState,
    channels: tuple[str, ...],
    act: str,
    at: datetime | None = None,
) -> EntryAdded:
    text = composition.text
    if len(text) > MAX_ENTRY_CHARACTERS:
        raise InvalidInputError(
            f"An update holds at most {MAX_ENTRY_CHARACTERS:,} characters; this has {len(text):,}."
        )
    if composition.subject:
        text = f"Subject: {composition.subject}\n\n{text}"
    message = Message(
        state,
        composition.audience,
        channels,
        composition.stage,
        composition.status,
        composition.next_at,
    )
    kind = EntryKind.COMMUNICATION.value
    return EntryAdded(at or session.clock(), text, kind, message, act=act)


def _reached(view: IncidentView, audience: str, channels: Iterable[str]) -> list[Stakeholder]:
    """Return the audience's stakeholders that these channels reach (no channels: all do)."""
    by = set(channels)
    return [
        each
        for each in view.stakeholders
        if each.ring.audience == audience and (not each.channels or by & set(each.channels))
    ]


def _new_status(view: IncidentView, composition: Composition) -> str:
    public = composition.audience == Ring.CUSTOMERS.audience
    if not public or not composition.status or composition.status == view.status.value:
        return ""
    return composition.status


def _status_of(stage: str) -> str:
    """Return the public status that a stage announces, empty for a first word or no news."""
    return stage if stage in [each.value for each in PublicStatus] else ""


def _one_of(what: str, word: str, choices: Sequence[str]) -> str:
    known = word.strip().lower().replace("-", " ").replace("_", " ")
    if known not in choices:
        raise expected(what, word, choices)
    return known


def _channel(session: Session, audience: str, channel: str) -> Channel:
    channels = session.playbook.channels
    if channel:
        found = next((each for each in channels if each.id == channel), None)
        if found is None:
            raise expected("a channel", channel, [each.id for each in channels])
        return found
    public = audience == Ring.CUSTOMERS.audience
    primary = next((each for each in channels if each.primary), channels[0])
    inside = next((each for each in channels if each.id == "chat"), primary)
    return primary if public else inside


def _promise(
    session: Session, view: IncidentView, stage: str, audience: str, now: datetime
) -> datetime | None:
    """Return when to promise the next update, by the status that the text announces."""
    if stage == PublicStatus.RESOLVED.value:
        return None
    facts = situation(view)
    status = _status_of(stage)
    ring = ring_of(audience)
    if status and ring is not None:
        facts = replace(facts, status=PublicStatus(status))
    return next_promise(facts, session.playbook, audience, now)


def _variables(
    session: Session, view: IncidentView, promise: datetime | None, now: datetime
) -> dict[str, object]:
    playbook = session.playbook
    facts: dict[str, object] = {
        "title": view.title,
        "kind": view.kind,
        "ref": view.ref,
        "severity": view.severity.value,
        "impact": view.impact.value if view.impact else None,
        "impact_text": view.impact_text,
        "cause": view.cause,
        "next_step": view.next_step,
        "workaround": view.workaround,
        "status": view.status.value,
        "company": playbook.company,
        "product": playbook.product,
        "status_page": playbook.status_page,
        "started_at": _moment(view.started_at, now),
        "now": _moment(now, now),
        "next_update": _moment(promise, now) if promise else None,
        "duration": format_span((view.over_at or now) - view.started_at),
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _moment(at: datetime, now: datetime) -> str:
    """Return a time as customers read it: with its date unless it is within half a day."""
    if abs((at - now).total_seconds()) < 12 * 3600:
        return f"{format_clock(at, UTC)} UTC"
    return format_stamp(at, UTC)
