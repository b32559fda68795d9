"""The post-mortem for customers in the app: written, checked, and let out."""

from __future__ import annotations

from pathlib import Path

from cockpit.screens.dialogs import ChoiceDialog
from cockpit.service import postmortems
from tests.screens.pane_stage import Stage, open_stage
from tests.screens.test_incident_postmortem import (
    go_to_postmortem,
    pane_of,
    stored,
    until_stored,
)

PUBLIC = {
    "acknowledge": "You could not pay. We are sorry.",
    "what_happened": "A certificate had run out.",
    "what_we_did": "We renewed it, and every certificate is watched now.",
    "closing": "We apologise again.",
}


async def go_to_public(stage: Stage) -> None:
    await go_to_postmortem(stage)
    await stage.press("b")
    await stage.until(lambda: pane_of(stage).current == "acknowledge")


async def write_public(stage: Stage, **texts: str) -> None:
    inc = stage.screen.inc
    for section, text in (PUBLIC | texts).items():
        await stage.ask(
            lambda session, name=section, said=text: postmortems.write_section(
                session, inc, name, said
            )
        )


def written(home: Path) -> str:
    """Return what was exported for customers."""
    return "".join(each.read_text() for each in home.rglob("*-public.md"))


async def choose(stage: Stage, *keys: str) -> None:
    """Press keys in the dialog that is open or about to open, one dialog for each."""
    for key in keys:
        await stage.until(lambda: isinstance(stage.app.screen, ChoiceDialog))
        dialog = stage.app.screen
        await stage.pilot.press(key)
        await stage.until(lambda shown=dialog: stage.app.screen is not shown)


async def test_the_form_for_customers_is_written_like_the_other_one(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_public(stage)
        await stage.until(lambda: "for customers   What you experienced" in stage.text())
        assert [each.id for each in pane_of(stage).sections] == list(PUBLIC)
        await stage.press("j", "e")
        await stage.until(lambda: pane_of(stage).area.has_focus)
        draft = pane_of(stage).text
        await stage.press(*"It ran out. ")
        await until_stored(stage, "what_happened", f"It ran out. {draft}")
        await stage.press("escape", "b")
        await stage.until(lambda: pane_of(stage).current == "summary")
        assert "for customers" not in stage.text()
        assert await stored(stage, "summary") == ""


async def test_what_customers_should_not_read_is_left_as_it_is_or_gone_to(home: Path) -> None:
    async with open_stage(home) as stage:
        await write_public(stage, what_happened="The certificate of db-07 had run out.")
        await stage.press("x")
        await choose(stage, "2")
        await stage.until(lambda: "before the public post-mortem can go out" in stage.text())
        await choose(stage, "1", "1")
        await stage.until(lambda: pane_of(stage).area.has_focus)
        assert pane_of(stage).current == "what_happened"
        await stage.press("escape", "K")
        await choose(stage, "1", "2")
        await stage.until(lambda: "It stays as it is." in stage.notice())
        await stage.press("x")
        await choose(stage, "2")
        await stage.until(lambda: "Written to" in stage.notice())
        assert all(text in written(home) for text in ("db-07", PUBLIC["closing"]))


async def test_a_question_that_is_open_keeps_it_in(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.press("x")
        await choose(stage, "2", "1")
        await stage.until(lambda: pane_of(stage).current in PUBLIC)
        assert pane_of(stage).shows_draft
        assert written(home) == ""
