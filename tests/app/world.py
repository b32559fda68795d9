"""An app on stand-ins: a database in memory that is as slow, changed or broken as a test wants."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cockpit.app import CockpitApp
from cockpit.config import Config
from cockpit.domain.playbook import Playbook
from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.view import IncidentSummary, IncidentView, RoleHolder, TimelineEntry
from cockpit.domain.vocabulary import PublicStatus, Severity, Stage
from cockpit.errors import IncidentNotFoundError
from cockpit.paths import Paths
from cockpit.resources import data_file
from cockpit.service.drafts import DraftKeeper
from cockpit.service.runner import Runner
from cockpit.service.session import Session, open_session

NOW = datetime(2026, 11, 21, 3, 59, tzinfo=UTC)


def make_summary(number: int, title: str, severity: str = "SEV1", **facts: Any) -> IncidentSummary:
    """Return a list line; `started` is how long ago in minutes, `due` in how many minutes."""
    started = NOW - timedelta(minutes=facts.pop("started", 72))
    due = facts.pop("due", None)
    if due is not None:
        facts["last_sent"] = {"customers": NOW - timedelta(minutes=22)}
        facts["promised"] = {"customers": NOW + timedelta(minutes=due)}
    closed = facts.pop("lasted", None)
    if closed is not None:
        facts |= {
            "status": PublicStatus.RESOLVED,
            "stage": Stage.CLOSED,
            "resolved_at": started + timedelta(minutes=closed),
        }
    known = {
        "status": PublicStatus.INVESTIGATING,
        "stage": Stage.DETECTED,
        "commander": "Priya",
    } | facts
    return IncidentSummary(
        id=f"{number:032x}",
        ref=f"INC-{number}",
        number=number,
        title=title,
        severity=Severity(severity),
        started_at=started,
        declared_at=started,
        **known,
    )


class FakeReads:
    """The reads that home and declare use."""

    def __init__(self) -> None:
        self.all: list[IncidentSummary] = []
        self.entries: list[TimelineEntry] = []
        self.hits: list[Any] = []

    def summaries(
        self, *, only_open: bool = False, limit: int | None = None, offset: int = 0
    ) -> tuple[IncidentSummary, ...]:
        found = [each for each in self.all if each.is_open or not only_open]
        return tuple(found[offset : None if limit is None else offset + limit])

    def count(self) -> int:
        return len(self.all)

    def view(self, inc: str) -> IncidentView:
        found = next((each for each in self.all if each.id == inc), None)
        if found is None:
            raise IncidentNotFoundError("No such incident.")
        return IncidentView(
            id=found.id,
            ref=found.ref,
            number=found.number,
            title=found.title,
            severity=found.severity,
            status=found.status,
            stage=found.stage,
            started_at=found.started_at,
            declared_at=found.declared_at,
            declared_by="Priya",
            roles=(
                RoleHolder("commander", "Priya Nair", found.started_at),
                RoleHolder("comms", "Sam Okafor", found.started_at),
            ),
        )

    def timeline_count(self, inc: str, wanted: object) -> int:
        return len(self.entries)

    def timeline(self, inc: str, wanted: object, start: int, stop: int) -> Sequence[TimelineEntry]:
        return tuple(self.entries[start:stop])

    def action_items(self) -> tuple[Any, ...]:
        return ()

    def lessons(self, items: object = None) -> tuple[Any, ...]:
        return ()

    def search(self, text: str, limit: int = 50) -> tuple[Any, ...]:
        return tuple(each for each in self.hits if text.lower() in each.snippet.lower())

    def see_words(self, words: object, without: str = "") -> tuple[dict[Any, Any], int]:
        return {}, 0

    def search_inside(self, text: str, limit: int = 50) -> tuple[Any, ...]:
        return ()


class FakeStore:
    """Counts its changes."""

    def __init__(self) -> None:
        self.version = 0
        self.trouble: Exception | None = None

    def data_version(self) -> int:
        if self.trouble:
            raise self.trouble
        return self.version


class FakeSession:
    """A session over the stand-ins; several share one store, as connections share a file."""

    def __init__(self, store: FakeStore, reads: FakeReads, playbook: Playbook) -> None:
        self.store = store
        self.reads = reads
        self.playbook = playbook
        self.author = "Priya"
        self.closed = False
        self.written: list[Any] = []

    def clock(self) -> datetime:
        return NOW

    def new_id(self) -> str:
        return f"{len(self.reads.all) + 1:032x}"

    def close(self) -> None:
        self.closed = True


class MemoryBox:
    """Drafts in memory."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.lock = threading.Lock()

    def save(self, key: str, text: str) -> None:
        self.texts[key] = text

    def load(self, key: str) -> str:
        return self.texts.get(key, "")

    def clear(self, key: str) -> None:
        self.texts.pop(key, None)


class World:
    """All that a test turns."""

    def __init__(self, home: Path) -> None:
        self.paths = Paths(home, home)
        self.playbook = load_playbook(tomllib.loads(data_file("playbook.toml")), None)
        self.store = FakeStore()
        self.reads = FakeReads()
        self.box = MemoryBox()
        self.now = NOW
        self.runner = Runner(poll_seconds=0.05)
        self.drafts = DraftKeeper(self.box, within_seconds=0.05)

    def start(self) -> None:
        self.runner.start(lambda: FakeSession(self.store, self.reads, self.playbook))  # type: ignore[arg-type, return-value]
        self.drafts.start()

    def app(self, config: Config | None = None, **options: Any) -> CockpitApp:
        """Return an app on this world; config: night, no bell."""
        return CockpitApp(
            self.paths,
            config or Config(author="Priya", theme="night"),
            self.runner,
            self.drafts,
            self.playbook,
            clock=lambda: self.now,
            **options,
        )


def fill(world: World) -> World:
    """Give a world three open and four past incidents."""
    world.reads.all = [
        make_summary(2043, "Checkout payments failing in eu-west-1", due=7),
        make_summary(2042, "Search results stale by up to 40 minutes", "SEV3", started=303, due=48),
        make_summary(
            2041, "SAML logins fail for tenants on legacy IdP", "SEV2", started=560, due=-6
        ),
        make_summary(2040, "Invoice PDFs missing the VAT line", "SEV4", started=999, lasted=130),
        make_summary(2038, "Webhook deliveries delayed", "SEV2", started=1999, lasted=47),
        make_summary(
            2035, "Mobile push notifications sent twice", "SEV3", started=4999, lasted=211
        ),
        make_summary(2031, "Login outage, expired edge certificate", started=9999, lasted=38),
    ]
    texts = (
        (28, "decision", "Roll back to v412 rather than hot-fix. Risk: 6 min of refused refunds"),
        (22, "communication", "Identified: status page, enterprise accounts, executives"),
        (15, "action", "Rollback started by Lena, zone 1a first"),
        (7, "note", "1a is healthy, errors down from 34 % to 6 %. 1b and 1c in progress"),
        (1, "action", "Rollback complete in all zones. Watch the error rate until 04:15"),
    )
    world.reads.entries = [
        TimelineEntry(
            id=f"{ago:032x}",
            at=NOW - timedelta(minutes=ago),
            recorded_at=NOW,
            t="",
            kind=kind,
            text=text,
            author="Priya",
        )
        for ago, kind, text in texts
    ]
    return world


def screen_lines(app: CockpitApp) -> list[str]:
    """Return what the screen shows, as plain text, one string per row."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).ljust(width) for strip in strips[:height]]


class RealWorld:
    """An app on a real database; the clock stands still until a test turns it."""

    def __init__(self, home: Path) -> None:
        self.now = NOW
        self.paths = Paths(home, home)
        self.config = Config(author="Priya", theme="night")
        self.runner = Runner(poll_seconds=0.05)
        self.runner.start(self.open)
        self.drafts = DraftKeeper(self.open().drafts, within_seconds=0.05)
        self.drafts.start()

    def open(self) -> Session:
        """Return another session on the same database, as another program would have."""
        return open_session(self.paths, self.config, clock=lambda: self.now)

    def app(self, **options: Any) -> CockpitApp:
        """Return an app on the database."""
        playbook = self.runner.read(lambda session: session.playbook).result()
        return CockpitApp(
            self.paths,
            self.config,
            self.runner,
            self.drafts,
            playbook,
            clock=lambda: self.now,
            **options,
        )

    def stop(self) -> None:
        """End the threads."""
        self.drafts.stop()
        self.runner.stop()
