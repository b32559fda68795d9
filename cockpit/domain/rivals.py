"""Values that several people gave one field at the same time: what they are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from msgspec import Struct

from cockpit.domain.registers import ENTRY, is_entry_contest
from cockpit.domain.response_work import subject_of
from cockpit.domain.ring_plan import time_value
from cockpit.domain.times import format_clock
from cockpit.domain.view import IncidentView, Rival
from cockpit.domain.visible import clip, make_visible

_VALUE_CELLS = 32
_FIRST = ("severity", "status", "stage", "impact", "title")
"""Fields of the incident itself that are asked about before all others, the weightiest first."""

_NAMES = {
    "promise": "next update to {}",
    "pause": "pause of updates to {}",
    "rhythm": "rhythm of updates to {}",
    "component": "state of {}",
    "waive": "closing check {}",
    "role": "{}",
    "step": "step {}",
}
_ENTRY_FIELDS = {"text": "wording", "at": "time", "kind": "kind"}
_PERSONS = ("owner", "reviewed_by", "deputy")
_SWITCHES = {True: "yes", False: "no"}


class Contest(Struct, frozen=True):
    """One field with several values; `rivals` are those that do not hold, in order of time.

    subject: what the field belongs to where that is not the incident itself.
    """

    obj: str
    field: str
    subject: str
    rivals: tuple[Rival, ...]

    @property
    def name(self) -> str:
        """Return the field as people call it: "severity", "commander", "next update to …"."""
        if is_entry_contest(self.obj, self.field):
            return f"{_ENTRY_FIELDS[self.field]} of an entry"
        prefix, _, rest = self.field.partition(".")
        if rest and prefix in _NAMES and not self.obj:
            return _NAMES[prefix].format(rest.replace("-", " "))
        return self.field.replace("_", " ")

    @property
    def count(self) -> int:
        """Return how many values there are, the one that holds included."""
        return 1 + len(self.rivals)


def find_contests(view: IncidentView) -> tuple[Contest, ...]:
    """Return the fields with several values, the weightiest first."""
    found: dict[tuple[str, str], list[Rival]] = {}
    for each in view.rivals:
        found.setdefault((each.obj, each.field), []).append(each)
    contests = [
        Contest(obj, field, _subject(view, obj), tuple(sorted(rivals, key=_order)))
        for (obj, field), rivals in found.items()
    ]
    return tuple(sorted(contests, key=_weight))


def other_editors(view: IncidentView) -> dict[str, tuple[str, ...]]:
    """Return by entry who corrected it, too, without having seen what stands there now."""
    found: dict[str, tuple[str, ...]] = {}
    for each in view.rivals:
        if is_entry_contest(each.obj, each.field):
            names = found.get(entry := each.obj.removeprefix(ENTRY), ())
            found[entry] = tuple(dict.fromkeys((*names, each.by)))
    return found


def value_words(value: Any, zone: tzinfo, field: str = "") -> str:
    """Return a value as people read it, on one line and not too long."""
    if value in (None, "", []):
        is_person = field.startswith("role.") or field in _PERSONS
        return "nobody" if is_person else "nothing"
    if isinstance(value, bool):
        return _SWITCHES[value]
    if isinstance(value, list | tuple):
        return clip(", ".join(make_visible(str(each)) for each in value), _VALUE_CELLS)
    at = time_value(value) if isinstance(value, str) and value[:4].isdigit() else None
    if at is not None:
        return format_clock(at, zone)
    return clip(make_visible(str(value)), _VALUE_CELLS)


def contest_words(contests: Sequence[Contest], zone: tzinfo) -> tuple[str, ...]:
    """Return what is to be settled, from the longest wording to the shortest; () for nothing.

    "2 values for severity: ben SEV1 14:02, pick", then without who set what.
    """
    if not contests:
        return ()
    first = contests[0]
    name = make_visible(first.name)
    whose = f" of {clip(make_visible(first.subject), _VALUE_CELLS)}" if first.subject else ""
    more = f" and {len(contests) - 1} more" if len(contests) > 1 else ""
    values = ", ".join(_rival_words(each, zone) for each in first.rivals)
    head = f"{first.count} values for {name}"
    return (
        f"{head}{whose}: {values}{f';{more}' if more else ''}, pick",
        f"{head}: {values}{f';{more}' if more else ''}, pick",
        f"{head}{more}, pick",
    )


def _rival_words(each: Rival, zone: tzinfo) -> str:
    value = value_words(each.value, zone, each.field)
    return f"{make_visible(each.by)} {value} {format_clock(each.at, zone)}"


def _order(each: Rival) -> tuple[Any, str]:
    return each.at, each.op


def _weight(each: Contest) -> tuple[int, int, str, str]:
    place = _FIRST.index(each.field) if not each.obj and each.field in _FIRST else len(_FIRST)
    return place, int(bool(each.obj)), each.obj, each.field


def _subject(view: IncidentView, obj: str) -> str:
    kind, _, identity = obj.partition(":")
    if kind == "sh":
        return next((each.name for each in view.stakeholders if each.id == identity), "")
    if kind == "act":
        return next((each.title for each in view.actions if each.id == identity), "")
    if kind == "sec":
        sections = view.postmortem.sections
        return next((each.title for each in sections if each.id == identity), "")
    return "the post-mortem" if obj == "pm" else subject_of(view, obj)
