"""Statuspage records become events without loss, once each."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cockpit.domain.statuspage import parse_file
from cockpit.domain.statuspage_events import Known, additions
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity, Stage
from cockpit.errors import ImportRefusedError
from tests.domain.statuspage_records import (
    NOW,
    added,
    folded,
    incident,
    new_events,
    outage,
    page,
    rebuild,
    update,
)


def test_an_incident_becomes_a_timeline_in_order_of_what_the_page_shows() -> None:
    raw = outage()
    random.Random(1).shuffle(raw["incident_updates"])
    view, entries = (found := folded(*added(raw).events)).view, found.entries
    assert view.title == "Payments are slow"
    assert (view.severity, view.impact) == (Severity.SEV2, Impact.HIGH)
    assert (view.status, view.stage) == (PublicStatus.RESOLVED, Stage.RESOLVED)
    assert view.started_at == datetime(2025, 6, 1, 10, 0, tzinfo=UTC)
    assert view.resolved_at == datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
    assert [each.text for each in entries if each.src] == [
        "We look into it.",
        "A fix is out.",
        "It came back.",
        "Watching.",
        "All good.",
    ]
    assert view.rivals == ()


def test_status_goes_back_and_forth_as_it_did() -> None:
    view = folded(*added(outage()).events).view
    assert [each.value for each in view.changes if each.field == "status"] == [
        "investigating",
        "monitoring",
        "investigating",
        "monitoring",
        "resolved",
    ]


def test_updates_are_messages_to_customers_with_their_components() -> None:
    view = folded(*added(outage()).events).view
    first = view.messages[0]
    assert (first.msg.audience, first.msg.channels) == ("customers", ("status-page",))
    assert [(each.name, each.old, each.new) for each in first.msg.components] == [
        ("API", "operational", "down")
    ]
    assert len(view.messages) == 5


def test_promises_in_the_texts_count_from_the_update() -> None:
    raw = incident(
        update(2, "10:40", "resolved", "<p>Next update by 09:00 local time.</p>"),
        update(1, "10:01", "investigating", "<p>We provide an update in 30&nbsp;minutes.</p>"),
    )
    view = folded(*added(raw).events).view
    first, second = view.messages
    assert first.msg.next_at == datetime(2025, 6, 1, 10, 31, tzinfo=UTC)
    assert second.msg.next_at is None
    assert new_events(raw, added(raw).events) == ()


def test_the_impact_word_is_kept() -> None:
    entries = folded(*added(outage(impact="critical")).events).entries
    assert any("Statuspage impact: critical" in each.text for each in entries)


@pytest.mark.parametrize(
    ("impact", "severity"),
    [
        ("none", Severity.SEV4),
        ("minor", Severity.SEV3),
        ("major", Severity.SEV2),
        ("critical", Severity.SEV1),
        (None, Severity.SEV4),
    ],
)
def test_impact_becomes_severity(impact: str | None, severity: Severity) -> None:
    assert folded(*added(outage(impact=impact)).events).view.severity is severity


def test_the_same_record_adds_nothing_twice() -> None:
    first = added(outage()).events
    assert new_events(outage(), first) == ()
    assert added(outage()).events == first


def test_the_record_can_be_put_together_again() -> None:
    assert rebuild(added(outage()).events) == outage()


def test_a_late_display_time_counts_and_the_time_of_writing_is_kept() -> None:
    raw = incident(
        update(1, "11:00", "resolved", "<p>Was down.</p>", display_at="2025-05-01T08:00:00Z"),
        created_at="2025-05-01T08:00:00Z",
        started_at="2025-05-01T08:00:00Z",
        resolved_at="2025-05-01T08:00:00Z",
    )
    (entry,) = [each for each in folded(*added(raw).events).entries if each.src]
    assert entry.text == "Was down."
    assert entry.at == datetime(2025, 5, 1, 8, 0, tzinfo=UTC)
    assert entry.recorded_at == datetime(2025, 6, 1, 11, 0, tzinfo=UTC)


def test_an_update_dated_before_the_start_moves_the_start() -> None:
    raw = outage()
    raw["incident_updates"][0]["display_at"] = "2025-06-01T08:30:00Z"
    events = added(raw).events
    assert folded(*events).view.started_at == datetime(2025, 6, 1, 8, 30, tzinfo=UTC)
    assert new_events(raw, events) == ()


def test_a_later_file_adds_only_what_is_new() -> None:
    early = outage(status="monitoring", resolved_at=None)
    early["incident_updates"] = early["incident_updates"][1:]
    first = added(early).events
    assert folded(*first).view.is_open
    later = added(outage(), *first)
    new = new_events(outage(), first)
    assert (later.is_new, later.updates, later.changed) == (False, 1, 0)
    entries = [each for each in new if each.k == "entry.add"]
    assert len(entries) == 1
    found = folded(*first, *new)
    assert found.view.status is PublicStatus.RESOLVED
    assert found.view.rivals == ()
    assert rebuild((*first, *new)) == outage()
    assert new_events(outage(), (*first, *new)) == ()


def test_an_edited_body_corrects_the_entry_and_keeps_the_first_text() -> None:
    first = added(outage()).events
    edited = outage()
    edited["incident_updates"][0].update(body="All is well.", updated_at="2025-06-01T13:00:00Z")
    new = new_events(edited, first)
    assert added(edited, *first).changed == 1
    found = [each for each in folded(*first, *new).entries if each.corrected]
    assert [(each.original, each.text) for each in found] == [("All good.", "All is well.")]
    assert rebuild((*first, *new)) == edited
    assert new_events(edited, (*first, *new)) == ()


def test_a_body_edited_twice_and_renamed_incident_leave_no_rivals() -> None:
    events = added(outage()).events
    for text, name in (("One.", "First name"), ("Two.", "Second name"), ("Three.", "Third")):
        edited = outage(name=name, impact="minor" if text == "Two." else "critical")
        edited["incident_updates"][0]["body"] = text
        events = (*events, *new_events(edited, events))
    found = folded(*events)
    assert (found.view.title, found.view.severity) == ("Third", Severity.SEV1)
    assert found.view.rivals == ()
    assert [each.text for each in found.entries if each.corrected] == ["Three."]


def test_an_update_that_comes_between_others_is_put_in_its_place() -> None:
    late = outage()
    early = deepcopy(late)
    del early["incident_updates"][2]
    first = added(early).events
    events = (*first, *new_events(late, first))
    found = folded(*events)
    assert found.view.status is PublicStatus.RESOLVED
    assert found.view.rivals == ()
    assert rebuild(events) == late


def test_an_incident_that_opens_again_is_open() -> None:
    first = added(outage()).events
    again = outage(status="investigating", resolved_at=None)
    again["incident_updates"].insert(0, update(6, "12:30", "investigating", "Again."))
    found = folded(*first, *new_events(again, first)).view
    assert found.is_open
    assert found.status is PublicStatus.INVESTIGATING


def test_planned_work_is_marked_as_such() -> None:
    raw = incident(
        update(1, "10:01", "scheduled", "Planned."),
        update(2, "12:00", "completed", "Done."),
        status="completed",
        impact="maintenance",
    )
    view = folded(*added(raw).events).view
    assert (view.kind, view.status) == ("planned", PublicStatus.RESOLVED)


def test_an_incident_without_updates_has_the_status_of_its_record() -> None:
    view = folded(*added(incident()).events).view
    assert view.status is PublicStatus.RESOLVED


def test_one_incident_or_a_summary_are_read_too() -> None:
    single = json.dumps({"page": {}, "incident": outage()}).encode()
    summary = json.dumps({"page": {}, "components": [], "incidents": [outage()], "status": {}})
    for data in (single, summary.encode()):
        (parsed,) = parse_file(data, NOW)
        assert additions(parsed, Known(), 7, "INC").events == added(outage()).events


def test_a_record_that_stands_twice_is_read_once() -> None:
    assert len(parse_file(page(outage(), outage()), NOW)) == 1
    with pytest.raises(ImportRefusedError, match="Record 2 has the same id as record 1"):
        parse_file(page(outage(), outage(name="Other")), NOW)


def test_records_larger_than_an_event_are_kept_in_pieces() -> None:
    many = [{"id": f"c{n}", "name": f"Part {n}", "description": "é" * 200} for n in range(400)]
    changed = [{"code": each["id"], "name": each["name"]} for each in many]
    raw = outage(components=many, postmortem_body="Because. " * 9000)
    raw["incident_updates"][1].update(affected_components=changed, body="ж" * 20_000)
    first = added(raw).events
    assert rebuild(first) == raw
    assert new_events(raw, first) == ()
    later = deepcopy(raw)
    later["incident_updates"][1].update(body="ж" * 19_000)
    later["name"] = "Renamed"
    later["components"].pop()
    new = new_events(later, first)
    assert rebuild((*first, *new)) == later
    assert new_events(later, (*first, *new)) == ()
    assert folded(*first, *new).view.rivals == ()


@pytest.mark.parametrize(
    ("name", "incidents", "updates"),
    [
        ("github_2018-12_to_2020-12.json", 111, 391),
        ("github_imported_pre-2018_sample40.json", 40, 40),
        ("github_single_incident.json", 1, 12),
    ],
)
def test_real_files_are_read_without_loss(
    samples: Path, name: str, incidents: int, updates: int
) -> None:
    path = samples / "statuspage" / name
    source = json.loads(path.read_bytes())
    wanted = {each["id"]: each for each in source.get("incidents", [source.get("incident")])}
    parsed = parse_file(path.read_bytes(), NOW)
    assert len(parsed) == incidents
    made = {each.record.id: additions(each, Known(), 1, "INC") for each in parsed}
    assert sum(each.updates for each in made.values()) == updates
    for key, each in made.items():
        assert rebuild(each.events) == wanted[key]
        found = folded(*each.events)
        assert found.view.rivals == ()
        assert found.view.status is PublicStatus(wanted[key]["status"])
        assert "<" not in "".join(entry.text for entry in found.entries)
