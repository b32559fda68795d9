"""Only changed cells are sent to the terminal: what stands there is what a whole drawing shows."""

from __future__ import annotations

import random
import re
import time

import psutil

from tests.terminal.tmux_terminal import Terminal

KEYS = (
    "j",
    "k",
    "j",
    "j",
    "k",
    "2",
    "1",
    "Tab",
    "Down",
    "PageUp",
    "PageDown",
    "G",
    "g",
    "?",
    "f",
    "3",
)
ROUNDS = 6
KEYS_PER_ROUND = 12
STILL = 3
"""How many looks in a row show the same, a tenth of a second apart."""

NUMBER = re.compile(r"\d+")


def settled(terminal: Terminal) -> str:
    """Return the picture with its colours once it stands still, without its running numbers.

    A program that waits for a busy machine draws nothing either: it must have nothing to do.
    """
    program, seen, same = psutil.Process(terminal.pid), "", 0
    for _ in range(400):
        now = NUMBER.sub("0", terminal.tmux("capture-pane", "-p", "-e"))
        idle = program.status() == psutil.STATUS_SLEEPING
        same = same + 1 if now == seen and idle else 0
        if same == STILL:
            return now
        seen = now
        time.sleep(0.1)
    raise AssertionError("the screen never stood still")


def draw_anew(terminal: Terminal) -> None:
    """Let the terminal be resized and back, after which the program draws everything."""
    width, height = terminal.size
    for columns in (width - 1, width):
        terminal.tmux("resize-window", "-x", str(columns), "-y", str(height))
        settled(terminal)


def test_the_picture_after_many_keys_is_that_of_a_whole_drawing(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails 宽宽 for some 語")
    for number in range(30):
        terminal.cockpit("log", f"entry {number} of 宽 and more words to fill the line with them")
    terminal.cockpit("set", "status", "resolved")
    terminal.start("INC-1")
    terminal.wait_for("Checkout fails", "1-4 Panes")
    chosen = random.Random(7)
    for _ in range(ROUNDS):
        for key in chosen.choices(KEYS, k=KEYS_PER_ROUND):
            terminal.press(key)
        terminal.press("Escape")
        before = settled(terminal)
        draw_anew(terminal)
        assert settled(terminal) == before
