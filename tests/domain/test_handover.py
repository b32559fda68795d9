"""The hand-over: everything that the next person must know, from the state alone."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.fold import Folded, fold
from cockpit.domain.handover import Handover, handover_markdown, handover_text, summarise
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
        "Support: 09:04 by phone, ops: checkout is down",
        "not yet told: Board",
    )
    assert _lines(found, "roles")[0] == "Incident manager: kim, since 09:02, 28m"
    assert "Communications lead: nobody" in _lines(found, "roles")


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
