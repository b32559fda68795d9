"""Commands load only what they need: an entry must not wait for the app's libraries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_REPORT = """
import json, sys
from cockpit.cli import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def modules(home: Path, *words: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", _REPORT, *words],
        env={**os.environ, "COCKPIT_HOME": str(home)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    code, names = json.loads(run.stderr.splitlines()[-1])
    assert code == 0, run.stderr
    return set(names)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("start") / "home"
    modules(directory, "declare", "Checkout fails")
    return directory


@pytest.mark.parametrize("words", [["log", "text"], ["log", "INC-1", "text"]])
def test_log_loads_nothing_heavy(home: Path, words: list[str]) -> None:
    heavy = {"textual", "rich", "httpx", "sqlite_utils", "jinja2", "pycrdt", "platformdirs"}
    assert heavy & modules(home, *words) == set()


@pytest.mark.parametrize("words", [["list"], ["due"], ["show"], ["set", "impact", "high"]])
def test_reads_load_no_screen_and_no_network(home: Path, words: list[str]) -> None:
    assert {"textual", "rich", "httpx", "jinja2", "pycrdt"} & modules(home, *words) == set()


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["where"], ["log", "--help"]])
def test_help_opens_no_database(home: Path, words: list[str]) -> None:
    heavy = {"textual", "httpx", "sqlite_utils", "jinja2", "pycrdt", "sqlite3", "pysqlite3"}
    assert heavy & modules(home, *words) == set()
