"""The command line: everything that the app can do, from any shell."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130
PROGRAM = "cockpit"


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    code = run(argv)
    try:
        sys.stdout.flush()
    except OSError:
        _drop_stdout()
    sys.exit(code)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; problems are told on standard error."""
    import click

    from cockpit.cli.root import root
    from cockpit.errors import CockpitError

    _prepare_streams()
    try:
        result = root.main(
            args=None if argv is None else list(argv),
            prog_name=PROGRAM,
            complete_var="_COCKPIT_COMPLETE",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except CockpitError as error:
        return _complain(error.message, error.hint, error.exit_code)
    except click.UsageError as error:
        place = error.ctx.command_path if error.ctx else PROGRAM
        return _complain(error.format_message(), f"See: {place} --help", 2)
    except click.ClickException as error:
        return _complain(error.format_message(), "", 1)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return 0
    except OSError as error:
        return _complain(f"{error.strerror or error}{_file_of(error)}.", "", 1)
    except Exception as error:  # the last door: a sentence instead of a traceback
        if os.environ.get("COCKPIT_DEBUG"):
            raise
        return _complain(
            f"This should not have happened: {type(error).__name__}: {error}",
            "Nothing that was acknowledged is lost. COCKPIT_DEBUG=1 shows where it happened.",
            1,
        )
    return result if isinstance(result, int) else 0


def _complain(message: str, hint: str, code: int) -> int:
    from cockpit.cli.output import warn

    try:
        warn(f"{PROGRAM}: {message}")
        if hint:
            warn(hint)
    except OSError:  # nobody listens on standard error
        pass
    return code


def _file_of(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""


def _prepare_streams() -> None:
    """Let no character of any language fail on the way out, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _drop_stdout() -> None:
    """Point standard output to nowhere, so that the last flush stays quiet too."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
