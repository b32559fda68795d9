"""The thread that customers read, put together from what was sent to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Message
from cockpit.domain.public_thread import public_thread, thread_text
from cockpit.domain.view import OutgoingMessage
from cockpit.domain.vocabulary import MessageState
from tests.domain.shipped_texts import AT, make_view

PAGE = "status-page"


def message(
    minutes: int,
    text: str,
    stage: str = "investigating",
    *,
    state: MessageState = MessageState.SENT,
    audience: str = "customers",
    channels: tuple[str, ...] = (PAGE,),
    next_at: datetime | None = None,
    corrected: bool = False,
) -> OutgoingMessage:
    msg = Message(state, audience, channels, stage, "", next_at)
    at = AT + timedelta(minutes=minutes)
    return OutgoingMessage(f"{minutes}{text}", at, "ana", text, msg, corrected)


def texts(*messages: OutgoingMessage) -> list[str]:
    return [each.text for each in public_thread(make_view(messages=messages), PAGE)]


def test_newest_first_with_times_in_utc_and_status_words() -> None:
    view = make_view(
        messages=(
            message(0, "We look into it.", "first word"),
            message(20, "It is the database.", "identified", corrected=True),
            message(50, "Still on it.", "no news"),
            message(90, "It is over.", "resolved"),
        )
    )
    assert thread_text("Checkout fails", public_thread(view, PAGE)) == (
        "Checkout fails\n"
        "\nResolved - 2026-11-21 10:42 UTC\nIt is over.\n"
        "\nIdentified - 2026-11-21 10:02 UTC\nStill on it.\n"
        "\nIdentified - 2026-11-21 09:32 UTC (corrected)\nIt is the database.\n"
        "\nInvestigating - 2026-11-21 09:12 UTC\nWe look into it.\n"
    )


def test_only_what_was_sent_to_customers_stands_there() -> None:
    assert texts(
        message(0, "one"),
        message(1, "copied", state=MessageState.COPIED),
        message(2, "inside", audience="executives"),
    ) == ["one"]


def test_what_other_channels_repeat_is_left_out_and_what_they_alone_said_is_not() -> None:
    promise = AT + timedelta(minutes=30)
    page = message(0, "whole", next_at=promise)
    sms = message(1, "short", channels=("sms",), next_at=promise)
    assert texts(page, sms) == ["whole"]
    assert texts(sms, page) == ["whole"]
    alone = message(40, "by SMS alone", "identified", channels=("sms",))
    assert texts(page, sms, alone) == ["by SMS alone", "whole"]
    imported = message(0, "imported", channels=())
    assert texts(imported) == ["imported"]


def test_planned_work_has_words_of_its_own() -> None:
    found = public_thread(
        make_view(
            kind="planned",
            messages=tuple(
                message(at, stage, stage)
                for at, stage in enumerate(("scheduled", "started", "done"))
            ),
        ),
        PAGE,
    )
    assert [each.status for each in found] == ["completed", "in progress", "scheduled"]


@given(st.lists(st.tuples(st.integers(0, 500), st.text(max_size=20)), max_size=12))
def test_nothing_sent_by_the_primary_channel_is_left_out(sent: list[tuple[int, str]]) -> None:
    ordered = sorted(sent, key=lambda each: each[0])
    found = texts(*(message(at, text) for at, text in ordered))
    assert found == [text for _, text in reversed(ordered)]
