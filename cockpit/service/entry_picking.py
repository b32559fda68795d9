"""Entries of a timeline to choose from, for a text that speaks of them."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.view import TimelineEntry, TimelineFilter
from cockpit.store.database import Reads

MOST_PICKED = 300
"""Entries that are offered at once; beyond that, words narrow them."""


class Picked(Struct, frozen=True):
    """Entries to choose from, starred ones first, and how many there are in all."""

    entries: tuple[TimelineEntry, ...]
    count: int


def pick(reads: Reads, inc: str, words: str, most: int = MOST_PICKED) -> Picked:
    """Return the entries that have all `words`, in order of time: starred ones, then the others.

    Of more than `most` the latest are chosen.
    """
    every, starred = TimelineFilter(text=words), TimelineFilter(text=words, starred=True)
    count, stars = reads.timeline_count(inc, every), reads.timeline_count(inc, starred)
    first = reads.timeline(inc, starred, max(0, stars - most), stars)
    rest = reads.timeline(inc, every, max(0, count - most), count)
    others = [each for each in rest if not each.starred]
    chosen = (*first, *others[max(0, len(others) + len(first) - most) :])
    kept = tuple(each for each in chosen if not each.redacted)
    return Picked(kept, count - (len(chosen) - len(kept)))
