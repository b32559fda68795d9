"""Runs a piece of Python in processes of its own that open the store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PREAMBLE = """
import os, secrets, sys, time
from datetime import datetime, UTC
from pathlib import Path
from cockpit.domain.events import EntryAdded, IncidentOpened
from cockpit.errors import CockpitError
from cockpit.store.database import NewEvent, Store
path, inc = Path(sys.argv[1]), "ab" * 16
def open_store(**how):
    now_ms = lambda: time.time_ns() // 10**6
    return Store.open(path, now_ms=now_ms, random_hex=secrets.token_hex, **how)
def note(store, text, op_id=""):
    body = EntryAdded(datetime(2026, 3, 4, 9, 0, tzinfo=UTC), text)
    return store.write(lambda _: [NewEvent(inc, body, op_id)], author="ops")[0]
"""

WRITER = """
with open_store() as store:
    print("ready", flush=True)
    number = 0
    while number < int(sys.argv[2]):
        op = note(store, f"{os.getpid()} {number}")
        os.write(1, (op.id + "\\n").encode())
        number += 1
"""


def start(script: str, path: Path, *arguments: str, hide: str = "") -> subprocess.Popen[str]:
    """Start a script that may use `open_store()` and `note(store, text)`; `hide` one module."""
    hiding = f"import sys; sys.modules[{hide!r}] = None\n" if hide else ""
    return subprocess.Popen(
        [sys.executable, "-c", hiding + PREAMBLE + script, str(path), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a process and return what it printed; it must have ended well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out
