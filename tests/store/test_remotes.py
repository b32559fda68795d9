"""What is kept of shared workspaces: where incidents go, what is new, what waits, what is held."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain.clock import to_ms
from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.remotes import Arrival, Outcome, Remote
from cockpit.domain.wire import START as BEGINNING
from cockpit.domain.wire import Role
from cockpit.errors import InvalidInputError
from cockpit.store.database import Store
from cockpit.store.integrity import differing_projections
from tests.store.store_events import INC, START, count_ops, declare, note, put, record, texts

TEAM, OTHER = "c" * 32, "d" * 32
REMOTE = Remote(TEAM, "https://sync.example", "s1", "Payments", "ana", Role.EDITOR)


def join(store: Store, ws: str = TEAM, **fields: object) -> Remote:
    remote = replace(REMOTE, ws=ws, **fields)
    store.remotes.put(remote)
    return remote


def arrival(number: int, text: str = "from elsewhere", seq: int = 0, inc: str = INC) -> Arrival:
    op = record(number, EntryAdded(START, text), inc=inc).op
    return Arrival(seq or number, to_ms(START), None, op.id, op)


def unsent(store: Store, ws: str = TEAM) -> list[str]:
    return [each.op.id for each in store.remotes.unsent(ws, limit=100)]


def test_a_new_incident_goes_to_the_only_team_there_is(store: Store) -> None:
    join(store)
    join(store, OTHER, title="One private incident", private=True)
    op = declare(store)
    assert unsent(store) == [op.id]
    assert store.remotes.places() == {INC: TEAM}


@pytest.mark.parametrize("fields", [{"private": True}, {"drill": True}])
def test_a_private_incident_and_a_drill_stay_here(store: Store, fields: dict[str, bool]) -> None:
    join(store)
    declare(store, **fields)
    note(store, "here")
    assert unsent(store) == []
    assert store.remotes.places() == {}


@pytest.mark.parametrize(
    ("share", "found"),
    [("", ""), (None, ""), ("payments", TEAM), (OTHER, OTHER), ("nobody", "")],
)
def test_of_two_teams_the_setting_decides(store: Store, share: str | None, found: str) -> None:
    join(store)
    join(store, OTHER, title="Search")
    store.share = share
    declare(store)
    assert store.remotes.places().get(INC, "") == found


@pytest.mark.parametrize("fields", [{"role": Role.READER}, {"role": Role.GUEST, "inc": "9" * 32}])
def test_a_reader_and_a_guest_have_no_place_for_new_incidents(
    store: Store, fields: dict[str, object]
) -> None:
    join(store, **fields)
    declare(store)
    assert store.remotes.places() == {}


def test_what_was_here_before_is_shared_only_when_a_person_says_so(store: Store) -> None:
    declare(store)
    note(store, "before")
    join(store)
    note(store, "after")
    assert unsent(store) == []
    assert store.remotes.share(INC, TEAM) == 3
    assert len(unsent(store)) == 3
    note(store, "later")
    assert len(unsent(store)) == 4


def test_an_incident_that_is_only_here_is_not_shared_because_somebody_names_it(
    store: Store,
) -> None:
    join(store)
    declare(store, private=True)
    store.remotes.take_in(TEAM, BEGINNING, [arrival(1)], "1-" + "a" * 16)
    note(store, "mine")
    assert unsent(store) == []
    assert store.remotes.places() == {}


def test_an_incident_is_in_one_workspace(store: Store) -> None:
    join(store)
    join(store, OTHER)
    store.share = TEAM
    declare(store)
    with pytest.raises(InvalidInputError):
        store.remotes.share(INC, OTHER)
    store.remotes.take_in(TEAM, BEGINNING, [], BEGINNING)
    store.remotes.forget(TEAM)
    assert store.remotes.share(INC, OTHER) == 1
    assert len(unsent(store, OTHER)) == 1
    assert unsent(store, TEAM) == []


def test_the_clocks_difference_is_noted_with_what_is_written(store: Store) -> None:
    join(store)
    declare(store)
    store.remotes.note_contact(TEAM, -1234)
    assert note(store, "late").skew == -1234
    store.remotes.note_contact(TEAM, None)
    assert note(store, "later").skew == -1234
    assert note(store, "elsewhere", inc="9" * 32).skew is None


def test_a_page_is_taken_in_with_its_cursor_and_only_once(store: Store) -> None:
    join(store)
    rows = [arrival(1, "one"), arrival(2, "two")]
    cursor = "2-" + "a" * 16
    intake = store.remotes.take_in(TEAM, BEGINNING, rows, cursor)
    assert (intake.outcome, intake.added) == (Outcome.TAKEN, 2)
    assert store.remotes.take_in(TEAM, BEGINNING, rows, cursor).outcome is Outcome.STALE
    remote = store.remotes.find(TEAM)
    assert remote is not None
    assert (remote.cursor, remote.synced_at > 0) == (cursor, True)
    assert store.remotes.places() == {INC: TEAM}
    assert count_ops(store) == 2


def test_own_events_get_their_place_and_count_by_the_time_of_receipt(store: Store) -> None:
    join(store)
    declare(store)
    ahead = put(store, FieldSet("status", "identified"))
    late = put(store, FieldSet("status", "monitoring"))
    first = Arrival(1, to_ms(START) - 10**7, None, late.id, late)
    second = Arrival(2, to_ms(START) + 10**7, None, ahead.id, ahead)
    intake = store.remotes.take_in(TEAM, BEGINNING, [first, second], "2-" + "a" * 16)
    assert intake.confirmed == 2
    assert store.remotes.standing(TEAM).unsent == 1
    assert store.reads.view(INC).status == "identified"
    assert differing_projections(store._connection) == ()


def test_a_place_that_another_event_has_is_another_history(store: Store) -> None:
    join(store)
    cursor = "2-" + "a" * 16
    store.remotes.take_in(TEAM, BEGINNING, [arrival(1), arrival(2)], cursor)
    for strange in (arrival(3, seq=2), arrival(1, seq=7)):
        intake = store.remotes.take_in(TEAM, cursor, [strange], "7-" + "b" * 16)
        assert intake.outcome is Outcome.DIFFERS
    assert count_ops(store) == 2
    store.remotes.rewind(TEAM)
    assert store.remotes.standing(TEAM).unsent == 2
    remote = store.remotes.find(TEAM)
    assert remote is not None
    assert remote.cursor == BEGINNING
    rows = [replace(arrival(2), seq=1, relayed_by="ben"), arrival(1, seq=2)]
    store.remotes.take_in(TEAM, BEGINNING, rows, cursor)
    assert store.remotes.standing(TEAM).unsent == 0


def test_what_cannot_be_read_is_set_aside_and_asked_for_again(store: Store) -> None:
    join(store)
    rows = [
        Arrival(1, 1, None, "1" * 32, None, "no_key", "It is encrypted."),
        Arrival(2, 1, None, "2" * 32),
        replace(arrival(3), op=replace(arrival(3).op, dev="not a device")),
        arrival(4),
    ]
    store.remotes.take_in(TEAM, BEGINNING, rows, "4-" + "a" * 16)
    assert {(each.id, each.code, each.outgoing) for each in store.remotes.held(TEAM)} == {
        ("1" * 32, "no_key", False),
        (rows[2].id, "malformed", False),
    }
    assert store.remotes.standing(TEAM).held == 2
    assert texts(store) == ["from elsewhere"]
    assert store.remotes.release(TEAM) == 2
    remote = store.remotes.find(TEAM)
    assert remote is not None
    assert remote.cursor == BEGINNING


def test_what_is_set_aside_waits_no_longer_once_it_came(store: Store) -> None:
    join(store)
    op = declare(store)
    store.remotes.hold(TEAM, op.id, "malformed", "Why.")
    assert unsent(store) == []
    store.remotes.take_in(TEAM, BEGINNING, [Arrival(1, 1, "ben", op.id, op)], "1-" + "a" * 16)
    assert store.remotes.held() == ()


def test_joining_again_goes_on_where_it_was_unless_more_is_seen_now(store: Store) -> None:
    join(store, role=Role.GUEST, inc=INC)
    store.remotes.take_in(TEAM, BEGINNING, [arrival(1)], "1-" + "a" * 16)
    join(store, role=Role.GUEST, inc=INC, title="Renamed")
    (kept,) = store.remotes.joined()
    assert (kept.title, kept.cursor) == ("Renamed", "1-" + "a" * 16)
    join(store, role=Role.EDITOR, inc="")
    assert store.remotes.joined()[0].cursor == BEGINNING


def test_an_event_stays_with_the_workspace_that_brought_it_first(store: Store) -> None:
    join(store)
    join(store, OTHER)
    store.remotes.take_in(TEAM, BEGINNING, [arrival(1)], "1-" + "a" * 16)
    intake = store.remotes.take_in(OTHER, BEGINNING, [arrival(1, seq=1)], "1-" + "b" * 16)
    assert (intake.outcome, intake.added, intake.confirmed) == (Outcome.TAKEN, 0, 0)
    assert store.remotes.places() == {INC: TEAM}
