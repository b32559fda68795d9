"""What one stakeholder was told: when, what, by whom, by which channel, and in which text."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cockpit.domain.view import IncidentView


class Telling(Struct, frozen=True):
    """One time that somebody was told.

    note: what they were told in a few words, or the stage of the update; text: the update itself,
    word for word, empty when they were told in person; next_at: what it promised.
    """

    at: datetime
    by: str
    channel: str = ""
    note: str = ""
    text: str = ""
    next_at: datetime | None = None


def tellings(view: IncidentView, person: str) -> tuple[Telling, ...]:
    """Return all that the stakeholder with the id `person` was told, the latest first."""
    updates = {each.entry: each for each in view.messages}
    found = []
    for mark in view.told:
        if mark.stakeholder != person:
            continue
        update = updates.get(mark.via) if mark.via else None
        found.append(
            Telling(
                mark.at,
                mark.by,
                mark.channel,
                mark.note,
                update.text if update else "",
                update.msg.next_at if update else None,
            )
        )
    return tuple(reversed(found))
