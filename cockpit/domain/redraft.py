"""Drafting again: what is new goes into a text that began as a draft, and people's words stay.

Three texts are compared, fact by fact: the draft that was taken over then, the draft now, and the
text now. A fact is a line, with the lines that it goes on in. Of the draft then only its mark is
kept: short hashes of its facts, so that no text is stored twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from hashlib import sha256

from msgspec import Struct

_GOES_ON = "  "
"""A line that ends so goes on in the next one."""

_DIGITS = 8
_NOTHING = "0" * _DIGITS
_MARKED = re.compile(rf"[0-9a-f]{{{2 * _DIGITS}}}")
_ITEM = re.compile(r"[-*+] \[[ xX]\] (.*) \(")
_LEAD = re.compile(r"[\s|]*(?:[-*+] )?")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
_NAME = re.compile(r"[^:(|\d]*")


class Redrafted(Struct, frozen=True):
    """The text with what is new, the mark of the draft now, and how many facts changed.

    added: facts that are new; renewed: those that nobody had touched and that read otherwise now;
    gone: those that nobody had touched and that hold no more.
    """

    text: str
    mark: str
    added: int = 0
    renewed: int = 0
    gone: int = 0


class _Fact(Struct, frozen=True):
    """A fact as a mark keeps it: what it is about (nothing: only itself), and how it reads."""

    about: str
    reads: str


class _Piece(Struct, eq=False):
    """A fact or a blank line of the text; `reads` is empty for the latter."""

    text: str
    reads: str


def mark_of(draft: str) -> str:
    """Return the mark by which a draft is known again."""
    return " ".join(f"{each.about}{each.reads}" for each in map(_fact, _blocks(draft)[0]))


def redraft(text: str, mark: str, draft: str) -> Redrafted:
    """Return `text` with what `draft` says and the draft of that `mark` did not.

    A fact that stands as the draft wrote it follows the draft; one that a person changed or took
    out stays as they left it. Doing it again changes nothing.
    """
    now = mark_of(draft)
    if mark == now or not draft.strip():
        return Redrafted(text, mark)
    return _Merge(text, _read(mark), draft).run(now)


class _Merge:
    """Walks through the draft, and puts each fact where it belongs in the text."""

    def __init__(self, text: str, before: Sequence[_Fact], draft: str) -> None:
        self.pieces = [_Piece(each, _reads(each)) for each in _split(text)]
        self.lines, self.blocks = _blocks(draft)
        self.facts = [_fact(each) for each in self.lines]
        shown = [each for each in self.pieces if each.reads]
        known, there = [each.reads for each in before], [each.reads for each in shown]
        self.stood = {old: shown[place] for old, place in _match(known, there).items()}
        self.known = _match([each.reads for each in self.facts], known)
        self.renews = _pair(self.facts, before, self.known)
        self.fixed = {id(each) for each in self.stood.values()}
        # Where a person wrote the very words of the draft once more, nobody knows whose is whose.
        more = Counter(there) - Counter(known)
        self.untouched = {old: each for old, each in self.stood.items() if each.reads not in more}

    def run(self, mark: str) -> Redrafted:
        """Return what came of it."""
        stands: list[_Piece | None] = []
        added = renewed = 0
        for number, fact in enumerate(self.facts):
            if number in self.known:
                piece = self.stood.get(self.known[number])
            elif number in self.renews:
                piece = self.untouched.get(self.renews[number])
                if piece is not None:
                    piece.text, piece.reads = self.lines[number], fact.reads
                    renewed += 1
            else:
                piece = self._claim(fact)
                if piece is None:
                    piece = self._insert(number, stands)
                    added += 1
            stands.append(piece)
        gone = self._remove()
        return Redrafted("\n".join(each.text for each in self.pieces), mark, added, renewed, gone)

    def _claim(self, fact: _Fact) -> _Piece | None:
        """Return where a new fact stands already: somebody drafted again on another machine."""
        for piece in self.pieces:
            if piece.reads == fact.reads and id(piece) not in self.fixed:
                self.fixed.add(id(piece))
                return piece
        return None

    def _insert(self, number: int, stands: Sequence[_Piece | None]) -> _Piece:
        """Put a new fact below the one before it, else above the one after it, else at the end."""
        piece = _Piece(self.lines[number], self.facts[number].reads)
        place, apart_before, apart_after = self._find_place(number, stands)
        if apart_before and place and self.pieces[place - 1].reads:
            self.pieces.insert(place, _Piece("", ""))
            place += 1
        self.pieces.insert(place, piece)
        after = self.pieces[place + 1 : place + 2]
        if apart_after and after and after[0].reads:
            self.pieces.insert(place + 1, _Piece("", ""))
        self.fixed.add(id(piece))
        return piece

    def _find_place(self, number: int, stands: Sequence[_Piece | None]) -> tuple[int, bool, bool]:
        """Return where a new fact goes, and whether a blank line stands before and after it."""
        for at in range(number - 1, -1, -1):
            if (anchor := stands[at]) is not None:
                apart = self.blocks[at] != self.blocks[number]
                return self._below(anchor), apart, apart
        for at in range(number + 1, len(self.facts)):
            anchor = self.stood.get(self.known.get(at, -1))
            if anchor is not None:
                return self.pieces.index(anchor), False, self.blocks[at] != self.blocks[number]
        if not any(each.text for each in self.pieces):
            self.pieces.clear()
        return len(self.pieces), True, False

    def _below(self, anchor: _Piece) -> int:
        """Return the place below a fact and what a person wrote right under it."""
        place = self.pieces.index(anchor) + 1
        while place < len(self.pieces):
            piece = self.pieces[place]
            if not piece.reads or id(piece) in self.fixed:
                break
            place += 1
        return place

    def _remove(self) -> int:
        """Take out the facts that hold no more; return how many there were."""
        taken = {*self.known.values(), *self.renews.values()}
        lapsed = [piece for old, piece in self.untouched.items() if old not in taken]
        for piece in lapsed:
            place = self.pieces.index(piece)
            del self.pieces[place]
            # No blank line is left at an end, nor two of them where one fact stood apart.
            if self.pieces and self._is_blank(place - 1) and self._is_blank(place):
                del self.pieces[min(place, len(self.pieces) - 1)]
        return len(lapsed)

    def _is_blank(self, place: int) -> bool:
        """Say whether there is no fact at a place: a blank line, or the text's end."""
        return not 0 <= place < len(self.pieces) or not self.pieces[place].text


def _split(text: str) -> list[str]:
    """Return the lines of a text; lines that go on in the next one stay together."""
    pieces: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        if goes_on:
            pieces[-1] = f"{pieces[-1]}\n{line}"
        else:
            pieces.append(line)
        goes_on = line.endswith(_GOES_ON) and bool(line.strip())
    return pieces


def _blocks(draft: str) -> tuple[list[str], list[int]]:
    """Return the facts of a draft as they are written, and the number of the block of each."""
    lines, blocks, block = [], [], 0
    for piece in _split(draft):
        if piece.strip():
            lines.append(piece)
            blocks.append(block)
        else:
            block += 1
    return lines, blocks


def _fact(piece: str) -> _Fact:
    about = _about(piece)
    return _Fact(_digest(about) if about else _NOTHING, _reads(piece))


def _about(piece: str) -> str:
    """Return what a fact is about, so that its later form is known; empty for what never changes.

    What is dated is an entry: another time or text is another fact.
    """
    if item := _ITEM.match(piece):
        return f"item {item[1]}"
    lead = _LEAD.match(piece)
    start = lead.end() if lead else 0
    if _DATED.match(piece, start):
        return ""
    name = _NAME.match(piece, start)
    return f"{piece[:start]}{name[0]}".strip() if name and name[0].strip() else ""


def _reads(piece: str) -> str:
    return _digest(piece) if piece.strip() else ""


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _read(mark: str) -> list[_Fact]:
    return [
        _Fact(each[:_DIGITS], each[_DIGITS:]) for each in mark.split(" ") if _MARKED.fullmatch(each)
    ]


def _match(wanted: Sequence[str], there: Sequence[str]) -> dict[int, int]:
    """Return where each of `wanted` stands in `there`: in order as far as they are, else anywhere.

    Each place is taken once.
    """
    found: dict[int, int] = {}
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    for first, second, size in blocks:
        found.update(zip(range(first, first + size), range(second, second + size), strict=True))
    free: dict[str, list[int]] = {}
    taken = set(found.values())
    for place, each in enumerate(there):
        if place not in taken:
            free.setdefault(each, []).append(place)
    for number, each in enumerate(wanted):
        if number not in found and free.get(each):
            found[number] = free[each].pop(0)
    return found


def _pair(facts: Iterable[_Fact], before: Sequence[_Fact], known: dict[int, int]) -> dict[int, int]:
    """Return which fact of the draft then each changed fact of the draft now was."""
    taken = set(known.values())
    lapsed: dict[str, list[int]] = {}
    for old, each in enumerate(before):
        if old not in taken and each.about != _NOTHING:
            lapsed.setdefault(each.about, []).append(old)
    return {
        number: lapsed[each.about].pop(0)
        for number, each in enumerate(facts)
        if number not in known and lapsed.get(each.about)
    }
