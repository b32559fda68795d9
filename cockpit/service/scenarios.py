"""The scenarios of drills: the shipped ones, a team's own, and those made from past incidents."""

from __future__ import annotations

import re

from cockpit import resources
from cockpit.domain.drill import Inject, Scenario, minute_at
from cockpit.domain.drill_file import LONGEST, MOST_INJECTS, parse_scenario
from cockpit.domain.nearest import expected
from cockpit.domain.view import IncidentView, TimelineEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError
from cockpit.paths import Paths
from cockpit.service import incidents
from cockpit.service.session import Session

_NOT_REPLAYED = (
    *(EntryKind.DECISION, EntryKind.COMMUNICATION, EntryKind.STATUS),
    *(EntryKind.SEVERITY, EntryKind.ROLE, EntryKind.NEXT),
)
"""What those who ran the incident did themselves: in a drill it is the user's to do."""

_NAME = re.compile(r"[^a-z0-9-]+")


def read_scenarios(paths: Paths) -> tuple[Scenario, ...]:
    """Return the scenarios, the shipped ones first; a team's own replaces one of the same name.

    Raises PlaybookError naming file and line of the first mistake.
    """
    found: dict[str, Scenario] = {}
    for name in resources.data_names("drills"):
        if name.endswith(".toml"):
            identity = name.removesuffix(".toml")
            text = resources.data_file(f"drills/{name}")
            found[identity] = parse_scenario(text, name, identity)
    if paths.scenarios.is_dir():
        for path in sorted(paths.scenarios.glob("*.toml")):
            text = path.read_text(encoding="utf-8", errors="replace")
            found[path.stem] = parse_scenario(text, str(path), path.stem)
    return tuple(found.values())


def find_scenario(paths: Paths, name: str) -> Scenario:
    """Return the scenario called `name`; raises InvalidInputError with the nearest one."""
    scenarios = read_scenarios(paths)
    for each in scenarios:
        if each.id == name.strip().lower():
            return each
    raise expected("a scenario", name, [each.id for each in scenarios])


def replay(session: Session, name: str) -> Scenario:
    """Return the scenario that replays a past incident: what came in, without what was decided.

    Raises IncidentNotFoundError for no such one, InvalidInputError when it still goes on or when
    nobody noted anything.
    """
    inc = incidents.find(session, name)
    view = session.reads.view(inc)
    if view.over_at is None:
        raise InvalidInputError(
            f"{view.ref} still goes on.", "A drill replays an incident that is over."
        )
    entries = [each for each in _entries(session, inc) if _comes_in(each, view)]
    if not entries:
        raise InvalidInputError(
            f"Nothing came in during {view.ref} that could be replayed.",
            "Observations, actions and evidence are; decisions and updates are not.",
        )
    injects = tuple(_inject(each, view) for each in entries[:MOST_INJECTS])
    minutes = minute_at(view.started_at, view.over_at)
    return Scenario(
        id=_NAME.sub("-", view.ref.lower()),
        title=view.title,
        severity=view.severity.value,
        minutes=min(max(minutes, injects[-1].at, 1), LONGEST),
        injects=injects,
        kind=view.kind,
        opens_as=view.opened_severity.value,
        replays=view.ref,
        about=f"What came in during {view.ref}, at the times when it did.",
    )


def _entries(session: Session, inc: str) -> list[TimelineEntry]:
    from cockpit.service.postmortems import read_timeline

    return sorted(read_timeline(session, inc), key=lambda each: (each.at, each.t))


def _comes_in(entry: TimelineEntry, view: IncidentView) -> bool:
    shown = entry.editable and not (entry.hidden or entry.redacted) and entry.msg is None
    in_time = view.over_at is not None and entry.at <= view.over_at
    within = minute_at(view.started_at, entry.at) <= LONGEST
    return shown and in_time and within and entry.kind not in _NOT_REPLAYED


def _inject(entry: TimelineEntry, view: IncidentView) -> Inject:
    minute = max(0.0, minute_at(view.started_at, entry.at))
    known = entry.kind if entry.kind in list(EntryKind) else EntryKind.NOTE.value
    return Inject(entry.text, entry.author, minute, known)
