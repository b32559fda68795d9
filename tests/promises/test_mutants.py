"""Each guard taken off in a copy of the program is noticed by the test of its promise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.promises.mutants import MUTANTS, Mutant

SOURCE = ("cockpit", "data", "tests", "docs", "pyproject.toml")


def copy_program(place: Path) -> None:
    """Copy what the tests need to a place of its own."""
    for name in SOURCE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)


def run_test(place: Path, test: str) -> int:
    """Run one test in a copy and return pytest's exit code: 0 passed, 1 failed."""
    environ = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-n", "0", f"--basetemp={place / 'temp'}", test],
        cwd=place,
        env=environ,
        capture_output=True,
        check=False,
        timeout=300,
    )
    return done.returncode


@pytest.mark.parametrize("promise", MUTANTS)
def test_the_guard_is_where_it_is_said_to_be(promise: str) -> None:
    mutant = MUTANTS[promise]
    assert (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.guard) == 1


@pytest.mark.slow
@pytest.mark.parametrize("promise", MUTANTS)
def test_without_the_guard_the_test_fails(tmp_path: Path, promise: str) -> None:
    mutant: Mutant = MUTANTS[promise]
    copy_program(tmp_path)
    file = tmp_path / mutant.file
    file.write_text(file.read_text(encoding="utf-8").replace(mutant.guard, mutant.hole))
    assert run_test(tmp_path, mutant.test) == 1
