"""The demo: invented incidents that always look as if they were going on now."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from cockpit import resources
from cockpit.domain.entry_grammar import HEADLINES
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import (
    Body,
    EntryAdded,
    FieldSet,
    IncidentOpened,
    Message,
    TextUpdated,
    Told,
)
from cockpit.domain.foreign_event import incident_id, make_event, stamp_after
from cockpit.domain.playbook import Playbook
from cockpit.domain.registers import entry_object
from cockpit.domain.response_events import ask_bodies, theory_bodies, theory_text
from cockpit.domain.response_work import THEORY
from cockpit.domain.times import format_clock
from cockpit.domain.view import Hypothesis
from cockpit.domain.vocabulary import EntryKind, MessageState, PublicStatus, Ring
from cockpit.service.incidents import kind_of
from cockpit.service.roster import roster_cards
from cockpit.service.session import Session

_MANAGER = "incident manager"
_HEADLINES = {field: kind for kind, field in HEADLINES.items()}


class DemoEvent(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happened `at` so many minutes after the start; see `data/demo.toml`."""

    at: int
    by: str = _MANAGER
    kind: str = EntryKind.NOTE.value
    text: str = ""
    star: bool = False
    set: str = ""
    value: str | int = ""
    reason: str = ""
    tell: tuple[str, ...] = ()
    channel: str = ""
    send: str = ""
    stage: str = ""
    channels: tuple[str, ...] = ()
    next_in: int = 0
    action: str = ""
    owner: str = ""
    due_days: int = 0
    action_kind: str = "prevent"
    done: bool = False
    automate: bool = False
    ask: str = ""
    within: int = 0
    theory: str = ""
    eliminated: str = ""
    section: str = ""


class DemoIncident(Struct, frozen=True, forbid_unknown_fields=True):
    """An invented incident: `began` minutes before now, `declared` minutes after that."""

    key: str
    title: str
    severity: str
    began: int
    declared: int
    criterion: str
    events: tuple[DemoEvent, ...]


class _Demo(Struct, frozen=True, forbid_unknown_fields=True):
    incidents: tuple[DemoIncident, ...]


STALE_AFTER = timedelta(hours=1)
"""The running incident's next update is due within minutes; an hour later it looks abandoned."""


def fill(session: Session) -> int:
    """Add the demo's incidents that are not there yet, all at once; return how many."""
    playbook, now = session.playbook, session.clock()
    number = session.reads.next_number(playbook.reference_prefix)
    events: list[Op] = []
    added = 0
    for each in read_incidents():
        inc = incident_id(f"demo {session.store.device}", each.key)
        if next(iter(session.reads.ops(inc)), None) is None:
            events.extend(_Story(each, inc, playbook, now).write(number + added))
            added += 1
    if events:
        session.store.append([Record(event) for event in events])
    return added


def is_stale(session: Session) -> bool:
    """Say whether the demo is of another hour, so that all its deadlines have long passed."""
    found = session.reads.summaries()
    latest = [each.last_activity for each in found if each.last_activity is not None]
    return bool(latest) and session.clock() - max(latest) > STALE_AFTER


def read_incidents() -> tuple[DemoIncident, ...]:
    """Return the incidents of `data/demo.toml`, the oldest first."""
    return msgspec.convert(tomllib.loads(resources.data_file("demo.toml")), _Demo).incidents


class _Story:
    """Writes one invented incident as the events that people would have made."""

    def __init__(self, incident: DemoIncident, inc: str, playbook: Playbook, now: datetime) -> None:
        self.incident = incident
        self.inc = inc
        self.playbook = playbook
        self.now = now
        self.start = now.replace(microsecond=0) - timedelta(minutes=incident.began)
        self.names = {each.id: each.name for each in playbook.stakeholders}
        self.events: list[Op] = []
        self.last = ""
        self.values: dict[tuple[str, str], tuple[str, Any]] = {}

    def write(self, number: int) -> tuple[Op, ...]:
        self._declare(number)
        for place, event in enumerate(self.incident.events):
            at = self.start + timedelta(minutes=event.at)
            self._tell_story(event, at, f"{place:02d}")
        return tuple(self.events)

    def _add(self, body: Body, at: datetime, by: str = _MANAGER) -> str:
        written = max(at, self.start + timedelta(minutes=self.incident.declared))
        self.last = stamp_after(self.last, written)
        self.events.append(make_event(self.inc, body, self.last, by))
        return self.events[-1].id

    def _declare(self, number: int) -> None:
        story = self.incident
        opened = IncidentOpened(
            title=story.title,
            severity=story.severity,
            number=number,
            at=self.start,
            prefix=self.playbook.reference_prefix,
            criterion=story.criterion,
        )
        act = self._add(opened, self.start)
        self.values["", "severity"] = "", story.severity
        self.values["", "status"] = "", PublicStatus.INVESTIGATING.value
        at = self.start + timedelta(minutes=story.declared)
        self._set("role.commander", _MANAGER, at, _MANAGER, act=act)
        kind = kind_of(self.playbook, story.criterion)
        if kind:
            self._set("kind", kind, at, _MANAGER, act=act)
        for card in roster_cards(self.playbook, act):
            self._add(card, at)

    def _tell_story(self, event: DemoEvent, at: datetime, place: str) -> None:
        act = ""
        if event.send:
            act = self._send(event, at)
        elif event.action:
            self._leave_action(event, at, incident_id(self.inc, place))
        elif event.ask or event.theory:
            self._try(event, at, incident_id(self.inc, place))
        elif event.section:
            self._write_section(event, at)
        elif event.text:
            entry = self._add(EntryAdded(at, event.text, event.kind), at, event.by)
            if event.star:
                self._set("star", value=True, at=at, by=event.by, obj=entry_object(entry))
        elif event.set:
            self._change(event, at)
        self._tell(event, at, act)

    def _set(
        self,
        field: str,
        value: Any,
        at: datetime,
        by: str,
        *,
        obj: str = "",
        reason: str = "",
        act: str = "",
    ) -> str:
        base, was = self.values.get((obj, field), ("", None))
        body = FieldSet(field, value, obj=obj, base=base, was=was, reason=reason, at=at, act=act)
        op = self._add(body, at, by)
        self.values[obj, field] = op, value
        return op

    def _change(self, event: DemoEvent, at: datetime) -> None:
        obj, _, field = event.set.rpartition(".") if event.set.startswith("pm.") else ("", "", "")
        field = field or event.set
        value: Any = event.value
        if field == "meeting_at":
            day = self.now + timedelta(days=event.due_days)
            value = day.replace(hour=14, minute=0, second=0, microsecond=0).isoformat()
        op = self._set(field, value, at, event.by, obj=obj, reason=event.reason)
        if field in _HEADLINES:
            text = EntryAdded(at, str(event.value), _HEADLINES[field].value, act=op)
            self._add(text, at, event.by)

    def _send(self, event: DemoEvent, at: datetime) -> str:
        """Note an update as sent; customers' updates change the public status with them."""
        next_at = None
        text = event.text
        if event.next_in:
            next_at = (at + timedelta(minutes=event.next_in)).replace(second=0)
            text = text.replace("{next}", format_clock(next_at, UTC))
        status = event.stage if event.stage in [each.value for each in PublicStatus] else ""
        message = Message(
            MessageState.SENT, event.send, event.channels, event.stage, status, next_at
        )
        kind = EntryKind.COMMUNICATION.value
        act = self._add(EntryAdded(at, text, kind, message), at, event.by)
        changes = status not in ("", self.values["", "status"][1])
        if changes and event.send == Ring.CUSTOMERS.audience:
            reason = f"as told to {event.send}"
            self._set("status", status, at, event.by, reason=reason, act=act)
        return act

    def _tell(self, event: DemoEvent, at: datetime, act: str) -> None:
        channel = event.channel or next(iter(event.channels), "")
        note = event.stage
        group = act or (f"{self.events[-1].id[:30]}ff" if event.tell else "")
        for person in _known(event.tell, self.names):
            body = Told(person, at, self.names[person], channel, note, via=act, act=group)
            self._add(body, at, event.by)

    def _leave_action(self, event: DemoEvent, at: datetime, item: str) -> None:
        due = (self.now + timedelta(days=event.due_days)).date().isoformat()
        fields = {
            "title": event.action,
            "owner": event.owner,
            "due": due,
            "kind": event.action_kind,
            **({"state": "done"} if event.done else {}),
            **({"automate": True} if event.automate else {}),
        }
        for name, value in fields.items():
            self._set(name, value, at, event.by, obj=f"act:{item}")

    def _try(self, event: DemoEvent, at: datetime, item: str) -> None:
        """Ask somebody for an action, or suppose a cause; `eliminated` says why it is none."""
        act = f"{self.events[-1].id[:30]}fe"
        if event.ask:
            within = timedelta(minutes=event.within)
            bodies = ask_bodies(item, event.ask, event.owner, at, within, act)
        else:
            bodies = theory_bodies(item, event.theory, at, act)
        for body in bodies:
            op = self._add(body, at, event.by)
            if isinstance(body, FieldSet):
                self.values[body.obj, body.f] = op, body.v
        if event.theory and event.eliminated:
            ended = Hypothesis(item, event.theory, "eliminated", event.eliminated)
            text = theory_text(ended)
            self._add(EntryAdded(at, text, EntryKind.OBSERVATION.value), at, event.by)
            for field in ("state", "why"):
                value = getattr(ended, field)
                self._set(field, value, at, event.by, obj=f"{THEORY}{item}")

    def _write_section(self, event: DemoEvent, at: datetime) -> None:
        from cockpit.domain.text_merge import adopt

        update = adopt(event.text, event.section, self.inc)
        self._add(TextUpdated(event.section, update), at, event.by)


def _known(people: Iterable[str], names: dict[str, str]) -> Iterable[str]:
    """Yield the stakeholders that the team's own playbook still has."""
    return (person for person in people if person in names)
