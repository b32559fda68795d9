"""Real engines as fixtures, for every test that asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests of this process; take a database of your own from it."""
    from tests.engines.postgres import FAST, Postgres

    server = Postgres(**FAST)
    yield server
    server.close()


@pytest.fixture
def new_database(postgres: Postgres) -> Callable[..., str]:
    """Make an empty PostgreSQL database, with session settings; returns its address."""
    return postgres.new_database


@pytest.fixture
def note_figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Note a measured figure; all of them are printed at the end of the run."""
    return lambda words: record_property(_FIGURE, words)


_FIGURE = "figure"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    figures = [
        f"{report.nodeid.rpartition('::')[2]}: {words}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, words in report.user_properties
        if name == _FIGURE
    ]
    if figures:
        terminalreporter.section("figures")
        for words in figures:
            terminalreporter.line(words)
