"""What was typed into a text, step by step, so that it can be taken back after a restart, too.

Other people's edits are no steps of it: it moves around them, so that taking back what one typed
oneself never takes back what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from cockpit.domain.text_merge import Splice, compare
from cockpit.errors import InvalidInputError

MOST_STEPS = 300
"""Steps that are kept: more than anybody goes back one by one."""

MOST_CHARACTERS = 200_000
"""Characters that all steps hold together: bounds the file that is written while one types."""

_VERSION = 1


class Change(Struct, frozen=True, array_like=True):
    """At `at` (in code points) `gone` is taken out, or else `new` is put in; never both."""

    at: int
    gone: str = ""
    new: str = ""

    @property
    def end(self) -> int:
        """Return where the text that is taken out ends."""
        return self.at + len(self.gone)

    @property
    def inverse(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.at, self.new, self.gone)


Step = tuple[Change, ...]
"""Changes that are made together, one after the other."""


class _Kept(Struct, frozen=True):
    """The form in which a history is kept: of which text it is, and the text it leads back from."""

    version: int
    key: str
    text: str
    undo: tuple[Step, ...]
    redo: tuple[Step, ...]


class TypingHistory:
    """Steps that lead back, and steps that lead forward again; both begin at the present text."""

    def __init__(self, undo: Iterable[Step] = (), redo: Iterable[Step] = ()) -> None:
        """Begin with these steps, the next one to be taken last."""
        self._undo = list(undo)
        self._redo = list(redo)

    @property
    def steps(self) -> tuple[int, int]:
        """Return how many steps lead back and how many lead forward."""
        return len(self._undo), len(self._redo)

    def record(self, at: int, gone: str, new: str, *, fresh: bool) -> None:
        """Keep that `gone` became `new` at a place; `fresh` begins another step."""
        changes = [
            each for each in (Change(at, new), Change(at, "", gone)) if each.gone or each.new
        ]
        if not changes:
            return
        last = () if fresh or not self._undo else self._undo.pop()
        self._undo.append(_join((*changes, *last)))
        self._redo.clear()
        self._trim()

    def undo(self) -> Step:
        """Return the changes that take the last step back, empty when there is none."""
        return _turn(self._undo, self._redo)

    def redo(self) -> Step:
        """Return the changes that do the step again that was taken back last, or nothing."""
        return _turn(self._redo, self._undo)

    def move_around(self, splices: Iterable[Splice], text: str) -> None:
        """Take in what somebody else changed in `text`; positions are those in `text`."""
        theirs = tuple(_changes_of(splices, text))
        self._undo = _move_all(self._undo, theirs)
        self._redo = _move_all(self._redo, theirs)

    def dump(self, key: str, text: str) -> str:
        """Return the history of `text` for a file; empty when there is nothing to keep.

        key: what tells this text from all others.
        """
        if not self._undo and not self._redo:
            return ""
        kept = _Kept(_VERSION, key, text, tuple(self._undo), tuple(self._redo))
        try:
            return msgspec.json.encode(kept).decode()
        except UnicodeEncodeError:
            return ""

    def _trim(self) -> None:
        """Forget the oldest steps beyond what is kept; the last one always stays."""
        del self._undo[: -MOST_STEPS or None]
        size = 0
        for place in range(len(self._undo) - 1, -1, -1):
            size += sum(len(each.gone) + len(each.new) for each in self._undo[place])
            if size > MOST_CHARACTERS and place < len(self._undo) - 1:
                del self._undo[: place + 1]
                return


def read_history(kept: str, key: str, text: str) -> TypingHistory:
    """Return the history that `dump` kept, made to lead back from `text` as it is now.

    What others changed since then is moved around. Raises InvalidInputError when it is damaged or
    that of another text.
    """
    try:
        found = msgspec.json.decode(kept, type=_Kept)
    except msgspec.DecodeError as error:
        raise InvalidInputError("The kept steps of undo cannot be read.") from error
    if found.version != _VERSION or found.key != key:
        raise InvalidInputError("The kept steps of undo belong to another text.")
    if not (_fits(found.undo, found.text) and _fits(found.redo, found.text)):
        raise InvalidInputError("The kept steps of undo do not fit their text.")
    history = TypingHistory(found.undo, found.redo)
    if found.text != text:
        history.move_around(compare(found.text, text), found.text)
    return history


def apply(change: Change, text: str) -> str | None:
    """Return `text` with a change made, None where it does not fit."""
    if not 0 <= change.at <= len(text) or text[change.at : change.end] != change.gone:
        return None
    return text[: change.at] + change.new + text[change.end :]


def transform(mine: Sequence[Change], theirs: Sequence[Change]) -> tuple[Step, Step]:
    """Return both as they are after the other: (mine after theirs, theirs after mine).

    Both begin at one text, and both ways end at the same one: what either put in stays, what
    either took out is gone. Where both put something in, theirs comes first.
    """
    moved: list[Change] = []
    rest = tuple(theirs)
    for each in mine:
        after, rest = _transform_one(each, rest)
        moved += after
    return tuple(moved), rest


def _transform_one(mine: Change, theirs: Sequence[Change]) -> tuple[Step, Step]:
    own: Step = (mine,)
    after: list[Change] = []
    for each in theirs:
        if len(own) == 1:
            own, moved = _cross(own[0], each)
        else:
            own, moved = transform(own, (each,))
        after += moved
    return own, tuple(after)


def _cross(mine: Change, theirs: Change) -> tuple[Step, Step]:
    if mine.new and theirs.new:
        if mine.at < theirs.at:
            return (mine,), (_shift(theirs, len(mine.new)),)
        return (_shift(mine, len(theirs.new)),), (theirs,)
    if mine.new:
        own, other = _cross_insert(mine, theirs)
        return (own,), other
    if theirs.new:
        other_one, own_ones = _cross_insert(theirs, mine)
        return own_ones, (other_one,)
    return _without(mine, theirs), _without(theirs, mine)


def _cross_insert(insert: Change, delete: Change) -> tuple[Change, Step]:
    """Return an insertion after a deletion, and the deletion after the insertion."""
    size = len(insert.new)
    if insert.at <= delete.at:
        return insert, (_shift(delete, size),)
    if insert.at >= delete.end:
        return _shift(insert, -len(delete.gone)), (delete,)
    cut = insert.at - delete.at
    halves = (Change(delete.at, delete.gone[:cut]), Change(delete.at + size, delete.gone[cut:]))
    return Change(delete.at, "", insert.new), halves


def _without(mine: Change, theirs: Change) -> Step:
    """Return a deletion without what another one took out already."""
    left = mine.gone[: max(0, theirs.at - mine.at)]
    right = mine.gone[max(0, theirs.end - mine.at) :]
    if mine.end <= theirs.at:
        return (mine,)
    if mine.at >= theirs.end:
        return (_shift(mine, -len(theirs.gone)),)
    return (Change(min(mine.at, theirs.at), left + right),) if left + right else ()


def _shift(change: Change, by: int) -> Change:
    return Change(change.at + by, change.gone, change.new)


def _move_all(steps: Sequence[Step], theirs: Step) -> list[Step]:
    moved: list[Step] = []
    for step in reversed(steps):
        after, theirs = transform(step, theirs)
        if after:
            moved.append(after)
    return moved[::-1]


def _turn(source: list[Step], target: list[Step]) -> Step:
    if not source:
        return ()
    step = source.pop()
    target.append(tuple(each.inverse for each in reversed(step)))
    return step


def _join(step: Step) -> Step:
    """Return a step with its first two changes as one, where they are neighbours of one kind."""
    if len(step) < 2:
        return step
    first, second = step[0], step[1]
    if first.gone and second.gone and second.end == first.at:
        return (Change(second.at, second.gone + first.gone), *step[2:])
    if first.new and second.new and first.at + len(first.new) == second.at:
        return (Change(first.at, "", first.new + second.new), *step[2:])
    return step


def _changes_of(splices: Iterable[Splice], text: str) -> Iterable[Change]:
    """Yield the changes of splices whose places are all those of `text`, the last place first."""
    for each in reversed(tuple(splices)):
        if gone := text[each.start : each.stop]:
            yield Change(each.start, gone)
        if each.text:
            yield Change(each.start, "", each.text)


def _fits(steps: Sequence[Step], text: str) -> bool:
    """Say whether the steps, the last one first, can be taken from a text."""
    for step in reversed(steps):
        for change in step:
            after = apply(change, text)
            if after is None or bool(change.gone) == bool(change.new):
                return False
            text = after
    return True
