"""`update`: the text on standard output, the checks beside it, copied is not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

FINE = "Payments fail for some customers. We are rolling back. Next update by {} UTC."


def messages(commands: Commands) -> list[tuple[str, str]]:
    found = commands.ok("show", "--json").data["messages"]
    return [(each["msg"]["state"], each["msg"]["stage"]) for each in found]


def test_the_text_alone_goes_to_standard_output(open_incident: Commands) -> None:
    composition = open_incident.ok("update", "--json").data
    assert composition["stage"] == "first word"
    assert composition["audience"] == "customers"
    assert composition["text"].strip() in open_incident.ok("update").out
    assert messages(open_incident) == []


@pytest.mark.parametrize("stage", ["first-word", "investigating", "identified", "no news"])
@pytest.mark.parametrize("audience", ["customers", "executives", "support", "employees"])
def test_every_stage_and_audience(open_incident: Commands, stage: str, audience: str) -> None:
    composed = open_incident.ok("update", "--stage", stage, "--audience", audience, "--json").data
    assert composed["text"].strip()
    assert composed["stage"] == stage.replace("-", " ")


def test_copied_then_sent_is_the_same_text(open_incident: Commands) -> None:
    open_incident.ok("update", "--copy", "--force")
    copied = (open_incident.home / "last-update.txt").read_text()
    assert messages(open_incident) == [("copied", "first word")]
    outcome = open_incident.ok("update", "--sent", "--force")
    assert "sent to customers" in outcome.err
    assert copied.strip() in outcome.out
    assert messages(open_incident)[-1] == ("sent", "first word")


def test_own_text_and_promise(open_incident: Commands) -> None:
    composed = open_incident.ok("update", "--text", FINE.format("10:30"), "--json").data
    assert composed["edited"]
    assert composed["next_at"].endswith("10:30:00Z")
    piped = open_incident.ok("update", "--text", "-", "--json", stdin=b"Next update in 30 min.")
    assert piped.data["next_at"]


def test_next_sets_the_promise(open_incident: Commands) -> None:
    first = open_incident.ok("update", "--next", "20m", "--json").data["next_at"]
    later = open_incident.ok("update", "--next", "45m", "--json").data["next_at"]
    assert first < later


def test_sending_keeps_the_promise_and_moves_the_status(open_incident: Commands) -> None:
    open_incident.ok("update", "--stage", "identified", "--sent", "--force")
    shown = open_incident.ok("show", "--json").data
    assert shown["status"] == "identified"
    customers = next(each for each in shown["audiences"] if each["audience"] == "customers")
    assert customers["last_at"] is not None


def test_a_blocked_text_needs_force(open_incident: Commands) -> None:
    text = "The password is hunter2: AKIAIOSFODNN7EXAMPLE. Next update by 10:30 UTC."
    refused = open_incident("update", "--text", text, "--sent")
    assert refused.code == 1
    assert "--force" in refused.err
    assert messages(open_incident) == []
    open_incident.ok("update", "--text", text, "--sent", "--force")
    assert messages(open_incident)[-1][0] == "sent"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--stage", "identifed"], "identified"),
        (["--audience", "custmers"], "customers"),
        (["--channel", "emial"], "email"),
        (["--text", " "], "empty"),
        (["--next", "soonish"], "soonish"),
    ],
)
def test_mistakes(open_incident: Commands, words: list[str], expected: str) -> None:
    outcome = open_incident("update", *words)
    assert outcome.code == 2
    assert expected in outcome.err
