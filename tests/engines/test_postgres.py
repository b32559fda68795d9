"""The engines of the tests themselves: there, and gone when the run is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

from tests.conftest import ROOT
from tests.engines.leash import Leash, new_home
from tests.engines.waiting import wait_for
from tests.programs import read_line

VICTIM = """
import time
from tests.engines.postgres import FAST, Postgres
server = Postgres(**FAST)
print(server.home, flush=True)
time.sleep(600)
"""


def test_each_test_gets_a_database_of_its_own(new_database: Callable[..., str]) -> None:
    with psycopg.connect(new_database()) as one, psycopg.connect(new_database()) as other:
        one.execute("CREATE TABLE mine(x int)")
        one.commit()
        assert other.execute("SELECT to_regclass('mine')").fetchone() == (None,)


def test_a_database_has_the_settings_that_were_asked_for(
    new_database: Callable[..., str],
) -> None:
    with psycopg.connect(new_database(default_transaction_isolation="serializable")) as one:
        assert one.execute("SHOW transaction_isolation").fetchone() == ("serializable",)


def test_a_killed_test_run_leaves_no_engine_behind() -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", VICTIM],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    home = Path(read_line(run).strip())
    pid = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
    assert psutil.pid_exists(pid)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait(60)
    assert run.stdout
    run.stdout.close()
    wait_for(lambda: not psutil.pid_exists(pid) and not home.exists(), 15, "the engine to end")


def test_a_number_that_a_database_left_behind_may_be_anybody_s() -> None:
    home = new_home("left")
    (home / "data").mkdir()
    with subprocess.Popen(["sleep", "100"]) as bystander:
        (home / "data" / "postmaster.pid").write_text(f"{bystander.pid}\n{home}/data\n")
        Leash(["true"], home, own=True).close()
        ended = bystander.poll()
        bystander.kill()
    assert ended is None
    assert not home.exists()
