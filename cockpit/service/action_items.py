"""Action items: left behind by an incident, followed over all of them until they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cockpit.config import find_zone
from cockpit.domain.action_exports import ExportWishes, export_items
from cockpit.domain.action_items import (
    CLOSED,
    KINDS,
    SHOWN,
    STATES,
    IncidentItem,
    ItemFilter,
    choose_items,
    day_of,
    id_length,
    parse_due,
)
from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import clean_input
from cockpit.errors import InvalidInputError
from cockpit.paths import create_private_directory
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.service.whole_files import write_export
from cockpit.store.database import NewEvent, Reads

MAX_TITLE = 1000
"""Characters of a title: more belongs behind the link."""

FIELDS = ("title", "owner", "due", "kind", "state", "automate", "link")
_ENDINGS = {
    "markdown": ".md",
    "csv": ".csv",
    "json": ".json",
    "github": "-github.json",
    "jira": "-jira.csv",
}
_YES = ("yes", "y", "true", "on", "1")
_NO = ("no", "n", "false", "off", "0", "")
_ALIASES = {"owners": "owner", "automation": "automate"}


def today(session: Session) -> date:
    """Return the day that it is in the zone of the settings."""
    return day_of(session.clock(), find_zone(session.config.zone))


def list_items(session: Session, wanted: ItemFilter | None = None) -> tuple[IncidentItem, ...]:
    """Return action items of all incidents, the most urgent first; the open ones by default.

    Raises InvalidInputError for a word of the filter that there is not.
    """
    wanted = wanted or ItemFilter()
    if wanted.shown not in SHOWN:
        raise expected("a choice of action items", wanted.shown, SHOWN)
    if wanted.kind and wanted.kind not in KINDS:
        raise expected("a kind of action item", wanted.kind, KINDS)
    return choose_items(session.reads.action_items(), wanted, today(session))


def export(session: Session, wanted: ItemFilter, form: str, by: str = "incident") -> str:
    """Return the chosen items in a format, the checklist of which is grouped `by` something.

    Raises InvalidInputError for an unknown format, group or word of the filter.
    """
    found = list_items(session, wanted)
    labels = session.playbook.postmortem.action_labels
    return export_items(found, form, ExportWishes(today(session), by, labels))


def write_file(session: Session, wanted: ItemFilter, form: str, by: str = "incident") -> Path:
    """Write the chosen items into the usual directory for exports and return the file."""
    text = export(session, wanted, form, by)
    create_private_directory(session.paths.exports)
    path = session.paths.exports / f"action-items{_ENDINGS[form]}"
    write_export(path, text, force=True)
    return path


def find_item(session: Session, name: str, inc: str = "") -> IncidentItem:
    """Return the item whose id begins with `name`, else the one with these words in its title.

    It may be one of any incident, or of the one with the id `inc` only.

    Raises InvalidInputError when there is none, or more than one.
    """
    word = clean_input(name).strip()
    wanted = ItemFilter("all", inc=inc)
    known = choose_items(session.reads.action_items(), wanted, today(session))
    found = [each for each in known if word and each.item.id.startswith(word.lower())]
    if not found:
        parts = word.casefold().split()
        found = [each for each in known if parts and _has_all(each.item.title, parts)]
    found = [each for each in found if each.is_open] or found
    if len(found) == 1:
        return found[0]
    size = id_length(found or known)
    if found:
        shown = "; ".join(
            f"{each.ref} {each.item.id[:size]} {each.item.title}" for each in found[:5]
        )
        hint = f"Name the incident, too, with --incident: {shown}."
        raise InvalidInputError(f"“{word[:40]}” means {len(found)} action items.", hint)
    raise expected("an action item", word, [each.item.id[:size] for each in known if each.is_open])


def add_action(
    session: Session,
    inc: str,
    title: str,
    *,
    owner: str = "",
    due: str = "",
    kind: str = "prevent",
    link: str = "",
    automate: bool = False,
) -> IncidentView:
    """Leave an action item behind; `due` is a date such as 2026-12-01, `owner` one or several.

    Raises InvalidInputError for an empty title, an unknown kind or a wrong date.
    """
    values = {"title": title, "owner": owner, "due": due, "kind": kind, "link": link}
    checked = {
        name: _checked(session, name, value)
        for name, value in values.items()
        if value or name == "title"
    }
    if automate:
        checked["automate"] = True
    item, act = session.new_id()[:12], session.new_id()
    events = [
        NewEvent(inc, FieldSet(name, value, obj=f"act:{item}", act=act))
        for name, value in checked.items()
    ]
    session.write(lambda _: events)
    return session.reads.view(inc)


def set_action(session: Session, inc: str, item: str, field: str, value: str) -> IncidentView:
    """Change one field of an action item; `item` may be the beginning of its id."""
    view = session.reads.view(inc)
    found = [each for each in view.actions if each.id.startswith(item)]
    if len(found) != 1:
        raise expected("an action item", item, [each.id for each in view.actions])
    _write(session, inc, found[0].id, {field: _checked(session, field, value)})
    return session.reads.view(inc)


def edit_item(session: Session, each: IncidentItem, changes: Mapping[str, str]) -> IncidentItem:
    """Change fields of an item in one action, which one undo takes back; return it as it is now.

    Raises InvalidInputError for an unknown field or a wrong value; then nothing is changed.
    """
    checked = {}
    for name, value in changes.items():
        field = _ALIASES.get(name.strip().lower(), name.strip().lower())
        checked[field] = _checked(session, field, value)
    _write(session, each.inc, each.item.id, checked)
    return next(
        known
        for known in session.reads.action_items()
        if (known.inc, known.item.id) == (each.inc, each.item.id)
    )


def close_item(session: Session, each: IncidentItem, state: str = "done") -> IncidentItem:
    """Say that nothing is left to do: it is done, or it was dropped."""
    if state not in CLOSED:
        raise expected("a way to close an action item", state, CLOSED)
    return edit_item(session, each, {"state": state})


def reopen_item(session: Session, each: IncidentItem) -> IncidentItem:
    """Say that it is to be done after all."""
    return edit_item(session, each, {"state": "open"})


def _write(session: Session, inc: str, item: str, values: Mapping[str, Any]) -> None:
    act = session.new_id()

    def build(reads: Reads) -> Sequence[NewEvent]:
        events = []
        for name, value in values.items():
            body = on_register(reads, inc, FieldSet(name, value, obj=f"act:{item}", act=act))
            if not body.base or body.was != value or body.over:
                events.append(NewEvent(inc, body))
        return events

    session.write(build)


def _checked(session: Session, field: str, value: str) -> Any:
    text = " ".join(clean_input(value).split())
    fixed = {"kind": KINDS, "state": STATES}
    if field in fixed:
        if text.lower() not in fixed[field]:
            raise expected(f"a {field} of an action item", text, fixed[field])
        return text.lower()
    if field == "due":
        return parse_due(text, today(session))
    if field == "automate":
        return _parse_flag(text)
    if field not in FIELDS:
        raise expected("a field of an action item", field, FIELDS)
    if field == "title" and not text:
        raise InvalidInputError("An action item needs a title.", "Say what will be different.")
    if len(text) > MAX_TITLE:
        raise InvalidInputError(f"A {field} holds at most {MAX_TITLE:,} characters.")
    return text


def _parse_flag(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise expected("yes or no", text, ("yes", "no"))
    return text.lower() in _YES


def _has_all(title: str, parts: Sequence[str]) -> bool:
    folded = title.casefold()
    return all(part in folded for part in parts)
