"""Updates: compose one from a template, copy it, mark it sent; copied is not sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.cadence import Situation, next_promise, ring_of, situation
from cockpit.domain.components import untold_changes
from cockpit.domain.events import ComponentChange, EntryAdded, FieldSet, Message
from cockpit.domain.nearest import expected
from cockpit.domain.next_stage import stage_for
from cockpit.domain.outgoing import Check, check
from cockpit.domain.outgoing_promise import measure
from cockpit.domain.playbook import Channel, Playbook
from cockpit.domain.promise import promised_time
from cockpit.domain.rendering import Rendered, find_unfilled, render
from cockpit.domain.stages import SCHEDULED, STAGES, announced_status, promises_next, told_status
from cockpit.domain.templates import Template, choose, stages_offered
from cockpit.domain.update_facts import Variable, describe_variables, gather_facts
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, MessageState, PublicStatus, Ring
from cockpit.errors import InvalidInputError
from cockpit.service.changes import since_opening
from cockpit.service.people import told_events
from cockpit.service.promises import rhythm_body
from cockpit.service.session import Session
from cockpit.service.slowing import announced_rhythm, said_rhythm, with_rhythm
from cockpit.service.timeline import MAX_ENTRY_CHARACTERS, on_register
from cockpit.store.database import NewEvent, Reads


class Composition(Struct, frozen=True):
    """A text about to go out: for whom, by which channel, what is wrong with it, what it promises.

    unfilled: names of variables that nobody has filled; next_at: the time that the text promises;
    variables: all that the template asks for, with what each means and holds; rhythm: minutes
    between updates that the text slows down to, 0 when it does not.
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
    variables: tuple[Variable, ...] = ()
    rhythm: int = 0

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
    values: Mapping[str, str] | None = None,
) -> Composition:
    """Return the text for a stage, audience and channel, or the checks of a person's own `text`.

    stage: empty for the one that comes next; channel: empty for the audience's primary one;
    next_at: the time to promise, None for what the cadence asks for; values: what a person fills
    variables with, by their names.
    Raises InvalidInputError for an unknown stage, audience or channel, and for a stage that the
    incident's kind does not have.
    """
    view, now = session.reads.view(inc), session.clock()
    audience = _one_of("an audience", audience, [ring.audience for ring in Ring])
    # A text that is there already, such as one that was copied, keeps its stage.
    known = stages_offered(session.templates, view.kind) if text is None else STAGES
    stage = _one_of("a stage", stage or stage_for(view, audience, now), known)
    to = _channel(session, audience, channel)
    slowed = _slowed(session, view, stage, audience, text)
    view = with_rhythm(view, audience, slowed, now)
    promise = next_at or _promise(session, view, stage, audience, now)
    facts = gather_facts(view, session.playbook, audience, promise, now) | dict(values or {})
    template = choose(session.templates, view.kind, stage, audience)
    written = render(template, facts, to)
    variables = describe_variables(written.variables, facts)
    if text is not None:
        written = Rendered(clean_input(text), "", find_unfilled(text))
    promised = promised_time(written.text, now)
    return Composition(
        inc,
        stage,
        audience,
        to,
        written.text,
        written.subject,
        written.unfilled,
        checks=_look(session, view, written, (promised, now), (stage, audience, to)),
        next_at=promised,
        status=_status_of(view, template),
        edited=text is not None,
        variables=variables,
        rhythm=slowed,
    )


def _slowed(
    session: Session, view: IncidentView, stage: str, audience: str, text: str | None
) -> int:
    """Return the minutes between updates that a stage, or a person's `text`, slows down to."""
    playbook, now = session.playbook, session.clock()
    slowed = announced_rhythm(view, playbook, stage, audience, now)
    if not slowed or text is None:
        return slowed
    return said_rhythm(text, view, playbook, audience, now) or slowed


def _look(
    session: Session,
    view: IncidentView,
    written: Rendered,
    promise: tuple[datetime | None, datetime],
    choice: tuple[str, str, Channel],
) -> tuple[Check, ...]:
    """Return what to point out in a text for a stage, an audience and a channel.

    promise: the time that it promises, and the moment from which it was read.
    """
    (stage, audience, channel), playbook = choice, session.playbook
    promised, now = promise
    facts = _situation(view, stage, audience)
    return check(
        written.text,
        audience=audience,
        channel=channel,
        rules=playbook.checks,
        view=view,
        unfilled=written.unfilled,
        next_at=promised,
        stage=stage,
        measured=measure(facts, playbook, audience, now, kind=view.kind),
        roster=playbook.stakeholders,
    )


def usual_channel(playbook: Playbook, audience: str) -> Channel:
    """Return the channel by which an audience reads the whole text: the primary one, or chat."""
    channels = playbook.channels
    primary = next((each for each in channels if each.primary), channels[0])
    if audience == Ring.CUSTOMERS.audience:
        return primary
    return next((each for each in channels if each.id == "chat"), primary)


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
    told, the public status follows what customers were told, and a slower rhythm that the text
    announces begins.
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
        if composition.rhythm:
            reason = f"as told to {composition.audience}"
            slower = rhythm_body(composition.audience, composition.rhythm, reason, at=now, act=act)
            events.append(NewEvent(inc, on_register(reads, inc, slower)))
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
        _news_of_components(session, composition, state),
    )
    kind = EntryKind.COMMUNICATION.value
    return EntryAdded(at or session.clock(), text, kind, message, act=act)


def _news_of_components(
    session: Session, composition: Composition, state: MessageState
) -> tuple[ComponentChange, ...]:
    """Return what an update tells customers of components: all that they were not told yet."""
    if state is not MessageState.SENT or composition.audience != Ring.CUSTOMERS.audience:
        return ()
    return untold_changes(session.reads.view(composition.inc))


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


def _status_of(view: IncidentView, template: Template) -> str:
    """Return the public status that a text sets: its template's own, or that of its stage."""
    if template.status != told_status(template.stage):
        return template.status
    return announced_status(template.stage, view.status)


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
    return usual_channel(session.playbook, audience)


def _promise(
    session: Session, view: IncidentView, stage: str, audience: str, now: datetime
) -> datetime | None:
    """Return when to promise the next update, by the status that the text announces.

    Planned work that is still ahead promises its beginning.
    """
    if not promises_next(stage):
        return None
    if stage == SCHEDULED and view.started_at > now:
        return view.started_at
    return next_promise(_situation(view, stage, audience), session.playbook, audience, now)


def _situation(view: IncidentView, stage: str, audience: str) -> Situation:
    """Return what the countdown depends on once a text of that stage was sent."""
    facts = situation(view)
    status = announced_status(stage, view.status)
    if status and ring_of(audience) is not None:
        return replace(facts, status=PublicStatus(status))
    return facts
