"""Standard input in bounded memory, whatever comes."""

from __future__ import annotations

import io
import os
import threading
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.cli import stdin


class Endless(io.RawIOBase):
    """A producer that never stops; counts what was taken."""

    def __init__(self, piece: bytes) -> None:
        self.piece = piece
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        data = (self.piece * (size // len(self.piece) + 1))[:size]
        self.taken += len(data)
        return data


@given(st.binary())
def test_lines_are_those_of_the_decoded_text(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not lines[-1] and not text.endswith("\r"):
        lines.pop()
    found = [line for batch in stdin.read_batches(io.BytesIO(data)) for line in batch]
    assert found == lines


@given(st.binary())
def test_text_is_the_decoded_text(data: bytes) -> None:
    expected = data.decode("utf-8", "replace").replace("\r\n", "\n")
    assert stdin.read_text(io.BytesIO(data)) == expected


def test_characters_split_between_reads_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdin, "_CHUNK", 1)
    assert stdin.read_text(io.BytesIO("grüezi ⚡".encode())) == "grüezi ⚡"
    assert list(stdin.read_batches(io.BytesIO("ü\n⚡\n".encode()))) == [["ü"], ["⚡"]]


def test_an_endless_text_is_cut_and_says_so() -> None:
    producer = Endless(b"y\n")
    text = stdin.read_text(producer)
    assert text.startswith("y\ny\n")
    assert "cut here" in text
    assert len(text) < stdin.LONGEST_TEXT + 100
    assert producer.taken < 2 * stdin.LONGEST_TEXT


def test_an_endless_line_takes_bounded_memory() -> None:
    data = b"x" * (8 * stdin.LONGEST_LINE) + b"\nnext"
    source = io.BytesIO(data)
    tracemalloc.start()
    first, last = [line for batch in stdin.read_batches(source) for line in batch]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first.startswith("x" * stdin.LONGEST_LINE + " … cut here: 7,000,000")
    assert last == "next"
    assert peak < 5 * stdin.LONGEST_LINE


def test_a_producer_that_is_ahead_is_taken_together_and_nobody_waits_for_it() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb", buffering=0) as producer:
        batches = stdin.read_batches(source)
        producer.write(b"now\n")
        assert next(batches) == ["now"]
        writer = threading.Thread(
            target=lambda: producer.write(b"0123456\n" * 100_000), daemon=True
        )
        writer.start()
        counts = []
        while sum(counts) < 100_000:
            batch = next(batches)
            assert set(batch) == {"0123456"}
            counts.append(len(batch))
        writer.join(60)
        assert max(counts) <= stdin._AT_ONCE / len("0123456\n") + stdin._CHUNK
        producer.write(b"last\n")
        assert next(batches) == ["last"]


def test_endless_lines_come_one_batch_at_a_time() -> None:
    producer = Endless(b"y\n")
    batches = stdin.read_batches(producer)
    for _ in range(20):
        assert set(next(batches)) == {"y"}
    assert producer.taken <= 21 * 64 * 1024
