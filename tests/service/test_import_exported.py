"""Our own documents are read back: exporting what was imported gives the same document again.

Only the reference may differ, where another incident has it already.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.config import Config
from cockpit.domain.view import IncidentView, TimelineFilter
from cockpit.errors import CockpitError, ImportRefusedError
from cockpit.paths import Paths
from cockpit.service import (
    action_items,
    changes,
    closing,
    components,
    exports,
    imports,
    people,
    postmortems,
    promises,
    redrafts,
    response_work,
    reviews,
    timeline,
    undo,
    updates,
)
from cockpit.service.import_report import ImportReport
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session, open_session
from tests.service.conftest import START, MovedClock

PIECES = st.sampled_from(
    [
        *("| a | b |", "`code`", "```", "<b>", "<details>", "</details>", "<br>", "&lt;", "&amp;"),
        *("- [ ] x", "- [x] y (prevent, owner: a, due: b)", "1. one", "# Head", "## Head", "---"),
        *("## Full timeline", "**bold**", "_it_", "~5 min", "~~", "\\", "\\|", "|", "(undone)"),
        *(" (reason)", ": ", " → ", "; ", ", owner: z, due: q", "Sent to customers by mail: hi"),
        *("Declared SEV2: x", "Status: investigating → resolved", "🧯", "é", "障害", "\u202e"),
        *(
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\t",
            "\0",
            "\x1b[0m",
            "\u2028",
            "\u00a0",
            "  ",
            "x",
            "words",
        ),
        *("[a](javascript:b)", "<https://example.org>", "[1]: x", "* * *", "===", "    in", "> q"),
        *("_Nothing written yet._", "No entries.", "2026-03-04 09:00 UTC", "https://x.y/z?a=b"),
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map("".join)
NUMBERS = st.integers(0, 99)
SCRIPTS = st.lists(st.tuples(NUMBERS, NUMBERS, TEXTS, TEXTS), max_size=24)

KINDS = ("note", "observation", "action", "decision", "cause", "next", "impact", "evidence")
FIELDS = ("cause", "impact_text", "next_step", "title", "role.commander", "role.scribe")
CHOICES = (
    *(("severity", each) for each in ("SEV1", "SEV2", "SEV3", "SEV4")),
    *(("status", each) for each in ("investigating", "identified", "monitoring", "resolved")),
    *(("stage", each) for each in ("acknowledged", "contained", "worked-around", "fixed")),
    *(
        ("impact", "high"),
        ("impact", "low"),
        ("share", "12.5"),
        ("share", "40"),
        ("area", "website"),
    ),
    *(("started_at", "2026-03-04T08:47:13Z"), ("pm.owner", "ana"), ("pm.review", "in review")),
    *(("pm.meeting_at", "2026-03-09T10:00:00Z"), ("criterion", "data-loss")),
)
SECTIONS = ("summary", "lessons", "timeline", "action_items", "steps", "process_review")
AUDIENCES = ("customers", "support", "core")


class World:
    """An incident in a database of its own, to which anything may happen."""

    def __init__(self, session: Session, clock: MovedClock) -> None:
        self.session = session
        self.clock = clock
        self.inc = ""

    def entry(self, number: int) -> str:
        """Return some entry that a person wrote."""
        found = [
            each for each in postmortems.read_timeline(self.session, self.inc) if each.editable
        ]
        return found[number % len(found)].id

    def act(self, what: int, number: int, text: str, more: str) -> None:
        """Do something; what is refused did not happen."""
        self.clock.move((number % 7) * 0.4)
        deeds = _deeds(self, self.session, self.inc)
        try:
            deeds[what % len(deeds)](number, text, more)
        except (CockpitError, ZeroDivisionError):
            return


Deed = Callable[[int, str, str], Any]


def _deeds(world: World, session: Session, inc: str) -> list[Deed]:
    """Return what can happen to an incident; each takes a number and two texts."""
    at = world.clock.now
    return [*_notes(world, session, inc), *_changes(session, inc), *_words(session, inc, at)]


def _notes(world: World, session: Session, inc: str) -> list[Deed]:
    def log(number: int, text: str, _: str) -> None:
        back = timedelta(minutes=number % 5 * (number % 3))
        timeline.log(session, inc, text, kind=KINDS[number % len(KINDS)], at=world.clock.now - back)

    return [
        log,
        log,
        log,
        lambda n, text, _: timeline.correct(session, inc, world.entry(n), text),
        lambda n, *_: timeline.star(session, inc, world.entry(n), on=n % 5 > 0),
        lambda n, *_: timeline.star(session, inc, world.entry(n), on=True),
        lambda n, *_: timeline.hide(session, inc, world.entry(n)),
        lambda n, *_: timeline.redact(session, inc, world.entry(n)),
        lambda n, *_: timeline.move(session, inc, world.entry(n), START + timedelta(minutes=n)),
        lambda *_: undo.undo(session, inc),
        lambda *_: undo.redo(session, inc),
        lambda n, *_: world.clock.move(n),
    ]


def _changes(session: Session, inc: str) -> list[Deed]:
    def choose(number: int, text: str, more: str) -> None:
        field, value = CHOICES[number % len(CHOICES)]
        reason = text if len(more) > 6 else ""
        # Now and then of a time before another change: the later word counts, not the later time.
        back = timedelta(minutes=len(more)) if number % 3 == 0 else timedelta()
        changes.set_field(session, inc, field, value, reason=reason, at=session.clock() - back)

    return [
        choose,
        choose,
        choose,
        lambda n, text, more: changes.set_field(
            session, inc, FIELDS[n % len(FIELDS)], text, reason=more if n % 2 else ""
        ),
        lambda n, text, more: components.set_component(
            session, inc, "Checkout API", ("partial", "ok", "major")[n % 3], text if n % 2 else ""
        ),
        lambda n, text, _: closing.waive(session, inc, "meeting", text),
        lambda n, text, _: reviews.set_review(session, inc, "reviewed", by=text),
        lambda n, text, _: promises.pause(session, inc, AUDIENCES[n % 3], text),
        lambda n, *_: promises.resume(session, inc, AUDIENCES[n % 3]),
        lambda n, text, _: promises.extend(
            session, inc, AUDIENCES[n % 3], session.clock() + timedelta(minutes=n), text
        ),
        lambda n, text, _: promises.set_rhythm(session, inc, AUDIENCES[n % 3], 60, text),
        lambda n, text, _: people.tell(
            session, inc, [session.reads.view(inc).stakeholders[n % 3].id], note=text
        ),
    ]


def _words(session: Session, inc: str, at: Any) -> list[Deed]:
    def send(number: int, text: str, more: str) -> None:
        audience = AUDIENCES[number % 3]
        said = (
            text
            if number % 2
            else f"{text}. Next update by {at + timedelta(minutes=20):%H:%M} UTC."
        )
        composed = updates.compose(session, inc, audience=audience, text=said)
        if number % 5:
            updates.sent(session, composed)
        else:
            updates.copied(session, composed)

    def item(number: int, text: str, more: str) -> None:
        kind = ("prevent", "mitigate", "detect", "process", "debt")[number % 5]
        due = "2026-05-01" if number % 2 else ""
        action_items.add_action(
            session, inc, text, owner=more, due=due, kind=kind, automate=number % 3 == 0
        )

    def change_item(number: int, text: str, _: str) -> None:
        items = session.reads.view(inc).actions
        field, value = (("state", "done"), ("state", "dropped"), ("link", "https://x.y/1"))[
            number % 3
        ]
        action_items.set_action(session, inc, items[number % len(items)].id, field, value)

    return [
        send,
        send,
        item,
        item,
        change_item,
        lambda n, text, more: response_work.ask(session, inc, text, more),
        lambda n, text, _: response_work.finish(session, inc, "", ("yes", "no")[n % 2], text),
        lambda n, text, _: response_work.suppose(session, inc, text),
        lambda n, text, more: postmortems.write_section(
            session, inc, SECTIONS[n % len(SECTIONS)], f"{text}\n{more}" * (1 + n % 2)
        ),
        lambda n, *_: redrafts.redraft_section(session, inc, SECTIONS[n % len(SECTIONS)]),
    ]


def export(session: Session, inc: str) -> str:
    return exports.export_incident(session, inc, "md")


def bring(session: Session, path: Path, text: str) -> tuple[ImportReport, IncidentView]:
    path.write_text(text, encoding="utf-8", newline="")
    report = imports.import_file(session, "postmortem", path)
    return report, session.reads.view(session.reads.summaries()[0].id)


def open_world(stack: ExitStack, home: Path, clock: MovedClock) -> Session:
    rng = random.Random(str(home.name))
    return stack.enter_context(
        open_session(
            Paths(home, home),
            Config(author="ops"),
            clock=clock,
            random_hex=lambda count: rng.randbytes(count).hex(),
        )
    )


@given(TEXTS, SCRIPTS)
@settings(max_examples=60, deadline=None)
def test_export_import_export_is_stable(
    title: str, script: list[tuple[int, int, str, str]]
) -> None:
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory()))
        clock = MovedClock()
        clock.move(0.7)
        world = World(open_world(stack, home / "one", clock), clock)
        declaration = Declaration(f"T{title}", "SEV2", private=len(script) % 3 == 1)
        world.inc = declare(world.session, declaration).id
        for step in script:
            world.act(*step)
        first = export(world.session, world.inc)
        other = open_world(stack, home / "two", clock)
        _, view = bring(other, home / "first.md", first)
        second = export(other, view.id)
        assert second == first
        for name in ("second.md", "again.md"):
            report, view = bring(other, home / name, second)
            assert (report.events_new, report.incidents_known) == (0, 1)
        assert export(other, view.id) == second


def test_the_value_that_holds_is_the_one_written_last(
    session: Session, inc: str, clock: MovedClock, tmp_path: Path
) -> None:
    clock.move(30)
    changes.set_field(session, inc, "severity", "SEV1")
    clock.move(5)
    changes.set_field(session, inc, "severity", "SEV3", at=START + timedelta(minutes=10))
    first = export(session, inc)
    with ExitStack() as stack:
        other = open_world(stack, tmp_path / "other", clock)
        _, view = bring(other, tmp_path / "first.md", first)
        assert (view.severity, view.rivals) == ("SEV3", ())
        assert export(other, view.id) == first


def test_what_lasted_seconds_lasts_as_long_again(
    session: Session, inc: str, clock: MovedClock, tmp_path: Path
) -> None:
    clock.move(0.9)
    changes.set_field(session, inc, "started_at", "2026-03-04T09:00:50Z")
    clock.move(60)
    changes.set_field(session, inc, "status", "resolved")
    timeline.star(session, inc, timeline.log(session, inc, "all fine").id, on=True)
    first = export(session, inc)
    assert "| Duration | 1h |" in first
    with ExitStack() as stack:
        other = open_world(stack, tmp_path / "other", clock)
        _, view = bring(other, tmp_path / "first.md", first)
        assert export(other, view.id) == first


def test_headings_and_open_code_of_a_section_stay_in_it(
    session: Session, inc: str, clock: MovedClock, tmp_path: Path
) -> None:
    entry = timeline.log(session, inc, "| a | b |\n# Head\n```", kind="decision")
    timeline.star(session, inc, entry.id, on=True)
    postmortems.write_section(session, inc, "lessons", "# Big\n\n## Full timeline\n\n```\n# no")
    first = export(session, inc)
    with ExitStack() as stack:
        other = open_world(stack, tmp_path / "other", clock)
        _, view = bring(other, tmp_path / "first.md", first)
        texts = {each.id: each.text for each in view.postmortem.sections}
        assert texts["lessons"] == "### Big\n\n#### Full timeline\n\n```\n# no\n```"
        assert texts.get("timeline", "") == ""
        (starred,) = other.reads.timeline(view.id, TimelineFilter(starred=True), 0, 9)
        assert (starred.kind, starred.text) == ("decision", "| a | b |\n# Head\n```")
        assert export(other, view.id) == first


def test_documents_of_imported_post_mortems_are_stable_too(
    session: Session, samples: Path, tmp_path: Path
) -> None:
    clock, seen = MovedClock(), 0
    with ExitStack() as stack:
        for path in sorted((samples / "postmortems").glob("*/*.md")):
            before = {each.id for each in session.reads.summaries()}
            try:
                imports.import_file(session, "postmortem", path)
            except ImportRefusedError:
                continue
            (inc,) = {each.id for each in session.reads.summaries()} - before
            first = export(session, inc)
            other = open_world(stack, tmp_path / f"other{seen}", clock)
            _, view = bring(other, tmp_path / "first.md", first)
            second = export(other, view.id)
            assert second == first, path.name
            assert bring(other, tmp_path / "second.md", second)[0].events_new == 0
            assert bring(session, tmp_path / "first.md", first)[0].events_new == 0, path.name
            seen += 1
    assert seen > 40


def test_a_document_adds_nothing_beside_the_incident_that_it_tells_of(
    session: Session, tmp_path: Path
) -> None:
    inc = declare(session, Declaration("Checkout fails", "SEV2")).id
    edited = export(session, inc).replace("## Impact", "## Impact\n\nNobody could pay.")
    report, _ = bring(session, tmp_path / "edited.md", edited)
    assert (report.events_new, report.incidents_new) == (0, 0)
    assert "cockpit postmortem edit INC-1" in report.sentence
    assert len(session.reads.summaries()) == 1
