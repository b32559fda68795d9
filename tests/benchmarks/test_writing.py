"""What writing costs is measured on what was written: the letters stay out, the entries stay in."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import writing
from benchmarks.bars import Samples, judge
from benchmarks.homes import SECTION, STAKEHOLDERS, Homes, make_homes
from cockpit.config import Config
from cockpit.domain.text_merge import SectionDocument
from cockpit.paths import Paths
from cockpit.service.session import open_session


@pytest.fixture
def homes(tmp_path: Path) -> Homes:
    if not sys.platform.startswith("linux"):
        pytest.skip("times of processors come from /proc")
    return make_homes(tmp_path, 3, 60)


def long_section(homes: Homes) -> str:
    with open_session(Paths(homes.written, homes.written), Config(author="ana")) as session:
        inc = session.reads.summaries()[0].id
        return SectionDocument(session.reads.section_updates(inc, "summary"), 2).text


def test_the_made_data_is_as_long_as_it_says(homes: Homes, tmp_path: Path) -> None:
    before = long_section(homes)
    assert make_homes(tmp_path, 3, 60) == homes
    assert long_section(homes) == before
    assert len(before) == SECTION
    with open_session(Paths(homes.written, homes.written), Config(author="ana")) as session:
        names = [each.name for each in session.playbook.stakeholders]
    assert sum(name.startswith("Head of area") for name in names) == STAKEHOLDERS


def test_letters_are_taken_out_again(homes: Homes) -> None:
    samples, before = Samples(), long_section(homes)
    writing.measure_letters(samples, homes)
    for who in (writing.UPDATE, writing.POSTMORTEM):
        assert samples.median((who, "letter"))
        assert samples.median((who, "letter_cpu"))
    assert long_section(homes) == before


def test_every_entry_is_in_the_file(homes: Homes) -> None:
    samples = Samples()
    for _ in range(2):
        writing.measure_entries(samples, homes)
    (outcome,) = judge(samples, writing.BARS[-1:])
    entered = len(samples.values[writing.ENTRY, "enter"])
    assert outcome.value is not None
    with closing(sqlite3.connect(homes.large / "cockpit.db")) as stored:
        count = "SELECT count(*) FROM entry WHERE text LIKE 'entered%'"
        assert stored.execute(count).fetchone() == (entered,)
    with closing(sqlite3.connect(homes.large.with_name("bare.db"))) as bare:
        assert bare.execute("SELECT count(*) FROM entry").fetchone() == (entered,)
