"""The store as services see it: what is written is what is read, undone and grouped alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.events import EntryAdded, EntryEdited, FieldSet, Message, TextUpdated, Told
from cockpit.domain.fold import fold
from cockpit.domain.text_merge import SectionDocument
from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import MessageState, PublicStatus, Severity
from cockpit.errors import IncidentNotFoundError, InvalidInputError
from cockpit.store.database import NewEvent, Reads, Store
from tests.store.store_events import (
    INC,
    START,
    count_ops,
    declare,
    flag,
    minutes,
    note,
    open_store,
    put,
    record,
    texts,
    whole,
)

OTHER = "cd" * 16


def test_what_is_written_is_there_after_reopening(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
        note(store, "errors above 20 %", minutes(1))
        view, device = store.reads.view(INC), store.device
    with open_store(path) as store:
        assert store.reads.view(INC) == view
        assert store.device == device
        assert texts(store) == ["Declared SEV2: Checkout fails", "errors above 20 %"]


def test_the_view_is_what_the_fold_says(store: Store) -> None:
    declare(store)
    seen = put(store, FieldSet("severity", "SEV1", reason="payments too"))
    put(store, FieldSet("role.commander", "ops"))
    put(
        store,
        FieldSet("card", {"name": "Ann", "ring": 2, "power": "low", "interest": "high"}, "sh:ann"),
    )
    message = Message(MessageState.SENT, "customers", ("page",), next_at=minutes(30))
    note(store, "We are aware.", minutes(2), msg=message)
    put(store, Told("ann", minutes(3), "Ann", "chat"))
    put(store, FieldSet("status", "resolved", base=seen.id, at=minutes(20)))
    folded = fold(store.reads.ops(INC))
    view = store.reads.view(INC)
    assert view == folded.view
    assert whole(store) == folded.entries
    assert (view.severity, view.resolved_at) == (Severity.SEV1, minutes(20))


def test_the_list_line_says_what_the_view_says(store: Store) -> None:
    declare(store, drill=True)
    put(store, FieldSet("role.commander", "ops"))
    for at, next_at in ((minutes(2), minutes(30)), (minutes(9), minutes(40))):
        note(store, "We are aware.", at, msg=Message("sent", "customers", next_at=next_at))
    note(store, "copied only", minutes(11), msg=Message("copied", "customers"))
    view, line = store.reads.view(INC), store.reads.summaries()[0]
    for field in ("id", "ref", "number", "title", "severity", "status", "stage", "started_at"):
        assert getattr(line, field) == getattr(view, field)
    assert (line.commander, line.drill, line.entry_count) == ("ops", True, view.entry_count)
    assert line.last_sent == {"customers": minutes(9)}
    assert line.promised == {"customers": minutes(40)}
    assert line.last_activity == max(each.at for each in whole(store))


def test_open_incidents_come_first_by_severity_then_the_newest(store: Store) -> None:
    for number, (severity, at, over) in enumerate(
        [
            ("SEV3", 0, False),
            ("SEV1", 5, False),
            ("SEV1", 1, False),
            ("SEV1", 2, True),
            ("SEV4", 9, True),
        ]
    ):
        inc = f"{number:032x}"
        declare(store, str(number), inc, severity=severity, at=minutes(at), number=number + 1)
        if over:
            put(store, FieldSet("status", "resolved"), inc)
    assert [each.title for each in store.reads.summaries()] == ["2", "1", "0", "4", "3"]
    assert [each.title for each in store.reads.summaries(only_open=True)] == ["2", "1", "0"]
    assert [each.title for each in store.reads.summaries(limit=2, offset=1)] == ["1", "0"]
    assert store.reads.count() == 5


def test_undone_and_starred_entries_are_told_apart(store: Store) -> None:
    declare(store)
    wrong, right = note(store, "wrong", minutes(1)), note(store, "right", minutes(2))
    flag(store, f"entry:{wrong.id}", "hidden", value=True)
    flag(store, f"entry:{right.id}", "star", value=True)
    assert texts(store) == ["Declared SEV2: Checkout fails", "right"]
    assert texts(store, wanted=TimelineFilter(starred=True)) == ["right"]
    assert store.reads.view(INC).entry_count == 2
    undone = store.reads.entry(INC, wrong.id)
    assert undone is not None
    assert undone.hidden
    flag(store, f"entry:{wrong.id}", "hidden", value=False)
    assert texts(store)[1:] == ["wrong", "right"]
    assert store.reads.view(INC).entry_count == 3


def test_an_undone_update_keeps_no_promise(store: Store) -> None:
    declare(store)
    sent = note(store, "soon", minutes(1), msg=Message("sent", "customers", next_at=minutes(9)))
    flag(store, f"entry:{sent.id}", "hidden", value=True)
    assert store.reads.summaries()[0].promised == {}
    assert store.reads.view(INC).messages == ()


def test_people_told_in_one_action_are_one_line(store: Store) -> None:
    declare(store)
    act = "cd" * 16
    people = [Told(name.lower(), minutes(1), name, "chat", act=act) for name in ("Ann", "Bo", "Cy")]
    ops = store.write(lambda _: [NewEvent(INC, each) for each in people], author="ops")
    assert texts(store)[1:] == ["Told Ann, Bo, Cy by chat"]
    flag(store, f"told:{ops[1].id}", "hidden", value=True)
    assert texts(store)[1:] == ["Told Ann, Cy by chat"]
    assert {mark.stakeholder for mark in store.reads.view(INC).told} == {"ann", "cy"}
    for op in (ops[0], ops[2]):
        flag(store, f"told:{op.id}", "hidden", value=True)
    assert texts(store)[1:] == []
    assert store.reads.view(INC).told == ()
    assert whole(store) == fold(store.reads.ops(INC)).entries


def test_a_correction_keeps_the_original(store: Store) -> None:
    declare(store)
    entry = note(store, "20 %", minutes(1))
    put(store, EntryEdited(entry.id, "30 %", entry.id))
    found = store.reads.entry(INC, entry.id)
    assert found is not None
    assert (found.text, found.original, found.corrected) == ("30 %", "20 %", True)


def test_values_set_at_once_are_rivals_until_settled(store: Store) -> None:
    declare(store)
    store.append([record(7, FieldSet("severity", "SEV3"))])
    put(store, FieldSet("severity", "SEV1"))
    register = store.reads.register(INC, "", "severity")
    assert register is not None
    assert (register.value, [each.value for each in register.rivals]) == ("SEV1", ["SEV3"])
    assert [each.value for each in store.reads.view(INC).rivals] == ["SEV3"]
    over = tuple(each.op for each in register.rivals)
    put(store, FieldSet("severity", "SEV1", base=register.op, over=over))
    assert store.reads.view(INC).rivals == ()


def test_two_incidents_with_one_number_show_a_suffix_on_the_later(store: Store) -> None:
    declare(store, "first", INC)
    declare(store, "second", OTHER)
    refs = [each.ref for each in store.reads.find("inc", 42)]
    assert refs[0] == "INC-42"
    assert refs[1].startswith("INC-42-")
    assert store.reads.view(OTHER).ref == refs[1]
    assert store.reads.next_number("INC") == 43
    assert [each.title for each in store.reads.by_id_prefix("cdcd")] == ["second"]


def test_post_mortem_text_merges_and_can_be_searched(store: Store) -> None:
    declare(store)
    document = SectionDocument((), 7)
    for text in ("The cache", "The cache was evicted"):
        put(store, TextUpdated("cause", document.replace(text)))
    sections = store.reads.view(INC).postmortem.sections
    assert [(each.id, each.text) for each in sections] == [("cause", "The cache was evicted")]
    assert len(store.reads.section_updates(INC, "cause")) == 2
    assert [(each.where, each.entry_id) for each in store.reads.search("evict")] == [
        ("post-mortem", "cause")
    ]


def test_recent_events_of_a_machine_come_newest_first(store: Store) -> None:
    declare(store)
    ops = [note(store, str(number)) for number in range(5)]
    store.append([record(9, EntryAdded(START, "theirs"))])
    found = store.reads.recent_ops(INC, store.device, 3)
    assert [op.id for op in found] == [op.id for op in reversed(ops[-3:])]


def test_a_refused_write_leaves_nothing_behind(store: Store) -> None:
    declare(store)

    def build(reads: Reads) -> list[NewEvent]:
        raise InvalidInputError("no")

    with pytest.raises(InvalidInputError):
        store.write(build, author="ops")
    two = [NewEvent(INC, EntryAdded(START, "kept?")), NewEvent("x", EntryAdded(START, "bad"))]
    with pytest.raises(InvalidInputError):
        store.write(lambda _: two, author="ops")
    assert count_ops(store) == 1
    note(store, "goes on")
    assert texts(store)[-1] == "goes on"


def test_an_unknown_incident_is_not_found(store: Store) -> None:
    with pytest.raises(IncidentNotFoundError):
        store.reads.view(INC)
    store.append([record(1, EntryAdded(START, "before it was opened"))])
    with pytest.raises(IncidentNotFoundError):
        store.reads.view(INC)
    assert store.reads.summaries() == ()
    declare(store)
    assert store.reads.view(INC).entry_count == 2
    assert store.reads.view(INC).status is PublicStatus.INVESTIGATING


def test_what_another_connection_writes_is_noticed(store: Store, path: Path) -> None:
    declare(store)
    before = store.data_version()
    note(store, "mine")
    assert store.data_version() == before
    with open_store(path) as other:
        note(other, "theirs")
    assert store.data_version() != before
    assert texts(store)[-2:] == ["mine", "theirs"]


def test_events_are_paged_without_an_open_transaction(store: Store) -> None:
    declare(store)
    for number in range(4):
        note(store, str(number))
    ops = store.reads.ops(INC, after_n=1, limit=2)
    next(ops)
    note(store, "while reading")
    assert len(list(ops)) == 1
