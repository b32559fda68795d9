"""People at machines of their own, and the server that they share incidents through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Commands, Outcome

INVITE = re.compile(r"(https?://\S+/j#\S+)")


class Person:
    """Somebody with a home, an author's name and the commands of the shell."""

    def __init__(
        self, name: str, home: Path, cockpit: Commands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.name = name
        self.home = home
        self._cockpit = cockpit
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, stdin: bytes = b"") -> Outcome:
        """Run a command to its end."""
        self._monkeypatch.setenv("COCKPIT_HOME", str(self.home))
        self._monkeypatch.setenv("COCKPIT_AUTHOR", self.name)
        return self._cockpit(*words, stdin=stdin)

    def ok(self, *words: str, stdin: bytes = b"") -> Outcome:
        """Run a command that must succeed."""
        outcome = self(*words, stdin=stdin)
        assert outcome.code == 0, outcome
        return outcome

    def join(self, invite: str) -> Outcome:
        """Join with an invite, the token in a file."""
        return self.ok("sync", "join", invite, "--store-in-file")

    def invite(self, *words: str) -> str:
        """Return the address of a new invite."""
        made: str = self.ok("sync", "invite", "--json", *words).data["address"]
        return made

    def refs(self) -> list[str]:
        """Return the references of all incidents here."""
        return sorted(each["ref"] for each in self.ok("list", "--all", "--json").data)
