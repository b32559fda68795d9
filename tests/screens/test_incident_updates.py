"""Updates from the screen: composed, edited, kept, checked, copied, sent; all word for word."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.vocabulary import MessageState
from cockpit.service import changes
from tests.screens.pane_stage import Stage, open_stage


def pane_text(stage: Stage) -> str:
    return stage.screen.update_pane.text


async def go_to_update(stage: Stage) -> None:
    await stage.press("3")
    await stage.until(lambda: pane_text(stage))


async def test_two_keys_copy_the_first_word_from_anywhere(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.press("c")
        await stage.until(lambda: stage.view.messages)
        (message,) = stage.view.messages
        assert message.msg.state is MessageState.COPIED
        assert "Checkout fails" in stage.copied[0]
        assert stage.copied[0].endswith(message.text.split("\n")[-1])
        assert "Copied." in stage.notice()


async def test_marking_sent_keeps_the_promise_and_tells_that_ring(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        text = pane_text(stage)
        await stage.press("s")
        await stage.until(lambda: stage.view.messages)
        (message,) = stage.view.messages
        assert message.msg.state is MessageState.SENT
        assert message.text == text
        assert message.msg.next_at is not None
        assert "Marked sent to customers" in stage.notice()
        await stage.until(lambda: stage.screen.update_pane.chosen[0] != "first word")
        await stage.press("u")
        await stage.until(lambda: not stage.view.messages)


async def test_an_edited_text_is_copied_word_for_word(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        await stage.press("e", *"Hi! ", "escape", "c")
        await stage.until(lambda: stage.view.messages)
        assert stage.copied[0].startswith("Hi! ")
        assert stage.view.messages[0].text == stage.copied[0]


async def test_an_edited_text_survives_a_change_of_stage_and_a_restart(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        await stage.press("e", *"Mine. ", "escape", "right")
        await stage.until(lambda: stage.screen.update_pane.chosen[0] == "scope")
        assert not pane_text(stage).startswith("Mine. ")
        assert "• First word" in stage.text()
        await stage.press("left")
        await stage.until(lambda: pane_text(stage).startswith("Mine. "))
    async with open_stage(home) as again:
        await again.press("3")
        await again.until(lambda: pane_text(again).startswith("Mine. "))
        assert again.screen.update_pane.summary() == "draft"
        await again.press("backspace")
        await again.until(lambda: not pane_text(again).startswith("Mine. "))
        await again.press("e", "ctrl+z", "escape")
        assert pane_text(again).startswith("Mine. ")


async def test_an_untouched_text_follows_the_incident_and_an_edited_one_stays(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        inc = stage.screen.inc
        await stage.ask(
            lambda session: changes.set_field(session, inc, "impact_text", "Cards are refused")
        )
        await stage.until(lambda: "Cards are refused" in pane_text(stage))
        await stage.press("e", *"Mine. ", "escape")
        await stage.ask(
            lambda session: changes.set_field(session, inc, "impact_text", "All is well")
        )
        await stage.until(lambda: stage.view.impact_text == "All is well")
        await stage.settle()
        assert pane_text(stage).startswith("Mine. ")
        assert "Cards are refused" in pane_text(stage)


async def test_a_blocking_check_is_asked_about_once(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        await stage.press("e", *"{cause} ", "escape")
        await stage.until(lambda: "cause is not filled" in stage.text())
        await stage.pilot.press("s")
        await stage.until(lambda: "Was it really sent like this?" in stage.text())
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.settle()
        assert not stage.view.messages
        await stage.pilot.press("s")
        await stage.until(lambda: "Was it really sent like this?" in stage.text())
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.until(lambda: stage.view.messages)
        assert stage.view.messages[0].text.startswith("{cause} ")


async def test_audience_and_channel_change_with_one_key(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        await stage.press("a")
        await stage.until(lambda: stage.screen.update_pane.chosen[1] == "executives")
        first = stage.screen.update_pane.chosen[2]
        await stage.press("b")
        await stage.until(lambda: stage.screen.update_pane.chosen[2] != first)


async def test_the_persons_own_editor_gets_the_text_and_gives_it_back(
    home: Path, tmp_path: Path
) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\nstat -c %a "$2" > "$1"\nprintf "from outside\\n" > "$2"\n')
    script.chmod(0o700)
    mode = tmp_path / "mode"
    async with open_stage(home, editor=f"{script} {mode}") as stage:
        await go_to_update(stage)
        result = stage.screen
        result.edit_update()
        await stage.settle()
        # The test's terminal cannot be handed over: the text stays and the reason is said.
        assert "cannot be handed" in stage.notice() or pane_text(stage) == "from outside"
