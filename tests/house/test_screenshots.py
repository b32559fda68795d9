"""The pictures in the README are drawn from the demo, and show what the app shows today."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from itertools import count
from pathlib import Path

import pytest

from cockpit.app import CockpitApp
from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service import demo
from cockpit.service.drafts import DraftKeeper
from cockpit.service.runner import Runner
from cockpit.service.session import Session, open_session
from tests.house.source_tree import ROOT

PICTURES = ROOT / "docs" / "screenshots"
UPDATE = bool(os.environ.get("COCKPIT_UPDATE_DOCS"))
SIZE = (120, 35)
NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
STILL = 5
"""How many looks in a row show the same once nothing more is drawn."""

LONG = 60.0
CONFIG = Config(author="incident manager", theme="night")


def counted() -> Callable[[int], str]:
    """Return ids that count, so that every drawing has the same."""
    numbers = count(1)
    return lambda size: f"{next(numbers):0{2 * size}x}"[-2 * size :]


def words_of(picture: str) -> list[str]:
    """Return what a picture says, line by line, whatever its colours and fonts."""
    lines = re.findall(r"<text[^>]*>(.*?)</text>", picture, re.DOTALL)
    return [unescape(line).replace("\xa0", " ") for line in lines]


def without_fonts(picture: str) -> str:
    """Leave out the fonts that a browser would fetch from elsewhere: a picture asks nobody."""
    return re.sub(r"\s*@font-face \{.*?\}|\s*<!--.*?-->", "", picture, flags=re.DOTALL)


async def draw(paths: Paths, incident: str, wanted: str, known: list[str]) -> str:
    """Return the app's picture once it shows the wanted words and stands still.

    known: what it should say; as soon as it says this, nothing more is waited for.
    """
    runner = Runner()
    ids = counted()

    def opened() -> Session:
        return open_session(paths, CONFIG, clock=lambda: NOW, random_hex=ids)

    runner.start(opened)
    drafts = DraftKeeper(runner.read(lambda session: session.drafts).result())
    playbook = runner.read(lambda session: session.playbook).result()
    app = CockpitApp(paths, CONFIG, runner, drafts, playbook, incident=incident, clock=lambda: NOW)
    drafts.start()
    try:
        async with app.run_test(size=SIZE):
            begun = time.monotonic()
            before, still = "", 0
            while True:
                picture = app.export_screenshot(title="cockpit", simplify=True)
                still = still + 1 if picture == before else 0
                words = words_of(picture)
                if words == known or (still == STILL and wanted in " ".join(words)):
                    return without_fonts(picture)
                before = picture
                assert time.monotonic() < begun + LONG, "\n".join(words)
                await asyncio.sleep(0.3)
    finally:
        drafts.stop()
        runner.stop()


@pytest.fixture
def demo_home(tmp_path: Path) -> tuple[Paths, str]:
    """A home filled with the demo, and the id of its worst incident."""
    paths = Paths(tmp_path / "demo", tmp_path / "demo")
    with open_session(paths, CONFIG, clock=lambda: NOW, random_hex=counted()) as session:
        demo.fill(session)
        worst = session.reads.summaries(only_open=True)[0].id
    return paths, worst


@pytest.mark.parametrize(("name", "wanted"), [("home", "INC-1"), ("incident", "Manage closely")])
async def test_the_picture_is_current(demo_home: tuple[Paths, str], name: str, wanted: str) -> None:
    paths, worst = demo_home
    file = PICTURES / f"{name}.svg"
    known = [] if UPDATE else words_of(file.read_text(encoding="utf-8"))
    picture = await draw(paths, worst if name == "incident" else "", wanted, known)
    if UPDATE:
        PICTURES.mkdir(exist_ok=True)
        file.write_text(picture + "\n" * (not picture.endswith("\n")), encoding="utf-8")
    assert words_of(file.read_text(encoding="utf-8")) == words_of(picture), (
        "run: COCKPIT_UPDATE_DOCS=1 python -m pytest tests/house/test_screenshots.py"
    )
    assert not re.search(r"https:|http://(?!www\.w3\.org)", file.read_text(encoding="utf-8"))
