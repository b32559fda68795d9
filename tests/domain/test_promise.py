"""The next update time is read out of the text itself."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.promise import promised_time
from cockpit.domain.zones import abbreviations

NOW = datetime(2026, 3, 4, 23, 50, 30, tzinfo=UTC)
"""A Wednesday; in California it is 15:50, in Berlin 00:50 on Thursday."""


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("Next update by 23:58 UTC.", at(4, 23, 58)),
        ("Next update by 00:10 UTC, or sooner.", at(5, 0, 10)),
        ("next update: by 2026-03-06 07:00 UTC", at(6, 7)),
        ("You will hear from us within 30 minutes.", NOW + timedelta(minutes=30)),
        ("Next update in 1 hour", NOW + timedelta(hours=1)),
        ("**Next update:** 00:30 UTC", at(5, 0, 30)),
        ("Next update\n00:30 UTC", at(5, 0, 30)),
        ("_Next update_ - 00:30 (UTC)", at(5, 0, 30)),
        ("The next update will be provided no later than 00:30 UTC.", at(5, 0, 30)),
        ("The next public status update is due at 1:30 AM UTC today", at(4, 1, 30)),
        ("We will provide an update by Friday, 2026-03-06 13:00 US/Pacific with more.", at(6, 21)),
        ("We will provide more details by Tuesday, 2026-03-10 10:50 US/Pacific.", at(10, 17, 50)),
        ("We will provide an update by March 9, 2026 1:53:00 PM PDT on this.", at(9, 20, 53)),
        ("We will provide another status update by 9am PDT.", at(5, 16)),
        ("Further updates by 14:00 CET at the latest", at(5, 13)),
        ("Next update by 3:30 PM EST.", at(5, 20, 30)),
        ("Next update by 3:30 p.m. EST. We are sorry.", at(5, 20, 30)),
        ("Next update at 17:00 America/New_York", at(5, 22)),
        ("Next update at 5 PM Eastern Time", at(5, 22)),
        ("Next update at 5pm ET", at(5, 22)),
        ("Next update: 2026-03-05T08:00:00+02:00", at(5, 6)),
        ("Next update: 2026-03-05T08:00Z", at(5, 8)),
        ("Next update by 08:00 UTC+2", at(5, 6)),
        ("Next update by 08:00 GMT-05:30", at(5, 13, 30)),
        ("Next update by 0800 UTC", at(5, 8)),
        ("Next update by 8 UTC", at(5, 8)),
        ("Next update by 8.15 UTC", at(5, 8, 15)),
        ("Next update by noon UTC", at(5, 12)),
        ("Next update by midnight UTC", at(5, 0)),
        ("We will share an update tomorrow at 09:00 UTC.", at(5, 9)),
        ("We'll post an update at 09:00 UTC tomorrow.", at(5, 9)),
        ("Next update tomorrow at 09:00 CET", at(6, 8)),
        ("Next update on Friday at 09:00 UTC", at(6, 9)),
        ("Next update on Wednesday at 09:00 UTC", at(11, 9)),
        ("Next update on 6 March, 09:00 UTC", at(6, 9)),
        ("Next update on the 6th of March at 09:00 UTC", at(6, 9)),
        ("Next update Mar 6th, 2026 at 09:00 UTC", at(6, 9)),
        ("Next update by 09:00 UTC on Friday, 6 March 2026.", at(6, 9)),
        ("Next update between 09:00 and 09:30 UTC", at(5, 9, 30)),
        ("Next update 09:00-09:30 UTC", at(5, 9, 30)),
        ("Next update at 09:00 UTC (10:00 CET)", at(5, 9)),
        ("Next update within the hour.", NOW + timedelta(hours=1)),
        ("We will update you in half an hour", NOW + timedelta(minutes=30)),
        ("We'll update this page again in 45 mins.", NOW + timedelta(minutes=45)),
        ("We will provide updates every 30 minutes.", NOW + timedelta(minutes=30)),
        ("Updates hourly until this is resolved.", NOW + timedelta(hours=1)),
        ("Next update in 1h30m", NOW + timedelta(minutes=90)),
        ("Next update in 1 hour and 15 minutes", NOW + timedelta(minutes=75)),
        ("Next update in one and a half hours", None),
        ("Next update in an hour and a half", NOW + timedelta(minutes=90)),
        ("Next update in 1.5 hours", NOW + timedelta(minutes=90)),
        ("More details in the next 30-60 minutes.", NOW + timedelta(minutes=60)),
        ("Expect further information in about two hours.", NOW + timedelta(hours=2)),
        ("We will get back to you by 00:30 UTC, or sooner if there is news.", at(5, 0, 30)),
        ("We will keep you updated, and post again by 00:30 UTC", at(5, 0, 30)),
        ("By 00:30 UTC we will post another update.", at(5, 0, 30)),
        ("All is slow. Within 30 minutes we'll share an update.", NOW + timedelta(minutes=30)),
        ("Tomorrow at 09:00 UTC we will provide more details.", at(5, 9)),
        ("An update follows when it is fixed, or by 00:30 UTC.", None),
        ("We will post an update once it is resolved, or by 00:30 UTC.", at(5, 0, 30)),
        ("We will provide another update as we learn more or by 00:30 UTC", at(5, 0, 30)),
        ("We will provide an\nupdate on this incident\nby 00:30 UTC.", at(5, 0, 30)),
        ("An update on the maintenance by 00:30 UTC: please hold on.", None),
        ("We will give an update on the maintenance by 00:30 UTC", at(5, 0, 30)),
        ("No times here.\r\nNext update by 00:30 UTC\r\n", at(5, 0, 30)),
    ],
)  # fmt: skip
def test_promises_are_read(text: str, promised: datetime | None) -> None:
    assert promised_time(text, NOW) == promised


@pytest.mark.parametrize(
    "text",
    [
        "We are investigating.",
        "It was fixed by 23:58 UTC.",
        "Started at 23:30 UTC. We will provide updates as we learn more.",
        "We will provide an update as soon as we know more. It started at 23:30 UTC.",
        "Next update: soon\nStarted: 23:30 UTC",
        "Next update soon.\n\n- 23:40 UTC: restarted",
        "We will provide an update on the outage that started at 23:30 UTC.",
        "We will share more details about the maintenance at 23:55 UTC.",
        "The database update will be finished by 23:58 UTC.",
        "We will update the database at 23:58 UTC.",
        "The next update was posted at 23:30 UTC.",
        "As promised in our update at 23:30 UTC, we looked again.",
        "We provided an update at 23:30 UTC.",
        "There will be no further updates before 09:00 UTC.",
        "More information from the vendor is expected at 09:00 UTC.",
        "This will be fixed by 09:00 UTC, the next update follows.",
        "At 23:30 UTC more information came in.",
        "More customers report errors at 23:55 UTC.",
        "Next update by 27:99 UTC",
        "Next update by 2026-02-30 10:00 UTC",
        "Next update by 30 February 2026 10:00 UTC",
        "Next update by 7/1/2026 10:30 UTC",
        "Next update by 3026-01-01 10:00 UTC",
        "Next update by 13:30 PM UTC",
        "Next update by 10:30",
        "Next update by 9am",
        "Next update by 10:30 local time",
        "Next update by 10:30 IST",
        "Next update by 10:30 Nowhere/Land",
        "Next update by 10:30 ../../etc/passwd",
        "Next update by 10:30 America/Argentina",
        "Next update by midnight UTC on Friday",
        "Next update in 2 business days",
        "Next update by Friday",
        "Next update tomorrow",
        "Next update by end of day",
        "The 30 minute delay goes on; we will provide an update on the 30 minute delay.",
        "The cat sat at 10:30 eat.",
    ],
)
def test_other_times_are_no_promise(text: str) -> None:
    assert promised_time(text, NOW) is None


def test_a_zone_may_be_given_for_times_without_one() -> None:
    text = "Next update by 01:30."
    assert promised_time(text, NOW) is None
    assert promised_time(text, NOW, ZoneInfo("Europe/Berlin")) == at(5, 0, 30)
    assert promised_time("Next update by 01:30 UTC", NOW, ZoneInfo("Asia/Tokyo")) == at(5, 1, 30)


@pytest.mark.parametrize(
    ("minutes", "day"), [(0, 0), (59, 0), (61, 1), (-1, 0), (-60 * 12, 0), (-60 * 22, 0)]
)
def test_a_time_that_has_just_passed_is_meant_and_missed(minutes: int, day: int) -> None:
    due = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    found = promised_time(f"Next update by {due:%H:%M} UTC", due + timedelta(minutes=minutes))
    assert found == due + timedelta(days=day)


def test_a_time_that_clocks_skip_is_read_as_before_the_change() -> None:
    """02:30 did not exist in New York on 2026-03-08: it is 03:30 EDT."""
    text = "Next update by 2026-03-08 02:30 America/New_York"
    assert promised_time(text, datetime(2026, 3, 8, 5, tzinfo=UTC)) == at(8, 7, 30)


def test_a_time_that_clocks_show_twice_is_the_first_to_come() -> None:
    """01:30 came twice in New York on 2026-11-01: at 05:30 and 06:30 UTC."""
    text = "Next update by 2026-11-01 01:30 ET"
    for now, hour in ((5, 5), (6, 6), (7, 6)):
        found = promised_time(text, datetime(2026, 11, 1, now, tzinfo=UTC))
        assert found == at(1, hour, 30, month=11)


def test_a_zone_with_summer_time_goes_by_the_date() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    for text, hour in (
        ("15:00 PT", 22),
        ("15:00 Pacific", 22),
        ("15:00 PST", 23),
        ("15:00 PDT", 22),
        ("15:00 Europe/London", 14),
        ("15:00 GMT", 15),
    ):
        assert promised_time(f"Next update by {text}.", now) == at(1, hour, month=7)


def test_abbreviations_are_those_of_the_zone_database() -> None:
    """The source that the table names says the same: some zone uses the abbreviation so."""
    places = (
        *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
        *("America/Anchorage", "Pacific/Honolulu", "America/Halifax", "America/St_Johns"),
        *("Europe/Lisbon", "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow"),
        *("Africa/Lagos", "Africa/Maputo", "Africa/Nairobi", "Africa/Johannesburg"),
        *("Asia/Jerusalem", "Asia/Karachi", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
        *("Asia/Hong_Kong", "Asia/Tokyo", "Asia/Seoul", "Australia/Perth", "Australia/Adelaide"),
        *("Australia/Sydney", "Pacific/Auckland", "Etc/UTC"),
    )
    used = {("Z", 0)}
    for place in places:
        for month in (1, 7):
            local = datetime(2026, month, 1, tzinfo=ZoneInfo(place))
            offset = local.utcoffset()
            assert offset is not None
            used.add((str(local.tzname()), int(offset.total_seconds() // 60)))
    assert set(abbreviations().items()) <= used


MOMENTS = st.integers(0, 47 * 365 * 86_400).map(
    lambda seconds: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
ZONES = ("US/Pacific", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Etc/UTC")
FORMS = (
    "{:%Y-%m-%d %H:%M} {zone}",
    "{:%A}, {:%Y-%m-%d %H:%M} {zone}",
    "{:%Y-%m-%d} at {:%I:%M %p} {zone}",
    "{:%H:%M} {zone} on {:%d %B %Y}",
    "{:%B %d, %Y} at {:%H:%M} {zone}",
    "{:%a, %d %b %Y %H:%M} {zone}",
    "{:%Y-%m-%dT%H:%M}{offset}",
    "{:%Y-%m-%d %H:%M} UTC{offset}",
)
CUES = (
    "Next update by {}.",
    "We will provide an update by {} with current details.",
    "You will hear from us again at {}.",
    "We are sorry. **Next update:** {}",
    "By {} we will post another update.",
)


@given(
    moment=MOMENTS,
    ahead=st.integers(0, 200 * 24 * 60),
    zone=st.sampled_from(ZONES),
    form=st.sampled_from(FORMS),
    cue=st.sampled_from(CUES),
)
def test_a_dated_promise_comes_back_as_it_was_written(
    moment: datetime, ahead: int, zone: str, form: str, cue: str
) -> None:
    due = moment.replace(second=0, microsecond=0) + timedelta(minutes=ahead)
    local = due.astimezone(ZoneInfo(zone))
    if local.replace(fold=not local.fold).utcoffset() != local.utcoffset():
        return
    offset = f"{local:%z}"
    if int(offset[3:]) % 15:
        return
    form = re.sub(r"\{:", "{0:", form)
    text = cue.format(form.format(local, zone=zone, offset=f"{offset[:3]}:{offset[3:5]}"))
    assert promised_time(text, moment) == due


@given(
    moment=MOMENTS,
    ahead=st.integers(1, 22 * 60),
    zone=st.sampled_from(sorted(abbreviations().items())),
    form=st.sampled_from(("{:%H:%M} {}", "{:%I:%M %p} {}", "{:%I:%M%p} {}", "{:%H%M} {}")),
    cue=st.sampled_from(CUES),
)
def test_a_clock_time_comes_back_as_it_was_written(
    moment: datetime, ahead: int, zone: tuple[str, int], form: str, cue: str
) -> None:
    due = moment.replace(second=0, microsecond=0) + timedelta(minutes=ahead)
    local = due + timedelta(minutes=zone[1])
    assert promised_time(cue.format(form.format(local, zone[0])), moment) == due


@given(
    number=st.integers(1, 999),
    unit=st.sampled_from((("min", 1), ("minutes", 1), ("hours", 60), ("h", 60), ("days", 1440))),
    lead=st.sampled_from(("in", "within", "in about", "within the next", "every")),
)
def test_a_span_comes_back_as_it_was_written(number: int, unit: tuple[str, int], lead: str) -> None:
    span = timedelta(minutes=number * unit[1])
    found = promised_time(f"Next update {lead} {number} {unit[0]}.", NOW)
    assert found == (NOW + span if span <= timedelta(days=366) else None)


PIECES = (
    *("next update", "we will provide an update", "by", "in", "within", "10:30", "UTC", "+02:00"),
    *("2026-03-05", "Friday", "tomorrow", "US/Pacific", "a/b", "or", "after", "30", "minutes", "."),
    *("\n", ",", "and", "half", "an hour", "March", "th", "99:99", "pm", "midnight", "(", "-", "/"),
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join)))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = promised_time(text, NOW)
    assert found is None or (found.tzinfo is UTC and found <= NOW + timedelta(days=366))


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_time_of_sending_is_good(now: datetime) -> None:
    promised_time("Next update in 30 minutes or by tomorrow 10:30 ET", now)


@pytest.mark.parametrize(
    "piece",
    [
        *("next ", "next update ", "provide an ", "provide the the the ", "\n", " ", "x", "--"),
        *("next update by ", "a.m. ", "10:30 ", "in in in ", "and a half ", "1 or "),
        *("will update you ", "we will provide more "),
        *("next update the ", "next status status status ", "A/", "a_", "+1"),
    ],
)  # fmt: skip
def test_long_texts_take_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "next update by " + piece * (size // len(piece))
        began = time.process_time()
        promised_time(text, NOW)
        return time.process_time() - began

    small, large = (min(seconds(size) for _ in range(2)) for size in (8_000, 64_000))
    assert large < 8 * 4 * small + 0.05
