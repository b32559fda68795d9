"""The terminal's title: the most urgent update, at most once a minute, then what was there."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.ring_plan import Pause, RingPlan
from cockpit.domain.view import IncidentSummary
from cockpit.resources import data_file
from cockpit.service.terminal_title import TerminalTitle, takes_titles, title_words
from tests.app.world import NOW, make_summary

PLAYBOOK = load_playbook(tomllib.loads(data_file("playbook.toml")), None)


def _words(*opened: IncidentSummary, minutes: float = 0) -> str:
    return title_words(opened, PLAYBOOK, NOW + timedelta(minutes=minutes))


def test_the_most_urgent_one_is_named() -> None:
    payments, search = make_summary(42, "Payments", due=7), make_summary(43, "Search", due=3)
    assert _words(payments, search) == "INC-43 in 3 min"
    assert _words(search, payments, minutes=6) == "INC-43 overdue 3 min"
    assert _words(payments, minutes=97) == "INC-42 overdue 1 h 30 min"
    assert _words(make_summary(45, "Past", lasted=5)) == ""


def test_a_pause_is_said_and_comes_last() -> None:
    plans = {"customers": RingPlan(pauses=(Pause(NOW - timedelta(minutes=1)),))}
    paused = replace(make_summary(42, "Payments", due=-5), plans=plans)
    assert _words(paused) == "INC-42 paused"
    assert _words(paused, make_summary(43, "Search", due=30)) == "INC-43 in 30 min"
    silent = make_summary(44, "Wrong picture", "SEV4")
    assert _words(silent) == "INC-44"


def test_it_changes_once_a_minute_at_most() -> None:
    one = make_summary(42, "Payments", due=7)
    shown = [_words(one, minutes=second / 60) for second in range(3 * 60)]
    assert len(set(shown)) <= 4


@given(st.text(min_size=1, max_size=200))
def test_no_reference_acts_on_the_terminal(text: str) -> None:
    words = _words(replace(make_summary(1, "x", due=5), ref=text))
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in words)
    assert len(words) <= 60


def test_it_is_written_once_and_leaves_what_was_there() -> None:
    written: list[str] = []
    title = TerminalTitle(written.append)
    assert title.leftover == ""
    title.show("INC-42 in 7 min")
    title.show("INC-42 in 7 min")
    title.show("INC-42 in 6 min")
    assert written == [
        "\x1b[22;2t\x1b]2;INC-42 in 7 min\x07",
        "\x1b]2;INC-42 in 6 min\x07",
    ]
    assert title.leftover
    title.show("")
    title.leave()
    assert written[2:] == ["\x1b]2;\x07\x1b[23;2t"]
    assert title.leftover == ""


@pytest.mark.parametrize(
    ("term", "plain", "wanted"),
    [
        ("xterm-256color", False, True),
        ("screen-256color", False, True),
        ("xterm-256color", True, False),
        ("linux", False, False),
        ("dumb", False, False),
        ("vt100", False, False),
        ("", False, False),
    ],
)
def test_terminals_without_a_title_get_none(term: str, plain: bool, wanted: bool) -> None:
    assert takes_titles({"TERM": term}, plain=plain) is wanted
