"""A real PostgreSQL for the tests: up in a second, gone with the test run."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg

from tests.engines.accounts import as_engine_user
from tests.engines.binaries import postgres_programs
from tests.engines.leash import Leash, new_home
from tests.engines.waiting import wait_for

FAST = {"fsync": "off", "full_page_writes": "off"}
"""What only a power cut would show; the tests kill processes, and those lose nothing by it."""


class Postgres:
    """One server on a socket of its own, with as many databases as the tests ask for."""

    def __init__(self, **settings: str) -> None:
        """Make a cluster and start it; `settings` are those of postgresql.conf."""
        self.home = new_home("pg", quick=settings.get("fsync") == "off")
        self._names = (f"cockpit{number}" for number in count(1))
        make_cluster(self.home / "data")
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.home),
            "max_connections": "100",
            "shared_buffers": "32MB",
            **settings,
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        program = str(postgres_programs() / "postgres")
        self._leash = Leash([program, "-D", str(self.home / "data"), *words], self.home)
        wait_for(self._answers, 30, "PostgreSQL to start", self._leash.last_words)

    def dsn(self, database: str = "postgres", **settings: str) -> str:
        """Return the address of a database, for sessions with `settings`."""
        escaped = {name: value.replace(" ", r"\ ") for name, value in settings.items()}
        options = quote(" ".join(f"-c {name}={value}" for name, value in escaped.items()))
        return (
            f"postgresql://cockpit@/{database}?host={self.home}&connect_timeout=5&options={options}"
        )

    def new_database(self, **settings: str) -> str:
        """Return the address of an empty place whose sessions have `settings`.

        It is a schema of its own: as good as a database, at once there, and hardly any files.
        """
        name = next(self._names)
        self.run(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
        return self.dsn(search_path=name, **settings)

    def run(self, statement: LiteralString) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement)

    def signal(self, number: int) -> None:
        """Send a signal to all of it."""
        self._leash.signal_all(number)

    def close(self) -> None:
        """End it and remove all it wrote."""
        self._leash.close()

    def _answers(self) -> bool:
        with suppress(psycopg.Error):
            self.run("SELECT 1")
            return True
        return False


def make_cluster(data: Path) -> None:
    """Make an empty cluster whose superuser is `cockpit`, trusting whoever reaches it."""
    program = str(postgres_programs() / "initdb")
    how = ["-U", "cockpit", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        as_engine_user([program, "-D", str(data), *how]),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
