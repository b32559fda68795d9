"""Insights: which period is counted, and the figures of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from cockpit.domain.insight_facts import IncidentFacts
from cockpit.domain.insight_html import insights_page
from cockpit.domain.insight_period import COLUMNS, Stretch
from cockpit.domain.insight_reading import read_facts
from cockpit.domain.insight_sections import period_words
from cockpit.domain.insights import Insights, Wish, count_insights
from cockpit.domain.nearest import expected
from cockpit.errors import InvalidInputError
from cockpit.paths import create_private_directory
from cockpit.service.incidents import parse_severity
from cockpit.service.reports import parse_day
from cockpit.service.session import Session
from cockpit.service.whole_files import write_export

EVERYTHING = "all"
"""The word for a period that begins with the first incident."""

YEAR = "year"
"""The word for the calendar year so far."""

_A_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
"""What began just now belongs to a period until now."""


def insights(
    session: Session,
    *,
    since: str = "",
    until: str = "",
    by: str = "",
    severities: Iterable[str] = (),
    drills: bool = False,
    zone: tzinfo = UTC,
) -> Insights:
    """Return the figures of a period; deleted incidents do not count, imported ones do.

    since: the first day in `zone`, `EVERYTHING`, `YEAR`, or empty for the playbook's weeks until
    today; until: the last day, empty for now; by: a word of `COLUMNS`, empty for the usual one.
    Raises InvalidInputError for a word that is none of these.
    """
    if by and by not in COLUMNS:
        raise expected("a column", by, COLUMNS)
    levels = tuple(dict.fromkeys(parse_severity(each) for each in severities))
    now = session.clock()
    traces = session.reads.traces()
    facts = tuple(read_facts(each, session.playbook, now) for each in traces)
    stretch = _stretch(session, facts, since, until, zone)
    return count_insights(facts, Wish(stretch, by, levels, drills), session.playbook, now)


def write_page(session: Session, found: Insights) -> Path:
    """Write the figures as a page into the directory of exports, over the one of the same days."""
    create_private_directory(session.paths.exports)
    days = period_words(found).replace(" to ", "-to-")
    path = session.paths.exports / f"insights-{days}.html"
    write_export(path, insights_page(found, session.playbook), force=True)
    return path


def _stretch(
    session: Session, facts: tuple[IncidentFacts, ...], since: str, until: str, zone: tzinfo
) -> Stretch:
    """Return the period that two words name."""
    now = session.clock()
    end = parse_day(until, zone) + _A_DAY if until else now + _MOMENT
    word = since.strip().lower()
    if word == EVERYTHING:
        begin = min((each.started for each in facts), default=end - _A_DAY)
        begin = min(begin, end - _A_DAY)
    elif word == YEAR:
        begin = _year(end - _MOMENT)
    elif word:
        begin = parse_day(since, zone)
    else:
        begin = end - timedelta(weeks=session.playbook.insights.weeks)
    if begin >= end:
        raise InvalidInputError(
            "The period ends before it begins.", "Give --since a day before that of --until."
        )
    return Stretch(begin, end)


def _year(at: datetime) -> datetime:
    return datetime(at.astimezone(UTC).year, 1, 1, tzinfo=UTC)
