"""Incidents: declare one, find one by its reference, list and search them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from cockpit.domain.events import FieldSet, IncidentOpened
from cockpit.domain.nearest import expected
from cockpit.domain.reference import parse_reference, suffix_of
from cockpit.domain.view import IncidentSummary, IncidentView
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import Impact, Ring, Severity
from cockpit.errors import IncidentNotFoundError, InvalidInputError
from cockpit.service.session import Session
from cockpit.store.database import NewEvent, Reads

if TYPE_CHECKING:
    from cockpit.domain.playbook import Playbook
    from cockpit.store.search import SearchHit

_ID_PREFIX = 6
"""Hex digits of an id that a person must give at least: fewer look like a number."""


class Declaration(Struct, frozen=True):
    """What is known when an incident is declared; title and severity suffice.

    at: when it began (None: now); kind, criterion: ids of the playbook; commander: a person.
    """

    title: str
    severity: str = ""
    at: datetime | None = None
    kind: str = ""
    criterion: str = ""
    impact: str = ""
    commander: str = ""
    drill: bool = False
    private: bool = False


def declare(session: Session, declaration: Declaration) -> IncidentView:
    """Open an incident with the playbook's stakeholders on its board.

    Raises InvalidInputError for an empty title or an unknown severity, kind, criterion or impact.
    """
    from cockpit.service.roster import expedite_reason, roster_cards

    playbook = session.playbook
    title = clean_input(declaration.title).strip()
    if not title:
        raise InvalidInputError("An incident needs a title.", "Say what is broken, for whom.")
    severity = parse_severity(declaration.severity or playbook.default_severity)
    _check_ids(declaration, playbook)
    inc, act = session.new_id(), session.new_id()
    at = declaration.at or session.clock()

    def build(reads: Reads) -> Sequence[NewEvent]:
        opened = IncidentOpened(
            title=" ".join(title.splitlines()),
            severity=severity.value,
            number=reads.next_number(playbook.reference_prefix),
            at=at,
            prefix=playbook.reference_prefix,
            criterion=declaration.criterion,
            drill=declaration.drill,
            private=declaration.private,
            act=act,
        )
        first = [FieldSet("role.commander", declaration.commander or session.author, act=act)]
        kind = declaration.kind or kind_of(playbook, declaration.criterion)
        if kind:
            first.append(FieldSet("kind", kind, act=act))
        if declaration.impact:
            first.append(FieldSet("impact", declaration.impact, act=act))
        because = expedite_reason(playbook, criterion=declaration.criterion, kind=kind)
        if because:
            first += _sooner(playbook, because, severity, session.clock(), act)
        cards = roster_cards(playbook, act, because=because)
        return [NewEvent(inc, opened), *(NewEvent(inc, body) for body in (*first, *cards))]

    session.write(build)
    return view(session, inc)


def _sooner(
    playbook: Playbook, because: str, severity: Severity, now: datetime, act: str
) -> list[FieldSet]:
    from cockpit.service.roster import sooner_word

    rule = playbook.rule(severity, Ring.CUSTOMERS)
    usual = now + timedelta(minutes=rule.first) if rule and rule.first else None
    body = sooner_word(playbook, because, now, usual, act)
    return [body] if body else []


def parse_severity(text: str) -> Severity:
    """Return the severity for `SEV1`, `sev1` or `1`; raises InvalidInputError otherwise."""
    word = text.strip().upper()
    word = f"SEV{word}" if word.isdigit() else word
    try:
        return Severity(word)
    except ValueError:
        raise expected("a severity", text, [each.value for each in Severity]) from None


def kind_of(playbook: Playbook, criterion: str) -> str:
    """Return the kind of incident that a criterion points to, empty when it is unknown."""
    return next((each.kind for each in playbook.criteria if each.id == criterion), "")


def _check_ids(declaration: Declaration, playbook: Playbook) -> None:
    criteria = [each.id for each in playbook.criteria]
    if declaration.criterion and declaration.criterion not in criteria:
        raise expected("a criterion", declaration.criterion, criteria)
    kinds = [each.id for each in playbook.kinds]
    if declaration.kind and declaration.kind not in kinds:
        raise expected("a kind of incident", declaration.kind, kinds)
    impacts = [each.value for each in Impact]
    if declaration.impact and declaration.impact not in impacts:
        raise expected("an impact", declaration.impact, impacts)


def view(session: Session, inc: str) -> IncidentView:
    """Return what is known of an incident; raises IncidentNotFoundError."""
    return session.reads.view(inc)


def list_incidents(
    session: Session, *, closed: bool = False, limit: int | None = None
) -> tuple[IncidentSummary, ...]:
    """Return the open incidents; with `closed` all of them, the open ones first."""
    return session.reads.summaries(only_open=not closed, limit=limit)


def search(session: Session, text: str, limit: int = 50) -> tuple[SearchHit, ...]:
    """Return where the words of a text occur, in whatever is written about incidents."""
    return session.reads.search(text, limit)


def search_inside(session: Session, text: str, limit: int = 50) -> tuple[SearchHit, ...]:
    """Return where a text occurs inside words; for what no word begins with, and slower."""
    return session.reads.search_inside(text, limit)


def find(session: Session, name: str | None, *, open_only: bool = False) -> str:
    """Return the id of the incident that `name` means, or of the only open one without a name.

    A reference (`INC-42`, `42`, `INC-42-K7Q`) or at least six hex digits of an id is a name.
    Raises IncidentNotFoundError with the open ones listed, or the way back of a deleted one.
    """
    if name is None or not name.strip():
        return _only_open(session)
    found = _matches(session, name.strip())
    if open_only:
        found = tuple(each for each in found if each.is_open)
    if not found:
        _say_deleted(session, name.strip())
        raise IncidentNotFoundError(f"No incident is called “{name}”.", _open_ones(session))
    return found[0].id


def named(
    session: Session, among: Sequence[IncidentSummary], name: str
) -> tuple[IncidentSummary, ...]:
    """Return those of `among` that a reference, with or without its prefix, or an id means."""
    reference, digits = parse_reference(name), name.lower()
    prefix = (reference.prefix if reference else "") or session.playbook.reference_prefix
    plain = f"{prefix}-{reference.number}".upper() if reference else ""
    return tuple(
        each
        for each in among
        if (
            reference
            and each.ref.upper() in (plain, f"{plain}-{suffix_of(each.id)}")
            and reference.suffix in ("", suffix_of(each.id))
        )
        or (len(digits) >= _ID_PREFIX and each.id.startswith(digits))
    )


def _say_deleted(session: Session, name: str) -> None:
    """Raise IncidentNotFoundError with the way back when `name` means a deleted incident."""
    if gone := named(session, session.reads.deleted(), name):
        ref = gone[0].ref
        raise IncidentNotFoundError(
            f"{ref} was deleted.", f"cockpit delete --undo {ref} brings it back."
        )


def _matches(session: Session, name: str) -> tuple[IncidentSummary, ...]:
    reference = parse_reference(name)
    if reference is not None:
        prefix = reference.prefix or session.playbook.reference_prefix
        found = session.reads.find(prefix, reference.number)
        if reference.suffix:
            return tuple(each for each in found if suffix_of(each.id) == reference.suffix)
        if found:
            plain = [each for each in found if each.ref == f"{prefix}-{reference.number}"]
            return tuple(plain or found)
    digits = name.lower()
    if len(digits) >= _ID_PREFIX and all(each in "0123456789abcdef" for each in digits):
        return session.reads.by_id_prefix(digits)
    return ()


def _only_open(session: Session) -> str:
    found = session.reads.summaries(only_open=True, limit=2)
    if len(found) == 1:
        return found[0].id
    if not found:
        raise IncidentNotFoundError(
            "No incident is open.", 'Declare one (cockpit declare "…") or name a closed one.'
        )
    raise IncidentNotFoundError("More than one incident is open; name one.", _open_ones(session))


def _open_ones(session: Session) -> str:
    found = session.reads.summaries(only_open=True, limit=10)
    if not found:
        return "None is open now; cockpit list --all shows the others."
    return "Open now: " + "; ".join(f"{each.ref} {each.title}" for each in found) + "."
