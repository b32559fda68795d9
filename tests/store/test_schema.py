"""The schema: every released one opens in this version, and none changes without a new number."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cockpit.store.opening import connect
from cockpit.store.tables import SCHEMA_VERSION
from tests.store.store_events import INC, note, open_store, texts

GOLDEN = Path(__file__).with_name("golden")
FILES = sorted(GOLDEN.glob("schema-*.sqlite.gz"))


def unpack(golden: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(gzip.decompress(golden.read_bytes()))


@pytest.mark.parametrize("golden", FILES, ids=lambda each: each.name)
def test_every_released_schema_opens(golden: Path, path: Path) -> None:
    unpack(golden, path)
    with open_store(path) as store:
        view = store.reads.view(INC)
        assert (view.ref, view.title, view.severity.value) == ("INC-42", "Checkout fails", "SEV1")
        assert [mark.stakeholder for mark in view.told] == ["ann"]
        assert [(each.id, each.text) for each in view.postmortem.sections] == [
            ("cause", "The cache")
        ]
        assert "errors above 30 %" in texts(store)
        assert store.reads.search("cache")
        note(store, "goes on")
        assert all(each.ok for each in store.check() if "clock" not in each.text)
        assert store._connection.value("PRAGMA user_version") == SCHEMA_VERSION


def test_there_is_a_golden_file_for_every_schema() -> None:
    assert [each.name for each in FILES] == [
        f"schema-{version}.sqlite.gz" for version in range(1, SCHEMA_VERSION + 1)
    ]


def test_the_schema_does_not_change_without_a_new_number(path: Path) -> None:
    fresh, golden = path.with_name("fresh.sqlite"), path.with_name("golden.sqlite")
    open_store(fresh).close()
    unpack(FILES[-1], golden)
    made = []
    for each in (fresh, golden):
        connection = connect(each)
        made.append(connection.rows("SELECT type, name, sql FROM sqlite_master ORDER BY name"))
        connection.close()
    assert made[0] == made[1]
