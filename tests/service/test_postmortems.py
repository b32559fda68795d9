"""Post-mortems: drafted from facts, edited by people, merged by character."""

from __future__ import annotations

import pytest

from cockpit.errors import InvalidInputError
from cockpit.service.postmortems import (
    markdown,
    open_section,
    save_section,
    sections,
    write_section,
)
from cockpit.service.redrafts import adopt_draft
from cockpit.service.session import Session
from cockpit.service.timeline import log


def test_every_section_has_a_draft_or_a_hint(session: Session, inc: str) -> None:
    found = sections(session, inc)
    assert [each.id for each in found][:3] == ["summary", "impact", "root_cause"]
    assert all(each.draft or each.hint for each in found)


def test_a_persons_text_wins_over_the_draft(session: Session, inc: str) -> None:
    log(session, inc, "pool exhausted")
    assert "pool exhausted" in markdown(session, inc)
    write_section(session, inc, "summary", "The pool was too small.")
    assert "The pool was too small." in markdown(session, inc)
    assert session.reads.view(inc).postmortem.sections[0].text == "The pool was too small."


def test_two_writers_lose_nothing(session: Session, inc: str) -> None:
    write_section(session, inc, "lessons", "alpha omega")
    one, two = open_section(session, inc, "lessons"), open_section(session, inc, "lessons")
    save_section(session, inc, "lessons", one.replace("alpha beta omega"))
    save_section(session, inc, "lessons", two.replace("alpha omega end"))
    assert open_section(session, inc, "lessons").text == "alpha beta omega end"


def test_adopting_a_draft_makes_it_text_once(session: Session, inc: str) -> None:
    text = adopt_draft(session, inc, "summary")
    assert text
    assert adopt_draft(session, inc, "summary") == text


def test_an_unknown_section_names_the_nearest(session: Session, inc: str) -> None:
    with pytest.raises(InvalidInputError, match="root_cause"):
        write_section(session, inc, "rootcause", "x")


def test_a_draft_that_was_adopted_and_removed_can_be_adopted_again(
    session: Session, inc: str
) -> None:
    text = adopt_draft(session, inc, "impact")
    write_section(session, inc, "impact", "")
    assert adopt_draft(session, inc, "impact") == text
