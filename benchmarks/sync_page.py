"""What is promised of the exchange of events, and the page that holds the figures against it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

DOCUMENT = Path(__file__).parents[1] / "docs" / "sync-benchmarks.md"
NOTES = Path(__file__).with_name("sync_notes.md")

SLACK = 2.0
"""By how much a goal may be missed on a machine that does other things too."""

SQLITE, POSTGRESQL, CLUSTER = "SQLite", "PostgreSQL", "Patroni, three nodes"
SERVER = "the server"
RATE, SECONDS, MS, MB, EVENTS, LINES = "events/s", "s", "ms", "MB", "events", "lines"
GOALS: dict[tuple[str, str], tuple[float, str]] = {
    (SQLITE, "push 1, 32 writers"): (5_000, RATE),
    (SQLITE, "push 100, 4 writers"): (30_000, RATE),
    (POSTGRESQL, "push 1, 32 writers"): (2_000, RATE),
    (POSTGRESQL, "push 100, 4 writers"): (10_000, RATE),
    (SQLITE, "fresh client"): (8, SECONDS),
    (SQLITE, "fresh client, on the wire"): (10, MB),
    (SQLITE, "50 listeners, p99"): (150, MS),
    (POSTGRESQL, "50 listeners, p99"): (150, MS),
    (SQLITE, "50 listeners of another process, p99"): (400, MS),
    (POSTGRESQL, "50 listeners of another process, p99"): (400, MS),
    (CLUSTER, "outage, leader killed"): (16, SECONDS),
    (CLUSTER, "outage, leader frozen"): (16, SECONDS),
    (CLUSTER, "events lost"): (0, EVENTS),
    (SQLITE, "after a night apart"): (2, SECONDS),
    (SQLITE, "rewind healed"): (15, SECONDS),
    (SQLITE, "server's memory"): (80, MB),
    (POSTGRESQL, "server's memory"): (80, MB),
    (SERVER, "source"): (400, LINES),
}


class Figure(Struct, frozen=True):
    """One measurement; bare, pouchdb: what the rivals do, in the same unit, None for nothing."""

    engine: str
    what: str
    value: float
    unit: str
    bare: float | None = None
    pouchdb: float | None = None

    @property
    def more(self) -> bool:
        """Say whether more is better."""
        return self.unit == RATE

    @property
    def goal(self) -> float | None:
        """Return what was promised, None for nothing."""
        goal = GOALS.get((self.engine, self.what))
        return None if goal is None else goal[0]

    @property
    def met(self) -> bool:
        """Say whether the goal is met as it stands."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.more else self.value <= self.goal

    @property
    def kept(self) -> bool:
        """Say whether the goal is kept, with the slack.

        Where not even bare statements reach it on this machine today, they are the yardstick.
        """
        if self.goal is None:
            return True
        if not self.more:
            return self.value <= self.goal * SLACK
        return self.value * SLACK >= min(self.goal, self.bare or self.goal)

    @property
    def beats(self) -> bool | None:
        """Say whether it is better than pouchdb-server, None where that does nothing like it."""
        if self.pouchdb is None:
            return None
        return self.value > self.pouchdb if self.more else self.value < self.pouchdb


class Run(Struct, frozen=True):
    """All figures of one run, and the sentence that says where and when it was."""

    conditions: str
    figures: tuple[Figure, ...]

    @property
    def kept(self) -> bool:
        """Say whether all goals of speed are kept, with the slack; the source has its own test."""
        return all(each.kept for each in self.figures if each.unit != LINES)


def count_source() -> Figure:
    """Return how many lines the server has, without comments, docstrings and empty ones."""
    lines = 0
    for path in (Path(__file__).parents[1] / "cockpit" / "server").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = (
            each for each in ast.walk(tree)
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        )  # fmt: skip
        said = {line for each in words for line in range(each.lineno, _end(each) + 1)}
        lines += sum(
            bool(text.strip()) and not text.strip().startswith("#") and number not in said
            for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        )
    return Figure(SERVER, "source", lines, LINES)


def read_run(path: Path) -> Run:
    """Return what an earlier run kept with --json."""
    return msgspec.json.decode(path.read_bytes(), type=Run)


def write_run(path: Path, run: Run) -> None:
    """Keep a run."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n")


def page(run: Run) -> str:
    """Return the whole page."""
    return "\n\n".join(
        (
            "# Benchmarks of the exchange",
            "Written by `python -m benchmarks.sync --markdown`, never by hand.",
            run.conditions,
            "## Goals",
            goals(run.figures),
            "## Figures",
            table(run.figures),
            NOTES.read_text(encoding="utf-8"),
        )
    )


def goals(figures: Sequence[Figure]) -> str:
    """Return every goal with what was measured, one that was not measured among them."""
    found = {(each.engine, each.what): each for each in figures}
    lines = ["| engine | what | goal | measured | met |", "|---|---|---:|---:|---|"]
    for (engine, what), (limit, unit) in GOALS.items():
        each = found.get((engine, what))
        goal = f"{'≥' if unit == RATE else '≤'} {limit:,.0f} {unit}"
        measured = shown(each.value) if each else "–"
        lines.append(f"| {engine} | {what} | {goal} | {measured} | {_verdict(each)} |")
    shared = [each for each in figures if each.beats is not None]
    slower = ", ".join(f"{each.engine}, {each.what}" for each in shared if not each.beats)
    won = sum(bool(each.beats) for each in shared)
    verdict = "not measured" if not shared else f"**no**: {slower}" if slower else "yes"
    lines.append(
        f"| {SQLITE}, {POSTGRESQL} | better than pouchdb-server | every row that both have "
        f"| {won} of {len(shared)} | {verdict} |"
    )
    return "\n".join(lines)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures beside those of the rivals."""
    lines = [
        "| engine | what | figure | bare statements | ratio | pouchdb-server | ratio |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for each in figures:
        rivals = [
            cell
            for rival in (each.bare, each.pouchdb)
            for cell in (("", "") if not rival else (shown(rival), f"{each.value / rival:.2f}"))
        ]
        figure = f"{shown(each.value)} {each.unit}"
        lines.append(f"| {each.engine} | {each.what} | {figure} | {' | '.join(rivals)} |")
    return "\n".join(lines)


def shown(value: float) -> str:
    """Return a figure as people read it."""
    return f"{value:,.0f}" if value >= 100 or not value else f"{value:.3g}"


def _verdict(figure: Figure | None) -> str:
    if figure is None:
        return "not measured"
    if figure.met:
        return "yes"
    if figure.unit == LINES or not figure.kept:
        return "**no**"
    if figure.more and figure.value * SLACK < (figure.goal or 0):
        return "**no**, nor do bare statements"
    return "within the slack"


def _end(node: ast.Expr) -> int:
    return node.end_lineno or node.lineno
