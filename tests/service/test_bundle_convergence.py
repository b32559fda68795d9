"""Copies that meet by bundles alone are equal once all have met: in whatever order they did."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from cockpit.errors import InvalidInputError
from cockpit.service import bundles, changes, people, postmortems, timeline
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from tests.service.bundle_copies import open_copy, what_is_there

NAMES = ("ana", "ben", "chloe")
CLOCKS = (timedelta(), timedelta(days=365), timedelta(days=-1))
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    str.strip
)
TEXTS = st.sampled_from(["", "one\ntwo\nthree", "one\nTWO 🔥\nthree", "é one\r\nthree\nfour"])
COPIES = st.integers(0, len(NAMES) - 1)


class Meetings(RuleBasedStateMachine):
    """Three people without a network, who hand each other files."""

    files = Bundle("files")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        home = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.copies = [
            self.stack.enter_context(open_copy(home, name, ahead))
            for name, ahead in zip(NAMES, CLOCKS, strict=True)
        ]
        self.incs: list[str] = []
        self.written: dict[str, set[str]] = {}

    @initialize()
    def begin(self) -> None:
        self.incs.append(declare(self.copies[0], Declaration("Checkout fails")).id)
        for copy in self.copies[1:]:
            self.bring(copy, self.packed(self.copies[0]))

    def teardown(self) -> None:
        try:
            if self.incs:
                self.meet_at_last()
        finally:
            self.stack.close()

    @rule(who=COPIES, title=WORDS)
    def declare_another(self, who: int, title: str) -> None:
        self.incs.append(declare(self.copies[who], Declaration(title)).id)

    @rule(who=COPIES, which=st.integers(0, 9), text=WORDS)
    def log(self, who: int, which: int, text: str) -> None:
        copy, inc = self.known(who, which)
        timeline.log(copy, inc, text)

    @rule(who=COPIES, which=st.integers(0, 9), place=st.integers(0, 99), text=WORDS)
    def correct(self, who: int, which: int, place: int, text: str) -> None:
        copy, inc = self.known(who, which)
        entries = [each for each in postmortems.read_timeline(copy, inc) if each.editable]
        if entries:
            timeline.correct(copy, inc, entries[place % len(entries)].id, text)

    @rule(who=COPIES, which=st.integers(0, 9), place=st.integers(0, 99))
    def redact(self, who: int, which: int, place: int) -> None:
        copy, inc = self.known(who, which)
        entries = [each for each in postmortems.read_timeline(copy, inc) if each.editable]
        if entries:
            timeline.redact(copy, inc, entries[place % len(entries)].id)

    @rule(
        who=COPIES,
        which=st.integers(0, 9),
        change=st.sampled_from(
            [("severity", "SEV1"), ("severity", "SEV3"), ("status", "identified"), ("title", "T")]
        ),
    )
    def set_field(self, who: int, which: int, change: tuple[str, str]) -> None:
        copy, inc = self.known(who, which)
        changes.set_field(copy, inc, *change)

    @rule(who=COPIES, which=st.integers(0, 9))
    def tell_all(self, who: int, which: int) -> None:
        copy, inc = self.known(who, which)
        with suppress(InvalidInputError):  # nobody may be waiting
            people.tell_waiting(copy, inc)

    @rule(who=COPIES, which=st.integers(0, 9), text=TEXTS)
    def write_section(self, who: int, which: int, text: str) -> None:
        copy, inc = self.known(who, which)
        postmortems.write_section(copy, inc, "summary", text)

    @rule(
        target=files, who=COPIES, only=st.lists(st.integers(0, 9), max_size=2), late=st.booleans()
    )
    def hand_out(self, who: int, only: list[int], late: bool) -> bytes:
        copy = self.copies[who]
        incs = [self.known(who, which)[1] for which in only]
        return self.packed(copy, incs, late=late)

    @rule(who=COPIES, data=files)
    def take_in(self, who: int, data: bytes) -> None:
        self.bring(self.copies[who], data)

    @rule(target=files, data=consumes(files), who=COPIES)
    def pass_on_twice(self, data: bytes, who: int) -> object:
        self.bring(self.copies[who], data)
        return multiple(data, self.packed(self.copies[who]))

    def meet_at_last(self) -> None:
        everything = [op_id for copy in self.copies for op_id in self.ids(copy)]
        for _ in range(2):
            for source in self.copies:
                data = self.packed(source)
                for copy in self.copies:
                    self.bring(copy, data)
        states = [what_is_there(copy) for copy in self.copies]
        assert states[0] == states[1] == states[2]
        assert all(set(everything) == self.ids(copy) for copy in self.copies)
        for copy in self.copies:
            copy.store.rebuild()
            assert what_is_there(copy) == states[0]
            assert bundles.import_stream(copy, io.BytesIO(self.packed(copy))).events_new == 0

    def known(self, who: int, which: int) -> tuple[Session, str]:
        """Return a copy, and one of the incidents whose beginning it has."""
        copy = self.copies[who]
        summaries = copy.reads.summaries()
        return copy, summaries[which % len(summaries)].id

    @staticmethod
    def packed(copy: Session, incs: Sequence[str] = (), *, late: bool = False) -> bytes:
        stream, since = io.BytesIO(), copy.clock() - timedelta(seconds=6) if late else None
        bundles.export_stream(copy, bundles.choose(copy, incs, since), stream)
        return stream.getvalue()

    @staticmethod
    def bring(copy: Session, data: bytes) -> None:
        before = copy.reads.event_counts()
        report = bundles.import_stream(copy, io.BytesIO(data))
        after = copy.reads.event_counts()
        assert sum(after.values()) == sum(before.values()) + report.events_new

    @staticmethod
    def ids(copy: Session) -> set[str]:
        return {record.op.id for record in copy.reads.ops()}


def check(examples: int) -> None:
    machine = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Meetings, settings=machine)


def test_all_copies_are_equal_at_last() -> None:
    check(12)


@pytest.mark.parametrize(
    "meetings",
    [pytest.param(100, marks=pytest.mark.slow(40)), pytest.param(500, marks=pytest.mark.extra)],
)
def test_all_copies_are_equal_at_last_after_many_meetings(meetings: int) -> None:
    check(meetings)
