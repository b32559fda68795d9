"""Lines of an exported timeline as the events that they came from.

A line can be read in several ways when the texts in it look like the words around them. Every
reading that is offered here shows as exactly that line again; which one it was, the facts tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from cockpit.domain.components import COMPONENT, STATES, state_words
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import ComponentChange, EntryAdded, FieldSet, IncidentOpened, Message
from cockpit.domain.exported_document import STAMP, Row, read_stamp
from cockpit.domain.incident_markdown import entry_text
from cockpit.domain.markdown import escape_cell
from cockpit.domain.ring_plan import MOVED, OPEN_END, PAUSED, RHYTHM, time_value
from cockpit.domain.timeline import describe
from cockpit.domain.view import TimelineEntry
from cockpit.domain.vocabulary import EntryKind, Impact, MessageState, PublicStatus, Severity, Stage

CORRECTED = "(the first wording is not in the document)"
"""What stands for the first wording of a text that was corrected after it went out."""

_FIELDS: dict[str, tuple[str, frozenset[str] | None]] = {
    "Status": ("status", frozenset(PublicStatus)),
    "Stage": ("stage", frozenset(Stage)),
    "Severity": ("severity", frozenset(Severity)),
    "Impact": ("impact", frozenset(Impact)),
    "Share of customers": ("share", None),
    "Title": ("title", None),
    "Affected area": ("area", None),
    "Start": ("started_at", None),
}
"""Names of the timeline with the fields that they mean, and the values that those can have."""

_NOBODY = ("unknown", "nobody")
_UNDONE = " (undone)"
_ARROW = " → "
_MOST_READINGS = 60
_OPENED = re.compile(r"(Declared|Imported) (\S+?)(, drill)?: (.*)", re.DOTALL)
_MOVED = re.compile(rf"Next update to (.*) (?:moved to ({STAMP})|back at the time promised before)")
_PAUSED = re.compile(rf"Updates to (.*) (?:paused(?P<until> until ({STAMP}))?|go on)")
_RHYTHM = re.compile(r"Updates to (.*) (?:every (\d+) min from now on|at the usual rhythm again)")
_WAIVED = re.compile(r"Closing check “(.*?)” (?:waived: (.*)|asked for again)", re.DOTALL)
_SENT = re.compile(
    r"(?P<verb>Sent to|Copied for) (?P<audience>[^\s:]+)(?: by (?P<by>[^:()]*?))?"
    r"(?: as (?P<status>[^\s:()]+))?"
    rf"(?: \(next update by (?P<next>{STAMP})\))?(?: \((?P<news>(?!corrected\)).*?: [a-z ]+)\))?"
    r"(?P<corrected> \(corrected\))?: (?P<text>.*)",
    re.DOTALL,
)
_NO_RECORD = Record(Op("", "", FieldSet.kind, "000000000000-0000-00000000", "00000000", "", "{}"))
_STATES = {state_words(each): each for each in STATES}


def read_opening(row: Row) -> IncidentOpened | None:
    """Return the declaration that a line is (its number and source are not in it), or None."""
    found = _OPENED.fullmatch(row.text)
    if not found or row.kind != EntryKind.NOTE or found[2] not in set(Severity):
        return None
    return IncidentOpened(found[4], found[2], 0, row.at, drill=bool(found[3]))


def read_changes(row: Row, roles: Iterable[str]) -> list[FieldSet]:
    """Return the changes that a line can be, the likeliest first; none for an entry.

    roles: ids of the playbook's roles.
    """
    found: list[FieldSet] = []
    for body in _readings(row, tuple(roles)):
        if body not in found and _shows(body, row):
            found.append(body)
        if len(found) >= _MOST_READINGS:
            break
    return found


def read_entry(row: Row) -> tuple[EntryAdded, str]:
    """Return the entry that a line is, and its present text where that was corrected."""
    found = _SENT.fullmatch(row.text) if row.kind == EntryKind.COMMUNICATION else None
    if found:
        message = _message(found)
        entry = TimelineEntry(
            "",
            row.at,
            row.at,
            "",
            row.kind,
            found["text"],
            "",
            msg=message,
            corrected=bool(found["corrected"]),
        )
        if escape_cell(entry_text(entry)) == escape_cell(row.text):
            text = CORRECTED if entry.corrected else entry.text
            return EntryAdded(row.at, text, row.kind, message), (
                entry.text if entry.corrected else ""
            )
    return EntryAdded(row.at, row.text, row.kind), ""


def role_name(identity: str) -> str:
    """Return how the timeline calls a role."""
    return identity.replace("-", " ").capitalize()


def _message(found: re.Match[str]) -> Message:
    news = [each.rpartition(": ") for each in (found["news"] or "").split("; ") if each]
    return Message(
        MessageState.SENT if found["verb"] == "Sent to" else MessageState.COPIED,
        found["audience"],
        tuple((found["by"] or "").split(", ")) if found["by"] else (),
        status=found["status"] or "",
        next_at=read_stamp(found["next"] or ""),
        components=tuple(ComponentChange(name, _STATES.get(new, new)) for name, _, new in news),
    )


def _readings(row: Row, roles: tuple[str, ...]) -> Iterator[FieldSet]:
    for text, reason, undone in _endings(row.text):
        name, _, rest = text.partition(": ")
        bodies: Iterable[FieldSet] = ()
        if row.kind == EntryKind.ROLE:
            bodies = _role(name, rest, roles)
        elif name in _FIELDS and rest:
            bodies = _field(*_FIELDS[name], rest)
        for body in (*bodies, *_decisions(row, text)):
            # An undo names what it takes back: here, only that it does.
            undoes = "undone" if undone else ""
            yield FieldSet(body.f, body.v, was=body.was, reason=reason, undoes=undoes)


def _endings(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each way to cut a reason in brackets, or the mark of an undo, off a text's end."""
    if text.endswith(_UNDONE):
        yield text.removesuffix(_UNDONE), "", True
    yield text, "", False
    if text.endswith(")"):
        for found in re.finditer(r" \(", text):
            yield text[: found.start()], text[found.end() : -1], False


def _field(field: str, values: frozenset[str] | None, rest: str) -> Iterator[FieldSet]:
    for was, value in _steps(rest):
        new, old = _value(field, value), _value(field, was)
        if new == "" or _is_one(field, new, values):
            yield FieldSet(field, new, was=old or None)


def _is_one(field: str, value: Any, values: frozenset[str] | None) -> bool:
    """Say whether a field can have a value; the rest of a line may belong to its reason."""
    if field == "started_at":
        return time_value(value) is not None
    if field == "share":
        return isinstance(value, float)
    return values is None or value in values


def _steps(rest: str) -> Iterator[tuple[str, str]]:
    """Yield each way to read `was → now`, or only `now`."""
    for found in re.finditer(_ARROW, rest):
        yield rest[: found.start()], rest[found.end() :]
    yield "", rest


def _value(field: str, word: str) -> Any:
    if word in _NOBODY and field != "title":
        return ""
    if field == "share":
        try:
            return float(word.removesuffix(" %")) if word else None
        except ValueError:
            return word
    if field == "started_at":
        return word.replace(" UTC", "Z").replace(" ", "T", 1)
    return word


def _role(name: str, rest: str, roles: tuple[str, ...]) -> Iterator[FieldSet]:
    known = [each for each in roles if role_name(each) == name]
    for identity in known or [name.lower().replace(" ", "-")]:
        for was, value in _steps(rest):
            yield FieldSet(f"role.{identity}", _value("", value), was=_value("", was) or None)


def _decisions(row: Row, text: str) -> Iterator[FieldSet]:
    if row.kind == EntryKind.DECISION and (found := _WAIVED.fullmatch(text)):
        yield FieldSet(f"waive.{found[1]}", found[2] or "")
    if row.kind != EntryKind.STATUS:
        return
    if found := _MOVED.fullmatch(text):
        yield FieldSet(f"{MOVED}{found[1]}", _iso(found[2]))
    if found := _PAUSED.fullmatch(text):
        paused = text.endswith("paused") or found["until"]
        value = (_iso(found[3]) or OPEN_END) if paused else ""
        yield FieldSet(f"{PAUSED}{found[1]}", value)
    if found := _RHYTHM.fullmatch(text):
        yield FieldSet(f"{RHYTHM}{found[1]}", int(found[2] or 0))
    for found in reversed(list(re.finditer(": ", text))):
        for was, value in _steps(text[found.end() :]):
            if (value in _STATES or value == "unknown") and was in ("", *_STATES):
                new, old = _STATES.get(value, ""), _STATES.get(was, was)
                yield FieldSet(f"{COMPONENT}{text[: found.start()]}", new, was=old or None)


def _iso(stamp: str | None) -> str:
    at = read_stamp(stamp or "")
    return at.isoformat() if at else ""


def _shows(body: FieldSet, row: Row) -> bool:
    line = describe(_NO_RECORD, body)
    return (
        line is not None
        and line.kind == row.kind
        and escape_cell(line.text) == escape_cell(row.text)
    )
