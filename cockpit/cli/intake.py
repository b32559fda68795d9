"""Takes in files, one after the other: what came of each; a bad one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol


class Report(Protocol):
    """What came of a file."""

    @property
    def sentence(self) -> str:
        """Return it in words."""


def take_in(files: Sequence[Path], take: Callable[[Path], Report], *, as_json: bool) -> int:
    """Take in each file and print what came of it; return the exit code.

    Raises:
        ImportRefusedError: the only file is not what it should be.
    """
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.errors import ImportRefusedError

    code = 0
    for file in files:
        try:
            report = take(file)
        except ImportRefusedError as error:
            if len(files) == 1:
                raise
            code = error.exit_code
            output.warn(f"{file}: {error.message}")
            continue
        if as_json:
            output.dump(plain(report))
        else:
            output.say(report.sentence if len(files) == 1 else f"{file}: {report.sentence}")
    return code
