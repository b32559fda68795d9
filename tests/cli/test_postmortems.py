"""`postmortem`: shown, edited in an editor, set from a pipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
    public = open_incident.ok("postmortem", "show", "INC-1", "--public")
    assert public.out.startswith("# ")
    assert "It cannot go out yet: 2 things are left. cockpit postmortem check INC-1" in public.err


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


def texts(commands: Commands) -> dict[str, str]:
    shown = commands.ok("postmortem", "show", "--json").data
    return {each["id"]: each["text"].strip() for each in shown if each["text"].strip()}


@pytest.mark.parametrize("words", [["SECTION"], ["INC-1", "SECTION"], ["--section", "SECTION"]])
def test_one_section_is_edited_without_a_heading(
    open_incident: Commands, editor: Path, words: list[str]
) -> None:
    section = first_section(open_incident)
    chosen = [each.replace("SECTION", section) for each in words]
    assert "Nothing changed" in open_incident.ok("postmortem", "edit", *chosen).out
    editor.write_text("""#!/bin/sh\nprintf '## Mine\\n\\nAll of it.\\n' > "$1"\n""")
    assert "Summary changed" in open_incident.ok("postmortem", "edit", *chosen).out
    assert texts(open_incident) == {section: "## Mine\n\nAll of it."}


def test_the_whole_document_comes_back_by_its_headings(
    open_incident: Commands, editor: Path
) -> None:
    assert "Nothing changed" in open_incident.ok("postmortem", "edit").out
    open_incident.ok("postmortem", "set", "impact", "A third of all orders.")
    editor.write_text(
        "#!/bin/sh\n"
        """printf '## Summary\\n\\nMine.\\n\\n## Odds and ends\\n\\nKept.\\n' > "$1"\n"""
    )
    out = open_incident.ok("postmortem", "edit").out
    assert "Summary changed. New: Odds and ends." in out
    assert "“Impact”" in out
    assert texts(open_incident) == {
        "summary": "Mine.",
        "impact": "A third of all orders.",
        "odds_and_ends": "Kept.",
    }
    assert "## Odds and ends\n\nKept." in open_incident.ok("postmortem", "show").out


def test_what_others_write_while_the_editor_is_open_stays(
    open_incident: Commands, editor: Path
) -> None:
    open_incident.ok("postmortem", "set", "summary", "alpha omega")
    run = "import sys; from cockpit.cli import run; sys.exit(run(sys.argv[1:]))"
    editor.write_text(
        "#!/bin/sh\n"
        f"""{sys.executable} -c '{run}' postmortem set summary 'alpha omega theirs'\n"""
        """sed -i 's/alpha/mine alpha/' "$1"\n"""
    )
    open_incident.ok("postmortem", "edit")
    assert texts(open_incident) == {"summary": "mine alpha omega theirs"}


def test_check_says_what_is_left_until_nothing_is(open_incident: Commands) -> None:
    open_incident.ok("postmortem", "set", "summary", "The team should have known. Be careful.")
    outcome = open_incident("postmortem", "check")
    assert outcome.code == 1
    assert "line 1: “should have”" in outcome.out
    assert "There is no action item" in outcome.out
    assert "Still open: “Which conditions" in outcome.out
    data = open_incident("postmortem", "check", "--json").data
    assert (data["ref"], data["form"]) == ("INC-1", "internal")
    hint = next(each for each in data["findings"] if each["kind"] == "blame")
    assert (hint["section"], hint["start"], hint["stop"]) == ("summary", 9, 20)
    assert "should have" not in open_incident("postmortem", "check", "--accept", hint["id"]).out
    assert "should have" not in open_incident("postmortem", "check", "INC-1").out
    assert "accepting “should have”" in open_incident.ok("undo").out
    assert "should have" in open_incident("postmortem", "check").out
    wrong = open_incident("postmortem", "check", "--accept", "nothing")
    assert wrong.code == 2
    for section in [each["id"] for each in open_incident.ok("postmortem", "show", "--json").data]:
        open_incident.ok("postmortem", "set", section, "It is written.")
    open_incident.ok("postmortem", "action", "Alert", "--owner", "ana", "--due", "2026-12-01")
    assert "INC-1: Nothing is left" in open_incident.ok("postmortem", "check").out


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


def test_drafting_again_says_what_came_in(open_incident: Commands) -> None:
    open_incident.ok("log", "--kind", "decision", "revert the release")
    taken = open_incident.ok("postmortem", "draft", "steps")
    assert taken.out == "INC-1: Steps taken: 1 line added.\n"
    open_incident.ok("log", "--kind", "action", "reverted")
    again = open_incident.ok("postmortem", "draft").out.splitlines()
    assert "INC-1: Steps taken: 1 line added." in again
    (others,) = (each for each in again if "nobody has written there" in each)
    assert others.startswith("INC-1: Summary, Impact, Root cause, ")
    assert others.endswith(": nobody has written there; the draft follows the facts.")
    states = open_incident.ok("postmortem", "draft", "INC-1", "--json").data
    assert {each["section"]: each["state"] for each in states}["steps"] == "same"
    assert open_incident.ok("undo").out == "Undone: the draft of “steps”\n"
    assert "reverted" not in texts(open_incident)["steps"]
    assert "root_cause" in open_incident("postmortem", "draft", "rootcause").err
