"""Drills: a scenario of injects, and which of them have come at a minute of the exercise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

DIRECTOR = "drill"
"""Who says what belongs to the exercise itself."""

BEGINNING, ENDING = "beginning", "ending"
"""The injects that say that it begins, and that it is over."""

Moments = Mapping[str, float]
"""Facts that hold, such as `stage:contained`, each with the minute since when."""


class Inject(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that comes in during a drill, said by somebody; all times in minutes.

    at: since the start, at the earliest; after: only once this fact holds, `wait` minutes later;
    latest: it comes then even if the fact does not hold, 0 for never; unless: not at all if this
    fact holds by then. answer: the audience that waits for an answer to it; solves: it reports
    that what was broken works again.
    """

    text: str
    by: str
    at: float = 0
    kind: str = "observation"
    after: str = ""
    wait: float = 0
    latest: float = 0
    unless: str = ""
    answer: str = ""
    solves: bool = False


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise: what happens, when, and until when.

    id: what it is called on the command line; severity: what it should be run as; opens_as: what
    it is declared as, empty for the playbook's default; minutes: its length at most; ends: the
    fact that ends it once all that solves it has come; about: what it trains, in a sentence or two;
    replays: the reference of the past incident that it was made from.
    """

    id: str
    title: str
    severity: str
    minutes: float
    injects: tuple[Inject, ...]
    kind: str = ""
    opens_as: str = ""
    ends: str = "status:resolved"
    about: str = ""
    replays: str = ""


class Due(Struct, frozen=True):
    """An inject that has come: `name` is unique in its scenario, `minute` when it was due."""

    name: str
    minute: float
    inject: Inject


def facts_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the facts that a scenario asks about."""
    asked = [scenario.ends]
    for each in scenario.injects:
        asked += [each.after, each.unless]
    return tuple(dict.fromkeys(fact for fact in asked if fact))


def due_minute(inject: Inject, moments: Moments) -> float | None:
    """Return the minute at which an inject comes, None while nothing makes it come."""
    minute: float | None = inject.at
    if inject.after:
        held = moments.get(inject.after)
        minute = None if held is None else max(inject.at, held + inject.wait)
        if inject.latest:
            minute = inject.latest if minute is None else min(minute, inject.latest)
    if minute is not None and inject.unless:
        held = moments.get(inject.unless)
        minute = None if held is not None and held <= minute else minute
    return minute


def solved_minute(scenario: Scenario, moments: Moments) -> float | None:
    """Return the minute at which all that was broken works again, None while it does not.

    A scenario in which nobody says so is solved from the start.
    """
    minutes = [due_minute(each, moments) for each in scenario.injects if each.solves]
    known = [each for each in minutes if each is not None]
    return max(known, default=0.0) if len(known) == len(minutes) else None


def end_minute(scenario: Scenario, moments: Moments) -> float:
    """Return the minute at which nothing more comes in: it was solved and ended, or time is up."""
    solved, ended = solved_minute(scenario, moments), moments.get(scenario.ends)
    if solved is None or ended is None:
        return scenario.minutes
    return min(scenario.minutes, max(solved, ended))


def due(scenario: Scenario, minute: float, moments: Moments) -> tuple[Due, ...]:
    """Return all injects that have come by a minute of the drill, in the order of their times."""
    end = end_minute(scenario, moments)
    found = []
    for place, inject in enumerate(scenario.injects):
        came = due_minute(inject, moments)
        if came is not None and came <= min(minute, end):
            found.append(Due(inject_name(place), came, inject))
    found.sort(key=lambda each: (each.minute, each.name))
    if minute >= end:
        found.append(Due(ENDING, end, _ending(scenario, moments)))
    return tuple(found)


def inject_name(place: int) -> str:
    """Return the name of the inject at a place of its scenario, counted from 0."""
    return f"inject-{place + 1:04d}"


def minute_at(began: datetime, at: datetime) -> float:
    """Return the minute of a drill that a moment falls into."""
    return (at - began) / timedelta(minutes=1)


def beginning(scenario: Scenario, speed: float) -> Due:
    """Return what says how the exercise goes; its clock runs `speed` times as fast."""
    pace = "" if speed == 1 else f" Its clock runs {speed:g} times as fast."
    text = (
        f"An exercise of up to {scenario.minutes:,.0f} minutes.{pace} Run it as a real incident; "
        "nobody outside is told. What comes in stands here. F8 shows how it goes."
    )
    return Due(BEGINNING, 0, Inject(text, DIRECTOR, kind="note"))


def _ending(scenario: Scenario, moments: Moments) -> Inject:
    if scenario.ends in moments:
        text = "The exercise is over: nothing more comes in. Close the incident for the debrief."
    else:
        text = "The time of the exercise is up: nothing more comes in. End it with the debrief."
    return Inject(text, DIRECTOR, kind="note")
