"""People as a table: what a spreadsheet writes is read with mercy, and written without danger."""

from __future__ import annotations

import csv
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from msgspec import Struct

from cockpit.domain.csv_cells import guard, unguard
from cockpit.domain.nearest import expected, nearest
from cockpit.domain.person_fields import NEEDED, QUIET, parse_field
from cockpit.domain.playbook import Playbook, RosterEntry
from cockpit.domain.visible import clip, make_visible
from cockpit.domain.vocabulary import Ring
from cockpit.errors import ImportRefusedError, InvalidInputError

MOST_PEOPLE = 2000
"""Rows of one table: each new incident begins with all of them."""

_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_EXPEDITED = "only_if_expedited"
_WORDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "key", "short name"),
    "name": ("name", "full name", "stakeholder", "person", "who"),
    "ring": ("ring", "audience"),
    "power": ("power", "influence"),
    "interest": ("interest",),
    "title": ("title", "job title", "role", "position"),
    "group": ("group", "team", "department", "organisation", "organization", "company"),
    "channels": ("channels", "channel", "by", "via", "reach by"),
    "contact": ("contact", "phone", "telephone", "mobile", "email", "mail", "address", "number"),
    "wants": ("wants", "needs", "wants to know"),
    "deputy": ("deputy", "stand in", "substitute", "backup"),
    "every": ("every", "every minutes", "interval", "rhythm", "cadence", "minutes"),
    QUIET: ("quiet hours", "quiet", "sleeps", "do not disturb"),
    "quiet_from": ("quiet from",),
    "quiet_until": ("quiet until", "quiet to"),
    "zone": ("zone", "time zone", "timezone", "tz"),
    _EXPEDITED: ("only if expedited", "expedited", "only expedited"),
}
_FIELD_OF = {word.replace(" ", ""): field for field, words in _WORDS.items() for word in words}
_YES = ("yes", "y", "true", "1", "x")
_NO = ("no", "n", "false", "0", "")

Table = dict[str, Any]
"""One person by the keys of a roster entry, those that were given only."""


class PeopleRefusedError(ImportRefusedError):
    """A table of people was refused; `rows` says in one sentence each what is wrong where."""

    def __init__(self, message: str, hint: str = "", rows: tuple[str, ...] = ()) -> None:
        """Keep the sentences about single rows beside what happened."""
        super().__init__(message, hint)
        self.rows = rows


class PeopleTable(Struct, frozen=True):
    """The people of a table in its order, and the columns that mean nothing here."""

    people: tuple[Table, ...]
    left_out: tuple[str, ...] = ()


def read_people(text: str, playbook: Playbook) -> PeopleTable:
    """Return the people of a CSV text; the playbook knows the channels.

    Raises PeopleRefusedError with the number of every row that is wrong, the header being row 1.
    """
    header, rows = _split(text)
    columns, left_out = _columns(header)
    reader = _Reader(columns, playbook)
    for number, cells in rows:
        if isinstance(cells, csv.Error):
            reader.refuse(number, f"this cannot be read as a table: {cells}.")
            break
        if any(cell.strip() for cell in cells):
            reader.read(number, cells)
    reader.finish()
    return PeopleTable(tuple(reader.people.values()), left_out)


def write_people(people: Iterable[RosterEntry]) -> str:
    """Return people as CSV that `read_people` reads; no cell is a formula to a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [name for name in _WORDS if not name.startswith("quiet_")]
    writer.writerow([_WORDS[name][0] for name in names])
    for each in people:
        writer.writerow([_cell(each, name) for name in names])
    return out.getvalue()


def _cell(person: RosterEntry, name: str) -> str:
    if name == QUIET:
        value: Any = f"{person.quiet_from}-{person.quiet_until}" if person.quiet_from else ""
    elif name == _EXPEDITED:
        value = "yes" if person.only_if_expedited else ""
    elif name == "channels":
        value = ", ".join(person.channels)
    else:
        value = getattr(person, name)
    return guard("" if value is None else str(value))


def identify(name: str) -> str:
    """Return an id for a name: its letters and digits, dashes between (`chief-executive`)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    # A name in another script has a number that stays the same from table to table.
    return (
        "-".join(words)[:40].rstrip("-") or f"p-{zlib.crc32(name.encode('utf-8', 'replace')):08x}"
    )


class _Reader:
    """Reads rows, and collects what is wrong with them."""

    def __init__(self, columns: Sequence[str], playbook: Playbook) -> None:
        self.columns = columns
        self.playbook = playbook
        self.people: dict[str, Table] = {}
        self.rows: dict[str, int] = {}
        self.wrong: dict[int, list[str]] = {}

    def refuse(self, number: int, sentence: str) -> None:
        self.wrong.setdefault(number, []).append(sentence)

    def read(self, number: int, cells: Sequence[str]) -> None:
        """Keep the person of one row, or what is wrong with it."""
        if len(cells) > len(self.columns) and any(
            each.strip() for each in cells[len(self.columns) :]
        ):
            self.refuse(number, f"it has {len(cells)} cells, the header {len(self.columns)}.")
            return
        person: Table = {}
        given: dict[str, list[str]] = {}
        for field, cell in zip(self.columns, cells, strict=False):
            if field and cell.strip():
                given.setdefault(field, []).append(unguard(cell.strip()))
        for field, texts in given.items():
            try:
                person |= self._parse(field, ", ".join(texts))
            except InvalidInputError as mistake:
                self.refuse(number, f"{_WORDS[field][0]}: {mistake}")
        for field in NEEDED:
            if field not in given:
                self.refuse(number, f"{_WORDS[field][0]} is empty.")
        if bool(person.get("quiet_from")) != bool(person.get("quiet_until")):
            self.refuse(number, "quiet hours need a beginning and an end.")
        self._keep(number, {name: each for name, each in person.items() if each not in ("", None)})

    def _parse(self, field: str, text: str) -> Table:
        if "\x00" in text:
            raise InvalidInputError("It holds a NUL character.")
        if field == "id":
            return {"id": _parse_id(text)}
        if field == _EXPEDITED:
            word = text.casefold()
            if word not in (*_YES, *_NO):
                raise expected("an answer", text, ["yes", "no"])
            return {field: True} if word in _YES else {}
        found = parse_field(self.playbook, field, text)
        return {name: _plain(value) for name, value in found.items()}

    def _keep(self, number: int, person: Table) -> None:
        if number in self.wrong:
            return
        identity = person.setdefault("id", identify(person["name"]))
        if identity in self.rows:
            first = self.rows[identity]
            self.refuse(
                number, f"the id “{identity}” is that of row {first} already; give it its own."
            )
            return
        self.rows[identity] = number
        self.people[identity] = {"id": identity, **person}

    def finish(self) -> None:
        """Raise PeopleRefusedError unless every row was right."""
        if self.wrong:
            count = len(self.wrong)
            words = "1 row is" if count == 1 else f"{count:,} rows are"
            lines = [
                f"row {number}: {make_visible(sentence)}"
                for number, sentences in sorted(self.wrong.items())
                for sentence in sentences
            ]
            raise PeopleRefusedError(f"Nothing was imported: {words} wrong.", rows=tuple(lines))
        if not self.people:
            raise PeopleRefusedError("Nothing was imported: there is nobody in this table.")
        if len(self.people) > MOST_PEOPLE:
            raise PeopleRefusedError(
                f"Nothing was imported: a directory holds at most {MOST_PEOPLE:,} people.",
                f"This table has {len(self.people):,}; make groups of them.",
            )


def _plain(value: Any) -> Any:
    """Return a value as a roster keeps it."""
    if isinstance(value, Ring):
        return value.audience
    return list(value) if isinstance(value, tuple) else value


def _parse_id(text: str) -> str:
    word = text.strip().lower()
    if identify(word) != word.replace(".", "-").replace("_", "-"):
        raise InvalidInputError(
            f"“{clip(make_visible(text), 40)}” is not an id.", f"Expected {identify(text)}, say."
        )
    return word


def _split(text: str) -> tuple[list[str], Iterator[tuple[int, list[str] | csv.Error]]]:
    """Return the header, and the other rows with their numbers."""
    text = text.removeprefix("\ufeff")
    if said := _SEPARATOR_LINE.match(text):
        text = text[said.end() :]
    headers = [_header(text, each) for each in _DELIMITERS]
    known = [sum(_fold(cell) in _FIELD_OF for cell in header) for header in headers]
    best = known.index(max(known))
    if not known[best]:
        raise PeopleRefusedError(
            "Nothing was imported: the first row names no column that is known here.",
            "Expected name, ring, power, interest and, say, contact; see cockpit people import -h.",
        )
    return headers[best], _rows(text, _DELIMITERS[best])


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield the rows after the header with their numbers, an error instead of one it stops at."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as mistake:
            yield number, mistake
            return
        if cells is None:
            return
        if number > 1:
            yield number, cells


def _columns(header: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the field of each column, empty for one that means nothing here, and those."""
    columns, left_out = [], []
    for cell in header:
        word = _fold(cell)
        field = _FIELD_OF.get(word, "")
        if word and not field:
            near = nearest(cell.strip(), [_WORDS[each][0] for each in _WORDS])
            if near is not None:
                shown = clip(make_visible(cell.strip()), 40)
                raise PeopleRefusedError(
                    f"Nothing was imported: “{shown}” is no column that is known here.",
                    f"Did you mean “{near}”?",
                )
            left_out.append(cell.strip())
        if field and field != "contact" and field in columns:
            raise PeopleRefusedError(
                f"Nothing was imported: two columns say {_WORDS[field][0]}.", "Take one out."
            )
        columns.append(field)
    if missing := [each for each in NEEDED if each not in columns]:
        raise PeopleRefusedError(
            f"Nothing was imported: the header lacks {', '.join(missing)}.",
            "A ring is core, support, executives, employees or customers; "
            "power and interest are high or low.",
        )
    return columns, tuple(left_out)


def _fold(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.casefold())
