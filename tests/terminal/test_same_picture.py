"""Only changed cells are sent to the terminal: what stands there is what a whole drawing shows."""

from __future__ import annotations

import random
import re
import time

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
NUMBER = re.compile(r"\d+")


def settled(terminal: Terminal) -> str:
    """Return the picture with its colours once it stands still, without its running numbers."""
    seen = ""
    for _ in range(100):
        now = NUMBER.sub("0", terminal.tmux("capture-pane", "-p", "-e"))
        if now == seen:
            return now
        seen = now
        time.sleep(0.3)
    raise AssertionError("the screen never stood still")


def draw_anew(terminal: Terminal) -> None:
    """Let the terminal be resized and back, after which the program draws everything."""
    width, height = terminal.size
    for columns in (width - 1, width):
        terminal.tmux("resize-window", "-x", str(columns), "-y", str(height))
        time.sleep(0.6)


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
        time.sleep(0.3)
        before = settled(terminal)
        draw_anew(terminal)
        assert settled(terminal) == before
