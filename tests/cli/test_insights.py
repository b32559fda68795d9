"""`stats`: tables, JSON with the incidents behind each number, a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.config import Config
from cockpit.domain.events import FieldSet
from cockpit.paths import Paths
from cockpit.service.session import open_session
from cockpit.store.database import NewEvent
from tests.cli.test_json import keys

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

INSIDE = {
    "severities": "A severity of the insights",
    "periods": "A column of the insights",
    "times": "A measured time",
    "downtime": "A downtime",
    "repeats": "What repeats",
    "debt": "A debt",
}


def test_the_figures_are_tables(open_incident: Commands) -> None:
    open_incident.ok("declare", "What if", "--drill")
    out = open_incident.ok("stats").out
    assert "(UTC), 1 incident\n" in out
    assert "How long it took" in out
    assert "1 exercise left out." in out
    assert "█" in out
    assert max(len(line) for line in out.splitlines()) <= 100
    assert "2 incidents" in open_incident.ok("stats", "--with-drills").out
    assert "0 incidents" in open_incident.ok("stats", "--severity", "SEV4").out


def test_days_at_the_ends_of_the_calendar_are_refused_in_words(open_incident: Commands) -> None:
    for words in (("--until", "9999-12-31"), ("--until", "0001-01-01"), ("--since", "0001-01-01")):
        for zone in ("Asia/Tokyo", "America/New_York"):
            refused = open_incident("--zone", zone, "stats", *words)
            assert refused.code == 2
            assert "too far from now" in refused.err
    assert open_incident.ok("stats", "--until", "2999-12-31", "--since", "1970-01-01").out


def test_plain_characters_suffice(open_incident: Commands) -> None:
    out = open_incident.ok("--ascii", "stats").out
    assert "#" in out
    assert "█" not in out


def test_json_names_the_incidents_behind_each_number(open_incident: Commands) -> None:
    open_incident.ok("set", "stage", "contained")
    open_incident.ok("update", "--stage", "investigating", "--sent")
    data = open_incident.ok("stats", "--json").data
    assert data["count"] == 1
    assert data["incidents"] == data["still_open"] == ["INC-1"]
    assert [each["incidents"] for each in data["severities"]] == [[], ["INC-1"], [], []]
    contain = next(each for each in data["times"] if each["measure"] == "contain")
    assert [each["ref"] for each in contain["incidents"]] == ["INC-1"]
    assert contain["median_seconds"] == contain["incidents"][0]["seconds"]
    assert sum(each["count"] for each in data["periods"]) == 1
    assert data["count_before"] is None


def test_the_page_of_the_docs_names_the_keys(open_incident: Commands) -> None:
    _owe(open_incident)
    data = open_incident.ok("stats", "--json").data
    assert list(data) == keys("Insights")
    assert list(data["promises"]) == keys("Promises of the insights")
    for name, title in INSIDE.items():
        assert data[name], name
        for each in data[name]:
            assert list(each) == keys(title), name


def _owe(commands: Commands) -> None:
    """Leave technical debt behind."""
    paths = Paths(commands.home, commands.home)
    with open_session(paths, Config(author="robin")) as session:
        inc = session.reads.summaries()[0].id
        fields = {"title": "Definitive fix", "kind": "debt"}
        events = [NewEvent(inc, FieldSet(f, v, obj="act:1")) for f, v in fields.items()]
        session.write(lambda _: events)


def test_a_page_is_written_once_unless_forced(open_incident: Commands, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    done = open_incident.ok("stats", "--html", str(target))
    assert f"Written to {target}." in done.err
    assert "Checkout fails" in target.read_text(encoding="utf-8")
    assert target.stat().st_mode & 0o777 == 0o600
    refused = open_incident("stats", "--html", str(target))
    assert refused.code == 1
    assert "--force" in refused.err
    open_incident.ok("stats", "--html", str(target), "--force")
    assert open_incident.ok("stats", "--html", "-").out.startswith("<!DOCTYPE html>")


def test_wrong_words_are_answered_in_words(open_incident: Commands) -> None:
    assert "Did you mean week" in open_incident("stats", "--by", "weak").err
    assert "is not a day" in open_incident("stats", "--since", "soon").err
    assert "not both" in open_incident("stats", "--json", "--html", "-").err
    assert "ends before it begins" in open_incident("stats", "--since", "2999-01-01").err
