"""The fold: any order and any duplicates of the same events give the same view."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.clock import next_stamp, to_ms
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import EntryEdited, EntryRedacted, FieldSet
from cockpit.domain.fold import fold
from cockpit.domain.vocabulary import Impact, MessageState, PublicStatus, Severity, Stage
from cockpit.errors import IncidentNotFoundError
from tests.domain.incident_events import (
    INC,
    START,
    entry,
    field,
    minutes,
    op_id,
    opened,
    record,
    told,
    update,
)

CARD = {"name": "Support", "ring": 2, "power": "low", "interest": "high"}

STORY = (
    opened(),
    field(2, "card", CARD, START, obj="sh:support"),
    entry(3, "errors above 20 %", minutes(1), entry_kind="observation"),
    told(4, "support", minutes(2), act=op_id(4)),
    told(5, "board", minutes(2), act=op_id(4)),
    update(6, "We are aware.", minutes(4), next_at=minutes(19)),
    field(7, "severity", "SEV1", minutes(6), was="SEV2", reason="payments too"),
    field(8, "impact", "high", minutes(7)),
    field(9, "status", "identified", minutes(9), was="investigating"),
    record(10, EntryEdited(op_id(3), "errors above 30 %", op_id(3)), at=minutes(10)),
    field(11, "star", True, minutes(11), obj=f"entry:{op_id(3)}"),
    entry(12, "a mistake", minutes(12)),
    field(13, "hidden", True, minutes(13), obj=f"entry:{op_id(12)}"),
    field(14, "status", "resolved", minutes(30), base=op_id(9), was="identified"),
    field(15, "role.commander", "ops", minutes(1)),
)


def test_a_story_folds_to_what_it_says() -> None:
    view = fold(STORY).view
    assert (view.ref, view.title, view.severity) == ("INC-42", "Checkout fails", Severity.SEV1)
    assert (view.status, view.stage) == (PublicStatus.RESOLVED, Stage.DETECTED)
    assert view.impact is Impact.HIGH
    assert view.resolved_at == minutes(30)
    assert view.holder("commander") == "ops"
    assert [mark.stakeholder for mark in view.told] == ["support", "board"]
    assert [(each.text, each.msg.state) for each in view.messages] == [
        ("We are aware.", MessageState.SENT)
    ]
    assert not view.is_open


def test_the_timeline_shows_entries_changes_and_people_told_together() -> None:
    entries = [each for each in fold(STORY).entries if not each.hidden]
    assert [each.text for each in entries] == [
        "Declared SEV2: Checkout fails",
        "errors above 30 %",
        "Commander: ops",
        "Told Support, Board",
        "We are aware.",
        "Severity: SEV2 → SEV1 (payments too)",
        "Impact: high",
        "Status: investigating → identified",
        "Status: identified → resolved",
    ]
    corrected = next(each for each in entries if each.corrected)
    assert (corrected.original, corrected.starred) == ("errors above 20 %", True)


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(STORY), max_size=10))
def test_order_and_duplicates_do_not_matter(rng: random.Random, twice: list[Record]) -> None:
    shuffled = [*STORY, *twice]
    rng.shuffle(shuffled)
    assert fold(shuffled) == fold(STORY)


def test_a_value_set_without_seeing_the_other_stays_a_rival_until_it_is_settled() -> None:
    mine = field(20, "severity", "SEV1", minutes(5))
    theirs = field(21, "severity", "SEV3", minutes(6))
    view = fold([opened(), mine, theirs]).view
    assert view.severity is Severity.SEV3
    assert [each.value for each in view.rivals] == ["SEV1"]
    chosen = field(22, "severity", "SEV1", minutes(7), base=op_id(21), over=(op_id(20),))
    settled = fold([opened(), mine, theirs, chosen]).view
    assert (settled.severity, settled.rivals) == (Severity.SEV1, ())


def test_ties_go_by_event_id_because_cloned_devices_share_theirs() -> None:
    one = field(30, "title", "one", minutes(5))
    two = field(31, "title", "two", minutes(5))
    assert fold([opened(), two, one]).view.title == "two"


def test_of_two_values_written_in_one_millisecond_the_later_one_holds() -> None:
    first, second = (
        field(35, "title", "first", minutes(5)),
        field(33, "title", "second", minutes(5)),
    )
    later = replace(second.op, t=next_stamp(first.op.t, 0, "0000000a"))
    assert fold([opened(), first, Record(later)]).view.title == "second"


def test_a_clock_far_ahead_does_not_win_for_a_year() -> None:
    ahead = record(40, FieldSet("title", "ahead"), at=minutes(500_000))
    ahead = replace(ahead, received_ms=to_ms(minutes(1)))
    later = replace(
        record(41, FieldSet("title", "later"), at=minutes(2)), received_ms=to_ms(minutes(2))
    )
    assert fold([opened(), ahead, later]).view.title == "later"


def test_a_redaction_wins_over_every_later_correction() -> None:
    secret = entry(50, "token is 123", minutes(1))
    gone = record(51, EntryRedacted(op_id(50)), at=minutes(2))
    edited = record(52, EntryEdited(op_id(50), "token is 456", op_id(50)), at=minutes(3))
    entries = fold([opened(), secret, gone, edited]).entries
    redacted = next(each for each in entries if each.id == op_id(50))
    assert (redacted.redacted, redacted.text, redacted.original) == (True, "", "")


def test_an_event_of_a_later_version_is_kept_and_shown_as_one_line() -> None:
    later = Op(op_id(60), INC, "poll.add", opened().op.t, "0000000a", "ops", '{"x":1}')
    folded = fold([opened(), Record(later)])
    assert folded.view.unknown_ops == 1
    assert "Unknown entry (poll.add)" in [each.text for each in folded.entries]


def test_without_its_first_event_there_is_no_incident() -> None:
    with pytest.raises(IncidentNotFoundError):
        fold([entry(3, "x", START)])


def test_reopening_forgets_when_it_was_resolved() -> None:
    again = field(70, "status", "investigating", minutes(40), base=op_id(14))
    view = fold([*STORY, again]).view
    assert (view.resolved_at, view.is_open) == (None, True)


def test_a_time_without_a_zone_is_malformed_and_kept_as_one_line() -> None:
    naive = replace(entry(80, "x", START).op, d='{"at":"2026-03-04T09:00:00","text":"x"}')
    entries = fold([opened(), Record(naive)]).entries
    assert "Unknown entry (entry.add)" in [each.text for each in entries]
