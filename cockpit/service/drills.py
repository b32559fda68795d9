"""Drills: start one in a home of its own, let come in what is due, and say how it went."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from cockpit.config import Config
from cockpit.domain.clock import stamp_time
from cockpit.domain.debrief import debrief
from cockpit.domain.debrief_scene import Debrief
from cockpit.domain.drill import Due, Scenario, beginning, due, facts_of, minute_at
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import EntryAdded, Source
from cockpit.domain.fact_times import fact_since
from cockpit.domain.foreign_event import incident_id, make_event, stamp_at
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentView, TimelineFilter
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import Stage
from cockpit.errors import CockpitError, IncidentNotFoundError
from cockpit.paths import Paths, create_private_directory
from cockpit.service.drill_state import (
    DrillState,
    check_speed,
    homes,
    is_drill,
    read_state,
    write_state,
)
from cockpit.service.incidents import Declaration, declare, find
from cockpit.service.session import Clock, Session, open_session, wall_clock

FORMAT = "drill"
"""The source of what came in during a drill."""


class Drill(Struct, frozen=True):
    """A drill: its home, and where it stands."""

    paths: Paths
    state: DrillState


def start(
    paths: Paths, config: Config, scenario: Scenario, speed: float = 1.0, clock: Clock = wall_clock
) -> Drill:
    """Begin a drill now, in a new home with copies of the team's settings beside it.

    What is due at once has come in then. Raises InvalidInputError for an impossible speed.
    """
    check_speed(speed)
    began = clock().replace(microsecond=0)
    home = _new_home(paths, scenario)
    _copy_settings(paths, home)
    state = DrillState(scenario, began, speed)
    with open_session(home, config, clock=lambda: began) as session:
        state = replace(state, incident=_declare(session, scenario))
        _let_in(session, state, (beginning(scenario, speed),))
        play(session, state)
    write_state(home, state)
    return Drill(home, state)


def list_drills(paths: Paths) -> tuple[Drill, ...]:
    """Return all drills that were begun, the latest last; one whose file is damaged is left out."""
    found = []
    for each in homes(paths.drills):
        with suppress(CockpitError):
            found.append(Drill(each, read_state(each)))
    return tuple(found)


def find_drill(paths: Paths, name: str = "", *, unfinished: bool = False) -> Drill:
    """Return the latest drill, of a scenario if one is named.

    unfinished: only one that still goes on. Raises IncidentNotFoundError when there is none.
    """
    wanted = name.strip().lower()
    for each in reversed(list_drills(paths)):
        names = (each.state.scenario.id, each.state.scenario.replays.lower())
        if (not wanted or wanted in names) and not (unfinished and each.state.over):
            return each
    what = f"No drill of “{name}”" if wanted else "No drill"
    still = " still goes on" if unfinished else " was begun yet"
    raise IncidentNotFoundError(f"{what}{still}.", "cockpit drill --list shows what there is.")


def play(session: Session, state: DrillState) -> tuple[Due, ...]:
    """Let come in what is due by now and did not come yet, and return it; twice is once.

    Nothing comes in any more once the incident is closed.
    """
    view = session.reads.view(state.incident)
    if view.stage is Stage.CLOSED:
        return ()
    now = session.clock()
    moments = _moments(view, state)
    fresh = [
        each
        for each in due(state.scenario, minute_at(state.began, now), moments)
        if session.reads.entry(view.id, _inject_id(view.id, each.name)) is None
    ]
    _let_in(session, state, fresh)
    return tuple(fresh)


def is_over(session: Session, state: DrillState) -> bool:
    """Say whether the drill's incident was closed."""
    return session.reads.view(state.incident).stage is Stage.CLOSED


def came_in(session: Session, state: DrillState) -> Mapping[str, datetime]:
    """Return when each inject came in, by its name."""
    from cockpit.service.postmortems import read_timeline

    return {
        each.src.id: each.at
        for each in read_timeline(session, state.incident, TimelineFilter(hidden=True))
        if each.src is not None and each.src.format == FORMAT
    }


def debrief_of(session: Session, inc: str = "", zone: tzinfo = UTC) -> Debrief:
    """Return how a drill went until it was over, or until now.

    inc: its incident, if not that of the drill whose home this is; an incident that was declared
    as a drill by hand has a debrief without a scenario. Raises IncidentNotFoundError.
    """
    playbook, now = session.playbook, session.clock()
    state = read_state(session.paths) if is_drill(session.paths) else None
    if state is None or inc not in ("", state.incident):
        return debrief(session.reads.view(inc or find(session, None)), playbook, now, zone)
    view = session.reads.view(state.incident)
    return debrief(view, playbook, now, zone, state.scenario, came_in(session, state))


def latest_minute(session: Session, state: DrillState) -> DrillState:
    """Return the state, no earlier than the last event: a crash may have lost some seconds."""
    newest = state.elapsed
    for record in session.reads.ops(state.incident):
        newest = max(newest, (stamp_time(record.op.t) - state.began).total_seconds())
    return replace(state, elapsed=newest)


def _new_home(paths: Paths, scenario: Scenario) -> Paths:
    """Return a fresh home; the count in front sorts drills by their age."""
    taken = [each.data_dir.name.partition("-")[0] for each in homes(paths.drills)]
    number = 1 + max((int(each) for each in taken if each.isdigit()), default=0)
    home = paths.drills / f"{number:04d}-{scenario.id}"
    create_private_directory(home)
    return Paths(home, home)


def _copy_settings(paths: Paths, home: Paths) -> None:
    """Copy what the team goes by: a debrief months later still judges by the same playbook."""
    for name in ("playbook", "directory", "config_file"):
        place = getattr(paths, name)
        if place.is_file():
            shutil.copyfile(place, getattr(home, name))
            getattr(home, name).chmod(0o600)
    if paths.templates.is_dir():
        shutil.copytree(paths.templates, home.templates, dirs_exist_ok=True)


def _declare(session: Session, scenario: Scenario) -> str:
    playbook: Playbook = session.playbook
    known = scenario.kind in [each.id for each in playbook.kinds]
    declaration = Declaration(
        scenario.title,
        scenario.opens_as,
        kind=scenario.kind if known else "",
        drill=True,
    )
    return declare(session, declaration).id


def _moments(view: IncidentView, state: DrillState) -> dict[str, float]:
    """Return the facts that hold, each with the minute since when."""
    since = {fact: fact_since(fact, view) for fact in facts_of(state.scenario)}
    return {fact: minute_at(state.began, at) for fact, at in since.items() if at is not None}


def _let_in(session: Session, state: DrillState, came: Sequence[Due]) -> None:
    now = session.clock()
    events = [_event(each, state.incident, state, now, place) for place, each in enumerate(came)]
    session.store.append([Record(event) for event in events])


def _inject_id(inc: str, name: str) -> str:
    return incident_id(f"drill {inc}", name)


def _event(each: Due, inc: str, state: DrillState, now: datetime, place: int) -> Op:
    """Return an inject as an event of nobody's device: no undo of the user takes it back.

    place: its place among those that come in at once.
    """
    at = min(now, state.began + timedelta(minutes=each.minute))
    source = Source(FORMAT, each.name)
    body = EntryAdded(at, clean_input(each.inject.text), each.inject.kind, src=source)
    event = make_event(inc, body, stamp_at(now, place), clean_input(each.inject.by))
    return replace(event, id=_inject_id(inc, each.name))
