"""Times as people type them, in zones that put their clocks forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.times import (
    format_clock,
    format_countdown,
    format_iso,
    format_span,
    format_stamp,
    format_words,
    parse_ahead,
    parse_duration,
    parse_when,
)
from cockpit.errors import InvalidInputError

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        UTC,
        BERLIN,
        ZoneInfo("America/New_York"),
        ZoneInfo("Australia/Lord_Howe"),
        ZoneInfo("Asia/Kathmandu"),
        ZoneInfo("Pacific/Apia"),
        timezone(timedelta(hours=-11, minutes=-30)),
    ]
)
MOMENTS = st.integers(631_152_000, 3_471_292_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("09:10", "2026-11-21T09:10"),
        ("9:10", "2026-11-21T09:10"),
        ("09:40", "2026-11-21T09:40"),
        ("09:41", "2026-11-20T09:41"),
        ("09:10:22", "2026-11-21T09:10:22"),
        ("9:10 AM", "2026-11-21T09:10"),
        ("12:05 am", "2026-11-21T00:05"),
        ("09:10 UTC", "2026-11-21T09:10"),
        ("09:10Z", "2026-11-21T09:10"),
        ("-5m", "2026-11-21T09:35"),
        ("-1h30m", "2026-11-21T08:10"),
        ("- 5 min", "2026-11-21T09:35"),
        ("5m ago", "2026-11-21T09:35"),
        ("+30m", "2026-11-21T10:10"),
        ("now", "2026-11-21T09:40"),
        ("yesterday 23:10", "2026-11-20T23:10"),
        ("Yesterday  23:10", "2026-11-20T23:10"),
        ("today 08:00", "2026-11-21T08:00"),
        ("2026-11-21 09:10", "2026-11-21T09:10"),
        ("2026-11-28 14:00", "2026-11-28T14:00"),
        ("2026-11-28", "2026-11-28T00:00"),
        ("2026-11-21T09:10:00Z", "2026-11-21T09:10"),
        ("2026-11-21T09:10:00.123Z", "2026-11-21T09:10"),
        ("2026-11-21 09:10:22,123", "2026-11-21T09:10:22"),
        ("2026-11-21T10:10:00+01:00", "2026-11-21T09:10"),
        ("2026-11-21T04:10-0500", "2026-11-21T09:10"),
    ],
)
def test_times_are_read_as_people_type_them(text: str, moment: str) -> None:
    assert parse_when(text, NOW) == at(moment)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0910", "Did you mean 09:10?"),
        ("09.10", "Did you mean 09:10?"),
        ("9h10", "Did you mean 09:10?"),
        ("5m", "Did you mean -5m?"),
        ("24:00", ""),
        ("09:60", ""),
        ("13:00 pm", ""),
        ("", ""),
        ("soon", ""),
        ("2026-02-30 09:10", ""),
        ("-999999d", ""),
        ("2026-11-21T09:10+99:99", ""),
        ("\x1b]0;x\x07", ""),
    ],
)
def test_what_is_no_time_is_refused_with_the_right_form(text: str, hint: str) -> None:
    with pytest.raises(InvalidInputError, match="expected 09:10") as caught:
        parse_when(text, NOW)
    assert caught.value.hint == hint
    assert "\x1b" not in str(caught.value)


def test_a_time_of_day_is_the_most_recent_one_of_the_zone() -> None:
    assert parse_when("10:35", NOW, BERLIN) == at("2026-11-21T09:35")
    assert parse_when("10:45", NOW, BERLIN) == at("2026-11-20T09:45")
    assert parse_when("yesterday 00:30", NOW, BERLIN) == at("2026-11-19T23:30")


def test_a_time_that_comes_twice_is_the_most_recent_one() -> None:
    # On 25 October 2026 Berlin puts its clocks back at 01:00 UTC, from 03:00 to 02:00.
    assert parse_when("02:30", at("2026-10-25T00:45"), BERLIN) == at("2026-10-25T00:30")
    assert parse_when("02:30", at("2026-10-25T01:45"), BERLIN) == at("2026-10-25T01:30")
    assert parse_when("2026-10-25 02:30", NOW, BERLIN) == at("2026-10-25T01:30")
    assert parse_when("2027-10-31 02:30", NOW, BERLIN) == at("2027-10-31T00:30")


def test_a_time_that_never_was_is_refused_with_what_clocks_showed() -> None:
    # On 29 March 2026 Berlin puts its clocks forward at 01:00 UTC, from 02:00 to 03:00.
    with pytest.raises(InvalidInputError, match="never was in Europe/Berlin") as caught:
        parse_when("02:30", at("2026-03-29T06:00"), BERLIN)
    assert caught.value.hint == "Did you mean 03:30?"


@given(MOMENTS, MOMENTS, ZONES)
def test_a_time_of_day_lies_in_the_day_before_now(
    one: datetime, now: datetime, zone: tzinfo
) -> None:
    text = format_clock(one, zone)
    read = _read(text, now, zone)
    if read is None:
        return
    assert now - timedelta(hours=49) < read <= now
    assert format_clock(read, zone) == text


@given(MOMENTS, MOMENTS, ZONES)
def test_a_written_moment_reads_back(moment: datetime, now: datetime, zone: tzinfo) -> None:
    whole = moment.replace(microsecond=0)
    assert parse_when(format_iso(moment), now, zone) == whole
    minute = whole.replace(second=0)
    read = parse_when(format_stamp(minute, UTC), now, zone)
    assert read == minute


@given(MOMENTS, ZONES)
def test_a_local_time_reads_back_to_itself_or_its_twin(moment: datetime, zone: tzinfo) -> None:
    minute = moment.replace(second=0, microsecond=0)
    local = minute.astimezone(zone)
    read = parse_when(f"{local:%Y-%m-%d %H:%M}", NOW, zone)
    assert read.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


@given(st.text(max_size=30), ZONES)
def test_any_text_is_a_time_or_a_plain_refusal(text: str, zone: tzinfo) -> None:
    read = _read(text, NOW, zone)
    assert read is None or read.tzinfo is UTC


def _read(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    try:
        return parse_when(text, now, zone)
    except InvalidInputError:
        return None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90m", 90), ("1h30m", 90), ("45", 45), ("1h 30m", 90), ("2d", 2880), ("90 min", 90)],
)
def test_spans_are_read(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "0", "-5m", "m", "5 apples", "1e3", "٣m!", "9" * 50])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="expected 45m"):
        parse_duration(text)


@given(st.integers(60, 5_000_000).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_written_span_reads_back_to_its_two_greatest_units(span: timedelta) -> None:
    read = parse_duration(format_span(span))
    assert timedelta() <= span - read < (timedelta(hours=1) if span.days else timedelta(minutes=1))
    assert parse_duration(format_words(span)) == read


@pytest.mark.parametrize(
    ("seconds", "span", "words", "countdown"),
    [
        (0, "0s", "0 s", "00:00"),
        (38, "38s", "38 s", "00:38"),
        (462, "7m", "7 min", "07:42"),
        (3900, "1h 5m", "1 h 5 min", "1:05:00"),
        (4320, "1h 12m", "1 h 12 min", "1:12:00"),
        (3600, "1h", "1 h", "1:00:00"),
        (183_600, "2d 3h", "2 d 3 h", "51:00:00"),
        (-462, "-7m", "-7 min", "07:42"),
    ],
)
def test_spans_are_written(seconds: int, span: str, words: str, countdown: str) -> None:
    length = timedelta(seconds=seconds)
    assert format_span(length) == span
    assert format_words(length) == words
    assert format_countdown(length) == countdown


def test_moments_are_written_with_their_zone() -> None:
    moment = datetime(2026, 7, 1, 9, 10, 59, 999_999, tzinfo=UTC)
    assert format_clock(moment, BERLIN) == "11:10"
    assert format_stamp(moment, UTC) == "2026-07-01 09:10 UTC"
    assert format_stamp(moment, BERLIN) == "2026-07-01 11:10 CEST"
    assert format_iso(moment) == "2026-07-01T09:10:59Z"
    assert format_iso(datetime(33, 4, 3, 15, tzinfo=UTC)) == "0033-04-03T15:00:00Z"
    edge = datetime.max.replace(tzinfo=UTC)
    assert format_clock(edge, BERLIN) == "23:59"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10:45", "2026-11-21T10:45"),
        ("10:35", "2026-11-22T10:35"),
        ("10:45 utc", "2026-11-21T10:45"),
        ("+15m", "2026-11-21T10:55"),
        ("in 15 min", "2026-11-21T10:55"),
        ("15", "2026-11-21T10:55"),
        ("1h30m", "2026-11-21T12:10"),
        ("tomorrow 09:00", "2026-11-22T09:00"),
        ("2026-11-21 10:41", "2026-11-21T10:41"),
    ],
)
def test_a_time_ahead(text: str, wanted: str) -> None:
    assert parse_ahead(text, at("2026-11-21T10:40")) == at(wanted)


def test_a_span_ahead_counts_from_a_deadline() -> None:
    now, due = at("2026-11-21T10:40"), at("2026-11-21T11:00")
    assert parse_ahead("+15m", now, base=due) == at("2026-11-21T11:15")
    assert parse_ahead("10:50", now, base=due) == at("2026-11-21T10:50")


@pytest.mark.parametrize("text", ["-5m", "yesterday 10:00", "2026-11-21 10:40", "soon", "", "0"])
def test_a_time_that_is_not_ahead_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_ahead(text, at("2026-11-21T10:40"))


def test_a_wrong_time_ahead_is_told_the_forms_of_times_ahead() -> None:
    with pytest.raises(InvalidInputError, match=r"not a time; expected 10:45, \+15m"):
        parse_ahead("soonish", at("2026-11-21T10:40"))


def test_a_time_ahead_that_comes_twice_is_the_next_one() -> None:
    assert parse_ahead("02:30", at("2026-10-25T00:00"), BERLIN) == at("2026-10-25T00:30")
    assert parse_ahead("02:30", at("2026-10-25T00:45"), BERLIN) == at("2026-10-25T01:30")
    assert parse_ahead("02:30", at("2026-10-25T01:45"), BERLIN) == at("2026-10-26T01:30")


@given(MOMENTS, MOMENTS, ZONES)
def test_a_time_ahead_is_the_next_one_that_clocks_show(
    one: datetime, now: datetime, zone: tzinfo
) -> None:
    text = format_clock(one, zone)
    try:
        read = parse_ahead(text, now, zone)
    except InvalidInputError:
        return
    assert now < read < now + timedelta(hours=49)
    assert format_clock(read, zone) == text
