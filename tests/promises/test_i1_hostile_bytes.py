"""No byte of anybody's text acts on the terminal, on any surface of the app."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.pty_program import Program
from tests.house.source_tree import PACKAGE
from tests.promises.hostile_world import PAYLOADS, fill, leaks, mixed, one
from tests.promises.record_keeping import Note
from tests.promises.surfaces import ESC, HOME, INCIDENT, Walker

UNGUARDED = """
from cockpit.widgets.control_filter import ControlFilter
ControlFilter.apply = lambda self, segments, background: segments
import cockpit.domain.visible as visible
visible._picture = lambda found: found[0]
visible._picture_or_line_end = visible._picture
"""
"""The guards off: text is drawn as it stands."""

ELSEWHERE = {
    "TooSmallScreen": "drawn without any text of people: tests/app/test_app.py",
    "HomeScreen": "it is there from the start",
}
"""Screens that the walk does not open, and why."""

BASES = {"CockpitScreen", "CockpitDialog", "Dialog", "SheetDialog", "ItemChanges"}


def all_screens() -> set[str]:
    """Return the names of all screens and dialogs of the app."""
    return {
        node.name
        for path in (PACKAGE / "screens").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and node.name.endswith(("Screen", "Dialog", "Sheet", "Reference"))
        and node.name not in BASES
    }


def walk_everywhere(
    home: Path, text: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> tuple[bytes, set[str]]:
    """Fill a home with a text and walk over every surface; return what was drawn and not opened."""
    monkeypatch.setenv("COCKPIT_AUTHOR", "ana")
    fill(text, monkeypatch)
    wanted = all_screens() - ELSEWHERE.keys()
    program = Walker(home)
    try:
        program.wait_for(b"active")
        # On a busy machine a dialog may come after the key that was meant for it: once more.
        for _ in range(2):
            program.walk((*HOME, b"q", b"q", b"\r", *INCIDENT, ESC, ESC, b"q"))
            wanted -= program.seen()
            if not wanted:
                break
    finally:
        program.close()
    return program.output, wanted


def test_no_byte_acts_on_any_surface(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All payloads in every place, each place beginning with another."""
    output, missed = walk_everywhere(home, mixed(), monkeypatch)
    assert leaks(output) == []
    assert "␛]0;PWNMARK".encode() in output
    assert missed == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", PAYLOADS)
def test_each_payload_in_every_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, record_property: Note
) -> None:
    output, missed = walk_everywhere(home, one(name), monkeypatch)
    assert leaks(output) == []
    assert missed == set()
    record_property(name, len(output))


def test_without_the_guards_bytes_get_through(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guards off: were nothing found, the tests above would prove nothing."""
    fill(mixed(), monkeypatch)
    program = Program(home, UNGUARDED, size=(120, 40))
    try:
        program.wait_for(b"active")
        program.send(b"\r")
        program.read(3.0)
        assert len(leaks(program.output)) > 2
    finally:
        program.close()
