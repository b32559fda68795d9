"""The exchange of events against its goals, and beside its rivals in the same run.

`python -m benchmarks.sync` prints two Markdown tables, the goals and all figures; --markdown writes
docs/sync-benchmarks.md, --json FILE every figure, from which --from FILE makes the page again. It
starts everything that it needs: servers on SQLite and PostgreSQL (--postgresql names another one,
"" leaves it out), pouchdb-server where npm has installed it (--pouchdb names the program), and with
--failover a cluster. The load comes from the same machine. --quick takes a tenth of the time and of
the events. The exit code is 1 when a goal is missed by more than the slack of 2 that noisy machines
get; a rate that bare statements do not reach either is held against theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from msgspec import Struct

from benchmarks import machine, sync_clients, sync_failover
from benchmarks.made_data import Size
from benchmarks.server_load import (
    Line,
    cpu_seconds,
    measure_listeners,
    measure_pull,
    measure_pushes,
    running_server,
)
from benchmarks.sync_page import (
    CLUSTER,
    DOCUMENT,
    EVENTS,
    MB,
    MS,
    POSTGRESQL,
    RATE,
    SECONDS,
    SQLITE,
    Figure,
    Run,
    count_source,
    goals,
    page,
    read_run,
    shown,
    table,
    write_run,
)
from benchmarks.sync_rivals import (
    BarePostgres,
    BareSqlite,
    find_pouchdb,
    measure_bare,
    measure_pouchdb,
    running_pouchdb,
)
from cockpit.sqlite_engine import sqlite3


class Extent(Struct, frozen=True):
    """How much is measured: seconds for each kind of push, events of the long history."""

    seconds: float
    size: Size
    apart: int


FULL = Extent(3.0, Size(1000, 68_500), 2_000)
QUICK = Extent(0.3, Size(50, 4_000), 200)


def measure_server(
    engine: str, database: str, extent: Extent, bare: dict[str, float], pouch: dict[str, float]
) -> Iterator[Figure]:
    """Yield the figures of one server, and of a second one on the same database."""
    with ExitStack() as stack:
        place = database or f"{stack.enter_context(tempfile.TemporaryDirectory())}/server.db"
        port, pid, code = stack.enter_context(running_server(place))
        second, _, _ = stack.enter_context(running_server(place))
        joined = asyncio.run(_join(port, code))
        for writers, batch in ((1, 1), (32, 1), (4, 100), (4, 500)):
            rate, times = asyncio.run(
                measure_pushes(port, *joined, writers=writers, batch=batch, seconds=extent.seconds)
            )
            words = f"push {batch}, {'one writer' if writers == 1 else f'{writers} writers'}"
            rival = pouch.get("push 1, one writer" if writers == 1 else f"push {batch}")
            yield Figure(engine, words, rate, RATE, bare.get(f"push {batch}"), rival)
            yield Figure(engine, f"{words}, p99", 1000 * _p99(times), MS)
        rate = asyncio.run(measure_pull(port, *joined))
        yield Figure(engine, "pull", rate, RATE, bare.get("pull"), pouch.get("pull"))
        for listeners in (1, 10, 50):
            delays = asyncio.run(measure_listeners(port, *joined, listeners))
            words = f"{listeners} listener{'s' * (listeners > 1)}"
            for part, delay in (("p50", median(delays)), ("p99", _p99(delays))):
                rival = pouch.get(f"{listeners} listeners, {part}")
                yield Figure(engine, f"{words}, {part}", 1000 * delay, MS, pouchdb=rival)
        for listeners in (1, 50):
            delays = asyncio.run(measure_listeners(second, *joined, listeners, writer_port=port))
            words = f"{listeners} listener{'s' * (listeners > 1)} of another process, p99"
            yield Figure(engine, words, 1000 * _p99(delays), MS)
        yield Figure(engine, "server's memory", _memory(pid), MB, pouchdb=pouch.get("memory"))


def measure_clients(extent: Extent) -> Iterator[Figure]:
    """Yield what cockpits take for a long history, with a server on SQLite."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database, older = place / "server.db", place / "older.db"
        one, other = place / "one", place / "other"
        with sync_clients.server_on(database) as (url, pid, code):
            owner = sync_clients.join(url, code, "ops")
            took, count = sync_clients.fill_and_upload(one, owner, extent.size)
            yield Figure(SQLITE, "first upload", count / took, RATE)
            member = sync_clients.invite(owner, "ben")
            before = cpu_seconds(pid)
            fresh = sync_clients.measure_fresh(other, member)
            served = cpu_seconds(pid) - before
            assert fresh.events == count
            bare = sync_clients.measure_bare_rows(other)
            yield Figure(SQLITE, "fresh client", fresh.seconds, SECONDS, bare)
            yield Figure(SQLITE, "fresh client, its CPU", fresh.cpu, SECONDS)
            yield Figure(SQLITE, "fresh client, the server's CPU", served, SECONDS)
            yield Figure(SQLITE, "fresh client, memory", fresh.memory, MB)
            yield Figure(SQLITE, "fresh client, its file", fresh.file, MB)
            wire = asyncio.run(sync_clients.measure_wire(member))
            yield Figure(SQLITE, "fresh client, on the wire", wire, MB)
        sync_clients.copy_database(database, older)
        with sync_clients.server_on(database, url):
            seconds = sync_clients.measure_reconnect(one, other, [owner, member], extent.apart)
            yield Figure(SQLITE, "after a night apart", seconds, SECONDS)
        sync_clients.copy_database(older, database)
        with sync_clients.server_on(database, url):
            seconds = sync_clients.measure_rewind(other, member)
            yield Figure(SQLITE, "rewind healed", seconds, SECONDS)


def measure_failover() -> Iterator[Figure]:
    """Yield how long nothing could be stored when a cluster lost its leader, and what was lost."""
    lost = 0
    for what, fault in (("killed", "kill_leader"), ("frozen", "freeze_leader")):
        outage = sync_failover.measure_outage(fault)
        lost += outage.lost
        yield Figure(CLUSTER, f"outage, leader {what}", outage.seconds, SECONDS)
    yield Figure(CLUSTER, "events lost", lost, EVENTS)


def measure_rivals(
    extent: Extent, postgres: str, pouchdb: str
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return what bare SQLite, bare PostgreSQL and pouchdb-server do; empty where not here."""
    with tempfile.TemporaryDirectory() as place, closing(BareSqlite(Path(place))) as bare:
        sqlite = measure_bare(bare, extent.seconds)
    postgresql: dict[str, float] = {}
    if postgres:
        with closing(BarePostgres(postgres)) as table:
            postgresql = measure_bare(table, extent.seconds)
    pouch: dict[str, float] = {}
    if pouchdb:
        with running_pouchdb(pouchdb) as (port, pid):
            pouch = asyncio.run(measure_pouchdb(port, extent.seconds))
            pouch["memory"] = _memory(pid)
    return sqlite, postgresql, pouch


async def _join(port: int, code: str) -> tuple[str, str]:
    """Return token and workspace of the owner."""
    line = Line(port)
    await line.open()
    wish = json.dumps({"code": code, "name": "ana", "dev": "ab12cd34"}).encode()
    status, answer = await line.call("POST", "/v1/join", wish)
    assert status == 201, answer
    line.close()
    joined = json.loads(answer)
    return joined["token"], joined["ws"]


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98] if len(times) > 1 else times[0]


def _memory(pid: int) -> float:
    """Return the most memory that a process has used so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a tenth of the time and the events")
    parser.add_argument(
        "--postgresql", metavar="DSN", help="an empty database; a new one if left out"
    )
    parser.add_argument("--pouchdb", default="", metavar="PROGRAM", help="pouchdb-server")
    parser.add_argument("--no-clients", action="store_true", help="leave the long history out")
    parser.add_argument("--failover", action="store_true", help="lose the leader of a cluster")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every figure")
    parser.add_argument("--markdown", type=Path, nargs="?", const=DOCUMENT, metavar="FILE")
    parser.add_argument(
        "--from", type=Path, dest="earlier", metavar="FILE", help="measure nothing, take these"
    )
    return parser.parse_args()


def measure(given: argparse.Namespace) -> Iterator[Figure]:
    """Measure all that is here, and yield each figure as soon as it is known."""
    extent = QUICK if given.quick else FULL
    with ExitStack() as stack:
        addresses = ("", "")
        if given.postgresql is None:
            from tests.engines.postgres import Postgres

            engine = stack.enter_context(closing(Postgres()))
            addresses = (engine.new_database(), engine.new_database())
        elif given.postgresql:
            addresses = (given.postgresql, "")
        sqlite, postgresql, pouch = measure_rivals(
            extent, addresses[1], find_pouchdb(given.pouchdb)
        )
        yield from measure_server(SQLITE, "", extent, sqlite, pouch)
        if addresses[0]:
            yield from measure_server(POSTGRESQL, addresses[0], extent, postgresql, pouch)
    if not given.no_clients:
        yield from measure_clients(extent)
    if given.failover:
        yield from measure_failover()
    yield count_source()


def make_run(given: argparse.Namespace) -> Run:
    """Measure, and say where and when that was."""
    before, figures = machine.load(), []
    for each in measure(given):
        figures.append(each)
        print(f"{each.engine}, {each.what}: {shown(each.value)} {each.unit}", file=sys.stderr)
    extent = "a tenth of everything" if given.quick else "everything once"
    return Run(
        f"{datetime.now(UTC):%Y-%m-%d}, {extent}; {machine.describe_machine(before)}, "
        f"SQLite {sqlite3.sqlite_version}.",
        tuple(figures),
    )


def main() -> int:
    """Measure, print, keep; return 1 when a goal is missed."""
    given = _options()
    run = read_run(given.earlier) if given.earlier else make_run(given)
    print(f"{run.conditions}\n\n{goals(run.figures)}\n\n{table(run.figures)}")
    if given.json:
        write_run(given.json, run)
    if given.markdown:
        given.markdown.write_text(page(run), encoding="utf-8")
    return 0 if run.kept else 1


if __name__ == "__main__":
    sys.exit(main())
