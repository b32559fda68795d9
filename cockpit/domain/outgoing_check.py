"""One thing looked at before a text goes out, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

OK, WARN, BLOCK = "ok", "warn", "block"

_SHOWN = 3
_LONGEST_QUOTE = 40


class Check(Struct, frozen=True):
    """One thing looked at. level: "ok", "warn" or "block"; text: a sentence; short: for a line."""

    id: str
    ok: bool
    level: str
    text: str
    short: str


def well(name: str, text: str, short: str) -> Check:
    """Return a check of something that is in order."""
    return Check(name, ok=True, level=OK, text=text, short=short)


def wrong(name: str, level: str, text: str, short: str) -> Check:
    """Return a check of something that is not in order."""
    return Check(name, ok=False, level=level, text=text, short=short)


def judge(
    name: str,
    found: Sequence[str],
    sentence: str,
    short: str,
    in_order: str,
    *,
    level: str = WARN,
) -> Check:
    """Return a check that is in order when nothing was found.

    sentence: has a place for the passages found; in_order: what is said when there are none.
    """
    if not found:
        return well(name, f"{in_order[0].upper()}{in_order[1:]} found.", in_order)
    shown = ", ".join(f"“{_clip(each)}”" for each in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return wrong(name, level, sentence.format(shown + more), f"{short}: {_clip(found[0])}")


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
