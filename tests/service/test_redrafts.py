"""Drafting again brings in what is new, as one action, and leaves people's words alone."""

from __future__ import annotations

import pytest

from cockpit.domain.view import IncidentView
from cockpit.errors import InvalidInputError
from cockpit.service import action_items, postmortems, redrafts
from cockpit.service.session import Session
from cockpit.service.timeline import log
from cockpit.service.undo import redo, undo
from tests.service.conftest import MovedClock


def text_of(session: Session, inc: str, section: str) -> str:
    view: IncidentView = session.reads.view(inc)
    return next(each.text for each in view.postmortem.sections if each.id == section)


def draft_of(session: Session, inc: str, section: str) -> str:
    return next(each.draft for each in postmortems.sections(session, inc) if each.id == section)


@pytest.fixture
def steps(session: Session, inc: str, clock: MovedClock) -> str:
    """The section `steps`, taken over from the draft and edited, with something new after that."""
    log(session, inc, "errors above 20 %", kind="observation")
    redrafts.adopt_draft(session, inc, "steps")
    before = text_of(session, inc, "steps")
    postmortems.write_section(session, inc, "steps", f"In short: a revert.\n\n{before}, we saw")
    clock.move(5)
    log(session, inc, "revert the release", kind="decision")
    return "steps"


def test_new_facts_come_below_and_words_stay(session: Session, inc: str, steps: str) -> None:
    found = redrafts.redraft_section(session, inc, steps)
    assert (found.state, found.added, found.renewed) == ("new", 1, 0)
    assert redrafts.redraft_lines([found]) == ("Steps taken: 1 line added.",)
    assert text_of(session, inc, steps) == (
        "In short: a revert.\n\n"
        "- 2026-03-04 09:00 UTC observation: errors above 20 %, we saw\n\n"
        "- 2026-03-04 09:05 UTC decision: revert the release"
    )


def test_drafting_twice_writes_nothing(session: Session, inc: str, steps: str) -> None:
    redrafts.redraft_section(session, inc, steps)
    before = session.reads.view(inc)
    found = redrafts.redraft_sections(session, inc)
    assert session.reads.view(inc) == before
    assert {each.section: each.state for each in found}[steps] == "same"
    assert {each.state for each in found} == {"same", "follows"}


def test_one_undo_takes_it_back_and_a_redo_brings_it_again(
    session: Session, inc: str, steps: str
) -> None:
    before = text_of(session, inc, steps)
    redrafts.redraft_section(session, inc, steps)
    after = text_of(session, inc, steps)
    assert undo(session, inc) == "Undone: the draft of “steps”"
    assert text_of(session, inc, steps) == before
    redo(session, inc)
    assert text_of(session, inc, steps) == after
    undo(session, inc)
    assert redrafts.redraft_section(session, inc, steps).added == 1
    assert text_of(session, inc, steps) == after


def test_an_undo_leaves_what_was_written_since(session: Session, inc: str, steps: str) -> None:
    redrafts.redraft_section(session, inc, steps)
    after = text_of(session, inc, steps)
    postmortems.write_section(session, inc, steps, f"{after}\n\nAnd then tea.")
    undo(session, inc)
    left = text_of(session, inc, steps)
    assert "revert the release" not in left
    assert "And then tea." in left
    assert "we saw" in left


def test_a_draft_that_an_editor_took_over_is_known_by_its_update(
    session: Session, inc: str
) -> None:
    action_items.add_action(session, inc, "Raise the limit", owner="ana", due="2026-05-01")
    document = postmortems.open_section(session, inc, "action_items")
    update = document.adopt(draft_of(session, inc, "action_items"), "action_items", inc)
    postmortems.save_section(session, inc, "action_items", update)
    action_items.add_action(session, inc, "Alert earlier", owner="ben", due="2026-05-01")
    (found,) = [
        each for each in redrafts.redraft_sections(session, inc) if each.section == "action_items"
    ]
    assert found.added == 1
    assert text_of(session, inc, "action_items") == draft_of(session, inc, "action_items")


def test_a_text_of_ones_own_gets_the_draft_only_when_it_is_named(
    session: Session, inc: str
) -> None:
    postmortems.write_section(session, inc, "lessons", "We were lucky.")
    states = {each.section: each.state for each in redrafts.redraft_sections(session, inc)}
    assert states["lessons"] == "own"
    assert text_of(session, inc, "lessons") == "We were lucky."
    redrafts.redraft_section(session, inc, "lessons")
    assert text_of(session, inc, "lessons") == (
        f"We were lucky.\n\n{draft_of(session, inc, 'lessons')}"
    )
    assert redrafts.redraft_section(session, inc, "lessons").state == "same"


def test_an_empty_section_takes_the_draft_over_when_it_is_named(session: Session, inc: str) -> None:
    assert redrafts.redraft_section(session, inc, "impact").state == "new"
    assert text_of(session, inc, "impact") == draft_of(session, inc, "impact")
    undo(session, inc)
    assert text_of(session, inc, "impact") == ""


def test_a_long_timeline_is_adopted_and_drafted_again_whole(session: Session, inc: str) -> None:
    for number in range(60):
        log(session, inc, f"{number:03d} " + "x" * 900)
    redrafts.redraft_section(session, inc, "timeline")
    log(session, inc, "the last one " + "y" * 2_000)
    assert redrafts.redraft_section(session, inc, "timeline").added == 1
    assert text_of(session, inc, "timeline") == draft_of(session, inc, "timeline")


def test_the_public_form_is_drafted_again_too(session: Session, inc: str) -> None:
    redrafts.redraft_section(session, inc, "closing")
    found = redrafts.redraft_sections(session, inc, public=True)
    assert {each.section: each.state for each in found}["closing"] == "same"


def test_an_unknown_section_names_the_nearest(session: Session, inc: str) -> None:
    with pytest.raises(InvalidInputError, match="root_cause"):
        redrafts.redraft_section(session, inc, "rootcause")
