"""Typed words made fit for a sentence: its capital, its end, whole words where room is short."""

from __future__ import annotations

import re

_LEAST_WORDS = 12
_ENDS = ".!?…:;"


def make_sentence(text: str) -> str:
    """Return a text that begins with a capital and ends as a sentence does."""
    text = text.strip()
    if not text:
        return text
    first = text.split(None, 1)[0]
    # A word such as "eBay" or "v413" is written as it is.
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    return text if text[-1] in _ENDS else f"{text}."


def strip_end(text: str) -> str:
    """Return a text without the dot at its end, to go on after it."""
    return text.strip().rstrip(".!;: ")


def shorten(text: str, most: int) -> str:
    """Return at most `most` characters (never less than 12), whole words, with three dots."""
    room = max(_LEAST_WORDS, most)
    if len(text) <= room:
        return text
    head = text[: room - 3]
    if " " in head:
        head = head.rsplit(" ", 1)[0]
    # Three dots, not "…": that character alone would turn an SMS of 160 into one of 70.
    return head.rstrip(" ,;:.-") + "..."


def tidy(text: str) -> str:
    """Return a text without the blank lines and spaces that absent passages leave behind."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
