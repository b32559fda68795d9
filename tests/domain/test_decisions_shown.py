"""Decisions about the countdown, closing and components show as words in the timeline."""

from __future__ import annotations

import pytest

from cockpit.domain.fold import fold
from tests.domain.incident_events import field, minutes, opened

CASES = [
    (
        "promise.customers",
        "2026-03-04T10:45:00Z",
        "vendor is slow",
        "Next update to customers moved to 2026-03-04 10:45 UTC (vendor is slow)",
    ),
    ("promise.customers", "", "", "Next update to customers back at the time promised before"),
    ("pause.executives", "open", "asleep", "Updates to executives paused (asleep)"),
    (
        "pause.executives",
        "2026-03-05T07:00:00+01:00",
        "asleep",
        "Updates to executives paused until 2026-03-05 06:00 UTC (asleep)",
    ),
    ("pause.executives", "", "", "Updates to executives go on"),
    ("rhythm.support", 60, "calm", "Updates to support every 60 min from now on (calm)"),
    ("rhythm.support", 0, "", "Updates to support at the usual rhythm again"),
    ("waive.meeting", "drill only", "", "Closing check “meeting” waived: drill only"),
    ("waive.meeting", "", "", "Closing check “meeting” asked for again"),
    ("component.API", "partial_outage", "half of it", "API: partial outage (half of it)"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}={case[1]}")
def test_a_decision_shows_in_words(case: tuple[str, object, str, str]) -> None:
    name, value, reason, words = case
    told = fold([opened(), field(2, name, value, minutes(3), reason=reason)])
    assert [each.text for each in told.entries][-1] == words


def test_a_component_says_what_it_was() -> None:
    change = field(2, "component.API", "operational", minutes(3), was="major_outage")
    assert fold([opened(), change]).entries[-1].text == "API: major outage → operational"


def test_a_value_of_a_later_version_is_shown_as_it_is() -> None:
    shown = fold([opened(), field(2, "promise.customers", ["x"], minutes(3))]).entries[-1].text
    assert shown == "Next update to customers moved to ['x']"
