"""An entry that two people corrected at the same time: neither wording is lost unseen."""

from __future__ import annotations

from itertools import islice

from cockpit.domain.events import EntryEdited, FieldSet
from cockpit.domain.registers import entry_object
from cockpit.service import changes, timeline, undo
from cockpit.service.session import Session
from cockpit.store.database import NewEvent


def contest(session: Session, inc: str) -> str:
    """Return an entry of which two corrections are here that did not see each other."""
    entry = timeline.log(session, inc, "CPU at 9 %").id
    for text in ("CPU at 95 %", "CPU at 90 %"):
        edited = EntryEdited(entry, text, entry)
        session.write(lambda _, edited=edited: [NewEvent(inc, edited)])
    return entry


def rivals(session: Session, inc: str) -> list[tuple[str, str, object]]:
    return [(each.obj, each.field, each.value) for each in session.reads.view(inc).rivals]


def test_the_wording_that_lost_is_told(session: Session, inc: str) -> None:
    entry = contest(session, inc)
    assert rivals(session, inc) == [(entry_object(entry), "text", "CPU at 95 %")]
    assert session.reads.entry(inc, entry).text == "CPU at 90 %"


def test_choosing_one_settles_it_for_everybody_and_can_be_undone(
    session: Session, inc: str
) -> None:
    entry = contest(session, inc)
    changes.settle(session, inc, entry_object(entry), "text", "CPU at 95 %")
    assert rivals(session, inc) == []
    assert session.reads.entry(inc, entry).text == "CPU at 95 %"
    undo.undo(session, inc)
    assert session.reads.entry(inc, entry).text == "CPU at 90 %"


def test_correcting_it_anew_settles_it(session: Session, inc: str) -> None:
    entry = contest(session, inc)
    timeline.correct(session, inc, entry, "CPU at 92 %")
    assert rivals(session, inc) == []
    shown = session.reads.entry(inc, entry)
    assert (shown.text, shown.corrected, shown.original) == ("CPU at 92 %", True, "CPU at 9 %")


def test_one_correction_after_the_other_is_no_contest(session: Session, inc: str) -> None:
    entry = timeline.log(session, inc, "CPU at 9 %").id
    for text in ("CPU at 95 %", "CPU at 90 %"):
        timeline.correct(session, inc, entry, text)
    assert rivals(session, inc) == []


def test_what_was_removed_is_no_contest(session: Session, inc: str) -> None:
    entry = contest(session, inc)
    timeline.redact(session, inc, entry)
    assert rivals(session, inc) == []


def test_two_times_are_a_contest_and_two_stars_are_none(session: Session, inc: str) -> None:
    entry = timeline.log(session, inc, "CPU at 9 %").id
    for field, values in (
        ("at", ("2026-03-04T09:10:00+00:00", "2026-03-04T09:20:00+00:00")),
        ("star", (True, False)),
    ):
        for value in values:
            body = FieldSet(field, value, entry_object(entry))
            session.write(lambda _, body=body: [NewEvent(inc, body)])
    assert [field for _, field, _ in islice(rivals(session, inc), 5)] == ["at"]
