"""Real files: each is imported by its format, refused in words by every other, and known then."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cockpit.errors import ImportRefusedError
from cockpit.service import imports
from cockpit.service.import_options import ImportOptions
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from tests.service.conftest import MovedClock
from tests.service.foreign_files import sample_files

AT = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
AFTER_ALL = datetime(2026, 12, 31, tzinfo=UTC)

OURS: dict[str, tuple[str, ...]] = {
    "statuspage": (
        "statuspage/github_2018-12_to_2020-12.json",
        "statuspage/github_imported_pre-2018_sample40.json",
        "statuspage/github_single_incident.json",
        "fixtures/zulip/statuspage_incident_created.json",
    ),
    "cstate": ("cstate-jenkins",),
    "slack": ("fixtures/slack-export/testarchive.zip",),
    "pagerduty": (
        "fixtures/mapbox-pagerduty/incidents.json",
        "fixtures/mapbox-pagerduty/notes.json",
        "fixtures/zulip/pagerduty_v3_status_update_published.json",
        "fixtures/zulip/pagerduty_v3_triggered.json",
        "fixtures/alerta/json/pagerduty_alert.json",
    ),
    "alertmanager": (
        "fixtures/alerta/json/prometheus_v3_alert.json",
        "fixtures/alerta/json/prometheus_v4_alert.json",
    ),
    "grafana": (
        "fixtures/alerta/json/grafana_6.json",
        "fixtures/alerta/json/grafana_alert_alerting.json",
        "fixtures/alerta/json/grafana_alert_ok.json",
        "fixtures/alerta/json/grafana_example.json",
    ),
}
"""The files of each format; what is named nowhere belongs to none."""


def wishes(form: str, name: str, inc: str) -> ImportOptions:
    """Return what the file does not say itself: whose notes it holds, when a rule fired."""
    into = inc if name.endswith("notes.json") else ""
    return ImportOptions(into=into, at=AT if form == "grafana" else None)


@pytest.fixture
def ours(samples: Path) -> list[tuple[str, str]]:
    """Format and name of every real file that some format reads."""
    return [
        (form, name) for form, names in OURS.items() if form in imports.FORMATS for name in names
    ]


@pytest.mark.parametrize("form", imports.FORMATS)
def test_what_a_format_does_not_know_it_refuses_in_one_sentence(
    session: Session, clock: MovedClock, samples: Path, form: str
) -> None:
    clock.now = AFTER_ALL
    known = OURS.get(form, ())
    odd: list[Any] = []
    refused = 0
    for path in sample_files(samples):
        if path.relative_to(samples).as_posix().startswith(known or "-"):
            continue
        if form == "postmortem" and path.suffix == ".md":
            continue  # any page that somebody wrote about an outage is one
        try:
            report = imports.import_file(session, form, path, wishes(form, path.name, ""))
        except ImportRefusedError as error:
            refused += 1
            said = error.message
            if not said.endswith((".", "?")) or "\n" in str(error) or "Traceback" in said:
                odd.append((path.name, said))
        else:
            odd.append((path.name, report.sentence))
    assert odd == []
    assert refused > 40


def import_written(session: Session, samples: Path) -> list[int]:
    """Import every written post-mortem that has a date; return how many events each added."""
    added, refused = [], []
    for path in sorted((samples / "postmortems").glob("*/*.md")):
        try:
            added.append(imports.import_file(session, "postmortem", path).events_new)
        except ImportRefusedError as error:
            refused.append(error.message)
    assert all("no date was found" in each for each in refused)
    return added


def test_all_together_take_under_ten_seconds_and_add_nothing_again(
    session: Session, clock: MovedClock, samples: Path, ours: list[tuple[str, str]]
) -> None:
    clock.now = AFTER_ALL
    inc = declare(session, Declaration("Checkout fails", "SEV2")).id
    started = time.process_time()
    first = [
        imports.import_file(session, form, samples / name, wishes(form, name, inc))
        for form, name in ours
    ]
    written = import_written(session, samples)
    took = time.process_time() - started
    assert took < 10, took
    assert sum(written) > 100
    known_by_another_file = [
        name for (_, name), each in zip(ours, first, strict=True) if not each.events_new
    ]
    assert known_by_another_file == ["statuspage/github_single_incident.json"]
    again = [
        imports.import_file(session, form, samples / name, wishes(form, name, inc))
        for form, name in ours
    ]
    assert [each.events_new for each in again] == [0] * len(ours)
    assert sum(import_written(session, samples)) == 0
    for each in session.reads.summaries():
        view = session.reads.view(each.id)
        assert not view.rivals
        assert view.unknown_ops == 0
