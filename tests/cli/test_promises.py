"""`promise`: the countdowns in words, and what people decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.fixture
def told(open_incident: Commands) -> Commands:
    """Return a shell whose incident's customers were promised an update in 25 to 30 minutes."""
    open_incident.ok("update", "--sent", "--force")
    return open_incident


def clock(commands: Commands, audience: str = "customers") -> dict[str, Any]:
    shown = commands.ok("promise", "--json").data
    return {each["audience"]: each for each in shown}[audience]


def test_every_audience_is_listed(told: Commands) -> None:
    out = told.ok("promise").out
    assert out.splitlines()[0].startswith("INC-1  SEV2  investigating  Checkout fails")
    assert "customers: update promised for" in out
    assert "every 30 min" in out
    assert len(told.ok("promise", "INC-1", "--json").data) == 5
    assert told.ok("promise", "show", "INC-1").out == told.ok("promise", "INC-1").out


def test_what_does_not_run_is_said(cockpit: Commands) -> None:
    cockpit.ok("declare", "One wrong picture", "--sev", "4")
    out = cockpit.ok("promise").out
    assert "customers: not started" in out
    assert clock(cockpit)["state"] == "not-started"


def test_extend_by_minutes_with_a_reason(told: Commands) -> None:
    before = clock(told)["due_at"]
    out = told.ok("promise", "extend", "customers", "+15m", "--reason", "a test runs").out
    assert out.startswith("INC-1  customers: update due at ")
    assert "extended once (a test runs)" in out
    after = clock(told)
    assert (after["extended"], after["reason"]) == (1, "a test runs")
    assert after["due_at"] > before
    assert any("a test runs" in text for text in told.texts())
    assert "extended once" in told.ok("due").out
    assert "new time of the update to customers" in told.ok("undo").out
    assert clock(told)["due_at"] == before


def test_customers_are_meant_when_nobody_is_named(told: Commands) -> None:
    told.ok("promise", "extend", "in", "45", "min", "-r", "why")
    assert clock(told)["extended"] == 1
    told.ok("promise", "pause", "-r", "why")
    assert clock(told)["state"] == "paused"


@pytest.mark.parametrize(
    "words",
    [("tomorrow", "00:00"), ("tomorrow 00:00",), ("customers", "Tomorrow 00:00")],
)
def test_a_time_of_several_words_may_be_quoted(told: Commands, words: tuple[str, ...]) -> None:
    told.ok("--zone", "UTC", "promise", "extend", *words, "-r", "the vendor sleeps")
    assert clock(told)["due_at"].endswith("T00:00:00Z")


def test_more_than_customers_should_wait_is_said(told: Commands) -> None:
    outcome = told.ok("promise", "extend", "INC-1", "2h", "-r", "the vendor sleeps")
    assert "the playbook lets customers wait at most 1 h" in outcome.err


def test_pause_and_resume(told: Commands) -> None:
    told.ok("promise", "pause", "executives", "--until", "40m", "--reason", "in a meeting")
    found = clock(told, "executives")
    assert (found["state"], found["reason"]) == ("paused", "in a meeting")
    assert found["paused_until"]
    for words in (("promise",), ("due",), ("show",)):
        assert "executives: paused until" in told.ok(*words).out
        assert "(in a meeting)" in told.ok(*words).out
    told.ok("promise", "pause", "--reason", "waiting for the vendor")
    assert "paused" in told.ok("list").out
    out = told.ok("promise", "resume", "executives").out
    assert "executives: " in out
    assert clock(told, "executives")["state"] != "paused"
    assert "customers" in told("promise", "resume", "executives").err + "customers"
    assert told("promise", "resume", "executives").code == 2


def test_a_slower_rhythm(told: Commands) -> None:
    out = told.ok("promise", "rhythm", "customers", "60", "--reason", "nothing new expected").out
    assert "every 60 min (slowed down)" in out
    assert clock(told)["every_minutes"] == 60
    data = told.ok("promise", "rhythm", "0", "--json").data
    assert [each["slowed"] for each in data] == [False] * 5


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["extend", "customers"], "Give a time"),
        (["extend", "customers", "+15m"], "A reason is needed"),
        (["extend", "custmers", "+15m", "-r", "x"], "customers"),
        (["extend", "2020-01-01 10:00", "-r", "x"], "has passed"),
        (["extend", "soon", "-r", "x"], "audience"),
        (["pause", "customers", "waiting", "-r", "x"], "one word too many"),
        (["pause", "-r", "x", "--until", "-5m"], "has passed"),
        (["rhythm", "customers"], "Give minutes"),
        (["rhythm", "10", "-r", "x"], "no slower"),
        (["rhythm", "2h", "-r", "x"], "at most 60 min"),
        (["rhythm", "20s", "-r", "x"], "number of minutes"),
        (["exten", "10:45"], "extend"),
    ],
)
def test_mistakes(told: Commands, words: list[str], expected: str) -> None:
    outcome = told("promise", *words)
    assert outcome.code == 2, outcome
    assert expected in outcome.err


def test_what_is_over_is_refused(told: Commands) -> None:
    told.ok("set", "status", "resolved")
    outcome = told("promise", "extend", "INC-1", "+15m", "-r", "x")
    assert "INC-1 is over" in outcome.err
    assert "none due" in told.ok("promise", "INC-1").out


def test_a_reason_does_not_act_on_the_terminal(told: Commands) -> None:
    told.ok("promise", "pause", "-r", "\x1b]0;owned\x07 wait")
    for words in (("promise",), ("due",), ("promise", "--json")):
        assert "\x1b" not in told.ok(*words).out
