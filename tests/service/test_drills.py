"""Drills: what is due comes in once, in a home of its own; every shipped one can be finished."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.config import Config
from cockpit.domain.debrief_scene import Verdict
from cockpit.domain.drill import BEGINNING, ENDING
from cockpit.domain.events import Source
from cockpit.domain.vocabulary import Ring
from cockpit.errors import CockpitError, IncidentNotFoundError, InvalidInputError
from cockpit.paths import Paths
from cockpit.service import closing, drills, people, postmortems, timeline, updates
from cockpit.service.changes import set_field
from cockpit.service.drill_state import (
    DrillClock,
    check_speed,
    clock_for,
    read_state,
    runs_elsewhere,
    write_state,
)
from cockpit.service.drills import Drill
from cockpit.service.incidents import Declaration, declare, list_incidents
from cockpit.service.scenarios import find_scenario, read_scenarios, replay
from cockpit.service.session import Session, open_session
from cockpit.service.undo import undo
from tests.service.conftest import START, MovedClock

CONFIG = Config(author="ops")


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home", tmp_path / "home")


def begin(home: Paths, clock: MovedClock, name: str = "checkout-outage") -> Drill:
    return drills.start(home, CONFIG, find_scenario(home, name), clock=clock)


def enter(drill: Drill, clock: MovedClock) -> Session:
    return open_session(drill.paths, CONFIG, clock=clock)


def texts(session: Session, drill: Drill) -> list[str]:
    return [each.text for each in postmortems.read_timeline(session, drill.state.incident)]


def test_a_drill_is_an_ordinary_incident_in_a_home_of_its_own(
    home: Paths, clock: MovedClock
) -> None:
    home.create()
    home.playbook.write_text('company = "Garden Shop"\n')
    drill = begin(home, clock)
    assert drill.paths.data_dir.parent == home.drills
    with enter(drill, clock) as session:
        (only,) = list_incidents(session)
        view = session.reads.view(only.id)
        assert (view.drill, view.severity, view.kind) == (True, "SEV3", "outage")
        assert view.started_at == START
        assert session.playbook.company == "Garden Shop"
        (alert,) = [
            each
            for each in postmortems.read_timeline(session, view.id)
            if each.author == "monitoring"
        ]
        assert alert.src == Source("drill", "inject-0001")
        assert alert.at == START
    with open_session(home, CONFIG, clock=clock) as session:
        assert list_incidents(session, closed=True) == ()


def test_what_is_due_comes_in_once_with_its_own_time(home: Paths, clock: MovedClock) -> None:
    drill = begin(home, clock)
    with enter(drill, clock) as session:
        clock.move(3.5)
        came = drills.play(session, drill.state)
        assert [each.minute for each in came] == [1, 2]
        assert drills.play(session, drill.state) == ()
        found = {each.text: each for each in postmortems.read_timeline(session, came_inc(drill))}
        entry = found[came[1].inject.text]
        assert (entry.author, entry.at) == ("support", START + timedelta(minutes=2))
    with enter(drill, clock) as session:
        assert drills.play(session, drill.state) == ()


def came_inc(drill: Drill) -> str:
    return drill.state.incident


def test_undo_takes_back_what_the_user_did_and_never_what_came_in(
    home: Paths, clock: MovedClock
) -> None:
    drill = begin(home, clock)
    with enter(drill, clock) as session:
        timeline.log(session, came_inc(drill), "my own note")
        clock.move(5)
        drills.play(session, drill.state)
        before = len(texts(session, drill))
        undo(session, came_inc(drill))
        assert len(texts(session, drill)) == before - 1
        assert "my own note" not in texts(session, drill)
        with pytest.raises(InvalidInputError):
            undo(session, came_inc(drill))
        inject = next(
            each
            for each in postmortems.read_timeline(session, came_inc(drill))
            if each.src is not None and each.src.id != BEGINNING
        )
        timeline.hide(session, came_inc(drill), inject.id)
        assert drills.play(session, drill.state) == ()
        assert inject.src is not None
        assert inject.src.id in drills.came_in(session, drill.state)


def test_a_question_that_was_answered_is_not_asked(home: Paths, clock: MovedClock) -> None:
    drill = begin(home, clock)
    with enter(drill, clock) as session:
        clock.move(4)
        people.tell_ring(session, came_inc(drill), Ring.EXECUTIVES)
        clock.move(6)
        came = drills.play(session, drill.state)
        assert "chief executive" not in [each.inject.by for each in came]


def work_well(session: Session, inc: str) -> None:
    """Do at each minute what the workflow asks for, as a calm manager would."""
    view = session.reads.view(inc)
    minute = round((session.clock() - view.started_at) / timedelta(minutes=1))
    deeds = {
        1: [("stage", "acknowledged"), ("severity", "expected"), ("impact", "high")],
        2: [("role.comms", "kim"), ("role.expert", "sam"), ("criterion", "system-down")],
    }
    for field, value in deeds.get(minute, []):
        wanted = read_state(session.paths).scenario.severity
        set_field(session, inc, field, wanted if value == "expected" else value)
    if minute == 2:
        for ring in Ring:
            people.tell_ring(session, inc, ring)
    if minute > 2 and people.board(session, inc).to_tell():
        people.tell_waiting(session, inc)
    if minute in (3, 13, 23):
        updates.sent(session, updates.compose(session, inc))
    if minute == 12:
        set_field(session, inc, "stage", "contained")
        updates.sent(session, updates.compose(session, inc, stage="identified"))
    came = [each.src.id for each in postmortems.read_timeline(session, inc) if each.src]
    scenario = read_state(session.paths).scenario
    solved = all(
        f"inject-{place + 1:04d}" in came
        for place, each in enumerate(scenario.injects)
        if each.solves
    )
    if solved and view.is_open and minute > 24:
        set_field(session, inc, "stage", "fixed")
        set_field(session, inc, "status", "monitoring")
        updates.sent(session, updates.compose(session, inc, stage="resolved"))
        for ring in Ring:
            people.tell_ring(session, inc, ring)


SHIPPED = [each.id for each in read_scenarios(Paths(Path("/nowhere"), Path("/nowhere")))]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_one_can_be_finished_well(home: Paths, clock: MovedClock, name: str) -> None:
    drill = begin(home, clock, name)
    inc = came_inc(drill)
    with enter(drill, clock) as session:
        names: list[str] = []
        while ENDING not in names:
            clock.move(1)
            names += [each.name for each in drills.play(session, drill.state)]
            work_well(session, inc)
            assert clock.now - START <= timedelta(minutes=drill.state.scenario.minutes)
        assert not session.reads.view(inc).is_open
        for check in ("public-word", "audiences", "components", "debt", "asked"):
            if check in [each.id for each in closing.checks(session, inc) if each.is_left]:
                closing.waive(session, inc, check, "exercise")
        closing.close(session, inc)
        assert drills.is_over(session, drill.state)
        clock.move(30)
        assert drills.play(session, drill.state) == ()
        found = drills.debrief_of(session)
        about = {(each.topic, each.about): each.verdict for each in found.findings}
        assert found.over
        assert about["severity", drill.state.scenario.severity] is Verdict.WELL
        assert about["end", "solved"] is Verdict.WELL
        assert about["people", "told"] is Verdict.WELL
        practise = {each.about for each in found.of(Verdict.PRACTISE) if each.topic == "steps"}
        assert not practise & {"acknowledge", "impact", "support", "status-page", "contain"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_one_runs_out_when_nobody_does_anything(
    home: Paths, clock: MovedClock, name: str
) -> None:
    drill = begin(home, clock, name)
    with enter(drill, clock) as session:
        clock.move(drill.state.scenario.minutes)
        assert [each.name for each in drills.play(session, drill.state)][-1] == ENDING
        clock.move(100)
        assert drills.play(session, drill.state) == ()
        found = drills.debrief_of(session)
        assert not found.over
        never = {each.about for each in found.findings if each.topic == "people"} - {"told"}
        due = {
            each.id
            for each in session.reads.view(came_inc(drill)).stakeholders
            if each.ring in (Ring.CUSTOMERS, Ring.SUPPORT, Ring.CORE)
        }
        assert due <= never


def test_a_past_incident_is_replayed_without_what_was_decided(
    session: Session, clock: MovedClock, inc: str
) -> None:
    timeline.log_line(session, inc, "/finding memory errors")
    clock.move(10)
    timeline.log_line(session, inc, "/decision revert")
    set_field(session, inc, "stage", "contained")
    updates.sent(session, updates.compose(session, inc))
    clock.move(10)
    timeline.log_line(session, inc, "/action reverted")
    with pytest.raises(InvalidInputError, match="still goes on"):
        replay(session, "INC-1")
    set_field(session, inc, "status", "resolved")
    clock.move(60)
    timeline.log_line(session, inc, "/finding long afterwards")
    scenario = replay(session, "INC-1")
    assert [(each.text, each.at, each.kind) for each in scenario.injects] == [
        ("memory errors", 0, "observation"),
        ("reverted", 20, "action"),
    ]
    assert (scenario.replays, scenario.severity, scenario.minutes) == ("INC-1", "SEV2", 20)
    drill = drills.start(session.paths, CONFIG, scenario, clock=clock)
    with enter(drill, clock) as opened:
        clock.move(21)
        drills.play(opened, drill.state)
        assert "reverted" in texts(opened, drill)
        assert drills.debrief_of(opened).replays == "INC-1"
    assert drills.find_drill(session.paths, "inc-1").paths == drill.paths


def test_an_incident_in_which_nothing_came_in_cannot_be_replayed(
    session: Session, inc: str
) -> None:
    set_field(session, inc, "status", "resolved")
    with pytest.raises(InvalidInputError, match="Nothing came in"):
        replay(session, "INC-1")


def test_the_latest_unfinished_drill_is_gone_on_with(home: Paths, clock: MovedClock) -> None:
    with pytest.raises(IncidentNotFoundError, match="No drill was begun yet"):
        drills.find_drill(home)
    first, second = begin(home, clock), begin(home, clock, "data-seen")
    assert drills.find_drill(home).paths == second.paths
    assert drills.find_drill(home, "Checkout-Outage").paths == first.paths
    write_state(second.paths, replace(second.state, over=True))
    assert drills.find_drill(home, unfinished=True).paths == first.paths
    with pytest.raises(IncidentNotFoundError, match="“data-seen” still goes on"):
        drills.find_drill(home, "data-seen", unfinished=True)


def test_a_team_s_own_scenarios_come_beside_the_shipped_ones(home: Paths) -> None:
    home.scenarios.mkdir(parents=True)
    text = 'title = "Own"\nseverity = "SEV2"\nminutes = 5\n[[injects]]\nby = "x"\ntext = "y"\n'
    (home.scenarios / "own.toml").write_text(text)
    assert find_scenario(home, "own").title == "Own"
    with pytest.raises(InvalidInputError, match="Did you mean checkout-outage"):
        find_scenario(home, "checkout")
    (home.scenarios / "own.toml").write_text("title = 1\n")
    with pytest.raises(CockpitError, match=r"own\.toml"):
        read_scenarios(home)


def test_the_drill_s_clock_stands_still_while_nobody_runs_it(
    home: Paths, clock: MovedClock
) -> None:
    drill = begin(home, clock)
    assert clock_for(home, clock)() == clock.now
    clock.move(100)
    assert clock_for(drill.paths, clock)() == START
    running = replace(drill.state, elapsed=60.0, speed=10.0, as_of=clock.now, pid=1)
    write_state(drill.paths, running)
    clock.move(0.05)
    assert clock_for(drill.paths, clock)() == START + timedelta(seconds=60 + 30)
    assert runs_elsewhere(running, clock.now)
    assert not runs_elsewhere(replace(running, pid=0), clock.now)
    clock.move(1)
    assert clock_for(drill.paths, clock)() == START + timedelta(seconds=60)
    assert not runs_elsewhere(running, clock.now)


def test_the_running_clock_counts_its_speed_times_the_seconds(
    home: Paths, clock: MovedClock
) -> None:
    ticks = [5.0]
    drill = begin(home, clock)
    running = DrillClock(replace(drill.state, elapsed=30.0, speed=4.0), lambda: ticks[0])
    assert running() == START + timedelta(seconds=30)
    ticks[0] += 15
    assert running() == START + timedelta(seconds=90)


@pytest.mark.parametrize("speed", [0, -1, 0.05, 1000, float("nan"), float("inf")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(InvalidInputError, match="times as fast"):
        check_speed(speed)


def test_a_damaged_file_is_told_in_words(home: Paths, clock: MovedClock) -> None:
    drill = begin(home, clock)
    drill.paths.drill_file.write_text("{")
    with pytest.raises(CockpitError, match="cannot be read"):
        read_state(drill.paths)
    other = begin(home, clock)
    assert [each.paths for each in drills.list_drills(home)] == [other.paths]
    followed = clock_for(other.paths, clock)
    other.paths.drill_file.unlink()
    assert followed() == START, "a clock that is being followed never fails"


def test_a_drill_declared_by_hand_has_a_debrief(session: Session, clock: MovedClock) -> None:
    inc = declare(session, Declaration("Just a try", "SEV2", drill=True)).id
    clock.move(30)
    found = drills.debrief_of(session, inc)
    assert (found.scenario, found.ref) == ("", "INC-1")
    assert found.of(Verdict.PRACTISE)
