"""Colours: from the xterm-256 ramp and cube, and words readable on every ground they stand on."""

from __future__ import annotations

import pytest
from textual.color import Color

from cockpit.widgets.themes import READABLE, cockpit_themes, colours

STEPS = (0, 0x5F, 0x87, 0xAF, 0xD7, 0xFF)
XTERM = {(r, g, b) for r in STEPS for g in STEPS for b in STEPS} | {
    (8 + 10 * step,) * 3 for step in range(24)
}
TRUE = ("night", "day", "contrast")


def luminance(colour: str) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in Color.parse(colour).rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", TRUE)
def test_every_colour_is_one_that_256_colours_have(theme):
    for name, value in colours(theme).items():
        assert Color.parse(value).rgb in XTERM, name


@pytest.mark.parametrize("theme", TRUE)
def test_words_can_be_read_on_their_grounds(theme):
    values = colours(theme)
    for word, grounds in READABLE:
        for ground in grounds:
            assert contrast(values[word], values[ground]) >= 4.5, (word, ground)


def test_sixteen_uses_the_terminal_s_own_colours_only():
    assert all(value.startswith("ansi_") for value in colours("sixteen").values())


def test_every_theme_has_the_same_names():
    names = {theme.name: set(colours(theme.name)) for theme in cockpit_themes()}
    assert len({frozenset(each) for each in names.values()}) == 1


@pytest.mark.parametrize("theme", [*TRUE, "sixteen"])
async def test_home_draws_nothing_but_such_colours(busy, theme):
    from cockpit.config import Config

    app = busy.app(Config(author="Priya", theme=theme))
    async with app.run_test(size=(120, 35)) as pilot:
        await pilot.pause(0.3)
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    if colour is not None and colour.triplet is not None:
                        assert tuple(colour.triplet) in XTERM, segment
