"""The hand-over: everything that the next person must know, from the state alone."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.envelope import Record
from cockpit.domain.fold import Folded, fold
from cockpit.domain.handover import Handover, handover_markdown, handover_text, summarise
from cockpit.domain.handover_page import LINES, rows_of
from tests.domain.incident_events import (
    START,
    default_playbook,
    entry,
    field,
    minutes,
    opened,
    told,
    update,
)

MORE = re.compile(r"and (\d+) (?:later|more|before|told before)")
CARD = {"name": "Support", "ring": 2, "power": "low", "interest": "high"}
QUIET = {"name": "Board", "ring": 3, "power": "high", "interest": "low"}


def _summary(folded: Folded, at: float = 30) -> Handover:
    decided = [each for each in folded.entries if each.kind == "decision"]
    return summarise(folded.view, default_playbook(), decided, minutes(at), UTC)


def _lines(found: Handover, part: str) -> tuple[str, ...]:
    return next(each.lines for each in found.parts if each.id == part)


def test_it_says_what_the_next_person_must_know() -> None:
    folded = fold(
        [
            opened(severity="SEV1"),
            field(2, "card", CARD, START, obj="sh:support"),
            field(3, "card", QUIET, START, obj="sh:board"),
            field(4, "area", "orders", minutes(1)),
            field(5, "cause", "a certificate expired", minutes(2)),
            field(6, "role.commander", "kim", minutes(2)),
            entry(7, "roll back", minutes(3), entry_kind="decision"),
            told(8, "support", minutes(4), ch="phone", note="checkout is down"),
            update(9, "We are on it.", minutes(5), next_at=minutes(20)),
            field(10, "title", "renew by robot", minutes(6), obj="act:1"),
            field(11, "owner", "ada", minutes(6), obj="act:1"),
        ]
    )
    found = _summary(folded)
    assert "affected area: Orders and payments, Checkout team" in _lines(found, "state")[2]
    assert "cause: a certificate expired" in _lines(found, "known")
    assert _lines(found, "decisions") == ("09:03 roll back",)
    assert _lines(found, "actions") == ("renew by robot (prevent, ada)",)
    assert _lines(found, "due")[0] == "customers: promised for 09:20, ! 10 min late"
    assert _lines(found, "told") == (
        "09:05 customers: “We are on it.”",
        "not yet told: Board",
        "Support: 09:04 by phone, ops: checkout is down",
    )
    assert _lines(found, "asked") == ("none",)
    assert _lines(found, "roles")[0] == "Incident manager: kim, since 09:02, 28m"
    assert _lines(found, "roles")[1].startswith("nobody yet: Communications lead, Deputy")


def test_it_says_what_was_tried_and_who_is_asked() -> None:
    asked = {"title": "restart the cache", "owner": "ana", "state": "open"}
    asked |= {"asked_at": minutes(10).isoformat(), "back_at": minutes(20).isoformat()}
    failed = {"title": "roll back", "state": "done", "helped": "no", "why": "same errors"}
    theory = {"text": "the cache is full", "state": "open"}
    wrong = {"text": "the disk is full", "state": "eliminated", "why": "half empty"}
    objects = {"do:1": asked, "do:2": failed, "hyp:1": theory, "hyp:2": wrong}
    records = [
        field(number, name, value, minutes(10), obj=obj)
        for number, (obj, name, value) in enumerate(
            ((obj, *each) for obj, fields in objects.items() for each in fields.items()), 20
        )
    ]
    found = _summary(fold([opened(), *records]))
    assert _lines(found, "asked") == ("! ana is 10 min late: restart the cache (asked 09:10)",)
    assert _lines(found, "theories") == ("the cache is full",)
    assert _lines(found, "eliminated") == (
        "the disk is full: half empty",
        "roll back did not help: same errors",
    )


def test_it_says_what_was_decided_about_a_promise() -> None:
    events = [
        opened(severity="SEV1"),
        update(9, "We are on it.", minutes(5), next_at=minutes(20)),
        field(10, "promise.customers", minutes(40).isoformat(), minutes(18), reason="vendor"),
    ]
    assert _lines(_summary(fold(events)), "due")[0] == (
        "customers: due at 09:40, in 10 min, extended once (vendor)"
    )
    events.append(field(11, "pause.customers", "open", minutes(25), reason="night"))
    assert "customers: paused: night" in _lines(_summary(fold(events)), "due")


def test_times_are_printed_in_the_zone_asked_for() -> None:
    zone = timezone(timedelta(hours=2), "CEST")
    folded = fold([opened(), entry(7, "roll back", minutes(3), entry_kind="decision")])
    found = summarise(folded.view, default_playbook(), folded.entries[-1:], minutes(5), zone)
    assert _lines(found, "decisions") == ("11:03 roll back",)
    assert "11:05 CEST" in handover_text(found, zone)


@given(st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_no_text_adds_a_heading_or_an_item(title: str, cause: str) -> None:
    found = _summary(fold([opened(title=title), field(5, "cause", cause, minutes(2))]))
    page = handover_markdown(found, UTC)
    assert sum(line.startswith("#") for line in page.split("\n")) == 1 + len(found.parts)
    items = sum(len(part.lines) for part in found.parts)
    assert sum(line.startswith("- ") for line in page.split("\n")) == items
    assert all(
        line.startswith("  ")
        for line in handover_text(found, UTC).split("\n\n")[1:][0].split("\n")[1:]
    )


LONG = st.text(max_size=400)


@given(
    texts=st.lists(LONG, max_size=12),
    names=st.lists(st.text(min_size=1, max_size=60), max_size=40),
    told_count=st.integers(0, 40),
    known=st.lists(LONG, min_size=5, max_size=5),
)
def test_it_fits_on_one_page_and_counts_what_does_not(
    texts: list[str], names: list[str], told_count: int, known: list[str]
) -> None:
    numbers = count(100)

    def put(obj: str, **fields: object) -> list[Record]:
        return [
            field(next(numbers), name, value, minutes(1), obj=obj) for name, value in fields.items()
        ]

    records = [opened(title=known[4] or "x", severity="SEV1")]
    for place, text in enumerate(texts):
        records.append(entry(next(numbers), text, minutes(place), entry_kind="decision"))
        records += put(f"do:{place}", title=text, owner=text[:90], state="open")
        records += put(f"do:x{place}", title=text, state="done", helped="no", why=text)
        records += put(f"hyp:{place}", text=text, state="open")
        records += put(f"act:{place}", title=text, state="open")
        records.append(update(next(numbers), text, minutes(place)))
    for place, name in enumerate(names):
        records += put(f"sh:{place}", card={**CARD, "name": name})
    for place in range(min(told_count, len(names))):
        records.append(told(next(numbers), str(place), minutes(2), note=names[place]))
    headlines = ("impact_text", "cause", "next_step", "workaround")
    for name, value in zip(headlines, known, strict=False):
        records.append(field(next(numbers), name, value, minutes(1)))
    found = _summary(fold(records))
    page = handover_text(found, UTC).rstrip("\n").split("\n")
    assert sum(rows_of(line.removeprefix("  ")) for line in page) <= LINES
    many = {"asked": len(texts), "eliminated": len(texts), "decisions": len(texts)}
    for part, expected in {**many, "theories": len(texts), "actions": len(texts)}.items():
        lines = next((each.lines for each in found.parts if each.id == part), ())
        assert _counted(lines) == expected or not expected
    parts = [each for each in found.parts if each.id == "told"]
    lines = parts[0].lines if parts else ()
    people = [line for line in lines if ": 09:02" in line]
    assert len(people) + _more(lines) >= min(told_count, len(names))


def _more(lines: tuple[str, ...]) -> int:
    """Return how many lines a part says that it leaves out."""
    return sum(int(found[1]) for line in lines if (found := MORE.fullmatch(line)))


def _counted(lines: tuple[str, ...]) -> int:
    """Return how many things a part speaks of, shown or counted."""
    return sum(not MORE.fullmatch(line) for line in lines) + _more(lines)
