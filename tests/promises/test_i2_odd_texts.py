"""No text crashes the app: odd ones stand in every place, and every surface is opened."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.promises.hostile_world import fill
from tests.promises.surfaces import ESC, HOME, INCIDENT, Walker

ODD = {
    "markup": "[/bold] [@click=app.quit]x[/] [red [/api/v1] [link=x]y[/link] [[ ]]",
    "templates": "{next_update} {{ title }} {% raw %} ${HOME} %s %(x)s \\",
    "marks": "e" + "\u0301" * 300 + " o" + "\u0338" * 80,
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇩🇪👍🏽" * 12,
    "wide": "障害が発生しました。" * 20,
    "long": "x" * 9000,
    "lines": "one\r\ntwo\n\n\tthree\v four\f" * 8,
    "right to left": "שלום עולם مرحبا بالعالم \u202e\u2066\u202b",
    "halves": "\ud800 \udfff \udc80",
    "controls": "".join(map(chr, [*range(32), *range(127, 160)])),
    "nothing": " \u00a0\u3000\u200b ",
    "paths": "../../etc/passwd ~/.ssh; rm -rf / | $(reboot) `id` 'a' \"b\"",
}
FRAIL = """
from cockpit.screens.dialogs import TextDialog
def broken(self): raise ValueError
TextDialog.compose = broken
"""
"""A surface with a fault, to see that the walk notices one."""


def mix(seed: int) -> Callable[[], str]:
    """Return a source of texts made of several odd ones, or of odd letters alone."""
    rng = random.Random(seed)
    letters = "".join(ODD.values()).replace("x" * 9000, "x")

    def next_text() -> str:
        if rng.random() < 0.4:
            return "".join(rng.choices(letters, k=rng.randint(1, 80)))
        return " ".join(rng.sample(list(ODD.values()), rng.randint(1, 3)))

    return next_text


def open_everything(
    home: Path, text: Callable[[], str], monkeypatch: pytest.MonkeyPatch, before: str = ""
) -> None:
    fill(text, monkeypatch)
    program = Walker(home, before)
    try:
        program.wait_for(b"active")
        program.walk((*HOME, b"q", b"q", b"\r", *INCIDENT, ESC, ESC, b"q"))
    finally:
        program.close()


@pytest.mark.parametrize(
    "seed",
    [
        1,
        *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3)),
        *(pytest.param(seed, marks=pytest.mark.extra) for seed in range(4, 10)),
    ],
)
def test_odd_texts_in_every_place(home: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    open_everything(home, mix(seed), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_one_odd_text_in_every_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    open_everything(home, lambda: ODD[name], monkeypatch)


def test_a_surface_with_a_fault_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        open_everything(home, lambda: "ordinary words", monkeypatch, FRAIL)
