"""One page: parts that share its lines; what does not fit is counted, never left out silently."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain.visible import cell_width, clip, make_visible

COLUMNS = 80
LINES = 60
"""Of the page, as plain text."""

INDENT = 2
_LEAST = 1
_MOST_ROWS = 2
_AROUND = 2
"""Lines of a part that are not its own: the blank one above, and its heading."""


class HandoverPart(Struct, frozen=True):
    """One heading of a summary and its lines, each a plain sentence."""

    id: str
    title: str
    lines: tuple[str, ...]


class Draft(Struct, frozen=True):
    """A part with all of its lines, before it is made to fit.

    whole: it is never shortened; rest: what those that do not fit are called ("decisions before");
    last: the last lines are the ones that matter, else the first are; unread: how many more there
    are than `lines`; none: what an empty part says (without it, an empty part is left out).
    """

    id: str
    title: str
    lines: tuple[str, ...]
    rest: str = ""
    whole: bool = False
    last: bool = False
    unread: int = 0
    none: str = ""


def fit(drafts: Sequence[Draft], lines: int = LINES) -> tuple[HandoverPart, ...]:
    """Return the parts in at most about `lines` lines of 80 columns.

    Every part keeps a line; the room that is left goes round, a line for each part.
    """
    kept = [each for each in drafts if each.lines or each.none]
    sized = [[_one_line(line) for line in each.lines] for each in kept]
    shown = [len(each.lines) if each.whole else min(len(each.lines), _LEAST) for each in kept]
    room = lines - 1 - sum(_AROUND + _cost(*each) for each in zip(kept, sized, shown, strict=True))
    grown = True
    while grown:
        grown = False
        for place, draft in enumerate(kept):
            if shown[place] == len(sized[place]):
                continue
            more = _cost(draft, sized[place], shown[place] + 1)
            more -= _cost(draft, sized[place], shown[place])
            if more <= room:
                shown[place] += 1
                room -= more
                grown = True
    return tuple(_part(*each) for each in zip(kept, sized, shown, strict=True))


def name_some(names: Sequence[str], cells: int) -> str:
    """Return as many names as fit into `cells`, and how many more there are."""
    shown: list[str] = []
    for name in names:
        if shown and cell_width(", ".join([*shown, _flat(name)])) > cells:
            break
        shown.append(_flat(name))
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def rows_of(line: str) -> int:
    """Return how many rows of the page a line takes."""
    return max(1, -(-cell_width(line) // (COLUMNS - INDENT)))


def _part(draft: Draft, lines: list[str], count: int) -> HandoverPart:
    if not lines:
        return HandoverPart(draft.id, draft.title, (draft.none,))
    left = len(lines) - count
    if not left + draft.unread:
        return HandoverPart(draft.id, draft.title, tuple(lines))
    said = f"and {left + draft.unread} {draft.rest}"
    if draft.last:
        return HandoverPart(draft.id, draft.title, (said, *lines[left:]))
    return HandoverPart(draft.id, draft.title, (*lines[:count], said))


def _cost(draft: Draft, lines: list[str], count: int) -> int:
    """Return the rows of a part that shows so many of its lines."""
    if not lines:
        return 1
    shown = lines[len(lines) - count :] if draft.last else lines[:count]
    return sum(map(rows_of, shown)) + (count < len(lines) + draft.unread)


def _one_line(text: str) -> str:
    return clip(_flat(text), _MOST_ROWS * (COLUMNS - INDENT))


def _flat(text: str) -> str:
    return make_visible(" ".join(text.split()))
