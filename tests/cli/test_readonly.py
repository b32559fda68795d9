"""`--readonly` in the shell: what reads works, what would write is refused, no file appears."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Commands

SENTENCE = "This cockpit is read-only; nothing was changed."
WRITES = (
    ("declare", "Another one"),
    ("log", "a note"),
    ("set", "severity", "SEV1"),
    ("tell", "Customers"),
    ("update", "--sent", "--force"),
    ("star",),
    ("undo",),
    ("postmortem", "edit"),
    ("postmortem", "action", "Write it down"),
    ("demo", "--no-app"),
    ("demo", "--here", "--no-app"),
)


@pytest.fixture
def known(cockpit: Commands) -> Commands:
    cockpit.ok("declare", "Nobody can pay")
    cockpit.ok("log", "looking into it")
    return cockpit


def files(home: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(home)): each.read_bytes()
        for each in sorted(home.rglob("*"))
        if each.is_file() and each.suffix not in (".db-shm", ".db-wal")
    }


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_every_write_is_refused_in_one_sentence(known: Commands, words: tuple[str, ...]) -> None:
    before = files(known.home)
    outcome = known("--readonly", *words)
    assert outcome.code == 1, outcome
    assert SENTENCE in outcome.err
    assert files(known.home) == before


@pytest.mark.parametrize(
    "words",
    [("list",), ("show",), ("due",), ("search", "looking"), ("export", "-f", "json"), ("update",)],
    ids=" ".join,
)
def test_reading_works(known: Commands, words: tuple[str, ...]) -> None:
    assert known.ok("--readonly", *words).out == known.ok(*words).out


def test_a_copy_is_made_and_not_noted(
    known: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "clip"
    monkeypatch.setenv("COCKPIT_CLIPBOARD_COMMAND", f"tee {kept}")
    before = known.texts()
    outcome = known("--readonly", "update", "--copy", "--force")
    assert outcome.code == 0, outcome
    assert "Nobody can pay" in kept.read_text(encoding="utf-8")
    assert "--sent" not in outcome.err
    assert known.texts() == before


def test_the_environment_and_the_file_ask_for_it_too(
    known: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCKPIT_READONLY", "1")
    assert known("log", "x").code == 1
    monkeypatch.delenv("COCKPIT_READONLY")
    (known.home / "config.toml").write_text("readonly = true\n")
    assert known("log", "x").code == 1


def test_without_a_database_there_is_nothing_to_read(cockpit: Commands, home: Path) -> None:
    outcome = cockpit("--readonly", "list")
    assert outcome.code == 1
    assert "There is no database" in outcome.err
    assert not home.exists()
