"""A rule of wording: words that a post-mortem does better without, and what to write instead."""

from __future__ import annotations

from msgspec import Struct

WORDING_KINDS = ("blame", "name", "promise")
"""What wording can be: it blames, it blames a person by name, it promises nothing that binds."""

NAME = "name"
"""The kind whose words count only near a person."""


class WordingRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that a post-mortem does better without, and a sentence on what to write instead.

    kind: one of `WORDING_KINDS`; words: whole words in any case, “…” stands for any one word or
    none; unless: longer phrases in which they are fine; persons: words for a person beside the
    names that are known, and within: how many words may stand between (both for `name` only);
    item: fine where the sentence names an action item.
    """

    id: str
    kind: str
    words: tuple[str, ...]
    instead: str
    unless: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    within: int = 0
    item: bool = False
