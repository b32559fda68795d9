"""PagerDuty's objects as files: incidents, notes, log entries, and webhook bodies (v2 and v3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from cockpit.domain.foreign_bodies import read_bodies
from cockpit.domain.foreign_formats import recognise, unexpected
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, StoryFile, count_words
from cockpit.domain.pagerduty_incidents import left_out_of_incident, read_incident
from cockpit.domain.pagerduty_logs import (
    left_out_of_record,
    read_event,
    read_log_entry,
    read_message,
    read_note,
)
from cockpit.domain.playbook import Playbook

NAME = "pagerduty"

_Reader = Callable[[ForeignRecord, Playbook], Story | None]

_READERS: Mapping[str, _Reader] = {
    "incidents": read_incident,
    "incident": read_incident,
    "notes": read_note,
    "note": read_note,
    "log_entries": read_log_entry,
    "log_entry": read_log_entry,
    "event": read_event,
    "messages": read_message,
}
"""What a document holds by the name of its field: one record, or a list of them."""

_ABOUT_THE_LIST = frozenset(("limit", "offset", "total", "query", "since", "until"))
_CALLED = {"note": "notes", "log_entry": "log entries", "log_entries": "log entries"}
"""What a field's records are called, where that is not the field's own name."""

_WANTED = "“incidents”, “notes”, “log_entries”, “event” or “messages”"


def read_pagerduty(data: bytes, now: datetime, rules: Playbook) -> StoryFile:
    """Return what a file says of incidents, each record numbered from 1 through the whole file.

    Raises ImportRefusedError for another document, and for a record that is wrong.
    """
    stories: list[Story] = []
    left_out: list[str] = []
    numbers = count(1)
    for document in read_bodies(data):
        if not isinstance(document, dict) or not _is_ours(document):
            raise unexpected(document, "no file of PagerDuty's", _WANTED)
        for field, read, raw in _records(document):
            record = ForeignRecord(raw, f"Record {next(numbers)}", now)
            story = read(record, rules)
            if story is None:
                left_out.append("event of no incident|events of no incident")
                continue
            stories.append(story)
            left_out += left_out_of_incident(_incident_of(field, record))
            if not field.startswith("incident"):
                name = _CALLED.get(field, field)
                left_out += (f"field “{each}” of {name}" for each in left_out_of_record(record))
        left_out += _left_out(document)
    return StoryFile(tuple(stories), count_words(left_out))


def _is_ours(document: dict[str, Any]) -> bool:
    look = recognise(document)
    if look is not None:
        return look.form == NAME
    held = [document[name] for name in _READERS if name in document]
    first = [each[0] if isinstance(each, list) and each else each for each in held]
    return bool(held) and all(each == [] or _names_itself(each) for each in first)


def _names_itself(raw: Any) -> bool:
    """Say whether a record has an id, or is so wrong that its number must be told."""
    return not isinstance(raw, dict) or "id" in raw


def _records(document: dict[str, Any]) -> Iterator[tuple[str, _Reader, Any]]:
    for field, read in _READERS.items():
        held = document.get(field)
        if held is not None:
            for raw in held if isinstance(held, list) else [held]:
                yield field, read, raw


def _incident_of(field: str, record: ForeignRecord) -> ForeignRecord:
    """Return the incident that a record describes, an empty one for a record of another kind."""
    if field == "messages":
        return record.table("data").table("incident")
    if field == "event" and record.table("data").line("type") == "incident":
        return record.table("data")
    return record if field.startswith("incident") else ForeignRecord({}, record.name, record.now)


def _left_out(document: dict[str, Any]) -> Iterator[str]:
    if document.get("more") is True:
        yield "the next page of the list"
    for name in document:
        if name not in _READERS and name not in _ABOUT_THE_LIST and name != "more":
            yield f"field “{''.join(each for each in name if each.isprintable())[:40]}”"
