"""What is to be learned from all incidents that are over, read without their whole views."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cockpit.domain.action_items import IncidentItem
from cockpit.domain.assembly import WAIVE, postmortem_state
from cockpit.domain.review import Lesson
from cockpit.domain.vocabulary import Severity
from cockpit.store.action_rows import read_action_items
from cockpit.store.connection import Connection, compose
from cockpit.store.incident_rows import ARCHIVED
from cockpit.store.rows import read_json, read_time

_HEADS = compose(
    "SELECT id, ref, number, title, severity, coalesce(resolved_at, closed_at), drill, private,",
    "source FROM incident WHERE opened IS NOT NULL AND NOT is_open",
    "AND coalesce(resolved_at, closed_at) IS NOT NULL AND NOT",
    ARCHIVED,
    "ORDER BY id",
)
# Two lookups for each incident; one with OR would read all its registers.
_FIELDS = """SELECT inc, obj, f, value FROM incident CROSS JOIN reg
    ON reg.inc = incident.id AND reg.obj = 'pm' WHERE NOT is_open
    UNION ALL
    SELECT inc, obj, f, value FROM incident CROSS JOIN reg
    ON reg.inc = incident.id AND reg.obj = '' AND reg.f >= 'waive.' AND reg.f < 'waive/'
    WHERE NOT is_open"""


def read_lessons(
    connection: Connection, items: Iterable[IncidentItem] | None = None
) -> tuple[Lesson, ...]:
    """Return what each incident that is over has to teach, but for the deleted ones.

    items: all action items, where somebody has read them already.
    """
    with connection.reading():
        heads = connection.rows(_HEADS)
        fields = connection.rows(_FIELDS)
        items = read_action_items(connection) if items is None else items
    states: dict[str, dict[str, Any]] = {}
    waivers: dict[str, dict[str, str]] = {}
    for inc, obj, name, text in fields:
        value = read_json(text)
        if obj:
            states.setdefault(inc, {})[name] = value
        elif value and isinstance(value, str):
            waivers.setdefault(inc, {})[name.removeprefix(WAIVE)] = value
    actions: dict[str, list[IncidentItem]] = {}
    for each in items:
        actions.setdefault(each.inc, []).append(each)
    return tuple(
        Lesson(
            inc=inc,
            ref=ref,
            number=number,
            title=title,
            severity=Severity(severity),
            over_at=read_time(over_at),
            drill=bool(drill),
            private=bool(private),
            imported=bool(source),
            postmortem=postmortem_state(states.get(inc, {})),
            waivers=waivers.get(inc, {}),
            actions=tuple(each.item for each in actions.get(inc, ())),
        )
        for inc, ref, number, title, severity, over_at, drill, private, source in heads
    )
