"""Tokens, workspace keys and invites stand where they are kept, and in nothing else."""

from __future__ import annotations

import base64
import os
import pty
import re
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.app.pty_program import Program
from tests.cli.conftest import Commands
from tests.cli.team import Person
from tests.sync.served import Served, serve

BREAKS = """
from cockpit.screens.home import HomeScreen
from cockpit.service.secrets import Vault
def fail(self):
    secrets = "".join(each.read_text() for each in (paths.data_dir / "secrets").iterdir())
    raise RuntimeError(secrets)
HomeScreen.action_new = fail
"""
"""A mistake with every secret in its words and in its variables."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    place = tmp_path / "server"
    place.mkdir()
    with serve(place) as running:
        yield running


@pytest.fixture
def cockpit(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return Commands(home, capsys, monkeypatch)


@pytest.fixture
def pair(
    served: Served, tmp_path: Path, cockpit: Commands, monkeypatch: pytest.MonkeyPatch
) -> tuple[Person, Person, set[str]]:
    """Two people in an encrypted workspace, and the invites that they used."""
    ana, ben = (Person(name, tmp_path / name, cockpit, monkeypatch) for name in ("ana", "ben"))
    invites = {f"{served.url}/j#{served.code}"}
    ana.join(f"{served.url}/j#{served.code}")
    ana.ok("sync", "create", "Secret", "--encrypted", "--store-in-file")
    invites.add(ana.invite("-w", "Secret"))
    ben.join(max(invites, key=len))
    ana.ok("declare", "Checkout fails")
    ana.ok("sync", "share", "INC-1", "-w", "Secret")
    ana.ok("log", "INC-1", "an ordinary word")
    ana.ok("sync", "now")
    ben.ok("sync", "now")
    return ana, ben, invites


def kept_secrets(*people: Person) -> set[str]:
    """Return the long random words in the files of secrets."""
    texts = [
        each.read_text(encoding="utf-8")
        for person in people
        for each in (person.home / "secrets").iterdir()
    ]
    return {word for text in texts for word in re.findall(r"[A-Za-z0-9_-]{40,}", text)}


def in_any_writing(secret: str, data: bytes) -> bool:
    """Say whether a secret stands in some bytes, plain or as programs often write it."""
    plain = secret.encode()
    forms = (plain, secret.encode("utf-16-le"), plain.hex().encode())
    return any(each in data for each in (*forms, base64.b64encode(plain)[:-4]))


def leaks(secrets: set[str], place: Path, outputs: bytes = b"") -> list[str]:
    """Return which files below a place hold a secret, but for those that keep them."""
    found = [
        str(each.relative_to(place))
        for each in place.rglob("*")
        if each.is_file()
        and each.parent.name != "secrets"
        and any(in_any_writing(secret, each.read_bytes()) for secret in secrets)
    ]
    return found + ["<output>"] * any(in_any_writing(secret, outputs) for secret in secrets)


def test_no_secret_is_left_anywhere(
    pair: tuple[Person, Person, set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben, invites = pair
    secrets = kept_secrets(ana, ben)
    codes = {invite.rpartition("#")[2].partition(".")[0] for invite in invites}
    assert len(secrets) >= 4
    said = b""
    for person in (ana, ben):
        for words in (
            *(("sync", "status"), ("sync", "members"), ("sync", "key", "list"), ("doctor",)),
            *(("where",), ("list", "--all", "--json"), ("show", "INC-1", "--json")),
            *(("export", "INC-1", "--format", form) for form in ("md", "json", "html")),
            ("backup", str(person.home / "copy.db")),
            ("sync", "export", "-"),
        ):
            done = person(*words)
            said += (done.out + done.err).encode()
    monkeypatch.setenv("COCKPIT_HOME", str(ana.home))
    program = Program(ana.home, BREAKS)
    try:
        program.wait_for(b"active")
        program.send(b"n")
        assert program.wait() == 1
    finally:
        program.close()
    assert b"Everything is saved" in program.output
    assert list(ana.home.glob("report-*.txt"))
    assert leaks(secrets | codes, tmp_path, said + program.output) == []


def test_a_secret_that_is_left_is_found(
    pair: tuple[Person, Person, set[str]], tmp_path: Path
) -> None:
    """The guard off: somebody writes a token into an entry."""
    ana, _, _ = pair
    secret = min(kept_secrets(ana))
    ana.ok("log", "INC-1", f"look: {secret}")
    assert "ana/cockpit.db" in {name.removesuffix("-wal") for name in leaks({secret}, tmp_path)}


def watch_join(home: Path, *words: str, typed: str, secret: str) -> tuple[bytes, bool]:
    """Join at a terminal of its own; return what it showed, and whether others read the secret."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "cockpit", "sync", "join", "--store-in-file", *words]
    environ = {**os.environ, "COCKPIT_HOME": str(home), "COCKPIT_AUTHOR": "ben"}
    process = subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, env=environ, start_new_session=True
    )
    listed, end = False, time.monotonic() + 60
    try:
        while process.poll() is None and time.monotonic() < end:
            for each in ("cmdline", "environ"):
                with suppress(OSError):
                    listed |= secret.encode() in Path(f"/proc/{process.pid}/{each}").read_bytes()
            # Without echo it waits for what is typed.
            if typed and not termios.tcgetattr(child)[3] & termios.ECHO:
                os.write(parent, f"{typed}\n".encode())
                typed = ""
            time.sleep(0.01)
        assert process.poll() == 0
        os.set_blocking(parent, False)
        return os.read(parent, 65536), listed
    finally:
        process.kill()
        process.wait()
        os.close(parent)
        os.close(child)


def test_an_invite_that_is_typed_is_seen_by_nobody(served: Served, tmp_path: Path) -> None:
    invite = f"{served.url}/j#{served.code}"
    shown, listed = watch_join(tmp_path / "ben", typed=invite, secret=served.code)
    assert b"Joined" in shown
    assert served.code.encode() not in shown
    assert not listed


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc")
def test_an_invite_among_the_words_of_a_command_is_seen(served: Served, tmp_path: Path) -> None:
    """The guard off: were it not in the list of processes, the test above would prove nothing."""
    invite = f"{served.url}/j#{served.code}"
    assert watch_join(tmp_path / "ben", invite, typed="", secret=served.code)[1]
