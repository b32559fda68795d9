"""What a test starts and what then hangs is named and ended, with what it started."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import end, kill, read_line, telling

DEAF = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
print("ready", flush=True)
def stand_here():
    time.sleep(1000)
stand_here()
"""
"""Ends on no signal, and starts another program that holds its output open."""


def start(log: Path) -> subprocess.Popen[str]:
    with log.open("w") as errors:
        return subprocess.Popen(
            [sys.executable, "-c", DEAF],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=telling(),
            start_new_session=True,
        )


def test_what_does_not_end_is_named_and_ended(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = start(log)
    read_line(process)
    with pytest.raises(pytest.fail.Exception, match=r"did not end[\s\S]*stand_here"):
        end(process, seconds=0.3, log=log)
    assert process.stdout is not None
    assert process.stdout.read() == "", "what it started holds its output open"
    process.stdout.close()


def test_what_says_nothing_is_named_and_ended(tmp_path: Path) -> None:
    process = start(tmp_path / "log")
    read_line(process)
    with pytest.raises(pytest.fail.Exception, match="printed no line"):
        read_line(process, 0.3)
    assert process.returncode is not None
    assert process.stdout is not None
    process.stdout.close()


def test_what_stands_still_is_ended(tmp_path: Path) -> None:
    process = start(tmp_path / "log")
    read_line(process)
    process.send_signal(signal.SIGSTOP)
    kill(process)
    assert process.returncode == -signal.SIGKILL
    assert process.stdout is not None
    process.stdout.close()
