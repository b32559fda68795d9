"""Programs that tests start: no wait for one is without an end, and what hung says where.

A test that waited for ever would say nothing, not even its name.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

LONG = 60.0
"""Seconds that a test waits for what should come at once: machines that run tests are busy."""

_LAST_WORDS_SECONDS = 0.5


def telling(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment whose Python programs say where they stand when they are aborted."""
    return {**(os.environ if environ is None else environ), "PYTHONFAULTHANDLER": "1"}


def read_line(
    process: subprocess.Popen[str], seconds: float = LONG, *, log: Path | None = None
) -> str:
    """Return the next line that a program prints; fails when none comes in time, and kills it.

    log: where it writes its errors, to be quoted.
    """
    assert process.stdout is not None
    late = threading.Event()

    def give_up() -> None:
        late.set()
        kill(process)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        line = process.stdout.readline()
    finally:
        timer.cancel()
    if late.is_set():
        _fail(process, f"printed no line in {seconds:g} s", log)
    return line


def end(
    process: subprocess.Popen[Any],
    number: int = signal.SIGTERM,
    seconds: float = LONG,
    *,
    log: Path | None = None,
) -> int:
    """Send a signal to a program and return its exit code; kills it and fails if it lives on.

    log: where it writes its errors, to be quoted.
    """
    process.send_signal(number)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill(process)
        _fail(process, f"did not end {seconds:g} s after signal {number}", log)


def kill(process: subprocess.Popen[Any]) -> None:
    """End a program, and what it started in a session of its own, whatever they do."""
    if process.poll() is None:
        leads = os.getpgid(process.pid) == process.pid
        os.kill(process.pid, signal.SIGABRT)
        time.sleep(_LAST_WORDS_SECONDS)
        # It is not waited for before: until then its number is nobody else's.
        (os.killpg if leads else os.kill)(process.pid, signal.SIGKILL)
    process.wait(LONG)


def _fail(process: subprocess.Popen[Any], what: str, log: Path | None) -> NoReturn:
    said = log.read_text(errors="replace")[-5000:] if log else ""
    pytest.fail(f"{process.args} {what}.\n{said}")
