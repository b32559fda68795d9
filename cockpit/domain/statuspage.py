"""Statuspage v2 incident JSON: read and checked as a whole before anything is made of it.

Known forms: `incidents.json` and `summary.json` (`{"page", "incidents"}`), one incident
(`{"page", "incident"}`). Fields that are not named here are kept as they came.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from cockpit.domain.foreign_event import EARLIEST
from cockpit.domain.nearest import nearest
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity
from cockpit.errors import ImportRefusedError

UNCHANGED = "Nothing was imported."

STATUSES = {
    "investigating": PublicStatus.INVESTIGATING,
    "identified": PublicStatus.IDENTIFIED,
    "monitoring": PublicStatus.MONITORING,
    "resolved": PublicStatus.RESOLVED,
    "postmortem": PublicStatus.RESOLVED,
    "scheduled": PublicStatus.INVESTIGATING,
    "in_progress": PublicStatus.IDENTIFIED,
    "verifying": PublicStatus.MONITORING,
    "completed": PublicStatus.RESOLVED,
}
"""Statuspage's words, those of planned maintenance included, as public status."""

PLANNED = ("scheduled", "in_progress", "verifying", "completed")

SEVERITIES = {
    "none": (Severity.SEV4, Impact.LOW),
    "maintenance": (Severity.SEV4, Impact.LOW),
    "minor": (Severity.SEV3, Impact.MEDIUM),
    "major": (Severity.SEV2, Impact.HIGH),
    "critical": (Severity.SEV1, Impact.HIGH),
}
"""Statuspage's impact words as severity and impact."""

_LATEST = timedelta(days=1)
_Id = Annotated[str, Meta(min_length=1, max_length=200)]


class AffectedComponent(Struct, frozen=True):
    """A component as an update found it and left it."""

    name: str
    new_status: str = ""
    old_status: str = ""


class PageUpdate(Struct, frozen=True):
    """One update of an incident; `display_at` is when it happened, as the page shows it."""

    id: _Id
    status: str
    created_at: datetime
    body: str | None = None
    display_at: datetime | None = None
    updated_at: datetime | None = None
    affected_components: list[AffectedComponent] | None = None

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.display_at or self.created_at


class PageIncident(Struct, frozen=True):
    """One incident of a status page."""

    id: _Id
    name: Annotated[str, Meta(min_length=1)]
    status: str
    created_at: datetime
    incident_updates: list[PageUpdate]
    impact: str | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    components: list[dict[str, Any]] | None = None

    @property
    def at(self) -> datetime:
        """Return when it began."""
        return self.started_at or self.created_at


class ParsedIncident(Struct, frozen=True):
    """A checked incident, and the record as it was: without its updates, and each of these."""

    number: int
    record: PageIncident
    raw: dict[str, Any]
    raw_updates: dict[str, dict[str, Any]]

    @property
    def ordered(self) -> tuple[PageUpdate, ...]:
        """Return the updates in the order in which they happened."""
        return tuple(
            sorted(
                self.record.incident_updates, key=lambda each: (each.at, each.created_at, each.id)
            )
        )


def parse_file(data: bytes, now: datetime) -> tuple[ParsedIncident, ...]:
    """Return the incidents of a file, oldest first; `now` bounds what can have happened.

    Raises ImportRefusedError with the record's number (from 1, in the file's order).
    """
    found: dict[str, ParsedIncident] = {}
    for number, raw in enumerate(_records(data), start=1):
        each = _parse(number, raw, now)
        known = found.get(each.record.id)
        if known is None:
            found[each.record.id] = each
        elif (known.raw, known.raw_updates) != (each.raw, each.raw_updates):
            message = (
                f"Record {number} has the same id as record {known.number} ({each.record.id}), "
                "but says something else."
            )
            raise ImportRefusedError(message, UNCHANGED)
    return tuple(sorted(found.values(), key=lambda each: (each.record.at, each.record.id)))


def find_left_out(data: bytes) -> tuple[str, ...]:
    """Return in words what a file that can be read holds besides its incidents."""
    top = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    words = []
    for name, raw in top.items():
        if name in ("incidents", "incident"):
            continue
        value = msgspec.json.decode(raw)
        called = name.replace("_", " ")
        if isinstance(value, list) and value:
            one = called.removesuffix("s")
            words.append(f"{len(value):,} {one if len(value) == 1 else called}")
        elif value not in ({}, [], None):
            words.append(f"the {called}'s own data" if name == "page" else f"“{called[:40]}”")
    return tuple(words)


def decode_json(data: bytes) -> Any:
    """Return what a JSON file holds; raises ImportRefusedError in words."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ImportRefusedError(f"The file is not valid JSON: {error}.", UNCHANGED) from error
    except RecursionError as error:
        message = "The file's JSON is nested too deeply."
        raise ImportRefusedError(message, UNCHANGED) from error


def _records(data: bytes) -> list[Any]:
    top = decode_json(data)
    if isinstance(top, dict):
        if isinstance(top.get("incidents"), list):
            return list(top["incidents"])
        if isinstance(top.get("incident"), dict):
            return [top["incident"]]
    raise ImportRefusedError(
        'The file is no Statuspage export: expected {"page": …, "incidents": […]} or '
        f'{{"page": …, "incident": {{…}}}}, found {_describe(top)}.',
        f"A status page gives it at /api/v2/incidents.json. {UNCHANGED}",
    )


def _parse(number: int, raw: Any, now: datetime) -> ParsedIncident:
    try:
        record = msgspec.convert(raw, PageIncident)
    except msgspec.ValidationError as error:
        raise _refused(number, raw, str(error)) from error
    problem = _problem(record, now)
    if problem:
        raise _refused(number, raw, problem)
    rest = {name: value for name, value in raw.items() if name != "incident_updates"}
    updates: dict[str, dict[str, Any]] = {}
    for each in raw["incident_updates"]:
        if updates.setdefault(each["id"], each) != each:
            raise _refused(number, raw, f"two different updates have the id {each['id']}")
    unique = {each.id: each for each in record.incident_updates}
    record = msgspec.structs.replace(record, incident_updates=list(unique.values()))
    return ParsedIncident(number, record, rest, updates)


def _problem(record: PageIncident, now: datetime) -> str:
    """Return what is wrong with a record of the right shape, empty for nothing."""
    if not record.name.strip():
        return "the incident has no name"
    found = _status_problem(record.status) or _impact_problem(record.impact)
    times = {
        "created_at": record.created_at,
        "started_at": record.started_at,
        "resolved_at": record.resolved_at,
        "updated_at": record.updated_at,
    }
    found = found or _time_problem(times, now)
    for place, each in enumerate(record.incident_updates, start=1):
        times = {
            "created_at": each.created_at,
            "display_at": each.display_at,
            "updated_at": each.updated_at,
        }
        problem = _status_problem(each.status) or _time_problem(times, now)
        found = found or (f"update {place}: {problem}" if problem else "")
    return found


def _status_problem(status: str) -> str:
    if status in STATUSES:
        return ""
    return f"the status “{status[:40]}” is not known; {_expected(status, STATUSES)}"


def _impact_problem(impact: str | None) -> str:
    if impact is None or impact in SEVERITIES:
        return ""
    return f"the impact “{impact[:40]}” is not known; {_expected(impact, SEVERITIES)}"


def _expected(word: str, choices: dict[str, Any]) -> str:
    close = nearest(word, list(choices))
    meant = f" (did you mean {close}?)" if close else ""
    return f"expected one of {', '.join(choices)}{meant}"


def _time_problem(times: dict[str, datetime | None], now: datetime) -> str:
    for name, at in times.items():
        if at is None:
            continue
        if at.tzinfo is None:
            return f"{name} has no time zone; expected a time like 2020-12-21T00:20:06Z"
        if not EARLIEST.timestamp() <= at.timestamp() <= (now + _LATEST).timestamp():
            return f"{name} is {at:%Y-%m-%d}; expected a time between 1970 and now"
    return ""


def _refused(number: int, raw: Any, problem: str) -> ImportRefusedError:
    name = raw.get("name") if isinstance(raw, dict) else None
    called = f" (“{name[:60]}”)" if isinstance(name, str) and name.strip() else ""
    return ImportRefusedError(f"Record {number}{called}: {problem}.", UNCHANGED)


def _describe(top: Any) -> str:
    if isinstance(top, list):
        return "a list"
    if isinstance(top, dict):
        names = ", ".join(f"“{str(name)[:30]}”" for name in list(top)[:5])
        return f"an object with {names}" if names else "an empty object"
    return "null" if top is None else f"a {type(top).__name__}"


def to_utc(at: datetime) -> datetime:
    """Return an aware time in UTC."""
    return at.astimezone(UTC)
