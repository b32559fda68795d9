"""What another tool reports of an incident, piece by piece: facts, and where it stands now.

A status page tells a whole incident each time (`foreign_incident`). A chat, a notification or a
list of notes tells a part of one, and its facts may belong into an incident that was declared here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.foreign_incident import ForeignEntry
from cockpit.domain.vocabulary import Severity, Stage

MOST_TITLE = 300
"""Characters of a title; what is longer stands in an entry as well."""

_MOST_LEFT_OUT = 20
"""Kinds of things that are named when they are left out."""


class Story(Struct, frozen=True):
    """What one record says of one incident.

    place: its record in words, for refusals; id: the incident's in the source, empty when the
    record does not say; as_of: when all this was so; severity, stage: None when the record does
    not say; reason: why that stage, in words; is_whole: the record describes the incident, and does
    not just name it; recurs: the id may come again for another incident, once this one is over.
    raw: what else is kept of the incident itself.
    An entry with `changed_at` may be told in other words later; one without keeps its first words.
    """

    place: str
    id: str
    title: str
    at: datetime
    as_of: datetime
    entries: tuple[ForeignEntry, ...] = ()
    severity: Severity | None = None
    stage: Stage | None = None
    reason: str = ""
    is_whole: bool = True
    recurs: bool = False
    raw: dict[str, Any] = {}


class StoryFile(Struct, frozen=True):
    """The stories of a file in their order, and in words what else it holds and is not kept."""

    stories: tuple[Story, ...]
    left_out: tuple[str, ...] = ()


def title_line(text: str) -> str:
    """Return a text as an incident's title: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_TITLE else f"{line[: MOST_TITLE - 1]}…"


def count_words(found: Iterable[str]) -> tuple[str, ...]:
    """Return what was left out: "reaction|reactions" with its number, other words once as they are.

    Each thing comes as one word (a `Counter`'s `elements`).
    """
    counted = [_counted(word, number) for word, number in sorted(Counter(found).items())]
    more = len(counted) - _MOST_LEFT_OUT
    rest = (f"{more:,} more such things",) if more > 0 else ()
    return (*counted[:_MOST_LEFT_OUT], *rest)


def _counted(word: str, number: int) -> str:
    one, has_number, many = word.partition("|")
    return f"{number:,} {one if number == 1 else many}" if has_number else word
