"""At red and with nothing new: one key copies, one marks sent; a quadrant is told with two."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import open_session
from cockpit.service.updates import compose, sent
from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux_terminal import Terminal


def send_an_hour_ago(home: Path) -> None:
    """Leave an incident whose customers were told twice, and wait for the next update since."""
    begun = datetime.now(UTC) - timedelta(minutes=60)
    with open_session(Paths(home, home), Config(author="ops"), clock=lambda: begun) as session:
        inc = declare(session, Declaration("Checkout fails", "SEV2")).id
        sent(session, compose(session, inc))
        sent(session, compose(session, inc, stage="investigating"))


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 35)])
def test_no_news_takes_two_keys_and_restarts_the_countdown(
    open_terminal: OpenTerminal, home: Path, width: int, height: int
) -> None:
    send_an_hour_ago(home)
    terminal = open_terminal(width, height)
    terminal.start("INC-1")
    terminal.wait_for("overdue", "Nothing new for customers?")
    terminal.press("N")
    terminal.wait_for("Copied with tmux")
    copied = terminal.buffer()
    assert "There is nothing new to report yet" in copied
    assert "Next update by" in copied
    terminal.press("s")
    terminal.wait_for("Marked sent to customers")
    check_told(terminal, copied)
    terminal.press("2")
    terminal.wait_for("Manage closely", "Told all")
    terminal.press("T")
    terminal.wait_for("told at")
    terminal.press("C-q")
    terminal.wait_over()


def check_told(terminal: Terminal, copied: str) -> None:
    """Compare what was recorded with what was copied, and look at the countdown."""
    shown = json.loads(terminal.cockpit("show", "INC-1", "--json"))
    last = shown["messages"][-1]
    assert (last["msg"]["state"], last["msg"]["stage"]) == ("sent", "no news")
    assert last["text"].strip() == copied.strip()
    customers = next(each for each in shown["audiences"] if each["audience"] == "customers")
    assert customers["state"] == "on-time"
    assert customers["last_at"] == last["at"]
    terminal.wait_gone("overdue", "Nothing new for customers?")
