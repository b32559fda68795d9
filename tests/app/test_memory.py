"""What was opened and closed again is gone: no widget, no drawn line and no text of it stays."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from cockpit.screens.incident import IncidentScreen
from cockpit.service.incidents import Declaration, declare
from cockpit.widgets.draft_area import DraftArea
from cockpit.widgets.themes import colours
from tests.app.pty_program import Program
from tests.screens.incident_app import Shown, Stage

SURFACES = {
    "hand-over sheet": "H escape",
    "promises": "C escape",
    "steps": "w escape",
    "help": "question_mark escape",
    "palette": "colon x escape",
    "similar incidents": "f2 escape",
    "status": "S escape",
    "severity": "v escape",
    "headline": "h escape",
    "role": "r escape",
    "what we try": "y escape",
    "closing": "X escape",
    "export": "x escape",
    "entry line": "n x escape",
    "filter": "slash x escape escape",
    "plain text": "p escape",
    "stakeholder": "2 plus escape z z",
    "update": "3 z d d e x escape z",
    "post-mortem": "4 z P escape j e x escape z 1",
    "home": "q",
    "search": "slash x escape escape",
    "insights": "I escape",
    "report": "colon r e p o r t enter escape",
    "action items": "A q",
    "declaration": "n x escape",
    "incident": "enter",
}
"""What is opened, and the keys that open and close it, from an incident to home and back."""

CIRCLES = """
import gc, weakref
from cockpit.app import CockpitApp
gc.disable()
gc.set_threshold(50_000)
class Circle: pass
def make():
    made = Circle()
    made.itself = made
    return made
tick = CockpitApp._tick
def make_some(self):
    tick(self)
    looked = paths.data_dir / "looked"
    if gc.isenabled() and not looked.exists():
        first = weakref.ref(make())
        for _ in range(5_000):
            make()
        looked.write_text("there" if first() else "gone")
CockpitApp._tick = make_some
"""
"""The app as the command starts it, in which some objects that hold themselves come to nothing."""


def left_over(shown: Shown) -> Counter[str]:
    """Return what is alive that is no part of the app any more, by the names of the classes."""
    gc.collect()
    shown_now = set(shown.app._registry)
    alive = [each for each in gc.get_objects() if isinstance(each, Widget | StylesCache)]
    left = [each for each in alive if isinstance(each, Widget) and each not in shown_now]
    drawn = {id(each._styles_cache) for each in alive if isinstance(each, Widget)}
    loose = [each for each in alive if isinstance(each, StylesCache) and id(each) not in drawn]
    return Counter(type(each).__name__ for each in [*left, *loose])


async def test_what_was_closed_is_gone(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "cockpit")
    stage.log("One", "Two")
    stage.do(lambda session: declare(session, Declaration("Nobody can pay again", "SEV2")))
    seen = set()
    async with stage.show((120, 40)) as shown:
        for keys in SURFACES.values():
            for key in keys.split():
                await shown.pilot.press(key)
                seen.add(type(shown.app.screen).__name__)
        await shown.until(lambda: isinstance(shown.app.screen, IncidentScreen))
        # What was read for a screen may come back a moment after it was left.
        with suppress(AssertionError):
            await shown.until(lambda: not left_over(shown), seconds=3)
        assert left_over(shown) == {}
    assert len(seen) >= 15, sorted(seen)


async def test_what_is_taken_out_of_a_hidden_part_is_gone(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "cockpit")
    async with stage.show((120, 40)) as shown:
        holder = Vertical()
        await shown.screen.mount(holder)
        await holder.mount(*(Static() for _ in range(3)))
        assert len(holder.displayed_children) == 3
        holder.display = False
        kept = WeakSet(holder.children)
        await holder.remove_children()
        await shown.pilot.pause()
        gc.collect()
        assert len(kept) == 0


async def test_a_field_that_the_app_does_not_keep_takes_its_new_colours(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "cockpit")
    async with stage.show((120, 40)) as shown:
        await shown.press("3", "e", "x")
        area = shown.screen.query_one(DraftArea)
        before = Color.parse(colours("night")["text"]).rich_color
        for theme in ("day", "contrast"):
            shown.app.theme = theme
            await shown.pilot.pause()
            strips = area.render_lines(area.size.region)
            drawn = {each.style.color for strip in strips for each in strip if each.style}
            after = Color.parse(colours(theme)["text"]).rich_color
            assert after in drawn
            assert before not in drawn
            before = after


def test_python_looks_for_what_holds_itself_once_the_app_stands(home: Path) -> None:
    program = Program(home, CIRCLES)
    try:
        looked = home / "looked"
        program.wait_until(lambda: looked.exists() and bool(looked.read_text()))
        assert looked.read_text() == "gone"
    finally:
        program.close()
