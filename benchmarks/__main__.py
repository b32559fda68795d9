"""All bars in one run: `python -m benchmarks`, ours beside the floors and the peers found here.

Every round measures everybody once, in an order that turns, so that a busy minute of the machine
hits all alike; what counts are medians of ratios within a round. Writes docs/benchmarks.md
(--markdown) and, with --json FILE, every figure. The data is made in --directory and kept there
for the next run, or in a temporary directory. The exit code is 1 when a bar does not hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import commands, imports, machine, screens, writing
from benchmarks.bars import Bar, Outcome, Samples, judge, overview, table
from benchmarks.homes import Homes, make_homes
from benchmarks.made_data import PROMISED
from benchmarks.terminal_run import TerminalError
from cockpit.sqlite_engine import sqlite3

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
NOTES = Path(__file__).with_name("notes.md")
GROUPS = ("starts", "stays", "notes", "bulk")


def main() -> int:
    """Measure, print the bars, write the documents; return the exit code."""
    given = _arguments()
    samples = Samples()
    with ExitStack() as stack:
        directory = given.directory
        if directory is None:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _say("making the data")
        homes = make_homes(directory, given.incidents, given.entries)
        load = machine.load()
        _measure(samples, homes, directory, given)
    conditions = _conditions(given, load)
    outcomes = judge(samples, _bars(given.only))
    sys.stdout.write(f"{conditions}\n\n{table(outcomes)}\n")
    if given.markdown:
        given.markdown.write_text(_document(samples, outcomes, conditions), encoding="utf-8")
    if given.json:
        given.json.write_text(_figures(samples, outcomes, conditions), encoding="utf-8")
    return int(any(each.holds is False for each in outcomes))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the cockpit beside floors and peers.")
    parser.add_argument("--runs", type=int, default=15, help="rounds (15)")
    parser.add_argument("--only", nargs="*", choices=GROUPS, default=GROUPS, help="groups")
    parser.add_argument("--directory", type=Path, help="where the data is made and kept")
    parser.add_argument("--incidents", type=int, default=PROMISED.incidents)
    parser.add_argument("--entries", type=int, default=PROMISED.entries)
    parser.add_argument("--idle", type=float, default=30, help="seconds of doing nothing (30)")
    parser.add_argument("--markdown", type=Path, default=None, nargs="?", const=DOCUMENT)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _measure(samples: Samples, homes: Homes, directory: Path, given: argparse.Namespace) -> None:
    everybody = list(screens.programs(homes))
    noting = list(commands.notes(directory)) if "notes" in given.only else []
    for number in range(given.runs):
        _say(f"round {number + 1} of {given.runs}")
        turn = number % max(1, len(everybody))
        if "starts" in given.only:
            for each in everybody[turn:] + everybody[:turn]:
                _try(screens.measure_starts, samples, each)
            _try(writing.measure_letters, samples, homes)
        commands.measure_notes(samples, noting)
    for number in range(max(1, given.runs // 5)):
        if "stays" in given.only:
            _say(f"staying, {number + 1}")
            _try(screens.measure_stays, samples, homes, given.idle)
            _try(writing.measure_entries, samples, homes)
        if "bulk" in given.only:
            _say(f"bulk, {number + 1}")
            list(commands.notes(directory))
            commands.measure_pipe(samples, directory, given.entries)
            commands.measure_events(samples, homes, given.entries)
            imports.measure_imports(samples)
    if "bulk" in given.only:
        commands.measure_size(samples, homes)


def _try(measure: Callable[..., None], *arguments: Any) -> None:
    """Measure; what one program does not show costs its own figures, not those of all others."""
    try:
        measure(*arguments)
    except TerminalError as error:
        _say(str(error))


def _bars(groups: list[str]) -> list[Bar]:
    found = [*screens.BARS, *writing.BARS] if {"starts", "stays"} & set(groups) else []
    if {"notes", "bulk"} & set(groups):
        found += [*commands.BARS, *imports.BARS]
    return found


def _conditions(given: argparse.Namespace, load: float) -> str:
    """Say where and how it was measured; a busy machine makes wall times worthless."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {given.runs} rounds, {given.incidents:,} incidents, "
        f"{given.entries:,} entries; {machine.describe_machine(load)}, "
        f"Textual {version('textual')}, SQLite {sqlite3.sqlite_version}."
    )


def _document(samples: Samples, outcomes: tuple[Outcome, ...], conditions: str) -> str:
    return "\n\n".join(
        (
            "# Benchmarks",
            "Written by `python -m benchmarks --markdown`, never by hand.",
            conditions,
            "## Bars",
            table(outcomes),
            "## Full-screen programs",
            overview(samples, screens.OVERVIEW),
            "## Commands",
            overview(samples, commands.OVERVIEW),
            NOTES.read_text(encoding="utf-8"),
        )
    )


def _figures(samples: Samples, outcomes: tuple[Outcome, ...], conditions: str) -> str:
    values: dict[str, dict[str, list[float]]] = {}
    for (who, what), found in samples.values.items():
        values.setdefault(who, {})[what] = found
    bars = [
        {"what": each.bar.what, "limit": each.bar.limit, "value": each.value, "holds": each.holds}
        for each in outcomes
    ]
    return json.dumps({"conditions": conditions, "bars": bars, "values": values}, indent=1)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
