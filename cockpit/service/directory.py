"""The team's directory of stakeholders: read from a table, kept beside the playbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from cockpit.domain.directory import add_directory, directory_text, merge_people
from cockpit.domain.people_csv import MOST_PEOPLE, PeopleRefusedError, read_people
from cockpit.domain.person_fields import FIELDS
from cockpit.domain.playbook import RosterEntry
from cockpit.domain.playbook_merge import read_toml
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.errors import ReadOnlyError, StoreUnavailableError
from cockpit.paths import write_private
from cockpit.service.roster import expedite_reason, stakeholder_card
from cockpit.service.session import Session, read_playbook
from cockpit.service.stakeholders import anew, changed_fields, is_off
from cockpit.store.database import NewEvent, Reads

MAX_BYTES = 16 * 1024 * 1024
"""The largest table that is read (bytes)."""

_TABLE = "stakeholders"


class DirectoryReport(Struct, frozen=True):
    """What an import did: ids of people who are new, changed, as before and gone.

    left_out: columns that mean nothing here; file: where the directory is kept.
    """

    file: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Return everybody whom the table named."""
        return (*self.added, *self.changed, *self.same)

    @property
    def sentence(self) -> str:
        """Return what happened in words."""
        counts = {"new": self.added, "changed": self.changed, "as before": self.same}
        parts = [f"{len(each):,} {word}" for word, each in counts.items() if each]
        if self.gone:
            parts.append(f"{len(self.gone):,} taken out")
        count = len(self.ids)
        read = "1 person" if count == 1 else f"{count:,} people"
        return f"{read} read: {', '.join(parts)}."


def import_people(session: Session, data: bytes, *, replace: bool = False) -> DirectoryReport:
    """Put the people of a CSV table into the directory, all of them or none.

    replace: the directory holds them alone afterwards, instead of also those of earlier tables.
    The file before is kept beside the new one. Raises PeopleRefusedError with every wrong row.
    """
    if session.readonly:
        raise ReadOnlyError
    paths = session.paths
    base = read_playbook(paths, with_directory=False)
    table = read_people(_decode(data), base)
    path = paths.directory
    before = _read(session)
    known = [] if replace else read_toml(before, str(path)).get(_TABLE, [])
    people = merge_people(known, table.people)
    if len(people) > MOST_PEOPLE:
        raise PeopleRefusedError(
            f"Nothing was imported: a directory holds at most {MOST_PEOPLE:,} people.",
            f"With this table it would hold {len(people):,}; --replace begins anew.",
        )
    text = directory_text(people)
    # What is written must be readable at the next start, in the middle of an outage.
    add_directory(base, read_toml(text, str(path)), str(path), text)
    report = _compare(_rows(session, before), people, [each["id"] for each in table.people])
    try:
        paths.create()
        if before and before != text:
            write_private(path.with_suffix(".toml.old"), before)
        write_private(path, text)
    except OSError as error:
        raise StoreUnavailableError(
            f"{path} cannot be written: {error.strerror or error}.", "Nothing was imported."
        ) from error
    session.__dict__.pop("playbook", None)
    return msgspec.structs.replace(report, file=str(path), left_out=table.left_out)


def _read(session: Session) -> str:
    """Return the directory's text, empty while there is none."""
    path = session.paths.directory
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StoreUnavailableError(
            f"{path} cannot be read: {error.strerror or error}.", "Nothing was changed."
        ) from error


def _rows(session: Session, text: str) -> list[dict[str, Any]]:
    """Return what a directory holds, nobody when it is broken and is being replaced."""
    from cockpit.errors import PlaybookError

    try:
        return list(read_toml(text, str(session.paths.directory)).get(_TABLE, []))
    except PlaybookError:
        return []


def _compare(
    known: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]], named: Sequence[str]
) -> DirectoryReport:
    before = {each.get("id"): each for each in known}
    now = {each["id"]: each for each in people}
    return DirectoryReport(
        "",
        tuple(each for each in named if each not in before),
        tuple(each for each in named if each in before and before[each] != now[each]),
        tuple(each for each in named if each in before and before[each] == now[each]),
        tuple(str(each) for each in before if each not in now),
    )


def roster(session: Session) -> tuple[tuple[RosterEntry, str], ...]:
    """Return whom a new incident knows, each with "directory" or "playbook" where they are kept."""
    own = {each.get("id") for each in _rows(session, _read(session))}
    return tuple(
        (each, "directory" if each.id in own else "playbook")
        for each in session.playbook.stakeholders
    )


def put_on_board(session: Session, inc: str, ids: Sequence[str]) -> IncidentView:
    """Put people of the roster on an incident's board, in one action.

    Who stands there already gets what the roster says of them; who was taken off comes back.
    Who is only told of lost data or a breach comes only where that is the case.
    """
    playbook, act, now = session.playbook, session.new_id(), session.clock()
    wanted = {each.id: each for each in playbook.stakeholders if each.id in ids}

    def build(reads: Reads) -> list[NewEvent]:
        view = reads.view(inc)
        because = expedite_reason(playbook, criterion=view.criterion, kind=view.kind)
        there = {each.id: each for each in view.stakeholders}
        events: list[NewEvent] = []
        for identity, entry in wanted.items():
            if entry.only_if_expedited and not because and identity not in there:
                continue
            person = _stakeholder(entry, because, now)
            if identity in there:
                before = there[identity]
                said = {name: getattr(person, name) for name in FIELDS}
                values = {name: each for name, each in said.items() if each not in ("", None, ())}
                known = {name: getattr(before, name) for name in FIELDS}
            else:
                values, known = anew(person), {}
                if not is_off(reads, inc, identity):
                    values = {"card": stakeholder_card(entry, because=because, since=now)}
            events += changed_fields(reads, inc, identity, values, known, act)
        return events

    session.write(build)
    return session.reads.view(inc)


def _stakeholder(entry: RosterEntry, because: str, now: datetime) -> Stakeholder:
    card = stakeholder_card(entry, because=because, since=now)
    return msgspec.convert({**card, "id": entry.id}, Stakeholder)


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise PeopleRefusedError(
            f"Nothing was imported: the table is larger than {MAX_BYTES // 1024 // 1024} MB.",
            "A table of people is small; is it the right file?",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        row = data.count(b"\n", 0, mistake.start) + 1
        raise PeopleRefusedError(
            f"Nothing was imported: the table is not UTF-8 (line {row:,}).",
            "Save it anew as “CSV UTF-8”.",
        ) from None
