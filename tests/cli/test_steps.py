"""`steps`, `handover`, the affected area, and how the cadence was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

OWN_STEP = """
[[steps]]
id = "call"
front = "identify"
text = "Call the owner"
role = "commander"
"""


def test_steps_say_what_is_done_next_and_whose(open_incident: Commands) -> None:
    lines = open_incident.ok("steps").out.splitlines()
    assert lines[0] == "Identify"
    assert lines[1].startswith("  > acknowledge")
    assert "Incident manager: robin, next" in lines[1]
    assert any(line.startswith("  ✓ severity") for line in lines)
    shown = open_incident.ok("show").out
    assert "next step  Acknowledge the alert (Incident manager: robin)" in shown
    data = open_incident.ok("steps", "INC-1", "--json").data
    assert [each["id"] for each in data if each["next"]] == ["acknowledge"]


def test_a_step_is_ticked_by_hand(open_incident: Commands) -> None:
    playbook = open_incident.home / "playbook.toml"
    playbook.write_text(OWN_STEP, encoding="utf-8")
    assert "  · call" in open_incident.ok("steps").out
    assert "  ✓ call" in open_incident.ok("steps", "--tick", "call").out
    assert "  · call" in open_incident.ok("steps", "--untick", "call").out
    assert "ticks itself" in open_incident("steps", "--tick", "command").err


def test_the_area_names_team_and_contact(open_incident: Commands) -> None:
    assert "Did you mean orders" in open_incident("set", "area", "ordres").err
    open_incident.ok("set", "area", "orders")
    assert "Orders and payments, Checkout team, on-call rota" in open_incident.ok("show").out
    assert "✓ owner" in open_incident.ok("steps").out
    assert (
        "| Affected area | Orders and payments, Checkout team"
        in open_incident.ok("export", "INC-1", "--format", "md").out
    )
    assert open_incident.ok("show", "--json").data["area"] == "orders"


def test_a_handover_is_printed(open_incident: Commands) -> None:
    open_incident.ok("log", "revert", "--kind", "decision")
    page = open_incident.ok("handover").out
    assert page.startswith("# INC-1 Checkout fails\n")
    assert " revert\n" in page
    assert "Incident manager: robin" in open_incident.ok("handover", "--plain").out
    data = open_incident.ok("handover", "INC-1", "--json").data
    assert (data["ref"], data["parts"][0]["id"]) == ("INC-1", "state")


def test_an_incident_that_is_over_says_how_its_cadence_was_kept(open_incident: Commands) -> None:
    assert open_incident.ok("show", "--json").data["cadence"] is None
    open_incident.ok("update", "--stage", "first word", "--sent")
    open_incident.ok("set", "status", "resolved")
    shown = open_incident.ok("show", "INC-1")
    assert "cadence    1 of 1 deadline kept, longest silence" in shown.out
    cadence = open_incident.ok("show", "INC-1", "--json").data["cadence"]
    assert (cadence["updates"], cadence["kept"], cadence["missed"]) == (1, 1, 0)


def test_a_handover_is_kept_as_given(open_incident: Commands) -> None:
    page = open_incident.ok("handover", "--given").out
    assert page.startswith("# INC-1 Checkout fails\n")
    assert open_incident.texts()[-1].startswith("State summary: INC-1 Checkout fails, as of ")
    said = open_incident.ok("undo").out
    assert said.startswith("Undone: “State summary: INC-1 Checkout fails, as of ")
    assert "\u240a" not in said
    assert not said.endswith(" ”\n")
    assert not open_incident.texts()[-1].startswith("State summary")


def test_who_takes_a_role_over_is_pointed_to_the_sheet(open_incident: Commands) -> None:
    handed = open_incident.ok("set", "role.commander", "ana").out
    assert handed.endswith("Next: cockpit handover INC-1\n")
    assert "Next:" not in open_incident.ok("set", "role.scribe", "ben").out
    assert "Next:" not in open_incident.ok("set", "role.commander", "ana").out
    assert "Next:" not in open_incident.ok("set", "role.commander", "nobody").out
