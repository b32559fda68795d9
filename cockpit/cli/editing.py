"""Editing a text in the person's editor; what was typed is never lost."""

from __future__ import annotations

import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cockpit.cli.shell import Shell
from cockpit.errors import CockpitError
from cockpit.paths import write_private


def edit_text(shell: Shell, text: str, name: str) -> tuple[str, Path]:
    """Return the text as the editor left it, and the private file that holds it.

    The file is the caller's to delete once the text is stored.
    """
    shell.refuse_readonly()
    shell.paths.create()
    path = shell.paths.drafts / name
    write_private(path, text)
    edit_file(shell, path)
    return path.read_text(encoding="utf-8", errors="replace"), path


def edit_file(shell: Shell, path: Path) -> None:
    """Open a file in the editor and wait; raises CockpitError when that fails."""
    editor = shell.config.editor
    try:
        command = (*shlex.split(editor), str(path))
        with _interrupts_for_the_editor():
            code = subprocess.run(command, check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        raise CockpitError(
            f"The editor “{editor}” cannot be started: {error}.",
            "Set EDITOR, or the key editor in the config file.",
        ) from error
    if code != 0:
        raise CockpitError(f"The editor ended with code {code}.", f"The text is in {path}.")


@contextmanager
def _interrupts_for_the_editor() -> Iterator[None]:
    """Leave Ctrl+C to the editor: it must not end us while somebody types there."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
