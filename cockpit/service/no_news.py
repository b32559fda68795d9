"""A word that is always true, “no news” for customers, and when it is time for it."""

from __future__ import annotations

from datetime import datetime

from cockpit.domain.cadence import ClockState, clock, last_sent, situation
from cockpit.domain.next_stage import stage_for
from cockpit.domain.playbook import Playbook
from cockpit.domain.stages import NO_NEWS
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import MessageState, Ring
from cockpit.errors import InvalidInputError

_RED = (ClockState.DUE_SOON, ClockState.OVERDUE)
_CUSTOMERS = Ring.CUSTOMERS.audience


def no_news_stage(view: IncidentView, now: datetime) -> str:
    """Return the stage of a word to customers when there is nothing new to say.

    Before anything was sent that is the first word. Raises InvalidInputError once it is over.
    """
    if not view.is_open:
        raise InvalidInputError(f"{view.ref} is over: customers wait for no update.")
    if Ring.CUSTOMERS not in last_sent(view.messages):
        return stage_for(view, _CUSTOMERS, now)
    return NO_NEWS


def is_time_for_no_news(view: IncidentView, playbook: Playbook, now: datetime) -> bool:
    """Say whether customers' update is due soon or late, and nothing new is known for it."""
    running = clock(Ring.CUSTOMERS, situation(view), playbook, now)
    return running.state in _RED and stage_for(view, _CUSTOMERS, now) == NO_NEWS


def is_copied(view: IncidentView) -> bool:
    """Say whether "no news" was the last text for customers, and is copied but not sent yet."""
    texts = [each.msg for each in view.messages if each.msg.audience == _CUSTOMERS]
    return bool(texts) and texts[-1].state is MessageState.COPIED and texts[-1].stage == NO_NEWS
