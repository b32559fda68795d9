"""What to look at before a text goes out: one sentence each, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from cockpit.domain.outgoing_check import BLOCK, OK, WARN, judge, well, wrong
from cockpit.domain.outgoing_check import Check as Check
from cockpit.domain.outgoing_promise import Measure, check_promise
from cockpit.domain.outgoing_words import match, match_words, match_words_but
from cockpit.domain.persons import find_persons
from cockpit.domain.playbook import Channel, CheckRules, RosterEntry
from cockpit.domain.sms import first_outside_gsm, sms_length
from cockpit.domain.sms import sms_segments as sms_segments
from cockpit.domain.stages import PUBLISHED, SCHEDULED, promises_next
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Impact, Ring

_RANK = {BLOCK: 0, WARN: 1, OK: 2}
_SHOWN = 3
_TOTAL_KIND = "outage"


class _Subject(Struct, frozen=True):
    """What is being checked."""

    text: str
    channel: Channel
    rules: CheckRules
    view: IncidentView
    unfilled: tuple[str, ...]
    next_at: datetime | None
    stage: str
    measured: Measure | None
    roster: Sequence[RosterEntry]


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
    measured: Measure | None = None,
    roster: Sequence[RosterEntry] = (),
) -> tuple[Check, ...]:
    """Return what to point out in a text, the gravest first, then what is in order.

    unfilled: names of variables that nothing filled; next_at: when the text promises the next
    update, None when it does not say; stage: the template's stage, when known; measured: what the
    promise is held against; roster: people of the playbook beside those of the incident.
    Texts for customers are looked at most strictly; secrets and blame matter to everyone.
    """
    if not text.strip():
        return (wrong("empty", BLOCK, "There is no text yet.", "no text"),)
    left = tuple(name for name in unfilled if f"{{{name}}}" in text)
    subject = _Subject(text, channel, rules, view, left, next_at, stage, measured, roster)
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
    yield judge(
        "secret",
        match(subject.rules.secrets, subject.text, masked=True),
        "This looks like a secret: {}.",
        "secret",
        "no secrets",
        level=BLOCK,
    )
    yield from _check_length(subject)
    yield from _check_next_update(subject)
    yield judge(
        "blame",
        match_words(subject.rules.blame_words, subject.text),
        "This blames rather than explains: {}.",
        "blame",
        "no blame",
    )


def _check_customers(subject: _Subject) -> Iterable[Check]:
    """Look at what matters when customers read it."""
    rules, text = subject.rules, subject.text
    if subject.stage != PUBLISHED:
        yield _check_impact(subject)
    yield from _check_total(subject)
    for name, found, sentence, short, in_order in (
        (
            "host",
            match(rules.internal_hosts, text),
            "an internal name",
            "internal name",
            "no hosts",
        ),
        (
            "address",
            match(rules.private_addresses, text),
            "a private address",
            "private address",
            "no addresses",
        ),
        ("ticket", match(rules.ticket_ids, text), "an internal ticket", "ticket", "no tickets"),
        (
            "name",
            find_persons(text, subject.view, rules, subject.roster),
            "a person or an internal name",
            "name",
            "no names",
        ),
    ):
        yield judge(name, found, f"Customers would read {sentence}: {{}}.", short, in_order)
    yield judge(
        "speculation",
        match_words(rules.speculation_words, text),
        "This is a guess; say what is known instead: {}.",
        "a guess",
        "no guesses",
    )
    yield judge(
        "estimate",
        match_words(rules.estimate_words, text),
        "This promises an end that nobody can promise: {}.",
        "promises an end",
        "no promise of an end",
    )


def _check_unfilled(subject: _Subject) -> Check:
    if not (names := subject.unfilled):
        return well("unfilled", "Every variable is filled in.", "filled in")
    verb = "is" if len(names) == 1 else "are"
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    short = f"{names[0]} is not filled" if len(names) == 1 else f"{len(names)} not filled"
    return wrong("unfilled", BLOCK, f"{shown} {verb} not filled in yet.", short)


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
            yield wrong("length", WARN, sentence, f"{segments} SMS")
        else:
            yield well("length", "It fits one SMS.", short)
    elif channel.limit:
        over = len(text) - channel.limit
        if over > 0:
            noun = "character" if over == 1 else "characters"
            sentence = f"{over} {noun} too many: {channel.name} takes {channel.limit}."
            yield wrong("length", BLOCK, sentence, short)
        else:
            yield well("length", f"It fits: {short} characters.", short)


def _check_next_update(subject: _Subject) -> Iterable[Check]:
    """Ask for the time of the next update, unless the text says that it is over."""
    over = not promises_next(subject.stage or subject.view.status.value)
    # Planned work that is announced days ahead promises its beginning, however far that is.
    over |= subject.stage == SCHEDULED and subject.next_at is not None
    asked = "next_update" in subject.unfilled
    found = check_promise(subject.next_at, subject.measured, over=over, asked=asked)
    return () if found is None else (found,)


def _check_total(subject: _Subject) -> Iterable[Check]:
    """Point out words that say that everything is down, when it is not."""
    view, rules = subject.view, subject.rules
    if view.kind == _TOTAL_KIND and view.impact in (None, Impact.HIGH):
        return ()
    noted = f"the impact is {view.impact.value}" if view.impact else f"its kind is “{view.kind}”"
    found = match_words_but(rules.total_words, rules.partial_words, subject.text)
    sentence = f"This sounds as if everything were down, but {noted}: {{}}."
    return (judge("total", found, sentence, "not total", "nothing overstated"),)


def _check_impact(subject: _Subject) -> Check:
    known = subject.view.impact_text.strip().rstrip(".").casefold()
    said = bool(known) and known in subject.text.casefold()
    if said or match_words(subject.rules.impact_words, subject.text):
        return well("impact", "It says what people see.", "impact")
    return wrong("impact", WARN, "It does not say what people see.", "no impact")
