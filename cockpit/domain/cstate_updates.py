"""The updates of a cState page: its pieces put at their times, and made entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from cockpit.domain.cstate_pieces import BEGIN, END, Piece
from cockpit.domain.cstate_times import Reading
from cockpit.domain.foreign_incident import ForeignEntry, public_message
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.front_matter import FrontMatter
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import PublicStatus


class Page(Struct, frozen=True):
    """A file taken apart, with the times of its front matter."""

    record: ForeignRecord
    front: FrontMatter
    name: str
    begin: Reading
    end: Reading | None
    is_resolved: bool

    @property
    def ended_at(self) -> datetime | None:
        """Return when it was resolved; a page that says it was before it began is not believed."""
        return max(self.begin.at, self.end.at) if self.end and self.is_resolved else None


class Placed(Struct, frozen=True):
    """Pieces that make one update, when it was, and the place of its first piece in the page."""

    at: datetime
    place: int
    pieces: tuple[Piece, ...]
    main: Piece


def place_pieces(pieces: Sequence[Piece], page: Page) -> list[Placed]:
    """Return the updates, oldest first.

    An update without a time is the page's first or last one by its heading, or the oldest of all;
    another one cannot be placed, and stays with the older one beside it.
    """
    times = [_own_time(piece, page) for piece in pieces]
    newest_first = _is_newest_first(pieces, times)
    ordered = list(enumerate(zip(pieces, times, strict=True)))
    if newest_first:
        ordered.reverse()
    placed: list[Placed] = []
    for place, (piece, at) in ordered:
        if at is not None or not placed:
            placed.append(Placed(at or page.begin.at, place, (piece,), piece))
            continue
        last = placed[-1]
        both = (piece, *last.pieces) if newest_first else (*last.pieces, piece)
        placed[-1] = Placed(last.at, min(place, last.place), both, last.main)
    return sorted(placed, key=lambda each: each.at)


def _own_time(piece: Piece, page: Page) -> datetime | None:
    if piece.at is not None:
        return page.record.checked("the time of an update", piece.at)
    if piece.role == BEGIN:
        return page.begin.at
    return page.ended_at if piece.role == END else None


def _is_newest_first(pieces: Sequence[Piece], times: Sequence[datetime | None]) -> bool:
    """Return whether later updates stand above earlier ones, as they do where nothing tells."""
    known = [each for each in times if each is not None]
    for one, other in pairwise(known):
        if one != other:
            return one > other
    alone = len(pieces) > 1 and pieces[0].bare and times[0] is None
    return not (alone and pieces[-1].role != BEGIN)


def make_entries(placed: Sequence[Placed], page: Page) -> list[ForeignEntry]:
    """Return updates (oldest first) as entries, each with an id that lasts.

    Of several at one time each is written a millisecond after the one before it.
    """
    counted: Counter[str] = Counter()
    written = datetime.min.replace(tzinfo=UTC)
    entries: list[ForeignEntry] = []
    for each in placed:
        key = _key(each)
        counted[key] += 1
        written = max(each.at, written + timedelta(milliseconds=1))
        alone = len(each.pieces) == 1
        text = each.main.text if alone else "\n\n".join(piece.whole for piece in each.pieces)
        status = each.main.status
        if not status and page.ended_at is not None and each.at >= page.ended_at > page.begin.at:
            status = PublicStatus.RESOLVED.value
        text = clean_input(text)
        entry = ForeignEntry(
            id=key if counted[key] == 1 else f"{key} #{counted[key]}",
            at=each.at,
            text=text,
            raw={"text": clean_input("".join(piece.raw for piece in each.pieces))},
            msg=public_message(text, each.at, status),
            status=status,
            recorded_at=written,
        )
        entries.append(entry)
    return entries


def _key(placed: Placed) -> str:
    """Return what an update is known by in later versions of the page."""
    if placed.main.role == END and placed.main.at is None:
        return END
    if placed.main.role == BEGIN or placed.main.at is None:
        return BEGIN
    return placed.at.isoformat()
