"""The page for whoever runs the server says what is so."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from cockpit.cli import run
from cockpit.cli.serving import serve_command
from cockpit.domain import wire
from cockpit.domain.envelope import MAX_BYTES
from cockpit.server import exchange, oplog, patience, running
from cockpit.server.meter import Meter
from cockpit.server.routes import CALLS
from cockpit.server.service import Setup
from tests.server.calling import Caller, make_op
from tests.server.serving import serving

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")


def parse(words: list[str]) -> None:
    with serve_command.make_context("serve", words):
        pass


def test_every_command_line_is_one_that_is_understood() -> None:
    lines = re.findall(r"^(?:`|\*\*[^*]+\*\* `)?cockpit serve (.+?)`?$", PAGE, re.MULTILINE)
    assert len(lines) > 3
    for line in lines:
        parse(shlex.split(line))
    with pytest.raises(click.UsageError):
        parse(["--databse", "x"])


def unit() -> ConfigParser:
    read = ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    found = re.search(r"```ini\n(.+?)```", PAGE, re.DOTALL)
    assert found
    read.read_string(found[1])
    return read


def test_the_unit_starts_it(tmp_path: Path) -> None:
    words = shlex.split(unit()["Service"]["ExecStart"])
    assert words[1] == "serve"
    parse(words[2:])
    program = shutil.which("systemd-analyze")
    if program:
        file = tmp_path / "cockpit.service"
        found = re.search(r"```ini\n(.+?)```", PAGE, re.DOTALL)
        assert found
        file.write_text(found[1].replace(words[0], "/bin/true"), encoding="utf-8")
        checked = subprocess.run(
            [program, "verify", str(file)], capture_output=True, text=True, check=False
        )
        assert "cockpit.service" not in checked.stderr, checked.stderr


def test_the_container_starts_it() -> None:
    found = re.search(r'^CMD \["cockpit", "serve", (.+)\]$', PAGE, re.MULTILINE)
    assert found
    parse([word.strip('" ') for word in found[1].split(",")])
    assert str(serve_command.params[1].default) in PAGE


def test_the_limits_are_those_that_hold() -> None:
    mib, kib = 1024 * 1024, 1024
    for row in (
        f"{wire.MAX_PUSH_BYTES // mib} MiB, {exchange.BODY_SECONDS:.0f} s to arrive",
        f"| events in a push | {wire.MAX_PUSH_OPS} |",
        f"{MAX_BYTES // kib} KiB, {wire.MAX_ENVELOPE_BYTES // kib} KiB encrypted",
        f"{wire.MAX_PAGE_OPS}, {oplog.MAX_PAGE_BYTES // mib} MiB",
        f"| wait of a pull | {wire.MAX_WAIT_SECONDS} s |",
        f"{Setup().rate:.0f} a second, bursts of {2 * Setup().rate:.0f}",
        f"| head of a request | {patience.ASK_SECONDS:.0f} s |",
        f"| an answer that is not taken | {patience.TAKE_SECONDS:.0f} s |",
        f"| connections | {running.MOST_CONNECTIONS} |",
    ):
        assert row in PAGE


def test_the_addresses_and_metrics_are_all_there() -> None:
    for call in CALLS:
        assert call.roles is not None or call.path.startswith("/v1") or f"`{call.path}`" in PAGE
    meter = Meter()
    meter.note("push", 200, 0.02)
    written = meter.write({"pulls_waiting": 1, "events_stored": 2})
    names = set(re.findall(r"^# TYPE (\w+)", written, re.MULTILINE))
    assert names == set(re.findall(r"^\| `(cockpit_\w+)", PAGE, re.MULTILINE))


def test_several_processes_behind_one_address_are_told_apart() -> None:
    meter = Meter("4711")
    meter.note("push", 200, 0.02)
    lines = meter.write({"events_stored": 2}).splitlines()
    assert 'cockpit_calls_total{call="push",status="200",process="4711"} 1' in lines
    assert 'cockpit_events_stored{process="4711"} 2' in lines
    assert all('process="4711"}' in each for each in lines if not each.startswith("#"))


async def test_the_metrics_count(owner: Caller) -> None:
    await owner.pull()
    text = (await owner.call("GET", "/metrics")).text
    assert 'cockpit_calls_total{call="pull",status="204"} 1' in text
    assert 'cockpit_call_seconds_bucket{call="pull",le="+Inf"} 1' in text
    assert "cockpit_events_stored 0" in text


async def test_a_backup_of_a_running_server_is_whole(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy.db"
    with serving(home) as server:
        async with Caller(None, server.url) as anybody:
            owner = await anybody.join(server.code, "ana")
            op = make_op()
            head = (await owner.push(op))["head"]
            words = ["serve", "--database", str(home / "server.db"), "--backup", str(copy)]
            assert run(words) in (0, None)
            assert run(words) == 2
            await owner.push(make_op())
    assert copy.stat().st_mode & 0o777 == 0o600
    with serving(tmp_path / "other", "--database", str(copy), owned=True) as server:
        async with Caller(None, server.url) as anybody:
            again = anybody.hold({"ws": owner.ws, "member": "ana", "token": owner.token})
            page = await again.pull()
            assert [row[3] for row in page["ops"]] == [op]
            assert page["cursor"] == head
