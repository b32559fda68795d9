"""Imports are all or nothing, and add each fact once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.cadence_report import report
from cockpit.domain.vocabulary import PublicStatus
from cockpit.errors import CockpitError, ImportRefusedError, InvalidInputError
from cockpit.service import demo, exports, imports, incidents, timeline
from cockpit.service.session import Session

Write = Callable[[Any], Path]


def statuspage(*bodies: str, key: str = "i1", day: int = 1, **fields: Any) -> dict[str, Any]:
    """Return an incident with one update an hour, newest first, as a status page gives it."""
    times = [f"2025-06-{day:02d}T{10 + hour}:00:00.000Z" for hour in range(len(bodies))]
    updates = [
        {
            "id": f"{key}-u{place}",
            "status": "resolved" if place == len(bodies) - 1 else "investigating",
            "body": body,
            "created_at": at,
            "updated_at": at,
            "display_at": at,
        }
        for place, (body, at) in enumerate(zip(bodies, times, strict=True))
    ]
    return {
        "id": key,
        "name": f"Incident {key}",
        "status": "resolved",
        "impact": "minor",
        "created_at": times[0],
        "started_at": times[0],
        "resolved_at": times[-1],
        "incident_updates": updates[::-1],
        **fields,
    }


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a JSON file and returns its path."""

    def write_file(content: Any) -> Path:
        path = tmp_path / "file.json"
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(data)
        return path

    return write_file


def page(*found: dict[str, Any]) -> dict[str, Any]:
    return {"page": {"id": "p1"}, "incidents": list(found)}


def test_statuspage_history_opens_like_any_incident(session: Session, write: Write) -> None:
    path = write(page(statuspage("We look.", "All good.", key="i2", day=2), statuspage("One.")))
    done = imports.import_file(session, "statuspage", path)
    assert (done.incidents_new, done.updates_new) == (2, 3)
    assert (
        done.sentence == "Imported 2 new incidents, 3 new updates. Left out: the page's own data."
    )
    found = session.reads.summaries()
    assert [(each.ref, each.title) for each in found] == [
        ("INC-2", "Incident i2"),
        ("INC-1", "Incident i1"),
    ]
    view = session.reads.view(found[0].id)
    assert view.status is PublicStatus.RESOLVED
    kept = report(view, session.playbook, session.clock())
    assert kept.rings[0].updates == 2
    assert session.reads.search("look")[0].ref == "INC-2"


def test_the_same_file_adds_nothing_and_numbers_stay(session: Session, write: Write) -> None:
    path = write(page(statuspage("One.")))
    imports.import_file(session, "statuspage", path)
    before = list(session.reads.ops())
    incidents.declare(session, incidents.Declaration("Another", "SEV2"))
    again = imports.import_file(session, "statuspage", path)
    assert (again.incidents_new, again.incidents_known, again.updates_new) == (0, 1, 0)
    assert again.sentence == (
        "Nothing new: 1 incident in the file, all known already. Left out: the page's own data."
    )
    assert list(session.reads.ops())[: len(before)] == before
    assert incidents.find(session, "INC-1") == before[0].op.inc


def test_a_later_file_adds_what_is_new_and_edited(session: Session, write: Write) -> None:
    imports.import_file(session, "statuspage", write(page(statuspage("One.", "Two."))))
    later = page(statuspage("One.", "Two, edited.", "Three."), statuspage("New.", key="i2", day=3))
    done = imports.import_file(session, "statuspage", write(later))
    assert (done.incidents_new, done.incidents_known) == (1, 1)
    assert (done.updates_new, done.changed) == (2, 1)
    assert "1 changed update" in done.sentence
    inc = incidents.find(session, "INC-1")
    texts = [each.text for each in postmortem_entries(session, inc) if each.src]
    assert texts == ["One.", "Two, edited.", "Three."]
    assert imports.import_file(session, "statuspage", write(later)).events_new == 0


def postmortem_entries(session: Session, inc: str) -> Any:
    from cockpit.service.postmortems import read_timeline

    return read_timeline(session, inc)


def test_what_people_did_since_is_left_alone(session: Session, write: Write) -> None:
    imports.import_file(session, "statuspage", write(page(statuspage("One."))))
    inc = incidents.find(session, "INC-1")
    entry = next(each for each in postmortem_entries(session, inc) if each.src)
    timeline.correct(session, inc, entry.id, "One, corrected here.")
    done = imports.import_file(session, "statuspage", write(page(statuspage("One."))))
    assert done.events_new == 0
    found = session.reads.entry(inc, entry.id)
    assert found is not None
    assert found.text == "One, corrected here."


def test_what_was_redacted_here_does_not_come_back(session: Session, write: Write) -> None:
    path = write(page(statuspage("The password is hunter2.")))
    imports.import_file(session, "statuspage", path)
    inc = incidents.find(session, "INC-1")
    entry = next(each for each in postmortem_entries(session, inc) if each.src)
    timeline.redact(session, inc, entry.id)
    assert imports.import_file(session, "statuspage", path).events_new == 0
    assert not any("hunter2" in each.op.d for each in session.reads.ops(inc))


def test_a_bad_record_is_refused_by_its_number_with_nothing_imported(
    session: Session, write: Write
) -> None:
    bad = statuspage("One.", key="i2", impact="enormous")
    with pytest.raises(ImportRefusedError, match=r"Record 2 .*impact “enormous”"):
        imports.import_file(session, "statuspage", write(page(statuspage("One."), bad)))
    large = statuspage("x" * 70_000, key="i3")
    with pytest.raises(ImportRefusedError, match="Record 3 "):
        imports.import_file(
            session,
            "statuspage",
            write(page(statuspage("a"), statuspage("b", key="i2"), large)),
        )
    assert session.reads.count() == 0


def test_an_unknown_format_names_the_nearest(session: Session, write: Write) -> None:
    with pytest.raises(InvalidInputError, match="statuspage"):
        imports.import_file(session, "statuspag", write({}))


def test_files_that_cannot_be_read_are_refused_in_words(
    session: Session, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (tmp_path, tmp_path / "missing.json", write(b" \n")):
        with pytest.raises(ImportRefusedError):
            imports.import_file(session, "statuspage", path)
    monkeypatch.setattr(imports, "MAX_BYTES", 10)
    with pytest.raises(ImportRefusedError, match="larger than"):
        imports.import_file(session, "statuspage", write(b'{"incidents": []}'))


def test_a_byte_order_mark_is_no_obstacle(session: Session, write: Write) -> None:
    data = b"\xef\xbb\xbf" + json.dumps(page(statuspage("One."))).encode()
    assert imports.import_file(session, "statuspage", write(data)).incidents_new == 1


def test_our_own_export_names_the_wrong_event(session: Session, inc: str, write: Write) -> None:
    document = msgspec.json.decode(exports.export_incident(session, inc, "json"))
    opened = document["incidents"][0]["events"][0]
    for change, words in (
        ({"id": "zz"}, "no “id” of an event"),
        ({"t": "later"}, "no “t” of an event"),
        ({"d": 7}, "The body “d”"),
        ({"d": {"title": 7}}, "Event "),
        ({"d": {**opened["d"], "at": "2026-03-04T09:00:00"}}, "with a timezone"),
        ({"d": {**opened["d"], "at": "0001-01-01T00:00:00Z"}}, "in the year 1"),
        ({"inc": "0" * 32}, "several incidents"),
        ({"k": "entry.add"}, "Record 1"),
    ):
        events = [dict(each) for each in document["incidents"][0]["events"]]
        events[0].update(change)
        changed = {**document, "incidents": [{"events": events}]}
        with pytest.raises(ImportRefusedError) as refused:
            imports.import_file(session, "cockpit", write(changed))
        assert words in str(refused.value)
        assert "Record 1" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "no cockpit export"),
        ([], "no cockpit export"),
        ({"format": "incident-cockpit", "version": 2, "incidents": []}, "version is 2"),
        ({"format": "incident-cockpit", "version": 1}, "no “incidents”"),
        ({"format": "incident-cockpit", "version": 1, "incidents": 7}, "no cockpit export"),
        ({"format": "incident-cockpit", "version": 1, "incidents": [{}]}, "Record 1 has no"),
        (b"\xff\xfe", "no cockpit export"),
        (b"[" * 5000, "no cockpit export"),
    ],
)
def test_other_documents_are_refused_in_words(
    session: Session, write: Write, content: Any, words: str
) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        imports.import_file(session, "cockpit", write(content))
    assert words in str(refused.value)


def test_a_receive_time_in_the_future_cannot_drag_the_clock(
    session: Session, inc: str, write: Write
) -> None:
    document = msgspec.json.decode(exports.export_incident(session, inc, "json"))
    document["incidents"][0]["received"] = {"a" * 32: 10**15}
    with pytest.raises(ImportRefusedError, match="received"):
        imports.import_file(session, "cockpit", write(document))


def test_events_of_a_later_version_are_kept(session: Session, inc: str, write: Write) -> None:
    document = msgspec.json.decode(exports.export_incident(session, inc, "json"))
    event = dict(document["incidents"][0]["events"][0])
    event.update(id="f" * 32, k="poll.opened", v=9, d={"question": "?"}, colour="blue")
    document["incidents"][0]["events"].append(event)
    assert imports.import_file(session, "cockpit", write(document)).events_new == 1
    again = msgspec.json.decode(exports.export_incident(session, inc, "json"))
    assert event in again["incidents"][0]["events"]


@given(place=st.integers(0, 60_000), junk=st.binary(min_size=1, max_size=4))
@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_mutated_exports_are_imported_or_refused(
    session: Session, write: Write, place: int, junk: bytes
) -> None:
    if not session.reads.count():
        demo.fill(session)
    inc = session.reads.summaries()[0].id
    data = exports.export_incident(session, inc, "json").encode()
    place %= len(data)
    try:
        imports.import_file(session, "cockpit", write(data[:place] + junk + data[place + 1 :]))
    except CockpitError:
        return
    for each in session.reads.summaries():
        session.reads.view(each.id)


def test_real_history_is_imported_without_loss_and_once(session: Session, samples: Path) -> None:
    path = samples / "statuspage" / "github_2018-12_to_2020-12.json"
    done = imports.import_file(session, "statuspage", path)
    assert (done.incidents_new, done.updates_new) == (111, 391)
    assert session.reads.count() == 111
    assert (
        sum(len(session.reads.view(each.id).messages) for each in session.reads.summaries()) == 391
    )
    again = imports.import_file(session, "statuspage", path)
    assert (again.incidents_new, again.updates_new, again.events_new) == (0, 0, 0)
