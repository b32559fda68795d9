"""What a search in everything has found: the incident, where in it, and the words around."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from cockpit.domain.search_words import mark_places
from cockpit.domain.visible import make_visible
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.line_list import LineList, Part


class Hit(Struct, frozen=True):
    """One place where the words occur; where: as `SearchHit` says it."""

    inc: str
    ref: str
    title: str
    where: str
    snippet: str
    entry_id: str = ""
    at: datetime | None = None


class HitList(LineList[Hit]):
    """Two lines per hit: the incident, and the words that were found."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LineList.COMPONENT_CLASSES | {
        "cursor",
        "bright",
        "text",
        "muted",
        "cursor-muted",
    }
    DEFAULT_CSS = """
    HitList {
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; text-style: bold; }
        & > .text { color: $text; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
    }
    """

    terms: tuple[str, ...] = ()
    """What was searched for, to be seen in the snippets."""

    def show_hits(self, hits: Sequence[Hit], terms: Sequence[str]) -> None:
        """Show what was found for `terms`, from the first on."""
        self.terms = tuple(terms)
        self.show_items(hits, 0)
        self.move_to(0)

    def heights(self) -> list[tuple[int, int]]:
        """Return two lines for each hit."""
        return [(2, 0)] * len(self.items)

    def parts_of(self, item: Hit, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the incident's line, or the words' line."""
        muted = "cursor-muted" if selected else "muted"
        if line:
            words = cut(" ".join(make_visible(item.snippet).split()), width - 14)
            return [(f" {pad(item.where, 12)}", muted), *_marked(words, self.terms)]
        when = f"{item.at:%Y-%m-%d}" if item.at else ""
        return [
            (f" {pad(item.ref, 12)}", muted),
            (pad(make_visible(item.title), width - 26), "bright"),
            (f"  {when}", muted),
        ]


def _marked(words: str, terms: Sequence[str]) -> list[Part]:
    """Return a snippet in pieces, what was searched for bright among them."""
    parts, end = [], 0
    for start, stop in mark_places(words, terms):
        parts += [(words[end:start], "text"), (words[start:stop], "bright")]
        end = stop
    return [*parts, (words[end:], "text")]
