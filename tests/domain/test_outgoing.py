"""What is pointed out before a text goes out, and how long it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence import situation
from cockpit.domain.outgoing import Check, check, count, describe_count, sms_segments
from cockpit.domain.outgoing_promise import Measure, measure
from cockpit.domain.playbook import RosterEntry
from cockpit.domain.ring_plan import RhythmChange, RingPlan
from cockpit.domain.sms import sms_length
from cockpit.domain.view import IncidentView, RoleHolder, Stakeholder
from cockpit.domain.vocabulary import Impact, Level, PublicStatus, Ring, Severity
from tests.domain.shipped_texts import AT, default_playbook, make_view

VIEW = make_view(
    roles=(RoleHolder("commander", "Alex Moreau", AT), RoleHolder("comms", "may", AT)),
    stakeholders=(
        Stakeholder("customers", "Customers", Ring.CUSTOMERS, Level.HIGH, Level.LOW),
        Stakeholder("cto", "Robin Haas", Ring.EXECUTIVES, Level.HIGH, Level.HIGH, title="CTO"),
    ),
)


def look(
    text: str, *, audience: str = "customers", channel: str = "status-page", **more: Any
) -> dict[str, Check]:
    playbook = default_playbook()
    found = check(
        text,
        audience=audience,
        channel=playbook.channel(channel),
        rules=playbook.checks,
        view=more.pop("view", VIEW),
        **more,
    )
    assert len({each.id for each in found}) == len(found)
    return {each.id: each for each in found}


def wrong(text: str, **more: Any) -> set[str]:
    return {name for name, each in look(text, next_at=AT, **more).items() if not each.ok}


def test_a_good_text_has_nothing_to_point_out() -> None:
    text = "Some card payments fail. We are working on it. Next update by 10:30 UTC."
    assert wrong(text) == set()


@pytest.mark.parametrize(
    ("passage", "name"),
    [
        ("cache.prod.internal", "host"),
        ("db-07", "host"),
        ("prod-worker-3a", "host"),
        ("checkout-7c9d8b6f5d-x2x8k", "host"),
        ("10.4.0.17", "address"),
        ("192.168.1.1", "address"),
        ("172.20.3.4", "address"),
        ("localhost", "address"),
        ("fe80::1", "address"),
        ("OPS-1234", "ticket"),
        ("INC-42", "ticket"),
        ("#4711", "ticket"),
        ("Alex Moreau", "name"),
        ("Moreau", "name"),
        ("Robin", "name"),
        ("@may", "name"),
        ("AKIAABCDEFGHIJKLMNOP", "secret"),
        ("password: hunter22", "secret"),
        ("https://me:pa55@host.example", "secret"),
        ("-----BEGIN RSA PRIVATE KEY-----", "secret"),
        ("human error", "blame"),
        ("it was their fault", "blame"),
        ("we think that", "speculation"),
        ("Probably", "speculation"),
        ("will be fixed by noon", "estimate"),
        ("ETA", "estimate"),
    ],
)
def test_what_must_not_go_out_is_pointed_out(passage: str, name: str) -> None:
    found = look(f"Some card payments fail, {passage} here.", next_at=AT)
    assert not found[name].ok
    assert {each for each in found if not found[each].ok} <= {name, "host"}


@pytest.mark.parametrize(
    "passage",
    [
        "UTF-8",
        "SHA-256",
        "CVE-2024-12345",
        "status.example.com",
        "8.8.8.8",
        "in May",
        "root cause",
        "the customers",
        "version 1.10.0.17.2",
        "as soon as we know",
        "shortlyish",
        "blameless",
        "the web",
        "24/7",
        "https://example.com/#123456",
        "you may see",
    ],
)
def test_ordinary_words_are_left_alone(passage: str) -> None:
    ignored = {"name"} if "May" in passage else set()
    assert wrong(f"Some card payments fail, {passage} here.") - ignored == set()


def test_a_secret_is_not_repeated_in_full() -> None:
    found = look("x password=correcthorse fails")["secret"]
    assert "correcthorse" not in found.text + found.short
    assert found.level == "block"


def test_inside_the_company_only_secrets_and_blame_matter() -> None:
    text = "db-07 is probably down, says Alex Moreau in OPS-12 at 10.0.0.1"
    assert wrong(text, audience="executives") == set()
    assert wrong(f"{text}, token=abcdef", audience="core") == {"secret"}
    assert wrong(f"{text}, by human error", audience="employees") == {"blame"}


def test_what_is_unfilled_blocks_and_comes_first() -> None:
    found = check(
        "Payments fail. By human error. Next update by {next_update}.",
        audience="customers",
        channel=default_playbook().channel("status-page"),
        rules=default_playbook().checks,
        view=VIEW,
        unfilled=("next_update", "cause"),
    )
    assert found[0].level == "block"
    assert found[0].short == "next_update is not filled"
    assert [each.id for each in found if not each.ok] == ["unfilled", "blame"]


@pytest.mark.parametrize(
    ("status", "stage", "next_at", "ok"),
    [
        (PublicStatus.INVESTIGATING, "", None, False),
        (PublicStatus.INVESTIGATING, "", AT, True),
        (PublicStatus.RESOLVED, "", None, True),
        (PublicStatus.MONITORING, "resolved", None, True),
        (PublicStatus.RESOLVED, "monitoring", None, False),
    ],
)
def test_the_next_update_is_asked_for_until_it_is_over(
    status: PublicStatus, stage: str, next_at: datetime | None, ok: bool
) -> None:
    found = look("Payments fail.", view=make_view(status=status), stage=stage, next_at=next_at)
    assert ("next-update" not in found or found["next-update"].ok) is ok


def slowed(minutes: int) -> IncidentView:
    plan = RingPlan(rhythms=(RhythmChange(AT, minutes),))
    return make_view(plans={"customers": plan})


def measured(view: IncidentView = VIEW, audience: str = "customers", **more: Any) -> Measure:
    return measure(situation(view), default_playbook(), audience, AT, **more)


@pytest.mark.parametrize(
    ("minutes", "audience", "level", "sentence"),
    [
        (-1, "customers", "block", "The promised time, 09:11 UTC, has passed."),
        (0, "customers", "block", "The promised time, 09:12 UTC, has passed."),
        (3, "customers", "warn", "It promises the next update in 3 min; the rhythm is 30 min."),
        (9, "customers", "warn", "It promises the next update in 9 min; the rhythm is 30 min."),
        (10, "customers", "ok", "It says when the next update comes."),
        (30, "customers", "ok", "It says when the next update comes."),
        (31, "customers", "ok", "It says when the next update comes."),
        (
            45,
            "customers",
            "warn",
            "It promises the next update in 45 min; customers should hear within 30 min.",
        ),
        (5, "core", "ok", "It says when the next update comes."),
        (4, "core", "warn", "It promises the next update in 4 min; the rhythm is 10 min."),
        (90, "employees", "ok", "It says when the next update comes."),
    ],
)
def test_a_promise_is_held_against_the_rhythm(
    minutes: int, audience: str, level: str, sentence: str
) -> None:
    found = look(
        "Payments fail.",
        audience=audience,
        next_at=AT + timedelta(minutes=minutes),
        measured=measured(audience=audience),
    )["next-update"]
    assert (found.level, found.text) == (level, sentence)


def test_customers_never_wait_longer_than_an_hour_whatever_the_rhythm() -> None:
    for view in (make_view(severity=Severity.SEV4), slowed(120)):
        found = look("Payments fail.", next_at=AT + timedelta(minutes=75), measured=measured(view))[
            "next-update"
        ]
        assert found.text.endswith("customers should hear within 60 min.")
        assert found.short == "next update in 1 h 15 min"


def test_a_slower_rhythm_that_the_text_announces_counts() -> None:
    later = AT + timedelta(minutes=60)
    assert not look("x", next_at=later, measured=measured())["next-update"].ok
    assert look("x", next_at=later, measured=measured(slowed(60)))["next-update"].ok


@pytest.mark.parametrize("kind", ["planned", ""])
def test_what_is_planned_or_over_may_promise_another_day(kind: str) -> None:
    view = VIEW if kind else make_view(status=PublicStatus.RESOLVED)
    found = look(
        "Payments fail.", next_at=AT + timedelta(days=2), measured=measured(view, kind=kind)
    )
    assert found["next-update"].ok


@given(st.integers(-100_000, 10_000_000), st.sampled_from(Severity), st.sampled_from(Ring))
def test_a_promise_on_the_rhythm_is_never_pointed_out(
    seconds: int, severity: Severity, ring: Ring
) -> None:
    view = make_view(severity=severity)
    against = measured(view, ring.audience)
    next_at = AT + timedelta(seconds=seconds)
    found = look("x", audience=ring.audience, next_at=next_at, measured=against)["next-update"]
    assert len(found.text) < 120
    if seconds <= 0:
        assert found.level == "block"
    elif against.every and against.every * 30 <= seconds <= against.every * 60:
        # Half the rhythm can be kept, all of it is allowed; customers' hour is never exceeded.
        assert found.ok == (ring is not Ring.CUSTOMERS or seconds <= 3660)


@pytest.mark.parametrize(
    ("kind", "impact", "passage", "found"),
    [
        ("outage", None, "an outage", False),
        ("outage", Impact.HIGH, "an outage", False),
        ("outage", Impact.MEDIUM, "an outage", True),
        ("outage", Impact.MEDIUM, "a partial outage", False),
        ("outage", Impact.LOW, "a partial outage, then a full OUTAGE", True),
        ("degraded", None, "an outage", True),
        ("degraded", Impact.HIGH, "everything is down", True),
        ("degraded", None, "slow answers", False),
        ("defect", None, "outageous", False),
    ],
)
def test_a_part_is_not_called_an_outage(
    kind: str, impact: Impact | None, passage: str, found: bool
) -> None:
    view = make_view(kind=kind, impact=impact)
    text = f"Some payments fail: {passage}. We are on it."
    assert ("total" in wrong(text, view=view)) is found
    assert "total" not in wrong(text, view=view, audience="executives")


def test_persons_of_the_playbook_are_known_by_title_or_full_name() -> None:
    def entry(name: str, title: str = "", deputy: str = "") -> RosterEntry:
        return RosterEntry(name, name, "core", Level.LOW, Level.LOW, title, deputy=deputy)

    roster = (entry("Ana Prado"), entry("Ben", "Engineer", "Carla Diaz"), entry("Key customers"))
    text = "Some card payments fail, {} here."
    for name in ("Ana Prado", "Ben", "Carla Diaz", "Diaz"):
        assert "name" in wrong(text.format(name), roster=roster), name
    for word in ("Ana", "Key customers", "Customers"):
        assert "name" not in wrong(text.format(word), roster=roster), word


def test_an_empty_text_is_one_sentence() -> None:
    assert [each.id for each in look(" \n").values()] == ["empty"]


def test_impact_is_asked_for() -> None:
    assert wrong("We are looking into it.") == {"impact"}
    view = make_view(impact_text="Maps are blank.")
    assert wrong("For some people, maps are blank. We are on it.", view=view) == set()


def test_limits_are_told() -> None:
    long = "Payments fail. " + "x" * 300
    assert look(long, channel="social")["length"].level == "block"
    assert look(long, channel="sms")["length"].level == "warn"
    assert look("Payments fail.", channel="sms")["length"].ok
    assert "length" not in look(long)
    assert "“…”" in look("Payments fail …" + "x" * 80, channel="sms")["length"].text


def test_counts_are_those_of_the_channel() -> None:
    playbook = default_playbook()
    assert describe_count("x" * 142, playbook.channel("social")) == "142/280"
    assert describe_count("x" * 161, playbook.channel("sms")) == "161, 2 SMS"
    assert describe_count("x", playbook.channel("chat")) == ""
    assert count("€", playbook.channel("sms")) == 2
    assert count("€", playbook.channel("chat")) == 1


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # Two places are never cut in half: each joined segment holds 152 of its 153.
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        ("a" * 70 + "…", 2),
    ],
)
def test_sms_are_counted_by_their_alphabet(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


GSM_TEXT = st.text(alphabet="abc XYZ019@£ñ€{}\n", max_size=400)


@given(GSM_TEXT)
def test_the_basic_alphabet_fills_segments_of_153(text: str) -> None:
    places = sum(2 if char in "€{}" else 1 for char in text)
    assert sms_length(text) == places
    if places <= 160:
        assert sms_segments(text) == 1
    else:
        assert -(-places // 153) <= sms_segments(text) <= -(-places // 152)


@given(st.text(max_size=300).map(lambda text: text + "ж"))
def test_any_other_character_makes_segments_of_67(text: str) -> None:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert sms_length(text) == units
    if units <= 70:
        assert sms_segments(text) == 1
    else:
        assert -(-units // 67) <= sms_segments(text) <= -(-units // 66)


@given(
    st.text(max_size=200),
    st.sampled_from(["customers", "executives"]),
    st.sampled_from(["sms", "social", "chat"]),
)
def test_any_text_is_looked_at_without_a_wall(text: str, audience: str, channel: str) -> None:
    found = look(text, audience=audience, channel=channel, unfilled=("next_update",)).values()
    assert [each.ok for each in found] == sorted(each.ok for each in found)
    for each in found:
        assert len(each.text) < 250
        assert len(each.short) < 70
        assert each.ok == (each.level == "ok")


def test_a_very_long_text_is_looked_at_in_a_moment() -> None:
    for unit in ("a", "a-", "1.", "ab.", "f:"):
        assert look(unit * 50_000)
