"""A shell for tests: runs commands in this process, on a database of their own."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from cockpit.cli import run


class Outcome(Struct):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Commands:
    """Runs commands as a person would type them."""

    def __init__(
        self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.home = home
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, stdin: bytes = b"") -> Outcome:
        """Run a command to its end."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capsys.readouterr()
        code = run(words)
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(code, captured.out, captured.err)

    def ok(self, *words: str, stdin: bytes = b"") -> Outcome:
        """Run a command that must succeed."""
        outcome = self(*words, stdin=stdin)
        assert outcome.code == 0, outcome
        return outcome

    def texts(self, *words: str) -> list[str]:
        """Return the texts of the timeline."""
        shown = self.ok("show", "--json", "--entries", "1000", *words)
        return [entry["text"] for entry in shown.data["timeline"]]


@pytest.fixture
def cockpit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    home = tmp_path / "home"
    for name in list(os.environ):
        if name.startswith("COCKPIT_") or name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY", "STY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COCKPIT_HOME", str(home))
    monkeypatch.setenv("COCKPIT_AUTHOR", "robin")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("cockpit.cli.copying.find_terminal", lambda: None)
    return Commands(home, capsys, monkeypatch)


@pytest.fixture
def open_incident(cockpit: Commands) -> Commands:
    """Return a shell in whose database one incident is open, INC-1."""
    cockpit.ok("declare", "Checkout fails", "--sev", "2")
    return cockpit
