"""What is still missing in a post-mortem, and what in it blames or binds nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from cockpit.domain.action_items import CLOSED, due_day
from cockpit.domain.phrases import shorten
from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.view import ActionItem
from cockpit.domain.wording import WordingHint

MISSING, PROMPT, ACTION = "missing", "prompt", "action"
"""Kinds of findings beside those of wording: an empty section, an open question, an action item."""

ACTION_SECTION = "action_items"

_PROMPT = re.compile(r"(?<![\w_])_(?=\S)([^_\n]{3,300}?)(?<=\S)_(?![\w_])")
_BULLET = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.+)")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_QUOTE = 60


class Finding(Struct, frozen=True):
    """One thing to look at.

    id: unique among the findings, and for wording the name by which it is left as it is; kind:
    missing, prompt, action, or a kind of wording; section, title: where it is, by id and heading;
    how: what to do; line: of the section's text from 1, 0 for none; start, stop: offsets of the
    words in code points.
    """

    id: str
    kind: str
    section: str
    title: str
    sentence: str
    how: str
    line: int = 0
    start: int = 0
    stop: int = 0


FindWording = Callable[[PostmortemSection], Iterable[WordingHint]]
"""Returns the wording to point out in a section that is not left as it is."""


def find_gaps(
    sections: Iterable[PostmortemSection],
    form: Sequence[str],
    items: Sequence[ActionItem],
    find_wording: FindWording,
) -> tuple[Finding, ...]:
    """Return what there is to look at in a post-mortem, section by section.

    form: ids of the sections that the form has; others may be empty.
    """
    found: list[Finding] = []
    for each in sections:
        if each.id in form and not each.written.strip():
            how = each.hint or "Write it, or take the section out of the playbook's form."
            found.append(_finding(each, MISSING, "Nothing is written there.", how))
        if not (each.id == ACTION_SECTION and not items):
            found += _prompts(each)
        if each.id == ACTION_SECTION:
            found += _actions(each, items)
        found += (_of_wording(each, hint) for hint in find_wording(each))
    return tuple(found)


def count_words(findings: Sequence[Finding]) -> str:
    """Return how many things are left: "Nothing is left", "1 thing is left"."""
    if not findings:
        return "Nothing is left"
    return f"{len(findings)} thing{' is' if len(findings) == 1 else 's are'} left"


def _finding(section: PostmortemSection, kind: str, sentence: str, how: str) -> Finding:
    return Finding(f"{section.id}-{kind}", kind, section.id, section.title, sentence, how)


def _of_wording(section: PostmortemSection, hint: WordingHint) -> Finding:
    return Finding(
        hint.mark,
        hint.kind,
        section.id,
        section.title,
        f"“{shorten(hint.phrase, _LONGEST_QUOTE)}”",
        hint.instead,
        section.written.count("\n", 0, hint.start) + 1,
        hint.start,
        hint.stop,
    )


def _prompts(section: PostmortemSection) -> Iterator[Finding]:
    """Yield the questions of the draft that still stand in the text."""
    asked = list(dict.fromkeys(each[1] for each in _PROMPT.finditer(section.draft)))
    for number, prompt in enumerate(asked, 1):
        at = section.written.find(f"_{prompt}_")
        if at >= 0:
            start = section.written.rfind("\n", 0, at) + 1
            line = f"{section.written[start:at].lstrip('-*+ ')}{prompt}"
            yield Finding(
                f"{section.id}-{PROMPT}-{number}",
                PROMPT,
                section.id,
                section.title,
                f"Still open: “{shorten(line, _LONGEST_QUOTE)}”",
                "Answer it, or take the line out.",
                section.written.count("\n", 0, at) + 1,
                at,
                at + len(prompt) + 2,
            )


def _actions(section: PostmortemSection, items: Sequence[ActionItem]) -> Iterator[Finding]:
    if not items:
        sentence = "There is no action item: nothing binds anybody to a change."
        yield _finding(section, ACTION, sentence, "Add one with an owner and a due date.")
    for each in items:
        lacks = [
            *(["owner"] if not each.owner.strip() else []),
            *(["due date"] if due_day(each) is None else []),
        ]
        if each.state not in CLOSED and lacks:
            sentence = f"“{shorten(each.title, _LONGEST_QUOTE)}” has no {' and no '.join(lacks)}."
            how = "Say who does it and by when."
            yield Finding(
                f"{ACTION}-{each.id[:8]}", ACTION, section.id, section.title, sentence, how
            )
    for number, line in enumerate(section.text.split("\n"), 1):
        bullet = _BULLET.match(line)
        if bullet and not _is_followed(bullet[1], items):
            sentence = f"“{shorten(bullet[1], _LONGEST_QUOTE)}” is no action item yet."
            how = "Add it as one, so that it is followed until it is done."
            name = f"{section.id}-{ACTION}-{number}"
            yield Finding(name, ACTION, section.id, section.title, sentence, how, number)


def _is_followed(line: str, items: Iterable[ActionItem]) -> bool:
    """Say whether a line of a list has all words of an action item's title."""
    said = set(_WORD.findall(line.casefold()))
    titles = (set(_WORD.findall(each.title.casefold())) for each in items)
    return any(title and (title <= said or said <= title) for title in titles)
