"""Which update comes next: what people have not been told, in an order that helps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Message
from cockpit.domain.next_stage import stage_for
from cockpit.domain.ring_plan import RhythmChange, RingPlan
from cockpit.domain.stages import STAGES, announced_status, promises_next, stages_for
from cockpit.domain.templates import choose
from cockpit.domain.view import Change, IncidentView, OutgoingMessage, PostmortemState
from cockpit.domain.vocabulary import Impact, MessageState, PublicStatus, Ring, Stage
from tests.domain.shipped_texts import AT, default_playbook, make_view, shipped_templates

INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED = PublicStatus


@dataclass
class Story:
    """An incident as it stands after some messages to customers, a minute apart."""

    status: PublicStatus
    sent: tuple[str, ...] = ()
    state: MessageState = MessageState.SENT
    learnt: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    changed: tuple[tuple[str, str], ...] = ()
    now: datetime | None = None

    def stage(self) -> str:
        messages = tuple(
            OutgoingMessage(
                "e",
                AT + timedelta(minutes=n),
                "kim",
                "x",
                Message(self.state, "customers", (), stage),
            )
            for n, stage in enumerate(self.sent)
        )
        later = AT + timedelta(hours=1)
        changed = (("severity", "SEV1"),) if self.learnt else self.changed
        changes = tuple(Change(name, value, later, "kim") for name, value in changed)
        view = make_view(status=self.status, messages=messages, changes=changes, **self.facts)
        return stage_for(view, now=self.now)


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (Story(INVESTIGATING), "first word"),
        (Story(IDENTIFIED), "first word"),
        (Story(RESOLVED), "resolved"),
        (Story(INVESTIGATING, ("first word",)), "investigating"),
        (Story(INVESTIGATING, ("first word", "investigating")), "no news"),
        (Story(INVESTIGATING, ("first word",), MessageState.COPIED), "first word"),
        (Story(IDENTIFIED, ("first word", "no news")), "identified"),
        (Story(IDENTIFIED, ("identified", "no news")), "no news"),
        (Story(IDENTIFIED, ("identified", "no news"), learnt=True), "identified"),
        (Story(INVESTIGATING, ("first word", "slower rhythm")), "no news"),
        (Story(RESOLVED, ("monitoring",)), "resolved"),
    ],
)
def test_the_next_stage_is_what_people_have_not_been_told(story: Story, stage: str) -> None:
    assert story.stage() == stage


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (Story(INVESTIGATING, ("monitoring",)), "reopened"),
        (Story(IDENTIFIED, ("first word", "resolved")), "reopened"),
        (Story(IDENTIFIED, ("resolved", "reopened")), "identified"),
        (Story(INVESTIGATING, ("resolved", "reopened")), "no news"),
        (Story(MONITORING, ("resolved",)), "monitoring"),
    ],
)
def test_what_came_back_is_said(story: Story, stage: str) -> None:
    assert story.stage() == stage


WORKED_AROUND = {"stage": Stage.WORKED_AROUND}


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (Story(IDENTIFIED, ("first word",), facts=WORKED_AROUND), "workaround"),
        (Story(INVESTIGATING, ("first word",), facts=WORKED_AROUND), "workaround"),
        (Story(IDENTIFIED, ("identified", "workaround"), facts=WORKED_AROUND), "no news"),
        (Story(MONITORING, ("identified",), facts=WORKED_AROUND), "monitoring"),
        (Story(IDENTIFIED, ("identified",), facts={"workaround": "pay by invoice"}), "workaround"),
        (Story(IDENTIFIED, ("identified",), facts={"workaround": " X. "}), "no news"),
        (
            Story(
                IDENTIFIED,
                ("workaround", "identified"),
                facts=WORKED_AROUND,
                changed=(("stage", "worked-around"),),
            ),
            "workaround",
        ),
    ],
)
def test_a_workaround_is_said_once(story: Story, stage: str) -> None:
    assert story.stage() == stage


IMPACT = {"impact": Impact.HIGH}


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (Story(INVESTIGATING, ("first word",), facts={"impact_text": "cards fail"}), "scope"),
        (Story(INVESTIGATING, ("first word",), facts={"impact_text": "x"}), "investigating"),
        (Story(INVESTIGATING, facts={"impact_text": "cards fail"}), "first word"),
        (
            Story(INVESTIGATING, ("scope",), facts={"impact_text": "cards fail"}),
            "investigating",
        ),
        (
            Story(INVESTIGATING, ("first word",), facts=IMPACT, changed=(("impact", "high"),)),
            "scope",
        ),
        (
            Story(IDENTIFIED, ("identified",), facts=IMPACT, changed=(("impact", "high"),)),
            "identified",
        ),
    ],
)
def test_the_scope_is_said_once_it_is_known(story: Story, stage: str) -> None:
    assert story.stage() == stage


def test_a_slower_rhythm_is_said_once() -> None:
    plans = {"customers": RingPlan(rhythms=(RhythmChange(AT + timedelta(hours=1), 60),))}
    known = {"plans": plans}
    assert Story(IDENTIFIED, ("identified",), facts=known).stage() == "slower rhythm"
    assert Story(IDENTIFIED, ("identified", "slower rhythm"), facts=known).stage() == "no news"
    assert Story(MONITORING, ("identified",), facts=known).stage() == "monitoring"


def test_a_published_post_mortem_is_said_after_the_resolution() -> None:
    facts = {"postmortem": PostmortemState(review="published")}
    assert Story(RESOLVED, ("monitoring",), facts=facts).stage() == "resolved"
    assert Story(RESOLVED, ("resolved",), facts=facts).stage() == "published"
    assert Story(RESOLVED, ("resolved",)).stage() == "resolved"


PLANNED = {"kind": "planned", "started_at": AT + timedelta(days=2)}
BEGUN = AT + timedelta(days=2, minutes=1)


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (Story(INVESTIGATING, facts=PLANNED), "scheduled"),
        (Story(INVESTIGATING, ("scheduled",), facts=PLANNED, now=AT), "scheduled"),
        (Story(INVESTIGATING, ("scheduled",), facts=PLANNED, now=BEGUN), "started"),
        (Story(IDENTIFIED, ("scheduled",), facts=PLANNED), "started"),
        (Story(INVESTIGATING, facts={"kind": "planned"}), "started"),
        (Story(IDENTIFIED, ("started",), facts=PLANNED), "no news"),
        (Story(MONITORING, ("started",), facts=PLANNED), "monitoring"),
        (Story(MONITORING, ("monitoring",), facts=PLANNED), "no news"),
        (Story(RESOLVED, ("started",), facts=PLANNED), "done"),
        (Story(IDENTIFIED, ("done",), facts=PLANNED), "started"),
    ],
)
def test_planned_work_has_stages_of_its_own(story: Story, stage: str) -> None:
    assert story.stage() == stage


MOMENTS = st.integers(-600, 600).map(lambda minutes: AT + timedelta(minutes=minutes))
AUDIENCES = st.sampled_from([each.audience for each in Ring])
MESSAGES = st.builds(
    lambda at, text, state, audience, stage, status: OutgoingMessage(
        "e", at, "kim", text, Message(state, audience, (), stage, status)
    ),
    MOMENTS,
    st.text(max_size=20),
    st.sampled_from(MessageState),
    AUDIENCES,
    st.sampled_from([*STAGES, "", "of a later version"]),
    st.sampled_from([*map(str, PublicStatus), ""]),
)
CHANGES = st.builds(
    Change,
    st.sampled_from(["status", "severity", "impact", "share", "stage", "kind", "role.comms"]),
    st.sampled_from(["high", "worked-around", "identified", 3, None]),
    MOMENTS,
    st.just("kim"),
)
RHYTHMS = st.lists(st.builds(RhythmChange, MOMENTS, st.integers(0, 90)), max_size=2).map(tuple)


@st.composite
def views(draw: st.DrawFn) -> IncidentView:
    messages = draw(st.lists(MESSAGES, max_size=5))
    return make_view(
        kind=draw(st.sampled_from([*(each.id for each in default_playbook().kinds), "own"])),
        status=draw(st.sampled_from(PublicStatus)),
        stage=draw(st.sampled_from(Stage)),
        started_at=draw(MOMENTS),
        impact=draw(st.none() | st.sampled_from(Impact)),
        impact_text=draw(st.text(max_size=9)),
        workaround=draw(st.text(max_size=9)),
        messages=tuple(sorted(messages, key=lambda each: each.at)),
        changes=tuple(draw(st.lists(CHANGES, max_size=4))),
        plans={"customers": RingPlan(rhythms=draw(RHYTHMS))},
        postmortem=PostmortemState(review=draw(st.sampled_from(["draft", "published"]))),
    )


@given(views(), AUDIENCES, st.none() | MOMENTS)
def test_there_is_always_a_stage_and_a_text_for_it(
    view: IncidentView, audience: str, now: datetime | None
) -> None:
    stage = stage_for(view, audience, now)
    assert stage in stages_for(view.kind)
    assert choose(shipped_templates(), view.kind, stage, audience).stage == stage


@given(views(), AUDIENCES)
def test_once_it_is_sent_another_one_comes(view: IncidentView, audience: str) -> None:
    """What was just told, with the status that follows from it, is not offered again as new."""
    stage = stage_for(view, audience, AT)
    later = AT + timedelta(hours=11)
    status = announced_status(stage, view.status)
    sent = Message(MessageState.SENT, audience, (), stage, status)
    told = make_view(
        kind=view.kind,
        status=PublicStatus(status) if status else view.status,
        stage=view.stage,
        started_at=view.started_at,
        impact=view.impact,
        impact_text=view.impact_text,
        workaround=view.workaround,
        messages=(*view.messages, OutgoingMessage("e", later, "kim", "told", sent)),
        changes=view.changes,
        plans=view.plans,
        postmortem=view.postmortem,
    )
    again = stage_for(told, audience, AT)
    last_words = not promises_next(stage)
    lasting = stage in ("no news", "scheduled") or last_words
    assert again != stage or lasting


def test_what_a_stage_announces_takes_nothing_back() -> None:
    assert announced_status("first word", IDENTIFIED) == ""
    assert announced_status("scope", IDENTIFIED) == ""
    assert announced_status("workaround", INVESTIGATING) == "identified"
    assert announced_status("workaround", MONITORING) == "monitoring"
    assert announced_status("workaround", RESOLVED) == ""
    assert announced_status("reopened", RESOLVED) == "investigating"
    assert announced_status("reopened", IDENTIFIED) == "identified"
    assert announced_status("scheduled", INVESTIGATING) == ""
    assert announced_status("started", INVESTIGATING) == "identified"
    assert announced_status("extended", IDENTIFIED) == ""
    assert announced_status("done", MONITORING) == "resolved"
    assert [each for each in STAGES if not promises_next(each)] == ["resolved", "published", "done"]
