"""The public thread of an incident, to be read or copied at once."""

from __future__ import annotations

from cockpit.domain.public_thread import Post, public_thread, thread_text
from cockpit.service.session import Session


def posts(session: Session, inc: str) -> tuple[Post, ...]:
    """Return what customers were told, newest first."""
    primary = next((each.id for each in session.playbook.channels if each.primary), "")
    return public_thread(session.reads.view(inc), primary)


def text(session: Session, inc: str) -> str:
    """Return the whole thread as one text under the incident's title."""
    return thread_text(session.reads.view(inc).title, posts(session, inc))
