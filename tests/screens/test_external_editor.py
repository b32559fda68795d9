"""The person's own editor: its arguments, its failures, and a file that only its owner reads."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import App

from cockpit.screens.external_editor import edit_text, run_editor


class Suspending(App[None]):
    """An app that can hand over its terminal."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        yield


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """A program that notes the file's mode and content and writes its first argument there."""
    script = tmp_path / "my editor"
    script.write_text(
        '#!/bin/sh\nfor file in "$@"; do :; done\n'
        'stat -c %a "$file" > "$0.mode"; cat "$file" > "$0.seen"\n'
        'printf "%s\\n" "$1" > "$file"\n'
    )
    script.chmod(0o700)
    return script


def test_the_text_goes_there_and_comes_back(editor: Path, tmp_path: Path) -> None:
    box = tmp_path / "drafts"
    box.mkdir()
    command = f"'{editor}' 'two words'"
    result = edit_text(Suspending(), "before\nit", command=command, directory=box)
    assert (result.text, result.trouble) == ("two words", "")
    assert (tmp_path / "my editor.seen").read_text() == "before\nit"
    assert (tmp_path / "my editor.mode").read_text().strip() == "600"
    assert not list(box.iterdir())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("false", "ended with 1"),
        ("no-such-editor -w", "“no-such-editor” did not start"),
        ("'", "cannot be understood"),
        ("", "No editor is set"),
    ],
)
def test_a_failure_keeps_the_text(command: str, said: str, tmp_path: Path) -> None:
    result = edit_text(Suspending(), "mine", command=command, directory=tmp_path)
    assert result.text == "mine"
    assert said in result.trouble
    assert not list(tmp_path.iterdir())


def test_broken_text_comes_back_readable(tmp_path: Path) -> None:
    script = tmp_path / "ed"
    script.write_text('#!/bin/sh\nprintf "a\\377b\\r\\nc" > "$1"\n')
    script.chmod(0o700)
    result = edit_text(Suspending(), "x\n", command=str(script), directory=tmp_path)
    assert result.text == "a\ufffdb\nc"


async def test_a_terminal_that_cannot_be_left_keeps_the_text(tmp_path: Path) -> None:
    app = App[None]()
    async with app.run_test():
        result = edit_text(app, "mine", command="true", directory=tmp_path)
    assert result.text == "mine"
    assert "cannot be handed" in result.trouble


def test_the_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    file = tmp_path / "note"
    file.write_text("x")
    assert run_editor("chmod 600", file) == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
