"""The next update time is read out of the text itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.promise import promised_time

NOW = datetime(2026, 3, 4, 23, 50, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Next update by 23:58 UTC.", NOW.replace(minute=58, second=0)),
        ("Next update by 00:10 UTC, or sooner.", datetime(2026, 3, 5, 0, 10, tzinfo=UTC)),
        ("next update: by 2026-03-06 07:00 UTC", datetime(2026, 3, 6, 7, 0, tzinfo=UTC)),
        ("You will hear from us within 30 minutes.", NOW + timedelta(minutes=30)),
        ("Next update in 1 hour", NOW + timedelta(hours=1)),
        ("Next update by 27:99 UTC", None),
        ("We are investigating.", None),
        ("It was fixed by 23:58 UTC.", None),
    ],
)
def test_promises_are_read(text: str, at: datetime | None) -> None:
    assert promised_time(text, NOW) == at


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    promised_time(text, NOW)
