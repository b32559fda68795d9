"""PagerDuty's incidents, notes, log entries and webhooks: each fact once, whoever tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.domain.vocabulary import Severity, Stage
from cockpit.errors import ImportRefusedError
from cockpit.service import changes, timeline
from cockpit.service.session import Session
from tests.service.foreign_files import imported, load, pagerduty, views

ANA = {"id": "U1", "type": "user_reference", "summary": "Ana"}
BEN = {"id": "U2", "type": "user_reference", "summary": "Ben"}
REFERENCE = {"id": "PA1", "type": "incident_reference", "summary": "Checkout fails"}
ACKNOWLEDGED = {
    "acknowledgements": [{"at": "2026-03-04T08:05:00Z", "acknowledger": ANA}],
    "last_status_change_at": "2026-03-04T08:05:00Z",
}
RESOLVED = {
    "resolved_at": "2026-03-04T08:40:00Z",
    "last_status_change_at": "2026-03-04T08:40:00Z",
    "last_status_change_by": ANA,
}


def log_entry(kind: str, at: str, key: str = "L1", **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "type": f"{kind}_log_entry",
        "created_at": f"2026-03-04T{at}Z",
        "agent": ANA,
        "summary": f"{kind} by Ana",
        "incident": REFERENCE,
        **more,
    }


def note(text: str, **more: Any) -> dict[str, Any]:
    return {"id": "N1", "user": BEN, "content": text, "created_at": "2026-03-04T08:10:00Z", **more}


def event(kind: str, data: dict[str, Any], at: str = "08:20:00", key: str = "E1") -> dict[str, Any]:
    return {
        "event": {
            "id": key,
            "event_type": kind,
            "occurred_at": f"2026-03-04T{at}Z",
            "agent": ANA,
            "data": data,
        }
    }


def test_an_incident_and_its_course(session: Session) -> None:
    load(session, "pagerduty", {"incidents": [pagerduty()]})
    (view,) = views(session)
    assert (view.title, view.severity, view.stage) == (
        "Checkout fails",
        Severity.SEV3,
        Stage.DETECTED,
    )
    later = pagerduty(status="acknowledged", **ACKNOWLEDGED)
    assert load(session, "pagerduty", {"incident": later}).entries_new == 1
    assert views(session)[0].stage is Stage.ACKNOWLEDGED
    load(session, "pagerduty", {"incident": pagerduty(status="resolved", **RESOLVED)})
    (view,) = views(session)
    assert (view.stage, view.is_open) == (Stage.RESOLVED, False)
    assert view.resolved_at == datetime(2026, 3, 4, 8, 40, tzinfo=UTC)
    assert imported(session, view.id) == [
        "PagerDuty #12: Checkout fails\nService: checkout, Urgency: high",
        "Assigned to Ana",
        "Acknowledged by Ana",
        "Resolved by Ana",
    ]
    assert not view.rivals
    for earlier in (pagerduty(), later):
        assert load(session, "pagerduty", {"incident": earlier}).events_new == 0


def test_the_log_tells_the_same_facts(session: Session) -> None:
    whole = pagerduty(status="resolved", **{**ACKNOWLEDGED, **RESOLVED})
    load(session, "pagerduty", {"incidents": [whole]})
    log = [
        log_entry("trigger", "08:00:00"),
        log_entry("acknowledge", "08:05:00", "L2"),
        log_entry("resolve", "08:40:00", "L3"),
        log_entry("notify", "08:01:00", "L4", summary="Notified Ana by phone"),
    ]
    done = load(session, "pagerduty", {"log_entries": log})
    assert done.entries_new == 1
    assert "Notified Ana by phone" in imported(session, views(session)[0].id)
    assert len(views(session)) == 1


def test_notes_need_an_incident(session: Session, inc: str) -> None:
    with pytest.raises(ImportRefusedError, match=r"Record 1: .* which incident.*--into INC-42"):
        load(session, "pagerduty", {"notes": [note("look")]})
    assert load(session, "pagerduty", {"notes": [note("look")]}, into=inc).entries_new == 1
    assert imported(session, inc) == ["Ben: look"]
    assert load(session, "pagerduty", {"notes": [note("look")]}, into=inc).events_new == 0
    assert load(session, "pagerduty", {"notes": [note("x", incident=REFERENCE)]}).incidents_new == 1


def test_into_an_incident_its_state_stays(session: Session, inc: str) -> None:
    load(session, "pagerduty", {"incident": pagerduty(status="resolved", **RESOLVED)}, into=inc)
    view = session.reads.view(inc)
    assert view.is_open
    assert view.title == "Checkout fails"
    assert view.severity is Severity.SEV2
    assert session.reads.count() == 1


def test_webhooks_of_today(session: Session) -> None:
    bare = pagerduty(assignees=[ANA])
    for name in ("created_at", "assignments", "last_status_change_at"):
        del bare[name]
    done = load(session, "pagerduty", event("incident.triggered", bare))
    assert done.left_out == ("1 assignment without a time",)
    resolved = {**bare, "status": "resolved"}
    load(session, "pagerduty", event("incident.acknowledged", bare, "08:25:00", "E2"))
    noted = {"type": "incident_note", "id": "N1", "content": "look", "incident": REFERENCE}
    load(session, "pagerduty", event("incident.annotated", noted, "08:26:00", "E3"))
    told = {"type": "incident_status_update", "id": "S", "message": "On it", "incident": REFERENCE}
    load(session, "pagerduty", event("incident.status_update_published", told, "08:27:00", "E4"))
    load(session, "pagerduty", event("incident.priority_updated", bare, "08:28:00", "E5"))
    load(session, "pagerduty", event("incident.resolved", resolved, "08:30:00", "E6"))
    (view,) = views(session)
    assert imported(session, view.id) == [
        "PagerDuty #12: Checkout fails\nService: checkout, Urgency: high",
        "Acknowledged by Ana",
        "Ana: look",
        "Status update by Ana: On it",
        "Priority updated by Ana",
        "Resolved by Ana",
    ]
    assert not view.is_open
    other = event("service.updated", {"type": "service", "id": "S1"})
    assert load(session, "pagerduty", other).left_out == ("1 event of no incident",)


def test_an_event_that_only_names_its_incident_is_completed_later(session: Session) -> None:
    noted = {"type": "incident_note", "id": "N1", "content": "look", "incident": {"id": "PA1"}}
    load(session, "pagerduty", event("incident.annotated", noted))
    assert views(session)[0].title == "PagerDuty incident PA1"
    load(session, "pagerduty", {"incident": pagerduty(priority={"summary": "P1"})})
    (view,) = views(session)
    assert (view.title, view.severity) == ("Checkout fails", Severity.SEV1)
    assert view.started_at == datetime(2026, 3, 4, 8, tzinfo=UTC)


def test_what_people_say_of_an_incident_holds(session: Session) -> None:
    load(session, "pagerduty", {"incident": pagerduty()})
    (view,) = views(session)
    changes.set_field(session, view.id, "stage", "contained")
    load(session, "pagerduty", {"incident": pagerduty(status="resolved", **RESOLVED)})
    (view,) = views(session)
    assert (view.stage, view.is_open) == (Stage.CONTAINED, True)
    assert "Resolved by Ana" in imported(session, view.id)


def test_a_renamed_incident_takes_its_new_name(session: Session) -> None:
    load(session, "pagerduty", {"incident": pagerduty()})
    renamed = pagerduty(title="Payments fail", last_status_change_at="2026-03-04T08:09:00Z")
    load(session, "pagerduty", {"incident": renamed})
    assert views(session)[0].title == "Payments fail"
    timeline.log(session, views(session)[0].id, "ours now")
    again = pagerduty(title="Refunds fail", last_status_change_at="2026-03-04T08:19:00Z")
    load(session, "pagerduty", {"incident": again})
    assert views(session)[0].title == "Payments fail"


def test_details_are_told_and_what_is_not_kept_is_named(session: Session) -> None:
    whole = pagerduty(body={"details": "disk full"}, teams=[{"summary": "Shop"}], mood="bad")
    done = load(session, "pagerduty", {"incidents": [whole], "more": True, "limit": 25})
    assert set(done.left_out) == {"the next page of the list", "field “mood” of incidents"}
    (view,) = views(session)
    assert "disk full" in imported(session, view.id)[0]
    assert view.src is not None
    assert view.src.raw["teams"] == ["Shop"]
    entry = log_entry("annotate", "08:50:00", contexts=[{"type": "link"}])
    done = load(session, "pagerduty", {"log_entries": [entry]})
    assert done.left_out == ("field “contexts” of log entries",)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"incidents": [pagerduty(), pagerduty(created_at="x")]}, "Record 2: created_at is not a"),
        ({"incidents": [pagerduty(status="gone")]}, "Record 1: “gone” is not a status"),
        ({"incidents": [pagerduty(id=None)]}, "Record 1: id is missing"),
        ({"incidents": [7]}, "Record 1: expected an object, found a number"),
        ({"incidents": [pagerduty(assignments=[{}])]}, "assignments 1: at is missing"),
        ({"incidents": [pagerduty(title=["x"])]}, "Record 1: title is not a text"),
        ({"notes": [note("")]}, "Record 1: the note has no content"),
        ({"notes": [note("x", created_at=None)]}, "does not say when it happened"),
        ({"log_entries": [log_entry("x", "08:00:00", type="")]}, "type is missing"),
        (event("", {}), "Record 1: event_type is missing"),
        ({"messages": [{"id": "M", "type": "ping"}]}, "Record 1: “ping” is no event"),
        ({"services": [{"service_key": 1}]}, "it looks like PagerDuty services"),
        ({"incidents": [{"id": "x", "incident_updates": []}]}, "Import it as statuspage"),
        ({}, "found an empty object"),
        ([[]], "found a list"),
    ],
)
def test_wrong_files_are_refused_in_words(session: Session, body: Any, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        load(session, "pagerduty", body)
    assert words in str(refused.value)
    assert session.reads.count() == 0
