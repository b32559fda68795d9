"""Action items of all incidents: which are overdue, in which order, in groups, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct

from cockpit.domain.nearest import expected
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import Severity
from cockpit.errors import InvalidInputError

KINDS = ("prevent", "mitigate", "detect", "process", "debt")
STATES = ("open", "done", "dropped")
CLOSED = ("done", "dropped")
"""States in which nothing is left to do; any other word counts as open."""

SHOWN = ("open", "overdue", "done", "all")
"""What a list can be narrowed to."""

GROUPS = ("due", "owner", "incident", "kind")
NOBODY = "nobody"

_SOON = 7
_NEAR = 14
_BETWEEN_OWNERS = re.compile(r"[,;]")
_NO_DATE = ("", "-", "none", "never", "no date")
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(?:in )?\+?(\d{1,4}) ?(d|days?|w|weeks?)", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.ASCII)
_DUE_HEADINGS = ("Overdue", "Within a week", "Later", "No date", "Closed")


class IncidentItem(Struct, frozen=True):
    """An action item with the incident that it came from; `incident` is that one's title."""

    item: ActionItem
    inc: str
    ref: str
    number: int
    incident: str
    severity: Severity
    drill: bool = False
    private: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be done."""
        return self.item.state not in CLOSED


class ItemFilter(Struct, frozen=True):
    """Which items to list; everything that is given must hold.

    shown: a word of `SHOWN`; owner: one of the owners, or `NOBODY`; inc: an incident's id;
    due_before: due on an earlier day; words: all occur somewhere in the line.
    """

    shown: str = "open"
    kind: str = ""
    owner: str = ""
    inc: str = ""
    due_before: date | None = None
    words: str = ""


class ItemGroup(Struct, frozen=True):
    """Items under one heading."""

    heading: str
    items: tuple[IncidentItem, ...]


def day_of(now: datetime, zone: tzinfo) -> date:
    """Return the day that it is in `zone`: a due date ends with it."""
    return now.astimezone(zone).date()


def owners(text: str) -> tuple[str, ...]:
    """Return the owners named in "ana, ben": each once, in order, without a leading @."""
    found: dict[str, str] = {}
    for each in _BETWEEN_OWNERS.split(text):
        name = " ".join(each.strip().lstrip("@").split())
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def due_day(item: ActionItem) -> date | None:
    """Return the day until which it is to be done, None without one or when it is no date."""
    found = _ISO_DAY.fullmatch(item.due.strip())
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None


def days_late(each: IncidentItem, today: date) -> int:
    """Return by how many days an open item is overdue, 0 when it is not."""
    due = due_day(each.item)
    return max(0, (today - due).days) if each.is_open and due else 0


def choose_items(
    items: Iterable[IncidentItem], wanted: ItemFilter, today: date
) -> tuple[IncidentItem, ...]:
    """Return the items that the filter lets through, the most urgent first."""
    return sort_items(each for each in items if _fits(each, wanted, today))


def sort_items(items: Iterable[IncidentItem]) -> tuple[IncidentItem, ...]:
    """Return the items by due date, those without one after them, and closed ones last."""
    return tuple(sorted(items, key=_place))


def overdue_items(items: Iterable[IncidentItem], today: date) -> tuple[IncidentItem, ...]:
    """Return the open items whose day has passed, the latest of them first."""
    return choose_items(items, ItemFilter("overdue"), today)


def group_items(items: Sequence[IncidentItem], by: str, today: date) -> tuple[ItemGroup, ...]:
    """Return the items under headings, in their order; one of two owners stands under both.

    Raises InvalidInputError when `by` is none of `GROUPS`.
    """
    if by not in GROUPS:
        raise expected("a way to group action items", by, GROUPS)
    groups: dict[str, list[IncidentItem]] = {}
    for each in items:
        for heading in _HEADINGS[by](each, today):
            groups.setdefault(heading, []).append(each)
    order = _ORDER.get(by, ())
    names = [name for name in order if name in groups]
    others = [name for name in groups if name not in order]
    if by == "owner":
        others.sort(key=lambda name: (name == NOBODY, name.casefold()))
    return tuple(ItemGroup(name, tuple(groups[name])) for name in (*names, *others))


def id_length(items: Iterable[IncidentItem], least: int = 6) -> int:
    """Return how many characters of their ids tell these items apart, at least so many."""
    ids = {each.item.id for each in items}
    longest = max(map(len, ids), default=least)
    lengths = range(least, longest)
    return next(
        (size for size in lengths if len({each[:size] for each in ids}) == len(ids)), longest
    )


def due_words(each: IncidentItem, today: date) -> str:
    """Return when it is due, seen from today: "3 d late", "today", "in 5 d", "2026-12-01"."""
    if not each.is_open:
        return each.item.state
    due = due_day(each.item)
    if due is None:
        return "no date"
    days = (due - today).days
    if days < 0:
        return f"{-days} d late"
    near = {0: "today", 1: "tomorrow"}
    return near.get(days) or (f"in {days} d" if days <= _NEAR else due.isoformat())


def count_words(items: Sequence[IncidentItem], today: date) -> str:
    """Return how many there are in words: "4 open, 1 overdue", "2 closed"."""
    opened = sum(each.is_open for each in items)
    late = sum(days_late(each, today) > 0 for each in items)
    closed = len(items) - opened
    parts = [f"{opened:,} open"] if opened or not closed else []
    parts += [f"{late:,} overdue"] if late else []
    parts += [f"{closed:,} closed"] if closed else []
    return ", ".join(parts)


def parse_due(text: str, today: date) -> str:
    """Return the due date that people mean as `2026-12-01`, empty for none.

    Understood: a date, `today`, `tomorrow`, the name of a weekday (the next one after today),
    `+14d`, `in 2 weeks`, `none`. Raises InvalidInputError for anything else.
    """
    words = " ".join(text.casefold().split())
    if words in _NO_DATE:
        return ""
    try:
        found = _parse_day(words, today)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        shown = text.strip()[:40]
        raise InvalidInputError(
            f"“{shown}” is not a due date.", "Expected 2026-12-01, friday, +14d or none."
        )
    return found.isoformat()


def _parse_day(words: str, today: date) -> date | None:
    if dated := _ISO_DAY.fullmatch(words.upper()):
        return date.fromisoformat(dated[1])
    if words in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[words])
    weekdays = [day for day in _WEEKDAYS if len(words) > 2 and day.startswith(words)]
    if weekdays:
        ahead = (_WEEKDAYS.index(weekdays[0]) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    if span := _SPAN.fullmatch(words):
        return today + timedelta(days=int(span[1]) * (7 if span[2][0] == "w" else 1))
    return None


def _fits(each: IncidentItem, wanted: ItemFilter, today: date) -> bool:
    if wanted.shown == "done" and each.is_open:
        return False
    if wanted.shown in ("open", "overdue") and not each.is_open:
        return False
    if wanted.shown == "overdue" and not days_late(each, today):
        return False
    if (wanted.kind and each.item.kind != wanted.kind) or (wanted.inc and each.inc != wanted.inc):
        return False
    if wanted.owner and not _is_owned(each, wanted.owner):
        return False
    due = due_day(each.item)
    if wanted.due_before is not None and (due is None or due >= wanted.due_before):
        return False
    return _has_words(each, wanted.words, today)


def _is_owned(each: IncidentItem, name: str) -> bool:
    wanted = name.strip().lstrip("@").casefold()
    known = [owner.casefold() for owner in owners(each.item.owner)]
    return wanted in known or (wanted == NOBODY and not known)


def _has_words(each: IncidentItem, words: str, today: date) -> bool:
    if not words.strip():
        return True
    item = each.item
    late = "overdue" if days_late(each, today) else ""
    owner = item.owner or NOBODY
    place = (each.ref, each.incident, each.severity.value)
    line = " ".join((item.title, owner, item.kind, item.state, item.due, item.id, late, *place))
    folded = line.casefold()
    return all(word in folded for word in words.casefold().split())


def _place(each: IncidentItem) -> tuple[bool, date, str, int, str, str]:
    due = due_day(each.item) or date.max
    return (not each.is_open, due, each.severity.value, each.number, each.inc, each.item.id)


def _due_heading(each: IncidentItem, today: date) -> tuple[str, ...]:
    due = due_day(each.item)
    if not each.is_open:
        return (_DUE_HEADINGS[4],)
    if due is None:
        return (_DUE_HEADINGS[3],)
    days = (due - today).days
    return (_DUE_HEADINGS[0 if days < 0 else 1 if days <= _SOON else 2],)


_HEADINGS: dict[str, Callable[[IncidentItem, date], tuple[str, ...]]] = {
    "due": _due_heading,
    "owner": lambda each, _: owners(each.item.owner) or (NOBODY,),
    "incident": lambda each, _: (f"{each.ref} {each.incident}",),
    "kind": lambda each, _: (each.item.kind,),
}
_ORDER: dict[str, tuple[str, ...]] = {"due": _DUE_HEADINGS, "kind": KINDS}
