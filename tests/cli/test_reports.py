"""`report`: one incident and many, in plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_one_incident_is_reported(open_incident: Commands) -> None:
    assert "No update was sent to anybody." in open_incident.ok("report").out
    open_incident.ok("update", "--stage", "investigating", "--sent")
    lines = open_incident.ok("report", "INC-1").out.splitlines()
    assert lines[0] == "INC-1  SEV2  investigating  Checkout fails"
    assert lines[2].split()[:2] == ["AUDIENCE", "SENT"]
    assert lines[3].startswith("customers  1 ")


def test_many_incidents_are_reported_by_period(open_incident: Commands) -> None:
    open_incident.ok("update", "--stage", "investigating", "--sent")
    open_incident.ok("declare", "An exercise", "--drill")
    assert open_incident.ok("report", "--all").out.startswith("2 incidents\n")
    out = open_incident.ok("report", "--all", "--by", "quarter", "--no-drills").out
    assert "-Q" in out.splitlines()[0]
    assert out.splitlines()[0].endswith(": 1 incident")
    assert open_incident.ok("report", "--all", "--since", "2999-01-01").out == (
        "No incident began in that time.\n"
    )
    assert open_incident.ok("report", "--all", "--since", "2999-01-01", "--json").data == []


def test_wrong_words_are_answered_in_words(open_incident: Commands) -> None:
    assert "Did you mean quarter" in open_incident("report", "--all", "--by", "quater").err
    assert "is not a day" in open_incident("report", "--all", "--since", "soon").err
    assert "belong to --all" in open_incident("report", "--by", "week").err
    assert "or give --all" in open_incident("report", "INC-1", "--all").err
