"""`postmortem`: shown, edited in an editor, set from a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.cli.postmortems import _changes

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file whose shell commands edit the file named $1."""
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setenv("COCKPIT_EDITOR", str(script))
    return script


def first_section(commands: Commands) -> str:
    return str(commands.ok("postmortem", "show", "--json").data[0]["id"])


def test_show_both_forms(open_incident: Commands) -> None:
    assert "Checkout fails" in open_incident.ok("postmortem", "show").out
    assert open_incident.ok("postmortem", "show", "INC-1", "--public").out.startswith("# ")


def test_set_from_words_and_from_a_pipe(open_incident: Commands) -> None:
    section = first_section(open_incident)
    open_incident.ok("postmortem", "set", section, "It was short.")
    assert "It was short." in open_incident.ok("postmortem", "show").out
    open_incident.ok("postmortem", "set", "INC-1", section, "-", stdin=b"It was long.\nVery.\n")
    out = open_incident.ok("postmortem", "show").out
    assert "It was long.\nVery." in out
    assert "It was short." not in out


@pytest.mark.parametrize(
    ("words", "expected"),
    [(["set", "sumary", "x"], "summary"), (["set", "summary"], "a section"), (["edit", "x"], "x")],
)
def test_mistakes(open_incident: Commands, words: list[str], expected: str) -> None:
    outcome = open_incident("postmortem", *words)
    assert outcome.code == 2
    assert expected in outcome.err


def test_edit_keeps_only_what_changed(open_incident: Commands, editor: Path) -> None:
    assert "nothing changed" in open_incident.ok("postmortem", "edit").out
    section = first_section(open_incident)
    editor.write_text(f"""#!/bin/sh\nprintf '<!-- section: {section} -->\\nMine.\\n' > "$1"\n""")
    assert f"{section} changed" in open_incident.ok("postmortem", "edit", "INC-1", section).out
    texts = {
        each["id"]: each["text"] for each in open_incident.ok("postmortem", "show", "--json").data
    }
    assert texts.pop(section).strip() == "Mine."
    assert not any(texts.values())


def test_a_failing_editor_keeps_the_file(open_incident: Commands, editor: Path) -> None:
    editor.write_text('#!/bin/sh\necho typed >> "$1"\nexit 3\n')
    outcome = open_incident("postmortem", "edit")
    assert outcome.code == 1
    kept = next((open_incident.home / "drafts").glob("*.md"))
    assert str(kept) in outcome.err
    assert kept.read_text().endswith("typed\n")
    editor.unlink()
    assert open_incident("postmortem", "edit").code == 1


def test_action_items(open_incident: Commands) -> None:
    open_incident.ok(
        "postmortem", "action", "Page on the error rate", "--kind", "detect", "--owner", "kim"
    )
    item = open_incident.ok("show", "--json").data["actions"][0]
    assert (item["title"], item["kind"], item["state"]) == (
        "Page on the error rate",
        "detect",
        "open",
    )
    open_incident.ok("postmortem", "done", item["id"][:6])
    assert open_incident.ok("show", "--json").data["actions"][0]["state"] == "done"


def test_a_deleted_mark_loses_no_section() -> None:
    before = "<!-- section: a --> A.\n\none\n\n<!-- section: b --> B.\n\ntwo\n"
    assert _changes(before, before) == {}
    assert _changes(before, "<!-- section: a --> A.\n\nnew\n") == {"a": "new"}
    assert _changes(before, "no mark at all") == {}
