"""Drafts of the public post-mortem: only what customers were told already, and prompts.

Internal words (causes, entries, names) never get here by themselves: a person writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cockpit.domain.incident_markdown import utc
from cockpit.domain.markdown import bullet, escape_inline
from cockpit.domain.postmortem_facts import Facts, components
from cockpit.domain.times import format_span
from cockpit.domain.vocabulary import Ring


def draft_acknowledge(facts: Facts) -> str:
    """Return the acknowledgement: when, how long, what it meant, and the apology."""
    view = facts.view
    when = f"From {utc(view.started_at)}"
    if view.over_at:
        when += f" until {utc(view.over_at)} ({format_span(facts.duration)})"
    what = f"you could not rely on {escape_inline(facts.playbook.product)} as you should"
    named = components(view)
    parts = f" Affected: {escape_inline(', '.join(named))}." if named else ""
    return (
        f"{when}, {what}.{parts} "
        "We know that you depend on it, and we are sorry for the trouble this caused you."
    )


def draft_what_happened(facts: Facts) -> str:
    """Return what customers were told, in order, with room for the reason."""
    said = facts.sent_to(Ring.CUSTOMERS)
    told = "\n".join(bullet(f"{utc(each.at)}: {escape_inline(each.text)}") for each in said)
    prompt = "_What went wrong, and why: in plain words, without internal names._"
    return f"{prompt}\n\nWhat we told you at the time:\n\n{told}" if told else prompt


def draft_what_we_did(facts: Facts) -> str:
    """Return when it was over, with room for the fix and the prevention."""
    over = _over(facts.view.resolved_at)
    return f"{over}\n\n_What fixed it, and what will keep it from happening again._"


def draft_closing(facts: Facts) -> str:
    """Return the closing words: acknowledged and apologised once more."""
    page = facts.playbook.status_page
    where = f" Current information is at {escape_inline(page)}." if page else ""
    signed = f"\n\n{escape_inline(facts.playbook.company)}" if facts.playbook.company else ""
    return (
        "You expect this to work, and it did not. We apologise again, and we will tell you how "
        f"the work described here goes on.{where}{signed}"
    )


PUBLIC_DRAFTS: Mapping[str, Callable[[Facts], str]] = {
    "acknowledge": draft_acknowledge,
    "what_happened": draft_what_happened,
    "what_we_did": draft_what_we_did,
    "closing": draft_closing,
}


def _over(at: datetime | None) -> str:
    return f"Everything has worked again since {utc(at)}." if at else "We are still working on it."
