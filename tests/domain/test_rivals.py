"""Values set at the same time, as they are asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.rivals import contest_words, find_contests, other_editors, value_words
from cockpit.domain.view import ActionItem, Rival
from cockpit.domain.visible import make_visible
from tests.widgets.timeline_entries import make_view

AT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)


def rival(field: str, value: Any, obj: str = "", by: str = "ben", minutes: int = 0) -> Rival:
    at = AT + timedelta(minutes=minutes)
    return Rival(obj, field, value, f"{minutes:032x}", by, at)


def words(*rivals: Rival, **facts: Any) -> tuple[str, ...]:
    return contest_words(find_contests(make_view(rivals=rivals, **facts)), UTC)


def test_one_rival_is_named_with_its_author_and_time() -> None:
    found = words(rival("severity", "SEV1"))
    assert found[0] == "2 values for severity: ben SEV1 14:02, pick"
    assert found[-1] == "2 values for severity, pick"
    assert words() == ()


def test_all_values_of_the_first_field_are_named_and_the_others_counted() -> None:
    found = words(
        rival("role.comms", "cleo"),
        rival("severity", "SEV3", minutes=1, by="cleo"),
        rival("severity", "SEV1"),
    )
    assert found[0] == "3 values for severity: ben SEV1 14:02, cleo SEV3 14:03; and 1 more, pick"
    assert found[-1] == "3 values for severity and 1 more, pick"


def test_what_belongs_to_an_action_item_says_so() -> None:
    item = ActionItem("i1", "Alert on pool use")
    found = words(rival("owner", "", "act:i1"), actions=(item,))
    assert found[0] == "2 values for owner of Alert on pool use: ben nobody 14:02, pick"


def test_fields_have_the_names_that_people_use() -> None:
    names = [
        each.name
        for each in find_contests(
            make_view(
                rivals=(
                    rival("promise.customers", ""),
                    rival("role.comms", ""),
                    rival("next_step", ""),
                    rival("review", "draft", "pm"),
                )
            )
        )
    ]
    assert names == ["next step", "next update to customers", "comms", "review"]


def test_two_corrections_of_one_entry_are_asked_about_and_named() -> None:
    entry = f"entry:{7:032x}"
    both = (rival("text", "CPU at 95 %", entry), rival("at", AT.isoformat(), entry, by="cleo"))
    found = words(*both[:1])
    assert found[0] == "2 values for wording of an entry: ben CPU at 95 % 14:02, pick"
    assert words(both[1])[0] == "2 values for time of an entry: cleo 14:02 14:02, pick"
    assert other_editors(make_view(rivals=(*both, both[0]))) == {f"{7:032x}": ("ben", "cleo")}


def test_values_are_read_aloud() -> None:
    assert value_words("", UTC, "role.comms") == "nobody"
    assert value_words("", UTC, "cause") == value_words(None, UTC) == "nothing"
    assert value_words(True, UTC) == "yes"
    assert value_words(["mail", "phone"], UTC) == "mail, phone"
    assert value_words("2026-11-21T14:30:00+00:00", UTC) == "14:30"
    assert value_words("2026 was better", UTC) == "2026 was better"
    assert value_words(30.5, UTC) == "30.5"


@given(st.text(), st.one_of(st.text(), st.lists(st.text()), st.integers(), st.booleans()))
def test_no_value_acts_on_the_terminal(field: str, value: Any) -> None:
    for each in words(rival(field, value)):
        assert each == make_visible(each)
