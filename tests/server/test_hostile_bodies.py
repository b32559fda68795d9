"""Whatever a body holds, the answer is a refusal in words, never a crash."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.wire import MAX_PUSH_BYTES
from cockpit.server import exchange
from cockpit.server.engine import Engine
from cockpit.server.sqlite import SqliteEngine
from tests.server.calling import INC, Caller, make_op

PUSH = "/v1/w/{ws}/ops"
BODIES: dict[str, bytes] = {
    "empty": b"",
    "html": b"<!doctype html><html><body>Sign in</body></html>",
    "cut": b'{"ops":[{"v":1',
    "no object": b"[]",
    "null": b"null",
    "other type": b'{"ops":{}}',
    "numbers": b'{"ops":[1,2]}',
    "no id": b'{"ops":[{"v":1}]}',
    "odd id": b'{"ops":[{"id":"../../etc/passwd"}]}',
    "deep": b'{"ops":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
    "deep objects": b'{"ops":[' + b'{"d":' * 50_000 + b"1" + b"}" * 50_000 + b"]}",
    "utf-8": b'{"ops":[{"id":"\xff\xfe"}]}',
    "utf-16": '{"ops":[]}'.encode("utf-16"),
    "nul": b"\x00" * 100,
    "long number": b'{"ops":[' + b"9" * 100_000 + b"]}",
    "infinite": b'{"ops":[1e999999]}',
    "nan": b'{"ops":[NaN]}',
    "twice": b'{"ops":[],"ops":[{}]}',
    "trailing": b'{"ops":[]} {"ops":[]}',
}


@pytest.fixture
def engine(tmp_path: Any) -> Engine:
    """One kind of database is enough: nothing of this reaches it."""
    return SqliteEngine(tmp_path / "server.db")


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", [PUSH, "/v1/w/{ws}/here", "/v1/w/{ws}/invites", "/v1/join"])
async def test_a_body_that_is_no_message_is_refused(owner: Caller, name: str, path: str) -> None:
    answer = await owner.call("POST", path, content=BODIES[name])
    if path.endswith("/here") and answer.status_code == 200:
        return  # nothing in it is needed, and what a later version adds is not looked at
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] == "malformed"


@pytest.mark.parametrize(
    "fields",
    [
        {"d": {"text": "\ud800"}},
        {"inc": "x"},
        {"inc": f"{INC}\n"},
        {"inc": None},
        {"t": "019a2f3c4d5e-0003-ab12cd34\n"},
        {"dev": "AB12CD34"},
        {"by": ["ana"]},
        {"by": "x" * 201},
        {"v": 0},
        {"v": "1"},
        {"x": {"about": 1}},
        {"k": 1},
    ],
)
async def test_an_event_that_others_could_not_read_is_not_taken(
    owner: Caller, fields: dict[str, Any]
) -> None:
    op = make_op(**fields)
    answer = await owner.call("POST", PUSH, content=json.dumps({"ops": [op]}).encode())
    if answer.status_code == 200:
        assert [each["code"] for each in answer.json()["rejected"]] == ["malformed"]
    else:
        assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert (await owner.pull())["ops"] == []


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(data=st.data())
async def test_a_push_that_was_damaged_is_taken_or_refused(owner: Caller, data: Any) -> None:
    whole = bytearray(json.dumps({"ops": [make_op("∆")]}, ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    answer = await owner.call("POST", PUSH, content=bytes(whole))
    assert answer.status_code in (200, 400)
    await owner.pull()


async def test_a_body_that_is_too_large_is_not_read(owner: Caller) -> None:
    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 65536

    read = 0
    answer = await owner.call("POST", PUSH, content=endless())
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert answer.headers["connection"] == "close"
    assert read < 40
    announced = {"content-length": str(10**15)}
    answer = await owner.call("POST", PUSH, content=b"{}", headers=announced)
    assert answer.status_code == 413


async def test_more_events_than_one_push_holds_are_too_many(owner: Caller) -> None:
    ops = [make_op() for _ in range(501)]
    assert (await owner.call("POST", PUSH, {"ops": ops})).status_code == 413
    assert (await owner.push(*ops[:500]))["acks"] == list(range(1, 501))


async def test_packed_bodies_are_read_and_bombs_are_not(owner: Caller) -> None:
    packed = {"content-encoding": "gzip"}
    op = make_op()
    body = gzip.compress(json.dumps({"ops": [op]}).encode())
    taken = await owner.call("POST", PUSH, content=body, headers=packed)
    assert taken.json()["acks"] == [1]
    bomb = gzip.compress(b" " * 300_000_000, 9)
    assert len(bomb) < MAX_PUSH_BYTES
    for content, headers, status in (
        (bomb, packed, 413),
        (body[:-10], packed, 400),
        (b"plain", packed, 400),
        (zlib.compress(b"{}"), packed, 400),
        (body, {"content-encoding": "br"}, 415),
    ):
        answer = await owner.call("POST", PUSH, content=content, headers=headers)
        assert answer.status_code == status


async def test_long_answers_are_packed(owner: Caller) -> None:
    await owner.push(*(make_op() for _ in range(400)))
    answer = await owner.call("GET", PUSH)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["ops"]) == 400
    plain = await owner.call("GET", PUSH, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


async def test_a_body_that_drips_is_cut(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.05)
            yield b" "

    monkeypatch.setattr(exchange, "BODY_SECONDS", 0.3)
    answer = await owner.call("POST", PUSH, content=dripping())
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")


async def test_another_version_of_the_protocol_is_told_so(owner: Caller) -> None:
    answer = await owner.call("GET", PUSH, headers={"x-proto": "2"})
    assert (answer.status_code, answer.json()["error"]) == (426, "proto")
    assert (await owner.call("GET", "/v1/hello", headers={"x-proto": "2"})).json()["proto"] == [
        1,
        1,
    ]


async def test_unknown_addresses_are_refused_in_words(owner: Caller) -> None:
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/v2/hello", 404),
        ("GET", "/v1/hello/", 404),
        ("PUT", "/v1/hello", 405),
        ("GET", "/v1/w/%00/ops", 404),
    ):
        answer = await owner.call(method, path)
        assert answer.status_code == status, (method, path)
        assert answer.json()["words"]
