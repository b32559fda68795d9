"""Goes on with a text in the person's own editor, and comes back with what they made of it."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.app import SuspendNotSupported

from cockpit.domain.visible import clean_input

if TYPE_CHECKING:
    from textual.app import App


class EditResult(Struct, frozen=True):
    """What came back: the text, and a sentence when something went wrong (the text is the old)."""

    text: str
    trouble: str = ""


def run_editor(command: str, path: Path) -> str:
    """Run the editor `command` (with its own arguments) on a file; return what went wrong."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return f"The editor “{command}” cannot be understood: {error}."
    if not words:
        return "No editor is set: set $EDITOR, or “editor” in the config."
    try:
        code = subprocess.call([*words, str(path)])  # noqa: S603 - the user's own editor, no shell
    except OSError as error:
        return f"The editor “{words[0]}” did not start: {error.strerror or error}."
    return f"The editor ended with {code}; the text is as it was before." if code else ""


def edit_text(app: App[object], text: str, *, command: str, directory: Path) -> EditResult:
    """Edit `text` in the editor `command` while the app is suspended.

    The text stands in a file of its own in `directory` that only its owner can read; the file is
    removed afterwards unless it could not be read back.
    """
    handle, name = tempfile.mkstemp(prefix="edit-", suffix=".md", dir=directory)
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(clean_input(text))
    try:
        with app.suspend():
            trouble = run_editor(command, path)
    except SuspendNotSupported:
        trouble = "This terminal cannot be handed to an editor."
    if trouble:
        path.unlink(missing_ok=True)
        return EditResult(text, trouble)
    try:
        edited = path.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        return EditResult(text, f"{path} cannot be read back: {error.strerror or error}.")
    path.unlink(missing_ok=True)
    # Editors end the last line; the field's text has no such end unless it had one before.
    if edited.endswith("\n") and not text.endswith("\n"):
        edited = edited[:-1]
    return EditResult(clean_input(edited))
