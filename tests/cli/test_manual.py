"""The manual cannot drift: the pages in `docs/` are what the commands say."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.cli.manual import EXIT_CODES, render_manual, render_markdown, walk
from cockpit.cli.root import COMMANDS, root
from cockpit.config import Config, variable_name

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

DOCS = Path(__file__).parents[2] / "docs"


def test_manual_page_is_current() -> None:
    page = (DOCS / "incident-cockpit.1").read_text(encoding="utf-8")
    assert page == render_manual(root), "run: cockpit manual > docs/incident-cockpit.1"


def test_reference_is_current() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert page == render_markdown(root), "run: cockpit manual --markdown > docs/cli.md"


def test_every_command_has_a_sentence() -> None:
    names = {name for name, _ in walk(root)}
    assert {f"cockpit {name}" for name in COMMANDS} < names
    assert all((command.help or "").strip() for _, command in walk(root))


def test_help_names_the_same_exit_codes() -> None:
    assert root.epilog is not None
    assert all(code in root.epilog for code, _ in EXIT_CODES)


def test_settings_page_names_every_setting() -> None:
    page = (DOCS / "config.md").read_text(encoding="utf-8")
    for key in Config.__struct_fields__:
        assert f"| `{key}` |" in page
        assert key == "keys" or variable_name(key) in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_manual_page_has_no_roff_mistakes(cockpit: Commands) -> None:
    page = cockpit.ok("manual").out
    run = subprocess.run(
        ["groff", "-man", "-Tutf8", "-wall", "-z"],
        input=page.encode(),
        capture_output=True,
        check=True,
    )
    assert run.stderr == b""
