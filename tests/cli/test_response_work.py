"""`ask`, `asked`, `answered` and `theory`: who does what until when, and what it cannot be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_json import keys

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def asked(cockpit: Commands, *words: str) -> str:
    """Ask for something and return the beginning of its id."""
    return str(cockpit.ok("ask", *words, "--json").data["id"][:6])


def test_an_action_is_asked_listed_and_answered(open_incident: Commands) -> None:
    said = open_incident.ok("ask", "restart the cache", "--of", "ana", "--in", "10m").out
    assert said.startswith("INC-1: asked ana: restart the cache (")
    assert ", back by " in said
    listed = open_incident.ok("asked").out.splitlines()
    assert listed[0].split() == ["ID", "WHO", "WHAT", "ANSWER"]
    assert "ana  restart the cache  back in 9 min" in listed[1]
    assert "asked      " in open_incident.ok("show").out
    done = open_incident.ok("answered", "cache", "--helped", "no", "--why", "same errors").out
    assert done == "INC-1: Done: restart the cache — did not help: same errors\n"
    assert "nobody is asked for anything now" in open_incident.ok("asked", "INC-1").out
    assert "did not help: same errors" in open_incident.ok("asked", "--all").out
    assert open_incident.texts()[-1] == "Done: restart the cache — did not help: same errors"
    assert open_incident.ok("undo").out.startswith("Undone: “Done: restart")
    assert "restart the cache" in open_incident.ok("asked").out


def test_a_late_answer_is_due(open_incident: Commands) -> None:
    name = asked(open_incident, "restart the cache", "--of", "ana", "--in", "1s")
    time.sleep(1.1)
    assert "! ana is " in open_incident.ok("due").out
    assert open_incident.ok("asked", "--json").data[0]["late"] is True
    assert open_incident.ok("due", "--json").data[0]["asked"][0]["title"] == "restart the cache"
    assert "More time for ana" in open_incident.ok("answered", name, "--more", "5m").out
    assert "ana is " not in open_incident.ok("due").out
    assert "Dropped: restart" in open_incident.ok("answered", name, "--dropped").out


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("ask",), "Say what is asked"),
        (("ask", "restart", "--in", "soon"), "not a span of time"),
        (("answered", "cache"), "--helped yes, no or unclear"),
        (("answered", "cache", "--helped", "no", "--dropped"), "Say what came of it"),
        (("answered", "cache", "--helped", "maybe"), "expected"),
        (("answered", "disk", "--helped", "no"), "Open now: "),
        (("theory", "add"), "There is no text"),
        (("theory", "confirm", "disk"), "No theory is called “disk”"),
        (("theory", "confrim", "disk"), "Did you mean confirm?"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    open_incident: Commands, words: tuple[str, ...], what: str
) -> None:
    open_incident.ok("ask", "restart the cache")
    outcome = open_incident(*words)
    assert what in outcome.err
    assert outcome.code == 2


def test_theories_are_kept_confirmed_and_eliminated(open_incident: Commands) -> None:
    assert "no theory yet" in open_incident.ok("theory").out
    open_incident.ok("theory", "add", "INC-1", "the cache is full")
    open_incident.ok("theory", "add", "the queue is stuck")
    rows = open_incident.ok("theory", "list").out.splitlines()
    assert rows[1].split()[1:] == ["open", "the", "cache", "is", "full"]
    open_incident.ok("theory", "eliminate", "cache", "--why", "half empty")
    said = open_incident.ok("theory", "confirm", "queue", "--why", "it grows").out
    assert "the queue is stuck" in said
    assert "Is it the cause? cockpit theory confirm " in said
    last = open_incident.ok("theory", "confirm", "queue", "--cause").out
    assert "confirmed: it grows" in last
    assert "Is it the cause" not in last
    assert open_incident.ok("show", "--json").data["cause"] == "the queue is stuck"
    shown = {each["text"]: each["state"] for each in open_incident.ok("theory", "--json").data}
    assert shown == {"the cache is full": "eliminated", "the queue is stuck": "confirmed"}


def test_the_page_of_json_names_the_keys(open_incident: Commands) -> None:
    one = open_incident.ok("ask", "restart the cache", "--json").data
    assert list(one) == keys("Something asked of somebody")
    assert list(open_incident.ok("asked", "--json").data[0]) == list(one)
    done = open_incident.ok("answered", "cache", "--helped", "yes", "--json").data
    assert list(done) == list(one)
    theory = open_incident.ok("theory", "add", "full", "--json").data
    assert list(theory) == keys("A theory")
    assert open_incident.ok("asked", "--json").data == []
    shown = open_incident.ok("show", "--json").data
    assert [*shown["response_actions"][0], "late"] == list(one)
    assert list(shown["hypotheses"][0]) == list(theory)
