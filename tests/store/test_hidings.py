"""Many incidents that others delete at once wait for a person; a few, or unknown ones, do not."""

from __future__ import annotations

import pytest

from cockpit.domain.events import FieldSet
from cockpit.domain.remotes import Arrival, Remote
from cockpit.domain.wire import START as BEGINNING
from cockpit.domain.wire import Role
from cockpit.store.database import Store
from cockpit.store.hidings import MOST_AT_ONCE
from tests.store.store_events import declare, record

TEAM = "c" * 32
CURSOR = "99-" + "a" * 16


@pytest.fixture(autouse=True)
def _joined(store: Store) -> None:
    store.remotes.put(Remote(TEAM, "https://sync.example", "s", "Team", "ana", Role.EDITOR))


def deletions(count: int) -> list[Arrival]:
    made = [record(n, FieldSet("archived", True), inc=f"{n:032x}").op for n in range(1, count + 1)]
    return [Arrival(n, 1, None, op.id, op) for n, op in enumerate(made, 1)]


def work_on(store: Store, count: int) -> None:
    for n in range(1, count + 1):
        declare(store, inc=f"{n:032x}", number=n)


def test_a_few_may_be_deleted_by_others(store: Store) -> None:
    work_on(store, MOST_AT_ONCE)
    store.remotes.take_in(TEAM, BEGINNING, deletions(MOST_AT_ONCE), CURSOR)
    assert store.reads.count() == 0


def test_many_wait_for_a_person(store: Store) -> None:
    many = MOST_AT_ONCE + 1
    work_on(store, many)
    store.remotes.take_in(TEAM, BEGINNING, deletions(many), CURSOR)
    assert store.reads.count() == many
    assert {each.code for each in store.remotes.held(TEAM)} == {"hides"}
    assert store.remotes.release(TEAM) == 0
    assert store.remotes.standing(TEAM).held == many
    assert store.remotes.release(TEAM, by_person=True) == many
    assert store.remotes.held() == ()
    store.remotes.take_in(TEAM, BEGINNING, deletions(many), CURSOR)
    assert store.reads.count() == 0
    assert store._connection.value("SELECT count(*) FROM held") == 0


def test_a_history_that_is_new_here_is_taken_as_it_is(store: Store) -> None:
    store.remotes.take_in(TEAM, BEGINNING, deletions(50), CURSOR)
    assert store.remotes.held() == ()


def test_what_this_machine_did_itself_comes_back_freely(store: Store) -> None:
    work_on(store, 50)
    rows = deletions(50)
    store._stamper.device = rows[0].op.dev if rows[0].op else ""
    store.remotes.take_in(TEAM, BEGINNING, rows, CURSOR)
    assert store.reads.count() == 0
