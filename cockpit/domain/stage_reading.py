"""Which stage an update of a real status page was: from its status, its place and its words.

Pages often keep one status while the words move on, so the words decide where they are clear: a
text that says "we deployed a fix and are monitoring" is one of monitoring, whatever the page's
status says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain import stages

_PLANNED = {
    "scheduled": stages.SCHEDULED,
    "in_progress": stages.STARTED,
    "verifying": stages.MONITORING,
    "completed": stages.DONE,
}
_PUBLISHED = "postmortem"
_ORDER = (stages.INVESTIGATING, stages.IDENTIFIED, stages.MONITORING, stages.RESOLVED)

_SLOWER = r"(?:slow(?:er)?|less frequent|longer)\b[^.]{0,30}\b(?:cadence|updates?|intervals?)"
_WORKAROUND = r"work-?arounds?\b|\b(?:you|customers|users) can \w+[^.]{0,60}\binstead\b"
_EXTENDED = r"\bextend|\blonger than (?:planned|expected)|\bdelayed\b"
_REPORT = r"\bpost-?mortem\b|\broot cause analysis\b|\bRCA\b"
_CAME_BACK = r"\b(?:recurr\w*|reoccurr\w*|returned|came back|is back)\b(?! to normal)"
_WATCHED = (
    r"\b(?:deployed|rolled out|implemented|applied|shipped|rolled back|remediated|mitigated)\b"
    r"|\bmonitor(?:ing)?\b[^.]{0,40}\b(?:recover\w*|results?|fix|progress|systems?)"
    r"|\b(?:have|has|are|is) (?:now )?(?:recover\w+|subsided|dropped|returned to normal)"
    r"|\b(?:are|is|continue to) monitor(?:ing)?\b"
)
_FOUND = (
    r"\bidentified\b|\b(?:aware of|found|know|determined) (?:the|a) (?:root )?(?:cause|source)\b"
    r"|\bworking (?:on|towards?) (?:a |the )?(?:fix|solution|recovery|full recovery)"
    r"|\b(?:working to |currently )?(?:remediat|mitigat)(?:e|ing)\b|\bvalidat(?:e|ing) a fix\b"
)
_AFFECTED = (
    r"\b(?:is|are)\s+(?:now\s+)?(?:also\s+)?(?:experiencing|seeing|affected|impacted|operating)"
)
_STILL = r"\b(?:still|continu\w+)\b|\bno (?:new|further) \w+|\bnothing new\b"


class PageText(Struct, frozen=True):
    """One update of a page: the page's word for its status, and the text."""

    status: str
    text: str


def read_stages(updates: Sequence[PageText]) -> tuple[str, ...]:
    """Return the stage of each update of one incident, in their order (the oldest first)."""
    reader = _Reader()
    return tuple(reader.read(each) for each in updates)


class _Reader:
    """Reads one update after the other, and knows what was told before."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._status = ""
        self._phase = ""

    def read(self, update: PageText) -> str:
        """Return the stage of the next update."""
        stage = self._planned(update) or self._unplanned(update)
        if told := stages.told_status(stage):
            self._phase = told
        self._status = update.status
        self._told.append(stage)
        return stage

    def _planned(self, update: PageText) -> str:
        stage = _PLANNED.get(update.status, "")
        if stage == stages.STARTED and stage in self._told:
            return stages.EXTENDED if _says(_EXTENDED, update.text) else stages.NO_NEWS
        if stage == stages.MONITORING and stage in self._told:
            return stages.NO_NEWS
        return stage

    def _unplanned(self, update: PageText) -> str:
        status, text = update.status, update.text
        if status in (_PUBLISHED, stages.RESOLVED):
            again = stages.RESOLVED in self._told and self._phase == stages.RESOLVED
            report = status == _PUBLISHED or (again and _says(_REPORT, text))
            return stages.PUBLISHED if report else stages.RESOLVED
        if self._is_back(status, text):
            return stages.REOPENED
        if _says(_SLOWER, text):
            return stages.SLOWER_RHYTHM
        if _says(_WORKAROUND, text):
            return stages.WORKAROUND
        return self._by_progress(status, text)

    def _by_progress(self, status: str, text: str) -> str:
        """Return the stage of an update that is not one of a kind, by how far things are."""
        claim, still = _claim(text), _says(_STILL, text)
        reached = max(_place(status), _place(claim))
        if not self._told and reached <= 0:
            return stages.FIRST_WORD
        if reached > _place(self._phase):
            return _ORDER[reached]
        # After "we are watching it", a cause that was found is another one.
        if claim == stages.IDENTIFIED and self._phase == stages.MONITORING and not still:
            return claim
        if _says(_AFFECTED, text):
            return stages.SCOPE
        if still or claim:
            return stages.NO_NEWS
        is_second = self._phase == stages.INVESTIGATING and self._phase not in self._told
        return stages.INVESTIGATING if is_second else stages.SCOPE

    def _is_back(self, status: str, text: str) -> bool:
        """Say whether the page went back to an earlier status, or the words say that it is back."""
        calmer = self._phase in (stages.MONITORING, stages.RESOLVED)
        went_back = 0 <= _place(status) < _place(self._status)
        return calmer and (
            (went_back and self._status in (stages.MONITORING, stages.RESOLVED))
            or _says(_CAME_BACK, text)
        )


def _place(status: str) -> int:
    return _ORDER.index(status) if status in _ORDER else -1


def _claim(text: str) -> str:
    """Return the public status that the words amount to, empty when they do not say."""
    if _says(_WATCHED, text):
        return stages.MONITORING
    return stages.IDENTIFIED if _says(_FOUND, text) else ""


def _says(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
