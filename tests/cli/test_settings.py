"""`config` and `completion`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_path_and_show(cockpit: Commands) -> None:
    assert cockpit.ok("config", "path").out == f"{cockpit.home / 'config.toml'}\n"
    assert 'author = "robin"' in cockpit.ok("config", "show").out
    assert cockpit.ok("--author", "kim", "config", "show", "--json").data["author"] == "kim"


def test_check(cockpit: Commands) -> None:
    assert cockpit.ok("config", "check").out.count("ok ") == 4
    (cockpit.home).mkdir(exist_ok=True)
    (cockpit.home / "config.toml").write_text("[keys]\nhome.qiut = 'x'\n")
    (cockpit.home / "playbook.toml").write_text("\n\ncompani = 'x'\n")
    outcome = cockpit("config", "check")
    assert outcome.code == 2
    assert "home.quit" in outcome.out
    assert "company" in outcome.out


def test_edit_makes_a_file_and_checks_it(
    cockpit: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho \'theme = "nite"\' >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("COCKPIT_EDITOR", str(editor))
    outcome = cockpit("config", "edit")
    assert outcome.code == 2
    assert "night" in outcome.out
    file = cockpit.home / "config.toml"
    assert file.read_text().startswith("# Settings")
    assert file.stat().st_mode & 0o077 == 0
    assert cockpit("config", "edit", "playbok").code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_that_the_shell_reads(
    cockpit: Commands, tmp_path: Path, shell: str
) -> None:
    script = cockpit.ok("completion", shell).out
    assert "_COCKPIT_COMPLETE" in script
    assert "incident-cockpit" in script
    if shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script)
        subprocess.run([shell, "-n", str(file)], check=True)


def test_completion_offers_commands_and_incidents(
    open_incident: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_COCKPIT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "cockpit show ")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert "INC-1" in open_incident().out
    monkeypatch.setenv("COMP_WORDS", "cockpit decl")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert "declare" in open_incident().out
