"""The rows of “What we try”: open actions by urgency, open theories, then what is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from msgspec.structs import replace

from cockpit.domain.promise_words import moment_words
from cockpit.domain.response_work import (
    asked_words,
    open_theories,
    theory_words,
    timers,
    verdict_words,
)
from cockpit.domain.view import IncidentView, ResponseAction
from cockpit.widgets.try_list import TryRow


def try_rows(view: IncidentView, now: datetime, zone: tzinfo) -> tuple[TryRow, ...]:
    """Return the rows as of `now`; times in their details are those of `zone`."""
    groups = {
        "asked": tuple(_asked(view, now, zone)),
        "theories": tuple(_theories(view)),
        "over": tuple(_over(view, now, zone)),
    }
    return tuple(
        replace(row, group="" if place else name, last=place == len(rows) - 1)
        for name, rows in groups.items()
        for place, row in enumerate(rows)
    )


def title_words(view: IncidentView, now: datetime) -> str:
    """Return how many answers are awaited, how many of them are late, and the open theories."""
    waiting, supposed = timers(view, now), len(open_theories(view))
    late = sum(each.is_late for each in waiting)
    words = [
        _count(len(waiting), "answer") + " awaited",
        f"{late} late" if late else "",
        _count(supposed, "open theory", "open theories"),
    ]
    return f"What we try: {', '.join(each for each in words if each)}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number or 'no'} {one if number == 1 else many or f'{one}s'}"


def _asked(view: IncidentView, now: datetime, zone: tzinfo) -> Iterator[TryRow]:
    for each in timers(view, now):
        action = each.action
        detail = f"{asked_words(action)}\n{_when(action, now, zone)}"
        yield TryRow(action.id, asked_words(action), each.words, late=each.is_late, detail=detail)


def _theories(view: IncidentView) -> Iterator[TryRow]:
    for each in open_theories(view):
        yield TryRow(each.id, each.text, "", theory=True, detail=each.text)


def _over(view: IncidentView, now: datetime, zone: tzinfo) -> Iterator[TryRow]:
    for action in view.response_actions:
        if action.state != "open":
            came_of = verdict_words(action)
            detail = f"{asked_words(action)}: {came_of}\n{_when(action, now, zone)}"
            good = action.state == "done" and action.helped == "yes"
            yield TryRow(
                action.id, asked_words(action), came_of, over=True, good=good, detail=detail
            )
    for theory in view.hypotheses:
        if theory.state != "open":
            came_of = theory_words(theory)
            good = theory.state == "confirmed"
            yield TryRow(
                theory.id,
                theory.text,
                came_of,
                theory=True,
                over=True,
                good=good,
                detail=f"{theory.text}: {came_of}",
            )


def _when(action: ResponseAction, now: datetime, zone: tzinfo) -> str:
    """Return when it was asked and when one wanted to hear back."""
    asked = f"asked {moment_words(action.asked_at, now, zone)}" if action.asked_at else ""
    back = f"back by {moment_words(action.back_at, now, zone)}" if action.back_at else ""
    words = ", ".join(each for each in (asked, back) if each)
    return f"{words} {now.astimezone(zone).tzname() or ''}".strip() if words else ""
