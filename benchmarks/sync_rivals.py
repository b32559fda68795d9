"""What the exchange of events is measured beside: bare statements, and pouchdb-server.

Bare statements insert and select the same rows through the same driver into the server's own
table, with nothing around them: no HTTP, no JSON, no members, no chain to check.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.server_load import INC, Line, make_ops, time_all
from cockpit.domain.wire import next_chain
from cockpit.server.engine import SCHEMA
from cockpit.sqlite_engine import sqlite3

PAGE = 1000
_TABLE = tuple(each for each in SCHEMA.split(";") if re.search(r" op\(| ON op\(", each))
_SELECT = (
    "SELECT seq, at, relayed_by, body FROM op WHERE ws = {0} AND seq > {0} ORDER BY seq LIMIT {0}"
)
_WS = "a" * 32

Row = tuple[object, ...]


def make_rows() -> Iterator[Row]:
    """Make rows of the server's table `op` without end, as it would store the events."""
    chain = ""
    for seq in itertools.count(1):
        (envelope,) = make_ops(1)
        op_id = json.loads(envelope)["id"]
        chain = next_chain(chain, op_id, 1)
        yield (_WS, seq, op_id, chain, 1, INC, op_id, 0, None, envelope.decode())


class BareSqlite:
    """The server's table in a file of its own, with what makes a commit durable."""

    mark = "?"

    def __init__(self, directory: Path) -> None:
        """Create the file in `directory`."""
        self.raw = sqlite3.connect(directory / "bare.db", isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self.raw.execute(f"PRAGMA {pragma}")
        for statement in _TABLE:
            words = {"big": "INTEGER", "strict": " STRICT", "rowless": " STRICT, WITHOUT ROWID"}
            self.raw.execute(statement.format_map(words))

    def insert(self, rows: Sequence[Row]) -> None:
        """Insert rows in one transaction."""
        self.raw.execute("BEGIN IMMEDIATE")
        self.raw.executemany("INSERT INTO op VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.raw.execute("COMMIT")

    def select(self, after: int) -> list[Row]:
        """Return a page."""
        return self.raw.execute(_SELECT.format("?"), (_WS, after, PAGE)).fetchall()

    def close(self) -> None:
        """Close the file."""
        self.raw.close()


class BarePostgres:
    """The server's table in a database of its own."""

    def __init__(self, address: str) -> None:
        """Create the table."""
        import psycopg

        self.raw = psycopg.connect(address, autocommit=True)
        for statement in _TABLE:
            words = {"big": "BIGINT", "strict": "", "rowless": ""}
            self.raw.execute(statement.format_map(words).encode())

    def insert(self, rows: Sequence[Row]) -> None:
        """Insert rows by one statement, which is a transaction."""
        kinds = ("text", "bigint", "text", "text", "bigint", "text", "text", "bigint", "text")
        arrays = ", ".join(f"%s::{kind}[]" for kind in (*kinds, "text"))
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.raw.execute(f"INSERT INTO op SELECT * FROM unnest({arrays})".encode(), columns)

    def select(self, after: int) -> list[Row]:
        """Return a page."""
        return self.raw.execute(_SELECT.format("%s").encode(), (_WS, after, PAGE)).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()


def measure_bare(bare: BareSqlite | BarePostgres, seconds: float) -> dict[str, float]:
    """Return rows per second: one and many to a transaction, and read in pages."""
    rows = make_rows()
    figures = {}
    for batch in (1, 100, 500):
        inserted, spent = 0, 0.0
        while spent < seconds:
            chunk = list(itertools.islice(rows, batch))
            began = time.perf_counter()
            bare.insert(chunk)
            spent += time.perf_counter() - began
            inserted += len(chunk)
        figures[f"push {batch}"] = inserted / spent
    after, began = 0, time.perf_counter()
    while page := bare.select(after):
        after = page[-1][0]  # type: ignore[assignment]
    figures["pull"] = after / (time.perf_counter() - began)
    return figures


class PouchLine(Line):
    """A connection to pouchdb-server, which answers in chunks."""

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        head = f"{method} {path} HTTP/1.1\r\nHost: pouch\r\nContent-Type: application/json\r\n"
        self._out.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await self._in.readuntil(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: (\d+)", answer)
        status = int(answer[9:12])
        if found:
            return status, await self._in.readexactly(int(found[1]))
        whole = b""
        while size := int(await self._in.readline(), 16):
            whole += await self._in.readexactly(size)
            await self._in.readline()
        await self._in.readline()
        return status, whole


@contextmanager
def running_pouchdb(program: str) -> Iterator[tuple[int, int]]:
    """Run pouchdb-server on an empty directory; give its port and process id."""
    port = 15984
    with tempfile.TemporaryDirectory() as home:
        command = [program, "--port", str(port), "--dir", home, "--no-stdout-logs"]
        process = subprocess.Popen(
            command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(trust_env=False, transport=httpx.HTTPTransport(retries=8)) as http:
                assert http.get(url).status_code == 200
                assert http.put(f"{url}/ops").status_code == 201
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(10)


def find_pouchdb(named: str) -> str:
    """Return the program pouchdb-server, empty where it is not installed."""
    return named or shutil.which("pouchdb-server") or ""


async def measure_pouchdb(port: int, seconds: float) -> dict[str, float]:
    """Return events per second and delays in ms, as they are measured on our server."""
    figures: dict[str, float] = {}
    for writers, batch in ((1, 1), (32, 1), (4, 100), (4, 500)):
        rate = await _push(port, writers, batch, seconds)
        figures[f"push {batch}" if writers != 1 else "push 1, one writer"] = rate
    figures["pull"] = await _pull(port)
    for listeners in (1, 10, 50):
        delays = sorted(await _listen(port, listeners))
        figures[f"{listeners} listeners, p50"] = 1000 * delays[len(delays) // 2]
        figures[f"{listeners} listeners, p99"] = 1000 * delays[round(0.99 * (len(delays) - 1))]
    return figures


def _document(envelope: bytes) -> bytes:
    return b'{"_id":"' + json.loads(envelope)["id"].encode() + b'",' + envelope[1:]


async def _push(port: int, writers: int, batch: int, seconds: float) -> float:
    lines = [PouchLine(port) for _ in range(writers)]
    for line in lines:
        await line.open()
    documents = [_document(each) for each in make_ops(max(batch, round(6000 * seconds)))]
    until, done = time.perf_counter() + seconds, 0

    async def write(line: PouchLine) -> None:
        nonlocal done
        while documents and time.perf_counter() < until:
            chunk, documents[:batch] = documents[:batch], []
            path, body = "/ops", chunk[0]
            if batch > 1:
                path, body = "/ops/_bulk_docs", b'{"docs":[' + b",".join(chunk) + b"]}"
            status, answer = await line.call("POST", path, body)
            assert status == 201, answer
            done += len(chunk)

    works: list[Callable[[], object]] = [lambda line=line: write(line) for line in lines]  # type: ignore[misc]
    took = await time_all(works)  # type: ignore[arg-type]
    for line in lines:
        line.close()
    return done / took


async def _pull(port: int) -> float:
    line = PouchLine(port)
    await line.open()
    since, count, began = 0, 0, time.perf_counter()
    while True:
        path = f"/ops/_changes?include_docs=true&limit={PAGE}&since={since}"
        page = json.loads((await line.call("GET", path))[1])
        if not page["results"]:
            break
        since, count = page["last_seq"], count + len(page["results"])
    line.close()
    return count / (time.perf_counter() - began)


async def _listen(port: int, listeners: int) -> list[float]:
    sent: dict[str, float] = {}
    delays: list[float] = []
    writer = PouchLine(port)
    await writer.open()
    state = json.loads((await writer.call("GET", "/ops"))[1])

    async def listen() -> None:
        line, since, heard = PouchLine(port), state["update_seq"], 0
        await line.open()
        while heard < 40:
            path = f"/ops/_changes?feed=longpoll&include_docs=true&since={since}&timeout=20000"
            page = json.loads((await line.call("GET", path))[1])
            now = time.perf_counter()
            since, heard = page["last_seq"], heard + len(page["results"])
            delays.extend(now - sent[each["id"]] for each in page["results"])
        line.close()

    tasks = [asyncio.create_task(listen()) for _ in range(listeners)]
    await asyncio.sleep(0.5)
    for envelope in make_ops(40):
        document = _document(envelope)
        sent[json.loads(document)["_id"]] = time.perf_counter()
        await writer.call("POST", "/ops", document)
        await asyncio.sleep(0.1)
    await asyncio.wait_for(asyncio.gather(*tasks), 60)
    writer.close()
    return delays
