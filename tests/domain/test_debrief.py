"""The debrief of a drill: every figure is what the events say, every sentence is true."""

from __future__ import annotations

from datetime import UTC, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.debrief import debrief
from cockpit.domain.debrief_scene import Debrief, Finding, Verdict
from cockpit.domain.debrief_text import debrief_lines, debrief_markdown
from cockpit.domain.drill import Inject, Scenario, inject_name
from cockpit.domain.envelope import Record
from cockpit.domain.fold import fold
from cockpit.domain.vocabulary import Ring, Severity
from tests.domain.incident_events import (
    START,
    default_playbook,
    field,
    minutes,
    opened,
    told,
    update,
)

SCENARIO = Scenario(
    "made-up",
    "Nobody can pay",
    "SEV2",
    45,
    (
        Inject("down", "monitoring"),
        Inject("what's the status?", "chief executive", 7, answer="executives"),
        Inject("works again", "on-call engineer", 20, solves=True),
    ),
)
CARDS = [
    field(2, "card", {"name": "Core", "ring": 1, "power": "low", "interest": "high"}, START,
          obj="sh:core"),
    field(3, "card", {"name": "Support", "ring": 2, "power": "low", "interest": "high"}, START,
          obj="sh:support"),
    field(4, "card", {"name": "Board", "ring": 3, "power": "high", "interest": "low"}, START,
          obj="sh:board"),
    field(5, "card", {"name": "Shops", "ring": 5, "power": "high", "interest": "high"}, START,
          obj="sh:shops"),
]  # fmt: skip


def look(
    events: list[Record], now: float = 40, came: dict[int, float] | None = None, sev: str = "SEV2"
) -> Debrief:
    view = fold([opened(drill=True, severity=sev), *CARDS, *events]).view
    times = {inject_name(place): minutes(minute) for place, minute in (came or {}).items()}
    return debrief(view, default_playbook(), minutes(now), UTC, SCENARIO, times)


def of(found: Debrief, topic: str, about: str) -> Finding:
    (only,) = [each for each in found.findings if (each.topic, each.about) == (topic, about)]
    return only


def resolved(minute: float) -> Record:
    return field(90, "status", "resolved", minutes(minute))


def test_the_first_word_is_measured_against_the_playbook() -> None:
    rule = default_playbook().rule(Severity.SEV2, Ring.CUSTOMERS)
    assert rule is not None
    early = look([update(10, "We know.", minutes(rule.first - 1))])
    assert of(early, "first-word", "customers").verdict is Verdict.WELL
    late = look([update(10, "We know.", minutes(rule.first + 1))])
    finding = of(late, "first-word", "customers")
    assert (finding.verdict, finding.seconds) == (Verdict.PRACTISE, (rule.first + 1) * 60)
    assert f"{rule.first} min allowed" in finding.sentence
    never = of(look([]), "first-word", "customers")
    assert never.verdict is Verdict.PRACTISE
    assert never.seconds is None
    assert "never came" in never.sentence


def test_promises_are_counted_and_the_missed_one_has_its_time() -> None:
    found = look(
        [
            update(10, "One.", minutes(5), next_at=minutes(15)),
            update(11, "Two.", minutes(14), next_at=minutes(20)),
            update(12, "Three.", minutes(24), status="resolved"),
            resolved(24),
        ]
    )
    assert (found.promises.made, found.promises.kept, found.promises.missed) == (2, 1, 1)
    assert of(found, "promises", "made").count == 2
    missed = of(found, "promises", "customers")
    assert missed.seconds == 240
    assert "promised for 09:20 UTC came 4 min late" in missed.sentence


def test_who_was_due_and_never_told_is_named_and_who_was_told_is_not() -> None:
    found = look([told(10, "core", minutes(3)), update(11, "x", minutes(4)), resolved(30)])
    names = {each.about for each in found.findings if each.topic == "people"}
    assert names >= {"support", "told"}
    assert "core" not in names
    assert "never told" in of(found, "people", "support").sentence
    assert of(found, "people", "told").count == 1


def test_a_question_is_answered_by_the_next_word_to_that_audience() -> None:
    found = look([told(10, "board", minutes(12)), resolved(30)], came={0: 0, 1: 7, 2: 20})
    assert of(found, "questions", "inject-0002").seconds == 300
    silent = look([told(10, "board", minutes(6)), resolved(30)], came={0: 0, 1: 7, 2: 20})
    finding = of(silent, "questions", "inject-0002")
    assert (finding.verdict, finding.seconds) == (Verdict.PRACTISE, 23 * 60)
    assert finding.sentence == "Chief executive asked after 7 min and got no answer."
    open_still = look([], now=8, came={0: 0, 1: 7})
    assert of(open_still, "questions", "inject-0002").verdict is Verdict.NOTED


def test_calling_it_over_before_anybody_says_so_is_pointed_out() -> None:
    early = look([resolved(10)], came={0: 0, 1: 7, 2: 20})
    assert of(early, "end", "solved").verdict is Verdict.PRACTISE
    assert "which came after 20 min" in of(early, "end", "solved").sentence
    right = look([resolved(25)], came={0: 0, 1: 7, 2: 20})
    assert (right.over, of(right, "end", "solved").verdict) == (True, Verdict.WELL)
    assert of(right, "end", "solved").seconds == 25 * 60


def test_the_severity_is_compared_with_the_scenario_s() -> None:
    right = look([field(10, "severity", "SEV2", minutes(4))], sev="SEV3")
    finding = of(right, "severity", "SEV2")
    assert (finding.verdict, finding.seconds) == (Verdict.WELL, 240)
    wrong = of(look([], sev="SEV3"), "severity", "SEV3")
    assert wrong.verdict is Verdict.PRACTISE
    assert "SEV2 was right" in wrong.sentence


def test_steps_and_checks_that_were_missed_are_named_once_it_is_over() -> None:
    over = look([field(10, "stage", "acknowledged", minutes(9)), resolved(30)])
    assert of(over, "steps", "acknowledge").seconds == 540
    assert of(over, "steps", "contain").sentence.startswith("Not done: Contain it")
    assert of(over, "steps", "colleagues").sentence.endswith("due after 1 h.")
    assert not [each for each in over.findings if each.about == "postmortem-owner"]
    running = look([field(10, "stage", "acknowledged", minutes(2))], now=20)
    about = {each.about for each in running.findings if each.topic == "steps"}
    assert "contain" not in about
    assert "colleagues" not in about
    assert "support" in about


sent_times = st.lists(
    st.tuples(st.integers(1, 59), st.sampled_from(["customers", "support", "executives"])),
    max_size=8,
)


@given(sent_times, st.integers(1, 60))
def test_figures_are_those_of_the_events(sent: list[tuple[int, str]], end: int) -> None:
    events = [
        update(10 + place, "x", minutes(minute), audience=audience, next_at=minutes(minute + 10))
        for place, (minute, audience) in enumerate(sent)
        if minute <= end
    ]
    found = look([*events, resolved(end)], now=60)
    heard = {
        audience: min(minute for minute, who in sent if who == audience and minute <= end)
        for minute, audience in sent
        if minute <= end
    }
    shown = {
        each.about: each.seconds
        for each in found.findings
        if each.topic == "first-word" and each.seconds is not None
    }
    assert shown == {audience: minute * 60 for audience, minute in heard.items()}
    tally = found.promises
    assert tally.made == tally.kept + tally.missed + tally.paused <= len(events)
    assert found.lasted == timedelta(minutes=end)
    lines = list(debrief_lines(found, UTC))
    page = debrief_markdown(found, UTC)
    for each in found.findings:
        assert f"  - {each.sentence}" in lines
    assert page.count("\n- ") == len(found.findings)


def test_an_incident_without_a_scenario_has_a_debrief_too() -> None:
    view = fold([opened(drill=True), *CARDS]).view
    found = debrief(view, default_playbook(), minutes(40), UTC)
    assert (found.scenario, found.injects) == ("", 0)
    assert not [each for each in found.findings if each.topic in ("severity", "questions")]


def test_long_sentences_go_on_below_themselves_where_there_is_a_width() -> None:
    view = fold([opened(drill=True), *CARDS]).view
    found = debrief(view, default_playbook(), minutes(40), UTC)
    wide, narrow = list(debrief_lines(found, UTC)), list(debrief_lines(found, UTC, 50))
    assert max(map(len, wide)) > 50 >= max(map(len, narrow))
    assert {each[:3] for each in narrow[4:] if each.startswith(" ")} == {"  -", "   "}
    assert " ".join(" ".join(wide).split()) == " ".join(" ".join(narrow).split())
