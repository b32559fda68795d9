"""Calendar files are read back by an independent reader, whatever the texts are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit.domain.calendar_file import OCTETS, CalendarEvent, write_calendar
from cockpit.domain.visible import make_visible

START = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
STAMP = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def made(**fields: object) -> CalendarEvent:
    given = {"uid": "a@b", "start": START, "minutes": 60, "summary": "Post-mortem INC-3", **fields}
    return CalendarEvent(**given)  # type: ignore[arg-type]


def read(text: str) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(text).events


def unfold(text: str) -> list[str]:
    """Read the file by the letter of RFC 5545, 3.1: a break and one space mean nothing."""
    return text.replace("\r\n ", "").split("\r\n")


def test_one_meeting_is_exactly_this() -> None:
    each = made(summary="Post-mortem INC-3: a, b; c\\d", description="One\nTwo", private=True)
    assert write_calendar([each], STAMP) == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
        "PRODID:-//Incident Cockpit//Post-mortem meetings//EN\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VEVENT\r\nUID:a@b\r\nDTSTAMP:20260304T120000Z\r\nDTSTART:20260311T140000Z\r\n"
        "DURATION:PT60M\r\nSUMMARY:Post-mortem INC-3: a\\, b\\; c\\\\d\r\n"
        "DESCRIPTION:One\\nTwo\r\nCLASS:PRIVATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


texts = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        [
            "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:another",
            "a\\nb \\, \\; \\\\",
            "ü" * 200,
            "👩‍🚒 fire " * 20,
            "\x1b]0;x\x07\u2028",
        ]
    ),
)


@given(texts, texts)
@example("é" * 33, "")
def test_any_text_comes_back(summary: str, description: str) -> None:
    text = write_calendar([made(summary=summary, description=description)], STAMP)
    (found,) = read(text)
    assert str(found["SUMMARY"]) == make_visible(summary, newlines=True)
    assert str(found.get("DESCRIPTION", "")) == make_visible(description, newlines=True)
    lines = text.encode().split(b"\r\n")
    assert lines.pop() == b""
    assert all(0 < len(line) <= OCTETS for line in lines)
    assert all(line.decode() for line in lines)
    assert sum(line == "BEGIN:VEVENT" for line in unfold(text)) == 1
    assert "\n" not in text.replace("\r\n", "")


@given(
    st.integers(1, 220_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(-14, 14),
    st.integers(5, 1440),
)
def test_times_are_the_same_moments(start: datetime, hours: int, minutes: int) -> None:
    at = start.astimezone(timezone(timedelta(hours=hours)))
    (found,) = read(write_calendar([made(start=at, minutes=minutes)], STAMP))
    assert found.decoded("DTSTART") == at
    assert found.decoded("DTSTART").utcoffset() == timedelta()
    assert found.decoded("DURATION") == timedelta(minutes=minutes)
    assert found.decoded("DTSTAMP") == STAMP


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_file_holds_every_meeting(count: int) -> None:
    events = [made(uid=f"{at}@b") for at in range(count)]
    found = read(write_calendar(events, STAMP))
    assert [str(each["UID"]) for each in found] == [each.uid for each in events]
