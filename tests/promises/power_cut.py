"""What a disk may hold after the power failed: made up from the record of all that was written.

Everything that a file held at its last sync is there. What was written to it later is, each piece
by itself, there, not there, or torn at a sector. A name that was made or removed counts for sure
only once its directory was synced.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.store.processes import PREAMBLE

ACKS = "acknowledged"
"""The file into which a workload writes each id once its write has returned."""

_SHIM = Path(__file__).with_name("power_cut_shim.c")
_HEAD = struct.Struct("<cHqI")
_SECTOR = 512

WORKLOAD = """
acks = os.open(path.parent / "acknowledged", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
def log(store, number):
    op = note(store, f"entry {number} " * (1 + number % 40))
    os.write(acks, (op.id + "\\n").encode())
count = int(sys.argv[2])
with open_store() as store:
    for number in range(count):
        log(store, number)
# As the command line does it: the file is opened and left for every entry.
for number in range(count // 8):
    with open_store() as store:
        log(store, count + number)
"""


class Step(NamedTuple):
    """One recorded call."""

    kind: str
    name: str
    offset: int
    data: bytes


class Disk:
    """What is on the disk for sure, and what only may be; moved on call by call."""

    def __init__(self) -> None:
        self.sure: dict[str, bytearray] = {}
        self.pending: dict[str, list[Step]] = {}
        self.unnamed: set[str] = set()
        self.unlinked: set[str] = set()
        self.acked: list[str] = []

    def move_on(self, step: Step) -> None:
        """Take one call into account."""
        name = step.name
        if name == ACKS:
            if step.kind == "W":
                self.acked.extend(step.data.decode().split())
        elif step.kind == "D":
            for each in self.unlinked:
                self.sure.pop(each, None)
            self.unlinked.clear()
            self.unnamed.clear()
        elif step.kind == "S":
            content = self.sure.setdefault(name, bytearray())
            for each in self.pending.pop(name, ()):
                _apply(content, each)
        elif step.kind == "U":
            self.unlinked.add(name)
            self.pending.pop(name, None)
        else:
            if name in self.unlinked:
                self.unlinked.remove(name)
                self.sure.pop(name, None)
            if name not in self.sure and name not in self.pending:
                self.unnamed.add(name)
            self.pending.setdefault(name, []).append(step)

    def after_a_cut(self, rng: random.Random) -> dict[str, bytes]:
        """Return what files the disk may hold if the power fails now."""
        found = {}
        for name in sorted(self.sure.keys() | self.pending.keys()):
            doubtful = name in self.unnamed or name in self.unlinked
            if doubtful and rng.random() < 0.5:
                continue
            content = bytearray(self.sure.get(name, b""))
            for step in self.pending.get(name, ()):
                chance = rng.random()
                if chance < 0.45:
                    _apply(content, step)
                elif chance < 0.6 and len(step.data) > _SECTOR:
                    sectors = rng.randrange(1, -(-len(step.data) // _SECTOR))
                    _apply(content, step._replace(data=step.data[: sectors * _SECTOR]))
            found[name] = bytes(content)
        return found


def _apply(content: bytearray, step: Step) -> None:
    end = step.offset + len(step.data)
    if step.kind == "T":
        del content[step.offset :]
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if step.kind == "W":
        content[step.offset : end] = step.data


def compile_shim(directory: Path, source: Path = _SHIM) -> Path:
    """Compile what stands between a program and the system; skips where it cannot be."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("there is no C compiler here, or no Linux: calls cannot be caught")
    made = directory / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return made


def record_workload(
    shim: Path, directory: Path, count: int, *, before: str = "", hide: str = ""
) -> list[Step]:
    """Run the workload on a database of its own under the recorder and return all calls.

    count: entries written in one go; before: Python that runs first; hide: a module that is not
    there for it.
    """
    place = directory / "data"
    place.mkdir(parents=True)
    log = directory / "calls"
    hiding = f"import sys; sys.modules[{hide!r}] = None\n" if hide else ""
    script = hiding + PREAMBLE + before + WORKLOAD
    done = subprocess.run(
        [sys.executable, "-c", script, str(place / "cockpit.sqlite"), str(count)],
        env={**os.environ, "LD_PRELOAD": str(shim), "CUT_DIR": str(place), "CUT_LOG": str(log)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return list(read_steps(log.read_bytes()))


def read_steps(log: bytes) -> Iterator[Step]:
    """Yield the recorded calls."""
    place = 0
    while place < len(log):
        kind, length, offset, size = _HEAD.unpack_from(log, place)
        place += _HEAD.size
        name = log[place : place + length].decode()
        place += length
        yield Step(kind.decode(), name, offset, log[place : place + size])
        place += size


def cuts(
    steps: Sequence[Step], count: int, rng: random.Random
) -> Iterator[tuple[dict[str, bytes], list[str]]]:
    """Yield `count` times what the disk may hold at a random moment, and what was acknowledged."""
    disk, reached = Disk(), 0
    for moment in sorted(rng.randint(1, len(steps)) for _ in range(count)):
        for step in steps[reached:moment]:
            disk.move_on(step)
        reached = moment
        yield disk.after_a_cut(rng), list(disk.acked)
