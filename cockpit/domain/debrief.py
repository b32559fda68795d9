"""The debrief of a drill: what went well and what to practise, each a sentence with its figure.

Everything is read from the events of the incident itself, so that the debrief and the log agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

from cockpit.domain.cadence_report import report
from cockpit.domain.debrief_people import never_told, questions
from cockpit.domain.debrief_scene import Debrief, Finding, Scene, Verdict, seconds
from cockpit.domain.debrief_words import first_words, missed_updates, promises
from cockpit.domain.debrief_work import closing, steps
from cockpit.domain.drill import Scenario, inject_name
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_words
from cockpit.domain.view import IncidentView


def debrief(
    view: IncidentView,
    playbook: Playbook,
    now: datetime,
    zone: tzinfo,
    scenario: Scenario | None = None,
    came: Mapping[str, datetime] | None = None,
) -> Debrief:
    """Return how a drill went until it was over, or until `now`; times of day are told in `zone`.

    came: when each inject of `scenario` came in, by its name.
    """
    came = came or {}
    end = view.over_at or now
    cadence = report(view, playbook, now)
    scene = Scene(view, playbook, end, zone, cadence, scenario, came)
    parts: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
        _ended,
        _severity,
        first_words,
        promises,
        missed_updates,
        questions,
        never_told,
        closing,
        steps,
    )
    known = [inject_name(place) for place in range(len(scenario.injects))] if scenario else []
    return Debrief(
        view.ref,
        view.id,
        view.title,
        view.severity,
        view.started_at,
        end,
        view.over_at is not None,
        tuple(finding for part in parts for finding in part(scene)),
        cadence.made,
        scenario.id if scenario else "",
        scenario.replays if scenario else "",
        scenario.minutes if scenario else 0,
        sum(name in came for name in known),
        len(known),
    )


def _ended(scene: Scene) -> Iterator[Finding]:
    view = scene.view
    took = scene.after(scene.end)
    words = format_words(took)
    if view.over_at is None:
        status = view.status.value
        yield Finding("end", Verdict.NOTED, f"It still goes on: {status} after {words}.", status,
                      seconds(took))  # fmt: skip
        return
    solved = _solved_at(scene)
    if solved is None or solved > scene.end:
        when = f", which came after {format_words(scene.after(solved))}" if solved else ""
        sentence = f"It was called over after {words}, before the report that it works again{when}."
        yield Finding("end", Verdict.PRACTISE, sentence, "solved", seconds(took))
        return
    yield Finding("end", Verdict.WELL, f"It was over after {words}.", "solved", seconds(took))


def _solved_at(scene: Scene) -> datetime | None:
    """Return when the last report came that it works again; the start where nobody says so."""
    solving = (
        [inject_name(place) for place, each in enumerate(scene.scenario.injects) if each.solves]
        if scene.scenario
        else []
    )
    times = [scene.came[name] for name in solving if name in scene.came]
    if len(times) < len(solving):
        return None
    return max(times, default=scene.view.started_at)


def _severity(scene: Scene) -> Iterator[Finding]:
    wanted = scene.scenario.severity if scene.scenario else ""
    if not wanted:
        return
    held = scene.view.severity.value
    changes = [each for each in scene.view.changes if each.field == "severity"]
    set_at = next((each.at for each in reversed(changes) if each.value == held), None)
    changed = set_at is not None and scene.view.opened_severity.value != held
    took = scene.after(set_at) if changed and set_at is not None else timedelta()
    when = f", {format_words(took)} after the start" if changed else ", from the start"
    if held == wanted:
        sentence = f"It was run as {held}, as it should{when}."
        yield Finding("severity", Verdict.WELL, sentence, held, seconds(took))
    else:
        meaning = next((e.meaning for e in scene.playbook.severities if e.id == wanted), "")
        sentence = f"It was run as {held}; {wanted} was right: {meaning}".rstrip(" :")
        sentence = sentence if sentence.endswith(".") else f"{sentence}."
        yield Finding("severity", Verdict.PRACTISE, sentence, held, seconds(took))
