"""Imports of written post-mortems: nothing is lost, nothing is added twice, own edits stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cockpit.domain.view import IncidentView, TimelineFilter
from cockpit.errors import ImportRefusedError
from cockpit.service import imports, incidents, postmortems
from cockpit.service.session import Session

WRITTEN = """\
# 2021-05-10, Checkout was slow

By the on-call team

## Issue summary

Customers waited for *long*.

## Timeline (all times CET)

- **09:00** alarm fires
- **09:30** rolled back
  and watched

## Weather

It rained.

## Action Items

Some context.

### Alerts (completed)

1. Alert on waiting times, see https://example.org/1.
   It was too late.

### Later

- [ ] Write the runbook
- [x] Tell the team
"""


def write(tmp_path: Path, text: str, name: str = "slow.md") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def bring(session: Session, tmp_path: Path, text: str) -> IncidentView:
    imports.import_file(session, "postmortem", write(tmp_path, text))
    (line,) = session.reads.summaries()
    return session.reads.view(line.id)


def section(view: IncidentView, name: str) -> tuple[str, str]:
    (found,) = [each for each in view.postmortem.sections if each.id == name]
    return found.title, found.text


def test_a_document_becomes_an_incident_that_is_over(session: Session, tmp_path: Path) -> None:
    view = bring(session, tmp_path, WRITTEN)
    assert (view.title, view.is_open) == ("2021-05-10, Checkout was slow", False)
    assert view.started_at.isoformat() == "2021-05-10T08:00:00+00:00"
    entries = session.reads.timeline(view.id, TimelineFilter(), 0, 10)
    assert [each.text for each in entries if each.kind == "observation"] == [
        "alarm fires",
        "rolled back\n  and watched",
    ]


def test_sections_keep_their_words_and_find_their_place(session: Session, tmp_path: Path) -> None:
    view = bring(session, tmp_path, WRITTEN)
    assert section(view, "summary") == ("Issue summary", "Customers waited for *long*.")
    assert section(view, "weather") == ("Weather", "It rained.")
    assert section(view, "introduction")[1] == "By the on-call team"
    shown = postmortems.markdown(session, view.id)
    assert "## Weather\n\nIt rained." in shown
    assert "Customers waited for *long*." in shown


def test_lists_become_action_items(session: Session, tmp_path: Path) -> None:
    view = bring(session, tmp_path, WRITTEN)
    found = {each.title: (each.state, each.link) for each in view.actions}
    assert found == {
        "Alert on waiting times, see https://example.org/1. It was too late.": (
            "done",
            "https://example.org/1",
        ),
        "Write the runbook": ("open", ""),
        "Tell the team": ("done", ""),
    }


def test_the_same_document_again_adds_nothing(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, WRITTEN)
    again = imports.import_file(session, "postmortem", write(tmp_path, WRITTEN))
    assert (again.events_new, again.incidents_known) == (0, 1)


def test_a_later_version_changes_what_nobody_edited_here(session: Session, tmp_path: Path) -> None:
    view = bring(session, tmp_path, WRITTEN)
    postmortems.write_section(session, view.id, "summary", "Our own words.")
    later = WRITTEN.replace("*long*", "an hour").replace("rained", "snowed")
    done = imports.import_file(session, "postmortem", write(tmp_path, later))
    after = session.reads.view(view.id)
    assert section(after, "summary")[1] == "Our own words."
    assert section(after, "weather")[1] == "It snowed."
    assert any("Issue summary" in note and "stays as it is" in note for note in done.notes)
    back = imports.import_file(session, "postmortem", write(tmp_path, WRITTEN))
    assert section(session.reads.view(view.id), "weather")[1] == "It rained."
    assert back.changed


def test_a_long_section_is_kept_whole(session: Session, tmp_path: Path) -> None:
    words = "\n".join(f"line {number} of the log \U0001f600" for number in range(4_000))
    view = bring(session, tmp_path, f"# 2021-05-10 Long\n\n## Logs\n\n{words}\n")
    assert section(view, "logs")[1] == words


REFUSED = [
    ("# No date\n\n## Summary\n\nIt was slow.\n", "no date was found"),
    ("# 2021-05-10 Only a title\n", "nothing but a title"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_cannot_be_placed_is_refused(
    session: Session, tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(ImportRefusedError, match=why):
        imports.import_file(session, "postmortem", write(tmp_path, text))
    assert incidents.list_incidents(session, closed=True) == ()


def test_two_documents_of_one_title_and_day_are_refused(session: Session, tmp_path: Path) -> None:
    write(tmp_path, WRITTEN)
    write(tmp_path, WRITTEN.replace("rained", "snowed"), "other.md")
    with pytest.raises(ImportRefusedError, match="one title and one day"):
        imports.import_file(session, "postmortem", tmp_path)


def test_bytes_that_are_no_text_are_refused(session: Session, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"# 2021-05-10\n\xff\n")
    with pytest.raises(ImportRefusedError, match="not UTF-8"):
        imports.import_file(session, "postmortem", tmp_path / "bad.md")


def test_no_line_of_a_real_document_is_lost(session: Session, samples: Path) -> None:
    """Every line with a word in it is found again in the title, a section, entry or action."""
    lines, lost, refused = 0, [], 0
    for path in sorted((samples / "postmortems").glob("*/*.md")):
        before = {each.id for each in session.reads.summaries()}
        try:
            imports.import_file(session, "postmortem", path)
        except ImportRefusedError as error:
            refused += "no date was found" in error.message
            continue
        (inc,) = {each.id for each in session.reads.summaries()} - before
        found = _words(_everything(session, inc))
        for line in path.read_text(encoding="utf-8").splitlines():
            if wanted := _words(line):
                lines += 1
                lost += [] if wanted in found else [f"{path.name}: {line}"]
    assert lost == []
    assert (lines > 2_000, refused) == (True, 5)


def _everything(session: Session, inc: str) -> str:
    view = session.reads.view(inc)
    sections = [f"{each.title} {each.text}" for each in view.postmortem.sections]
    return " | ".join([view.title, *sections, *(each.title for each in view.actions)])


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip()
