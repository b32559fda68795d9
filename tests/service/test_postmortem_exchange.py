"""Two copies edit one section offline: after exchange both show one text with both edits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.config import Config
from cockpit.domain.text_merge import SectionDocument
from cockpit.paths import Paths
from cockpit.service.incidents import Declaration, declare
from cockpit.service.postmortems import open_section, save_section, sections
from cockpit.service.redrafts import adopt_draft, redraft_section
from cockpit.service.session import Session, open_session
from cockpit.service.timeline import log
from cockpit.store.integrity import differing_projections
from tests.service.conftest import MovedClock

SECTION = "lessons"

EDITS = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, 999), st.integers(1, 12)),
    st.tuples(st.just("delete"), st.integers(0, 999), st.integers(1, 40)),
    st.tuples(st.just("flush"), st.just(0), st.just(0)),
    st.tuples(st.just("exchange"), st.integers(0, 99), st.integers(0, 99)),
    st.tuples(st.just("reopen"), st.just(0), st.just(0)),
)
SCRIPTS = st.lists(st.tuples(st.integers(0, 1), EDITS), min_size=2, max_size=30)


class Writer:
    """One person's copy: a database, the section as it is being edited, updates not yet stored."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.inc = ""
        self.unsaved: list[str] = []

    def open(self) -> None:
        """Read the section anew, as at the next start."""
        self.flush()
        self.document: SectionDocument = open_section(self.session, self.inc, SECTION)

    def edit(self, text: str) -> None:
        """Make the text another one; it is stored with the next flush."""
        if update := self.document.replace(text):
            self.unsaved.append(update)

    def flush(self) -> None:
        """Store what was typed."""
        for update in self.unsaved:
            save_section(self.session, self.inc, SECTION, update)
        self.unsaved.clear()

    def take_in(self, other: Writer, rng: random.Random, share: float = 1) -> None:
        """Get events of the other copy: in any order, some of them twice, maybe not all."""
        records = [each for each in other.session.reads.ops(self.inc) if rng.random() <= share]
        records += rng.choices(records, k=3) if records else []
        rng.shuffle(records)
        while records:
            size = rng.randint(1, 5)
            batch, records = records[:size], records[size:]
            self.session.store.append(batch)
        for update in self.session.reads.section_updates(self.inc, SECTION):
            self.document.apply(update)

    @property
    def text(self) -> str:
        """Return the stored text."""
        shown = self.session.reads.view(self.inc).postmortem.sections
        return next((each.text for each in shown if each.id == SECTION), "")


class Letters:
    """Letters that occur once each, so that every one can be told from all others."""

    def __init__(self) -> None:
        self.numbers: Iterator[int] = iter(range(0x4E00, 0x9000))
        self.pieces: list[str] = []
        self.deleted: set[str] = set()

    def piece(self, size: int) -> str:
        """Return a text of new letters."""
        self.pieces.append("".join(chr(next(self.numbers)) for _ in range(size)))
        return self.pieces[-1]

    def left_of(self, piece: str) -> str:
        """Return what nobody deleted of a piece."""
        return "".join(letter for letter in piece if letter not in self.deleted)


def play(
    writers: tuple[Writer, Writer],
    script: list[tuple[int, tuple[str, int, int]]],
    letters: Letters,
    rng: random.Random,
) -> None:
    """Let both writers do what the script says, then exchange everything both ways."""
    for who, (what, place, size) in script:
        writer, other = writers[who], writers[1 - who]
        text = writer.document.text
        if what == "insert":
            at = place % (len(text) + 1)
            writer.edit(text[:at] + letters.piece(size) + text[at:])
        elif what == "delete" and text:
            at = place % len(text)
            letters.deleted |= set(text[at : at + size])
            writer.edit(text[:at] + text[at + size :])
        elif what == "flush":
            writer.flush()
        elif what == "exchange":
            writer.take_in(other, rng, place / 100)
        elif what == "reopen":
            writer.open()
    for writer in writers:
        writer.flush()
    for _ in range(2):
        writers[0].take_in(writers[1], rng)
        writers[1].take_in(writers[0], rng)


def check(writers: tuple[Writer, Writer], letters: Letters) -> None:
    """Both show one text, with every letter that nobody deleted and no other, in its order."""
    one, two = writers
    assert one.text == two.text == one.document.text == two.document.text
    for piece in letters.pieces:
        left = letters.left_of(piece)
        assert "".join(each for each in one.text if each in set(piece)) == left
    for writer in writers:
        before = writer.session.reads.view(writer.inc)
        assert differing_projections(writer.session.store._connection) == ()
        writer.session.store.rebuild()
        assert writer.session.reads.view(writer.inc) == before


@given(SCRIPTS, st.integers(0, 2), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_both_edits_of_one_section_survive_the_exchange(
    script: list[tuple[int, tuple[str, int, int]]], start: int, rng: random.Random
) -> None:
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory()))
        writers = (
            Writer(stack.enter_context(_session(directory / "one", rng.getrandbits(64), "ana"))),
            Writer(stack.enter_context(_session(directory / "two", rng.getrandbits(64), "ben"))),
        )
        letters = Letters()
        inc = declare(writers[0].session, Declaration("Checkout fails", "SEV2")).id
        for writer in writers:
            writer.inc = inc
        writers[1].session.store.append(list(writers[0].session.reads.ops(inc)))
        if start:
            # Both begin with one text: a draft that each adopted alone, or what one wrote.
            for writer in writers[:start]:
                adopt_draft(writer.session, inc, SECTION)
        for writer in writers:
            writer.open()
        play(writers, script, letters, rng)
        check(writers, letters)


def test_both_adopt_one_draft_and_write_into_it(tmp_path: Path) -> None:
    rng = random.Random(7)
    with _session(tmp_path / "one", 1, "ana") as first, _session(tmp_path / "two", 2, "ben") as two:
        writers = (Writer(first), Writer(two))
        inc = declare(first, Declaration("Checkout fails", "SEV2")).id
        two.store.append(list(first.reads.ops(inc)))
        draft = next(each.draft for each in sections(first, inc) if each.id == SECTION)
        for writer, words in zip(writers, ("Alpha. ", "Omega."), strict=True):
            writer.inc = inc
            adopt_draft(writer.session, inc, SECTION)
            writer.open()
            text = writer.document.text
            writer.edit(words + text if words == "Alpha. " else text + words)
            writer.flush()
        writers[0].take_in(writers[1], rng)
        writers[1].take_in(writers[0], rng)
        assert writers[0].text == writers[1].text == f"Alpha. {draft}Omega."


def test_both_draft_again_and_each_new_fact_stands_there_once(tmp_path: Path) -> None:
    rng = random.Random(7)
    with _session(tmp_path / "one", 1, "ana") as first, _session(tmp_path / "two", 2, "ben") as two:
        writers = (Writer(first), Writer(two))
        inc = declare(first, Declaration("Checkout fails", "SEV2")).id
        for writer in writers:
            writer.inc = inc
        adopt_draft(first, inc, "steps")
        log(first, inc, "revert the release", kind="decision")
        two.store.append(list(first.reads.ops(inc)))
        for writer in writers:
            redraft_section(writer.session, inc, "steps")
            writer.open()
        writers[0].take_in(writers[1], rng)
        writers[1].take_in(writers[0], rng)
        shown = [
            next(each.text for each in writer.session.reads.view(inc).postmortem.sections)
            for writer in writers
        ]
        assert shown[0] == shown[1]
        assert shown[0].count("revert the release") == 1


def _session(home: Path, seed: int, author: str) -> Session:
    rng = random.Random(seed)
    return open_session(
        Paths(home, home),
        Config(author=author),
        clock=MovedClock(),
        random_hex=lambda count: rng.randbytes(count).hex(),
    )
