"""What stands in the way of a public post-mortem: what customers must not, or need not, read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from cockpit.domain.markdown_reading import unescape_inline
from cockpit.domain.outgoing import check
from cockpit.domain.playbook import Channel, Playbook
from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.postmortem_findings import Finding
from cockpit.domain.stages import PUBLISHED
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Ring

OUTGOING, SECRET = "outgoing", "secret"
"""Kinds of findings: what a person can say is fine as it is, and what never is."""

_LOOKED_FOR = ("secret", "host", "address", "ticket", "name", "blame", "speculation", "estimate")
_PARAGRAPH = re.compile(r"(?:^|(?<=\n))[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_ANYWHERE = Channel("document", "Public post-mortem")
_DIGITS = 8


def find_outgoing(
    view: IncidentView, sections: Sequence[PostmortemSection], playbook: Playbook
) -> tuple[Finding, ...]:
    """Return what customers would read that the checks of updates point out, place by place.

    The incident's title is the document's, and is looked at as a part of the first section.
    """
    found = list(_look(view, sections[0].id, "Title", view.title, playbook)) if sections else []
    for each in sections:
        found += _look(view, each.id, each.title, each.written, playbook)
    return tuple({each.id: each for each in reversed(found)}.values())[::-1]


def _look(
    view: IncidentView, section: str, title: str, text: str, playbook: Playbook
) -> Iterator[Finding]:
    """Yield what a text says that customers should not read; each paragraph is a place."""
    for place in _PARAGRAPH.finditer(text):
        checks = check(
            unescape_inline(place[0]),
            audience=Ring.CUSTOMERS.audience,
            channel=_ANYWHERE,
            rules=playbook.checks,
            view=view,
            stage=PUBLISHED,
            roster=playbook.stakeholders,
        )
        for each in checks:
            if each.ok or each.id not in _LOOKED_FOR:
                continue
            kind = SECRET if each.id == SECRET else OUTGOING
            digest = sha256(f"{each.id} {section} {each.text}".encode()).hexdigest()[:_DIGITS]
            yield Finding(
                f"{kind}-{digest}",
                kind,
                section,
                title,
                each.text,
                "Take it out of the text." if kind == SECRET else "Say it in other words.",
                text.count("\n", 0, place.start()) + 1,
                place.start(),
                place.end(),
            )
