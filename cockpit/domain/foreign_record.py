"""One record of another tool: reads its fields, and refuses in words what they should not hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from cockpit.domain.foreign_event import EARLIEST
from cockpit.domain.statuspage import UNCHANGED
from cockpit.domain.visible import clean_input, clip, make_visible
from cockpit.errors import ImportRefusedError

_LATEST = timedelta(days=1)
_MOST_SHOWN = 60
_MOST_TOLD = 300
_LARGEST_NUMBER = 10**30
"""Above this a number is no name: Python refuses to write out very large ones."""

_NOTHING = (None, "", "null")
"""What tools write where they have nothing; some write the word itself."""


class ForeignRecord:
    """A record by its name in the file ("Record 3"); `now` bounds what can have happened."""

    def __init__(self, raw: Any, name: str, now: datetime) -> None:
        """Keep the record; raises ImportRefusedError for what is no JSON object."""
        self.name = name
        self.now = now
        if not isinstance(raw, dict):
            raise self.refusal(f"expected an object, found {describe(raw)}")
        self.raw: dict[str, Any] = raw

    def refusal(self, problem: str) -> ImportRefusedError:
        """Return the error that refuses the file because of this record; the caller raises it."""
        # Names of fields and files come from the file, and may be of any kind and length.
        told = clip(make_visible(f"{self.name}: {problem}"), _MOST_TOLD)
        return ImportRefusedError(f"{told}.", UNCHANGED)

    def has(self, field: str) -> bool:
        """Say whether a field holds something."""
        return not isinstance(self.raw.get(field), list | dict) and self._value(field) is not None

    def text(self, *fields: str) -> str:
        """Return the first of these fields that holds text (or a number), empty without any."""
        for field in fields:
            value = self._value(field)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise self.refusal(f"{field} is not a text")
            if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
                raise self.refusal(f"{field} is too large a number")
            return clean_input(str(value)).strip()
        return ""

    def line(self, *fields: str) -> str:
        """Return the first of these fields that holds text, as one line."""
        return " ".join(self.text(*fields).split())

    def texts(self, *fields: str) -> dict[str, str]:
        """Return those of these fields that hold text, by name."""
        return {field: self.text(field) for field in fields if self.text(field)}

    def moment(self, *fields: str) -> datetime | None:
        """Return in UTC the time in the first of these fields that holds one, None without any."""
        for field in fields:
            value = self._value(field)
            if value is not None:
                return self._parse_time(field, value)
        return None

    def table(self, field: str) -> ForeignRecord:
        """Return the record that a field holds, an empty one without any."""
        return ForeignRecord(self._value(field) or {}, f"{self.name}: {field}", self.now)

    def rows(self, field: str, called: str = "", first: int = 1) -> tuple[ForeignRecord, ...]:
        """Return the records in a field's list, each named by its place in it.

        called, first: the name and the number that the first one gets, instead of the field's.
        """
        value = self._value(field)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.refusal(f"{field} is not a list")
        called = called or f"{self.name}: {field}"
        return tuple(
            ForeignRecord(raw, f"{called} {place}", self.now)
            for place, raw in enumerate(value, start=first)
        )

    def words(self, field: str) -> dict[str, str]:
        """Return the names and values of a field's flat object, such as labels, as texts."""
        inner = self.table(field)
        flags = {True: "true", False: "false"}
        return {
            _shown_name(name): flags[value] if isinstance(value, bool) else inner.text(name)
            for name, value in inner.raw.items()
        }

    def unknown(self, fields: Collection[str]) -> set[str]:
        """Return the names of the fields that hold something and are not among `fields`."""
        names = (name for name, value in self.raw.items() if value not in (None, "", [], {}))
        return {_shown_name(name) for name in names if name not in fields}

    def _value(self, field: str) -> Any:
        value = self.raw.get(field)
        if isinstance(value, str | None) and value in _NOTHING:
            return None
        return value

    def _parse_time(self, field: str, value: Any) -> datetime:
        try:
            at = msgspec.convert(value, datetime) if isinstance(value, str) else None
        except msgspec.ValidationError:
            at = None
        if at is None:
            raise self.refusal(f"{field} is not a time")
        if at.tzinfo is None:
            raise self.refusal(
                f"{field} has no time zone; expected a time like 2020-12-21T00:20:06Z"
            )
        return self.checked(field, at)

    def checked(self, field: str, at: datetime) -> datetime:
        """Return an aware time in UTC; raises ImportRefusedError for one that cannot have been."""
        if not EARLIEST <= at <= self.now + _LATEST:
            shown = f"{at.year:04}-{at:%m-%d}"
            raise self.refusal(f"{field} is {shown}; expected a time between 1970 and now")
        return at.astimezone(UTC)


def _shown_name(name: str) -> str:
    return clip(make_visible(name), _MOST_SHOWN)


def describe(value: Any) -> str:
    """Return in words what a JSON value is."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        names = ", ".join(f"“{clip(make_visible(str(name)), 30)}”" for name in list(value)[:5])
        return f"an object with {names}" if names else "an empty object"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text"}
    return kinds.get(type(value), "null")
