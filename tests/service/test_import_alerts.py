"""Alertmanager's and Grafana's notifications: one incident a group, each alert noted once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.domain.vocabulary import Severity, Stage
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service import deletion, incidents, timeline
from cockpit.service.session import Session
from tests.service.foreign_files import (
    alert,
    entries,
    grafana,
    imported,
    load,
    notification,
    rule,
    views,
)

AT = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(("form", "body"), [("alertmanager", notification), ("grafana", grafana)])
def test_a_group_opens_an_incident_and_its_end_adds_only_the_end(
    session: Session, form: str, body: Any
) -> None:
    done = load(session, form, body(alert()))
    assert done.sentence == "Imported 1 new incident, 1 new entry."
    (view,) = views(session)
    assert (view.severity, view.started_at) == (Severity.SEV2, datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert view.is_open
    ended = load(session, form, body(alert(ended=20)))
    assert (ended.entries_new, ended.incidents_new) == (1, 0)
    (view,) = views(session)
    assert (view.stage, view.is_open) == (Stage.RESOLVED, False)
    assert view.resolved_at == datetime(2026, 3, 4, 8, 20, tzinfo=UTC)
    first, last = imported(session, view.id)
    assert first.startswith("Firing: DiskFull (instance=db1, severity=critical)")
    assert last == "Resolved: DiskFull (instance=db1, severity=critical)"
    for again in (alert(), alert(ended=20)):
        assert load(session, form, body(again)).events_new == 0


def test_a_group_goes_on_until_all_is_resolved_and_then_begins_anew(session: Session) -> None:
    load(session, "alertmanager", notification(alert("A")))
    load(session, "alertmanager", notification(alert("A", ended=5), alert("B", 3)))
    load(session, "alertmanager", notification(alert("C", 7), alert("B", 3)))
    load(session, "alertmanager", notification(alert("B", 3, ended=9), alert("C", 7, ended=9)))
    (view,) = views(session)
    assert len(imported(session, view.id)) == 6
    assert not view.is_open
    load(session, "alertmanager", notification(alert("A", 40)))
    assert [each.is_open for each in views(session)] == [False, True]
    late = load(session, "alertmanager", notification(alert("A")))
    assert late.events_new == 0


def test_one_file_may_hold_several_bodies_in_any_order(session: Session) -> None:
    bodies = [notification(alert(ended=20)), notification(alert()), notification(alert("A", 40))]
    done = load(session, "alertmanager", bodies)
    assert (done.incidents_new, done.entries_new) == (2, 3)
    lines = "\n".join(json.dumps(each) for each in bodies).encode()
    assert load(session, "alertmanager", lines).events_new == 0


def test_into_an_incident_only_entries_go(session: Session, inc: str) -> None:
    before = session.reads.view(inc)
    done = load(session, "alertmanager", notification(alert(ended=20)), into=inc)
    assert done.sentence == "Imported 2 new entries."
    after = session.reads.view(inc)
    assert (after.stage, after.status, after.severity, after.title) == (
        before.stage,
        before.status,
        before.severity,
        before.title,
    )
    again = load(session, "alertmanager", notification(alert(ended=20)), into=inc)
    assert again.sentence == "Nothing new: all of the file is known already."
    assert session.reads.count() == 1


def test_once_a_person_writes_in_it_only_they_resolve_it(session: Session) -> None:
    load(session, "alertmanager", notification(alert()))
    (view,) = views(session)
    timeline.log(session, view.id, "we look")
    load(session, "alertmanager", notification(alert(ended=20)))
    (view,) = views(session)
    assert view.is_open
    assert "Resolved: DiskFull (instance=db1, severity=critical)" in imported(session, view.id)


def test_a_deleted_group_stays_deleted_and_a_new_alert_is_seen(session: Session) -> None:
    load(session, "alertmanager", notification(alert()))
    (view,) = views(session)
    deletion.delete(session, view.id)
    assert load(session, "alertmanager", notification(alert())).deleted == (view.ref,)
    assert session.reads.count() == 0
    load(session, "alertmanager", notification(alert(minute=30)))
    assert session.reads.count() == 1


def test_it_gets_worse_but_never_milder(session: Session) -> None:
    mild = alert("A", labels={"alertname": "A", "severity": "warning"})
    load(session, "alertmanager", notification(mild))
    assert views(session)[0].severity is Severity.SEV4
    load(session, "alertmanager", notification(mild, alert("B", 3)))
    assert views(session)[0].severity is Severity.SEV2
    load(session, "alertmanager", notification(mild, alert("D", 4, labels={"alertname": "D"})))
    assert views(session)[0].severity is Severity.SEV2


def test_the_first_words_of_an_alert_stay_and_that_is_said(session: Session) -> None:
    load(session, "alertmanager", notification(alert()))
    other = notification(alert(annotations={"summary": "now 97 %"}))
    done = load(session, "alertmanager", other)
    assert done.events_new == 0
    assert "other words of 1 known entry" in done.left_out
    assert "now 97 %" not in imported(session, views(session)[0].id)[0]


def test_what_is_not_kept_is_named(session: Session) -> None:
    cut = notification(alert(shoe_size=43), truncatedAlerts=3, weather="fair")
    done = load(session, "alertmanager", cut)
    assert done.left_out == (
        "3 alerts that were cut off before",
        "field “shoe_size” of alerts",
        "field “weather”",
    )


def test_labels_identify_an_alert_without_a_fingerprint(session: Session) -> None:
    bare = alert()
    del bare["fingerprint"]
    twin = {**bare, "labels": {**bare["labels"], "instance": "db2"}}
    done = load(session, "alertmanager", notification(bare, twin, version="3", groupKey=10**18))
    assert done.entries_new == 2
    again = notification(twin, bare, version="3", groupKey=10**18)
    assert load(session, "alertmanager", again).events_new == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (notification(alert(), alert(startsAt="soon")), "Record 2: startsAt is not a time."),
        (notification(alert(startsAt=None)), "Record 1: startsAt is missing."),
        (notification(alert(startsAt="2026-03-04T08:00:00")), "startsAt has no time zone"),
        (notification(alert(startsAt="2626-03-04T08:00:00Z")), "startsAt is 2626-03-04"),
        (notification(alert(status="on fire")), "Record 1: “on fire” is not a status of an alert"),
        (notification(alert(status="resolved")), "Record 1: it is resolved, but endsAt"),
        (notification(alerts=[alert(), 7]), "Record 2: expected an object, found a number"),
        (notification(alert(labels=["x"])), "Record 1: labels: expected an object, found a list"),
        (notification(alert(labels={"a": {"b": 1}})), "a is not a text"),
        (notification(), "Notification 1: it has no alerts."),
        (notification(alert(), version="2"), "its version is “2”; expected 3 or 4"),
        (notification(alert(), groupKey=10**4000), "groupKey is too large a number"),
        (notification(alert(annotations={"x": "y" * 70_000})), "one event holds at most"),
        ([notification(alert()), grafana(alert())], "Import it as grafana."),
        ([], "The file holds an empty list."),
        ({"title": "x", "monitor_id": 1, "query": "y"}, "looks like a Datadog notification"),
        ({"shoes": 2}, "found an object with “shoes”"),
        (b"{", "not valid JSON"),
    ],
)
def test_wrong_files_are_refused_in_words(session: Session, body: Any, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        load(session, "alertmanager", body)
    assert words in str(refused.value)
    assert "Nothing was imported." in str(refused.value)
    assert session.reads.count() == 0


def test_a_file_goes_in_as_a_whole_or_not_at_all(session: Session) -> None:
    with pytest.raises(ImportRefusedError, match="Record 2: startsAt"):
        load(session, "alertmanager", [notification(alert()), notification(alert(startsAt=1))])
    assert session.reads.count() == 0


def test_a_rule_without_a_time_needs_one(session: Session) -> None:
    with pytest.raises(ImportRefusedError, match="--at 09:10"):
        load(session, "grafana", rule())
    load(session, "grafana", rule(), at=AT)
    (view,) = views(session)
    assert (view.title, view.severity, view.started_at) == ("Load peaks", Severity.SEV3, AT)
    assert imported(session, view.id) == [
        "Alerting: Load peaks\nStart more machines\nload = 97.5 (host=web1)"
    ]
    load(session, "grafana", rule("ok", evalMatches=[]), at=AT.replace(minute=50))
    assert not views(session)[0].is_open
    assert load(session, "grafana", rule(), at=AT).events_new == 0
    load(session, "grafana", rule(), at=AT.replace(minute=59))
    assert len(views(session)) == 2


def test_rules_of_two_servers_are_two(session: Session) -> None:
    load(session, "grafana", rule(), at=AT)
    load(session, "grafana", rule(ruleUrl="https://other.example/d/1"), at=AT)
    assert len(views(session)) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rule("on fire"), "Record 1: “on fire” is not a state of a rule"),
        (rule(evalMatches=7), "Record 1: evalMatches is not a list"),
        (notification(alert()), "Import it as alertmanager."),
    ],
)
def test_wrong_rules_are_refused(session: Session, body: Any, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        load(session, "grafana", body, at=AT)
    assert words in str(refused.value)


def test_wishes_that_mean_nothing_are_refused(session: Session, inc: str) -> None:
    for form, wish in (
        ("statuspage", {"into": inc}),
        ("alertmanager", {"channels": ("a",)}),
        ("pagerduty", {"at": AT}),
        ("cockpit", {"since": AT}),
    ):
        with pytest.raises(InvalidInputError, match=f"means nothing for {form}"):
            load(session, form, {}, **wish)


def test_what_was_redacted_stays_away(session: Session) -> None:
    load(session, "alertmanager", notification(alert()))
    (view,) = views(session)
    entry = next(each for each in entries(session, view.id) if each.src)
    timeline.redact(session, view.id, entry.id)
    load(session, "alertmanager", notification(alert(annotations={"summary": "again"})))
    load(session, "alertmanager", notification(alert()))
    assert all("DiskFull on db1" not in each.op.d for each in session.reads.ops(view.id))


def test_the_next_incident_counts_on(session: Session) -> None:
    load(session, "alertmanager", notification(alert()))
    assert incidents.declare(session, incidents.Declaration("x", "SEV3")).ref == "INC-2"
