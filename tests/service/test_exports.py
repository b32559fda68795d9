"""Exports hold every fact, act on nothing, and are written whole or not at all."""

from __future__ import annotations

import os
import stat
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.config import Config
from cockpit.domain.markdown_html import to_html
from cockpit.errors import ExportRefusedError, InvalidInputError
from cockpit.paths import Paths
from cockpit.service import action_items, changes, demo, exports, imports, postmortems, timeline
from cockpit.service.session import Session, open_session
from cockpit.service.whole_files import write_export
from tests.service.conftest import MovedClock

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.gif)",
    "</td></table><iframe src=//evil.example>",
    '"><svg onload=alert(1)>',
    "\x1b]52;c;aGk=\x07",
)


class Page(HTMLParser):
    """Collects what an HTML page has: elements, attributes, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.shown = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update((name, value or "") for name, value in attrs)

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_the_timeline_is_a_table_of_a_time_range(
    session: Session, inc: str, clock: MovedClock
) -> None:
    for number in range(4):
        timeline.log(session, inc, f"fact {number}", at=clock.move(10))
    text = exports.export_incident(session, inc, "timeline")
    places = [text.index(f"fact {number}") for number in range(4)]
    assert places == sorted(places)
    assert "| 2026-03-04 09:10 UTC | note | fact 0 |" in text
    since = clock.now.replace(minute=20)
    part = exports.export_incident(session, inc, "timeline", since, clock.now.replace(minute=30))
    assert ("fact 0" in part, "fact 1" in part, "fact 2" in part, "fact 3" in part) == (
        False,
        True,
        True,
        False,
    )


def test_the_internal_document_holds_every_fact(
    session: Session, inc: str, clock: MovedClock
) -> None:
    timeline.log(session, inc, "alert received", kind="observation", at=clock.move(5))
    changes.set_field(session, inc, "severity", "SEV1", reason="payments too")
    postmortems.write_section(session, inc, "lessons", "We **learned** a lot.")
    action_items.add_action(session, inc, "Raise the limit", owner="payments team")
    text = exports.export_incident(session, inc, "md")
    for fact in ("alert received", "payments too", "We **learned** a lot.", "Raise the limit"):
        assert fact in text


def test_an_unknown_format_names_the_nearest(session: Session, inc: str) -> None:
    with pytest.raises(InvalidInputError, match="json"):
        exports.export_incident(session, inc, "jsn")


@pytest.mark.parametrize("attack", HOSTILE)
def test_the_page_shows_hostile_text_and_runs_nothing(
    session: Session, inc: str, attack: str
) -> None:
    timeline.log(session, inc, f"see {attack}")
    changes.set_field(session, inc, "title", f"Down {attack}")
    postmortems.write_section(session, inc, "summary", f"**Bold** {attack}")
    text = exports.export_incident(session, inc, "html")
    page = Page(text)
    assert not page.tags & {"script", "img", "iframe", "svg", "object", "form", "base", "link"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [v for n, v in page.attributes if n == "href" and not v.startswith("http")]
    assert "\x1b" not in text
    assert "Bold" in page.shown


@given(st.text(alphabet="<>[]()!`*_#\\&;|~-\"' \nabhtps:/x1.", max_size=60))
@settings(max_examples=300)
def test_any_markdown_becomes_harmless_html(text: str) -> None:
    page = Page(to_html(text))
    assert page.tags <= {
        *("p", "ul", "li", "br", "table", "thead", "tbody", "tr", "th", "td", "strong", "em"),
        *("code", "a", "h1", "h2", "h3", "h4", "h5", "h6"),
    }
    assert {name for name, _ in page.attributes} <= {"href", "rel", "class"}


def test_markdown_that_post_mortems_use_becomes_elements() -> None:
    text = (
        "# A\n\n## B\n- [ ] one **two**\n- [x] done\n\n| a | b\\|c |\n| --- | --- |\n| d<br>e | f |"
    )
    assert to_html(text) == (
        "<h1>A</h1>\n<h2>B</h2>\n<ul><li>☐ one <strong>two</strong></li><li>☑ done</li></ul>\n"
        "<table><thead><tr><th>a</th><th>b|c</th></tr></thead>"
        "<tbody><tr><td>d<br>e</td><td>f</td></tr></tbody></table>"
    )


def test_json_fills_an_empty_database_with_all_that_was_there(
    session: Session, tmp_path: Path, clock: MovedClock
) -> None:
    demo.fill(session)
    text = exports.export_all(session)
    file = tmp_path / "all.json"
    write_export(file, text)
    again = imports.import_file(session, "cockpit", file)
    assert (again.incidents_new, again.events_new) == (0, 0)
    other = Paths(tmp_path / "other", tmp_path / "other")
    with open_session(other, Config(author="ops"), clock=clock) as empty:
        assert imports.import_file(empty, "cockpit", file).incidents_new == 5
        assert exports.export_all(empty) == text


def test_json_holds_state_timeline_and_events(session: Session, inc: str) -> None:
    timeline.log(session, inc, "a fact \x1b[31m \U0001f525")
    document = msgspec.json.decode(exports.export_incident(session, inc, "json"))
    assert (document["format"], document["version"]) == ("incident-cockpit", 1)
    (only,) = document["incidents"]
    assert only["incident"]["ref"] == "INC-1"
    assert only["timeline"][-1]["text"] == "a fact \x1b[31m \U0001f525"
    assert len(only["events"]) == len(list(session.reads.ops(inc)))


def test_a_file_is_private_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    old = os.umask(0)
    try:
        write_export(file, "one\n")
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(ExportRefusedError, match="--force"):
        write_export(file, "two\n")
    assert file.read_text() == "one\n"
    write_export(file, "two\n", True)
    assert file.read_text() == "two\n"
    assert [each.name for each in tmp_path.iterdir()] == ["report.md"]


@pytest.mark.parametrize("force", [False, True])
def test_nothing_is_written_through_a_link(tmp_path: Path, force: bool) -> None:
    target, link, dangling = tmp_path / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_text("kept")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "nowhere")
    for each in (link, dangling):
        with pytest.raises(ExportRefusedError, match="symbolic link"):
            write_export(each, "text", force)
    assert target.read_text() == "kept"
    assert not (tmp_path / "nowhere").exists()


def test_places_that_cannot_be_written_are_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "file.md", Path(os.devnull)):
        with pytest.raises(ExportRefusedError):
            write_export(path, "text", True)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.md"
    write_export(file, "one\n")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ExportRefusedError, match="No space left"):
        write_export(file, "two\n", True)
    assert file.read_text() == "one\n"
    assert [each.name for each in tmp_path.iterdir()] == ["report.md"]


@given(st.text(min_size=1, max_size=30))
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_entry_survives_export_and_import(
    session: Session, inc: str, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    if not text.strip():
        return
    entry = timeline.log(session, inc, text)
    place = tmp_path_factory.mktemp("home")
    file = place / "one.json"
    write_export(file, exports.export_incident(session, inc, "json"))
    with open_session(Paths(place, place), Config(author="ops")) as other:
        imports.import_file(other, "cockpit", file)
        found = other.reads.entry(inc, entry.id)
        assert found is not None
        assert found.text == entry.text
