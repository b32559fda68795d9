"""A cluster that loses its leader while somebody pushes: how long nothing is stored."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import closing
from itertools import pairwise

from msgspec import Struct

from benchmarks.server_load import Line, make_ops, push_body, running_server

_BEFORE = 2.0
_AFTER = 3.0
_PAUSE = 0.05
_LONGEST = 90.0


class Outage(Struct, frozen=True):
    """The longest time between two acknowledged pushes, and acknowledged events that are gone."""

    seconds: float
    lost: int


def measure_outage(fault: str) -> Outage:
    """Return what a fault of the leader costs; `fault` is a method of the tests' cluster."""
    from tests.engines.patroni_cluster import PatroniCluster

    with (
        closing(PatroniCluster()) as cluster,
        running_server(cluster.dsn(), quiet=True) as (port, _, code),
    ):
        return asyncio.run(_push_through(port, code, getattr(cluster, fault)))


async def _push_through(port: int, code: str, fault: object) -> Outage:
    line = Line(port)
    await line.open()
    wish = json.dumps({"code": code, "name": "ana", "dev": "ab12cd34"}).encode()
    joined = json.loads((await line.call("POST", "/v1/join", wish))[1])
    line.close()
    token, ws = joined["token"], joined["ws"]
    taken: list[str] = []
    times: list[float] = []
    began, broken = time.perf_counter(), 0.0
    while not broken or time.perf_counter() - times[-1] < _LONGEST:
        now = time.perf_counter()
        if not broken and now - began > _BEFORE:
            broken = now
            await asyncio.to_thread(fault)  # type: ignore[arg-type]
        (op,) = make_ops(1)
        if await _push(port, token, ws, op):
            taken.append(json.loads(op)["id"])
            times.append(time.perf_counter())
        gaps = [b - a for a, b in pairwise(times)]
        if broken and times[-1] - broken > _AFTER and max(gaps) > _AFTER:
            break
        await asyncio.sleep(_PAUSE)
    return Outage(max(gaps), len(set(taken) - await _pull(port, token, ws)))


async def _push(port: int, token: str, ws: str, op: bytes) -> bool:
    """Push until it is acknowledged or refused for now."""
    line = Line(port, token)
    await line.open()
    status, _ = await line.call("POST", f"/v1/w/{ws}/ops", push_body([op]))
    line.close()
    return status == 200


async def _pull(port: int, token: str, ws: str) -> set[str]:
    line, since, found = Line(port, token), "0", set()
    await line.open()
    while True:
        status, answer = await line.call("GET", f"/v1/w/{ws}/ops?since={since}")
        if status != 200:
            line.close()
            return found
        page = json.loads(answer)
        since = page["cursor"]
        found |= {row[3]["id"] for row in page["ops"]}
