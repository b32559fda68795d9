"""The README's commands are the ones that work: each is taken from the page and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source_tree import ROOT, name_of, repository_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
PASTED = [block.strip() for block in BLOCKS if "venv" in block]
SHOWN = [block for block in BLOCKS if "venv" not in block]


def shell(script: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a person's shell would, stopping at the first failure."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env={**os.environ, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def test_it_says_what_it_is_in_three_sentences() -> None:
    opening = README.split("\n\n")[1]
    assert len(re.findall(r"[.!?](?:\s|$)", opening)) == 3


def test_one_command_to_try_and_one_to_test() -> None:
    try_it, test_it = PASTED
    assert "\n" not in try_it + test_it
    assert try_it.endswith("cockpit demo")
    assert re.search(r"-m pytest -n \d$", test_it)


def test_the_build_runs_the_same_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "command_with 'pytest -n [0-9]$'" in script
    assert re.findall(r"^python3 -m venv .*pytest -n [0-9]$", README, re.MULTILINE) == [PASTED[1]]


def test_the_build_runs_the_long_forms_by_the_command_that_is_shown() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "grep -m1 -E '^\\.venv/bin/python -m pytest -m slow' CONTRIBUTING.md" in script
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\.venv/bin/python -m pytest .*$", guide, re.MULTILINE)
    assert shown == [".venv/bin/python -m pytest -m slow -n 3"]


def test_every_command_shown_works_in_its_order(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "cockpit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cockpit "$@"\n')
    program.chmod(0o755)
    kernel = programs / "dmesg"
    kernel.write_text("#!/bin/sh\nprintf 'one\\ntwo\\n'\n")
    kernel.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    script = "\n".join(block for block in SHOWN if block.strip())
    done = shell(script, tmp_path, PATH=path, PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
    exported = (tmp_path / "post-mortem.md").read_text(encoding="utf-8")
    for fact in ("memory-limit errors", "alert received", "every customer is affected", "one"):
        assert fact in exported
    assert "INC-1" in done.stdout


def test_every_link_leads_somewhere() -> None:
    lost = [
        f"{name_of(page)}: {target}"
        for page in repository_files()
        if page.suffix == ".md" and not name_of(page).startswith(("data/", "tests/"))
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert lost == []


def test_keys_in_the_tour_are_in_the_key_table() -> None:
    from cockpit.keymap import KEYS

    known = {key for row in KEYS for key in row.keys}
    table = README.split("| to do | keys |")[1].split("\n\n")[0]
    for keys in re.findall(r"`([^`]+)`", table):
        assert keys in known or keys.startswith(("/", "@", "-")), keys


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree, as a fresh clone would be."""
    place = tmp_path / "clone"
    for path in repository_files():
        target = place / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return place


@pytest.mark.paste
def test_the_pasted_command_sets_up_and_runs(copy: Path) -> None:
    done = shell(PASTED[0], copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "invented incidents" in done.stdout


@pytest.mark.paste
def test_the_pasted_test_command_sets_up_and_starts_the_tests(copy: Path) -> None:
    """The whole run is the build's; here it must set up and get through the domain's tests."""
    done = shell(f"{PASTED[1]} tests/domain", copy)
    assert done.returncode == 0, done.stdout + done.stderr
