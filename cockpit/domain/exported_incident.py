"""A document of ours as the events of an incident, so that exporting it gives that document again.

Lines of the timeline become what they came from: entries, updates, changes of status, severity,
impact, roles. Where a line can be read in several ways, the table of facts decides. An incident
that is here already gets only the lines that it does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.clock import format_stamp, to_ms
from cockpit.domain.envelope import Op
from cockpit.domain.events import (
    Body,
    EntryAdded,
    EntryEdited,
    FieldSet,
    IncidentOpened,
    Source,
)
from cockpit.domain.exported_document import ExportedDocument, Row
from cockpit.domain.exported_facts import Wanted
from cockpit.domain.exported_rows import read_changes, read_entry, read_opening
from cockpit.domain.foreign_event import DEVICE, make_event
from cockpit.domain.markdown import escape_cell, escape_inline
from cockpit.domain.playbook import Playbook
from cockpit.domain.registers import entry_object

_ROOM = 10
"""Counters of stamps below this are for what stands before the timeline."""

_LAST = 0xFFFF


RowKey = tuple[datetime, str, str | None]
"""By what a line is known again: its minute, kind and cell, None where its text was removed."""


class Line(Struct, frozen=True):
    """A line of the timeline as the event that it is; text: the present wording of a correction."""

    row: Row
    body: Body
    text: str = ""


class Imported(Struct, frozen=True):
    """What earlier imports of the document left: values of registers, and the op of each."""

    values: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], str] = {}


class Target(Struct, frozen=True):
    """Where the events go: the incident's id, its number and prefix if it is new, who writes."""

    inc: str
    number: int
    prefix: str
    by: str


def read_lines(document: ExportedDocument, wanted: Wanted, playbook: Playbook) -> tuple[Line, ...]:
    """Return every line of the timeline as the event that the facts say it is."""
    opening = _find_opening(document, wanted)
    named = [each.removeprefix("role.") for each in wanted.values if each.startswith("role.")]
    roles = list(dict.fromkeys([*(each.id for each in playbook.roles), *named]))
    lines: list[Line] = []
    values = dict(wanted.values)
    for place in range(len(document.rows) - 1, -1, -1):
        row = document.rows[place]
        if opening is not None and place == opening[0]:
            lines.append(Line(row, opening[1]))
            continue
        readings = read_changes(row, roles)
        if readings:
            chosen = _likeliest(readings, values)
            values[chosen.f] = chosen.was
            lines.append(Line(row, replace(chosen, at=row.at)))
        else:
            lines.append(Line(row, *read_entry(row)))
    return tuple(reversed(lines))


def _likeliest(readings: Sequence[FieldSet], values: dict[str, object]) -> FieldSet:
    """Return the reading that leads to the value that is known to have come of it."""
    fitting = (each for each in readings if each.f in values and values[each.f] == each.v)
    return next(fitting, readings[0])


def _find_opening(document: ExportedDocument, wanted: Wanted) -> tuple[int, IncidentOpened] | None:
    """Return the line of the declaration: of several that look like it, the one that fits."""
    found = [
        (place, body)
        for place, row in enumerate(document.rows)
        if (body := read_opening(row)) is not None
    ]
    said = {row.text.partition(":")[0] for row in document.rows}

    def fit(each: tuple[int, IncidentOpened]) -> int:
        _, body = each
        same = escape_inline(body.title).strip() == escape_inline(document.title).strip()
        return sum(
            (
                same or "Title" in said,
                body.severity == wanted.values.get("severity") or "Severity" in said,
                body.drill == document.drill,
                body.at == wanted.started or "Start" in said,
            )
        )

    return max(found, key=fit, default=None)


class Writer:
    """Makes the events of a document: of a new incident all, of a known one what is new."""

    def __init__(
        self,
        document: ExportedDocument,
        lines: Sequence[Line],
        wanted: Wanted,
        target: Target,
        later: dict[int, timedelta] | None = None,
    ) -> None:
        """Write `lines` of `document` to `target`.

        later: by place, how long after its full minute a line happened.
        """
        self.document = document
        self.lines = lines
        self.wanted = wanted
        self.target = target
        self.times = tuple(_place(lines, later or {}))
        self.written = _written_ms(lines, wanted)

    def timeline(self, places: Iterable[int], before: Imported) -> Iterator[tuple[int, Op]]:
        """Yield the events of the lines at `places`, each with the place of its line."""
        heads = {field: op for (obj, field), op in before.last.items() if not obj}
        for place in sorted(places, key=lambda each: (self.written[each], each)):
            body, text = self.lines[place].body, self.lines[place].text
            stamp = format_stamp(self.written[place], min(_ROOM + place, _LAST), DEVICE)
            if isinstance(body, FieldSet):
                changed = replace(body, at=self.times[place], base=heads.get(body.f, ""))
                op = self._event(changed, stamp)
                heads[body.f] = op.id
                yield place, op
            elif isinstance(body, EntryAdded):
                op = self._event(replace(body, at=self.times[place]), stamp)
                yield place, op
                if text:
                    yield place, self._event(EntryEdited(op.id, text, op.id), stamp)

    def opening(self) -> Op:
        """Return the event that declares the incident."""
        found = (
            replace(line.body, at=self.times[place])
            for place, line in enumerate(self.lines)
            if isinstance(line.body, IncidentOpened)
        )
        document, wanted = self.document, self.wanted
        severity = str(wanted.values["severity"])
        body = next(found, None) or IncidentOpened(
            document.title, severity, 0, wanted.started, drill=document.drill
        )
        body = replace(
            body,
            number=self.target.number,
            prefix=self.target.prefix,
            criterion=wanted.criterion,
            private=document.private,
            src=_source(document),
        )
        return self._event(body, format_stamp(to_ms(wanted.declared), 0, DEVICE))

    def registers(self, there: dict[tuple[str, str], Any], before: Imported) -> Iterator[Op]:
        """Yield what the timeline does not show and is not `there`, nor was imported before."""
        for (obj, field), value in self.wanted.registers.items():
            if value in (there.get((obj, field)), before.values.get((obj, field))):
                continue
            base = before.last.get((obj, field), "")
            latest = max([to_ms(self.wanted.declared), *self.written])
            stamp = format_stamp(latest, 1, DEVICE)
            yield self._event(FieldSet(field, value, obj=obj, base=base), stamp)

    def star(self, entry: Op) -> Op:
        """Return the event that stars an entry."""
        return self._event(FieldSet("star", v=True, obj=entry_object(entry.id)), entry.t)

    def _event(self, body: Body, stamp: str) -> Op:
        return make_event(self.target.inc, body, stamp, self.target.by)


def _place(lines: Sequence[Line], later: dict[int, timedelta]) -> Iterator[datetime]:
    """Yield when each line happened: in the order of the document, also within a minute."""
    before: datetime | None = None
    for place, line in enumerate(lines):
        at = line.row.at + later.get(place, timedelta())
        if before is not None and before.replace(second=0, microsecond=0) == line.row.at:
            at = max(at, before + timedelta(microseconds=1))
        before = at
        yield at


def _written_ms(lines: Sequence[Line], wanted: Wanted) -> tuple[int, ...]:
    """Return when each line was written down: of a field's values, the one that holds was last."""
    winners: dict[str, int] = {}
    latest: dict[str, int] = {}
    for place, line in enumerate(lines):
        body = line.body
        if isinstance(body, FieldSet):
            latest[body.f] = max(latest.get(body.f, 0), to_ms(line.row.at))
            if wanted.values.get(body.f, body.v) == body.v:
                winners[body.f] = place
    last = {place: latest[field] + 1 for field, place in winners.items()}
    return tuple(last.get(place, to_ms(line.row.at)) for place, line in enumerate(lines))


def new_rows(lines: Sequence[Line], known: Counter[RowKey]) -> list[int]:
    """Return the places of the lines that are not among the `known` ones."""
    left = Counter(known)
    places = []
    for place, line in enumerate(lines):
        row = line.row
        same = (row.at, row.kind, escape_cell(row.text)), (row.at, row.kind, None)
        key = next((each for each in same if left[each] > 0), None)
        if key is not None:
            left[key] -= 1
        elif not isinstance(line.body, IncidentOpened):
            places.append(place)
    return places


def _source(document: ExportedDocument) -> Source | None:
    value = document.fact("Imported from")
    form, _, identity = value.partition(" ")
    return Source(form, identity) if value else None
