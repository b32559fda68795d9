"""Updates from the screen: composed, edited, kept, checked, copied, sent; all word for word."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.cadence import clocks
from cockpit.domain.sms import sms_segments
from cockpit.domain.update_facts import Variable
from cockpit.domain.vocabulary import MessageState
from cockpit.service import changes, updates
from cockpit.widgets.variable_list import VariableList
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


async def send(stage: Stage, text: str = "") -> None:
    """Send an update beside the screen."""
    inc = stage.screen.inc
    await stage.ask(
        lambda session: updates.sent(session, updates.compose(session, inc, text=text or None))
    )
    await stage.until(lambda: stage.view.messages)


async def test_one_key_copies_no_news_and_one_marks_exactly_it_sent(home: Path) -> None:
    async with open_stage(home, size=(80, 24)) as stage:
        await send(stage)
        await send(stage)
        stage.clock.pass_minutes(14)
        stage.screen.show_quiet()
        await stage.until(lambda: "Nothing new for customers?" in stage.text())
        await stage.press("N")
        await stage.until(lambda: stage.copied)
        assert pane_text(stage) == stage.copied[-1]
        assert "nothing new to report yet" in stage.copied[-1]
        await stage.until(lambda: "“No news” is copied" in stage.text())
        await stage.press("s")
        await stage.until(lambda: stage.view.messages[-1].msg.state is MessageState.SENT)
        last = stage.view.messages[-1]
        assert (last.text, last.msg.stage) == (stage.copied[-1], "no news")
        assert last.msg.next_at == stage.clock.now.replace(minute=25)
        stage.screen.show_quiet()
        assert "Nothing new for customers?" not in stage.text()


async def test_no_news_leaves_no_passed_promise_in_the_text(home: Path) -> None:
    async with open_stage(home) as stage:
        await send(stage)
        await send(stage)
        await stage.press("N", "e", *"Mine. ", "escape")
        await stage.until(lambda: pane_text(stage).startswith("Mine. "))
        await stage.press("1")
        stage.clock.pass_minutes(40)
        await stage.until(lambda: "overdue" in stage.notice())
        await stage.press("N")
        await stage.until(lambda: len(stage.copied) == 2)
        assert not stage.copied[-1].startswith("Mine. ")
        assert "03:55 UTC" in stage.copied[-1]
        await stage.until(lambda: "ctrl+z" in stage.notice())
        await stage.press("e", "ctrl+z")
        assert pane_text(stage).startswith("Mine. "), "no word of a person is lost"


async def test_no_news_of_what_is_over_is_refused_in_words(home: Path) -> None:
    async with open_stage(home) as stage:
        inc = stage.screen.inc
        await stage.ask(lambda session: changes.set_field(session, inc, "status", "resolved"))
        await stage.until(lambda: stage.view.status == "resolved")
        await stage.press("N")
        await stage.until(lambda: "is over" in stage.text())
        assert not stage.copied


WRONG = "Some paymnets fail. Next update by 03:15 UTC."
RIGHT = "Some payments fail. Next update by 03:15 UTC."


async def test_a_sent_text_is_corrected_where_it_was_written(home: Path) -> None:
    async with open_stage(home) as stage:
        await send(stage, WRONG)
        await go_to_update(stage)
        due = clocks(stage.view, stage.app.playbook, stage.clock.now)[0].due_at
        await stage.press("f")
        await stage.until(lambda: pane_text(stage) == WRONG)
        assert "no new update" in stage.text()
        stage.screen.update_pane.area.put_text(RIGHT)
        await stage.until(lambda: "edited, no new update" in stage.text())
        await stage.press("escape", "c")
        await stage.until(lambda: stage.copied == [RIGHT])
        assert not stage.view.messages[0].corrected
        await stage.press("s")
        await stage.until(lambda: stage.view.messages[0].corrected)
        assert [each.text for each in stage.view.messages] == [RIGHT]
        assert clocks(stage.view, stage.app.playbook, stage.clock.now)[0].due_at == due
        await stage.until(lambda: pane_text(stage) != RIGHT)
        assert "corrected, customers" in stage.text()
        await stage.press("u")
        await stage.until(lambda: stage.view.messages[0].text == WRONG)


async def test_a_correction_is_kept_while_something_else_is_looked_at(home: Path) -> None:
    async with open_stage(home) as stage:
        await send(stage, "The first text. Next update by 03:10 UTC.")
        stage.clock.pass_minutes(5)
        await send(stage, WRONG)
        await go_to_update(stage)
        await stage.press("f", *"Hi. ", "escape", "f")
        await stage.until(lambda: pane_text(stage).startswith("The first text"))
        await stage.press("escape", "right")
        await stage.until(lambda: stage.screen.update_pane.correcting is None)
        assert "Hi. " not in pane_text(stage)
        await stage.press("f")
        await stage.until(lambda: pane_text(stage) == f"Hi. {WRONG}")
        await stage.press("escape", "backspace", "f")
        await stage.until(lambda: pane_text(stage) == WRONG)
        await stage.press("ctrl+s")
        await stage.until(lambda: "Nothing was changed" in stage.text())


async def test_the_whole_public_thread_is_copied_at_once(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.press("B")
        await stage.until(lambda: "Nothing was sent" in stage.text())
        await send(stage, WRONG)
        stage.clock.pass_minutes(5)
        await send(stage, RIGHT)
        await stage.press("B")
        await stage.until(lambda: stage.copied)
        (thread,) = stage.copied
        assert thread.startswith("Checkout fails\n\nInvestigating - 2026-11-21 03:05 UTC\n")
        assert thread.index(RIGHT) < thread.index(WRONG)
        assert "2 updates" in stage.text()


async def test_the_variables_open_and_close_and_one_is_filled(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        await stage.press("d")
        await stage.until(lambda: "next_update" in stage.text())
        listed = stage.screen.update_pane.variables
        names = [each.name for each in listed.items]
        await stage.press(*["j"] * names.index("impact_text"), "enter")
        await stage.until(lambda: "Impact text" in stage.text())
        await stage.pilot.press(*"Cards", "enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.until(lambda: stage.view.impact_text == "Cards")
        await stage.until(lambda: "Cards" in pane_text(stage))
        await stage.press("d")
        await stage.until(lambda: "next_update" not in stage.text())


async def test_an_open_variable_is_filled_in_the_text(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        stage.screen.update_pane.show_variables(
            (Variable("data_what", "", "which data", filled=False),), ("data_what",)
        )
        stage.screen.update_pane.area.put_text("It is {data_what}. Next update by 03:15 UTC.")
        await stage.until(lambda: "data_what is not filled" in stage.text())
        stage.screen.post_message(
            VariableList.Wanted(Variable("data_what", "", "which data", filled=False))
        )
        await stage.until(lambda: "Data what" in stage.text())
        await stage.pilot.press(*"names", "enter")
        await stage.until(lambda: pane_text(stage).startswith("It is names."))


async def test_own_words_for_the_status_page_are_made_fit_for_an_sms(home: Path) -> None:
    async with open_stage(home) as stage:
        await go_to_update(stage)
        await stage.press("e", *"Mine. ", "escape")
        pane = stage.screen.update_pane
        while pane.chosen[2] != "sms":
            before = pane.chosen
            await stage.press("b")
            await stage.until(lambda before=before: pane.chosen != before)
        assert pane_text(stage).startswith("Mine. We are aware")
        assert sms_segments(pane_text(stage)) == 1
        assert "Next update by 03:15 UTC." in pane_text(stage)
        await stage.press("backspace")
        await stage.until(lambda: not pane_text(stage).startswith("Mine. "))
