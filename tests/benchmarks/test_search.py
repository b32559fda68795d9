"""The measurement of search runs on made-up data, which is the same for the same seed."""

from __future__ import annotations

from pathlib import Path

from benchmarks.made_data import NOW, Size, open_made
from benchmarks.search import KINDS, markdown, measure
from cockpit.service import incidents
from cockpit.service.similar import like_incident

SMALL = Size(incidents=12, entries=400)


def test_every_kind_of_search_is_measured(tmp_path: Path) -> None:
    with open_made(tmp_path / "home", SMALL) as session:
        figures = measure(session, rounds=1)
        assert [each.kind for each in figures] == list(KINDS)
        assert {each.kind for each in figures if not each.hits} >= {"no hit"}
        assert all(each.bare > 0 and each.ours > 0 for each in figures)
        lines = markdown(figures, SMALL, 1).splitlines()
    assert len(lines) == len(KINDS) + 4


def test_made_up_data_is_as_large_as_asked_and_the_same_again(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        with open_made(tmp_path / name, SMALL) as session:
            everyone = incidents.list_incidents(session, closed=True)
            views = [session.reads.view(each.id) for each in everyone]
            written = session.store._connection.value(
                "SELECT count(*) FROM op WHERE k = 'entry.add'"
            )
            told.append([(each.ref, each.title, each.last_op) for each in views])
        assert len(views) == SMALL.incidents
        assert written == SMALL.entries
        assert all(each.started_at < NOW for each in views)
        assert any(each.postmortem.sections for each in views)
    assert told[0] == told[1]


def test_made_up_incidents_of_one_service_are_alike(tmp_path: Path) -> None:
    with open_made(tmp_path / "home", Size(incidents=60, entries=300)) as session:
        everyone = incidents.list_incidents(session, closed=True)
        first = session.reads.view(everyone[0].id)
        found = like_incident(session, first.id)
        assert found
        assert any(first.title.split()[0] in each.title for each in found)
