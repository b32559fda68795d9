"""What measurements that compare us with plain SQL share: their options, their clock, their end."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar

import msgspec

from benchmarks.made_data import PROMISED, Size, open_made
from cockpit.service.session import Session

PROMISE = 3.0
"""How many times as slow as the bare statements we may be."""


class Compared(Protocol):
    """One line of a measurement."""

    @property
    def ratio(self) -> float:
        """Return how many times as slow as the bare statements we are."""


F = TypeVar("F", bound=Compared)


def microseconds(work: Callable[[], object]) -> float:
    """Return the processor's time: what else the machine does is no property of the work."""
    begun = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - begun) / 1000


def compare(
    description: str,
    rounds: int,
    measure: Callable[[Session, int], tuple[F, ...]],
    markdown: Callable[[tuple[F, ...], Size, int], str],
) -> None:
    """Measure and print, in a fresh home unless one is named; exit 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("directory", type=Path, nargs="?", help="a home made before, or to be made")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--incidents", type=int, default=PROMISED.incidents)
    parser.add_argument("--entries", type=int, default=PROMISED.entries)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    size = Size(given.incidents, given.entries)
    with TemporaryDirectory() as fresh, open_made(given.directory or Path(fresh), size) as session:
        figures = measure(session, given.rounds)
    if given.as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(figures), indent=1).decode())
    else:
        sys.stdout.write(markdown(figures, size, given.rounds))
    sys.stdout.write("\n")
    sys.exit(any(each.ratio > PROMISE for each in figures))
