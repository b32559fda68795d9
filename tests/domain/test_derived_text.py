"""A person's own words for the status page, made fit for other channels."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.derived_text import derive
from cockpit.domain.playbook import Channel
from cockpit.domain.promise import promised_time
from cockpit.domain.sms import sms_segments
from tests.domain.shipped_texts import AT

PAGE = Channel("status-page", "Status page", primary=True)
EMAIL = Channel("email", "E-mail", subject=True)
SMS = Channel("sms", "SMS", limit=160, segment=160)
SOCIAL = Channel("social", "Social media", limit=280)
LINK = "https://status.example.com"
NEXT = AT + timedelta(minutes=28)
TEXT = (
    "Some card payments fail – we are sorry.\n\n"
    "We have found a release that holds connections open, and are rolling it back now. "
    * 3
    + "\n\nNext update by 09:40 UTC, or sooner if there is news."
)


def derived(channel: Channel, text: str = TEXT, link: str = LINK) -> str:
    return derive(text, channel, link=link, next_at=promised_time(text, AT), now=AT)


def test_a_channel_with_room_gets_the_words_and_the_link() -> None:
    assert derived(EMAIL) == f"{TEXT}\n\n{LINK}"
    assert derived(EMAIL, f"{TEXT} {LINK}") == f"{TEXT} {LINK}"
    assert derived(PAGE, link="") == TEXT


def test_a_narrow_channel_gets_the_beginning_the_promise_and_the_link() -> None:
    short = derived(SMS)
    assert short.startswith("Some card payments fail - we are sorry. We have found")
    assert short.endswith(f"... Next update by 09:40 UTC. {LINK}")
    assert sms_segments(short) == 1
    assert len(derived(SOCIAL)) <= 280
    assert derived(SMS, "Payments fail. Next update by 09:40 UTC.", "") == (
        "Payments fail. Next update by 09:40 UTC."
    )


def test_a_text_without_a_promise_gets_none() -> None:
    assert "ext update" not in derived(SMS, "It is over. " * 30)


@given(st.text(max_size=600), st.sampled_from([SMS, SOCIAL]), st.sampled_from(["", LINK]))
def test_it_fits_whatever_was_written(text: str, channel: Channel, link: str) -> None:
    short = derive(text, channel, link=link, next_at=NEXT, now=AT)
    if channel.segment and text.isascii():
        assert sms_segments(short) == 1
    if not channel.segment:
        assert len(short) <= channel.limit
    if link:
        assert link in short
    if len(short) < len(" ".join(text.split())):
        assert "Next update by 09:40 UTC." in short
