"""Words of a post-mortem that blame or promise nothing, each with what to write instead.

Found as whole words in any case, across a line's end and inside emphasis, but not in code. Places
are offsets in code points of the text as it was given.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256

from msgspec import Struct

from cockpit.domain.markdown_document import mark_code
from cockpit.domain.playbook import Playbook
from cockpit.domain.wording_rule import NAME, WordingRule

_INSTEAD_OF_BLAME = "Say what the system allowed and showed; this blames rather than explains."
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<!--.*?-->|\bhttps?://[^\s<>]+", re.DOTALL)
_SENTENCE_END = re.compile(
    r"[.!?…]+[*_\"”')\]]*(?=\s|$)|\n[^\S\n]*(?=\n)|\n(?=[^\S\n]*(?:[-*+>#|]|\d{1,3}[.)])\s)"
)
_BETWEEN = r"[*_]{0,3}(?:-|[^\S\n]+|[^\S\n]*\n[^\S\n]*)[*_]{0,3}"
_ANY_WORD = "…"
_APOSTROPHES = str.maketrans("’ʼ", "''")
_MARK_LETTERS = 8
_LONGEST_CODE = 20_000
_WORD = re.compile(r"[^\W_]+")


class WordingHint(Struct, frozen=True):
    """A place in a text, and what to write there instead.

    rule, kind: of the rule that found it; start, stop: offsets in code points; phrase: the words
    as they stand there, on one line; mark: names this wording in its sentence, so that a person
    can say once and for all that it is fine.
    """

    rule: str
    kind: str
    start: int
    stop: int
    phrase: str
    instead: str
    mark: str


def wording_rules(playbook: Playbook) -> tuple[WordingRule, ...]:
    """Return every rule of wording, a team's further words that blame among them."""
    further = WordingRule("blame", "blame", playbook.postmortem.blame_words, _INSTEAD_OF_BLAME)
    return (*playbook.wording, further)


def find_hints(
    text: str, rules: Iterable[WordingRule], names: Sequence[str] = (), items: Sequence[str] = ()
) -> tuple[WordingHint, ...]:
    """Return what to point out in a text, in its order; no two hints overlap.

    names: how persons of the incident are written; items: the titles of its action items, which
    make a promise good that names them in its sentence.
    """
    plain = _mask_code(text).translate(_APOSTROPHES)
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(plain)), len(plain)]
    hints: list[WordingHint] = []
    for rule in rules:
        found = _find_words(rule, plain)
        if rule.kind == NAME:
            found = _near_persons(found, rule, plain, names, ends)
        for start, stop in found:
            first, last = _sentence(ends, start, stop)
            if rule.item and _names_item(plain[first:last], items):
                continue
            phrase = " ".join(text[start:stop].split())
            mark = _mark(phrase, plain[first:stop])
            hints.append(WordingHint(rule.id, rule.kind, start, stop, phrase, rule.instead, mark))
    return tuple(_without_overlaps(hints))


def _find_words(rule: WordingRule, plain: str) -> Iterator[tuple[int, int]]:
    if not rule.words:
        return
    known = {_key(each) for each in rule.unless}
    for found in _compile((*rule.words, *rule.unless)).finditer(plain):
        if not known or not any(_covers(each, found[0]) for each in rule.unless):
            yield found.span()


def _covers(phrase: str, found: str) -> bool:
    return _compile((phrase,)).fullmatch(found) is not None


def _near_persons(
    found: Iterable[tuple[int, int]],
    rule: WordingRule,
    plain: str,
    names: Sequence[str],
    ends: Sequence[int],
) -> Iterator[tuple[int, int]]:
    """Yield the places from a person to the words near them in the same sentence."""
    persons = (
        [each.span() for each in _compile_names(tuple(names)).finditer(plain)] if names else []
    )
    if rule.persons:
        persons += [each.span() for each in _compile(rule.persons).finditer(plain)]
    for start, stop in found:
        first, last = _sentence(ends, start, stop)
        near = [
            (min(start, begin), max(stop, end))
            for begin, end in persons
            if first <= begin
            and end <= last
            and _words_between(plain, (start, stop), (begin, end)) <= rule.within
        ]
        if near:
            yield min(near, key=lambda span: (span[1] - span[0], span))


def _words_between(plain: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    begin, end = min(one[1], other[1]), max(one[0], other[0])
    return len(_WORD.findall(plain[begin:end])) if begin < end else 0


def _names_item(sentence: str, items: Iterable[str]) -> bool:
    """Say whether a sentence speaks of an action item: two words of its title, or all of one."""
    said = set(_long_words(sentence))
    for title in items:
        words = set(_long_words(title))
        if words and len(words & said) >= min(2, len(words)):
            return True
    return False


def _long_words(text: str) -> Iterator[str]:
    """Yield the beginnings of the longer words: “alerting” and “alerts” are one."""
    for word in _WORD.findall(text.casefold()):
        if len(word) > 3:
            yield word[:5]


def _sentence(ends: Sequence[int], start: int, stop: int) -> tuple[int, int]:
    """Return where the sentence around a place begins and ends."""
    first = ends[bisect_right(ends, start) - 1]
    after = bisect_left(ends, stop)
    return first, ends[after] if after < len(ends) else stop


def _mark(phrase: str, sentence: str) -> str:
    """Return the name of a wording: the words, and what stands before them in their sentence."""
    words = " ".join(_WORD.findall(sentence.casefold()))
    return sha256(f"{_key(phrase)}\0{words}".encode()).hexdigest()[:_MARK_LETTERS]


def _key(phrase: str) -> str:
    return " ".join(phrase.translate(_APOSTROPHES).casefold().split())


def _without_overlaps(hints: Iterable[WordingHint]) -> Iterator[WordingHint]:
    """Yield the hints in order; of two at one place the one that says more stays."""
    reached = 0
    ranked = sorted(hints, key=lambda each: (each.start, -each.stop, each.kind != NAME))
    for each in ranked:
        if each.start >= reached:
            reached = each.stop
            yield each


def _mask_code(text: str) -> str:
    """Return a text of the same length in which nothing inside code and addresses is a word."""
    lines = ["\0" * len(line) if is_code else line for line, is_code in mark_code(text.split("\n"))]
    return _CODE.sub(_blank, "\n".join(lines))


def _blank(found: re.Match[str]) -> str:
    # A lone backquote must not hide all that follows up to the next one far away.
    if "\n\n" in found[0] or len(found[0]) > _LONGEST_CODE:
        return found[0]
    return re.sub(r"[^\n]", "\0", found[0])


@lru_cache(maxsize=128)
def _compile(words: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first, so that the longest words at a place are the ones found.
    ordered = sorted({_key(each) for each in words}, key=len, reverse=True)
    return re.compile(
        rf"(?<![^\W_])(?:{'|'.join(map(_pattern, ordered))})(?![^\W_])", re.IGNORECASE
    )


def _pattern(words: str) -> str:
    """Return the pattern of a phrase; a “…” in it stands for one other word, or for none."""
    pattern = ""
    for part in words.split():
        if part == _ANY_WORD:
            pattern += rf"(?:{_BETWEEN}[^\W_]+)?" if pattern else ""
        else:
            pattern += (_BETWEEN if pattern else "") + re.escape(part)
    return pattern


@lru_cache(maxsize=32)
def _compile_names(names: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, ordered))})(?![^\W_])")
