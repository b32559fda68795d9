"""Keys in one burst: each acts where the keyboard is once those before it have acted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from cockpit.screens.dialogs import ChoiceDialog
from cockpit.screens.typed_ahead import KeyDone
from cockpit.widgets.entry_line import EntryLine
from tests.screens.incident_app import Shown, Stage

SIZES = [(80, 24), (120, 35)]
WORDS = "The db is full, tell ops"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


def burst(shown: Shown, text: str, *keys: str) -> None:
    """Hand over all keys at once, as a terminal does after a slow line has caught up."""
    for letter in text:
        shown.app.post_message(events.Key(_character_to_key(letter), letter))
    for key in keys:
        shown.app.post_message(events.Key(key, None))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pane", ["1", "2", "3", "4"])
async def test_a_sentence_after_its_key_is_an_entry(
    stage: Stage, size: tuple[int, int], pane: str
) -> None:
    async with stage.show(size) as shown:
        await shown.press(pane)
        before = shown.screen.view
        burst(shown, f"n{WORDS}")
        line = shown.screen.query_one(EntryLine)
        await shown.until(lambda: line.entry_text == WORDS)
        assert not any(isinstance(each, ChoiceDialog) for each in shown.app.screen_stack)
        assert shown.screen.view is not None
        assert before is not None
        assert shown.screen.view.messages == before.messages
        burst(shown, "", "enter")
        burst(shown, "and more")
        await shown.until(lambda: line.entry_text == "and more" and WORDS in shown.texts)


async def test_words_after_the_key_that_writes_an_update_go_into_the_text(stage: Stage) -> None:
    async with stage.show() as shown:
        burst(shown, f"3e{WORDS}")
        await shown.until(lambda: shown.screen.update_pane.text.startswith(WORDS))


async def test_a_key_is_not_lost_with_the_screen_that_had_it(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("2")
        burst(shown, "?")
        burst(shown, "", "escape")
        burst(shown, f"n{WORDS}")
        line = shown.screen.query_one(EntryLine)
        await shown.until(lambda: line.entry_text == WORDS)


async def test_a_key_that_acts_at_once_waits_for_the_letters_before_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.show() as shown:
        await shown.press("n")
        line = shown.screen.query_one(EntryLine)
        seen: list[str] = []
        monkeypatch.setattr(shown.app, "action_help_quit", lambda: seen.append(line.entry_text))
        burst(shown, WORDS, "ctrl+c")
        await shown.until(lambda: bool(seen))
        assert seen == [WORDS]


async def test_letters_set_no_messages_going_but_their_own(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    send = KeyDone.send

    def count(self: KeyDone) -> bool:
        sent.append(self.number)
        return send(self)

    async with stage.show() as shown:
        await shown.press("n")
        monkeypatch.setattr(KeyDone, "send", count)
        await shown.press(*"letters")
        assert sent == []
        await shown.press("escape")
        assert sent
