"""The bars of one-shot commands: noting a text, many lines from a pipe, taking events in, size."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from benchmarks.bars import Bar, Samples
from benchmarks.floors.note import TABLES
from benchmarks.homes import Homes
from benchmarks.made_words import CAUSES, SERVICES
from cockpit.store.database import Store

LOG, FLOOR, UTILS, JRNL = "cockpit log", "click + sqlite3", "sqlite-utils insert", "jrnl"
_ROOT = Path(__file__).parents[1]
_JOURNAL = """
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ''
encrypt: false
highlight: false
journals: {{default: {{journal: '{}'}}}}
tagsymbols: '#@'
template: false
timeformat: '%F %r'
"""
_WORDS = "reverted the change of the checkout, errors go down"

OVERVIEW = {"wall": "wall, ms", "cpu": "CPU, ms"}

BARS = (
    Bar("note, CPU", 1.5, "×", (LOG, "cpu"), (FLOOR, "cpu")),
    Bar("note, CPU", 0.5, "×", (LOG, "cpu"), (UTILS, "cpu")),
    Bar("note, CPU", 0.5, "×", (LOG, "cpu"), (JRNL, "cpu")),
    Bar("lines from a pipe, rate", 0.5, "×", ("pipe", "rate"), ("bare insert", "rate"), least=True),
    Bar("events taken in, rate", 0.25, "×", ("events", "rate"), ("bare rows", "rate"), least=True),
    Bar("file size", 2.5, "×", ("file", "size"), ("text and index", "size")),
)


class Command(Struct, frozen=True):
    """A command line with the variables over those of this process."""

    name: str
    words: tuple[str, ...]
    environ: dict[str, str] = {}


def notes(directory: Path) -> Iterator[Command]:
    """Yield what notes one text: ours, the least, and peers that are installed."""
    home, database = directory / "notes", directory / "floor.db"
    inside = {"PYTHONPATH": str(_ROOT), "COCKPIT_HOME": str(home)}
    ours = (sys.executable, "-m", "cockpit")
    if not home.exists():
        run(Command("declare", (*ours, "declare", "Checkout is down"), inside))
        floor = (sys.executable, "-m", "benchmarks.floors.note", "--make", str(database))
        run(Command("make", floor, inside))
    floor = (sys.executable, "-m", "benchmarks.floors.note", str(database), _WORDS)
    yield Command(FLOOR, floor, inside)
    yield Command(LOG, (*ours, "log", _WORDS), inside)
    record = directory / "record.json"
    record.write_text(f'{{"text": "{_WORDS}"}}')
    utils = (sys.executable, "-m", "sqlite_utils", "insert")
    yield Command(UTILS, (*utils, str(directory / "utils.db"), "entry", str(record)), inside)
    if jrnl := shutil.which("jrnl"):
        settings = directory / "jrnl.yaml"
        settings.write_text(_JOURNAL.format(directory / "jrnl.txt"))
        yield Command(JRNL, (jrnl, "--config-file", str(settings), _WORDS), inside)


def run(command: Command, standard_input: Path | None = None) -> tuple[float, float]:
    """Run a command; return its wall and CPU time in ms. Raises CalledProcessError."""
    environ = {**os.environ, **command.environ}
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        environ.pop(name, None)
    begun = time.monotonic()
    with (standard_input or Path(os.devnull)).open("rb") as source:
        process = subprocess.Popen(
            command.words, env=environ, stdin=source, stdout=subprocess.DEVNULL
        )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command.words)
    return 1000 * wall, 1000 * (usage.ru_utime + usage.ru_stime)


def measure_notes(samples: Samples, commands: Sequence[Command]) -> None:
    """Note one text with each command."""
    for each in commands:
        wall, cpu = run(each)
        samples.add(each.name, wall=wall, cpu=cpu)


def measure_pipe(samples: Samples, directory: Path, count: int) -> None:
    """Store many lines, ours and bare; rates are lines per second of CPU."""
    source = directory / "lines.txt"
    with source.open("w") as lines:
        for number in range(count):
            service, cause = SERVICES[number % len(SERVICES)], CAUSES[number % len(CAUSES)]
            lines.write(f"{number:06} {service}: {cause}, request {number * 7919 % 99991}\n")
    database = directory / f"lines{time.monotonic_ns()}.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(TABLES)
    inside = {"PYTHONPATH": str(_ROOT), "COCKPIT_HOME": str(directory / "notes")}
    bare = (sys.executable, "-m", "benchmarks.floors.many_notes", str(database))
    ours = (sys.executable, "-m", "cockpit", "log", "--lines", "-")
    for name, words in (("bare insert", bare), ("pipe", ours)):
        samples.add(name, rate=1000 * count / run(Command(name, words, inside), source)[1])


def measure_events(samples: Samples, homes: Homes, count: int) -> None:
    """Take in others' events, and insert the same rows bare with their index and words."""
    source = _open(homes.large / "cockpit.db")
    with tempfile.TemporaryDirectory() as directory, source:
        records = list(source.reads.ops(limit=count))
        with _open(Path(directory) / "fresh.db") as fresh:
            begun = time.process_time()
            fresh.append(records)
            samples.add("events", rate=len(records) / (time.process_time() - begun))
        bare = sqlite3.connect(Path(directory) / "bare.db", isolation_level=None)
        with closing(bare):
            bare.executescript(f"{TABLES} PRAGMA synchronous = FULL;")
            ops = [each.op for each in records]
            begun = time.process_time()
            bare.execute("BEGIN")
            insert = 'INSERT INTO op (id, inc, t, "by", d) VALUES (?, ?, ?, ?, ?)'
            bare.executemany(insert, ((op.id, op.inc, op.t, op.by, op.d) for op in ops))
            insert = "INSERT INTO entry (inc, id, at, kind, text) VALUES (?, ?, ?, ?, ?)"
            bare.executemany(insert, ((op.inc, op.id, op.t, op.k, op.d) for op in ops))
            insert = "INSERT INTO entry_fts (rowid, text) VALUES (?, ?)"
            bare.executemany(insert, enumerate((op.d for op in ops), 1))
            bare.execute("COMMIT")
            samples.add("bare rows", rate=len(records) / (time.process_time() - begun))


def measure_size(samples: Samples, homes: Homes) -> None:
    """Compare the file with one that holds only the texts and their index."""
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "plain.db"
        with closing(sqlite3.connect(plain)) as connection, _open(_file(homes)) as store:
            connection.executescript(
                "CREATE TABLE entry (n INTEGER PRIMARY KEY, id TEXT, at TEXT, text TEXT);"
                "CREATE INDEX entry_order ON entry (at, id);"
                "CREATE VIRTUAL TABLE entry_fts USING fts5 (text, content = 'entry', "
                "content_rowid = 'n', prefix = '2 3');"
            )
            with connection:
                for inc in (each.id for each in store.reads.summaries()):
                    for record in store.reads.ops(inc):
                        op = record.op
                        row = (op.id, op.t, op.d)
                        connection.execute("INSERT INTO entry (id, at, text) VALUES (?, ?, ?)", row)
                connection.execute("INSERT INTO entry_fts (entry_fts) VALUES ('rebuild')")
        samples.add("text and index", size=plain.stat().st_size)
    samples.add("file", size=_file(homes).stat().st_size)


def _file(homes: Homes) -> Path:
    return homes.large / "cockpit.db"


def _open(path: Path) -> Store:
    return Store.open(
        path, now_ms=lambda: time.time_ns() // 1_000_000, random_hex=lambda n: os.urandom(n).hex()
    )
