"""Statuspage records become events without loss, once each, or are refused by their number."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.envelope import Op, Record, decode_body
from cockpit.domain.events import EntryAdded, FieldSet, IncidentOpened
from cockpit.domain.fold import Folded, fold
from cockpit.domain.html_text import html_to_text
from cockpit.domain.record_pieces import add_piece
from cockpit.domain.registers import entry_object
from cockpit.domain.statuspage import parse_file
from cockpit.domain.statuspage_events import Addition, Known, additions, read_known
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity, Stage
from cockpit.errors import CockpitError, ImportRefusedError, InvalidInputError

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def update(number: int, at: str, status: str, body: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"u{number}",
        "status": status,
        "body": body,
        "incident_id": "i1",
        "created_at": f"2025-06-01T{at}:00.000Z",
        "updated_at": f"2025-06-01T{at}:00.000Z",
        "display_at": f"2025-06-01T{at}:00.000Z",
        "affected_components": None,
        "custom_tweet": None,
        **fields,
    }


def incident(*updates: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": "i1",
        "name": "Payments are slow",
        "status": "resolved",
        "created_at": "2025-06-01T10:01:00.000Z",
        "updated_at": "2025-06-01T12:00:00.000Z",
        "monitoring_at": None,
        "resolved_at": "2025-06-01T12:00:00.000Z",
        "impact": "major",
        "shortlink": "https://status.example/i1",
        "started_at": "2025-06-01T10:00:00.000Z",
        "incident_updates": list(updates),
        "components": [{"id": "c1", "name": "API", "status": "operational"}],
        **fields,
    }


def outage(**fields: Any) -> dict[str, Any]:
    changed = {"code": "c1", "name": "API", "old_status": "operational", "new_status": "down"}
    return incident(
        update(5, "12:00", "resolved", "All good."),
        update(4, "11:40", "monitoring", "Watching."),
        update(3, "11:20", "investigating", "It came back."),
        update(2, "11:00", "monitoring", "A fix is out."),
        update(1, "10:01", "investigating", "We look into it.", affected_components=[changed]),
        **fields,
    )


def page(*incidents: dict[str, Any]) -> bytes:
    return json.dumps({"page": {"id": "p1"}, "incidents": list(incidents)}).encode()


def added(raw: dict[str, Any], *known: Op) -> Addition:
    (parsed,) = parse_file(page(raw), NOW)
    return additions(parsed, read_known(known) if known else Known(), 7, "INC")


def new_events(raw: dict[str, Any], known: tuple[Op, ...]) -> tuple[Op, ...]:
    there = {each.id for each in known}
    return tuple(each for each in added(raw, *known).events if each.id not in there)


def folded(*events: Op) -> Folded:
    return fold([Record(each) for each in events])


def rebuild(events: tuple[Op, ...]) -> dict[str, Any]:
    """Put the record together again from its events; updates newest first."""
    bodies = [(each, decode_body(each)) for each in sorted(events, key=lambda each: each.t)]
    raws: dict[str, dict[str, Any]] = {}
    for event, body in bodies:
        if isinstance(body, IncidentOpened | EntryAdded) and body.src:
            opens = isinstance(body, IncidentOpened)
            raws["" if opens else entry_object(event.id)] = body.src.raw
    fields = [(event.t, body.f, body) for event, body in bodies if isinstance(body, FieldSet)]
    for _, _, body in sorted(fields, key=lambda each: each[:2]):
        if body.f == "raw":
            raws[body.obj] = body.v
        elif body.f.startswith("raw."):
            raws[body.obj] = add_piece(raws[body.obj], body.f[4:], body.v)
    incident_raw = raws.pop("")
    order = sorted(
        raws.values(), key=lambda raw: (raw["display_at"], raw["created_at"]), reverse=True
    )
    return {**incident_raw, "incident_updates": order}


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "not valid JSON"),
        (b'{"page": NaN}', "not valid JSON"),
        (b'{"incidents": "\xff"}', "not valid JSON"),
        (b'{"incidents": ["\\ud800"]}', "not valid JSON"),
        (b"[" * 20000, "nested too deeply"),
        (b"[]", "found a list"),
        (b"{}", "an empty object"),
        (b'{"monitors": 1}', "“monitors”"),
        (b"7", "expected {"),
        (b'{"incidents": [7]}', "Record 1: Expected `object`"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ImportRefusedError, match=None) as refused:
        parse_file(data, NOW)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "resolvd"}, "did you mean resolved"),
        ({"impact": "huge"}, "the impact “huge” is not known"),
        ({"name": "  "}, "no name"),
        ({"name": 7}, "Expected `str`, got `int` - at `$.name`"),
        ({"created_at": "yesterday"}, "$.created_at"),
        ({"created_at": "2025-06-01T10:00:00"}, "no time zone"),
        ({"created_at": "9999-12-31T23:59:59Z"}, "between 1970 and now"),
        ({"started_at": "0001-01-01T00:00:00Z"}, "between 1970 and now"),
        ({"incident_updates": None}, "$.incident_updates"),
        ({"incident_updates": [update(1, "10:00", "x", "y")]}, "update 1: the status “x”"),
        ({"incident_updates": [{"id": "u1"}]}, "missing required field"),
    ],
)
def test_a_wrong_record_is_refused_by_its_number(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        parse_file(page(outage(id="i0"), outage(**change)), NOW)
    assert "Record 2" in str(refused.value)
    assert words in str(refused.value)
    assert "Nothing was imported." in str(refused.value)


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


def test_a_text_too_large_for_an_event_is_refused() -> None:
    raw = incident(update(1, "10:01", "investigating", "x" * 70_000))
    with pytest.raises(InvalidInputError, match="at most"):
        added(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_mutated_record_is_imported_or_refused(data: st.DataObject) -> None:
    top: dict[str, Any] = {"page": {}, "incidents": [outage(), outage(id="i2")]}
    place: Any = top
    for _ in range(data.draw(st.integers(1, 5))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        if data.draw(st.booleans()):
            break
        place = place[key]
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    key = data.draw(st.sampled_from(keys))
    if data.draw(st.booleans()):
        place[key] = data.draw(JSON)
    else:
        del place[key]
    assert_imported_or_refused(json.dumps(top).encode())


@given(st.integers(0, 4000), st.binary(max_size=3))
@settings(max_examples=300, deadline=None)
def test_mutated_bytes_are_imported_or_refused(place: int, junk: bytes) -> None:
    data = page(outage())
    place %= len(data)
    assert_imported_or_refused(data[:place] + junk + data[place + len(junk) :])


def assert_imported_or_refused(data: bytes) -> None:
    try:
        parsed = parse_file(data, NOW)
        made = [additions(each, Known(), 1, "INC") for each in parsed]
    except (CockpitError, OverflowError):
        return
    for each in made:
        folded(*each.events)


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


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("latency < 5 s & rising", "latency < 5 s & rising"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>one &amp; two</p><p>three</p>", "one & two\n\nthree"),
        ("<ul><li><b>15:14</b> - a</li><li>b</li></ul>", "- 15:14 - a\n- b"),
        ('see <a href="https://x.example">here</a>', "see here (https://x.example)"),
        ("a<script>alert(1)</script>b", "ab"),
    ],
)
def test_html_becomes_text(body: str, text: str) -> None:
    assert html_to_text(body) == text


@given(st.text(alphabet="<>/ab&;# \n=\"'pli!-?", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_markup_becomes_some_text(body: str) -> None:
    assert isinstance(html_to_text(body), str)
