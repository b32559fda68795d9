"""Several processes on one database: killed, at once, and while another holds the lock."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.domain.view import TimelineFilter
from cockpit.sqlite_engine import sqlite3 as engine
from cockpit.store.database import Store
from cockpit.store.tables import SCHEMA_VERSION
from tests.programs import read_line
from tests.store.processes import WRITER, finish, start
from tests.store.store_events import INC, declare, note, texts, whole
from tests.store.store_events import open_store as open_with


def open_store(path: Path) -> Store:
    """Open a store on the wall clock, as the other processes do."""
    return open_with(path, clock=lambda: time.time_ns() // 10**6)


def test_eight_processes_that_start_together_make_one_database(path: Path) -> None:
    script = "with open_store() as store: note(store, 'here'); print(store.device)"
    starting = [start(script, path) for _ in range(8)]
    assert len({finish(each) for each in starting}) == 1
    with open_store(path) as store:
        assert len(whole(store)) == 8
        applied = store._connection.value("SELECT count(*) FROM _sqlite_migrations")
        assert applied == SCHEMA_VERSION
        assert all(each.ok for each in store.check())


def test_two_processes_write_side_by_side(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
        writers = [start(WRITER, path, "150") for _ in range(2)]
        for number in range(50):
            note(store, f"mine {number}")
        acked = {line for each in writers for line in finish(each).split() if line != "ready"}
        assert len(acked) == 300
        assert acked <= {each.id for each in whole(store)}
        assert store.reads.view(INC).entry_count == 351
        stamps = [record.op.t for record in store.reads.ops(INC)]
        assert len(set(stamps)) == len(stamps)


def killed_round(path: Path, rng: random.Random, writers: int, script: str = WRITER) -> set[str]:
    """Kill writers at a random moment; return the ids that they had acknowledged."""
    running = [start(script, path, "1000000") for _ in range(writers)]
    for each in running:
        assert read_line(each) == "ready\n"
    time.sleep(rng.uniform(0.0, 0.15))
    for each in rng.sample(running, len(running)):
        each.kill()
    acked = set()
    for each in running:
        out, _ = each.communicate(timeout=60)
        acked |= {line for line in out.split("\n") if len(line) == 32}
    return acked


def check_kills(path: Path, rounds: int) -> int:
    """Kill three writers in each of some rounds; return how many entries were acknowledged."""
    rng = random.Random(7)
    acked: set[str] = set()
    with open_store(path) as store:
        declare(store)
    for _ in range(rounds):
        acked |= killed_round(path, rng, writers=3)
        with open_store(path) as store:
            kept = [record.op.id for record in store.reads.ops(INC)]
            assert acked <= set(kept)
            assert len(set(kept)) == len(kept)
            assert store._connection.value("PRAGMA integrity_check") == "ok"
            assert store.reads.timeline_count(INC, TimelineFilter()) == len(kept)
    assert acked
    with open_store(path) as store:
        assert all(each.ok for each in store.check())
    return len(acked)


def test_killed_writers_lose_nothing_acknowledged(path: Path) -> None:
    check_kills(path, rounds=10)


@pytest.mark.slow(90)
def test_killed_writers_lose_nothing_acknowledged_in_many_rounds(
    path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("acknowledged", check_kills(path, rounds=200))


HASTY = """
with open_store() as store:
    print("ready", flush=True)
    while True:
        op_id = secrets.token_hex(16)
        os.write(1, (op_id + "\\n").encode())
        note(store, str(os.getpid()), op_id)
"""
"""The guard off: says that an entry is stored before it is."""


def test_writers_that_acknowledge_too_early_are_found(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
    acked = killed_round(path, random.Random(1), 3, HASTY)
    with open_store(path) as store:
        assert acked - {record.op.id for record in store.reads.ops(INC)}


def test_killed_while_the_database_is_made_leaves_an_old_or_a_new_one(path: Path) -> None:
    rng = random.Random(3)
    for number in range(6):
        target = path.with_name(f"{number}.sqlite")
        process = start("open_store().close()", target)
        time.sleep(rng.uniform(0.05, 0.3))
        process.kill()
        process.communicate(timeout=60)
        with open_store(target) as store:
            declare(store)
            assert all(each.ok for each in store.check())


def let_go(process: subprocess.Popen[str]) -> None:
    """Let the process that holds the lock go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_write_waits_for_a_foreign_lock(path: Path) -> None:
    lock = (
        "from cockpit.store.opening import connect\n"
        "connection = connect(path); connection.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True); sys.stdin.readline(); connection.execute('ROLLBACK')"
    )
    with open_store(path) as store:
        declare(store)
        process = start(lock, path)
        assert read_line(process) == "locked\n"
        assert whole(store)
        began = time.monotonic()
        letting_go = threading.Timer(1.0, let_go, (process,))
        letting_go.start()
        note(store, "after the lock")
        assert time.monotonic() - began > 0.9
        letting_go.join()
        finish(process)
        assert texts(store)[-1] == "after the lock"


def test_writing_needs_only_the_engine(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
    script = "with open_store() as store: note(store, 'x')\nprint(*sorted(sys.modules))"
    loaded = {name.partition(".")[0] for name in finish(start(script, path)).split()}
    assert not loaded & {"sqlite_utils", "jinja2", "pycrdt", "textual", "httpx"}
    if engine is not sqlite3:
        assert "sqlite3" not in loaded


def test_only_the_store_loads_the_engine() -> None:
    found = subprocess.run(
        ["grep", "-rlE", r"^\s*(import|from) (py)?sqlite3", "cockpit"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert found.stdout.split() == ["cockpit/sqlite_engine.py"]
