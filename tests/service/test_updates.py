"""Updates: rendered, copied and sent, each word for word; only sent keeps a promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cockpit.domain.cadence import clocks
from cockpit.domain.stages import stages_for
from cockpit.domain.vocabulary import MessageState, Ring
from cockpit.errors import InvalidInputError
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.undo import undo
from cockpit.service.updates import compose, copied, sent
from tests.service.conftest import MovedClock


def _due(session: Session, inc: str):  # type: ignore[no-untyped-def]
    found = clocks(session.reads.view(inc), session.playbook, session.clock())
    return next(each for each in found if each.ring is Ring.CUSTOMERS).due_at


def test_a_first_word_needs_nothing_filled_in(session: Session, inc: str) -> None:
    first = compose(session, inc)
    assert (first.stage, first.audience, first.unfilled) == ("first word", "customers", ())
    assert first.next_at is not None
    assert f"{first.next_at:%H:%M} UTC" in first.text
    assert not first.blocked


def test_copied_is_not_sent(session: Session, inc: str, clock: MovedClock) -> None:
    before = _due(session, inc)
    clock.move(3)
    text = compose(session, inc)
    view = copied(session, text)
    assert [(each.msg.state, each.text) for each in view.messages] == [
        (MessageState.COPIED, text.text)
    ]
    assert _due(session, inc) == before
    view = sent(session, text)
    assert [each.msg.state for each in view.messages] == ["copied", "sent"]
    assert _due(session, inc) == text.next_at


def test_sending_ticks_the_people_reached_and_undo_takes_all_back(
    session: Session, inc: str
) -> None:
    text = compose(session, inc, stage="identified")
    view = sent(session, text)
    assert view.status == "identified"
    told = {mark.stakeholder for mark in view.told}
    assert "customers" in told
    assert not [each for each in read_timeline(session, inc) if each.text.startswith("Told ")]
    undo(session, inc)
    view = session.reads.view(inc)
    assert (view.status, view.told, view.messages) == ("investigating", (), ())


def test_a_resolved_text_promises_nothing(session: Session, inc: str) -> None:
    text = compose(session, inc, stage="resolved")
    assert text.next_at is None
    assert sent(session, text).status == "resolved"


@pytest.mark.parametrize("audience", ["customers", "executives", "support", "employees"])
@pytest.mark.parametrize("stage", stages_for("outage"))
def test_every_stage_and_audience_has_a_text(
    session: Session, inc: str, stage: str, audience: str
) -> None:
    text = compose(session, inc, stage=stage, audience=audience)
    assert len(text.text) > 40
    assert "{{" not in text.text


def test_an_own_text_is_checked_and_its_promise_read(session: Session, inc: str) -> None:
    own = compose(session, inc, text="We look into it. Next update by 09:20 UTC. See db7.internal")
    assert f"{own.next_at:%H:%M}" == "09:20"
    assert any(not each.ok for each in own.checks)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("stage", "monitorng", "monitoring"),
        ("audience", "custmers", "customers"),
        ("channel", "statuspage", "status-page"),
    ],
)
def test_wrong_words_name_the_nearest(
    session: Session, inc: str, field: str, value: str, expected: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        compose(session, inc, **{field: value})
    assert expected in str(refused.value)


@pytest.fixture
def planned(session: Session, clock: MovedClock) -> str:
    """Planned work that begins in two days."""
    begins = clock() + timedelta(days=2)
    declared = Declaration("Move the database", "SEV3", at=begins, kind="planned")
    return declare(session, declared).id


def test_planned_work_promises_its_beginning(
    session: Session, planned: str, clock: MovedClock
) -> None:
    first = compose(session, planned)
    assert first.stage == "scheduled"
    assert first.next_at == session.reads.view(planned).started_at
    assert not first.blocked
    assert not [each for each in first.checks if each.id == "next-update" and not each.ok]
    assert sent(session, first).status == "investigating"
    assert _due(session, planned) == first.next_at


def test_planned_work_goes_its_own_way(session: Session, planned: str, clock: MovedClock) -> None:
    sent(session, compose(session, planned))
    clock.move(2 * 24 * 60)
    stages = []
    for status in ("", "", "monitoring", "resolved"):
        if status:
            set_field(session, planned, "status", status)
        text = compose(session, planned)
        stages.append((text.stage, sent(session, text).status.value))
        clock.move(20)
    assert stages == [
        ("started", "identified"),
        ("no news", "identified"),
        ("monitoring", "monitoring"),
        ("done", "resolved"),
    ]


def test_a_stage_of_another_kind_is_refused(session: Session, planned: str, inc: str) -> None:
    with pytest.raises(InvalidInputError, match="started"):
        compose(session, planned, stage="identified")
    with pytest.raises(InvalidInputError, match="not a stage"):
        compose(session, inc, stage="extended")
    kept = compose(session, planned, stage="identified", text="Copied before its kind was set.")
    assert kept.stage == "identified"


@pytest.mark.parametrize(
    ("stage", "before", "after"),
    [
        ("workaround", "investigating", "identified"),
        ("workaround", "monitoring", "monitoring"),
        ("reopened", "resolved", "investigating"),
        ("reopened", "identified", "identified"),
        ("scope", "identified", "identified"),
        ("first word", "identified", "identified"),
        ("slower rhythm", "monitoring", "monitoring"),
        ("published", "resolved", "resolved"),
    ],
)
def test_what_a_stage_does_to_the_status(
    session: Session, inc: str, stage: str, before: str, after: str
) -> None:
    if before != "investigating":
        set_field(session, inc, "status", before)
    assert sent(session, compose(session, inc, stage=stage)).status == after


def test_the_variables_are_listed_with_what_they_mean(session: Session, inc: str) -> None:
    listed = {each.name: each for each in compose(session, inc, stage="published").variables}
    assert (listed["title"].value, listed["title"].filled) == ("Checkout fails", True)
    assert (listed["postmortem_link"].value, listed["postmortem_link"].filled) == ("", False)
    assert "post-mortem" in listed["postmortem_link"].meaning
    assert compose(session, inc, stage="published").unfilled == ("postmortem_link",)
    link = {"postmortem_link": "https://status.example.com/42"}
    filled = compose(session, inc, stage="published", values=link)
    assert (filled.unfilled, link["postmortem_link"] in filled.text) == ((), True)


def test_a_template_of_ones_own_may_announce_another_status(session: Session, inc: str) -> None:
    place = session.paths.templates
    place.mkdir(parents=True)
    head = '+++\nstage = "no news"\naudience = "customers"\nstatus = "identified"\n+++\n'
    (place / "mine.md").write_text(head + "Mine: {{ hotline }} {{ title }}", encoding="utf-8")
    text = compose(session, inc, stage="no news")
    assert (text.text, text.status) == ("Mine: {hotline} Checkout fails", "identified")
    assert [each.meaning for each in text.variables if not each.filled] == [
        "a name of your own template"
    ]


def test_a_part_is_called_an_outage_only_by_mistake(session: Session, inc: str) -> None:
    set_field(session, inc, "impact", "low")
    own = compose(session, inc, text="An outage: payments fail. Next update by 09:20 UTC.")
    assert [each.id for each in own.checks if not each.ok] == ["total"]


def test_a_promise_that_cannot_be_kept_is_pointed_out(session: Session, inc: str) -> None:
    own = compose(session, inc, text="Payments fail. Next update by 09:03 UTC.")
    (found,) = [each for each in own.checks if not each.ok]
    assert found.text == "It promises the next update in 3 min; the rhythm is 30 min."
    late = compose(session, inc, text="Payments fail. Next update by 11:00 UTC.")
    assert [each.level for each in late.checks if each.id == "next-update"] == ["warn"]


def test_a_promise_is_measured_from_the_moment_it_was_read(
    session: Session, inc: str, monkeypatch: pytest.MonkeyPatch, clock: MovedClock
) -> None:
    """A clock goes on between two looks at it; three minutes stay three minutes."""
    sent(session, compose(session, inc))
    monkeypatch.setattr(session, "clock", lambda: clock.move(0.01))
    found = compose(session, inc, stage="investigating", text="Next update in 3 minutes.")
    said = [each.text for each in found.checks if not each.ok]
    assert "It promises the next update in 3 min; the rhythm is 30 min." in said


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (
            "Next update by Friday, 2026-12-04 13:00 US/Pacific.",
            datetime(2026, 12, 4, 21, tzinfo=UTC),
        ),
        ("We write again in 30 minutes.", timedelta(minutes=30)),
        ("There is nothing new.", timedelta(minutes=30)),
    ],
)
def test_the_time_in_a_persons_own_words_is_the_countdown(
    session: Session, inc: str, clock: MovedClock, words: str, due: datetime | timedelta
) -> None:
    """Whatever the template would have promised; without a time the rhythm counts."""
    sent(session, compose(session, inc))
    at = clock.move(7)
    sent(session, compose(session, inc, stage="investigating", text=f"We look into it. {words}"))
    assert _due(session, inc) == (due if isinstance(due, datetime) else at + due)
