"""The stages of updates: which of them a kind of incident has, and what each one announces."""

from __future__ import annotations

from cockpit.domain.vocabulary import PublicStatus

FIRST_WORD = "first word"
SCOPE = "scope"
INVESTIGATING = PublicStatus.INVESTIGATING.value
IDENTIFIED = PublicStatus.IDENTIFIED.value
WORKAROUND = "workaround"
NO_NEWS = "no news"
SLOWER_RHYTHM = "slower rhythm"
MONITORING = PublicStatus.MONITORING.value
REOPENED = "reopened"
RESOLVED = PublicStatus.RESOLVED.value
PUBLISHED = "published"
SCHEDULED = "scheduled"
STARTED = "started"
EXTENDED = "extended"
DONE = "done"

PLANNED = "planned"
"""The kind of incident that was meant to happen; it has stages of its own."""

_UNPLANNED = (
    FIRST_WORD,
    SCOPE,
    INVESTIGATING,
    IDENTIFIED,
    WORKAROUND,
    NO_NEWS,
    SLOWER_RHYTHM,
    MONITORING,
    REOPENED,
    RESOLVED,
    PUBLISHED,
)
_OF_PLANNED_WORK = (SCHEDULED, STARTED, NO_NEWS, EXTENDED, MONITORING, DONE)
STAGES = tuple(dict.fromkeys((*_UNPLANNED, *_OF_PLANNED_WORK)))

_TELLS = {
    FIRST_WORD: INVESTIGATING,
    INVESTIGATING: INVESTIGATING,
    IDENTIFIED: IDENTIFIED,
    WORKAROUND: IDENTIFIED,
    MONITORING: MONITORING,
    REOPENED: INVESTIGATING,
    RESOLVED: RESOLVED,
    SCHEDULED: INVESTIGATING,
    # As status pages see planned work: under way is "identified", its end "resolved".
    STARTED: IDENTIFIED,
    DONE: RESOLVED,
}
_KEEP_THE_STATUS = (FIRST_WORD, SCHEDULED)
_BEGUN = (INVESTIGATING, IDENTIFIED)


def stages_for(kind: str) -> tuple[str, ...]:
    """Return the stages that make sense for a kind of incident, in their usual order."""
    return _OF_PLANNED_WORK if kind == PLANNED else _UNPLANNED


def told_status(stage: str) -> str:
    """Return the public status that readers of a stage's text believe in, empty for no other."""
    return _TELLS.get(stage, "")


def announced_status(stage: str, present: PublicStatus) -> str:
    """Return the public status that a text sets, empty when it leaves the `present` one.

    A first word and an announcement of planned work come before all else and set none. A
    workaround takes no incident back that is further on; a reopened one keeps the status that it
    was given already, so that "the cause is known" is not lost.
    """
    if stage in _KEEP_THE_STATUS:
        return ""
    if stage == WORKAROUND and present.value != INVESTIGATING:
        return "" if present.value == RESOLVED else present.value
    if stage == REOPENED and present.value in _BEGUN:
        return present.value
    return told_status(stage)


def promises_next(stage: str) -> bool:
    """Say whether a stage's text promises another update: all do but the last words."""
    return stage not in (RESOLVED, PUBLISHED, DONE)
