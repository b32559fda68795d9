"""Copying from the shell: the clipboard, the note that it was copied, and what to say about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.clipboard import CopyResult
    from cockpit.service.updates import Composition


def copy_text(shell: Shell, text: str) -> CopyResult:
    """Put a text on the person's clipboard, through the terminal if need be."""
    from cockpit.clipboard import copy

    return copy(
        text,
        environ=shell.environ,
        config=shell.config,
        last_update=shell.paths.last_update,
        write_terminal=find_terminal(),
    )


def copy_composition(
    shell: Shell, inc: str, composition: Composition
) -> tuple[CopyResult, list[str]]:
    """Copy an update and note that in the timeline; return how it went, and what to say.

    A read-only cockpit copies too, and notes nothing.
    """
    from cockpit.service import updates

    result = copy_text(shell, composition.text)
    still = shell.session.readonly
    if not still:
        updates.copied(shell.session, composition)
    reference = shell.session.reads.view(inc).ref
    lines = [result.sentence]
    if result.ok and not result.certain:
        lines.append(f"Not there? It is in {shell.paths.last_update} too.")
    if not still:
        lines.append(f"Once it is out: cockpit update {reference} --sent")
    return result, lines


def find_terminal() -> Callable[[str], None] | None:
    """Return a writer to the controlling terminal, None when there is none."""
    import os

    try:
        handle = os.open("/dev/tty", os.O_WRONLY | os.O_NOCTTY)
    except OSError:
        return None

    def write(sequence: str) -> None:
        with os.fdopen(handle, "w", encoding="ascii") as terminal:
            terminal.write(sequence)

    return write
