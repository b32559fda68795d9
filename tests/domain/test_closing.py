"""What must be done before an incident is closed: each sentence says what is true."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.closing import (
    ClosingCheck,
    check_closable,
    closing_checks,
    things_left,
)
from cockpit.domain.envelope import Record
from cockpit.domain.events import ComponentChange, Source
from cockpit.domain.fold import fold
from cockpit.domain.playbook import CLOSING_CHECKS, DRILL, Playbook
from cockpit.errors import InvalidInputError
from tests.domain.incident_events import (
    START,
    default_playbook,
    field,
    minutes,
    opened,
    told,
    update,
)

NOW = minutes(600)
CARDS = [
    field(2, "card", {"name": "Support", "ring": 2, "power": "low", "interest": "high"}, START,
          obj="sh:support"),
    field(3, "card", {"name": "Board", "ring": 3, "power": "high", "interest": "low"}, START,
          obj="sh:board"),
    field(4, "card", {"name": "Shops", "ring": 5, "power": "high", "interest": "high"}, START,
          obj="sh:shops"),
]  # fmt: skip


def checks(
    events: list[Record], playbook: Playbook | None = None, now: datetime = NOW
) -> dict[str, ClosingCheck]:
    view = fold([opened(), *CARDS, *events]).view
    return {each.id: each for each in closing_checks(view, playbook or default_playbook(), now)}


def resolved(at: float = 100, number: int = 90) -> Record:
    return field(number, "status", "resolved", minutes(at))


def test_all_of_the_playbooks_checks_are_asked_in_its_order() -> None:
    assert tuple(checks([])) == default_playbook().closing.checks == CLOSING_CHECKS
    rules = replace(default_playbook().closing, checks=("debt", "asked", "debt"))
    assert tuple(checks([], replace(default_playbook(), closing=rules))) == ("debt", "asked")


@pytest.mark.parametrize(
    ("events", "done", "words"),
    [
        ([], False, "have no text"),
        ([resolved(5)], True, "were not told of it"),
        ([field(10, "impact", "high", minutes(1))], False, "have no text"),
        ([field(10, "impact", "low", minutes(1))], True, "need not be"),
        ([told(10, "shops", minutes(5))], False, "have no text"),
        ([update(10, "…", minutes(5), stage="investigating", status="investigating")], False,
         "says investigating, not resolved"),
        ([update(10, "…", minutes(5), stage="no news")], False, "says no news, not resolved"),
        ([update(10, "…", minutes(5), stage="resolved", status="resolved")], True, "says that it"),
        ([update(10, "…", minutes(5), stage="resolved", status="resolved", state="copied")], False,
         "have no text"),
        ([update(10, "…", minutes(5), stage="resolved", status="resolved"),
          update(11, "…", minutes(6), stage="no news")], False, "says no news"),
        ([update(10, "…", minutes(5), stage="resolved", status="resolved"),
          update(11, "…", minutes(6), stage="published")], True, "says that it"),
    ],
)  # fmt: skip
def test_the_last_word_to_customers(events: list[Record], done: bool, words: str) -> None:
    found = checks(events)["public-word"]
    assert found.done is done
    assert words in found.sentence
    assert bool(found.how) is not done


def test_every_audience_that_was_due_hears_that_it_is_over() -> None:
    due = [resolved()]
    assert "Support and executives were not told yet" in checks(due)["audiences"].sentence
    brief = [resolved(5)]
    assert checks(brief)["audiences"].done, "nobody was due to hear of five minutes"
    begun = [told(10, "support", minutes(3)), resolved(5)]
    assert "Support was not told yet" in checks(begun)["audiences"].sentence
    person = [*begun, told(11, "support", minutes(8))]
    assert checks(person)["audiences"].done
    before = update(12, "…", minutes(4), audience="support", stage="resolved", status="resolved")
    assert checks([*begun, before])["audiences"].done, "support may hear it before customers do"
    again = [field(13, "status", "investigating", minutes(6)), resolved(20, 14)]
    reopened = checks([*begun, before, resolved(5, 9), *again])["audiences"]
    assert not reopened.done, "what was said before it came back says nothing of this end"


def test_nobody_has_heard_the_end_of_what_goes_on() -> None:
    open_one = checks([told(10, "support", minutes(3))])["audiences"]
    assert not open_one.done
    assert open_one.how.startswith("Resolve it, then send")


def test_customers_are_an_audience_where_no_text_is_asked_of_them() -> None:
    rules = replace(default_playbook().closing, checks=("audiences",))
    playbook = replace(default_playbook(), closing=rules)
    events = [told(10, "shops", minutes(2)), resolved(3)]
    assert "Customers were not told yet" in checks(events, playbook)["audiences"].sentence
    assert checks(events)["audiences"].done


def test_an_audience_that_nobody_belongs_to_cannot_be_told() -> None:
    view = fold([opened(), resolved()]).view
    found = closing_checks(view, default_playbook(), NOW)
    assert next(each for each in found if each.id == "audiences").done


def test_components_are_operational() -> None:
    assert "No component" in checks([])["components"].sentence
    down = update(10, "…", minutes(5), components=(ComponentChange("API", "major_outage"),))
    found = checks([down])["components"]
    assert (found.done, found.sentence) == (False, "Not operational: API (major outage).")
    up = field(11, "component.API", "operational", minutes(9))
    assert checks([down, up])["components"].done


def test_a_palliative_fix_has_its_debt_item() -> None:
    around = field(10, "stage", "worked-around", minutes(5))
    assert not checks([around])["debt"].done
    item = [
        field(11, "title", "renew it", minutes(6), obj="act:1"),
        field(12, "kind", "debt", minutes(6), obj="act:1"),
    ]
    assert checks([around, *item])["debt"].done
    assert checks([around, field(13, "stage", "fixed", minutes(7))])["debt"].done
    assert "Nothing was only worked around" in checks([])["debt"].sentence


@pytest.mark.parametrize("name", ["owner", "meeting"])
def test_a_post_mortem_is_asked_where_the_playbook_needs_one(name: str) -> None:
    assert not checks([])[name].done
    assert checks([field(10, "severity", "SEV4", minutes(1))])[name].done
    drill = [opened(drill=True), *CARDS]
    view = fold(drill).view
    playbook = default_playbook()
    asked = replace(playbook.postmortem, needed_for=("SEV2", DRILL))
    for rules, done in ((playbook, True), (replace(playbook, postmortem=asked), False)):
        found = {each.id: each for each in closing_checks(view, rules, NOW)}
        assert found[name].done is done
        assert len({each.sentence for each in found.values()}) == len(found)


def test_the_post_mortem_has_an_owner_and_a_date() -> None:
    named = field(10, "owner", "ana", minutes(1), obj="pm")
    assert checks([named])["owner"].sentence == "ana owns the post-mortem."
    dated = field(11, "meeting_at", "2026-03-09T10:00:00+00:00", minutes(1), obj="pm")
    assert "2026-03-09 10:00" in checks([dated])["meeting"].sentence
    assert "by 2026-03-11" in checks([resolved()])["meeting"].how


def test_what_was_asked_is_answered() -> None:
    asked = [
        field(10, "title", "restart the queue", minutes(1), obj="do:1"),
        field(11, "owner", "ben", minutes(1), obj="do:1"),
    ]
    found = checks(asked)["asked"]
    assert (found.done, "“restart the queue” (ben)" in found.sentence) == (False, True)
    assert checks([*asked, field(12, "state", "dropped", minutes(2), obj="do:1")])["asked"].done


def test_an_imported_incident_that_is_over_is_asked_for_nothing() -> None:
    imported = opened(src=Source("statuspage", "x1"))
    assert closing_checks(fold([imported, resolved()]).view, default_playbook(), NOW) == ()
    assert closing_checks(fold([imported]).view, default_playbook(), NOW)


def test_a_refusal_says_every_sentence_and_how_to_waive() -> None:
    view = fold([opened(), resolved(1)]).view
    with pytest.raises(InvalidInputError) as refused:
        check_closable(view, default_playbook(), NOW)
    said = str(refused.value)
    assert "INC-42 cannot be closed yet." in said
    assert "Nobody owns the post-mortem. (owner)" in said
    assert "has no date. (meeting)" in said
    assert "cockpit close INC-42 --waive owner=REASON" in said


EVENTS = st.lists(
    st.sampled_from(
        (
            field(10, "impact", "high", minutes(1)),
            field(11, "severity", "SEV4", minutes(2)),
            field(12, "stage", "worked-around", minutes(3)),
            field(13, "stage", "fixed", minutes(4)),
            field(14, "owner", "ana", minutes(5), obj="pm"),
            field(15, "meeting_at", "2026-03-09T10:00:00+00:00", minutes(5), obj="pm"),
            field(16, "title", "look", minutes(6), obj="do:1"),
            field(17, "state", "done", minutes(7), obj="do:1"),
            field(18, "component.API", "major_outage", minutes(8)),
            field(19, "component.API", "operational", minutes(9)),
            told(20, "support", minutes(10)),
            told(21, "board", minutes(11)),
            field(22, "status", "resolved", minutes(12)),
            told(23, "support", minutes(13)),
            told(24, "board", minutes(13)),
            update(25, "…", minutes(14), stage="resolved", status="resolved"),
            field(26, "status", "investigating", minutes(15)),
            update(27, "…", minutes(16), stage="no news"),
        )
    ),
    max_size=18,
    unique_by=lambda each: each.op.id,
)
WAIVED = st.sets(st.sampled_from(CLOSING_CHECKS))


def waivers(names: set[str]) -> list[Record]:
    return [
        field(50 + place, f"waive.{name}", "not here", minutes(20))
        for place, name in enumerate(sorted(names))
    ]


@given(EVENTS, WAIVED, st.integers(0, 900))
def test_closing_is_possible_when_nothing_is_left_and_only_then(
    events: list[Record], waived: set[str], at: int
) -> None:
    view = fold([opened(), *CARDS, *events, *waivers(waived)]).view
    playbook, now = default_playbook(), minutes(at)
    left = things_left(closing_checks(view, playbook, now))
    try:
        check_closable(view, playbook, now)
        possible = True
    except InvalidInputError:
        possible = False
    assert possible is (not left)
    assert not {each.id for each in left} & waived
    assert all(each.how for each in left)


@given(EVENTS, WAIVED, WAIVED)
def test_another_waiver_never_leaves_more_to_do(
    events: list[Record], waived: set[str], more: set[str]
) -> None:
    rest = [
        {
            each.id
            for each in things_left(
                closing_checks(
                    fold([opened(), *CARDS, *events, *waivers(names)]).view, default_playbook(), NOW
                )
            )
        }
        for names in (waived, waived | more)
    ]
    assert rest[1] == rest[0] - more


@given(EVENTS)
def test_nobody_can_have_heard_the_end_of_an_open_incident(events: list[Record]) -> None:
    view = fold([opened(), *CARDS, *events]).view
    found = {each.id: each for each in closing_checks(view, default_playbook(), NOW)}
    if view.is_open and view.severity != "SEV4":
        assert not found["audiences"].done, "support is due after ten hours"
