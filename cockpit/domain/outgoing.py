"""What to look at before a text goes out: one sentence each, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from cockpit.domain.persons import find_persons
from cockpit.domain.playbook import Channel, CheckRules
from cockpit.domain.sms import first_outside_gsm, sms_length
from cockpit.domain.sms import sms_segments as sms_segments
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import PublicStatus, Ring

OK, WARN, BLOCK = "ok", "warn", "block"

_RANK = {BLOCK: 0, WARN: 1, OK: 2}
_SHOWN = 3
_LONGEST_QUOTE = 40


class Check(Struct, frozen=True):
    """One thing looked at. level: "ok", "warn" or "block"; text: a sentence; short: for a line."""

    id: str
    ok: bool
    level: str
    text: str
    short: str


class _Subject(Struct, frozen=True):
    """What is being checked."""

    text: str
    channel: Channel
    rules: CheckRules
    view: IncidentView
    unfilled: tuple[str, ...]
    next_at: datetime | None
    stage: str


def check(
    text: str,
    *,
    audience: str,
    channel: Channel,
    rules: CheckRules,
    view: IncidentView,
    unfilled: Sequence[str] = (),
    next_at: datetime | None = None,
    stage: str = "",
) -> tuple[Check, ...]:
    """Return what to point out in a text, the gravest first, then what is in order.

    unfilled: names of variables that nothing filled; next_at: when the text promises the next
    update, None when it does not say; stage: the template's stage, when known.
    Texts for customers are looked at most strictly; secrets and blame matter to everyone.
    """
    if not text.strip():
        return (_wrong("empty", BLOCK, "There is no text yet.", "no text"),)
    left = tuple(name for name in unfilled if f"{{{name}}}" in text)
    subject = _Subject(text, channel, rules, view, left, next_at, stage)
    checks = [*_check_everyone(subject)]
    if audience == Ring.CUSTOMERS.audience:
        checks += _check_customers(subject)
    return tuple(sorted(checks, key=lambda each: _RANK[each.level]))


def count(text: str, channel: Channel) -> int:
    """Return how long a text is as the channel counts: places of an SMS, else characters."""
    return sms_length(text) if channel.segment else len(text)


def describe_count(text: str, channel: Channel) -> str:
    """Return the length for a status line: `142/280`, `171, 2 SMS`, empty without a limit."""
    if channel.segment:
        segments = sms_segments(text)
        return f"{sms_length(text)}, {segments} SMS"
    return f"{len(text)}/{channel.limit}" if channel.limit else ""


def _check_everyone(subject: _Subject) -> Iterable[Check]:
    """Look at what matters to every audience."""
    yield _check_unfilled(subject)
    yield _find(
        "secret",
        _match(subject.rules.secrets, subject.text, masked=True),
        "This looks like a secret: {}.",
        "secret",
        "no secrets",
        level=BLOCK,
    )
    yield from _check_length(subject)
    yield from _check_next_update(subject)
    yield _find(
        "blame",
        _match_words(subject.rules.blame_words, subject.text),
        "This blames rather than explains: {}.",
        "blame",
        "no blame",
    )


def _check_customers(subject: _Subject) -> Iterable[Check]:
    """Look at what matters when customers read it."""
    rules, text = subject.rules, subject.text
    yield _check_impact(subject)
    for name, found, sentence, short, well in (
        (
            "host",
            _match(rules.internal_hosts, text),
            "an internal name",
            "internal name",
            "no hosts",
        ),
        (
            "address",
            _match(rules.private_addresses, text),
            "a private address",
            "private address",
            "no addresses",
        ),
        ("ticket", _match(rules.ticket_ids, text), "an internal ticket", "ticket", "no tickets"),
        (
            "name",
            find_persons(text, subject.view, rules),
            "a person or an internal name",
            "name",
            "no names",
        ),
    ):
        yield _find(name, found, f"Customers would read {sentence}: {{}}.", short, well)
    yield _find(
        "speculation",
        _match_words(rules.speculation_words, text),
        "This is a guess; say what is known instead: {}.",
        "a guess",
        "no guesses",
    )
    yield _find(
        "estimate",
        _match_words(rules.estimate_words, text),
        "This promises an end that nobody can promise: {}.",
        "promises an end",
        "no promise of an end",
    )


def _check_unfilled(subject: _Subject) -> Check:
    if not (names := subject.unfilled):
        return _well("unfilled", "Every variable is filled in.", "filled in")
    verb = "is" if len(names) == 1 else "are"
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    short = f"{names[0]} is not filled" if len(names) == 1 else f"{len(names)} not filled"
    return _wrong("unfilled", BLOCK, f"{shown} {verb} not filled in yet.", short)


def _check_length(subject: _Subject) -> Iterable[Check]:
    """Compare with the channel's limit; a longer SMS goes out, but as several."""
    text, channel = subject.text, subject.channel
    short = describe_count(text, channel)
    if channel.segment:
        segments = sms_segments(text)
        if segments > 1:
            sentence = f"{sms_length(text)} characters make {segments} SMS instead of one."
            if odd := first_outside_gsm(text):
                sentence = (
                    f"It takes {segments} SMS: with “{odd}” in it, one holds only 70 characters."
                )
            yield _wrong("length", WARN, sentence, f"{segments} SMS")
        else:
            yield _well("length", "It fits one SMS.", short)
    elif channel.limit:
        over = len(text) - channel.limit
        if over > 0:
            noun = "character" if over == 1 else "characters"
            sentence = f"{over} {noun} too many: {channel.name} takes {channel.limit}."
            yield _wrong("length", BLOCK, sentence, short)
        else:
            yield _well("length", f"It fits: {short} characters.", short)


def _check_next_update(subject: _Subject) -> Iterable[Check]:
    """Ask for the time of the next update, unless the text says that it is over."""
    resolved = PublicStatus.RESOLVED.value
    over = subject.stage == resolved if subject.stage else subject.view.status.value == resolved
    if subject.next_at is not None:
        yield _well("next-update", "It says when the next update comes.", "next update")
    elif not over and "next_update" not in subject.unfilled:
        sentence = "It does not say at what time (UTC) the next update comes."
        yield _wrong("next-update", WARN, sentence, "no next update")


def _check_impact(subject: _Subject) -> Check:
    known = subject.view.impact_text.strip().rstrip(".").casefold()
    said = bool(known) and known in subject.text.casefold()
    if said or _match_words(subject.rules.impact_words, subject.text):
        return _well("impact", "It says what people see.", "impact")
    return _wrong("impact", WARN, "It does not say what people see.", "no impact")


def _well(name: str, text: str, short: str) -> Check:
    return Check(name, ok=True, level=OK, text=text, short=short)


def _wrong(name: str, level: str, text: str, short: str) -> Check:
    return Check(name, ok=False, level=level, text=text, short=short)


def _find(
    name: str, found: Sequence[str], sentence: str, short: str, well: str, *, level: str = WARN
) -> Check:
    """Return a check that is in order when nothing was found."""
    if not found:
        return _well(name, f"{well[0].upper()}{well[1:]} found.", well)
    shown = ", ".join(f"“{_clip(each)}”" for each in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return _wrong(name, level, sentence.format(shown + more), f"{short}: {_clip(found[0])}")


def _match(patterns: tuple[str, ...], text: str, *, masked: bool = False) -> tuple[str, ...]:
    """Return the different passages that match, in order; `masked` hides most of each."""
    hits = sorted(
        (hit.start(), hit.group())
        for pattern in patterns
        for hit in _compile(pattern).finditer(text)
    )
    found = [" ".join(each.split()) for _, each in hits if each.strip()]
    return tuple(
        dict.fromkeys(f"{each[:4]}…" for each in found) if masked else dict.fromkeys(found)
    )


def _match_words(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the words or phrases that occur as whole words, in any case, as they are written."""
    if not words:
        return ()
    plain = text.replace("’", "'")
    found = [" ".join(hit.group().split()) for hit in _compile_words(words).finditer(plain)]
    return tuple({each.casefold(): each for each in reversed(found)}.values())[::-1]


@lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=32)
def _compile_words(words: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first, so that “human error” is not reported as “error”.
    ordered = sorted(words, key=len, reverse=True)
    phrases = [r"\s+".join(re.escape(part) for part in word.split()) for word in ordered]
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
