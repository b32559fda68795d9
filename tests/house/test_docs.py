"""Pages that speak of the code agree with it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service.session import open_session
from tests.house.source_tree import ROOT
from tests.house.test_layers import LAYERS

DOCS = ROOT / "docs"


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!;\[ ]", each, maxsplit=1)[0].lower() for each in requirements}


def _rows(text: str) -> set[str]:
    return set(re.findall(r"^\| ([a-z0-9-]+) \|", text, re.MULTILINE)) - {"package"}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    run, rest = page.split("## For what not everybody needs")
    extra, develop = rest.split("## To develop")
    extras = project["optional-dependencies"]
    ours = {project["name"]}
    assert _rows(run) == _names(project["dependencies"])
    assert _rows(develop) == _names(extras.pop("dev")) - ours
    assert set(re.findall(r"^\| ([a-z0-9-]+) \| (\w+) \|", extra, re.MULTILINE)) == {
        (package, name) for name, wanted in extras.items() for package in _names(wanted)
    } | {("package", "extra")}


def test_every_layer_is_on_the_page() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for layer in LAYERS:
        if not layer.startswith("__"):
            assert re.search(rf"`{layer}(?:/|\.py)?`", page), layer


def test_the_version_has_its_changes() -> None:
    from cockpit import __version__

    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {__version__}\n" in changes


def test_the_schema_page_is_the_schema(tmp_path: Path) -> None:
    """Compare tables and columns with those of a new database, read as anybody could."""
    paths = Paths(tmp_path / "home", tmp_path / "home")
    with open_session(paths, Config(author="ops")):
        pass
    tables = _read_tables(paths.database)
    page = (DOCS / "schema.md").read_text(encoding="utf-8")
    sections = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    described = {
        section.split("\n", 1)[0].strip(): re.findall(r"^\| (\w+) \|", section, re.MULTILINE)[1:]
        for section in sections
    }
    assert described == tables


def _read_tables(database: Path) -> dict[str, list[str]]:
    script = """
import json, sys
import sqlite_utils
database = sqlite_utils.Database(sys.argv[1])
names = [*database.table_names(), *database.view_names()]
print(json.dumps({name: [column.name for column in database[name].columns] for name in names}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(database)], capture_output=True, text=True, check=True
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return {
        name: columns
        for name, columns in found.items()
        if "_fts" not in name and not name.startswith(("_", "sqlite_"))
    }
