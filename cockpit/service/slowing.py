"""The rhythm that a text announces: updates come less often from now on, and it says so."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from cockpit.domain.cadence import last_sent, rhythm, ring_of, situation
from cockpit.domain.playbook import Playbook
from cockpit.domain.ring_plan import NO_PLAN, RhythmChange
from cockpit.domain.stages import SLOWER_RHYTHM
from cockpit.domain.view import IncidentView
from cockpit.service.promises import slower_rhythm

_EVERY = re.compile(
    r"\bevery\s+(?:(?P<number>\d{1,3})\s+)?(?P<unit>minutes?|min|hours?)\b", re.IGNORECASE
)


def announced_rhythm(
    view: IncidentView, playbook: Playbook, stage: str, audience: str, now: datetime
) -> int:
    """Return the minutes between updates that a text slows down to, 0 when it changes nothing.

    A slower rhythm that was chosen since the last update holds already; the text only says it.
    """
    ring = ring_of(audience)
    if stage != SLOWER_RHYTHM or ring is None:
        return 0
    chosen = view.plans.get(audience, NO_PLAN).rhythm_at(now)
    sent = last_sent(view.messages).get(ring)
    if chosen is not None and (sent is None or chosen.at > sent.at):
        return 0
    return slower_rhythm(view, playbook, audience, now)


def said_rhythm(
    text: str, view: IncidentView, playbook: Playbook, audience: str, now: datetime
) -> int:
    """Return the minutes that a text names after "every", 0 when they are no slower rhythm."""
    found, ring = _EVERY.search(text), ring_of(audience)
    if found is None or ring is None:
        return 0
    number = int(found["number"] or 1)
    minutes = number * 60 if found["unit"].lower().startswith("h") else number
    return minutes if minutes > rhythm(ring, situation(view), playbook, now)[0] else 0


def with_rhythm(view: IncidentView, audience: str, minutes: int, now: datetime) -> IncidentView:
    """Return the view as it will be once updates come every so many minutes (0: as it is)."""
    if not minutes:
        return view
    plan = view.plans.get(audience, NO_PLAN)
    slower = replace(plan, rhythms=(*plan.rhythms, RhythmChange(now, minutes)))
    return replace(view, plans={**view.plans, audience: slower})
