"""Loads a server as a team does: many writers of single events, batches, pulls, listeners.

`python -m benchmarks.server_load [--database DSN]` starts a server of its own, in a directory
that is thrown away, and prints what it did. The load comes from this process, over sockets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

INC = "c" * 32
_INVITE = re.compile(r"(http://[^/']+)/j#([\w-]+)")


class Line:
    """One kept-alive connection; plain sockets, so that the load costs less than the server."""

    def __init__(self, port: int, token: str = "") -> None:
        """Speak to 127.0.0.1:port as the holder of `token`."""
        self._port = port
        self._sign = f"Authorization: Bearer {token}\r\n" if token else ""

    async def open(self) -> None:
        """Connect."""
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self._port, limit=2**24)

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        head = f"{method} {path} HTTP/1.1\r\nHost: server\r\n{self._sign}"
        self._out.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await self._in.readuntil(b"\r\n\r\n")
        status = int(answer[9:12])
        found = re.search(rb"content-length: (\d+)", answer)
        return status, await self._in.readexactly(int(found[1])) if found else b""

    def close(self) -> None:
        """Hang up."""
        self._out.close()


def make_ops(count: int) -> list[bytes]:
    """Return envelopes of the usual size (about 290 bytes)."""
    made = []
    for number in range(count):
        body = {"at": "2026-03-04T12:00:00Z", "text": f"p99 of checkout is {number} ms " + "x" * 40}
        fields = {"v": 1, "id": secrets.token_hex(16), "inc": INC, "k": "entry.add", "d": body}
        fields |= {"t": f"{number:012x}-0000-ab12cd34", "dev": "ab12cd34", "by": "ana"}
        made.append(json.dumps({**fields, "skew": None}, separators=(",", ":")).encode())
    return made


def push_body(ops: list[bytes]) -> bytes:
    """Return the body of a push."""
    return b'{"ops":[' + b",".join(ops) + b"]}"


@contextmanager
def running_server(
    database: str, *more: str, quiet: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Start a server; give its port, its process id and the owner's code.

    quiet: what it logs is thrown away.
    """
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "cockpit", "serve", "--port", "0", "--rate", "0", *more]
        command += ["--database", database or str(Path(home) / "server.db")]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            text=True,
            env={**os.environ, "COCKPIT_HOME": home},
        )
        try:
            assert process.stdout
            said = "".join(process.stdout.readline() for _ in range(3))
            found = _INVITE.search(said)
            assert found, said
            yield int(found[1].rpartition(":")[2]), process.pid, found[2]
        finally:
            process.terminate()
            process.communicate(timeout=10)


async def time_all(works: list[Callable[[], Awaitable[None]]]) -> float:
    """Return how many seconds all works took side by side."""
    began = time.perf_counter()
    await asyncio.gather(*(work() for work in works))
    return time.perf_counter() - began


async def measure_pushes(
    port: int, token: str, ws: str, *, writers: int, batch: int, seconds: float
) -> tuple[float, list[float]]:
    """Return events per second and every push's time, with `writers` side by side."""
    lines = [Line(port, token) for _ in range(writers)]
    for line in lines:
        await line.open()
    bodies = [push_body(make_ops(batch)) for _ in range(int(300 * seconds * 40 / batch) or 1)]
    times: list[float] = []
    until = time.perf_counter() + seconds

    async def write(line: Line) -> None:
        while bodies and time.perf_counter() < until:
            began = time.perf_counter()
            status, answer = await line.call("POST", f"/v1/w/{ws}/ops", bodies.pop())
            assert status == 200, answer
            times.append(time.perf_counter() - began)

    took = await time_all([lambda line=line: write(line) for line in lines])  # type: ignore[misc]
    for line in lines:
        line.close()
    return len(times) * batch / took, times


async def measure_pull(port: int, token: str, ws: str) -> float:
    """Return events per second of one client that reads everything."""
    line = Line(port, token)
    await line.open()
    since, count, began = "0", 0, time.perf_counter()
    while True:
        status, answer = await line.call("GET", f"/v1/w/{ws}/ops?since={since}")
        if status == 204:
            break
        page = json.loads(answer)
        since, count = page["cursor"], count + len(page["ops"])
    line.close()
    return count / (time.perf_counter() - began)


async def measure_listeners(
    port: int, token: str, ws: str, listeners: int, writer_port: int = 0
) -> list[float]:
    """Return the delays from a push to every listener, over 40 pushes.

    writer_port: where the pushes go, if to another server on the same database.
    """
    sent: dict[int, float] = {}
    delays: list[float] = []
    writer = Line(writer_port or port, token)
    await writer.open()
    _, answer = await writer.call("POST", f"/v1/w/{ws}/ops", push_body(make_ops(1)))
    start = json.loads(answer)["head"]

    async def listen() -> None:
        line, since, heard = Line(port, token), start, 0
        await line.open()
        while heard < 40:
            status, answer = await line.call("GET", f"/v1/w/{ws}/ops?since={since}&wait=20")
            now = time.perf_counter()
            if status == 200:
                page = json.loads(answer)
                since, heard = page["cursor"], heard + len(page["ops"])
                delays.extend(now - sent[row[0]] for row in page["ops"])
        line.close()

    tasks = [asyncio.create_task(listen()) for _ in range(listeners)]
    await asyncio.sleep(0.5)
    head = int(start.partition("-")[0])
    for number in range(1, 41):
        sent[head + number] = time.perf_counter()
        await writer.call("POST", f"/v1/w/{ws}/ops", push_body(make_ops(1)))
        await asyncio.sleep(0.1)
    await asyncio.gather(*tasks)
    writer.close()
    return delays


def cpu_seconds(pid: int) -> float:
    """Return how much time on the processor a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentiles(times: list[float]) -> str:
    """Return the median and the 99th percentile in ms."""
    cuts = quantiles(times, n=100)
    return f"p50 {1000 * cuts[49]:.1f} ms, p99 {1000 * cuts[98]:.1f} ms"


async def run(port: int, pid: int, code: str, seconds: float) -> None:
    """Measure everything on one server and print it."""
    line = Line(port)
    await line.open()
    wish = {"code": code, "name": "ana", "dev": "ab12cd34"}
    status, answer = await line.call("POST", "/v1/join", json.dumps(wish).encode())
    assert status == 201, answer
    joined = json.loads(answer)
    token, ws = joined["token"], joined["ws"]
    for writers, batch in ((1, 1), (32, 1), (4, 100), (4, 500)):
        before = cpu_seconds(pid)
        rate, times = await measure_pushes(
            port, token, ws, writers=writers, batch=batch, seconds=seconds
        )
        each = 1e6 * (cpu_seconds(pid) - before) / (len(times) * batch)
        print(
            f"push {batch} each, {writers} writers: {rate:,.0f} op/s, {percentiles(times)}, "
            f"{each:.0f} µs of the server's CPU an event"
        )
    print(f"pull: {await measure_pull(port, token, ws):,.0f} op/s")
    for listeners in (1, 10, 50):
        delays = await measure_listeners(port, token, ws, listeners)
        print(f"{listeners} listeners: {percentiles(delays)}")


def main() -> None:
    """Start a server, load it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgresql://…, otherwise SQLite")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each kind of push")
    given = parser.parse_args()
    with running_server(given.database) as (port, pid, code):
        asyncio.run(run(port, pid, code, given.seconds))
        memory = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmHWM:\s*(\d+)", memory)
        print(f"most memory: {int(found[1]) // 1024 if found else 0} MB")


if __name__ == "__main__":
    main()
