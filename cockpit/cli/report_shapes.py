"""The shapes of `report --json`; their keys stay the same from version to version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cockpit.domain.cadence_history import Period, RingHistory, share_kept
from cockpit.domain.cadence_report import CadenceReport, RingReport, Tally
from cockpit.domain.view import IncidentView

Shape = dict[str, Any]


def report_shape(view: IncidentView, found: CadenceReport) -> Shape:
    """Return how the cadence of one incident was kept, audience by audience."""
    return {
        "ref": view.ref,
        "id": view.id,
        "title": view.title,
        "severity": view.severity,
        "started_at": view.started_at,
        "over_at": view.over_at,
        "drill": view.drill,
        "audiences": [_ring(each) for each in found.rings],
    }


def history_shape(periods: Iterable[Period]) -> list[Shape]:
    """Return how the cadence was kept in each period."""
    return [
        {
            "period": each.name,
            "begins": each.begins,
            "incidents": each.incidents,
            "audiences": [_ring_history(ring) for ring in each.rings],
        }
        for each in periods
    ]


def _ring(each: RingReport) -> Shape:
    return {
        "audience": each.ring.audience,
        "updates": each.updates,
        "first_word_seconds": _seconds(each.first_word),
        "promises": _tally(each.promises),
        "deadlines": _tally(each.all),
        "share_kept": share_kept(each.all),
        "longest_silence_seconds": _seconds(each.longest_silence),
        "missed": [
            {
                "due_at": deadline.due_at,
                "met_at": deadline.met_at,
                "late_seconds": _seconds(deadline.late),
                "promised": deadline.promised,
                "extended": deadline.extended,
            }
            for deadline in each.deadlines
            if deadline.missed
        ],
    }


def _ring_history(each: RingHistory) -> Shape:
    return {
        "audience": each.ring.audience,
        "incidents": each.incidents,
        "updates": each.updates,
        "first_word_median_seconds": _seconds(each.first_word_median),
        "first_word_nine_of_ten_seconds": _seconds(each.first_word_p90),
        "promises": _tally(each.promises),
        "deadlines": _tally(each.deadlines),
        "share_kept": each.share_kept,
        "longest_silence_seconds": _seconds(each.longest_silence),
        "longest_silence_in": each.longest_in,
    }


def _tally(found: Tally) -> Shape:
    names = ("made", "kept", "missed", "extended", "paused")
    return {name: getattr(found, name) for name in names}


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
