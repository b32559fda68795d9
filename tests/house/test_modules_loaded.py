"""What each command loads: a command for the shell must not wait for the screen's libraries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCREEN = {"textual", "httpx"}
READ = {*SCREEN, "rich", "yaml"}
LIST = {*READ, "jinja2", "pycrdt", "pyperclip"}
# Our own, too: reading the playbook alone takes longer than writing a note.
LOG = {
    *LIST,
    *("sqlite_utils", "difflib", "asyncio", "tomllib"),
    "cockpit.cli.shapes",
    "cockpit.domain.action_items",
    "cockpit.domain.assembly",
    "cockpit.domain.correction",
    "cockpit.domain.fold",
    "cockpit.domain.likeness",
    "cockpit.domain.membership",
    "cockpit.domain.playbook",
    "cockpit.domain.playbook_merge",
    "cockpit.domain.response_work",
    "cockpit.domain.search_words",
    "cockpit.service.roster",
    "cockpit.store.action_rows",
    "cockpit.store.insight_rows",
    "cockpit.store.integrity",
    "cockpit.store.review_rows",
    "cockpit.store.search",
}

RUN = """
import json, sys
from cockpit.cli import run
code = run(sys.argv[1:])
names = {name.partition(".")[0] for name in sys.modules}
names |= {name for name in sys.modules if name.startswith("cockpit.")}
print("\\n" + json.dumps([code, sorted(names)]))
"""

COMMANDS: dict[str, tuple[list[str], set[str]]] = {
    "log": (["log", "found", "it"], LOG),
    "log of one": (["log", "INC-1", "found", "it"], LOG),
    "log at": (["log", "--at", "-5m", "--kind", "decision", "revert"], LOG),
    "list": (["list"], LIST),
    "list --json": (["list", "--all", "--json"], LIST),
    "show": (["show"], READ),
    "due": (["due"], READ),
    "search": (["search", "checkout"], READ),
    "similar": (["similar", "checkout"], READ),
    "stats": (["stats"], {*READ, "jinja2", "pycrdt"}),
    "stats --html": (["stats", "--html", "-"], {*READ, "jinja2"}),
    "set": (["set", "severity", "SEV1", "--reason", "worse"], READ),
    "tell": (["tell", "--ring", "core"], READ),
    "undo": (["undo"], READ),
    "where": (["where"], {*READ, "sqlite_utils", "jinja2", "pycrdt"}),
    "--version": (["--version"], {*LOG, "sqlite3", "pysqlite3"}),
    "--help": (["--help"], {*LOG, "sqlite3", "pysqlite3"}),
}


def run(arguments: list[str], home: Path) -> tuple[int, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        env={**os.environ, "COCKPIT_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert not code, done.stdout + done.stderr
    return code, set(modules)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one open incident: the first command of all also makes the database."""
    home = tmp_path_factory.mktemp("home")
    run(["declare", "Checkout fails", "--severity", "SEV2"], home)
    return home


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_loads_only_what_it_needs(name: str, lived_in: Path) -> None:
    arguments, unwanted = COMMANDS[name]
    _, modules = run(arguments, lived_in)
    assert modules & unwanted == set()


def test_the_domain_loads_alone() -> None:
    script = "import sys, cockpit.domain.fold, cockpit.domain.view; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {*LOG, "click", "sqlite3", "pysqlite3", "platformdirs", "socket"} == set()


# What the first drawing of a screen does not show is loaded after it, or when somebody asks.
LATE = {
    *("httpx", "jinja2", "pycrdt", "sqlite_utils", "csv"),
    "textual.widgets._text_area",
    "cockpit.domain.promise",
    "cockpit.screens.closing",
    "cockpit.service.corrections",
    "cockpit.service.exports",
    "cockpit.service.postmortems",
    "cockpit.service.updates",
    "cockpit.widgets.draft_area",
}
MODULES = {"home": 120, "incident": 240}
"""Modules of ours that a screen needs for its first drawing; lower it when it shrinks."""


@pytest.mark.parametrize("screen", MODULES)
def test_a_screen_loads_only_what_its_first_drawing_shows(screen: str) -> None:
    wanted = "cockpit.app" if screen == "home" else "cockpit.app, cockpit.screens.incident"
    script = f"import sys, cockpit.cli.root, {wanted}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert loaded & LATE == set()
    assert sum(name.startswith("cockpit.") for name in loaded) <= MODULES[screen]
