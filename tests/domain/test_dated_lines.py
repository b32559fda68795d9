"""Written timelines as entries: the forms that people use, with days and zones right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.dated_lines import find_date, is_moment, read_dated_lines, stated_zone

DAY = date(2021, 5, 10)
CET = timezone(timedelta(hours=1))


def at(hour: int, minute: int, day: int = 10, second: int = 0) -> datetime:
    return datetime(2021, 5, day, hour, minute, second, tzinfo=UTC)


LINES = [
    ("- **16:58 UTC** - the writer is full", at(16, 58), "the writer is full"),
    ("* [08:47] a change is merged", at(8, 47), "a change is merged"),
    ("### 08:52 PM\nthe pages are stuck", at(20, 52), "the pages are stuck"),
    ("### 2021-05-10 07:42\n\nall launches fail", at(7, 42), "all launches fail"),
    ("- 09:15:04 UTC an edit was made", at(9, 15, second=4), "an edit was made"),
    ("12:45 PM PST Monday May 10th: first wave", at(20, 45), "first wave"),
    ("13:55 PM UTC Monday May 10th: the alarm fires", at(13, 55), "the alarm fires"),
    ("  - Fault occurs 2021-05-10 07:32", at(7, 32), "Fault occurs"),
    ("- Resolved at 2021-05-10 15:09 UTC", at(15, 9), "Resolved at"),
    ("| 2021-05-10 11:25 | deployed | by hand |", at(11, 25), "deployed | by hand"),
    ("| Mon | May 10 | 21:33 | a report |", at(21, 33), "a report"),
    ("10th May 2021, 09:00 +: it began", at(9, 0), "+: it began"),
    ("12:05 AM: midnight has passed", at(0, 5), "midnight has passed"),
]


@pytest.mark.parametrize(("line", "when", "text"), LINES, ids=[each[0] for each in LINES])
def test_the_time_of_a_line_is_read(line: str, when: datetime, text: str) -> None:
    (found,) = read_dated_lines(line, day=DAY)
    assert (found.at, found.text) == (when, text)


NOT_ENTRIES = [
    "It took 16:58 minutes.",
    "The ratio was 3:2 at best",
    "| Time | Event |\n| :--- | --- |",
    "### 2021-05-10",
    "- 25:61 is no time",
    "![graph](/images/10-31-2021.jpg)",
    "```\n2021-05-10 09:00 a line of a log\n```",
]


@pytest.mark.parametrize("text", NOT_ENTRIES)
def test_other_lines_make_no_entry(text: str) -> None:
    assert read_dated_lines(text, day=DAY) == ()


def test_what_follows_a_time_belongs_to_it() -> None:
    text = "- 09:00 first\n  goes on\n\n```\n09:30 a log\n```\n- 10:00 second\nhere too"
    first, second = read_dated_lines(text, day=DAY)
    assert first.text == "first\n  goes on\n\n```\n09:30 a log\n```"
    assert second.text == "second\nhere too"


def test_the_zone_of_the_heading_or_of_a_sentence_holds_for_all_times() -> None:
    (found,) = read_dated_lines("09:00 x", heading="Timeline (all times CET)", day=DAY)
    assert found.at == at(8, 0)
    (found,) = read_dated_lines("All times in PST.\n\n09:00 x", day=DAY)
    assert found.at == at(17, 0)
    (found,) = read_dated_lines("| Date and Time in CET | Event |\n|--|--|\n| 09:00 | x |", day=DAY)
    assert found.at == at(8, 0)
    (found,) = read_dated_lines("All times in PST.\n\n09:00 UTC x", day=DAY)
    assert found.at == at(9, 0)


def test_a_zone_that_is_not_the_same_everywhere_is_named() -> None:
    assert stated_zone("All times in IST") == (None, "IST")
    assert stated_zone("in production") == (None, "")


def test_a_time_much_earlier_than_the_line_before_is_the_next_days() -> None:
    found = read_dated_lines("- 23:50 a\n- 00:10 b\n- 00:05 out of order\n- 09:00 c", day=DAY)
    assert [each.at for each in found] == [at(23, 50), at(0, 10, 11), at(0, 5, 11), at(9, 0, 11)]


def test_a_date_holds_until_the_next() -> None:
    text = "### May 11th\n\n09:00 a\n\n### 2021-05-12 10:00\n\nb\n\n### 11:00\n\nc"
    found = read_dated_lines(text, day=DAY)
    assert [each.at for each in found] == [at(9, 0, 11), at(10, 0, 12), at(11, 0, 12)]


def test_a_day_whose_time_nobody_knows_is_kept() -> None:
    (found,) = read_dated_lines("| 2021-05-12 --:-- | many deployments |")
    assert (found.at, found.text) == (at(0, 0, 12), "many deployments")


def test_without_any_day_there_is_no_entry() -> None:
    assert read_dated_lines("- 09:00 x") == ()


DATES = [
    ("2017-10-17, Cluster Full", date(2017, 10, 17)),
    ("January 23rd, 2019 outage", date(2019, 1, 23)),
    ("Outage - September 29, 2025", date(2025, 9, 29)),
    ("On Friday 29 November 2019, we scaled", date(2019, 11, 29)),
    ("On 5. January we deployed", None),
    ("2020-02-30 and then 2020-03-01", date(2020, 3, 1)),
    ("no date", None),
]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_the_date_of_a_title_is_found(text: str, day: date | None) -> None:
    assert find_date(text) == day


def test_a_heading_may_be_nothing_but_a_time() -> None:
    assert is_moment("Feb 21, 13:00")
    assert not is_moment("Feb 21, 13:00 the fix")
    assert not is_moment("Summary")


EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 60 * 24 * 365 * 100).map(lambda each: EPOCH + timedelta(minutes=each))
FORMS = st.sampled_from(
    [
        "- **{:%Y-%m-%d %H:%M} UTC** - {}",
        "| {:%Y-%m-%d %H:%M} | {} |",
        "{:%H:%M} UTC {:%B %d, %Y}: {}",
        "### {:%Y-%m-%d %I:%M %p}\n{}",
        "* [{:%Y-%m-%d %H:%M:%S}] {}",
        "{:%d %B %Y} {:%H:%M} UTC - {}",
    ]
)


@given(MOMENTS, FORMS)
def test_every_time_comes_back_from_every_form(when: datetime, form: str) -> None:
    count = form.count("{") - 1
    (found,) = read_dated_lines(form.format(*[when] * count, "it happened"))
    assert (found.at, found.text) == (when, "it happened")


@given(st.text(alphabet=st.sampled_from("09:1-/ |*[]#\n`APMUTC.,Jan2021~>"), max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for each in read_dated_lines(text, heading=text[:40], day=DAY):
        assert each.at.tzinfo is UTC
