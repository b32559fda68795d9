"""Action items are kept, found again from anywhere, changed in one step and taken back by one."""

from __future__ import annotations

import pytest

from cockpit.domain.action_items import ItemFilter
from cockpit.errors import InvalidInputError
from cockpit.service.action_items import (
    MAX_TITLE,
    add_action,
    close_item,
    edit_item,
    find_item,
    list_items,
    reopen_item,
    set_action,
)
from cockpit.service.incidents import Declaration, declare
from cockpit.service.postmortems import markdown
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo
from tests.service.conftest import MovedClock


def test_action_items_are_kept_and_followed(session: Session, inc: str) -> None:
    view = add_action(session, inc, "alert below 100 %", owner="platform", due="2026-04-01")
    item = view.actions[0]
    assert (item.title, item.owner, item.due, item.state) == (
        "alert below 100 %",
        "platform",
        "2026-04-01",
        "open",
    )
    assert set_action(session, inc, item.id, "state", "done").actions[0].state == "done"
    assert "alert below 100 %" in markdown(session, inc)


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "dept"), ("due", "soonish"), ("title", " \n"), ("title", "x" * (MAX_TITLE + 1))],
)
def test_wrong_action_items_are_refused(session: Session, inc: str, field: str, value: str) -> None:
    with pytest.raises(InvalidInputError):
        add_action(session, inc, **{"title": "x", field: value})
    assert session.reads.view(inc).actions == ()


def test_they_are_listed_over_all_incidents(session: Session, inc: str, clock: MovedClock) -> None:
    other = declare(session, Declaration("Search is stale", "SEV3")).id
    add_action(session, inc, "Later", due="2026-04-01", kind="debt")
    add_action(session, other, "Sooner", due="today", owner="ana, ben")
    add_action(session, other, "Some day")
    assert [each.item.title for each in list_items(session)] == ["Sooner", "Later", "Some day"]
    assert [each.ref for each in list_items(session, ItemFilter(owner="ben"))] == ["INC-2"]
    assert list_items(session, ItemFilter("overdue")) == ()
    clock.move(24 * 60)
    assert [each.item.title for each in list_items(session, ItemFilter("overdue"))] == ["Sooner"]
    with pytest.raises(InvalidInputError, match="overdue"):
        list_items(session, ItemFilter("overdo"))
    with pytest.raises(InvalidInputError, match="debt"):
        list_items(session, ItemFilter(kind="dept"))


def test_one_is_named_by_its_id_or_by_words(session: Session, inc: str) -> None:
    add_action(session, inc, "Alert on pool use")
    add_action(session, inc, "Alert on disk use")
    first = next(each for each in list_items(session) if "pool" in each.item.title)
    assert find_item(session, first.item.id[:8]) == first
    assert find_item(session, "POOL alert") == first
    with pytest.raises(InvalidInputError, match="means 2 action items"):
        find_item(session, "alert")
    for wrong in ("zzz", "", " "):
        with pytest.raises(InvalidInputError):
            find_item(session, wrong)
    with pytest.raises(InvalidInputError):
        find_item(session, first.item.id[:8], inc="0" * 32)


def test_one_undo_takes_an_edit_back(session: Session, inc: str) -> None:
    add_action(session, inc, "Alert", owner="ana")
    each = list_items(session)[0]
    changed = edit_item(session, each, {"owner": "ana, ben", "due": "+7d", "automate": "yes"})
    assert (changed.item.owner, changed.item.due) == ("ana, ben", "2026-03-11")
    assert changed.item.automate
    assert undo(session, inc) == "Undone: the change of an action item"
    assert list_items(session)[0].item == each.item
    redo(session, inc)
    assert list_items(session)[0].item == changed.item
    undo(session, inc)
    assert undo(session, inc) == "Undone: the action item “Alert”"
    assert list_items(session, ItemFilter("all")) == ()


def test_a_wrong_edit_changes_nothing(session: Session, inc: str) -> None:
    add_action(session, inc, "Alert")
    each, before = list_items(session)[0], session.reads.view(inc).last_op
    for wrong in ({"owner": "ana", "due": "soonish"}, {"owner": "x", "colour": "red"}, {"id": "7"}):
        with pytest.raises(InvalidInputError):
            edit_item(session, each, wrong)
    edit_item(session, each, {"title": "Alert", "state": "open"} | {"state": "open"})
    assert list_items(session)[0].item == each.item
    assert before


def test_it_is_done_dropped_and_opened_again(session: Session, inc: str) -> None:
    add_action(session, inc, "Alert")
    each = list_items(session)[0]
    assert close_item(session, each).item.state == "done"
    assert list_items(session) == ()
    assert close_item(session, each, "dropped").item.state == "dropped"
    assert reopen_item(session, each).is_open
    with pytest.raises(InvalidInputError):
        close_item(session, each, "open")


def test_items_with_the_same_id_are_told_apart(session: Session, inc: str) -> None:
    """Records of two machines may hold the same short id."""
    from cockpit.domain.events import FieldSet
    from cockpit.store.database import NewEvent

    other = declare(session, Declaration("Search is stale")).id
    for owner in (inc, other):
        event = NewEvent(owner, FieldSet("title", f"in {owner}", obj="act:same"))
        session.write(lambda _, event=event: [event])
    with pytest.raises(InvalidInputError, match="means 2"):
        find_item(session, "same")
    close_item(session, find_item(session, "same", other))
    assert [each.inc for each in list_items(session)] == [inc]
