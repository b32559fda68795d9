"""The next update time printed in an outgoing text: that promise is what counts.

Only what a text says of the next update or of further information is a promise: a time in such a
sentence, after the words that announce the update, or at the sentence's very beginning (“By 10:30
UTC we will post another update”). Times of other things (“started at 10:30 UTC”, “will be fixed
by …”) are none. Of several promises the first one counts. What a time itself may look like, and
what is made of zones and clock changes, stands in `partial_moment`.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from cockpit.domain.sentence_words import Words
from cockpit.domain.spoken_moment import PREPOSITIONS, is_day_word, read_moment

_NEWS = (
    r"(?:updates?|information|info|details?|news|communications?|bulletins?|announcements?"
    r"|(?:status|progress|incident)\s{1,9}reports?)"
)
_KIND = (
    r"(?:brief|customer|detailed|formal|full|incident|internal|official|progress|public|quick"
    r"|regular|scheduled|service|short|situation|status|technical|written)"
)
_VERBS = "provide|post|give|share|send|publish|issue|have|offer|release|make"
_ANNOUNCED = rf"""
    (?<!no\ )(?<!any\ )(?:next|another|further|more|additional)\s{{1,9}}
      (?:{_KIND}\s{{1,9}}){{0,3}}{_NEWS}
  | (?:{_VERBS})\s{{1,9}}
      (?:(?:you|everyone|customers|with|an?|the|new|our|regular|frequent|status|brief|full|first
      |progress|public|hourly|detailed)\s{{1,9}}){{0,4}}(?:updates?|information|details?|news)
  | (?:hear|hearing)\s{{1,9}}(?:back\s{{1,9}})?from\s{{1,9}}us
  | (?:get|be)\s{{1,9}}back\s{{1,9}}(?:to|with|in\s{{1,9}}touch\s{{1,9}}with)\s{{1,9}}
      (?:you|an?|more|another|further|everyone)
  | (?:check|report|come)\s{{1,9}}back
  | be\s{{1,9}}in\s{{1,9}}touch
  | follow(?:ing)?\s{{1,9}}up
  | keep\s{{1,9}}(?:you|everyone|customers)\s{{1,9}}(?:informed|posted|updated)
"""
_SHORT = r"""
    (?:will|ll|shall|going\s{1,9}to|aim\s{1,9}to|plan\s{1,9}to)\s{1,9}update
      (?:\s{1,9}(?:you|again|everyone|customers|here|this|the|our|page|status|incident|post|issue
      |with|more|information|details)){0,5}
  | updates?(?=\s{1,9}(?:every|hourly))
"""
_CUE = re.compile(
    rf"(?<![A-Za-z0-9-])(?:(?P<loose>{_ANNOUNCED})|(?P<tight>{_SHORT}))(?![A-Za-z0-9-])",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that announce an update; after the tight ones the time must follow at once."""

_OTHERS = frozenset(
    (
        *("after", "as", "began", "begin", "begins", "beginning", "begun", "caused", "completed"),
        *("deployed", "detected", "did", "ended", "ending", "ends", "expired", "fails", "failed"),
        *("finished", "fixed", "from", "had", "happened", "happening", "has", "identified"),
        *("impacted", "missed", "noticed", "observed", "occurred", "recovered", "rebooted"),
        *("reported", "resolved", "restarted", "restored", "rolled", "saw", "since", "start"),
        *("started", "starting", "starts", "until", "was", "were"),
    )
)
"""Words that turn a sentence to another thing than the update, until an “or”."""

_EVENTS = frozenset(
    (
        *("change", "deploy", "deployment", "maintenance", "migration", "outage", "release"),
        *("restart", "rollback", "upgrade", "window"),
    )
)
"""Things that have a time of their own, unless a deadline (“by”, “within”) follows."""

_PROMISING = frozenset(("aim", "can", "expect", "hope", "intend", "ll", "plan", "shall", "will"))
_LEADING = (
    _PROMISING
    | frozenset(_VERBS.split("|"))
    | frozenset(
        (
            *("again", "and", "be", "engineers", "our", "team", "the", "there", "to", "we", "with"),
            *("you",),
        )
    )
)
_MOST_WORDS = 14
"""How many words may stand between the announcement and its time."""

_WINDOW = 300
"""How many characters of a sentence are looked at, before and after an announcement."""

_NO_STOP = re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE)
_END = re.compile(r"[.!?](?=\s|$|[*_\")\]])|\n\s*\n|\n(?=\s*(?:[-*#>•]|\d+\.)\s)")
_LINE_END = re.compile(r"(?P<last>\S*)[ \t]*\n[ \t]*(?P<first>\S*)")


def promised_time(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Return the UTC time of the next update that a text promises, None when it names none.

    now: when the text goes out, or went out; zone: of clock times that name none. Without `zone`
    these are no promise: taken as UTC they could be hours wrong.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for cue in _CUE.finditer(text):
        after = _sentence_after(text, cue.end())
        most = 0 if cue["tight"] else _MOST_WORDS
        found = _after(Words(after), now, zone, most)
        found = found or _before(_sentence_before(text, cue.start()), now, zone)
        if found:
            return found
    return None


def _after(words: Words, now: datetime, zone: tzinfo | None, most: int) -> datetime | None:
    """Return the time that follows an announcement, at most `most` words later."""
    blocked = about_event = False
    for place in range(min(most + 1, len(words))):
        word = words.lower(place)
        if word in ("or", "later", "latest"):
            blocked = about_event = False
        blocked = blocked or word in _OTHERS
        about_event = about_event or word in _EVENTS
        if blocked:
            continue
        found = read_moment(words, place, now, zone)
        if found.is_time:
            return found.at if found.deadline or not about_event else None
    return None


def _before(sentence: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return the time that a sentence begins with, if only words like “we will” follow it."""
    words = Words(sentence)
    if words.lower(0) not in PREPOSITIONS and not is_day_word(words.lower(0)):
        return None
    found = read_moment(words, 0, now, zone)
    rest = {word for word in words.rest(found.end) if word.isalnum()}
    return found.at if found.is_time and rest & _PROMISING and rest <= _LEADING else None


def _sentence_after(text: str, start: int) -> str:
    piece = _NO_STOP.sub(r"\1m", text[start : start + _WINDOW])
    end = _END.search(piece)
    return _cut_lines(piece[: end.start()] if end else piece)


def _sentence_before(text: str, end: int) -> str:
    piece = _NO_STOP.sub(r"\1m", text[max(0, end - _WINDOW) : end])
    ends = [each.end() for each in _END.finditer(piece)]
    if not ends and end > _WINDOW:
        return ""
    return piece[ends[-1] :] if ends else piece


def _cut_lines(piece: str) -> str:
    """Return the lines that belong together: one goes on where its words do."""
    for found in _LINE_END.finditer(piece):
        last, first = (found[name].strip("*_") for name in ("last", "first"))
        linked = last.lower() in PREPOSITIONS or last.endswith(",")
        if last and not linked and not first[:1].islower():
            return piece[: found.end("last")]
    return piece
