"""Folders of cState pages and lists of incidents: a whole or nothing, and each fact once."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cockpit.domain.cadence_report import report
from cockpit.domain.vocabulary import PublicStatus
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service import import_files, imports, incidents, timeline
from cockpit.service.import_options import ImportOptions
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from tests.domain.cstate_pages import page
from tests.domain.gcp_records import record

BODY = "[Final message]\nGood.\n\n[Initial message]\nNext update by 10:30 UTC.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one page."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "one.md").write_text(page(BODY), encoding="utf-8")
    return pages


def texts(session: Session) -> list[str]:
    inc = incidents.find(session, "INC-1")
    return [each.text for each in read_timeline(session, inc) if each.src]


def test_a_folder_opens_like_any_history(session: Session, folder: Path) -> None:
    (folder / "two.md").write_text(page("Slow.", date="2025-05-01 10:00:00Z"), encoding="utf-8")
    (folder / "notes.txt").write_text("no page", encoding="utf-8")
    done = imports.import_file(session, "cstate", folder)
    assert done.sentence == "Imported 2 new incidents, 3 new updates."
    view = session.reads.view(incidents.find(session, "INC-2"))
    assert view.status is PublicStatus.RESOLVED
    kept = report(view, session.playbook, session.clock())
    assert (kept.rings[0].updates, kept.rings[0].promises.made) == (2, 1)
    again = imports.import_file(session, "cstate", folder)
    assert (again.events_new, again.incidents_known) == (0, 2)


def test_one_file_is_the_same_as_its_folder(session: Session, folder: Path) -> None:
    imports.import_file(session, "cstate", folder / "one.md")
    assert imports.import_file(session, "cstate", folder).events_new == 0


def test_a_later_page_adds_updates_and_corrects_texts(session: Session, folder: Path) -> None:
    path = folder / "one.md"
    early = page("[Initial message]\nSlow.\n", resolved="false", resolvedWhen="")
    path.write_text(early, encoding="utf-8")
    imports.import_file(session, "cstate", folder)
    assert session.reads.view(incidents.find(session, "INC-1")).is_open
    path.write_text(page(BODY, title="Payments fail", severity="down"), encoding="utf-8")
    done = imports.import_file(session, "cstate", folder)
    assert (done.incidents_new, done.updates_new, done.changed) == (0, 1, 1)
    assert texts(session) == ["Next update by 10:30 UTC.", "Good."]
    inc = incidents.find(session, "INC-1")
    view = session.reads.view(inc)
    assert (view.title, view.severity.value, view.is_open) == ("Payments fail", "SEV2", False)
    entry = next(each for each in read_timeline(session, inc) if each.corrected)
    assert entry.original == "Slow."
    assert imports.import_file(session, "cstate", folder).events_new == 0


def test_what_people_did_since_is_left_alone(session: Session, folder: Path) -> None:
    imports.import_file(session, "cstate", folder)
    inc = incidents.find(session, "INC-1")
    entry = next(each for each in read_timeline(session, inc) if each.src)
    timeline.correct(session, inc, entry.id, "Corrected here.")
    assert imports.import_file(session, "cstate", folder).events_new == 0
    assert "Corrected here." in texts(session)


def test_one_wrong_page_refuses_the_folder(session: Session, folder: Path) -> None:
    (folder / "zwei.md").write_text("no page", encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"zwei\.md: it has no front matter"):
        imports.import_file(session, "cstate", folder)
    large = page(f"{'x' * 70_000}")
    (folder / "zwei.md").write_text(large, encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"zwei\.md"):
        imports.import_file(session, "cstate", folder)
    assert session.reads.count() == 0


def test_folders_have_limits(
    session: Session, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ImportRefusedError, match=r"has no \.md files"):
        imports.import_file(session, "cstate", empty)
    (folder / "two.md").write_text(page(BODY), encoding="utf-8")
    monkeypatch.setattr(import_files, "MAX_FILES", 1)
    with pytest.raises(ImportRefusedError, match=r"more than 1 \.md files"):
        imports.import_file(session, "cstate", folder)
    monkeypatch.setattr(import_files, "MAX_FILES", 5)
    monkeypatch.setattr(import_files, "MAX_BYTES", 300)
    with pytest.raises(ImportRefusedError, match="larger than"):
        imports.import_file(session, "cstate", folder)


def test_links_stay_in_their_folder(session: Session, folder: Path, tmp_path: Path) -> None:
    (folder / "inside.md").symlink_to(folder / "one.md")
    imports.import_file(session, "cstate", folder)
    outside = tmp_path / "outside.md"
    outside.write_text(page(BODY), encoding="utf-8")
    (folder / "linked.md").symlink_to(outside)
    with pytest.raises(ImportRefusedError, match="leads out of its folder"):
        imports.import_file(session, "cstate", folder)


def test_what_is_no_file_is_refused(session: Session, folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    with pytest.raises(ImportRefusedError, match="is no file"):
        imports.import_file(session, "cstate", folder)


def test_a_page_without_a_name_is_refused(session: Session, folder: Path) -> None:
    with (folder / "one.md").open("rb") as stream, pytest.raises(ImportRefusedError, match="name"):
        imports.import_stream(session, "cstate", stream)


def test_wishes_of_other_formats_mean_nothing_here(session: Session, folder: Path) -> None:
    for form in ("cstate", "gcp"):
        with pytest.raises(InvalidInputError, match="--into means nothing"):
            imports.import_file(session, form, folder, ImportOptions(into="0" * 32))


def test_a_list_of_incidents_is_imported_once(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "incidents.json"
    path.write_text(json.dumps([record(), record(number="2")]), encoding="utf-8")
    done = imports.import_file(session, "gcp", path)
    assert (done.incidents_new, done.updates_new) == (2, 4)
    assert imports.import_file(session, "gcp", path).events_new == 0
    edited = record()
    edited["updates"][0]["text"] = "The issue is over."
    path.write_text(json.dumps([edited, record(number="2")]), encoding="utf-8")
    again = imports.import_file(session, "gcp", path)
    assert (again.changed, again.updates_new) == (1, 0)
    assert imports.import_file(session, "gcp", path).events_new == 0
    inc = incidents.find(session, "INC-1")
    kept = report(session.reads.view(inc), session.playbook, session.clock())
    assert kept.rings[0].promises.made == 1


def test_deep_records_are_imported_or_refused(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "incidents.json"
    for depth in (50, 300, 500, 800, 950, 990, 2000):
        deep = "[" * depth + "]" * depth
        text = json.dumps(record(number=str(depth), uri="DEEP"))
        path.write_text(f"[{text}]".replace('"DEEP"', deep), encoding="utf-8")
        if depth <= 300:
            assert imports.import_file(session, "gcp", path).incidents_new == 1
        with suppress(ImportRefusedError):
            imports.import_file(session, "gcp", path)


def test_real_pages_are_imported_without_loss_and_once(session: Session, samples: Path) -> None:
    began = time.process_time()
    done = imports.import_file(session, "cstate", samples / "cstate-jenkins")
    assert (done.incidents_new, done.left_out) == (98, ())
    assert done.updates_new >= 140
    again = imports.import_file(session, "cstate", samples / "cstate-jenkins")
    assert (again.events_new, again.incidents_known) == (0, 98)
    assert time.process_time() - began < 10
    views = [session.reads.view(each.id) for each in session.reads.summaries()]
    assert sum(len(view.messages) for view in views) == done.updates_new
    assert all(view.status is PublicStatus.RESOLVED for view in views)
