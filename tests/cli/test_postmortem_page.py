"""The page about the post-mortem: its commands work in their order, its keys are the table's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.keymap import find_key, keys_shown
from tests.house.source_tree import ROOT

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

PAGE = (ROOT / "docs" / "postmortem.md").read_text(encoding="utf-8")

KEYS = {
    "postmortem.write": "e",
    "postmortem.adopt": "A",
    "postmortem.preview": "P",
    "postmortem.add_action": "+",
    "postmortem.check": "K",
    "postmortem.whole": "F",
    "section.entry": "ctrl+t",
    "section.next_hint": "ctrl+n",
    "section.accept_hint": "ctrl+o",
    "section.preview": "f9",
    "editor.editor": "f4",
    "incident.similar": "f2",
    "incident.undo": "u",
    "home.items": "A",
}


def test_every_command_works_in_its_order(
    cockpit: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "true")
    cockpit.ok("declare", "The whole site was down", "--sev", "2", "--at", "-2h")
    cockpit.ok("set", "status", "resolved")
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    commands = [shlex.split(line, comments=True) for line in "".join(blocks).splitlines()]
    assert len(commands) > 20
    for program, *words in commands:
        assert program == "cockpit"
        found = cockpit(*words)
        is_check = words[:2] == ["postmortem", "check"]
        assert found.code == (1 if is_check else 0), (words, found)
        if words[0] == "import":
            assert "Nothing new" in found.out


@pytest.mark.parametrize(("identity", "keys"), KEYS.items())
def test_the_keys_are_those_of_the_table(identity: str, keys: str) -> None:
    row = find_key(identity)
    assert row is not None
    assert keys in keys_shown(row, {})
    assert f"`{keys}`" in PAGE
