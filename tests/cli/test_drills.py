"""`drill` on the command line: list, start, go on, look back; the debrief agrees with the log."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from msgspec.structs import fields

from cockpit.domain.drill import Inject
from cockpit.service import drill_runner
from tests.cli.conftest import Commands
from tests.cli.test_json import keys
from tests.drill_log import check_agreement


def test_the_scenarios_are_listed(cockpit: Commands) -> None:
    out = cockpit.ok("drill", "--list").out
    assert "checkout-outage" in out
    assert "BEGUN" not in out
    shown = cockpit.ok("drill", "--list", "--json").data
    assert {"data-seen", "payment-provider"} <= {each["id"] for each in shown["scenarios"]}
    assert shown["drills"] == []
    assert cockpit.ok("drill").out == out, "with nothing to go on with, it says what there is"


def test_without_a_terminal_it_is_made_ready_and_gone_on_with(cockpit: Commands) -> None:
    out = cockpit.ok("drill", "data-seen", "--speed", "10").out
    assert "“A customer saw somebody else's orders” is ready" in out
    assert "export COCKPIT_HOME=" in out
    assert "goes on at minute 0" in cockpit.ok("drill").out
    assert "goes on at minute 0" in cockpit.ok("drill", "data-seen").out
    assert "is ready" in cockpit.ok("drill", "data-seen", "--fresh").out
    begun = cockpit.ok("drill", "--list", "--json").data["drills"]
    assert [(each["scenario"], each["speed"]) for each in begun] == [
        ("data-seen", 10.0),
        ("data-seen", 1.0),
    ]
    assert "data-seen" in cockpit.ok("drill", "--list").out.split("BEGUN")[1]
    assert cockpit.ok("list", "--json", "--all").data == [], "nothing is among the user's own"


def test_its_home_is_used_like_any_other(
    cockpit: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cockpit.ok("drill", "checkout-outage")
    home = cockpit.ok("drill", "--list", "--json").data["drills"][0]["home"]
    monkeypatch.setenv("COCKPIT_HOME", home)
    assert "is ready" in cockpit.ok("drill").out, "this very drill goes on"
    assert "unset COCKPIT_HOME" in cockpit("drill", "data-seen").err
    cockpit.ok("set", "stage", "acknowledged")
    cockpit.ok("tell", "on-call-team")
    cockpit.ok("update", "--sent")
    cockpit.ok("set", "status", "resolved")
    found = cockpit.ok("drill", "debrief", "--json").data
    log = json.loads(cockpit.ok("export", "INC-1", "--format", "json").out)
    check_agreement(found, log)
    text = cockpit.ok("drill", "debrief").out
    assert all(each["sentence"] in text for each in found["findings"])
    page = tmp_path / "debrief.md"
    cockpit.ok("drill", "debrief", "--out", str(page))
    assert page.read_text().startswith("# Debrief: Customers cannot pay\n")
    assert cockpit("drill", "debrief", "--out", str(page)).code == 1
    cockpit.ok("drill", "debrief", "--out", str(page), "--force")


def test_the_debrief_is_that_of_the_latest_or_of_the_one_named(cockpit: Commands) -> None:
    missing = cockpit("drill", "debrief")
    assert (missing.code, "No drill was begun yet" in missing.err) == (3, True)
    cockpit.ok("drill", "data-seen")
    cockpit.ok("drill", "checkout-outage")
    assert cockpit.ok("drill", "debrief", "--json").data["scenario"] == "checkout-outage"
    assert cockpit.ok("drill", "debrief", "data-seen", "--json").data["scenario"] == "data-seen"


def test_a_past_incident_is_replayed_by_its_reference(cockpit: Commands) -> None:
    cockpit.ok("declare", "Checkout fails", "--sev", "2")
    cockpit.ok("log", "--kind", "observation", "memory errors")
    assert "still goes on" in cockpit("drill", "INC-1").err
    cockpit.ok("set", "status", "resolved")
    assert "“Checkout fails” is ready" in cockpit.ok("drill", "INC-1").out
    assert cockpit.ok("drill", "debrief", "INC-1", "--json").data["replays"] == "INC-1"


def test_a_drill_declared_by_hand_has_a_debrief(cockpit: Commands) -> None:
    cockpit.ok("declare", "Just a try", "--drill")
    assert cockpit.ok("drill", "debrief", "INC-1", "--json").data["scenario"] == ""


def test_run_lets_things_come_in_without_the_app(
    cockpit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill_runner, "LOOK_SECONDS", 0.02)
    own = cockpit.home / "scenarios"
    own.mkdir(parents=True)
    (own / "short.toml").write_text(
        'title = "Short"\nseverity = "SEV2"\nminutes = 2\n'
        '[[injects]]\nat = 1\nby = "support"\ntext = "a customer calls"\n'
    )
    out = cockpit.ok("drill", "run", "short", "--speed", "600").out
    assert "1 min  support: a customer calls" in out
    assert "2 min  drill: The time of the exercise is up" in out
    found = cockpit.ok("drill", "debrief", "--json").data
    assert (found["injects"], found["came_in"], found["over"]) == (1, 1, False)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing",), 2, "“nothing” is not a scenario"),
        (("checkout",), 2, "Did you mean checkout-outage?"),
        (("checkout-outage", "--speed", "0"), 2, "times as fast"),
        (("checkout-outage", "--speed", "nan"), 2, "times as fast"),
        (("one", "two"), 2, "Name one scenario"),
        (("--fresh",), 2, "Say which scenario"),
        (("checkout-outage", "--out", "x.md"), 2, "belong to the debrief"),
        (("INC-7",), 3, "No incident is called"),
        (("debrief", "data-seen"), 3, "No drill of “data-seen”"),
    ],
)
def test_what_cannot_be_is_told(
    cockpit: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    outcome = cockpit("drill", *words)
    assert (outcome.code, said in outcome.err) == (code, True), outcome


def test_a_read_only_cockpit_starts_no_drill(cockpit: Commands) -> None:
    outcome = cockpit("--readonly", "drill", "checkout-outage")
    assert outcome.code == 1
    assert not (cockpit.home / "drills").exists()


def test_the_page_names_the_keys(cockpit: Commands) -> None:
    cockpit.ok("drill", "checkout-outage")
    listed = cockpit.ok("drill", "--list", "--json").data
    assert list(listed) == keys("The scenarios and drills")
    assert list(listed["scenarios"][0]) == keys("A scenario")
    assert list(listed["drills"][0]) == keys("A drill")
    found = cockpit.ok("drill", "debrief", "--json").data
    assert list(found) == keys("A debrief")
    assert list(found["findings"][0]) == keys("A finding of a debrief")


def test_the_page_s_scenario_is_one(cockpit: Commands) -> None:
    page = (Path(__file__).parents[2] / "docs" / "drills.md").read_text(encoding="utf-8")
    own = cockpit.home / "scenarios"
    own.mkdir(parents=True)
    text = page.split("```toml\n")[1].split("```")[0]
    (own / "sign-in.toml").write_text(text, encoding="utf-8")
    shown = cockpit.ok("drill", "--list", "--json").data["scenarios"]
    assert ("sign-in", 3) in [(each["id"], each["injects"]) for each in shown]
    named = {each.name for each in fields(Inject)}
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == named
