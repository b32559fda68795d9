"""Stories of other tools as events: what a story adds to the events of its incident.

- Facts become entries, each once. A fact that is told in other words later stays as it was, unless
  the tool says that it was corrected; then the entry is edited, with its history.
- A story opens an incident, and says where it stands, as long as no person wrote in it: from then
  on it is theirs, and stories add entries only. Into an incident declared here they never do more.
- What was redacted here does not come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import stamp_ms, to_ms
from cockpit.domain.envelope import Op
from cockpit.domain.events import Body, EntryAdded, EntryEdited, FieldSet, IncidentOpened, Source
from cockpit.domain.foreign_event import DEVICE, make_event, stamp_after, stamp_at
from cockpit.domain.foreign_incident import Addition, ForeignEntry
from cockpit.domain.foreign_known import KnownEntry, read_known
from cockpit.domain.foreign_story import Story
from cockpit.domain.vocabulary import EntryKind, PublicStatus, Severity, Stage

_RANKS = {EntryKind.OBSERVATION: 2, EntryKind.ACTION: 3}
"""The order of facts of one moment: what was seen, what was done, then the rest."""

_LAST_RANK = 4
_STAGE_RANK = 5

_NAMED_ONLY = {"named_only": True}
"""What is kept of an incident that a record names and does not describe."""


class Opening(Struct, frozen=True):
    """What a new incident gets: its reference, and a severity where the story has none."""

    number: int
    prefix: str
    severity: Severity


def story_additions(
    source: str, story: Story, inc: str, events: Sequence[Op], opening: Opening
) -> tuple[Addition, int]:
    """Return what a story adds to the `events` of the incident `inc`; without any it opens it.

    source: the format's name. The number is that of known facts told in other words now, which are
    left as they are. Raises InvalidInputError when a fact is larger than an event may be.
    """
    writer = _Writer(source, story, inc, events)
    return writer.write(opening), writer.reworded


class _Writer:
    """Collects the events that one story adds."""

    def __init__(self, source: str, story: Story, inc: str, events: Sequence[Op]) -> None:
        self.source = source
        self.story = story
        self.inc = inc
        self.known = read_known(events, source)
        self.is_new = not events
        self.stamps = {each.id: each.t for each in events}
        ours = self.is_new or self.known.raw is not None
        self.is_free = ours and all(each.dev == DEVICE for each in events)
        self.events: list[Op] = []
        self.entries = self.changed = self.reworded = 0

    def write(self, opening: Opening) -> Addition:
        if self.is_new:
            self._open(opening)
        for entry in self.story.entries:
            known = self.known.entries.get(entry.id)
            if known is None:
                self._note(entry)
            elif known.text and entry.text != known.text:
                self._correct(entry, known)
        if self.is_free:
            self._say_where_it_stands()
            self._retell()
        return Addition(self.inc, tuple(self.events), self.is_new, self.entries, 0, self.changed)

    def _add(self, body: Body, stamp: str) -> Op:
        event = make_event(self.inc, body, stamp, self.source)
        self.events.append(event)
        return event

    def _open(self, opening: Opening) -> None:
        story = self.story
        raw = story.raw if story.is_whole else _NAMED_ONLY
        severity = story.severity or opening.severity
        opened = IncidentOpened(
            title=story.title,
            severity=severity.value,
            number=opening.number,
            at=story.at,
            prefix=opening.prefix,
            src=Source(self.source, story.id, raw),
        )
        op = self._add(opened, stamp_at(story.at))
        self.known.raw, self.known.t, self.known.start = raw, op.t, story.at
        self.known.values = {"title": story.title, "severity": severity.value}

    def _note(self, entry: ForeignEntry) -> None:
        stamp = stamp_at(entry.at, _RANKS.get(entry.kind, _LAST_RANK))
        source = Source(self.source, entry.id, entry.raw)
        body = EntryAdded(entry.at, entry.text, entry.kind.value, src=source)
        op = self._add(body, stamp)
        self.known.entries[entry.id] = KnownEntry(
            op.id, entry.text, op.id, entry.at, entry.raw, stamp
        )
        self.entries += 1

    def _correct(self, entry: ForeignEntry, known: KnownEntry) -> None:
        if entry.changed_at is None:
            self.reworded += 1
            return
        if to_ms(entry.changed_at) < stamp_ms(known.t):
            return
        stamp = stamp_after(known.t, entry.changed_at)
        op = self._add(EntryEdited(known.entry, entry.text, known.text_op), stamp)
        known.text, known.text_op, known.t = entry.text, op.id, stamp
        self.changed += 1

    def _say_where_it_stands(self) -> None:
        stage, was = self.story.stage, self.known.stage or Stage.DETECTED.value
        if stage is None or stage.value == was or self._is_older_than("stage"):
            return
        self._set("stage", stage.value, was=was, reason=self.story.reason)
        if stage is Stage.RESOLVED:
            self._set("status", PublicStatus.RESOLVED.value, was=PublicStatus.INVESTIGATING.value)
        elif was == Stage.RESOLVED.value:
            self._set("status", PublicStatus.INVESTIGATING.value, was=PublicStatus.RESOLVED.value)

    def _retell(self) -> None:
        """Take over what the story says anew of the incident itself."""
        story, known = self.story, self.known
        named_only = known.raw == _NAMED_ONLY and "title" not in {field for _, field in known.last}
        # A group of alerts gets worse, and its mildest alerts go last: that is no better group.
        said = {"severity": story.severity.value if story.severity else ""}
        said |= {} if story.recurs else {"title": story.title}
        for field, value in said.items() if story.is_whole and not self.is_new else ():
            was = known.values.get(field)
            fresh = named_only or not self._is_older_than(field)
            if value and value != was and fresh and not (story.recurs and value > str(was)):
                self._set(field, value, was=was)
        if known.start and story.at < known.start:
            reason = "an earlier record was imported"
            self._set("started_at", story.at.isoformat(), reason=reason)

    def _is_older_than(self, field: str) -> bool:
        """Say whether the story is no newer than what holds for a field."""
        if self.is_new:
            return False
        said = self.known.last.get(("", field))
        if said is None:
            return field != "stage" and to_ms(self.story.as_of) <= stamp_ms(self.known.t)
        return to_ms(self.story.as_of) <= stamp_ms(self.stamps[said])

    def _set(self, field: str, value: Any, *, was: Any = None, reason: str = "") -> None:
        base = self.known.last.get(("", field), "")
        at: datetime = self.story.as_of
        stamp = stamp_after(self.known.t, at, _STAGE_RANK)
        body = FieldSet(field, value, base=base, was=was, reason=reason, at=at)
        op = self._add(body, stamp)
        self.known.t = stamp
        self.known.last["", field] = op.id
        self.stamps[op.id] = stamp
        self.known.values[field] = value
