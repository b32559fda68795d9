"""`search` and `similar` in the shell: found, explained, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.fixture
def past(cockpit: Commands) -> Commands:
    """Two incidents: a past one with its cause, and one that is open."""
    cockpit.ok("declare", "Payments time out", "-s", "2")
    cockpit.ok("set", "cause", "Connection pool exhausted")
    cockpit.ok("set", "status", "resolved")
    cockpit.ok("declare", "Timeouts on the payment page", "-s", "3")
    return cockpit


def test_search_says_where(past: Commands) -> None:
    found = past.ok("search", "pool", "--json").data
    assert [each["where"] for each in found] == ["cause", "entry"]
    assert found[0]["ref"] == "INC-1"
    assert past.ok("search", '"pool connection"', "--json").data == []


def test_search_looks_inside_words_when_nothing_begins_like_that(past: Commands) -> None:
    outcome = past.ok("search", "xhaus")
    assert "exhausted" in outcome.out
    assert "inside" in outcome.err
    assert past.ok("search", "xhaus", "--json").data
    assert past.ok("search", "no-such-word").out == "Nothing found.\n"


def test_search_says_that_there_may_be_more(past: Commands) -> None:
    assert "first 1" in past.ok("search", "pool", "-n", "1").err
    assert past.ok("search", "pool").err == ""


def test_similar_of_the_only_open_incident(past: Commands) -> None:
    out = past.ok("similar").out
    assert out.splitlines()[0].startswith("INC-1 ")
    assert "Connection pool exhausted" in out
    assert "both have: " in out


@pytest.mark.parametrize("words", [("INC-2",), ("payment", "timeouts"), ("payment timeouts",)])
def test_similar_takes_a_reference_or_words(past: Commands, words: tuple[str, ...]) -> None:
    found = past.ok("similar", *words, "--json").data
    assert "INC-1" in [each["ref"] for each in found]
    assert "payment" in found[0]["shared"]


def test_a_link_is_kept_shown_and_taken_back(past: Commands) -> None:
    assert past.ok("similar", "--link", "INC-1").out == "INC-2: seen before in INC-1.\n"
    assert past.ok("similar", "--json").data[0]["linked"] is True
    assert "(linked)" in past.ok("similar").out
    assert list(past.ok("show", "INC-2", "--json").data["seen_before"].values()) == ["INC-1"]
    assert "| Seen before | INC-1 |" in past.ok("export", "INC-2", "-o", "-").out
    assert past.ok("similar", "INC-2", "--unlink", "1").out == "INC-2: not seen before.\n"
    past.ok("undo", "INC-2")
    assert past.ok("similar", "INC-2", "--json").data[0]["linked"] is True


def test_what_cannot_be_linked_is_refused(past: Commands) -> None:
    assert past("similar", "pool", "--link", "INC-1").code == 2
    assert past("similar", "INC-2", "--link", "INC-9").code == 3
    assert past("similar", "INC-2", "--link", "INC-2").code == 2


def test_nothing_like_it_is_said(past: Commands) -> None:
    assert past.ok("similar", "volcano").out == "No past incident is like it.\n"
    assert past.ok("similar", "volcano", "--json").data == []
