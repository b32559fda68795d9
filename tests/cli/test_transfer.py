"""`export`, `import`, `demo`: out and in again, never over a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.cli.transfer import IMPORT_FORMATS
from cockpit.service.imports import FORMATS
from tests.cli.test_json import keys
from tests.service.foreign_files import export, message, rule

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.mark.parametrize("form", ["md", "html", "timeline"])
def test_every_format_to_standard_output(open_incident: Commands, form: str) -> None:
    assert open_incident.ok("export", "--format", form).out.strip()


def test_the_public_form_goes_out_once_nothing_stands_in_its_way(
    open_incident: Commands, tmp_path: Path
) -> None:
    refused = open_incident("export", "-f", "public", "-o", str(tmp_path))
    assert refused.code == 1
    assert "Still open" in refused.err
    assert "cockpit postmortem check INC-1 --public" in refused.err
    assert list(tmp_path.glob("*public*")) == []
    for section in ("what_happened", "what_we_did"):
        open_incident.ok("postmortem", "set", "INC-1", section, "A queue filled up in db-07.")
    left = open_incident("postmortem", "check", "--public", "--json").data["findings"]
    assert {(each["section"], each["kind"], each["line"]) for each in left} == {
        ("what_happened", "outgoing", 1),
        ("what_we_did", "outgoing", 1),
    }
    open_incident.ok("postmortem", "set", "INC-1", "what_we_did", "We made room.")
    open_incident("postmortem", "check", "--public", "--accept", left[0]["id"])
    out = open_incident.ok("export", "-f", "public").out
    assert "A queue filled up in db-07." in out
    open_incident.ok("undo")
    assert "db-07" in open_incident("export", "-f", "public").err


def test_markdown_holds_the_facts(open_incident: Commands) -> None:
    open_incident.ok("log", "found the cause")
    out = open_incident.ok("export", "INC-1").out
    assert "INC-1" in out
    assert "found the cause" in out


def test_a_file_is_never_written_over(open_incident: Commands, tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    outcome = open_incident.ok("export", "-o", str(target))
    assert outcome.out == ""
    assert str(target) in outcome.err
    before = target.read_text()
    open_incident.ok("log", "more")
    refused = open_incident("export", "-o", str(target))
    assert refused.code == 1
    assert "--force" in refused.err
    assert target.read_text() == before
    open_incident.ok("export", "-o", str(target), "--force")
    assert "more" in target.read_text()


def test_a_directory_gets_a_named_file(open_incident: Commands, tmp_path: Path) -> None:
    open_incident.ok("export", "-o", str(tmp_path))
    open_incident.ok("export", "-f", "json", "-o", str(tmp_path))
    open_incident.ok("export", "-f", "timeline", "-o", str(tmp_path))
    names = {each.name for each in tmp_path.iterdir() if each.is_file()}
    assert names == {"INC-1.md", "INC-1.json", "INC-1-timeline.md"}


def test_json_comes_back_elsewhere(
    open_incident: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_incident.ok("log", "caf\u00e9 \x1b[31m \u202e")
    file = tmp_path / "incident.json"
    printed = open_incident.ok("export", "--format", "json").out
    assert not set("\x1b\u202e") & set(printed)
    json.loads(printed)
    file.write_text(printed)
    texts = open_incident.texts()
    monkeypatch.setenv("COCKPIT_HOME", str(tmp_path / "elsewhere"))
    open_incident.ok("import", "cockpit", str(file))
    assert open_incident.texts("INC-1") == texts
    again = open_incident.ok("import", "cockpit", str(file), "--json").data
    assert list(again) == keys("What an import did")
    assert again["entries_new"] == 0


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["export", "--format", "markdwn"], 2, "md"),
        (["export", "-o", "/no/such/directory/x.md"], 1, "/no/such/directory"),
        (["import", "statuspge", "x"], 2, "statuspage"),
        (["import", "statuspage", "/no/such/file"], 1, "/no/such/file"),
        (["export", "--since", "soonish"], 2, "soonish"),
    ],
)
def test_mistakes(open_incident: Commands, words: list[str], code: int, expected: str) -> None:
    outcome = open_incident(*words)
    assert outcome.code == code
    assert expected in outcome.err


def test_a_chat_and_alerts_go_into_the_incident(open_incident: Commands, tmp_path: Path) -> None:
    chat = tmp_path / "export.zip"
    chat.write_bytes(export(message("hi"), **{"random/2026-03-04.json": [message("aside")]}))
    words = ("import", "slack", str(chat), "--into", "INC-1", "-c", "checkout", "--until", "now")
    assert open_incident.ok(*words).out == "Imported 1 new entry. Left out: 1 other channel.\n"
    assert "Ana: hi" in open_incident.texts("INC-1")
    body = json.dumps(rule()).encode()
    refused = open_incident("import", "grafana", "-", stdin=body)
    assert refused.code == 1
    assert "--at 09:10" in refused.err
    open_incident.ok("import", "grafana", "-", "--at", "-5m", "--into", "INC-1", stdin=body)
    assert len(open_incident.ok("list", "--all", "--json").data) == 1


def test_an_import_that_is_not_told_right(open_incident: Commands) -> None:
    mistaken = open_incident("import", "statuspage", "x.json", "--channel", "a")
    assert (mistaken.code, "--channel means nothing" in mistaken.err) == (2, True)
    assert open_incident("import", "slack", "x.zip", "--into", "INC-9").code == 3


def test_of_several_files_a_refused_one_leaves_the_others_in(
    cockpit: Commands, tmp_path: Path
) -> None:
    for name, title in (("a", "# 2021-05-10 Slow"), ("b", "# No date"), ("c", "# 2021-05-11 Down")):
        (tmp_path / f"{name}.md").write_text(f"{title}\n\n## Summary\n\nIt was.\n")
    files = [str(tmp_path / f"{name}.md") for name in "abc"]
    done = cockpit("import", "postmortem", *files)
    assert done.code == 1
    assert [line.split(": ")[0] for line in done.out.splitlines()] == [files[0], files[2]]
    assert files[1] in done.err
    assert "no date was found" in done.err
    assert len(cockpit.ok("list", "--all", "--json").data) == 2


def test_the_shell_completes_what_can_be_imported() -> None:
    assert IMPORT_FORMATS == FORMATS


def test_demo_leaves_the_own_database_alone(open_incident: Commands) -> None:
    out = open_incident.ok("demo").out
    assert f"COCKPIT_HOME={open_incident.home / 'demo'}" in out
    assert len(open_incident.ok("list", "--all", "--json").data) == 1
    assert open_incident.ok("demo").out == out


def test_demo_here(cockpit: Commands) -> None:
    cockpit.ok("demo", "--here")
    found = cockpit.ok("list", "--all", "--json").data
    assert len(found) > 1
    for each in found:
        cockpit.ok("export", each["ref"])
