"""A quota is used up: nothing is acknowledged that is not stored, and it goes on afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.power_cut import compile_shim
from tests.store.processes import finish, start

SHIM = Path(__file__).with_name("quota_shim.c")

WRITE = """
used_up = path.parent / "used-up"
with open_store() as store:
    acked = [note(store, f"before {number}").id for number in range(20)]
    used_up.touch()
    refused = 0
    for number in range(200):
        try:
            acked.append(note(store, f"{number} " + "x" * 5000).id)
        except CockpitError as error:
            assert "quota" in error.hint, (error, error.hint)
            refused += 1
    used_up.unlink()
    acked.append(note(store, "there is room again").id)
    kept = [record.op.id for record in store.reads.ops()]
    assert kept == acked, (len(kept), len(acked))
    assert all(each.ok for each in store.check())
print(refused)
"""


@pytest.mark.parametrize("hide", ["", "pysqlite3"])
def test_a_quota_that_is_used_up_refuses_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hide: str
) -> None:
    place = tmp_path / "home"
    place.mkdir()
    shim = compile_shim(tmp_path, SHIM)
    monkeypatch.setenv("LD_PRELOAD", str(shim))
    monkeypatch.setenv("QUOTA_DIR", str(place))
    # What fits into the space that the files have already is still taken.
    assert int(finish(start(WRITE, place / "cockpit.sqlite", hide=hide))) > 150
