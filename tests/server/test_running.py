"""The server as a process: it stops in order, cuts who is too slow, and logs no secret."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from cockpit.cli import run
from cockpit.server import patience
from cockpit.server.running import listen
from tests.server.calling import Caller, make_op
from tests.server.serving import serving


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_in_order(tmp_path: Path, number: int) -> None:
    """Parked pulls are answered, what is being pushed is stored, and the exit code is 0."""
    with serving(tmp_path / "home", "--rate", "0") as server:
        async with Caller(None, server.url) as anybody:
            owner = await anybody.join(server.code, "ana")
            parked = [asyncio.create_task(owner.pull(wait=25)) for _ in range(20)]
            await wait_until_parked(owner, 20)
            began = time.monotonic()
            code = await asyncio.to_thread(server.stop, number)
            assert code == 0, server.logged()
            assert time.monotonic() - began < 15, "it waited for the pulls"
            assert [(await each)["ops"] for each in parked] == [[]] * 20
        assert "Traceback" not in server.logged()


async def wait_until_parked(who: Caller, count: int) -> None:
    for _ in range(200):
        if f"cockpit_pulls_waiting {count}\n" in (await who.call("GET", "/metrics")).text:
            return
        await asyncio.sleep(0.05)
    pytest.fail("They do not wait.")


async def test_what_was_acknowledged_before_the_stop_is_there(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    with serving(tmp_path / "home", "--rate", "0") as server:
        async with Caller(None, server.url) as anybody:
            owner = await anybody.join(server.code, "ana")

            async def push_on() -> None:
                while True:
                    op = make_op()
                    try:
                        await owner.push(op)
                    except (httpx.HTTPError, AssertionError):
                        return
                    acknowledged.append(op["id"])

            writers = [asyncio.create_task(push_on()) for _ in range(8)]
            await asyncio.sleep(0.7)
            assert await asyncio.to_thread(server.stop) == 0
            await asyncio.gather(*writers)
    with serving(tmp_path / "home", owned=True) as server:
        async with Caller(None, server.url) as anybody:
            again = anybody.hold({"ws": owner.ws, "member": "ana", "token": owner.token})
            found, since = set(), "0"
            while page := await again.pull(since):
                found |= {row[3]["id"] for row in page["ops"]}
                since = page["cursor"]
                if not page["ops"]:
                    break
        assert await asyncio.to_thread(server.stop) == 0
    assert len(acknowledged) > 8
    assert set(acknowledged) <= found


async def test_the_log_tells_no_secret(tmp_path: Path) -> None:
    with serving(tmp_path / "home", "--verbose") as server:
        async with Caller(None, server.url) as anybody:
            owner = await anybody.join(server.code, "ana")
            await owner.push(make_op("a canary sings"))
            invited = await owner.call("POST", "/v1/w/{ws}/invites", {"role": "editor"})
            owner.token += "x"
            await owner.call("GET", "/v1/w/{ws}/ops")
            await anybody.call("POST", "/v1/join", content=b"{")
        assert await asyncio.to_thread(server.stop) == 0
        lines = [json.loads(line) for line in server.logged().splitlines()]
        assert all(datetime.fromisoformat(line["at"]).tzinfo for line in lines)
        assert {"push", "join", "pull"} <= {line.get("call") for line in lines}
        assert {201, 401, 400} <= {line.get("status") for line in lines}
        secret = owner.token[:-1].rpartition(".")[2]
        for word in (server.code, secret, invited.json()["code"], "canary"):
            assert word not in server.logged()
        stored = b"".join(path.read_bytes() for path in (tmp_path / "home").glob("server.db*"))
        for word in (server.code, secret, invited.json()["code"]):
            assert word.encode() not in stored


async def test_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as server:
        files = list((tmp_path / "home").glob("server.db*"))
        assert files
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
        assert server.stop() == 0


def test_a_client_that_asks_too_slowly_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as there are, the others are answered."""
    words = "from cockpit.server import patience; patience.ASK_SECONDS = 0.5; "
    words += "from cockpit.cli import main; main()"
    monkeypatch.setattr(sys, "executable", make_python(tmp_path, words))
    with serving(tmp_path / "home") as server:
        host, port = server.url.removeprefix("http://").split(":")
        silent = socket.create_connection((host, int(port)), timeout=40)
        slow = socket.create_connection((host, int(port)), timeout=40)
        began = time.monotonic()
        try:
            while time.monotonic() - began < 40:
                slow.send(b"G" if time.monotonic() - began < 0.1 else b"x")
                time.sleep(0.1)
        except OSError:
            pass
        assert time.monotonic() - began < 30
        assert ended(silent)
        assert httpx.get(f"{server.url}/v1/hello", trust_env=False).status_code == 200
        for line in (slow, silent):
            line.close()
    assert patience.ASK_SECONDS == 10


def make_python(directory: Path, words: str) -> str:
    """Return a program that runs `words` wherever Python would run the cockpit."""
    program = directory / "python"
    program.write_text(
        f'#!/bin/sh\nshift 2\nexec {sys.executable} -c "{words}" "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return str(program)


def ended(line: socket.socket) -> bool:
    """Say whether the other side hung up."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def test_a_client_that_does_not_take_its_answers_holds_up_nobody(tmp_path: Path) -> None:
    with serving(tmp_path / "home", "--rate", "0") as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            deaf.settimeout(0.5)
            with suppress(TimeoutError):
                for _ in range(2000):
                    deaf.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            ready = httpx.get(f"{server.url}/readyz", trust_env=False, timeout=60)
            assert ready.status_code == 200


CERTIFICATE = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=here "
    "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
)


@pytest.fixture
def certificate(tmp_path: Path) -> list[str]:
    """A certificate for this machine, and its key."""
    made = subprocess.run(CERTIFICATE.split(), cwd=tmp_path, capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"openssl makes no certificate here: {made.stderr.decode()[-200:]}")
    return [str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")]


async def test_it_speaks_tls_itself(tmp_path: Path, certificate: list[str]) -> None:
    words = ["--certificate", certificate[0], "--key", certificate[1]]
    with serving(tmp_path / "home", *words) as server:
        assert server.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=certificate[0])
        async with httpx.AsyncClient(verify=trusted, trust_env=False) as http:
            joined = await http.post(
                f"{server.url}/v1/join",
                json={"code": server.code, "name": "ana", "dev": "ab12cd34"},
            )
            assert joined.status_code == 201


async def test_several_processes_share_the_work(
    tmp_path: Path, new_database: Callable[..., str]
) -> None:
    words = ["--database", new_database(), "--workers", "2", "--rate", "0"]
    with serving(tmp_path / "home", *words) as server:
        async with Caller(None, server.url) as anybody:
            owner = await anybody.join(server.code, "ana")
            assert len(await asyncio.gather(*(owner.push(make_op()) for _ in range(40)))) == 40
            assert [row[0] for row in (await owner.pull())["ops"]] == list(range(1, 41))
            assert re.search(
                r'_stored\{process="\d+"\} ', (await owner.call("GET", "/metrics")).text
            )
            await asyncio.sleep(1.5)
        assert await asyncio.to_thread(server.stop) == 0
        assert "Traceback" not in server.logged()


def test_what_cannot_be_served_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as busy:
        port = str(busy.getsockname()[1])
        assert run(["serve", "--port", port]) == 2
    assert "Nothing can listen on 127.0.0.1" in capsys.readouterr().err
    assert run(["serve", "--port", "0", "--workers", "2"]) == 2
    assert "PostgreSQL" in capsys.readouterr().err
    assert run(["serve", "--port", "0", "--database", "postgresql://ana:hidden@127.0.0.1:1/x"]) == 1
    assert "hidden" not in capsys.readouterr().err
    foreign = tmp_path / "notes.db"
    foreign.write_bytes(b"no database at all, but as long as one " * 40)
    assert run(["serve", "--port", "0", "--database", str(foreign)]) == 1
    assert run(["serve", "--port", "0", "--certificate", str(tmp_path / "missing")]) == 2
    assert "certificate" in capsys.readouterr().err
    assert run(["serve", "--rate", "-1"]) == 2
