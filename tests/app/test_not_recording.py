"""The screen says when it is not recording, keeps what is typed, and goes on when it can."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.incident_app import Shown, Stage

NOT_RECORDING = "! Not recording: "


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "cockpit")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here (only root may)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def says(shown: Shown) -> bool:
    return NOT_RECORDING in shown.text()


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
async def test_a_file_that_went_is_said_in_time_and_that_it_is_back(stage: Stage, how: str) -> None:
    database, aside = stage.paths.database, stage.paths.database.with_suffix(".aside")
    async with stage.show() as shown:
        await shown.press("n", *"half a thought")
        if how == "deleted":
            aside.hardlink_to(database)
            database.unlink()
        else:
            database.rename(aside)
        if how == "replaced":
            shutil.copy(aside, database)
        await shown.until(lambda: says(shown), 3)
        await shown.press("enter")
        await shown.until(lambda: shown.screen.entry_line.entry_text == "half a thought")
        aside.replace(database)
        await shown.until(lambda: not says(shown))
        await shown.press("enter")
        await shown.until(lambda: shown.texts[-1:] == ["half a thought"])


async def test_home_and_declare_say_it_too(stage: Stage) -> None:
    database, aside = stage.paths.database, stage.paths.database.with_suffix(".aside")
    async with stage.show((80, 24)) as shown:
        database.rename(aside)
        await shown.until(lambda: says(shown), 3)
        await shown.press("q")
        await shown.until(lambda: "Incidents" in shown.text() and says(shown))
        await shown.press("n")
        await shown.until(lambda: "Declare an incident" in shown.text() and says(shown))
        aside.rename(database)
        await shown.until(lambda: not says(shown))


async def test_a_full_disk_refuses_in_words_and_takes_it_once_there_is_room(small: Path) -> None:
    stage = Stage(small / "cockpit")
    ballast = small / "ballast"
    async with stage.show() as shown:
        _fill(ballast)
        long = "vital " + "x" * 3000
        shown.screen.begin_line("")
        shown.screen.entry_line.write(long)
        await shown.press("enter")
        await shown.until(lambda: says(shown), 3)
        assert "no space left" in shown.text()
        assert shown.screen.entry_line.entry_text == long
        assert shown.app.drafts.offer(f"{stage.inc}/entry") == long
        ballast.unlink()
        await shown.until(lambda: not says(shown))
        await shown.press("enter")
        await shown.until(lambda: shown.texts[-1:] == [long])
        assert shown.screen.entry_line.entry_text == ""


def _fill(ballast: Path) -> None:
    """Leave no room on the file system."""
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
