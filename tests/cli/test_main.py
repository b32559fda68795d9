"""The program's manners: help, exit codes, sentences instead of tracebacks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit import __version__
from cockpit.cli.root import COMMANDS

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def start(home: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "COCKPIT_HOME": str(home), "COCKPIT_AUTHOR": "robin", "TERM": "dumb"}
    return subprocess.run(
        [sys.executable, "-m", "cockpit", *words],
        env=environ,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_without_a_terminal_it_prints_the_help(cockpit: Commands) -> None:
    outcome = cockpit.ok()
    assert outcome.out == cockpit.ok("--help").out == cockpit.ok("-h").out
    assert all(f"  {name} " in outcome.out for name in COMMANDS)


def test_version(cockpit: Commands) -> None:
    assert cockpit.ok("--version").out == f"cockpit {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(cockpit: Commands, name: str) -> None:
    assert f"cockpit {name}" in cockpit.ok(name, "-h").out


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["declaer"], 2, "Did you mean “declare”?"),
        (["list", "--jason"], 2, "--json"),
        (["export", "--format", "jsno"], 2, "json"),
        (["show"], 3, "No incident is open"),
        (["show", "INC-9"], 3, "No incident is called “INC-9”"),
        (["INC-9"], 3, "No incident is called “INC-9”"),
        (["log", "text"], 3, "No incident is open"),
        (["completion", "bsh"], 2, "bash"),
    ],
)
def test_mistakes(cockpit: Commands, words: list[str], code: int, expected: str) -> None:
    outcome = cockpit(*words)
    assert outcome.code == code
    assert outcome.err.startswith("cockpit: ")
    assert expected in outcome.err
    assert outcome.out == ""


def test_an_unexpected_error_is_a_sentence(
    cockpit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("cockpit.cli.shell.find_paths", break_down)
    outcome = cockpit("where")
    assert outcome.code == 1
    assert "This should not have happened" in outcome.err


def test_interrupt_is_130(cockpit: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cockpit.cli.shell.find_paths", interrupt)
    assert cockpit("where").code == 130


def test_a_wrong_setting_is_told_by_every_command(cockpit: Commands) -> None:
    cockpit.home.mkdir()
    (cockpit.home / "config.toml").write_text('\ntheem = "day"\n')
    outcome = cockpit("list")
    assert outcome.code == 2
    assert "line 2" in outcome.err
    assert "“theme”" in outcome.err


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(
        [sys.executable, "-m", "cockpit", "--help"],
        env={**os.environ, "COCKPIT_HOME": str(tmp_path)},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "cockpit", "where"],
            env={**os.environ, "COCKPIT_HOME": str(tmp_path)},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert run.returncode == 1
    assert b"No space left" in run.stderr
    assert b"Traceback" not in run.stderr


def test_latin_locale_prints_every_language(tmp_path: Path) -> None:
    environ = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    environ |= {"PATH": os.environ["PATH"], "COCKPIT_HOME": str(tmp_path)}
    for words in (["declare", "Zürich ⚡ down"], ["list"], ["show"]):
        run = subprocess.run(
            [sys.executable, "-m", "cockpit", *words], env=environ, capture_output=True, check=False
        )
        assert run.returncode == 0, run.stderr
        assert b"rich" in run.stdout


def test_the_whole_way_in_real_processes(tmp_path: Path) -> None:
    assert start(tmp_path, "declare", "Checkout fails", "--sev", "2").returncode == 0
    assert start(tmp_path, "log", "found it").returncode == 0
    shown = start(tmp_path, "show").stdout.decode()
    assert "found it" in shown
    assert "INC-1  SEV2  investigating  Checkout fails" in shown
    assert b"\x1b" not in start(tmp_path, "list").stdout


def test_bytes_of_another_encoding_as_arguments(tmp_path: Path) -> None:
    environ = {**os.environ, "COCKPIT_HOME": str(tmp_path)}
    words: list[bytes | str] = [sys.executable, "-m", "cockpit"]
    for more in ([b"declare", b"caf\xe9"], [b"log", b"\xff\xfe"], [b"tell", b"\xff"], [b"\xff"]):
        run = subprocess.run([*words, *more], env=environ, capture_output=True, check=False)
        assert run.returncode in (0, 2), run.stderr
        assert b"should not have happened" not in run.stderr
    shown = start(tmp_path, "show").stdout.decode()
    assert "caf\ufffd" in shown


def test_ctrl_c_while_reading_a_pipe(tmp_path: Path) -> None:
    start(tmp_path, "declare", "Checkout fails")
    process = subprocess.Popen(
        [sys.executable, "-m", "cockpit", "log", "-", "--lines"],
        env={**os.environ, "COCKPIT_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"before\n")
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while b"before" not in start(tmp_path, "show").stdout and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"")
    assert b"before" in start(tmp_path, "show").stdout


@pytest.mark.parametrize("words", [[], ["INC-1"], ["1"]])
def test_on_a_terminal_the_app_opens(
    open_incident: Commands, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    opened: list[str | None] = []

    def run_app(*_: object, incident: str | None = None, clock: object = None) -> int:
        assert callable(clock)
        opened.append(incident)
        return 0

    app = types.ModuleType("cockpit.app")
    monkeypatch.setattr(app, "run_app", run_app, raising=False)
    monkeypatch.setitem(sys.modules, "cockpit.app", app)
    monkeypatch.setattr("cockpit.cli.root.has_terminal", lambda: True)
    inc = open_incident.ok("show", "--json").data["id"]
    assert open_incident(*words).code == 0
    assert opened == [inc if words else None]
    assert open_incident("INC-7").code == 3


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("words", "code"), [("", 0), ("list", 0), ("log -", 2), ("nope", 2)])
def test_closed_streams(open_incident: Commands, closed: str, words: str, code: int) -> None:
    script = f'"{sys.executable}" -m cockpit {words} {closed}'
    run = subprocess.run(["sh", "-c", script], capture_output=True, check=False)
    assert run.returncode == code, run.stderr
    assert b"Traceback" not in run.stderr
