"""`reset-terminal` in a terminal that was left in disorder."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import tty
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

WANTED = termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN


def test_a_raw_terminal_is_given_back() -> None:
    parent, child = pty.openpty()
    try:
        tty.setraw(child)
        assert not termios.tcgetattr(child)[3] & WANTED
        done = subprocess.run(
            [sys.executable, "-m", "cockpit", "reset-terminal"],
            stdin=child,
            stdout=child,
            stderr=child,
            check=False,
        )
        assert done.returncode == 0
        after = termios.tcgetattr(child)
        assert after[3] & WANTED == WANTED
        assert after[0] & termios.ICRNL
        assert after[1] & termios.OPOST
        written = os.read(parent, 65536)
    finally:
        os.close(child)
        os.close(parent)
    for mode in (b"\x1b[?1049l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?25h", b"\x1b[<u"):
        assert mode in written
    assert b"as it should be" in written


def test_without_a_terminal_it_says_so(cockpit: Commands) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cockpit", "reset-terminal"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no terminal here" in done.stderr
