"""The updates in a cState page: where each begins, when it was, and what status it brought.

An update begins with a line such as `[Final message]`, `**2021-06-07 16:37:00**` or `*Resolved* -`,
or after the end of another one: cState marks an end with the shortcode `track` and its time.
Nothing in a code block or an HTML comment divides a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from cockpit.domain.cstate_times import Reading, read_header_time, read_time
from cockpit.domain.vocabulary import PublicStatus

BEGIN, END = "begin", "end"
"""The roles of a page's first and last update."""

_BEGINS = frozenset(("began", "first", "initial", "open", "opened", "opening"))
_ENDS = frozenset(("close", "closed", "closing", "completed", "end", "final", "resolved"))
_STATUSES = {
    **dict.fromkeys((*_BEGINS, "investigating"), PublicStatus.INVESTIGATING.value),
    "identified": PublicStatus.IDENTIFIED.value,
    **dict.fromkeys(("monitoring", "watching"), PublicStatus.MONITORING.value),
    **dict.fromkeys((*_ENDS, "done", "fixed"), PublicStatus.RESOLVED.value),
}
"""Words of headings as public status."""

_PLAIN = frozenset(
    (
        *("at", "edit", "edited", "from", "incident", "issue", "just", "maintenance", "message"),
        *("of", "on", "outage", "update", "updated"),
    )
)
"""Words of headings that say nothing of the status."""

_LABEL = re.compile(
    r"\[(?P<square>[^\[\]\n]{1,80})\](?![(\[:])"
    r"|(?P<mark>\*\*|__|\*|_)(?P<strong>[^*_\[\]\n]{1,80})(?:(?P=mark)|\s*$)(?P<dash>\s*[-–—:](?=\s))?"
)
_TRACK = re.compile(r'\{\{[<%]\s{0,9}track\s{1,9}"([^"\n]{1,40})"\s{0,9}[>%]\}\}')
_CODE = re.compile(r"\s{0,3}(```|~~~)")


class Piece(Struct, frozen=True):
    """A part of a page, word for word (`raw`) and as it is published (`whole`).

    text: the same without what was understood: the heading, the shortcode with the time; at, zoned:
    its own time, None without any; role: of its heading; bare: it has no heading.
    """

    raw: str
    whole: str
    text: str
    at: datetime | None = None
    zoned: bool = True
    status: str = ""
    role: str = ""
    bare: bool = True


class _Line(Struct, frozen=True):
    """A line as it is, without its comments, and whether it can divide the page."""

    raw: str
    shown: str
    divides: bool


class _Head(Struct, frozen=True):
    """What the heading of a piece says; `length` letters of its line are understood."""

    reading: Reading | None = None
    status: str = ""
    role: str = ""
    length: int = 0


def split_page(body: str, near: datetime) -> tuple[Piece, ...]:
    """Return the pieces of a page, in its order; `near` (its date) completes days without a year.

    Joined, their `raw` is the body; there is none when the body is blank.
    """
    pieces: list[Piece] = []
    lines: list[_Line] = []
    head: _Head | None = None
    ended = False
    for line in _lines(body):
        found = _read_head(line.shown, near) if line.divides else None
        goes_on = found is None and not (ended and line.shown.strip())
        if not goes_on and any(each.shown.strip() for each in lines):
            pieces.append(_piece(lines, head))
            lines, head, ended = [], None, False
        head = found or head
        lines.append(line)
        ended = ended or (line.divides and _TRACK.search(line.shown) is not None)
    if any(each.shown.strip() for each in lines) or (lines and not pieces):
        pieces.append(_piece(lines, head))
    elif lines:
        last = pieces[-1]
        pieces[-1] = Piece(last.raw + "".join(each.raw for each in lines), *_rest(last))
    return tuple(pieces)


def _rest(piece: Piece) -> tuple[str, str, datetime | None, bool, str, str, bool]:
    return (
        *(piece.whole, piece.text, piece.at),
        *(piece.zoned, piece.status, piece.role, piece.bare),
    )


def _lines(body: str) -> Iterator[_Line]:
    fence, in_comment = "", False
    for raw in body.splitlines(keepends=True):
        code = None if in_comment else _CODE.match(raw)
        if fence or code:
            yield _Line(raw, raw, divides=False)
            if code and (not fence or fence == code[1]):
                fence = "" if fence else code[1]
            continue
        shown, in_comment = _strip_comments(raw, in_comment=in_comment)
        whole = shown == raw
        yield _Line(raw, shown if whole or shown.strip() else "", divides=whole)


def _strip_comments(line: str, *, in_comment: bool) -> tuple[str, bool]:
    """Return a line without its HTML comments, and whether one goes on after it."""
    shown = []
    while line:
        before, mark, line = line.partition("-->" if in_comment else "<!--")
        if not in_comment:
            shown.append(before)
        if mark:
            in_comment = not in_comment
    return "".join(shown), in_comment


def _read_head(line: str, near: datetime) -> _Head | None:
    """Return what a line's beginning says as a heading, None when it is none."""
    found = _LABEL.match(line)
    if found is None:
        return None
    label = found["square"] or found["strong"]
    alone = not line[found.end() :].strip()
    if not alone and not found["square"] and not found["dash"]:
        return None
    words = re.findall(r"[a-z]+", label.lower())
    known = [word for word in words if word in _STATUSES or word in _PLAIN]
    reading = read_header_time(label, near)
    if not known and reading is None:
        return None
    whole = len(known) == len(words) and not re.search(r"\d", label)
    if reading is None and not whole and known[:1] != words[:1]:
        return None
    status = next((_STATUSES[word] for word in known if word in _STATUSES), "")
    role = BEGIN if _BEGINS & set(known) else END if _ENDS & set(known) else ""
    return _Head(reading, status, role, found.end() if reading or whole else 0)


def _piece(lines: list[_Line], head: _Head | None) -> Piece:
    whole = "".join(line.shown for line in lines)
    shown = whole.lstrip("\n")
    text = shown[head.length :] if head else shown
    track = _TRACK.search(text)
    reading = read_time(track[1]) if track else None
    if track and reading:
        text = text[: track.start()].rstrip(" \t") + text[track.end() :]
    reading = reading or (head.reading if head else None)
    return Piece(
        raw="".join(line.raw for line in lines),
        whole=whole.strip(),
        text=text.strip(),
        at=reading.at if reading else None,
        zoned=reading.zoned if reading else True,
        status=head.status if head else "",
        role=head.role if head else "",
        bare=head is None,
    )
