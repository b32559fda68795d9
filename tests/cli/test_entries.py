"""`log`, `star`, `undo`, `redo`: whatever comes in is kept, nothing acts, nothing crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.store.faults import explain

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_words_become_one_entry(open_incident: Commands) -> None:
    outcome = open_incident.ok("log", "found", "it")
    assert outcome.out.startswith("INC-1 ")
    assert outcome.out.endswith(" note: found it\n")
    assert open_incident.texts()[-1] == "found it"


def test_entry_as_json(open_incident: Commands) -> None:
    entry = open_incident.ok(
        "log", "--kind", "decision", "--at", "2026-11-21T09:10:00Z", "revert", "--json"
    ).data
    assert (entry["text"], entry["kind"], entry["author"]) == ("revert", "decision", "robin")
    assert entry["at"] == "2026-11-21T09:10:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "-5m started before",
        "- an item",
        "-12 % of orders",
        "/api/v1 is down",
        "disk [/bold] full [@click=x]",
        "node-7 is down",
        "42 users affected",
        "@everyone",
    ],
)
def test_text_is_kept_as_it_stands(open_incident: Commands, text: str) -> None:
    open_incident.ok("log", text)
    open_incident.ok("log", *text.split(" "))
    assert open_incident.texts()[-2:] == [text, text]


def test_reference_first_or_as_option(open_incident: Commands) -> None:
    open_incident.ok("declare", "Mail is late")
    assert open_incident("log", "which one?").code == 3
    open_incident.ok("log", "INC-1", "one")
    open_incident.ok("log", "inc2", "two")
    open_incident.ok("log", "--incident", "2", "INC-1", "may be related")
    assert open_incident.texts("INC-1")[-1] == "one"
    assert open_incident.texts("INC-2")[-2:] == ["two", "INC-1 may be related"]


def test_a_wrong_reference_is_not_logged_elsewhere(open_incident: Commands) -> None:
    outcome = open_incident("log", "INC-7", "text")
    assert outcome.code == 3
    assert "INC-1 Checkout fails" in outcome.err
    assert "text" not in " ".join(open_incident.texts())


@pytest.mark.parametrize("words", [["log"], ["log", "INC-1"], ["log", "  "], ["log", "-"]])
def test_nothing_to_log(open_incident: Commands, words: list[str]) -> None:
    assert open_incident(*words).code == 2


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [("--kind", "decison", "decision"), ("--at", "25:99", "25:99"), ("--at", "soonish", "soonish")],
)
def test_wrong_values_say_what_was_expected(
    open_incident: Commands, option: str, value: str, expected: str
) -> None:
    outcome = open_incident("log", option, value, "text")
    assert outcome.code == 2
    assert expected in outcome.err


def test_standard_input_is_one_entry(open_incident: Commands) -> None:
    open_incident.ok("log", "-", "--kind", "evidence", stdin=b"NAME READY\r\npod-1 0/1\n")
    assert open_incident.texts()[-1] == "NAME READY\npod-1 0/1"


def test_standard_input_line_by_line(open_incident: Commands) -> None:
    outcome = open_incident.ok("log", "-", "--lines", stdin=b"one\n\ntwo\r\nthree")
    assert outcome.out == "3 entries logged.\n"
    assert open_incident.texts()[-3:] == ["one", "two", "three"]


def test_broken_bytes_are_replaced(open_incident: Commands) -> None:
    open_incident.ok("log", "-", stdin=b"caf\xe9 \xff\x00 end")
    assert open_incident.texts()[-1].startswith("caf\ufffd \ufffd")


def test_a_long_line_is_kept_in_marked_parts(open_incident: Commands) -> None:
    open_incident.ok("log", "-", stdin=b"x" * 1_200_000)
    texts = open_incident.texts()
    assert "cut here" in texts[-1]
    assert sum(text.count("x") for text in texts) == 1_000_000


@pytest.mark.parametrize(
    "text", ["\x1b]52;c;aGk=\x07", "\x9b31m red", "a\u202eb", "a\u200bb", "\x7f", "tab\there"]
)
def test_no_byte_of_a_text_acts_on_the_terminal(open_incident: Commands, text: str) -> None:
    open_incident.ok("log", text)
    open_incident.ok("set", "title", text)
    for words in (["show"], ["list"], ["log", text], ["due"], ["search", "title"]):
        out = open_incident.ok(*words).out
        assert not set("\x1b\x07\x9b\u202e\u200b\x7f\t") & set(out)
    shown = open_incident.ok("show", "--json")
    assert not set("\x1b\x07\x9b\u202e\u200b\x7f\t") & set(shown.out)
    assert text in [entry["text"] for entry in shown.data["timeline"]]


def test_star_the_last_or_the_one_named(open_incident: Commands) -> None:
    open_incident.ok("log", "found the cause")
    open_incident.ok("log", "lunch")
    assert open_incident.ok("star", "cause", "--json").data["starred"]
    assert open_incident.ok("star", "--json").data["text"] == "lunch"
    assert not open_incident.ok("star", "--off", "--json").data["starred"]
    assert open_incident("star", "no such text").code == 2


def test_undo_and_redo(open_incident: Commands) -> None:
    open_incident.ok("log", "too early")
    assert "too early" in open_incident.ok("undo").out
    assert "too early" not in open_incident.texts()
    assert open_incident.ok("redo").out.startswith("Done again")
    assert open_incident.texts()[-1] == "too early"
    assert open_incident("redo").code == 2
    assert open_incident("undo", "INC-1", "x").code == 2


def test_what_cannot_be_stored_is_kept(cockpit: Commands) -> None:
    cockpit.home.mkdir()
    (cockpit.home / "cockpit.db").write_bytes(b"not a database at all" * 100)
    for words, stdin in ((["typed text"], b""), (["-"], b"piped text")):
        outcome = cockpit("log", *words, stdin=stdin)
        assert outcome.code == 1
        assert "not-logged.txt" in outcome.err
    kept = cockpit.home / "drafts" / "not-logged.txt"
    assert kept.read_text() == "typed text\npiped text\n"
    assert kept.stat().st_mode & 0o077 == 0


def test_an_option_may_hold_a_value_with_spaces(open_incident: Commands) -> None:
    noted = open_incident.ok("log", "--at=2026-01-02 03:04", "it", "began", "--json").data
    assert (noted["at"], noted["text"]) == ("2026-01-02T03:04:00Z", "it began")
    asked = open_incident.ok("ask", "--of=Ana Lee", "restart", "it", "--json").data
    assert (asked["owner"], asked["title"]) == ("Ana Lee", "restart it")
    kept = open_incident.ok("log", "--flag=one two", "--", "--at=soon or later", "--json")
    assert "--flag=one two" in kept.out


def test_a_refused_command_promises_nothing(
    cockpit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise explain(OSError(28, "No space left on device"), cockpit.home)

    cockpit.ok("declare", "Checkout fails")
    monkeypatch.setattr("cockpit.store.database.Store.write", refuse)
    refused = cockpit("ask", "restart the cache")
    assert refused.code == 1
    assert "No space left" in refused.err
    assert "kept" not in refused.err
