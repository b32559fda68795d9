"""The homes that speed is measured in, made once and kept for further runs."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from benchmarks.made_data import Size, open_made
from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service import incidents
from cockpit.service.incidents import Declaration
from cockpit.service.session import open_session

FEW = 100


class Homes(Struct, frozen=True):
    """Directories for `COCKPIT_HOME`.

    many: 1,000 incidents; large, small: one with 100,000 entries, with 100; running: one whose
    next update is awaited, so that a countdown runs.
    """

    many: Path
    large: Path
    small: Path
    running: Path


def make_homes(directory: Path, incidents_many: int, entries_large: int) -> Homes:
    """Return the homes in `directory`, making those that are missing."""
    homes = Homes(*(directory / name for name in Homes.__struct_fields__))
    open_made(homes.many, Size(incidents_many, max(incidents_many, entries_large))).close()
    open_made(homes.large, Size(1, entries_large)).close()
    open_made(homes.small, Size(1, FEW)).close()
    with open_session(Paths(homes.running, homes.running), Config(author="ana")) as session:
        if not session.reads.count():
            incidents.declare(session, Declaration("Checkout is down", "SEV1"))
    return homes
