"""`cockpit sync export` and `import`: from one home to another, by file and by pipe."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_json import keys

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.fixture
def elsewhere(open_incident: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a bundle, then go to a home where nothing is known of it."""
    open_incident.ok("log", "pool exhausted")
    path = tmp_path / "news.bundle"
    wrote = open_incident.ok("sync", "export", str(path))
    assert f"events written to {path}." in wrote.err
    monkeypatch.setenv("COCKPIT_HOME", str(tmp_path / "elsewhere"))
    return path


def test_a_file_brings_an_incident_and_a_second_time_nothing(
    cockpit: Commands, elsewhere: Path
) -> None:
    assert "1 new (INC-1)" in cockpit.ok("sync", "import", str(elsewhere)).out
    assert "pool exhausted" in cockpit.texts("INC-1")
    again = cockpit.ok("sync", "import", str(elsewhere)).out
    assert again.startswith("Nothing new: all ")


def test_a_pipe_takes_and_gives_the_same(cockpit: Commands, elsewhere: Path) -> None:
    cockpit.ok("sync", "import", "-", stdin=elsewhere.read_bytes())
    assert cockpit.ok("sync", "export", "-", "INC-1").out == elsewhere.read_text()


def test_the_json_is_the_one_on_the_page(cockpit: Commands, elsewhere: Path) -> None:
    data = cockpit.ok("sync", "import", "--json", str(elsewhere)).data
    assert list(data) == keys("What a bundle brought")
    assert (data["new"], data["events_known"]) == (["INC-1"], 0)


def test_a_broken_file_is_refused_and_the_others_are_taken(
    cockpit: Commands, elsewhere: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(elsewhere.read_bytes())[:-40])
    alone = cockpit("sync", "import", str(broken))
    assert (alone.code, "not copied whole" in alone.err) == (1, True)
    both = cockpit("sync", "import", str(broken), str(elsewhere))
    assert (both.code, "1 new (INC-1)" in both.out) == (1, True)


def test_a_file_is_not_written_over_unasked(open_incident: Commands, tmp_path: Path) -> None:
    path = tmp_path / "news.bundle"
    path.write_text("precious")
    refused = open_incident("sync", "export", str(path))
    assert (refused.code, path.read_text()) == (1, "precious")
    open_incident.ok("sync", "export", "--force", str(path))
    assert path.read_bytes().startswith(b'{"format":"cockpit-bundle"')


def test_nothing_is_brought_in_read_only(cockpit: Commands, elsewhere: Path) -> None:
    cockpit.ok("list")
    outcome = cockpit("--readonly", "sync", "import", str(elsewhere))
    assert (outcome.code, "read-only" in outcome.err) == (1, True)
    assert cockpit.ok("list", "--all", "--json").data == []
