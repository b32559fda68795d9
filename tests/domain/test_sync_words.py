"""The quiet line: plain, never moving while seconds count, loud only where somebody should act."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.sync_state import Contact, SyncState, WorkspaceState
from cockpit.domain.sync_words import (
    SyncWords,
    far_words,
    find_workspace,
    overall_words,
    refusal_words,
    role_words,
    skew_words,
    sync_words,
    trouble_words,
)
from cockpit.domain.visible import make_visible
from cockpit.domain.wire import Role

NOW = 1_800_000_000_000
MINUTE = 60_000


def state(contact: Contact = Contact.SYNCED, **facts: Any) -> WorkspaceState:
    known = {"synced_at": NOW - 4_000, "since": NOW - 12 * MINUTE} | facts
    role = known.pop("role", Role.EDITOR)
    title = known.pop("title", "Payments")
    ws = known.pop("ws", "a" * 32)
    return WorkspaceState(ws, title, "https://sync.example", "ana", role, contact=contact, **known)


@pytest.mark.parametrize(
    ("each", "text", "loud"),
    [
        (state(), "synced 4 s ago", False),
        (state(unsent=3), "synced 4 s ago", False),
        (state(synced_at=NOW - 5 * MINUTE), "synced 5 min ago", False),
        (state(held=2), "synced 4 s ago, 2 kept here only", False),
        (state(Contact.OFFLINE, unsent=7), "offline 12 min, 7 to send", True),
        (state(Contact.OFFLINE, since=NOW - 20_000), "offline 20 s", False),
        (state(Contact.TROUBLED, unsent=1), "not synced for 12 min, 1 to send", True),
        (state(Contact.REFUSED), "refused: ask for a new invite", True),
        (
            state(Contact.REFUSED, words="this cockpit is too old", unsent=1200),
            "refused: this cockpit is too old, 1,200 to send",
            True,
        ),
        (state(Contact.NEVER), "not synced yet", False),
        (state(Contact.OFFLINE, since=0, synced_at=0), "offline 0 s", False),
    ],
)
def test_the_line_says_how_it_stands(each: WorkspaceState, text: str, loud: bool) -> None:
    assert sync_words(each, NOW) == SyncWords(sync_words(each, NOW).text, loud)
    assert sync_words(each, NOW).text.rstrip() == text


@given(st.integers(0, 59), st.integers(0, 59))
def test_the_line_keeps_its_width_while_seconds_count(one: int, other: int) -> None:
    lines = [sync_words(state(synced_at=NOW - each * 1000), NOW).text for each in (one, other)]
    assert len(lines[0]) == len(lines[1])
    assert lines[0].startswith("synced ")


@given(st.builds(state, st.sampled_from(Contact), unsent=st.integers(0, 10**6), words=st.text()))
def test_no_words_of_a_server_act_on_the_terminal(each: WorkspaceState) -> None:
    text = sync_words(each, NOW).text
    assert text == make_visible(text)


def test_a_clock_that_runs_ahead_of_the_last_contact_counts_from_nothing() -> None:
    assert sync_words(state(synced_at=NOW + 9_000), NOW).text.rstrip() == "synced 0 s ago"


def test_several_workspaces_come_to_the_gravest() -> None:
    fine, gone = state(), state(Contact.OFFLINE, title="Legal", ws="b" * 32)
    assert overall_words(SyncState((fine, gone)), NOW).text == "Legal: offline 12 min"
    older = state(synced_at=NOW - 9_000)
    assert overall_words(SyncState((fine, older)), NOW).text.rstrip() == "synced 9 s ago"
    assert overall_words(SyncState(), NOW) == SyncWords()
    assert overall_words(SyncState((gone,)), NOW).text == "offline 12 min"


def test_a_wrong_clock_is_said_beyond_half_a_minute() -> None:
    assert skew_words(None) == skew_words(30_000) == skew_words(-30_000) == ""
    assert skew_words(125_000).startswith("This machine's clock is 2 min ahead of the server's")
    assert "behind the server's" in skew_words(-45_000)


def test_only_a_role_that_bounds_is_named() -> None:
    assert [role_words(state(role=each)) for each in Role] == ["", "", "reader", "guest"]
    assert refusal_words("Pay")[0] == "You are a reader in “Pay”; nothing was changed."


def test_a_workspace_is_found_by_its_id() -> None:
    fine = state()
    assert find_workspace(SyncState((fine,)), fine.ws) is fine
    assert find_workspace(SyncState((fine,)), "") is None


def test_what_stood_in_the_way_is_said_when_somebody_asks() -> None:
    gone = state(Contact.OFFLINE, words="sync.example cannot be reached.")
    assert trouble_words(SyncState((state(words="of old"), gone))) == gone.words
    assert trouble_words(SyncState((state(),))) == ""


def test_a_clock_far_off_is_held_against_an_update() -> None:
    assert far_words(None) == far_words(120_000) == far_words(-120_000) == ""
    assert far_words(3_600_000).startswith("This machine's clock is 1 h ahead of the server's.")
    assert "behind" in far_words(-3_600_000)
