"""Many lines at once cost statements for what they bring, and none for looking it up again."""

from __future__ import annotations

from collections import Counter

import pytest

from cockpit.domain.view import TimelineFilter
from cockpit.errors import InvalidInputError
from cockpit.service import timeline
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from tests.service.statement_count import count_statements

KEPT = ("op", "entry", "entry_fts")
"""The tables that get a row for each line."""


def count_kinds(session: Session, inc: str, lines: int) -> tuple[Counter[str], int]:
    """Return how often each kind of statement runs for so many lines, and the rows read."""
    batch = [f"line {number}" for number in range(lines)]
    statements, rows = count_statements(session, lambda: timeline.log_lines(session, inc, [batch]))
    return Counter(each.split("(")[0].split(" VALUES")[0][:40] for each in statements), rows


def test_a_line_costs_its_three_rows_and_nothing_else(session: Session) -> None:
    inc = declare(session, Declaration("Checkout fails", "SEV2")).id
    few, rows_few = count_kinds(session, inc, 10)
    many, rows_many = count_kinds(session, inc, 700)
    own = {f"INSERT INTO {table} ": 690 for table in KEPT}
    assert {name: many[name] - few[name] for name in many if many[name] != few[name]} == own
    assert rows_many == rows_few <= 10


def test_lines_are_kept_in_their_order_as_one_action_each_batch(session: Session) -> None:
    inc = declare(session, Declaration("Checkout fails", "SEV2")).id
    batches = [[" one ", "", "two\x00"], ["  "], ["three"]]
    assert timeline.log_lines(session, inc, batches, kind="observation") == 3
    found = session.reads.timeline(inc, TimelineFilter(), 2, 9)
    assert [each.text for each in found] == ["one", "two␀", "three"]
    assert {each.kind for each in found} == {"observation"}
    assert [each.id for each in found[:2]] == sorted(each.id for each in found[:2])
    assert session.reads.search("three")
    assert all(each.ok for each in session.store.check())


def test_an_unknown_kind_is_said_before_anything_is_read(session: Session) -> None:
    inc = declare(session, Declaration("Checkout fails", "SEV2")).id

    def never() -> list[str]:
        raise AssertionError

    with pytest.raises(InvalidInputError, match="kind"):
        timeline.log_lines(session, inc, (never() for _ in range(1)), kind="obsrvation")
