"""What is left in a post-mortem: gaps, wording, and what somebody said is fine as it is."""

from __future__ import annotations

import pytest

from cockpit.domain.events import FieldSet
from cockpit.errors import InvalidInputError
from cockpit.service import action_items
from cockpit.service.postmortem_checks import accept, accept_findings, findings, hints
from cockpit.service.postmortems import write_section
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo
from cockpit.store.database import NewEvent


def kinds(session: Session, inc: str, section: str) -> list[str]:
    return [each.kind for each in findings(session, inc) if each.section == section]


def sentences(session: Session, inc: str, section: str) -> str:
    return " ".join(each.sentence for each in findings(session, inc) if each.section == section)


def test_a_section_without_words_is_missing_and_a_drafts_questions_are_open(
    session: Session, inc: str
) -> None:
    assert "prompt" in kinds(session, inc, "root_cause")
    write_section(session, inc, "root_cause", "Pool and limit met.")
    assert kinds(session, inc, "root_cause") == []
    session.write(lambda _: [NewEvent(inc, FieldSet("title", "Notes", obj="sec:notes"))])
    assert kinds(session, inc, "notes") == []
    found = findings(session, inc, public=True)
    assert {each.kind for each in found} == {"prompt"}


def test_action_items_need_an_owner_and_a_day(session: Session, inc: str) -> None:
    assert kinds(session, inc, "action_items") == ["action"]
    view = action_items.add_action(session, inc, "Alert on pool use")
    assert "has no owner and no due date" in sentences(session, inc, "action_items")
    item = view.actions[0].id
    action_items.set_action(session, inc, item, "owner", "ana")
    assert "“Alert on pool use” has no due date." in sentences(session, inc, "action_items")
    action_items.set_action(session, inc, item, "due", "2026-12-01")
    assert kinds(session, inc, "action_items") == []
    write_section(session, inc, "action_items", "- [ ] alert on pool use (ana)\n- Clean the logs")
    assert sentences(session, inc, "action_items") == "“Clean the logs” is no action item yet."
    action_items.set_action(session, inc, item, "owner", "")
    action_items.set_action(session, inc, item, "state", "dropped")
    assert len(kinds(session, inc, "action_items")) == 1


def test_people_of_the_incident_are_known_by_name(session: Session, inc: str) -> None:
    assert hints(session, inc, "summary", "Priya broke it.") == ()
    session.write(lambda _: [NewEvent(inc, FieldSet("role.commander", "priya"))])
    (hint,) = hints(session, inc, "summary", "Priya broke it.")
    assert (hint.kind, hint.phrase) == ("name", "Priya broke")


def test_an_accepted_wording_is_not_pointed_out_again_in_its_section(
    session: Session, inc: str
) -> None:
    text = "The alarm should have fired. The person should have looked."
    first, second = hints(session, inc, "summary", text)
    accept(session, inc, "summary", first)
    assert hints(session, inc, "summary", f"Before. {text}")[0].mark == second.mark
    assert len(hints(session, inc, "impact", text)) == 2
    assert "accepting “should have”" in undo(session, inc)
    assert len(hints(session, inc, "summary", text)) == 2
    redo(session, inc)
    assert len(hints(session, inc, "summary", text)) == 1


def test_only_wording_can_be_accepted(session: Session, inc: str) -> None:
    write_section(session, inc, "summary", "It was human error.")
    (wording,) = (each for each in findings(session, inc) if each.kind == "blame")
    assert wording.id not in {each.id for each in accept_findings(session, inc, [wording.id])}
    gap = findings(session, inc)[0].id
    with pytest.raises(InvalidInputError):
        accept_findings(session, inc, [gap])
