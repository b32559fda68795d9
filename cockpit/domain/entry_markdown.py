"""An entry of the timeline as one line of a post-mortem's text."""

from __future__ import annotations

from cockpit.domain.incident_markdown import entry_text, utc
from cockpit.domain.markdown import bullet, escape_inline
from cockpit.domain.view import TimelineEntry


def entry_line(entry: TimelineEntry) -> str:
    """Return `- 2026-11-21 09:10 UTC decision: …` in Markdown; the words stay text."""
    return bullet(f"{utc(entry.at)} {entry.kind}: {escape_inline(entry_text(entry))}")
