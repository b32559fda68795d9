"""Action items of all incidents, read from their registers in one query."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from cockpit.domain.action_items import IncidentItem
from cockpit.domain.assembly import read_object
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import Severity
from cockpit.store.connection import Connection, compose
from cockpit.store.incident_rows import ARCHIVED
from cockpit.store.rows import read_json

_PREFIX = "act:"

# CROSS JOIN keeps the order: each incident's registers lie together, those of all do not.
_ITEMS = compose(
    "SELECT incident.id, ref, number, title, severity, drill, private, reg.obj, reg.f, reg.value",
    "FROM incident CROSS JOIN reg",
    "ON reg.inc = incident.id AND reg.obj >= 'act:' AND reg.obj < 'act;'",
    "WHERE opened IS NOT NULL AND NOT",
    ARCHIVED,
    "ORDER BY incident.id, reg.obj",
)


def read_action_items(connection: Connection) -> tuple[IncidentItem, ...]:
    """Return the action items of all incidents but the deleted ones, by incident and id."""
    found = []
    for head, rows in groupby(connection.rows(_ITEMS), key=itemgetter(*range(8))):
        inc, ref, number, title, severity, drill, private, obj = head
        item = make_item(obj, {row[8]: read_json(row[9]) for row in rows})
        if item is not None:
            level = Severity(severity)
            found.append(
                IncidentItem(item, inc, ref, number, title, level, bool(drill), bool(private))
            )
    return tuple(found)


def make_item(obj: str, fields: Mapping[str, Any]) -> ActionItem | None:
    """Return the action item of a register object, None when it was removed or is none."""
    return read_object(fields, obj.removeprefix(_PREFIX), ActionItem, "title")
