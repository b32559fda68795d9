"""What was tried during the response, as Markdown: actions asked of people, and theories."""

from __future__ import annotations

from cockpit.domain.markdown import bullet, escape_inline
from cockpit.domain.response_work import asked_words, theory_words, verdict_words
from cockpit.domain.view import IncidentView


def tried_list(view: IncidentView) -> str:
    """Return every action that was asked, then every theory, each with what came of it."""
    asked = [
        (asked_words(each), verdict_words(each) or "no answer yet")
        for each in view.response_actions
    ]
    supposed = [(each.text, theory_words(each)) for each in view.hypotheses]
    return "\n".join(
        bullet(f"{escape_inline(text) or '(no text)'} ({escape_inline(came_of)})")
        for text, came_of in (*asked, *supposed)
    )
