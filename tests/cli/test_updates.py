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
    there = open_incident.ok("--zone", "UTC", "update", "--next", "00:00 UTC", "--json")
    assert there.data["next_at"].endswith("T00:00:00Z")


@pytest.mark.parametrize("far", ["900000d", "9999-12-31 10:00", "9999-12-31"])
def test_a_promise_that_nobody_will_see_is_refused(open_incident: Commands, far: str) -> None:
    refused = open_incident("update", "--next", far)
    assert refused.code == 2
    assert "too far from now" in refused.err


def test_a_name_that_fills_nothing_is_refused(open_incident: Commands) -> None:
    refused = open_incident("update", "--fill", "impact_txt=No orders.", "--sent", "--force")
    assert refused.code == 2
    assert "Did you mean impact_text?" in refused.err
    assert messages(open_incident) == []


def test_what_fills_the_template_is_never_dropped(open_incident: Commands) -> None:
    open_incident.ok("update", "--copy", "--force")
    sent = open_incident.ok("update", "--fill", "impact_text=No orders.", "--sent", "--force")
    assert "No orders." in sent.out
    for option in (("--next", "20m"), ("--fill", "impact_text=No orders.")):
        refused = open_incident("update", "--text", FINE.format("10:30"), *option)
        assert refused.code == 2
        assert "write it into your text" in refused.err


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


def test_an_unfilled_variable_needs_a_word_and_can_be_filled(open_incident: Commands) -> None:
    words = ("update", "--stage", "published")
    refused = open_incident(*words, "--sent")
    assert refused.code == 1
    assert "--yes" in refused.err
    assert "postmortem_link" in refused.err
    assert messages(open_incident) == []
    link = "postmortem_link=https://status.example.com/42"
    filled = open_incident.ok(*words, "--fill", link, "--json").data
    assert filled["unfilled"] == []
    assert "https://status.example.com/42" in filled["text"]
    assert open_incident(*words, "--fill", "nothing").code == 2
    open_incident.ok(*words, "--sent", "--yes")
    assert messages(open_incident) == [("sent", "published")]


def test_the_variables_are_listed_plain_and_as_json(open_incident: Commands) -> None:
    open_incident.ok("set", "impact_text", "Cards are refused")
    plain = open_incident.ok("update", "variables", "--stage", "published").out.splitlines()
    assert plain[1].startswith("postmortem_link")
    assert "not filled" in plain[1]
    listed = open_incident.ok("update", "variables", "INC-1", "--stage", "scope", "--json").data
    found = {each["name"]: each for each in listed}
    assert found["impact_text"]["value"] == "Cards are refused"
    assert not found["workaround"]["filled"]
    assert not found["workaround"]["needed"]
    assert "cockpit set workaround" in found["workaround"]["fill"]


def test_a_sent_text_is_corrected_without_a_new_update(open_incident: Commands) -> None:
    assert open_incident("update", "correct", "--text", "x").code == 2
    open_incident.ok("update", "--text", FINE.format("10:30"), "--sent", "--yes")
    before = open_incident.ok("show", "--json").data
    right = FINE.format("10:30").replace("some customers", "one in ten customers")
    told = open_incident.ok(
        "update", "correct", "--text", "-", "--reason", "the share", stdin=right.encode()
    )
    assert told.out.strip() == right
    assert "no countdown begins again" in told.err
    after = open_incident.ok("show", "--json").data
    assert [each["text"] for each in after["messages"]] == [right]
    assert after["messages"][0]["corrected"]
    assert [each["due_at"] for each in after["audiences"]] == [
        each["due_at"] for each in before["audiences"]
    ]
    assert any("Corrected the update to customers" in each for each in open_incident.texts())
    assert "(corrected)" in open_incident.ok("show").out
    again = open_incident("update", "correct", "--text", right)
    assert (again.code, "Nothing was changed" in again.err) == (2, True)
    entry = after["messages"][0]["entry"]
    named = ("update", "correct", "INC-1", "--entry", entry[:8], "--text", f"{right} 10:45")
    assert open_incident.ok(*named, "--json").data["corrected"]


def test_amend_corrects_a_sent_text_the_same_way(open_incident: Commands) -> None:
    open_incident.ok("update", "--text", FINE.format("10:30"), "--sent", "--yes")
    entry = open_incident.ok("show", "--json").data["messages"][0]["entry"]
    open_incident.ok("amend", entry[:10], "Payments work for nobody. Next update by 10:30 UTC.")
    assert any("Corrected the update to customers" in each for each in open_incident.texts())


def test_a_secret_is_not_corrected_into_a_sent_text(open_incident: Commands) -> None:
    open_incident.ok("update", "--text", FINE.format("10:30"), "--sent", "--yes")
    refused = open_incident("update", "correct", "--text", "AKIAIOSFODNN7EXAMPLE fails.")
    assert refused.code == 1
    assert "--yes" in refused.err


def test_the_public_thread_is_printed_newest_first_and_copied(open_incident: Commands) -> None:
    empty = open_incident.ok("update", "thread")
    assert (empty.out, "Nothing was sent" in empty.err) == ("", True)
    assert open_incident.ok("update", "thread", "--json").data == []
    open_incident.ok("update", "--text", FINE.format("10:30"), "--sent", "--yes")
    open_incident.ok("update", "--stage", "resolved", "--sent", "--yes")
    told = open_incident.ok("update", "thread", "INC-1", "--copy")
    assert told.out.startswith("Checkout fails\n\nResolved - ")
    assert told.out.index("Resolved - ") < told.out.index("Investigating - ")
    assert (open_incident.home / "last-update.txt").read_text().strip() == told.out.strip()
    posts = open_incident.ok("update", "thread", "INC-1", "--json").data
    assert [each["status"] for each in posts] == ["resolved", "investigating"]


def test_many_findings_are_no_wall(open_incident: Commands) -> None:
    text = "Maybe db-07 at 10.0.0.1 broke by human error, says Robin Haas in OPS-1, ETA soon."
    told = open_incident.ok("update", "--text", text).err.splitlines()
    assert len(told) == 6
    assert told[-1].startswith("- And ")


def test_a_mistyped_command_is_explained(open_incident: Commands) -> None:
    outcome = open_incident("update", "thred")
    assert outcome.code == 2
    assert "Did you mean thread?" in outcome.err
