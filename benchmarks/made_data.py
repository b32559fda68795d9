"""A database with many made-up incidents, for every measurement alike: same seed, same data.

`python -m benchmarks.made_data DIRECTORY` makes a home of the size we promise for
(`COCKPIT_HOME=DIRECTORY cockpit` then opens it).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.made_words import CAUSES, REMEDIES, SERVICES, SYMPTOMS, Writer
from cockpit.config import Config
from cockpit.domain.clock import to_ms
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import (
    Body,
    ComponentChange,
    EntryAdded,
    FieldSet,
    IncidentOpened,
    Message,
    TextUpdated,
    Told,
)
from cockpit.domain.foreign_event import incident_id, make_event, stamp_at
from cockpit.domain.text_merge import adopt
from cockpit.domain.vocabulary import MessageState, Severity, Stage
from cockpit.paths import Paths
from cockpit.service.session import Session, open_session

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""The moment at which the made-up history ends."""

UPDATES = 5
BATCH = 20
"""How many incidents are written in one transaction."""

_AREAS = ("website", "accounts", "orders", "messages", "platform")
_STAGES = {
    Stage.ACKNOWLEDGED: 0.1,
    Stage.CONTAINED: 0.5,
    Stage.FIXED: 0.8,
    Stage.RESOLVED: 1.0,
    Stage.POSTMORTEM: 1.02,
    Stage.CLOSED: 1.05,
}
"""The stages, each with the share of the incident after which it is reached."""
_STATUSES = ("investigating", "identified", "monitoring", "resolved")
_KINDS = ("observation", "observation", "note", "action", "decision", "evidence")
_SECTIONS = ("summary", "impact", "root_cause", "resolution", "lessons")
_PEOPLE = ("ana", "ben", "chloe", "dan")


class Size(Struct, frozen=True):
    """How much is made: incidents, timeline entries in all, and the seed of all chance."""

    incidents: int = 1_000
    entries: int = 100_000
    seed: int = 7


PROMISED = Size()
"""The size for which speed is promised."""


class Plot(Struct, frozen=True):
    """What happens in one incident, decided before anything is written."""

    number: int
    inc: str
    service: str
    symptom: str
    cause: str
    remedy: str
    began: datetime
    minutes: int
    entries: int

    @property
    def title(self) -> str:
        """Return what it is called."""
        return f"{self.service} {self.symptom}"

    def at(self, share: float) -> datetime:
        """Return the time after this share (0 to 1) of the incident."""
        return self.began + timedelta(minutes=self.minutes * share)


def fill(session: Session, size: Size = PROMISED) -> None:
    """Write a made-up history into an empty database, as an import does; oldest first."""
    rng = random.Random(size.seed)
    writer = Writer(rng)
    plots = tuple(make_plots(rng, size))
    for first in range(0, len(plots), BATCH):
        records = [
            record
            for plot in plots[first : first + BATCH]
            for record in _records(plot, rng, writer)
        ]
        session.store.append(records)


def open_made(directory: Path, size: Size = PROMISED) -> Session:
    """Open the database in `directory`, filling it first if it is empty; close it yourself."""
    rng = random.Random(size.seed)
    paths = Paths(directory, directory)
    session = open_session(
        paths,
        Config(author="ops"),
        clock=lambda: NOW,
        random_hex=lambda count: rng.randbytes(count).hex(),
    )
    if not session.reads.count():
        fill(session, size)
    return session


def make_plots(rng: random.Random, size: Size) -> Iterator[Plot]:
    """Yield what happens, oldest first: a few incidents are long, most are short."""
    weights = [rng.lognormvariate(0, 0.8) for _ in range(size.incidents)]
    left, weight = size.entries, sum(weights)
    for number, own in enumerate(weights, 1):
        entries = left if number == size.incidents else max(1, round(left * own / weight))
        left, weight = left - entries, weight - own
        yield Plot(
            number=number,
            inc=incident_id("made", f"{size.seed} {number}"),
            service=rng.choice(SERVICES),
            symptom=rng.choice(SYMPTOMS),
            cause=rng.choice(CAUSES),
            remedy=rng.choice(REMEDIES),
            began=NOW - timedelta(hours=9 * (size.incidents - number) + rng.uniform(3, 9)),
            minutes=rng.randint(20, 170),
            entries=entries,
        )


def _records(plot: Plot, rng: random.Random, writer: Writer) -> Iterator[Record]:
    """Yield the incident's events, each stamped with the time at which it happened."""
    by = rng.choice(_PEOPLE)
    bodies = [
        _opened(plot, rng),
        *_entries(plot, rng, writer),
        *_updates(plot, writer),
        *_course(plot, by),
        *_told(plot),
        *_afterwards(plot, rng, writer),
    ]
    timed = sorted(bodies, key=lambda each: each[0])
    counters: dict[int, int] = {}
    seen: dict[tuple[str, str], Op] = {}
    for at, body in timed:
        if isinstance(body, FieldSet) and (body.obj, body.f) in seen:
            # Whoever changes a value has seen the one before; else both would stand as rivals.
            body = replace(body, base=seen[body.obj, body.f].id)
        place = counters[to_ms(at)] = counters.get(to_ms(at), -1) + 1
        event = make_event(plot.inc, body, stamp_at(at, place), by)
        if isinstance(body, FieldSet):
            seen[body.obj, body.f] = event
        yield Record(event)


Timed = tuple[datetime, Body]


def _opened(plot: Plot, rng: random.Random) -> Timed:
    severity = rng.choices([each.value for each in Severity], (1, 4, 9, 6))[0]
    started = plot.began - timedelta(minutes=1 + plot.number % 9)
    return plot.began, IncidentOpened(
        plot.title, severity, plot.number, started, drill=rng.random() < 0.02
    )


def _entries(plot: Plot, rng: random.Random, writer: Writer) -> Iterator[Timed]:
    for place in range(max(0, plot.entries - UPDATES)):
        at = plot.at(place / plot.entries)
        yield at, EntryAdded(at, writer.line(), rng.choice(_KINDS))


def _updates(plot: Plot, writer: Writer) -> Iterator[Timed]:
    for place in range(min(UPDATES, plot.entries)):
        at = plot.at((place + 0.5) / UPDATES)
        status = _STATUSES[min(place, len(_STATUSES) - 1)]
        state = "operational" if status == "resolved" else "partial_outage"
        msg = Message(
            MessageState.SENT,
            "customers",
            ("status-page",),
            status=status,
            next_at=None if status == "resolved" else at + timedelta(minutes=30),
            components=(ComponentChange(plot.service, state),),
        )
        yield at, EntryAdded(at, f"{plot.title}. {writer.sentence(12)}", "communication", msg)


def _course(plot: Plot, by: str) -> Iterator[Timed]:
    """Yield how its registers go from one value to the next."""
    yield plot.began, FieldSet("role.commander", by)
    yield plot.at(0.05), FieldSet("impact", ("low", "medium", "high")[plot.number % 3])
    yield plot.at(0.1), FieldSet("area", _AREAS[SERVICES.index(plot.service) % len(_AREAS)])
    yield plot.at(0.2), FieldSet("impact_text", f"Customers see that it {plot.symptom}.")
    yield plot.at(0.5), FieldSet("cause", f"{plot.service}: {plot.cause}")
    for stage, share in _STAGES.items():
        yield plot.at(share), FieldSet("stage", stage.value)
    for place, status in enumerate(_STATUSES[1:]):
        yield plot.at((place + 1) / (len(_STATUSES) - 1)), FieldSet("status", status)


def _told(plot: Plot) -> Iterator[Timed]:
    for place, name in enumerate(("Support", "Management", "Developers")):
        at = plot.at(0.1 + 0.1 * place)
        yield at, Told(name.lower(), at, name=name, ch="chat")


def _afterwards(plot: Plot, rng: random.Random, writer: Writer) -> Iterator[Timed]:
    """Yield the post-mortem of most, and the work that was left behind."""
    at = plot.at(1) + timedelta(hours=1)
    state = "open" if plot.number % 4 == 0 else "done"
    for place, title in enumerate((f"Watch for {plot.cause}", f"Test that we {plot.remedy}")):
        obj = f"act:{incident_id(plot.inc, str(place))}"
        fields = {
            "title": f"{title} ({plot.service})",
            "owner": rng.choice(_PEOPLE),
            "due": f"{at + timedelta(days=30):%Y-%m-%d}",
            "kind": ("detect", "debt", "prevent")[plot.number % 3],
            "state": state,
        }
        for field, value in fields.items():
            yield at, FieldSet(field, value, obj=obj)
    if plot.number % 5:
        for section in _SECTIONS:
            about = f"{plot.title}: {plot.cause}. We {plot.remedy}."
            text = writer.paragraph(about)
            yield at, TextUpdated(section, adopt(text, section, plot.inc))


def main() -> None:
    """Make a home of the promised size, or of another."""
    parser = argparse.ArgumentParser(description="Make a home with a made-up history.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--incidents", type=int, default=PROMISED.incidents)
    parser.add_argument("--entries", type=int, default=PROMISED.entries)
    parser.add_argument("--seed", type=int, default=PROMISED.seed)
    given = parser.parse_args()
    begun = time.perf_counter()
    with open_made(given.directory, Size(given.incidents, given.entries, given.seed)) as session:
        count = session.reads.count()
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{given.directory}: {count:,} incidents, {seconds:.0f} s.\n")


if __name__ == "__main__":
    main()
