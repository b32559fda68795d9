"""The homes that speed is measured in, made once and kept for further runs."""

from __future__ import annotations

from pathlib import Path
from random import Random

from msgspec import Struct

from benchmarks.made_data import Size, open_made
from benchmarks.made_words import Writer
from cockpit.config import Config
from cockpit.domain.text_merge import SectionDocument
from cockpit.paths import Paths
from cockpit.service import incidents, postmortems
from cockpit.service.incidents import Declaration
from cockpit.service.session import Session, open_session

FEW, STAKEHOLDERS, SECTION = 100, 200, 30_000


class Homes(Struct, frozen=True):
    """Directories for `COCKPIT_HOME`.

    many: 1,000 incidents; large, small: one with 100,000 entries, with 100; running: one whose
    next update is awaited, so that a countdown runs; written: one whose post-mortem has a section
    of 30 kB, with 200 stakeholders in its playbook.
    """

    many: Path
    large: Path
    small: Path
    running: Path
    written: Path


def make_homes(directory: Path, incidents_many: int, entries_large: int) -> Homes:
    """Return the homes in `directory`, making those that are missing."""
    homes = Homes(*(directory / name for name in Homes.__struct_fields__))
    open_made(homes.many, Size(incidents_many, max(incidents_many, entries_large))).close()
    open_made(homes.large, Size(1, entries_large)).close()
    open_made(homes.small, Size(1, FEW)).close()
    with open_session(Paths(homes.running, homes.running), Config(author="ana")) as session:
        if not session.reads.count():
            incidents.declare(session, Declaration("Checkout is down", "SEV1"))
    _write_playbook(homes.written)
    with open_made(homes.written, Size(1, FEW)) as session:
        _write_section(session)
    return homes


def _write_playbook(home: Path) -> None:
    """Put a playbook with many stakeholders where the user's own one is looked for."""
    tables = (
        f'[[stakeholders]]\nid = "area-{number}"\nname = "Head of area {number}"\n'
        f'ring = "{("executives", "employees", "customers")[number % 3]}"\n'
        f'power = "{("high", "low")[number % 2]}"\n'
        f'interest = "{("high", "low")[number // 2 % 2]}"\nchannels = ["chat"]\n'
        f'wants = "What area {number} has to do with it"\n'
        for number in range(STAKEHOLDERS)
    )
    home.mkdir(parents=True, exist_ok=True)
    (home / "playbook.toml").write_text("\n".join(tables), encoding="utf-8")


def _write_section(session: Session) -> None:
    """Write the first section of the post-mortem of the only incident, once."""
    inc = session.reads.summaries()[0].id
    written = session.reads.section_updates(inc, "summary")
    document = SectionDocument(written, SECTION + len(written))
    if len(document.text) >= SECTION:
        return
    writer, text = Writer(Random(7)), ""
    while len(text) < SECTION:
        text += f"{writer.paragraph('We looked at what the customers saw.')}\n\n"
    postmortems.save_updates(session, inc, "summary", document.write(text[:SECTION]))
