"""Reading standard input in bounded memory: broken bytes replaced, endless lines cut and marked."""

from __future__ import annotations

import codecs
import select
import sys
from collections.abc import Iterator
from typing import BinaryIO

LONGEST_LINE = 1_000_000  # characters kept of one line
LONGEST_TEXT = 1_000_000  # characters kept of a whole text
_CHUNK = 64 * 1024
_AT_ONCE = 8 * _CHUNK


def is_stdin(words: tuple[str, ...]) -> bool:
    """Say whether the words ask for standard input."""
    return words == ("-",)


def read_batches(stream: BinaryIO | None = None) -> Iterator[list[str]]:
    """Yield the lines that are there, as soon as they are, without their ends.

    Nobody waits for a line that did not come yet; of a producer that is ahead at most `_AT_ONCE`
    bytes are taken together. A line keeps its first `LONGEST_LINE` characters and says how many
    were cut.
    """
    source = stream or sys.stdin.buffer
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    line = _Line()
    batch: list[str] = []
    taken = 0
    while True:
        data = _read_some(source)
        taken += len(data)
        first, *others = decoder.decode(data, final=not data).split("\n")
        line.add(first)
        if others:
            batch.append(line.text())
            batch += [each.removesuffix("\r") for each in others[:-1]]
            line = _Line()
            line.add(others[-1])
        if not data and line.length:
            batch.append(line.text())
        if batch and not (data and taken < _AT_ONCE and _has_more(source)):
            yield batch
            batch, taken = [], 0
        if not data:
            return


def read_text(stream: BinaryIO | None = None) -> str:
    """Return standard input as one text; above `LONGEST_TEXT` characters it is cut and says so."""
    source = stream or sys.stdin.buffer
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pieces: list[str] = []
    length = 0
    while length <= LONGEST_TEXT and (data := _read_some(source)):
        pieces.append(decoder.decode(data))
        length += len(pieces[-1])
    pieces.append(decoder.decode(b"", final=True))
    text = "".join(pieces).replace("\r\n", "\n")
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}\n… cut here: more than {LONGEST_TEXT:,} characters"


class _Line:
    """A line that grows to a limit and then only counts."""

    def __init__(self) -> None:
        self.length = 0
        self._kept: list[str] = []

    def add(self, piece: str) -> None:
        if self.length < LONGEST_LINE:
            self._kept.append(piece[: LONGEST_LINE - self.length])
        self.length += len(piece)

    def text(self) -> str:
        text = "".join(self._kept).removesuffix("\r")
        cut = self.length - LONGEST_LINE
        return f"{text} … cut here: {cut:,} more characters" if cut > 0 else text


def _read_some(source: BinaryIO) -> bytes:
    read = getattr(source, "read1", source.read)
    data: bytes = read(_CHUNK)
    return data


def _has_more(source: BinaryIO) -> bool:
    """Say whether a read would return at once; False where that cannot be known."""
    try:
        return bool(select.select([source.fileno()], [], [], 0)[0])
    except (OSError, ValueError):  # memory, or a system that asks this of sockets alone
        return False
