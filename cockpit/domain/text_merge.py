"""Long text that several people write at once: merged by character, so that every edit survives.

Updates are Yjs updates as base64 text. `pycrdt` takes long to load and is imported only where text
is edited or merged. Its indices count UTF-8 bytes, not characters.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from cockpit.errors import InvalidInputError

if TYPE_CHECKING:
    from pycrdt import Doc, Text

MAX_CLIENT_ID = 2**53 - 1
"""The largest client id that the update format can carry."""

PIECE = 10_000
"""Characters of one update: with four bytes each, in base64, it stays below an event's most."""

_COST = 40
"""What an edit costs in an update beside its text, in characters of four bytes."""

_MOST_BYTES = 40_000
"""What joined updates hold at most: in base64 it stays below an event's most, too."""

_ROOT = "text"
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\w+|\s+|[^\w\s]+")


class Splice(Struct, frozen=True):
    """Replace the characters `start` to `stop` by `text` (positions in code points)."""

    start: int
    stop: int
    text: str


class SectionDocument:
    """One section's text while somebody edits it.

    `client_id` (0 to 2**53 - 1) is new and random for every editing session, never kept and never
    copied: two writers with one client id lose text.
    """

    def __init__(self, updates: Iterable[str], client_id: int) -> None:
        """Start from all `updates` so far; refuses a client id that wrote some of them."""
        if not 0 <= client_id <= MAX_CLIENT_ID:
            raise InvalidInputError(f"A client id lies between 0 and {MAX_CLIENT_ID}.")
        self._doc, self._text = _open_document(client_id)
        for update in updates:
            _apply_readable(self._doc, update)
        if client_id in _read_clients(self._doc.get_state()):
            raise InvalidInputError(
                "This text was already edited under the same client id.",
                "Open the section again.",
            )

    @property
    def text(self) -> str:
        """Return the text as it is now."""
        return str(self._text)

    @property
    def client_id(self) -> int:
        """Return the id under which this editing writes."""
        return int(self._doc.client_id)

    def count_written(self, client_id: int) -> int:
        """Return how much of what was written under a client id is in the text, all marks counted.

        It only grows: what was written and deleted again counts, too.
        """
        numbers = list(_read_numbers(self._doc.get_state()))[1:]
        return dict(zip(numbers[::2], numbers[1::2], strict=False)).get(client_id, 0)

    def apply(self, update: str) -> None:
        """Merge in what somebody else wrote; known updates change nothing."""
        try:
            self._doc.apply_update(b64decode(update, validate=True))
        except ValueError as error:
            raise InvalidInputError(f"This is not a text update: {error}") from error

    def replace(self, new_text: str) -> str:
        """Make the text `new_text` by the fewest edits; return the update, empty for no change."""
        wanted = clean_text(new_text)
        current = self.text
        if wanted == current:
            return ""
        before = self._doc.get_state()
        with self._doc.transaction():
            for splice in reversed(tuple(compare(current, wanted))):
                self._splice(current, splice)
        return b64encode(self._doc.get_update(before)).decode()

    def write(self, new_text: str) -> tuple[str, ...]:
        """Make the text `new_text` as `replace` does, in updates that one event can hold each."""
        wanted, current = clean_text(new_text), self.text
        updates: list[str] = []
        before, size = self._doc.get_state(), 0
        for splice in reversed(tuple(compare(current, wanted))):
            for piece in _break(splice):
                with self._doc.transaction():
                    self._splice(current, piece)
                current = f"{current[: piece.start]}{piece.text}{current[piece.stop :]}"
                size += len(piece.text) + _COST
                if size >= PIECE:
                    updates.append(b64encode(self._doc.get_update(before)).decode())
                    before, size = self._doc.get_state(), 0
        if size:
            updates.append(b64encode(self._doc.get_update(before)).decode())
        return tuple(updates)

    def adopt_whole(self, draft: str, section: str, inc: str) -> tuple[str, ...]:
        """Take over a draft as `adopt` does, in updates that one event can hold each."""
        wanted = clean_text(draft)
        if len(wanted) <= PIECE:
            update = self.adopt(draft, section, inc)
            return (update,) if update else ()
        # Two people who adopt a draft as long as this one have it twice: rare, and nothing is lost.
        text = self.text
        return (
            () if wanted in text else self.write(f"{text}\n\n{wanted}" if text.strip() else wanted)
        )

    def adopt(self, draft: str, section: str, inc: str) -> str:
        """Take over a draft into this text, once; return the update, empty for no change.

        A draft that was adopted and removed again comes back as ordinary new text.
        """
        wanted = clean_text(draft)
        if not wanted or wanted in self.text:
            return ""
        if self.text.strip():
            return self.replace(f"{self.text}\n\n{wanted}")
        before = self._doc.get_state()
        update = adopt(draft, section, inc)
        self.apply(update)
        if self.text == wanted:
            return update
        self.replace(wanted)
        return b64encode(self._doc.get_update(before)).decode()

    def _splice(self, current: str, splice: Splice) -> None:
        start = byte_offset(current, splice.start)
        stop = byte_offset(current, splice.stop)
        if stop > start:
            del self._text[start:stop]
        if splice.text:
            self._text.insert(start, splice.text)


def join_updates(updates: Sequence[str]) -> tuple[str, ...]:
    """Return updates that do the same, as few as one event can hold each."""
    from pycrdt import merge_updates

    joined: list[list[bytes]] = []
    size = _MOST_BYTES
    for each in map(b64decode, updates):
        if size + len(each) > _MOST_BYTES:
            joined.append([])
            size = 0
        joined[-1].append(each)
        size += len(each)
    return tuple(b64encode(merge_updates(*group)).decode() for group in joined)


def merged_text(updates: Iterable[str]) -> str:
    """Return the text that all `updates` make together, in whatever order they come.

    An update that cannot be read is left out: one bad record must not hide the others' text.
    """
    doc, text = _open_document(1)
    for update in updates:
        _apply_readable(doc, update)
    return str(text)


def adopt(draft: str, section: str, inc: str) -> str:
    """Return the update that puts `draft` into an empty section.

    The client id comes from the content: two people who adopt the same draft make the very same
    update, so that it does not stand there twice after they meet.
    """
    wanted = clean_text(draft)
    if not wanted:
        return ""
    digest = sha256("\0".join(("draft", inc, section, wanted)).encode()).digest()
    client_id = int.from_bytes(digest[:8], "big") % (MAX_CLIENT_ID + 1)
    doc, text = _open_document(client_id)
    text.insert(0, wanted)
    return b64encode(doc.get_update()).decode()


def compare(old: str, new: str) -> Iterator[Splice]:
    """Yield the edits that make `old` into `new`, in order, positions as in `old`.

    Lines, and words in a line, that stayed are left alone, so that what somebody else writes there
    keeps its place.
    """
    return _compare_parts(old, new, 0, (_Parts(_LINES, 1500), _Parts(_WORDS, 1000)))


def _break(splice: Splice) -> Iterator[Splice]:
    """Yield an edit as several that follow one another, each with little text."""
    yield Splice(splice.start, splice.stop, splice.text[:PIECE])
    for start in range(PIECE, len(splice.text), PIECE):
        place = splice.start + start
        yield Splice(place, place, splice.text[start : start + PIECE])


def byte_offset(text: str, position: int) -> int:
    """Return how many UTF-8 bytes stand before the character at `position` (code points)."""
    return len(text[:position].encode())


def clean_text(text: str) -> str:
    """Return `text` without halves of surrogate pairs, which UTF-8 cannot carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _common_ends(old: str, new: str) -> tuple[int, int]:
    """Return how many characters both texts share at their start and, beyond that, at their end."""
    start = _count_common(old, new, min(len(old), len(new)), from_end=False)
    end = _count_common(old, new, min(len(old), len(new)) - start, from_end=True)
    return start, end


def _count_common(old: str, new: str, most: int, *, from_end: bool) -> int:
    """Return how many characters agree, at most `most`; halving is quicker than one by one."""
    same, other = 0, most + 1
    while other - same > 1:
        middle = (same + other) // 2
        one, two = (old[-middle:], new[-middle:]) if from_end else (old[:middle], new[:middle])
        if one == two:
            same = middle
        else:
            other = middle
    return same


class _Parts(Struct, frozen=True):
    """How texts are taken apart, and how many parts are compared at most: it is quadratic."""

    pattern: re.Pattern[str]
    most: int

    def split(self, old: str, new: str) -> tuple[list[str], list[str]]:
        """Return the parts of both, none where comparing them is of no use or takes long."""
        olds, news = self.pattern.findall(old), self.pattern.findall(new)
        few = max(len(olds), len(news)) <= self.most
        return (olds, news) if few and not set(olds).isdisjoint(news) else ([], [])


def _compare_parts(old: str, new: str, place: int, ways: tuple[_Parts, ...]) -> Iterator[Splice]:
    """Yield the edits from `old`, which stands at `place`, to `new`; the coarsest way first."""
    head, tail = _common_ends(old, new)
    place += head
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if not old and not new:
        return
    if not (old and new and ways):
        yield Splice(place, place + len(old), new)
        return
    olds, news = ways[0].split(old, new)
    if not olds:
        yield from _compare_parts(old, new, place, ways[1:])
        return
    places = [place]
    for part in olds:
        places.append(places[-1] + len(part))
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            was, now = "".join(olds[first:last]), "".join(news[new_first:new_last])
            yield from _compare_parts(was, now, places[first], ways[1:])


def _open_document(client_id: int) -> tuple[Doc[Text], Text]:
    from pycrdt import Doc, Text

    doc = Doc[Text](client_id=client_id)
    return doc, doc.get(_ROOT, type=Text)


def _apply_readable(doc: Doc[Text], update: str) -> None:
    try:
        doc.apply_update(b64decode(update, validate=True))
    except ValueError:
        return


def _read_clients(state: bytes) -> set[int]:
    """Return the client ids of a state vector: a count, then pairs of client id and clock."""
    numbers = _read_numbers(state)
    next(numbers, 0)
    return set(list(numbers)[::2])


def _read_numbers(data: bytes) -> Iterator[int]:
    """Yield the variable-length integers of `data`: seven bits a byte, the lowest first."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0
