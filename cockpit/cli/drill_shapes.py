"""The shapes of `drill --json`; their keys stay the same from version to version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cockpit.domain.debrief_scene import Debrief, seconds
from cockpit.domain.drill import Scenario
from cockpit.service.drills import Drill

Shape = dict[str, Any]


def debrief_shape(found: Debrief) -> Shape:
    """Return how a drill went, with every finding and its figure."""
    promises = ("made", "kept", "missed", "extended", "paused")
    return {
        "ref": found.ref,
        "id": found.id,
        "title": found.title,
        "severity": found.severity,
        "scenario": found.scenario,
        "replays": found.replays,
        "began": found.began,
        "until": found.until,
        "over": found.over,
        "lasted_seconds": seconds(found.lasted),
        "injects": found.injects,
        "came_in": found.came,
        "promises": {name: getattr(found.promises, name) for name in promises},
        "findings": [
            {
                "topic": each.topic,
                "verdict": each.verdict,
                "about": each.about,
                "sentence": each.sentence,
                "seconds": each.seconds,
                "count": each.count,
            }
            for each in found.findings
        ],
    }


def list_shape(scenarios: Iterable[Scenario], begun: Iterable[Drill]) -> Shape:
    """Return the scenarios that there are, and the drills that were begun."""
    return {
        "scenarios": [
            {
                "id": each.id,
                "title": each.title,
                "about": each.about,
                "kind": each.kind,
                "severity": each.severity,
                "minutes": each.minutes,
                "injects": len(each.injects),
            }
            for each in scenarios
        ],
        "drills": [
            {
                "scenario": each.state.scenario.id,
                "replays": each.state.scenario.replays,
                "title": each.state.scenario.title,
                "began": each.state.began,
                "elapsed_seconds": int(each.state.elapsed),
                "speed": each.state.speed,
                "over": each.state.over,
                "home": str(each.paths.data_dir),
            }
            for each in begun
        ],
    }
