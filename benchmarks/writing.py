"""The bars of writing: letters in an update and in a long post-mortem, enter on an entry.

An entry counts once it stands in the timeline on the screen and another connection reads it from
the file; a bare durable insert into tables of the same kind is made before each one.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.bars import Bar, Samples
from benchmarks.floors.note import TABLES
from benchmarks.homes import Homes
from benchmarks.terminal_run import Answer, Program, TerminalError, TerminalRun

FLOOR, ENTRY, UPDATE, POSTMORTEM = "floor", "entry", "update", "post-mortem"
BARE = "bare durable insert"
_TEXT = "remembering them"
_ENTRIES = 15
_ROOT = Path(__file__).parents[1]

BARS = (
    Bar("letter in an update", 1, "×", (UPDATE, "letter"), (FLOOR, "letter")),
    Bar("letter in an update, CPU", 1, "×", (UPDATE, "letter_cpu"), (FLOOR, "letter_cpu")),
    Bar("letter in an update", 1_200, "bytes", (UPDATE, "letter_bytes")),
    Bar("letter in 30 kB of post-mortem", 1, "×", (POSTMORTEM, "letter"), (FLOOR, "letter")),
    Bar(
        "letter in 30 kB of post-mortem, CPU",
        1,
        "×",
        (POSTMORTEM, "letter_cpu"),
        (FLOOR, "letter_cpu"),
    ),
    Bar("letter in 30 kB of post-mortem", 1_200, "bytes", (POSTMORTEM, "letter_bytes")),
    Bar("enter until durable and on screen, beyond a bare insert", 25, "ms", (ENTRY, "beyond")),
)


def add_letters(samples: Samples, who: str, answers: Sequence[Answer]) -> None:
    """Keep what letters cost, one by one: the wait for the first byte, CPU, bytes."""
    found = sorted(answer.first for answer in answers)
    samples.add(
        who,
        letter=found[len(found) // 2],
        letter_cpu=sum(answer.cpu for answer in answers) / len(answers),
        letter_bytes=sorted(answer.size for answer in answers)[len(answers) // 2],
    )


def measure_letters(samples: Samples, homes: Homes) -> None:
    """Type into the update, and into a section of 30 kB, beside 200 stakeholders."""
    for who, pane in ((UPDATE, "3"), (POSTMORTEM, "4")):
        with TerminalRun(_incident(who, homes.written)) as run:
            run.wait_ready()
            run.settle(1)
            run.press(pane)
            run.settle(1)
            run.press("enter")
            run.settle(1)
            add_letters(samples, who, [run.press(letter) for letter in _TEXT])
            for _ in _TEXT:
                run.send("\x7f")
            run.settle(2)


def measure_entries(samples: Samples, homes: Homes) -> None:
    """Enter lines into an incident of 100,000 entries, each after a bare insert."""
    file = homes.large / "cockpit.db"
    bare = sqlite3.connect(homes.large.with_name("bare.db"), isolation_level=None)
    with (
        closing(bare),
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reader,
        TerminalRun(_incident(ENTRY, homes.large)) as run,
    ):
        if not bare.execute("SELECT 1 FROM sqlite_master").fetchone():
            bare.executescript(TABLES)
        bare.execute("PRAGMA synchronous = FULL")
        run.wait_ready()
        run.settle(1)
        run.press("n")
        for number in range(_ENTRIES):
            word = f"entered{time.monotonic_ns():x}{number}"
            run.send(word)
            run.settle(0.3)
            insert = _insert(bare, word)
            begun = time.monotonic()
            run.send("enter")
            took, _ = run.wait_for(rf"note +{word}", begun)
            if not reader.execute("SELECT 1 FROM entry WHERE text = ?", (word,)).fetchone():
                raise TerminalError(f"{word} is on the screen, but not in the file.")
            samples.add(BARE, insert=insert)
            samples.add(ENTRY, enter=took, beyond=took - insert)
        run.press("escape")
        run.settle(1)  # killed sooner, it would offer the last line again


def _incident(name: str, home: Path) -> Program:
    environ = {"PYTHONPATH": str(_ROOT), "COCKPIT_HOME": str(home)}
    return Program(name, (sys.executable, "-m", "cockpit", "INC-1"), "1-4 Panes", environ=environ)


def _insert(bare: sqlite3.Connection, word: str) -> float:
    """Store a note durably with its index and its words; return the ms that it took."""
    begun = time.monotonic()
    bare.execute("BEGIN IMMEDIATE")
    row = (word, "1", word, "ana", f'{{"text":"{word}"}}')
    bare.execute('INSERT INTO op (id, inc, t, "by", d) VALUES (?, ?, ?, ?, ?)', row)
    insert = "INSERT INTO entry (inc, id, at, kind, text) VALUES (?, ?, ?, ?, ?)"
    number = bare.execute(insert, ("1", word, word, "note", word)).lastrowid
    bare.execute("INSERT INTO entry_fts (rowid, text) VALUES (?, ?)", (number, word))
    bare.execute("COMMIT")
    return 1000 * (time.monotonic() - begun)
