"""Action items of many incidents: overdue by day in a zone, ordered, filtered, grouped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.action_items import (
    CLOSED,
    GROUPS,
    KINDS,
    NOBODY,
    IncidentItem,
    ItemFilter,
    choose_items,
    count_words,
    day_of,
    days_late,
    due_day,
    due_words,
    group_items,
    id_length,
    overdue_items,
    owners,
    parse_due,
    sort_items,
)
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import Severity
from cockpit.errors import InvalidInputError

TODAY = date(2026, 3, 4)  # a Wednesday


def made(identity: str = "a1", number: int = 1, **fields: object) -> IncidentItem:
    """Return an item of INC-<number>."""
    item = ActionItem(identity, **{"title": "Alert sooner", **fields})  # type: ignore[arg-type]
    return IncidentItem(
        item, f"{number:032x}", f"INC-{number}", number, "Checkout fails", Severity.SEV2
    )


days = st.dates(date(2026, 2, 1), date(2026, 4, 1)).map(date.isoformat)
items = st.lists(
    st.builds(
        made,
        identity=st.text("0123456789ab", min_size=1, max_size=4),
        number=st.integers(1, 5),
        due=st.one_of(days, st.sampled_from(["", "soon", "2026-02-30", "2026-03-04T10:00"])),
        owner=st.sampled_from(["", "ana", "ana, ben", "@ben; chris"]),
        kind=st.sampled_from([*KINDS, "odd"]),
        state=st.sampled_from(["open", "done", "dropped", "odd"]),
    ),
    max_size=12,
)


def later(one: IncidentItem, other: IncidentItem) -> bool:
    """Say whether `one` belongs after `other`, rule by rule."""
    if one.is_open != other.is_open:
        return other.is_open
    mine, theirs = due_day(one.item), due_day(other.item)
    if (mine is None) != (theirs is None):
        return mine is None
    if mine and theirs and mine != theirs:
        return mine > theirs
    if one.severity != other.severity:
        return one.severity.value > other.severity.value
    return (one.number, one.inc, one.item.id) > (other.number, other.inc, other.item.id)


@given(items)
def test_the_order_is_that_of_the_rules(found: list[IncidentItem]) -> None:
    ordered = sort_items(found)
    slow = list(found)
    for end in range(len(slow), 1, -1):
        for at in range(end - 1):
            if later(slow[at], slow[at + 1]):
                slow[at], slow[at + 1] = slow[at + 1], slow[at]
    assert ordered == tuple(slow)


@given(items)
def test_overdue_ones_come_first_and_are_all_of_them(found: list[IncidentItem]) -> None:
    late = [each for each in found if each.is_open and is_past(each)]
    ordered = sort_items(found)
    assert sorted(map(id, ordered[: len(late)])) == sorted(map(id, late))
    assert [each.item.id for each in overdue_items(found, TODAY)] == [
        each.item.id for each in ordered[: len(late)]
    ]
    assert all((days_late(each, TODAY) > 0) == (each in late) for each in found)


def is_past(each: IncidentItem) -> bool:
    """Say whether its day is before today, day by day."""
    try:
        day = datetime.fromisoformat(each.item.due[:10]).date()
    except ValueError:
        return False
    return any(day + timedelta(days=ahead) == TODAY for ahead in range(1, 60))


@pytest.mark.parametrize(
    ("zone", "late"), [("UTC", 0), ("Pacific/Auckland", 1), ("America/Los_Angeles", 0)]
)
def test_a_due_date_ends_with_its_day_in_the_zone(zone: str, late: int) -> None:
    now = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    each = made(due="2026-03-04")
    assert days_late(each, day_of(now, ZoneInfo(zone))) == late


@given(items, st.sampled_from(["open", "overdue", "done", "all"]))
def test_a_filter_keeps_what_fits_and_no_more(found: list[IncidentItem], shown: str) -> None:
    kept = choose_items(found, ItemFilter(shown), TODAY)
    for each in found:
        fits = {
            "open": each.item.state not in CLOSED,
            "overdue": each.item.state not in CLOSED and is_past(each),
            "done": each.item.state in CLOSED,
            "all": True,
        }[shown]
        assert (each in kept) == fits


def test_a_filter_asks_for_all_that_it_names() -> None:
    debt = made(kind="debt", owner="Ana, @ben", due="2026-03-01")
    other = made("b2", number=2, owner="", due="2026-05-01")
    both = [debt, other]
    for wanted, found in (
        (ItemFilter(kind="debt"), [debt]),
        (ItemFilter(owner="BEN"), [debt]),
        (ItemFilter(owner="@ana"), [debt]),
        (ItemFilter(owner="an"), []),
        (ItemFilter(owner=NOBODY), [other]),
        (ItemFilter(inc=other.inc), [other]),
        (ItemFilter(due_before=date(2026, 3, 2)), [debt]),
        (ItemFilter(due_before=date(2026, 3, 1)), []),
        (ItemFilter(words="checkout DEBT"), [debt]),
        (ItemFilter(words="inc-2"), [other]),
        (ItemFilter(words="overdue"), [debt]),
        (ItemFilter(words="nobody"), [other]),
        (ItemFilter(words="debt nobody"), []),
    ):
        assert list(choose_items(both, wanted, TODAY)) == found, wanted


@given(items, st.sampled_from(GROUPS))
def test_groups_lose_nothing_and_keep_the_order(found: list[IncidentItem], by: str) -> None:
    ordered = sort_items(found)
    groups = group_items(ordered, by, TODAY)
    assert len({each.heading for each in groups}) == len(groups)
    for each in ordered:
        times = sum(each in group.items for group in groups)
        assert times == (max(1, len(owners(each.item.owner))) if by == "owner" else 1)
    for group in groups:
        assert group.items == tuple(each for each in ordered if each in group.items)


def test_groups_by_due_date_begin_with_what_is_late() -> None:
    found = sort_items(
        made(str(at), due=due, state=state)
        for at, (due, state) in enumerate(
            [
                ("", "open"),
                ("2026-03-11", "open"),
                ("2026-03-12", "open"),
                ("2026-03-03", "open"),
                ("2026-03-03", "done"),
            ]
        )
    )
    headings = [each.heading for each in group_items(found, "due", TODAY)]
    assert headings == ["Overdue", "Within a week", "Later", "No date", "Closed"]
    assert [each.heading for each in group_items([made(owner="b, A")], "owner", TODAY)] == [
        "A",
        "b",
    ]
    with pytest.raises(InvalidInputError, match="owner"):
        group_items(found, "owners", TODAY)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("ana", ("ana",)),
        ("@ana,  Ben  Li ; ana", ("ana", "Ben Li")),
        ("ana,,;@", ("ana",)),
        ("Search and Ads", ("Search and Ads",)),
    ],
)
def test_several_owners_are_read(text: str, names: tuple[str, ...]) -> None:
    assert owners(text) == names


@pytest.mark.parametrize(
    ("due", "state", "words"),
    [
        ("2026-03-01", "open", "3 d late"),
        ("2026-03-04", "open", "today"),
        ("2026-03-05", "open", "tomorrow"),
        ("2026-03-10", "open", "in 6 d"),
        ("2026-04-10", "open", "2026-04-10"),
        ("", "open", "no date"),
        ("2026-03-01", "dropped", "dropped"),
    ],
)
def test_due_dates_in_words(due: str, state: str, words: str) -> None:
    assert due_words(made(due=due, state=state), TODAY) == words


def test_counts_in_words() -> None:
    late, done = made(due="2026-03-01"), made(state="done")
    assert count_words([late, made(), done], TODAY) == "2 open, 1 overdue, 1 closed"
    assert count_words([done], TODAY) == "1 closed"
    assert count_words([], TODAY) == "0 open"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T10:00", "2026-12-01"),
        (" Tomorrow ", "2026-03-05"),
        ("wednesday", "2026-03-11"),
        ("fri", "2026-03-06"),
        ("+14d", "2026-03-18"),
        ("in 2 weeks", "2026-03-18"),
        ("3d", "2026-03-07"),
        ("none", ""),
        ("-", ""),
    ],
)
def test_due_dates_as_people_type_them(text: str, day: str) -> None:
    assert parse_due(text, TODAY) == day


@given(st.text(max_size=30))
def test_any_text_is_a_due_date_or_refused_in_words(text: str) -> None:
    try:
        found = parse_due(text, TODAY)
    except InvalidInputError:
        return
    assert not found or date.fromisoformat(found)


def test_ids_are_shown_as_long_as_they_must_be() -> None:
    assert id_length([made("abcdef1"), made("abcdee2")]) == 6
    assert id_length([made("abcdef1"), made("abcdef2", number=2)]) == 7
    assert id_length([made("abcdef1"), made("abcdef1", number=2)]) == 6
    assert id_length([]) == 6
