"""Keeps the texts that are searched beside the timeline, those that say most in front."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from cockpit.domain.view import ActionItem, IncidentView
from cockpit.store.connection import Connection
from cockpit.store.rows import read_json
from cockpit.store.word_index import forget_text, index_new_texts, index_text

_Key = tuple[str, str, str]
Pages = dict[_Key, str]
"""Texts by incident, place and key there; an empty one has no page."""

PLACES = ("action item", "post-mortem", "services", "impact", "cause", "title")
"""What a page holds, from the last to the first shown: each place numbers its own rows."""

_NUMBERS = 2**48
"""How many numbers each place has."""

_FIND = "SELECT inc, place, key, n, text FROM page WHERE (inc, place, key) IN"
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


def keep_pages(connection: Connection, pages: Pages) -> None:
    """Make texts that are not on the timeline searchable, all at once."""
    found = {
        (inc, place, key): (number, was)
        for inc, place, key, number, was in connection.rows_for(_FIND, list(pages))
    }
    new: dict[str, Pages] = defaultdict(dict)
    for key, text in pages.items():
        if key in found:
            _change_page(connection, *found[key], text)
        elif text:
            new[key[1]][key] = text
    for place, texts in new.items():
        _insert_pages(connection, place, texts)


def head_pages(view: IncidentView) -> Pages:
    """Return what the incident's own fields say in words."""
    texts = {"title": view.title, "cause": view.cause, "impact": view.impact_text}
    return {(view.id, place, ""): text for place, text in texts.items()}


def service_page(connection: Connection, inc: str) -> Pages:
    """Return the names of the affected area and of the components that updates spoke of."""
    names = [*connection.rows(_OWN_SERVICES, (inc,)), *connection.rows(_SERVICES, (inc,))]
    words = dict.fromkeys(str(row[0]) for row in names if row[0])
    return {(inc, "services", ""): "\n".join(words)}


def item_page(connection: Connection, inc: str, obj: str) -> Pages:
    """Return the words of the action item with this register object (`act:<id>`)."""
    from cockpit.domain.assembly import read_object

    rows = connection.rows("SELECT f, value FROM reg WHERE inc = ? AND obj = ?", (inc, obj))
    identity = obj.partition(":")[2]
    fields = {field: read_json(value) for field, value in rows}
    item = read_object(fields, identity, ActionItem, "title")
    return {(inc, "action item", identity): item.title if item else ""}


def place_of(number: int) -> str:
    """Return the place of the row with this number."""
    return PLACES[min(max(0, (number - 1) // _NUMBERS), len(PLACES) - 1)]


def _change_page(connection: Connection, number: int, was: str, text: str) -> None:
    if not text:
        connection.execute("DELETE FROM page WHERE n = ?", (number,))
        forget_text(connection, "page", number, was)
    elif was != text:
        connection.execute("UPDATE page SET text = ? WHERE n = ?", (text, number))
        index_text(connection, "page", number, text, was=was)


def _insert_pages(connection: Connection, place: str, texts: Mapping[_Key, str]) -> None:
    first = _next_number(connection, place)
    rows = ((number, *key, text) for number, (key, text) in enumerate(texts.items(), first))
    connection.execute_many(_INSERT, rows)
    index_new_texts(connection, "page", enumerate(texts.values(), first))


def _next_number(connection: Connection, place: str) -> int:
    first = PLACES.index(place) * _NUMBERS + 1
    return max(first, 1 + int(connection.value(_LAST, (first, first + _NUMBERS - 1)) or 0))
