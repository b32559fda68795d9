"""The bar of imports: a status page's incidents beside a bare insert of their rows."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.bars import Bar, Samples
from benchmarks.floors.note import TABLES
from benchmarks.made_data import NOW, Plot, Size, make_plots
from benchmarks.made_words import Writer
from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service.imports import import_file
from cockpit.service.session import Session, open_session

COUNT = 111
"""How many incidents the page holds."""

UPDATES = ("investigating", "identified", "monitoring", "resolved")
"""What the updates of an incident say; real pages have three or four of a sentence each."""

BARS = (
    Bar(f"{COUNT} incidents imported, rate", 0.25, "×",
        ("import", "rate"), ("bare import", "rate"), least=True),
)  # fmt: skip


def write_page(path: Path, count: int = COUNT, seed: int = 7) -> None:
    """Write the JSON of a made-up status page with so many incidents."""
    rng = random.Random(seed)
    writer = Writer(rng)
    plots = make_plots(rng, Size(count, count * len(UPDATES), seed))
    incidents = [_incident(plot, writer, rng) for plot in plots]
    page = {"id": "made", "name": "Made", "url": "https://status.example"}
    path.write_bytes(msgspec.json.encode({"page": page, "incidents": incidents}))


def measure_imports(samples: Samples, count: int = COUNT) -> None:
    """Import a page into an empty database, and insert its rows bare; in events per CPU s."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        write_page(place / "page.json", count)
        # The first time loads what reads this form, as the bare insert has its library loaded.
        for name in ("warm", "home"):
            with _open(place / name) as session:
                prefix = session.playbook.reference_prefix
                begun = time.process_time()
                events = import_file(session, "statuspage", place / "page.json").events_new
                took = time.process_time() - begun
                assert session.reads.find(prefix, count)
        samples.add("import", rate=events / took)
        ops, lines = _rows(place / "home" / "cockpit.db")
        begun = time.process_time()
        _insert_bare(place / "bare.db", ops, lines)
        samples.add("bare import", rate=events / (time.process_time() - begun))


def _incident(plot: Plot, writer: Writer, rng: random.Random) -> dict[str, Any]:
    steps = enumerate(UPDATES)
    updates = [_update(plot, place, status, writer.sentence(11)) for place, status in steps]
    return {
        "id": plot.inc[:12],
        "name": plot.title,
        "status": "resolved",
        "impact": rng.choice(("none", "minor", "major", "critical")),
        "created_at": _stamp(plot.began),
        "started_at": _stamp(plot.began),
        "resolved_at": _stamp(plot.at(1)),
        "updated_at": _stamp(plot.at(1)),
        "shortlink": f"https://status.example/{plot.inc[:12]}",
        "incident_updates": updates[::-1],
        "components": [{"id": plot.inc[12:20], "name": plot.service, "status": "operational"}],
    }


def _update(plot: Plot, place: int, status: str, text: str) -> dict[str, Any]:
    at = _stamp(plot.at(place / (len(UPDATES) - 1)))
    state = "operational" if status == "resolved" else "partial_outage"
    component = {"code": plot.inc[12:20], "name": plot.service, "new_status": state}
    return {
        "id": f"{plot.inc[:10]}{place:02}",
        "status": status,
        "body": text,
        "created_at": at,
        "display_at": at,
        "updated_at": at,
        "affected_components": [] if 0 < place < len(UPDATES) - 1 else [component],
    }


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _open(home: Path) -> Session:
    return open_session(Paths(home, home), Config(author="ops"), clock=lambda: NOW)


def _rows(path: Path) -> tuple[list[Any], list[Any]]:
    """Return the events and the lines of the timeline, with the columns of the floor's tables."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as kept:
        ops = kept.execute('SELECT n, id, inc, t, "by", body FROM op ORDER BY n').fetchall()
        lines = kept.execute("SELECT n, inc, id, at, kind, text FROM entry ORDER BY n").fetchall()
    return ops, lines


def _insert_bare(path: Path, ops: Iterable[Any], lines: list[Any]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        bare.executescript(f"{TABLES} PRAGMA synchronous = FULL;")
        bare.execute("BEGIN")
        bare.executemany("INSERT INTO op VALUES (?, ?, ?, ?, ?, ?)", ops)
        bare.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", lines)
        words = ((line[0], line[5]) for line in lines)
        bare.executemany("INSERT INTO entry_fts (rowid, text) VALUES (?, ?)", words)
        bare.execute("COMMIT")
