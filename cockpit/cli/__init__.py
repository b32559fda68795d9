"""The command line: everything that the app can do, from any shell."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from cockpit.streams import drop_stream, prepare_streams

INTERRUPTED = 130
PROGRAM = "cockpit"
COMPLETE_VARIABLE = "_COCKPIT_COMPLETE"
_CYCLES = 50_000
"""So many objects more than freed make Python look for cycles: most commands never make as many."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    gc.set_threshold(_CYCLES, *gc.get_threshold()[1:])
    code = run(argv)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            drop_stream(stream)
    # What is left goes with the process: Python need not search all of it for cycles first.
    gc.freeze()
    sys.exit(code)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; problems are told on standard error."""
    prepare_streams()
    try:
        code = _invoke(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return _explain(error)
    return code


def _invoke(words: list[str]) -> int:
    import click

    from cockpit.cli.root import root

    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(root, {}, PROGRAM, COMPLETE_VARIABLE, instruction)
    try:
        with root.make_context(PROGRAM, words) as context:
            result = root.invoke(context)
    except click.exceptions.Exit as leaving:  # --help and --version
        return leaving.exit_code
    return result if isinstance(result, int) else 0


def _explain(error: BaseException) -> int:
    """Say in a sentence what went wrong, and return the exit code for it."""
    import click

    from cockpit.errors import CockpitError

    if isinstance(error, CockpitError):
        return _complain(error.message, error.hint, error.exit_code)
    if isinstance(error, click.UsageError):
        place = error.ctx.command_path if error.ctx else PROGRAM
        return _complain(error.format_message(), f"See: {place} --help", error.exit_code)
    if isinstance(error, click.ClickException):
        return _complain(error.format_message(), "", error.exit_code)
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        drop_stream(sys.stdout)
        return 0
    if isinstance(error, OSError) and not error.filename:
        return _complain(
            f"The output cannot be written: {error.strerror or error}.",
            "What was recorded before that is kept: cockpit show prints it.",
            1,
        )
    if isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        return _complain(f"{error.strerror or error}{place}.", "", 1)
    if os.environ.get("COCKPIT_DEBUG"):
        raise error
    return _complain(
        f"This should not have happened: {type(error).__name__}: {error}",
        "Nothing that was acknowledged is lost. COCKPIT_DEBUG=1 shows where it happened.",
        1,
    )


def _complain(message: str, hint: str, code: int) -> int:
    from cockpit.cli.output import warn

    try:
        warn(f"{PROGRAM}: {message}")
        if hint:
            warn(hint)
    except OSError:  # nobody listens on standard error
        pass
    return code
