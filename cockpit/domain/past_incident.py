"""What is worth knowing of a past incident at a glance: when, how bad, why, and how it ended."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct

from cockpit.domain.times import format_words
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Severity, Stage

_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_MARKUP = re.compile(r"^[\s#>*_-]+")
_DRAFTED = re.compile(
    r"^(?:- \d{4}-\d\d-\d\d \d\d:\d\d UTC Stage [\w-]+(?:$|: )"
    r"|Resolved at .*$|Not resolved yet\.$|It was worked around; the definitive .*$|- \[[ x]\] .*$"
    r"|_No action item .*$)",
    re.MULTILINE,
)
"""What a resolution's draft says by itself: a stage is no remedy, the reason given for it is."""


class PastIncident(Struct, frozen=True):
    """A past incident beside the one at hand.

    lasted: how long, None while it goes on; cause: in one sentence, empty when nobody wrote it;
    ended: `fixed`, `worked around`, `resolved` or `still open`; shared: the words that both have,
    the rarest first; score: how much it is like the one at hand; linked: somebody said that both
    are of one kind.
    """

    id: str
    ref: str
    title: str
    severity: Severity
    started_at: datetime
    lasted: timedelta | None
    ended: str
    cause: str = ""
    remedy: str = ""
    shared: tuple[str, ...] = ()
    score: float = 0.0
    linked: bool = False

    @property
    def ending(self) -> str:
        """Return how it ended in words: "fixed after 1 h 12 min", "still open"."""
        return self.ended if self.lasted is None else f"{self.ended} after {self.after}"

    @property
    def after(self) -> str:
        """Return how long it lasted in words, empty while it goes on."""
        return "" if self.lasted is None else format_words(self.lasted)


def recall(
    view: IncidentView, shared: tuple[str, ...] = (), score: float = 0.0, *, linked: bool = False
) -> PastIncident:
    """Return what is worth knowing of an incident."""
    sections = {each.id: each.text for each in view.postmortem.sections}
    return PastIncident(
        id=view.id,
        ref=view.ref,
        title=view.title,
        severity=view.severity,
        started_at=view.started_at,
        lasted=view.over_at - view.started_at if view.over_at else None,
        ended=_ended(view),
        cause=first_sentence(view.cause or sections.get("root_cause", "")),
        remedy=first_sentence(view.workaround or _DRAFTED.sub("", sections.get("resolution", ""))),
        shared=shared,
        score=score,
        linked=linked,
    )


def first_sentence(text: str) -> str:
    """Return the first sentence of a text in Markdown, on one line, without its marks."""
    for paragraph in text.split("\n\n"):
        line = _MARKUP.sub("", " ".join(paragraph.split()))
        if line and not paragraph.lstrip().startswith("#"):
            return _SENTENCE_END.split(line, maxsplit=1)[0]
    return ""


def _ended(view: IncidentView) -> str:
    if view.is_open:
        return "still open"
    mended = (Stage.FIXED.value, Stage.WORKED_AROUND.value)
    stages = [str(each.value) for each in view.changes if each.field == "stage"]
    last = next((each for each in reversed(stages) if each in mended), "resolved")
    return last.replace("-", " ")
