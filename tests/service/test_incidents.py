"""Declaring, finding and listing incidents."""

from __future__ import annotations

import pytest

from cockpit.domain.vocabulary import Impact, Severity
from cockpit.errors import IncidentNotFoundError, InvalidInputError
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare, find, list_incidents, search
from cockpit.service.session import Session
from cockpit.service.timeline import log


def test_title_and_severity_suffice(session: Session) -> None:
    view = declare(session, Declaration("Checkout fails", "1"))
    assert (view.ref, view.title, view.severity) == ("INC-1", "Checkout fails", Severity.SEV1)
    assert view.holder("commander") == "ops"
    assert {each.quadrant for each in view.stakeholders}.__len__() == 4


def test_without_a_severity_the_playbook_decides(session: Session) -> None:
    assert declare(session, Declaration("x")).severity == session.playbook.default_severity


def test_data_loss_pulls_in_legal_security_and_hr(session: Session) -> None:
    plain = declare(session, Declaration("x"))
    lost = declare(session, Declaration("y", criterion="data-loss"))
    extra = {each.id for each in lost.stakeholders} - {each.id for each in plain.stakeholders}
    assert extra == {"legal", "security", "hr"}
    later = set_field(session, plain.id, "criterion", "data-loss")
    assert {each.id for each in later.stakeholders} >= extra
    assert later.kind == "data"


@pytest.mark.parametrize(
    ("declaration", "word"),
    [
        (Declaration("  "), "title"),
        (Declaration("x", "SEV9"), "SEV"),
        (Declaration("x", criterion="data-lost"), "data-loss"),
        (Declaration("x", impact="hihg"), Impact.HIGH.value),
    ],
)
def test_a_wrong_value_names_the_right_one(
    session: Session, declaration: Declaration, word: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        declare(session, declaration)
    assert word in str(refused.value)
    assert list_incidents(session, closed=True) == ()


def test_an_incident_answers_to_every_form_of_its_reference(session: Session, inc: str) -> None:
    for name in ("INC-1", "inc1", "1", inc[:8], None):
        assert find(session, name) == inc


def test_an_unknown_incident_lists_the_open_ones(session: Session, inc: str) -> None:
    with pytest.raises(IncidentNotFoundError) as unknown:
        find(session, "INC-99")
    assert "INC-1 Checkout fails" in str(unknown.value)
    assert unknown.value.exit_code == 3


def test_without_a_name_exactly_one_must_be_open(session: Session) -> None:
    with pytest.raises(IncidentNotFoundError):
        find(session, None)
    first = declare(session, Declaration("one")).id
    declare(session, Declaration("two"))
    with pytest.raises(IncidentNotFoundError):
        find(session, None)
    set_field(session, find(session, "INC-2"), "status", "resolved")
    assert find(session, None) == first


def test_open_incidents_come_first_and_the_worst_before_the_others(session: Session) -> None:
    for title, severity in (("mild", "4"), ("bad", "1"), ("done", "1")):
        declare(session, Declaration(title, severity))
    set_field(session, find(session, "INC-3"), "status", "resolved")
    assert [each.title for each in list_incidents(session)] == ["bad", "mild"]
    assert [each.title for each in list_incidents(session, closed=True)] == ["bad", "mild", "done"]


def test_search_finds_titles_and_entries(session: Session, inc: str) -> None:
    log(session, inc, "the connection pool is exhausted")
    assert "title" in [each.where for each in search(session, "checkout")]
    hits = search(session, "pool exhausted")
    assert [(each.where, each.ref) for each in hits] == [("entry", "INC-1")]
