"""Random keys, pastes and sizes over all screens: no exception, and the app still quits."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.events import Paste

from cockpit.config import Config
from cockpit.keymap import KEYS
from cockpit.service import demo
from tests.screens.incident_app import Shown, Stage

TABLE = sorted({key for row in KEYS for key in row.keys})
PLAIN = [*"abcdefghijklmnopqrstuvwxyz0123456789/#@*-.:?", "space"]
MOVES = [
    "enter",
    "escape",
    "tab",
    "shift+tab",
    "up",
    "down",
    "left",
    "right",
    "backspace",
    "delete",
]
ROOMY, TINY = (220, 60), (1, 1)

HOSTILE = [
    "",
    "[/bold] [@click=app.quit]x[/] [red",
    "\x1b]52;c;eA==\x07\x1b[2J\x00\x7f\x9b31m",
    "\u202eabc\u200b\ufeff\u2066",
    "\ud800 half a character",
    "e" + "\u0301" * 300,
    "👩‍👩‍👧‍👦" * 40,
    "09:10 first\n-5m second\r\n/decision third\r/nothing fourth\n" * 20,
    "x" * 20_000,
    "/",
    "//",
    "/sev",
    "{next_update} {{ x }} {% raw %}",
    "'; DROP TABLE op; --",
    "\t\v\f\n\n\n",
]


class Monkey:
    """Does one thing after another, and remembers what, so that a fault can be repeated."""

    def __init__(self, shown: Shown, seed: int) -> None:
        self.shown = shown
        self.random = random.Random(seed)
        self.done: list[str] = []

    async def key(self) -> None:
        pool = self.random.choices((TABLE, PLAIN, MOVES), (4, 2, 3))[0]
        key = self.random.choice(pool)
        self.done.append(key)
        await self.shown.pilot.press(key)

    async def paste(self) -> None:
        text = self.random.choice(HOSTILE)
        self.done.append(f"paste {text[:20]!r}")
        self.shown.app.post_message(Paste(text))
        await self.shown.pilot.pause()

    async def resize(self, *, roomy: bool) -> None:
        least = (60, 16) if roomy else TINY
        width, height = (
            self.random.randint(low, high) for low, high in zip(least, ROOMY, strict=True)
        )
        self.done.append(f"size {width}×{height}")
        await self.shown.pilot.resize_terminal(width, height)

    async def play(self, keys: int, resizes: int) -> None:
        steps = ["key"] * keys + ["paste"] * (keys // 15) + ["size"] * resizes
        self.random.shuffle(steps)
        for step in steps:
            if step == "key":
                await self.key()
            elif step == "paste":
                await self.paste()
            else:
                # A terminal that is too small takes keys for nothing: go on in one that is not.
                await self.resize(roomy=self.random.random() < 0.7)
            self.check()

    def check(self) -> None:
        error = self.shown.app._exception
        assert error is None, f"{error!r} after {self.done[-40:]}"
        assert self.shown.app.is_running, f"ended after {self.done[-40:]}"


async def stay() -> None:
    """Do nothing in place of quitting."""


async def let_loose(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, seed: int, keys: int, resizes: int
) -> None:
    stage = Stage(home)
    stage.config = Config(author="me", editor="true", bell=True)
    stage.do(demo.fill)
    stage.log("a first entry", "/decision roll back", *(f"entry {each}" for each in range(30)))
    async with stage.show() as shown:
        monkey = Monkey(shown, seed)
        # It finds the ways to quit, too; they work only at the end.
        with monkeypatch.context() as patched:
            patched.setattr(shown.app, "action_quit", stay)
            await monkey.play(keys, resizes)
        await shown.pilot.resize_terminal(120, 35)
        await shown.pilot.press("ctrl+q")
        await shown.pilot.pause()
        assert shown.app._exit, monkey.done[-40:]
    assert shown.app._exception is None, monkey.done[-40:]
    assert shown.app.return_code == 0, monkey.done[-40:]


async def test_a_monkey_finds_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await let_loose(tmp_path / "cockpit", monkeypatch, seed=1, keys=250, resizes=30)


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(2, marks=pytest.mark.slow(40)),
        *(pytest.param(seed, marks=pytest.mark.extra) for seed in range(3, 11)),
    ],
)
async def test_nine_monkeys_find_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    await let_loose(tmp_path / "cockpit", monkeypatch, seed=seed, keys=700, resizes=100)
