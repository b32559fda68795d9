"""A file that reports parts of incidents: what it adds to them, or to one that was named."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.envelope import Op, Record, decode_body
from cockpit.domain.events import IncidentOpened
from cockpit.domain.foreign_event import incident_id
from cockpit.domain.foreign_incident import Addition, ForeignEntry
from cockpit.domain.foreign_known import read_known
from cockpit.domain.foreign_story import Story, StoryFile
from cockpit.domain.foreign_story_events import Opening, story_additions
from cockpit.domain.statuspage import UNCHANGED
from cockpit.domain.vocabulary import Severity, Stage
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service.import_options import ImportOptions
from cockpit.service.import_report import ImportPlan, ImportReport
from cockpit.service.session import Session
from cockpit.service.timeline import split_text


def plan_stories(
    session: Session, source: str, file: StoryFile, options: ImportOptions
) -> ImportPlan:
    """Return the events that the stories of a file add, those that began first in front.

    source: the format's name. Raises ImportRefusedError with the record's place when it is larger
    than an event may be, or does not say whose it is.
    """
    for story in file.stories:
        if not story.id and not options.into:
            hint = f"Name the incident: --into INC-42. {UNCHANGED}"
            message = f"{story.place}: it does not say which incident it belongs to."
            raise ImportRefusedError(message, hint)
    planner = _Planner(session, source, options.into)
    for story in sorted(file.stories, key=lambda each: (each.at, each.as_of)):
        planner.add(story)
    return planner.finish(file.left_out)


class _Group(Struct):
    """An incident that may come again: what the source calls it, and its id here."""

    name: str
    inc: str


class _Planner:
    """Collects what stories add, with what earlier stories of the same file added in mind."""

    def __init__(self, session: Session, source: str, into: str) -> None:
        self.session = session
        self.source = source
        self.into = into
        self.number = session.reads.next_number(session.playbook.reference_prefix)
        self.fallback = session.playbook.import_severity("none") or Severity.SEV4
        self.ops: dict[str, list[Op]] = {}
        self.new: dict[str, bool] = {}
        self.records: list[Record] = []
        self.found: list[Addition] = []
        self.reworded = 0
        self.deleted: set[str] = set()
        self._groups: list[_Group] | None = None

    def add(self, story: Story) -> None:
        inc = self.into or self._incident(story)
        known = self._known(inc)
        opening = Opening(self.number, self.session.playbook.reference_prefix, self.fallback)
        story = replace(story, entries=tuple(_parts(story.entries)))
        try:
            added, reworded = story_additions(self.source, story, inc, known, opening)
        except (InvalidInputError, OverflowError) as error:
            raise ImportRefusedError(f"{story.place}: {error}", UNCHANGED) from error
        self.number += added.is_new
        self.new.setdefault(inc, added.is_new)
        self.reworded += reworded
        there = {each.id for each in known}
        fresh = [each for each in added.events if each.id not in there]
        self.records += [Record(each) for each in fresh]
        known += fresh
        self.found.append(added)

    def finish(self, left_out: tuple[str, ...]) -> ImportPlan:
        if self.reworded:
            entries = "entry" if self.reworded == 1 else "entries"
            left_out = (*left_out, f"other words of {self.reworded:,} known {entries}")
        told = () if self.into else self.new.values()
        report = ImportReport(
            incidents_new=sum(told),
            incidents_known=sum(not each for each in told),
            entries_new=sum(each.entries for each in self.found),
            changed=sum(each.changed for each in self.found),
            events_new=len(self.records),
            left_out=left_out,
        )
        return ImportPlan(tuple(self.records), report, frozenset(self.new))

    def _known(self, inc: str) -> list[Op]:
        if inc not in self.ops:
            self.ops[inc] = [record.op for record in self.session.reads.ops(inc)]
        return self.ops[inc]

    def _incident(self, story: Story) -> str:
        if not story.recurs:
            return incident_id(self.source, story.id)
        same = [each.inc for each in self._known_groups() if each.name == story.id]
        for inc in same:
            entries = read_known(self._known(inc), self.source).entries
            if any(each.id in entries for each in story.entries):
                return inc
        for inc in same:
            if not self._is_over(inc):
                return inc
        inc = incident_id(self.source, f"{story.id}\n{story.at.isoformat()}")
        self._known_groups().append(_Group(story.id, inc))
        return inc

    def _known_groups(self) -> list[_Group]:
        if self._groups is None:
            here, deleted = self.session.reads.summaries(), self.session.reads.deleted()
            incs = [each.id for each in (*here, *deleted) if each.source == self.source]
            self.deleted = {each.id for each in deleted}
            self._groups = [_Group(self._name(inc), inc) for inc in incs]
        return self._groups

    def _name(self, inc: str) -> str:
        """Return what the source calls an incident; the event that opened it is its first."""
        for record in self.session.reads.ops(inc):
            body = decode_body(record.op) if record.op.k == IncidentOpened.kind else None
            if isinstance(body, IncidentOpened) and body.src is not None:
                return body.src.id
        return ""

    def _is_over(self, inc: str) -> bool:
        if read_known(self._known(inc), self.source).stage == Stage.RESOLVED.value:
            return True
        if inc in self.deleted:
            return True
        return not self.new.get(inc) and not self.session.reads.view(inc).is_open


def _parts(entries: tuple[ForeignEntry, ...]) -> Iterator[ForeignEntry]:
    """Yield entries, those that are too long for one event in parts."""
    for entry in entries:
        first, *others = split_text(entry.text)
        yield replace(entry, text=first)
        for place, text in enumerate(others, start=2):
            yield replace(entry, id=f"{entry.id} part {place}", text=text)
