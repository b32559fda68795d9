"""Keeps the texts that are searched beside the timeline, those that say most in front."""

from __future__ import annotations

from cockpit.domain.view import ActionItem, IncidentView
from cockpit.store.connection import Connection
from cockpit.store.rows import read_json
from cockpit.store.word_index import forget_text, index_text

PLACES = ("action item", "post-mortem", "services", "impact", "cause", "title")
"""What a page holds, from the last to the first shown: each place numbers its own rows."""

_NUMBERS = 2**48
"""How many numbers each place has."""

_FIND = "SELECT n, text FROM page WHERE inc = ? AND place = ? AND key = ?"
_LAST = "SELECT max(n) FROM page WHERE n >= ? AND n < ?"
_INSERT = "INSERT INTO page (n, inc, place, key, text) VALUES (?, ?, ?, ?, ?)"
_SERVICES = (
    "SELECT DISTINCT json_extract(each.value, '$.name') FROM entry, "
    "json_each(entry.msg, '$.components') AS each "
    "WHERE inc = ? AND msg IS NOT NULL AND hidden = 0 ORDER BY 1"
)
_OWN_SERVICES = (
    "SELECT iif(f = 'area', json_extract(value, '$'), substr(f, 11)) FROM reg WHERE inc = ? "
    "AND obj = '' AND (f = 'area' OR (f >= 'component.' AND f < 'component/')) ORDER BY f"
)


def keep_page(connection: Connection, inc: str, place: str, key: str, text: str) -> None:
    """Make a text that is not on the timeline searchable; an empty one has no page."""
    found = connection.row(_FIND, (inc, place, key))
    if found is None:
        if text:
            number = _next_number(connection, place)
            connection.execute(_INSERT, (number, inc, place, key, text))
            index_text(connection, "page", number, text)
        return
    number, was = found
    if not text:
        connection.execute("DELETE FROM page WHERE n = ?", (number,))
        forget_text(connection, "page", number, was)
    elif was != text:
        connection.execute("UPDATE page SET text = ? WHERE n = ?", (text, number))
        index_text(connection, "page", number, text, was=was)


def keep_head_pages(connection: Connection, view: IncidentView) -> None:
    """Keep what the incident's own fields say in words."""
    keep_page(connection, view.id, "title", "", view.title)
    keep_page(connection, view.id, "cause", "", view.cause)
    keep_page(connection, view.id, "impact", "", view.impact_text)


def keep_service_page(connection: Connection, inc: str) -> None:
    """Keep the names of the affected area and of the components that updates spoke of."""
    names = [*connection.rows(_OWN_SERVICES, (inc,)), *connection.rows(_SERVICES, (inc,))]
    words = dict.fromkeys(str(row[0]) for row in names if row[0])
    keep_page(connection, inc, "services", "", "\n".join(words))


def keep_item_page(connection: Connection, inc: str, obj: str) -> None:
    """Keep the words of the action item with this register object (`act:<id>`)."""
    from cockpit.domain.assembly import read_object

    rows = connection.rows("SELECT f, value FROM reg WHERE inc = ? AND obj = ?", (inc, obj))
    identity = obj.partition(":")[2]
    fields = {field: read_json(value) for field, value in rows}
    item = read_object(fields, identity, ActionItem, "title")
    keep_page(connection, inc, "action item", identity, item.title if item else "")


def place_of(number: int) -> str:
    """Return the place of the row with this number."""
    return PLACES[min(max(0, (number - 1) // _NUMBERS), len(PLACES) - 1)]


def _next_number(connection: Connection, place: str) -> int:
    first = PLACES.index(place) * _NUMBERS + 1
    return max(first, 1 + int(connection.value(_LAST, (first, first + _NUMBERS - 1)) or 0))
