"""Who is here, and who writes what: claims that keep two people from posting the same update.

A claim lies in presence alone, outside the log: it ends by itself when its owner is not heard of
any longer, and it never locks anything. Who began last holds it: somebody begins while another
one writes only by taking over, and whoever is taken over from gives way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from msgspec import Struct

from cockpit.domain.times import format_clock
from cockpit.domain.visible import clip, make_visible
from cockpit.domain.wire import Presence

_UPDATE = "update:"
_SECTION = "section:"
_NAME_CELLS = 20
_MOST_NAMES = 3
LONGEST_DOING = 120
ELSEWHERE = "you elsewhere"
"""Oneself, on another machine."""


class Own(Struct, frozen=True):
    """Whose screen this is: the member's name, and the device (8 hex digits)."""

    member: str
    dev: str


def update_doing(audience: str) -> str:
    """Return how presence says that somebody writes an update to `audience`."""
    return f"{_UPDATE}{audience}"[:LONGEST_DOING]


def section_doing(section: str) -> str:
    """Return how presence says that somebody writes a section of the post-mortem."""
    return f"{_SECTION}{section}"[:LONGEST_DOING]


def others_in(here: Iterable[Presence], own: Own, inc: str = "") -> tuple[Presence, ...]:
    """Return the other devices that look at the incident (empty: at anything), by name."""
    found = [each for each in here if not _is_own(each, own) and (not inc or each.inc == inc)]
    return tuple(sorted(found, key=lambda each: (each.member.casefold(), each.since, each.dev)))


def find_writer(here: Iterable[Presence], own: Own, inc: str, doing: str) -> Presence | None:
    """Return who else writes that, the one who began last; None when nobody does."""
    found = [each for each in others_in(here, own, inc) if doing and each.doing == doing]
    return max(found, key=lambda each: (each.since, each.dev), default=None)


def find_own(here: Iterable[Presence], own: Own) -> Presence | None:
    """Return what the server knows of this device, None while it does not."""
    return next((each for each in here if _is_own(each, own)), None)


def gives_way(here: Sequence[Presence], own: Own, inc: str, doing: str) -> Presence | None:
    """Return who took over what this device writes, None as long as it is ours.

    Only what the server has heard from this device is compared: both times are the server's.
    """
    mine, other = find_own(here, own), find_writer(here, own, inc, doing)
    if mine is None or other is None or (mine.inc, mine.doing) != (inc, doing):
        return None
    return other if (other.since, other.dev) > (mine.since, mine.dev) else None


def names_of(people: Iterable[Presence], own: Own) -> tuple[str, ...]:
    """Return the names, each once; oneself on another machine is "you elsewhere"."""
    names: dict[str, None] = {}
    for each in people:
        own_name = each.member == own.member
        names[ELSEWHERE if own_name else person_words(each)] = None
    return tuple(names)


def person_words(each: Presence) -> str:
    """Return a member's name as it is shown."""
    return clip(make_visible(each.member), _NAME_CELLS)


def here_words(names: Sequence[str]) -> tuple[str, ...]:
    """Return who is here, from the longest wording to the shortest; () for nobody."""
    if not names:
        return ()
    shown, rest = names[:_MOST_NAMES], len(names) - _MOST_NAMES
    listed = ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
    return (f"{listed} here", f"{len(names)} here")


def since_words(each: Presence, zone: tzinfo) -> str:
    """Return when somebody began: "since 14:02"."""
    at = datetime.fromtimestamp(each.since / 1000, UTC)
    return f"since {format_clock(at, zone)}"


def writer_words(each: Presence, own: Own, zone: tzinfo) -> str:
    """Return who writes the update, and since when, for those who might."""
    who = "you, on another machine," if each.member == own.member else person_words(each)
    verb = "write" if each.member == own.member else "writes"
    return f"{who} {verb} this update {since_words(each, zone)}"


def _is_own(each: Presence, own: Own) -> bool:
    return (each.member, each.dev) == (own.member, own.dev)
