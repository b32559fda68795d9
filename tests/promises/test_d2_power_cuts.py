"""The power fails at any moment: every acknowledged entry is there, and the file is whole."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from cockpit.errors import CockpitError
from tests.promises.power_cut import compile_shim, cuts, record_workload
from tests.promises.record_keeping import Note
from tests.store.store_events import note, open_store

ENTRIES = 120

MODES = {"write-ahead log": "", "rollback journal": "pysqlite3"}
"""A journal mode → the module that is hidden to get it: the system's older engine has the race."""

CARELESS = """
from cockpit.store import connection as careless
careless._PRAGMAS = tuple(each.replace("FULL", "{level}") for each in careless._PRAGMAS)
"""
"""The guard off: the engine no longer waits until the disk has what it wrote."""


class Outcome(NamedTuple):
    """What many cuts did."""

    cuts: int
    acknowledged: int
    lost: int
    damaged: int


def examine(files: dict[str, bytes], acked: list[str], place: Path) -> tuple[int, bool]:
    """Open what a cut left, as the next start does; return lost entries and whether it is whole."""
    place.mkdir()
    try:
        for name, content in files.items():
            (place / name).write_bytes(content)
        with open_store(place / "cockpit.sqlite") as store:
            kept = [record.op.id for record in store.reads.ops()]
            lost = len(set(acked) - set(kept))
            whole = store._connection.value("PRAGMA integrity_check") == "ok"
            note(store, "it goes on")
            return lost, whole and len(kept) == len(set(kept))
    except CockpitError:
        return len(acked), False
    finally:
        shutil.rmtree(place)


def cut_power(tmp_path: Path, mode: str, count: int, before: str = "") -> Outcome:
    """Let the power fail `count` times in one recorded run and examine what is left each time."""
    shim = compile_shim(tmp_path)
    steps = record_workload(shim, tmp_path / "run", ENTRIES, before=before, hide=MODES[mode])
    used = "cockpit.sqlite-wal" if mode == "write-ahead log" else "cockpit.sqlite-journal"
    if used not in {step.name for step in steps if step.kind == "W"}:
        pytest.skip(f"the engine here does not use the {mode}")
    lost = damaged = acknowledged = 0
    for files, acked in cuts(steps, count, random.Random(count)):
        missing, whole = examine(files, acked, tmp_path / "cut")
        lost += missing
        damaged += not whole
        acknowledged += len(acked)
    return Outcome(count, acknowledged, lost, damaged)


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", MODES)
def test_a_power_cut_loses_nothing_acknowledged(
    tmp_path: Path, mode: str, count: int, record_property: Note
) -> None:
    outcome = cut_power(tmp_path, mode, count)
    record_property(mode, str(outcome))
    assert outcome.acknowledged > count * ENTRIES // 4
    assert outcome.lost == outcome.damaged == 0


@pytest.mark.parametrize(
    ("mode", "level"), [("write-ahead log", "NORMAL"), ("rollback journal", "OFF")]
)
def test_without_waiting_for_the_disk_entries_are_lost(
    tmp_path: Path, mode: str, level: str, record_property: Note
) -> None:
    """The guard off: were nothing lost, the tests above would prove nothing."""
    outcome = cut_power(tmp_path, mode, 40, CARELESS.format(level=level))
    record_property(mode, str(outcome))
    assert outcome.lost > 0
