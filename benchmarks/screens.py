"""The full-screen bars: ours beside the floors of the library, and peers that are installed."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bars import Bar, Samples
from benchmarks.homes import Homes
from benchmarks.terminal_run import Program, TerminalRun
from benchmarks.writing import add_letters
from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service import changes, incidents, timeline
from cockpit.service.incidents import Declaration
from cockpit.service.session import open_session

BARE, FLOOR, HOME, LARGE, SMALL = "bare app", "floor", "home", "large", "small"
WRITTEN = "200 stakeholders"
_KEYS, _LETTERS, _HELD, _OTHERS, _ELSEWHERE = 20, 12, 200, 20, 5
_ROOT = Path(__file__).parents[1]
_PANES = "1-4 Panes"
_LARGE, _AFTER, _WHILE = "large, once more", "after others", "while others write"

OVERVIEW = {
    "ready": "ready, ms",
    "cpu": "CPU, ms",
    "sent": "bytes",
    "memory": "peak, MB",
    "key": "key, ms",
    "key_cpu": "key, CPU ms",
    "key_bytes": "bytes per key",
    "quit": "quit, ms",
}

BARS = (
    Bar("home with 1,000 incidents, CPU until usable", 1.25, "×", (HOME, "cpu"), (FLOOR, "cpu")),
    Bar("100,000 entries, CPU until usable", 1.45, "×", (LARGE, "cpu"), (FLOOR, "cpu")),
    Bar("100,000 entries beside 100", 1.10, "×", (LARGE, "cpu"), (SMALL, "cpu")),
    Bar("200 stakeholders, CPU until usable", 1.45, "×", (WRITTEN, "cpu"), (FLOOR, "cpu")),
    Bar("cursor key in 100,000 entries, median", 1.5, "×", (LARGE, "key"), (FLOOR, "key")),
    Bar("cursor key, CPU", 1.5, "×", (LARGE, "key_cpu"), (FLOOR, "key_cpu")),
    Bar("cursor key, p95", 16, "ms", (LARGE, "key_p95")),
    Bar("cursor key", 800, "bytes", (LARGE, "key_bytes")),
    Bar("letter typed", 1, "×", (LARGE, "letter"), (FLOOR, "letter")),
    Bar("letter typed, CPU", 1, "×", (LARGE, "letter_cpu"), (FLOOR, "letter_cpu")),
    Bar("letter typed", 1_200, "bytes", (LARGE, "letter_bytes")),
    Bar("200 keys held at 30/s, lag after the last", 50, "ms", (_LARGE, "lag")),
    Bar("200 keys held at 30/s, longest gap", 60, "ms", (_LARGE, "gap")),
    Bar("entry by another process, p95", 500, "ms", (_LARGE, "other"), part=0.95),
    Bar("idle after others wrote, CPU", 1.1, "×", (_AFTER, "idle_cpu"), (_LARGE, "idle_cpu")),
    Bar("idle while others write elsewhere", 0, "B/s", (_WHILE, "idle_bytes")),
    Bar("idle with a countdown", 300, "B/s", ("running", "idle_bytes")),
    Bar("idle with a countdown, CPU", 1.2, "×", ("running", "idle_cpu"), (FLOOR, "idle_cpu")),
    Bar("idle without a countdown", 0, "B/s", (_LARGE, "idle_bytes")),
    Bar("resize until settled, p95", 120, "ms", (_LARGE, "resize"), part=0.95),
    Bar("pane switch until settled, p95", 120, "ms", (_LARGE, "pane"), part=0.95),
    Bar("filter as you type until settled, p95", 120, "ms", (_LARGE, "filter"), part=0.95),
    Bar("peak memory with 100,000 entries", 1.7, "×", (LARGE, "memory"), (FLOOR, "memory")),
    Bar("quit", 1.1, "×", (LARGE, "quit"), (FLOOR, "quit")),
)


def programs(homes: Homes) -> Iterator[Program]:
    """Yield what is measured: the floors, ours, and the peers that are installed."""
    python, inside = sys.executable, {"PYTHONPATH": str(_ROOT)}
    yield Program(BARE, (python, "-m", "benchmarks.floors.bare"), "READY bare", environ=inside)
    floor = (python, "-m", "benchmarks.floors.with_widgets")
    yield Program(FLOOR, floor, "READY entry 9", environ=inside)
    ours = (python, "-m", "cockpit")
    for name, home, arguments, ready in (
        (HOME, homes.many, (), r"INC-\d"),
        (LARGE, homes.large, ("INC-1",), _PANES),
        (SMALL, homes.small, ("INC-1",), _PANES),
        (WRITTEN, homes.written, ("INC-1",), _PANES),
    ):
        environ = {**inside, "COCKPIT_HOME": str(home)}
        yield Program(name, (*ours, *arguments), ready, environ=environ)
    yield from _peers()


def measure_starts(samples: Samples, each: Program) -> None:
    """Measure one start with some keys and letters, and the end."""
    with TerminalRun(each) as run:
        ready, cpu = run.wait_ready()
        sent = run.size
        run.settle()
        key = "k" if each.name in (LARGE, SMALL, WRITTEN) else "j" if each.name == HOME else "down"
        answers = [run.press(key) for _ in range(_KEYS)]
        found = sorted(answer.first for answer in answers if answer.size) or [0.0]
        samples.add(
            each.name,
            ready=ready,
            cpu=cpu,
            sent=sent,
            key=found[len(found) // 2],
            key_p95=found[round(0.95 * (len(found) - 1))],
            key_cpu=sum(answer.cpu for answer in answers) / len(answers),
            key_bytes=sorted(answer.size for answer in answers)[len(answers) // 2],
        )
        if each.name in (FLOOR, LARGE):
            _type(samples, run)
        samples.add(each.name, memory=run.peak_memory())
        samples.add(each.name, quit=run.quit())


def measure_stays(samples: Samples, homes: Homes, idle_seconds: float) -> None:
    """Measure what needs a while: held keys, others' entries, sizes, panes, filters, idleness."""
    found = {each.name: each for each in programs(homes)}
    with TerminalRun(found[LARGE]) as run:
        run.wait_ready()
        run.settle()
        _rest(samples, run, _LARGE, idle_seconds)
        lag, gap = run.hold(["k"] * _HELD)
        samples.add(_LARGE, lag=lag, gap=gap)
        for columns, lines in ((80, 24), (220, 60)) * 3:
            samples.add(_LARGE, resize=run.resize(columns, lines).last)
        run.resize(160, 45)
        for pane in "23412341":
            samples.add(_LARGE, pane=run.press(pane).last)
        run.settle()
        run.press("/")
        for letter in "error":
            samples.add(_LARGE, filter=run.press(letter, silence=0.1).last)
        run.press("escape")
        run.press("escape")
        run.press("G")
        run.settle()
        _watch_others(samples, run, homes.large)
        _rest(samples, run, _AFTER, idle_seconds)
        _write_elsewhere(samples, run, homes.large)
    running = Program(
        "running",
        (*found[HOME].command, "INC-1"),
        _PANES,
        environ={**found[HOME].environ, "COCKPIT_HOME": str(homes.running)},
    )
    for each in (running, found[FLOOR]):
        with TerminalRun(each) as run:
            run.wait_ready()
            run.settle(1.5)
            _rest(samples, run, each.name, idle_seconds)


def _rest(samples: Samples, run: TerminalRun, who: str, seconds: float) -> None:
    """Measure what goes on while nobody does anything."""
    idle = run.idle(seconds)
    samples.add(who, idle_bytes=idle.size, idle_cpu=idle.cpu)


def _type(samples: Samples, run: TerminalRun) -> None:
    """Measure letters in the entry line of ours, or in the floor's text area."""
    is_floor = run.program.name == FLOOR
    run.press("\x1bOQ" if is_floor else "n")
    run.settle(0.3)
    answers = [run.press(letter) for letter in "remembering them"[:_LETTERS]]
    add_letters(samples, run.program.name, answers)
    if not is_floor:
        for _ in range(_LETTERS):
            run.send("\x7f")
        run.settle(0.2)
        run.press("escape")


def _watch_others(samples: Samples, run: TerminalRun, home: Path) -> None:
    """Measure how long an entry takes to this screen that another process has stored."""
    with open_session(Paths(home, home), Config(author="ben")) as session:
        inc = next(each.id for each in session.reads.summaries() if each.ref == "INC-1")
        for number in range(_OTHERS):
            word = f"seen{time.monotonic_ns():x}{number}"
            timeline.log(session, inc, word)
            samples.add(_LARGE, other=run.wait_for(word, time.monotonic())[0])


def _write_elsewhere(samples: Samples, run: TerminalRun, home: Path) -> None:
    """Measure what comes while another process writes into an incident that is not shown."""
    with open_session(Paths(home, home), Config(author="ben")) as session:
        others = [each.id for each in session.reads.summaries() if each.ref != "INC-1"]
        inc = others[0] if others else incidents.declare(session, Declaration("Elsewhere")).id
        changes.set_field(session, inc, "status", "resolved")
        run.settle(1)
        for _ in range(_ELSEWHERE):
            timeline.log(session, inc, "nothing of what is shown")
            _rest(samples, run, _WHILE, 1)


def _peers() -> Iterator[Program]:
    """Yield the peers that are on the search path."""
    wanted = (
        Program("posting", ("posting",), "POST|GET", ("ctrl+c",)),
        Program("harlequin", ("harlequin",), "Query|Catalog", ("ctrl+q",)),
        Program("htop", ("htop",), "PID", ("q",)),
        Program("vim", ("vim", "-u", "NONE", __file__), "full-screen bars", (":q!", "enter")),
    )
    yield from (each for each in wanted if shutil.which(each.command[0]))
