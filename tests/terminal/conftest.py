"""Terminals for the tests of the whole program."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.tmux_terminal import Terminal

OpenTerminal = Callable[..., Terminal]


@pytest.fixture
def open_terminal(home: Path) -> Iterator[OpenTerminal]:
    """A function that opens a terminal of some width and height on the test's home."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: the real program cannot be driven")
    opened: list[Terminal] = []
    # A socket's path may have about 100 characters, which the usual directories exceed.
    with tempfile.TemporaryDirectory(prefix="ic") as directory:

        def open_one(width: int = 120, height: int = 35) -> Terminal:
            place = Path(directory) / str(len(opened))
            place.mkdir()
            opened.append(Terminal(place, home, width, height))
            return opened[-1]

        yield open_one
        for terminal in opened:
            terminal.close()


@pytest.fixture
def terminal(open_terminal: OpenTerminal) -> Terminal:
    """A terminal of 120 columns and 35 lines."""
    return open_terminal()
