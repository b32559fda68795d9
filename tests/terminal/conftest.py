"""Terminals for the tests of the whole program."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import pytest

from tests.terminal.tmux_terminal import Terminal

OpenTerminal = Callable[..., Terminal]


@pytest.fixture
def open_terminal(home: Path) -> Iterator[OpenTerminal]:
    """A function that opens a terminal of some width and height on the test's home."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: the real program cannot be driven")
    numbers = count()
    # A socket's path may have about 100 characters, which the usual directories exceed.
    with (
        tempfile.TemporaryDirectory(prefix="ic", ignore_cleanup_errors=True) as directory,
        ExitStack() as stack,
    ):

        def open_one(width: int = 120, height: int = 35) -> Terminal:
            place = Path(directory) / str(next(numbers))
            place.mkdir()
            return stack.enter_context(closing(Terminal(place, home, width, height)))

        yield open_one


@pytest.fixture
def terminal(open_terminal: OpenTerminal) -> Terminal:
    """A terminal of 120 columns and 35 lines."""
    return open_terminal()
