"""What is sent to the terminal: less than the library sends, and the same picture after it."""

from __future__ import annotations

import io
from itertools import pairwise

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from cockpit.widgets.terminal_frame import TerminalFrame

WIDTH, HEIGHT = 24, 4
LETTERS = "abc  宽é語─x"
STYLES = tuple(
    Style.parse(words)
    for words in (
        "#d0d0d0 on #121212",
        "bold #eeeeee on #121212",
        "#d0d0d0 on #303030",
        "underline #8a8a8a on #121212",
        "red on default",
        "none",
        "reverse",
    )
)
PIECES = st.lists(
    st.tuples(st.text(LETTERS, min_size=1, max_size=9), st.sampled_from(STYLES)), min_size=1
)


def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")


def strip_of(pieces: list[tuple[str, Style]], width: int) -> Strip:
    """Return the pieces as a strip of exactly `width` cells."""
    segments, left = [], width
    for text, style in pieces:
        kept = set_cell_size(text, min(left, cell_len(text)))
        segments.append(Segment(kept, style))
        left -= cell_len(kept)
        if left <= 0:
            break
    return Strip([*segments, Segment(" " * left, STYLES[0])] if left > 0 else segments, width)


class Terminal:
    """A terminal that updates are drawn on, and its picture."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)
        self.sent = 0

    def draw(self, update: CompositorUpdate) -> None:
        text = update.render_segments(console())
        self.sent += len(text)
        self.stream.feed(text)

    @property
    def picture(self) -> list[list[tuple[object, ...]]]:
        return [
            [tuple(self.screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)
        ]  # fmt: skip


def whole(lines: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[line] for line in lines], Region(0, 0, WIDTH, HEIGHT))


@settings(max_examples=200)
@given(st.data())
def test_the_picture_is_the_one_that_a_whole_drawing_makes(data: st.DataObject) -> None:
    cuts = sorted({0, WIDTH, *data.draw(st.lists(st.integers(0, WIDTH), max_size=3))})
    rows = [
        [strip_of(data.draw(PIECES), stop - start) for start, stop in pairwise(cuts)]
        for _ in range(HEIGHT)
    ]
    lines = [Strip.join(parts) for parts in rows]
    frame, ours, theirs = TerminalFrame(), Terminal(), Terminal()
    theirs.draw(whole(lines))
    ours.draw(frame.reduce(whole(lines)))
    for _ in range(data.draw(st.integers(1, 6))):
        y = data.draw(st.integers(0, HEIGHT - 1))
        at = data.draw(st.integers(0, len(cuts) - 2))
        rows[y][at] = strip_of(data.draw(PIECES), cuts[at + 1] - cuts[at])
        lines[y] = Strip.join(rows[y])
        chops: list[dict[int, Strip | None]] = [{0: None} for _ in range(HEIGHT)]
        chops[y] = dict(zip(cuts[:-1], rows[y], strict=True))
        ends = [[WIDTH]] * HEIGHT
        ends[y] = cuts[1:]
        update = ChopsUpdate(chops, [(y, cuts[at], cuts[at + 1])], ends)
        theirs.draw(whole(lines))
        ours.draw(frame.reduce(update))
        assert ours.picture == theirs.picture


def changed(before: str, after: str) -> tuple[Terminal, int, int]:
    """Return the terminal after a line changed, what was sent for it, and by the library."""
    frame, terminal = TerminalFrame(), Terminal()
    old = [strip_of([(before, STYLES[0])], WIDTH)] * HEIGHT
    new = strip_of([(after, STYLES[0])], WIDTH)
    update = ChopsUpdate(
        [{0: None}, {0: new}, {0: None}, {0: None}], [(1, 0, WIDTH)], [[WIDTH]] * HEIGHT
    )
    terminal.draw(frame.reduce(whole(old)))
    already = terminal.sent
    terminal.draw(frame.reduce(update))
    return terminal, terminal.sent - already, len(update.render_segments(console()))


def test_only_the_cells_that_changed_are_sent() -> None:
    terminal, sent, library = changed("07:42 to go", "07:41 to go")
    assert terminal.screen.display[1].startswith("07:41 to go")
    assert sent < library
    assert sent <= len("\x1b[2;5H") + len("\x1b[38;2;208;208;208;48;2;18;18;18m") + 1 + 4


def test_what_did_not_change_is_not_sent() -> None:
    assert changed("07:42 to go", "07:42 to go")[1] == 0


@pytest.mark.parametrize("joined", ["👩‍👩‍👧 family", "\u0301 accent"])
def test_what_terminals_measure_differently_is_sent_as_the_library_does(joined: str) -> None:
    _, sent, library = changed(joined, joined.upper())
    assert sent == library


def test_a_link_is_sent_whole() -> None:
    frame, terminal = TerminalFrame(), Terminal()
    lines = [Strip([Segment("a" * WIDTH, Style(link="https://example.com"))], WIDTH)] * HEIGHT
    update = ChopsUpdate([{0: line} for line in lines], [(1, 0, WIDTH)], [[WIDTH]] * HEIGHT)
    terminal.draw(frame.reduce(whole(lines)))
    already = terminal.sent
    terminal.draw(frame.reduce(update))
    assert terminal.sent - already == len(update.render_segments(console()))


def test_after_a_resize_nothing_is_taken_for_known() -> None:
    frame, terminal = TerminalFrame(), Terminal()
    narrow = [strip_of([("abc", STYLES[0])], 10)] * HEIGHT
    terminal.draw(frame.reduce(LayoutUpdate([[line] for line in narrow], Region(0, 0, 10, 4))))
    line = strip_of([("abc", STYLES[0])], WIDTH)
    update = ChopsUpdate([{0: line}] * HEIGHT, [(1, 0, WIDTH)], [[WIDTH]] * HEIGHT)
    already = terminal.sent
    terminal.draw(frame.reduce(update))
    assert terminal.sent - already == len(update.render_segments(console()))
