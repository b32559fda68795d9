"""Reads the rows of tables from the bare pages of a database file, whatever else is damaged.

The format is SQLite's own (https://www.sqlite.org/fileformat2.html). A page, a cell or a value
that makes no sense is passed over: what stands beside it may still be whole.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

PAGE_SIZE = 4096
"""Bytes of a page where the file's head does not say."""

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_WAL_HEAD, _FRAME_HEAD = 32, 24
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_LARGEST_VALUE = 2**20

Value = int | float | str | bytes | None
Pages = Mapping[int, bytes]
"""Number, counted from 1 → content."""


class Row(NamedTuple):
    """One row of a table or an index; `rowid` is None in an index."""

    rowid: int | None
    values: tuple[Value, ...]


def page_size(head: bytes) -> int:
    """Return how many bytes a page has, as the first bytes of the file say, else the usual."""
    if len(head) < 18:
        return PAGE_SIZE
    size = int(struct.unpack_from(">H", head, 16)[0])
    size = 65536 if size == 1 else size
    return size if 512 <= size <= 65536 and not size & (size - 1) else PAGE_SIZE


def split_pages(data: bytes, size: int) -> dict[int, bytes]:
    """Return the pages of a file; the last may be shorter."""
    return {at // size + 1: data[at : at + size] for at in range(0, len(data), size)}


def logged_pages(log: bytes, size: int) -> dict[int, bytes]:
    """Return the newest committed pages of a write-ahead log; empty where it is none."""
    if len(log) < _WAL_HEAD:
        return {}
    salt = log[16:24]
    committed: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    for at in range(_WAL_HEAD, len(log) - _FRAME_HEAD - size + 1, _FRAME_HEAD + size):
        number, ends = struct.unpack_from(">II", log, at)
        if log[at + 8 : at + 16] != salt:
            break
        pending[number] = log[at + _FRAME_HEAD : at + _FRAME_HEAD + size]
        if ends:
            committed |= pending
            pending = {}
    return committed


def read_rows(pages: Pages, size: int) -> Iterator[Row]:
    """Yield every row that can be read from the leaves of tables and the pages of indexes."""
    for number in sorted(pages):
        yield from _read_page(pages, number, size)


def _read_page(pages: Pages, number: int, size: int) -> Iterator[Row]:
    page, start = pages[number], 100 if number == 1 else 0
    if len(page) < start + 12:
        return
    kind = page[start]
    if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER):
        return
    first = start + (12 if kind == _INDEX_INNER else 8)
    count = min(int(struct.unpack_from(">H", page, start + 3)[0]), (len(page) - first) // 2)
    for index in range(count):
        at = int(struct.unpack_from(">H", page, first + 2 * index)[0])
        try:
            yield _read_cell(pages, page, at + (4 if kind == _INDEX_INNER else 0), kind, size)
        except (ValueError, IndexError, struct.error):
            continue


def _read_cell(pages: Pages, page: bytes, at: int, kind: int, size: int) -> Row:
    length, at = _read_varint(page, at)
    rowid = None
    if kind == _TABLE_LEAF:
        rowid, at = _read_varint(page, at)
    if not 0 < length <= _LARGEST_VALUE:
        raise ValueError(length)
    most = size - 35 if kind == _TABLE_LEAF else (size - 12) * 64 // 255 - 23
    payload = page[at : at + length]
    if length > most:
        least = (size - 12) * 32 // 255 - 23
        local = least + (length - least) % (size - 4)
        local = local if local <= most else least
        following = int(struct.unpack_from(">I", page, at + local)[0])
        payload = page[at : at + local] + _read_overflow(pages, following, length - local, size)
    if len(payload) != length:
        raise ValueError(length)
    return Row(rowid, tuple(_read_values(payload)))


def _read_overflow(pages: Pages, number: int, length: int, size: int) -> bytes:
    pieces: list[bytes] = []
    while length > 0:
        page = pages.get(number, b"")
        piece = page[4 : 4 + min(length, size - 4)]
        if not piece or len(pieces) > _LARGEST_VALUE // 500:
            raise ValueError(number)
        pieces.append(piece)
        length -= len(piece)
        number = int(struct.unpack_from(">I", page)[0])
    return b"".join(pieces)


def _read_values(payload: bytes) -> Iterator[Value]:
    head, at = _read_varint(payload, 0)
    if not at <= head <= len(payload):
        raise ValueError(head)
    place = head
    while at < head:
        kind, at = _read_varint(payload, at)
        value, place = _read_value(payload, place, kind)
        yield value
    if place != len(payload):
        raise ValueError(place)


def _read_value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind == 7:
        return float(struct.unpack_from(">d", payload, at)[0]), at + 8
    size = _INTEGER_SIZES.get(kind, (kind - 12) // 2)
    data = payload[at : at + size]
    if len(data) != size or kind in (10, 11):
        raise ValueError(kind)
    if kind in _INTEGER_SIZES:
        return int.from_bytes(data, "big", signed=True), at + size
    return (data.decode("utf-8") if kind % 2 else data), at + size


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of at most nine bytes and where it ends."""
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + count + 1
    raise ValueError(at)
