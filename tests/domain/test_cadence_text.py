"""The reports on cadence in words: each missed deadline with what became of it."""

from __future__ import annotations

from datetime import UTC

from cockpit.domain.cadence_report import report
from cockpit.domain.cadence_text import report_lines
from cockpit.domain.envelope import Record
from cockpit.domain.fold import fold
from tests.domain.incident_events import default_playbook, field, minutes, opened, update


def lines(*events: Record, now: float = 200) -> list[str]:
    view = fold([opened(), *events]).view
    return list(report_lines(view, report(view, default_playbook(), minutes(now)), UTC))


def missed(*events: Record, now: float = 200) -> list[str]:
    """Return the lines below the heading, without their gaps."""
    found = lines(*events, now=now)
    if "Missed" not in found:
        return []
    return [" ".join(each.split()) for each in found[found.index("Missed") + 1 :]]


FIRST = update(10, "…", minutes(5), stage="investigating", next_at=minutes(30))
END = field(90, "status", "resolved", minutes(100))


def test_nothing_sent_is_said() -> None:
    assert lines()[-1] == "No update was sent to anybody."


def test_a_late_update_is_late() -> None:
    late = update(11, "…", minutes(37), stage="no news", next_at=minutes(60))
    done = update(12, "…", minutes(60), stage="resolved", status="resolved")
    over = field(90, "status", "resolved", minutes(60))
    assert missed(FIRST, late, done, over) == [
        "customers promised for 2026-03-04 09:30 UTC 7 min late"
    ]
    row = " ".join(lines(FIRST, late, done, over)[3].split())
    assert row == "customers 3 5 min 2: 1 kept, 1 missed 2 of 3 (67%) 32 min"


def test_what_never_came_is_said() -> None:
    assert missed(FIRST, END) == [
        "customers promised for 2026-03-04 09:30 UTC nothing came until it was over"
    ]
    assert missed(FIRST, now=45) == [
        "customers promised for 2026-03-04 09:30 UTC 15 min late, nothing came yet"
    ]
    assert missed(FIRST, now=25) == []


def test_a_deadline_that_was_moved_first_says_so() -> None:
    moves = [
        field(20, "promise.customers", minutes(40).isoformat(), minutes(20)),
        field(21, "promise.customers", minutes(50).isoformat(), minutes(35)),
    ]
    late = update(11, "…", minutes(55), stage="resolved", status="resolved")
    over = field(90, "status", "resolved", minutes(55))
    assert missed(FIRST, *moves, late, over) == [
        "customers promised for 2026-03-04 09:50 UTC 5 min late, moved 2 times before"
    ]


def test_the_rhythm_has_deadlines_too() -> None:
    first = update(10, "…", minutes(25), stage="investigating", status="investigating")
    assert missed(first, now=26) == ["customers due at 2026-03-04 09:15 UTC 10 min late"]
