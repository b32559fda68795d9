"""Updates: rendered, copied and sent, each word for word; only sent keeps a promise."""

from __future__ import annotations

import pytest

from cockpit.domain.cadence import clocks
from cockpit.domain.vocabulary import MessageState, Ring
from cockpit.errors import InvalidInputError
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
@pytest.mark.parametrize(
    "stage", ["first word", "investigating", "identified", "monitoring", "resolved", "no news"]
)
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
