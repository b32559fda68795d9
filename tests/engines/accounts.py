"""As whom engines run: PostgreSQL refuses to be root, so root hands it to another account.

That account must be able to read the programs and the interpreter, which may lie in a directory
of root's. Where the system allows it, it is given the right to read and nothing else.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

READING = {"dac_read_search": 2, "dac_override": 1}
"""Capabilities that let an account read what it does not own → their numbers, best first."""


@cache
def engine_user() -> pwd.struct_passwd | None:
    """Return the account for engines, None where the tests' own will do."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name]
    pytest.fail("PostgreSQL does not run as root, and neither postgres nor nobody exists here.")


@cache
def _drop() -> tuple[str, ...]:
    user = engine_user()
    if user is None:
        return ()
    if not shutil.which("setpriv"):
        pytest.fail("PostgreSQL does not run as root, and there is no setpriv to leave root.")
    drop = [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
    ]
    for name, number in READING.items():
        if _capabilities() >> number & 1:
            return (*drop, f"--inh-caps=+{name}", f"--ambient-caps=+{name}")
    return tuple(drop)


def _capabilities() -> int:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next(int(row.split()[1], 16) for row in status.splitlines() if row[:6] == "CapPrm")


def as_engine_user(command: list[str]) -> list[str]:
    """Return the command that runs `command` as the engines' account."""
    return [*_drop(), *command]


@cache
def engine_python() -> tuple[str, str]:
    """Return an interpreter that the engines' account can run, and its PYTHONPATH."""
    path = os.pathsep.join(each for each in sys.path if each)
    for program in (sys.executable, "/usr/bin/python3"):
        asked = subprocess.run(
            as_engine_user([program, "-c", "import patroni.config, psycopg"]),
            env={**os.environ, "PYTHONPATH": path},
            cwd="/",
            capture_output=True,
            check=False,
        )
        if asked.returncode == 0:
            return program, path
    pytest.fail(
        "No interpreter runs Patroni as another account than root. Make this environment "
        f"readable for everybody, or run the tests as another user. {asked.stderr.decode()}"
    )
