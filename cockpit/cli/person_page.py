"""What people read of one stakeholder: how to reach them, where they stand, all they were told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from cockpit.domain.person_words import due_words, told_words
from cockpit.domain.playbook import Playbook, RosterEntry
from cockpit.domain.stakeholder_board import StakeholderCell
from cockpit.domain.times import format_stamp
from cockpit.domain.told_history import Telling
from cockpit.domain.view import Stakeholder

_MARGIN = 11


def person_lines(
    cell: StakeholderCell,
    history: Sequence[Telling],
    playbook: Playbook,
    now: datetime,
    zone: tzinfo,
) -> Iterator[str]:
    """Yield the lines of one person of a board."""
    person = cell.stakeholder
    yield from _card(person, person.ring.audience, playbook)
    if person.because:
        yield _line("here for", person.because)
    yield _line("now", due_words(cell, now, zone))
    yield ""
    if not history:
        yield "never told"
    names = {each.id: each.name for each in playbook.channels}
    for each in history:
        yield f"{format_stamp(each.at, zone)}  {told_words(each, names)}"
        yield from (f"    {line}" for line in each.text.splitlines())


def entry_lines(person: RosterEntry, playbook: Playbook) -> Iterator[str]:
    """Yield the lines of somebody of the directory."""
    yield from _card(person, person.ring, playbook)
    if person.only_if_expedited:
        yield _line("told", "only of lost data or a breach, then at once")


def _card(person: Stakeholder | RosterEntry, audience: str, playbook: Playbook) -> Iterator[str]:
    ways = ", then ".join(playbook.channel(each).name for each in person.channels)
    hours = f"{person.quiet_from}-{person.quiet_until} {person.zone or 'UTC'}"
    facts = {
        "title": person.title,
        "group": person.group,
        "ring": f"{audience}; {person.power.value} power, {person.interest.value} interest",
        "reach": "; ".join(each for each in (ways, person.contact) if each),
        "deputy": person.deputy,
        "quiet": hours if person.quiet_from else "",
        "wants": person.wants,
        "every": f"{person.every} min" if person.every else "",
    }
    for name, text in facts.items():
        if text:
            yield _line(name, text)


def _line(name: str, text: str) -> str:
    return f"{name:<{_MARGIN}}{' '.join(text.split())}"
