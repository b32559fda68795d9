"""`close` and `component`: what is left, waived with a reason, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_close_says_what_is_left_and_how_to_go_on(open_incident: Commands) -> None:
    outcome = open_incident("close")
    assert outcome.code == 1
    lines = outcome.out.splitlines()
    assert lines[0] == "INC-1 is not closed yet: 2 things are left."
    assert "  ! owner        Nobody owns the post-mortem." in lines
    assert lines[lines.index("  ! owner        Nobody owns the post-mortem.") + 1].strip() == (
        "Name its owner: cockpit set INC-1 pm.owner NAME"
    )
    assert lines[-1] == "What does not apply: cockpit close INC-1 --waive owner=REASON"
    assert open_incident.ok("show", "--json").data["stage"] == "detected"


def test_what_is_waived_is_recorded_and_the_rest_stays_left(open_incident: Commands) -> None:
    outcome = open_incident("close", "--waive", "owner=the team=owns it")
    assert outcome.code == 1
    assert "Waived: the team=owns it" in outcome.out
    assert "1 thing is left" in outcome.out
    closed = open_incident.ok("close", "--waive", "meeting=in the weekly", "--reason", "all calm")
    assert closed.out.startswith("INC-1 is closed.\n")
    shown = open_incident.ok("show", "INC-1", "--json").data
    assert shown["stage"] == "closed"
    texts = [each["text"] for each in shown["timeline"]]
    assert texts[-3:] == [
        "Closing check “owner” waived: the team=owns it",
        "Closing check “meeting” waived: in the weekly",
        "Stage: detected → closed (all calm)",
    ]


def test_waivers_are_recorded_all_or_none(open_incident: Commands) -> None:
    refused = open_incident("close", "--waive", "owner=the team", "--waive", "meting=soon")
    assert refused.code == 2
    assert "Did you mean meeting?" in refused.err
    assert open_incident.ok("show", "--json").data["waivers"] == {}
    open_incident.ok("close", "--waive", "owner=the team", "--waive", "meeting=soon")
    open_incident.ok("undo", "INC-1")
    assert open_incident.ok("undo", "INC-1").out == "Undone: the waiver of owner, meeting\n"
    assert open_incident.ok("show", "--json").data["waivers"] == {}
    open_incident.ok("redo")
    assert set(open_incident.ok("show", "--json").data["waivers"]) == {"owner", "meeting"}


def test_a_check_is_asked_for_again(open_incident: Commands) -> None:
    open_incident("close", "--waive", "owner=nobody", "--waive", "meeting=nobody", "--check")
    assert "INC-1 can be closed" in open_incident.ok("close", "--check").out
    outcome = open_incident("close", "--unwaive", "owner", "--json")
    assert outcome.code == 1
    assert [each["id"] for each in outcome.data["checks"] if each["left"]] == ["owner"]


def test_one_that_is_over_and_not_closed_needs_no_name(open_incident: Commands) -> None:
    open_incident.ok("set", "severity", "4")
    open_incident.ok("set", "stage", "resolved")
    assert open_incident("show").code == 3
    assert open_incident.ok("close").out.startswith("INC-1 is closed.")
    assert open_incident("close").code == 3


def test_the_other_door_asks_for_the_same(open_incident: Commands) -> None:
    refused = open_incident("set", "stage", "closed")
    assert refused.code == 2
    assert "Nobody owns the post-mortem. (owner)" in refused.err
    assert "cockpit close INC-1 --waive owner=REASON" in refused.err


def test_wrong_words_are_answered_in_words(open_incident: Commands) -> None:
    assert "names no reason" in open_incident("close", "--waive", "owner").err
    assert "Did you mean meeting" in open_incident("close", "--waive", "meting=x").err
    assert "needs a reason" in open_incident("close", "--waive", "owner=").err


def test_components_are_listed_and_set(open_incident: Commands) -> None:
    assert "Orders and payments             nobody said" in open_incident.ok("component").out
    open_incident.ok("component", "orders", "partial", "--reason", "cards fail")
    data = open_incident.ok("component", "INC-1", "--json").data
    states = {each["name"]: each["state"] for each in data}
    assert states["Orders and payments"] == "partial_outage"
    assert states["Website and apps"] is None
    assert "Orders and payments: partial outage (cards fail)" in open_incident.texts()
    assert "Which state" in open_incident("component", "orders").err
    assert "Did you mean major" in open_incident("component", "orders", "mayor").err
    left = open_incident("close", "--check").out
    assert "Not operational: Orders and payments (partial outage)." in left
