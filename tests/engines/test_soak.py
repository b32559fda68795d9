"""Fifty people who write once a second, for a while or for long: nothing grows, nobody waits."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import pytest

from benchmarks.server_load import Line, make_ops, push_body, running_server

PEOPLE = 50
SHORT = 6
LONGEST = 1.0
"""Seconds from a push to its arrival at everybody else, but for one in a hundred; in the short
form but for half of them, as other tests run beside it."""

ROOM_KB = 10_000
"""By how much the server's memory may differ between a third of the time and its end."""


class Soak:
    """Everybody writes once a second, and waits for what the others write."""

    def __init__(self, port: int, token: str, ws: str, seconds: float) -> None:
        self.port, self.token, self.path = port, token, f"/v1/w/{ws}/ops"
        self.seconds = seconds
        self.written = 0
        self.ended = False
        self.heard = [0] * PEOPLE
        self.delays: list[float] = []
        self._sent: dict[int, float] = {}

    async def run(self, halfway: Callable[[], None]) -> None:
        """Let them work; `halfway` is called after a third of the time."""
        tasks = [asyncio.create_task(self._listen(number)) for number in range(PEOPLE)]
        writing = [asyncio.create_task(self._write(number / PEOPLE)) for number in range(PEOPLE)]
        await asyncio.sleep(self.seconds / 3)
        halfway()
        await asyncio.gather(*writing)
        self.ended = True
        await asyncio.wait_for(asyncio.gather(*tasks), 60)

    async def _line(self) -> Line:
        line = Line(self.port, self.token)
        await line.open()
        return line

    async def _write(self, offset: float) -> None:
        line, until = await self._line(), time.monotonic() + self.seconds
        await asyncio.sleep(offset)
        while time.monotonic() < until:
            began = time.monotonic()
            status, answer = await line.call("POST", self.path, push_body(make_ops(1)))
            assert status == 200, answer
            (seq,) = json.loads(answer)["acks"]
            self._sent[seq] = began
            self.written += 1
            await asyncio.sleep(max(0.0, 1 - (time.monotonic() - began)))
        line.close()

    async def _listen(self, number: int) -> None:
        line, since = await self._line(), "0"
        while not self.ended or self.heard[number] < self.written:
            status, answer = await line.call("GET", f"{self.path}?since={since}&wait=2")
            now = time.monotonic()
            if status == 200:
                page = json.loads(answer)
                since = page["cursor"]
                self.heard[number] += len(page["ops"])
                times = (self._sent.get(row[0], now) for row in page["ops"])
                self.delays.extend(now - began for began in times)
        line.close()


def memory_kb(pid: int) -> int:
    found = re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    assert found
    return int(found[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory is read from /proc")
@pytest.mark.parametrize("seconds", [SHORT, pytest.param(1800, marks=pytest.mark.soak)])
async def test_fifty_people_for_a_while(
    seconds: int, note_figure: Callable[[str], None], tmp_path: Path
) -> None:
    with running_server(str(tmp_path / "server.db"), quiet=True) as (port, pid, code):
        line = Line(port)
        await line.open()
        wish = {"code": code, "name": "ana", "dev": "ab12cd34"}
        _, answer = await line.call("POST", "/v1/join", json.dumps(wish).encode())
        line.close()
        joined = json.loads(answer)
        soak = Soak(port, joined["token"], joined["ws"], seconds)
        memory: list[int] = []
        await soak.run(lambda: memory.append(memory_kb(pid)))
        memory.append(memory_kb(pid))
    p99 = quantiles(soak.delays, n=100)[98]
    note_figure(
        f"{soak.written} events to {PEOPLE} people in {seconds} s, p99 {1000 * p99:.0f} ms, "
        f"memory {memory[0] // 1000} → {memory[1] // 1000} MB"
    )
    assert soak.heard == [soak.written] * PEOPLE
    assert soak.written > PEOPLE * seconds / 4
    assert (p99 if seconds > SHORT else median(soak.delays)) < LONGEST
    assert memory[1] - memory[0] < ROOM_KB
