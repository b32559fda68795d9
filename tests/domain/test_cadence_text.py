"""The reports on cadence in words: each missed deadline with what became of it."""

from __future__ import annotations

from datetime import UTC

from cockpit.domain.cadence_report import report
from cockpit.domain.cadence_text import report_lines
from cockpit.domain.envelope import Record
from cockpit.domain.events import Source
from cockpit.domain.fold import fold
from tests.domain.incident_events import default_playbook, field, minutes, opened, update


def lines(*events: Record, now: float = 200) -> list[str]:
    view = fold([opened(), *events]).view
    return list(report_lines(view, report(view, default_playbook(), minutes(now)), UTC))


def missed(*events: Record, now: float = 200) -> list[str]:
    """Return the lines below the heading, without their gaps."""
    found = lines(*events, now=now)
    heading = "Missed (times in UTC)"
    if heading not in found:
        return []
    rows = found[found.index(heading) + 1 :]
    return [" ".join(each.split()) for each in rows[: rows.index("")]]


FIRST = update(10, "…", minutes(5), stage="investigating", next_at=minutes(30))
END = field(90, "status", "resolved", minutes(100))


def test_nothing_sent_is_said() -> None:
    assert lines(now=14)[-1] == "No update was sent to anybody."


def test_customers_who_waited_in_vain_were_missed() -> None:
    assert missed(now=40) == ["customers due at 2026-03-04 09:15 25 min late, nothing came yet"]
    assert missed(END) == ["customers due at 2026-03-04 09:15 nothing came until it was over"]
    row = " ".join(lines(END)[3].split())
    assert row == "customers 0 never 0 0 0 0 0 % 1h 40m"
    paused = field(20, "pause.customers", "open", minutes(1))
    assert lines(paused, END)[-1] == "No update was sent to anybody."
    imported = fold([opened(src=Source("pagerduty", "x1")), END]).view
    assert report(imported, default_playbook(), minutes(200)).rings == ()


def test_a_late_update_is_late() -> None:
    late = update(11, "…", minutes(37), stage="no news", next_at=minutes(60))
    done = update(12, "…", minutes(60), stage="resolved", status="resolved")
    over = field(90, "status", "resolved", minutes(60))
    assert missed(FIRST, late, done, over) == ["customers promised for 2026-03-04 09:30 7 min late"]
    head, row = (" ".join(each.split()) for each in lines(FIRST, late, done, over)[2:4])
    assert head == "AUDIENCE SENT FIRST MADE KEPT MOVED MISSED IN TIME LONGEST"
    assert row == "customers 3 5m 2 1 0 1 67 % 32m"


def test_what_never_came_is_said() -> None:
    assert missed(FIRST, END) == [
        "customers promised for 2026-03-04 09:30 nothing came until it was over"
    ]
    assert missed(FIRST, now=45) == [
        "customers promised for 2026-03-04 09:30 15 min late, nothing came yet"
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
        "customers promised for 2026-03-04 09:50 5 min late, moved 2×"
    ]


def test_the_rhythm_has_deadlines_too() -> None:
    first = update(10, "…", minutes(25), stage="investigating", status="investigating")
    assert missed(first, now=26) == ["customers due at 2026-03-04 09:15 10 min late"]


def test_every_line_fits_a_small_terminal() -> None:
    late = update(11, "…", minutes(9000), stage="no news", next_at=minutes(9010))
    assert max(map(len, lines(FIRST, late, now=90_000))) < 80
