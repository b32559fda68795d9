"""Quiet hours agree with somebody who looks at the clock on the wall every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit.domain.quiet_hours import find_hours, parse_clock, parse_hours, parse_zone
from cockpit.errors import InvalidInputError

ZONES = ("", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda each: f"{each // 60:02}:{each % 60:02}")
NIGHTS = st.sampled_from(
    [
        datetime(2026, 3, 29, tzinfo=UTC),  # clocks put forward in Europe
        datetime(2026, 10, 25, tzinfo=UTC),  # and back
        datetime(2026, 11, 1, tzinfo=UTC),  # back in North America
        datetime(2026, 4, 4, 12, tzinfo=UTC),  # half an hour back on Lord Howe Island
        datetime(2026, 6, 15, tzinfo=UTC),
    ]
)
MOMENTS = st.builds(
    lambda night, seconds: night + timedelta(seconds=seconds), NIGHTS, st.integers(-86400, 86400)
)


def is_quiet(at: datetime, start: str, end: str, zone: str) -> bool:
    """Read the clock on the wall."""
    shown = f"{at.astimezone(ZoneInfo(zone or 'UTC')):%H:%M}"
    return start <= shown < end if start < end else shown >= start or shown < end


@given(MOMENTS, CLOCKS, CLOCKS, st.sampled_from(ZONES))
@example(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "22:00", "02:30", "Europe/Berlin")
@example(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), "22:00", "02:30", "Europe/Berlin")
def test_they_end_when_the_wall_says_so(at: datetime, start: str, end: str, zone: str) -> None:
    hours = find_hours(start, end, zone)
    if start == end:
        assert hours is None
        return
    assert hours is not None
    assert hours.hold(at) == is_quiet(at, start, end, zone)
    expected = None
    if is_quiet(at, start, end, zone):
        minute = at.replace(second=0, microsecond=0)
        while is_quiet(minute, start, end, zone):
            minute += timedelta(minutes=1)
        expected = minute
    assert hours.end_of(at) == expected


@pytest.mark.parametrize(
    "text", ["22:00-07:00", "22-7", " 22:00 – 7:00 ", "22:00 to 07:00", "22h00-7h", "22.00-07.00"]
)
def test_they_are_read_as_people_write_them(text: str) -> None:
    assert parse_hours(text) == ("22:00", "07:00")


@pytest.mark.parametrize("text", ["", " ", "none", "-"])
def test_none_are_none(text: str) -> None:
    assert parse_hours(text) == ("", "")


@pytest.mark.parametrize(
    "text", ["22:00", "22:00-", "25:00-07:00", "07:00-07:00", "night", "1-2-3"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_hours(text)


@given(st.text(max_size=12))
def test_any_text_is_a_clock_or_refused(text: str) -> None:
    try:
        shown = parse_clock(text)
    except InvalidInputError:
        return
    assert shown == "" or (len(shown) == 5 and "00:00" <= shown <= "23:59")


def test_zones_by_the_names_of_places() -> None:
    assert parse_zone("europe/berlin") == "Europe/Berlin"
    assert parse_zone("utc") == parse_zone("") == ""
    with pytest.raises(InvalidInputError, match="Did you mean Europe/Berlin"):
        parse_zone("Europe/Berln")
    with pytest.raises(InvalidInputError, match="expected UTC"):
        parse_zone("CET")


def test_a_card_of_another_device_never_stops_the_board() -> None:
    assert find_hours("late", "07:00", "") is None
    assert find_hours("22:00", "", "") is None
    odd = find_hours("22:00", "07:00", "Moon/Base")
    assert odd is not None
    assert odd.zone is UTC


@pytest.mark.parametrize("name", ["a; b", "; expected", "x; expected y"])
def test_a_wrong_zone_is_quoted_whole(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_zone(name)
    assert refused.value.message == (
        f"“{name}” is not a zone; expected UTC or a name like Europe/Berlin."
    )
