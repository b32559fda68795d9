"""Others on the same incident: seen in time, never in the way of what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cockpit.domain.clock import to_ms
from cockpit.domain.presence import section_doing, update_doing
from cockpit.domain.remotes import Remote
from cockpit.domain.sync_state import Contact, SyncState, WorkspaceState
from cockpit.domain.view import TimelineFilter
from cockpit.domain.wire import Presence, Role
from cockpit.service import updates
from cockpit.service.session import Session, open_session
from cockpit.service.sync_live import LiveSync
from tests.screens.incident_app import BEGIN, Stage

WS = "5" * 32
NOW = to_ms(BEGIN)
WRITES = update_doing("customers")


class StillSync(LiveSync):
    """How it stands is what a test says; what is told is kept."""

    def __init__(self, stage: Stage, role: Role = Role.EDITOR) -> None:
        super().__init__()
        self.stage = stage
        self.device = "a" * 8
        self.told: list[tuple[str, str, str]] = []
        self._hear: Callable[[], object] = lambda: None
        remote = Remote(WS, "https://sync.example", "server", "Payments", "me", role)
        stage.do(lambda session: session.store.remotes.put(remote))
        stage.do(lambda session: session.store.remotes.share(stage.inc, WS))
        self.now = WorkspaceState(
            *(WS, "Payments", remote.url, "me", role),
            contact=Contact.SYNCED,
            synced_at=NOW - 4_000,
        )

    @property
    def state(self) -> SyncState:
        return SyncState((self.now,))

    def begin(self, moved: Callable[[], object]) -> None:
        self._hear = moved

    def tell(self, ws: str, inc: str, doing: str) -> None:
        self.told.append((ws, inc, doing))

    def show(self, **facts: Any) -> None:
        """Let something about the exchange be new."""
        self.now = replace(self.now, **facts)
        self._hear()

    def present(self, *doing: str, since: int = NOW - 60_000, own: str = "") -> None:
        """Let ben be here, doing each of these on a device of its own; own: what I do."""
        inc = self.stage.inc
        mine = Presence("me", self.device, inc, own, NOW - 120_000, NOW)
        ben = [
            Presence("ben", f"b{place}" * 4, inc, each, since, NOW)
            for place, each in enumerate(doing)
        ]
        self.show(here=(mine, *ben))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "home")


def count(stage: Stage) -> int:
    return stage.do(lambda session: session.reads.timeline_count(stage.inc, TimelineFilter()))


def session_of(stage: Stage, author: str) -> Session:
    """Return a session of somebody else, as what they wrote would arrive."""
    session = open_session(stage.paths, stage.config, clock=stage.clock, author=author)
    remote = session.store.remotes.find(WS)
    if remote is not None:
        session.store.remotes.put(replace(remote, member=author))
    return session


def send_as(stage: Stage, author: str) -> None:
    """Mark an update to customers as sent by somebody else."""
    with session_of(stage, author) as session:
        updates.sent(session, updates.compose(session, stage.inc, audience="customers"))
        remote = session.store.remotes.find(WS)
        assert remote is not None
        session.store.remotes.put(replace(remote, member="me"))


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (160, 45)])
async def test_one_quiet_line_says_how_it_stands_and_who_is_here(
    stage: Stage, size: tuple[int, int]
) -> None:
    live = StillSync(stage)
    async with stage.show(size, live=live) as shown:
        live.present("")
        await shown.until(lambda: "ben here" in shown.text())
        assert "synced 4 s ago" in shown.text()
        before = shown.text().splitlines()
        live.show(contact=Contact.OFFLINE, since=NOW - 12 * 60_000, unsent=7)
        await shown.until(lambda: "offline 12 min, 7 to send" in shown.text())
        assert "ben here" not in shown.text()
        changed = [n for n, line in enumerate(shown.text().splitlines()) if line != before[n]]
        assert len(changed) == 1
        live.show(contact=Contact.REFUSED)
        await shown.until(lambda: "refused: ask for a new invite, 7 to send" in shown.text())


async def test_a_machine_that_shares_with_nobody_says_nothing_of_it(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        assert not shown.screen.together.shares
        assert shown.text().splitlines()[2].strip() == ""


async def test_an_incident_that_is_not_shared_says_so(stage: Stage) -> None:
    live = StillSync(stage)
    stage.do(lambda session: session.store._connection.execute("DELETE FROM place"))
    async with stage.show(live=live) as shown:
        await shown.until(lambda: "only on this machine" in shown.text())
        assert live.told == []


async def test_others_learn_what_is_looked_at_and_written(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        await shown.until(lambda: (WS, stage.inc, "") in live.told)
        await shown.press("3", "e", "x")
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, WRITES))
        await shown.press("escape", "4")
        await shown.until(lambda: shown.screen.postmortem_pane.section is not None)
        await shown.press("e")
        first = shown.screen.postmortem_pane.current
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, section_doing(first)))
        await shown.press("escape")
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, ""))
        await shown.press("q")
        await shown.until(lambda: live.told[-1] == ("", "", ""))


async def test_who_writes_is_seen_first_and_taken_over_with_a_key(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show((80, 24), live=live) as shown:
        await shown.press("3")
        await shown.until(lambda: bool(shown.screen.update_pane.chosen[0]))
        live.present(WRITES)
        await shown.until(lambda: "ben writes this update since 08:59" in shown.text())
        for key in ("e", "f4"):
            await shown.press(key)
            await shown.until(lambda: "K takes it over." in shown.text())
        assert not shown.screen.update_pane.is_writing
        await shown.press("K", "x")
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, WRITES))
        assert shown.screen.update_pane.text.startswith("x")


async def test_half_typed_text_stays_when_somebody_takes_over(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show((80, 24), live=live) as shown:
        await shown.press("3", "e", *"half a thou")
        pane = shown.screen.update_pane
        await shown.until(lambda: live.told[-1][2] == WRITES)
        before = (pane.text, pane.area.selection, pane.area.scroll_offset, pane.area.region)
        live.present(WRITES, own=WRITES)
        await shown.until(lambda: "ben took this update over." in shown.text())
        assert live.told[-1] == (WS, stage.inc, "")
        assert (pane.text, pane.area.selection, pane.area.scroll_offset, pane.area.region) == before
        await shown.press(*"ght")
        assert pane.text.startswith("half a thought")


async def test_whoever_was_cut_off_does_not_take_over_by_coming_back(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        await shown.press("3", "e", "x")
        await shown.until(lambda: live.told[-1][2] == WRITES)
        live.show(contact=Contact.OFFLINE, since=NOW)
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, ""))
        live.show(contact=Contact.SYNCED)
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, WRITES))
        live.show(contact=Contact.OFFLINE, since=NOW)
        await shown.until(lambda: live.told[-1] == (WS, stage.inc, ""))
        live.now = replace(live.now, contact=Contact.SYNCED)
        live.present(WRITES)
        await shown.until(lambda: "ben writes this update since you were cut off" in shown.text())
        assert live.told[-1] == (WS, stage.inc, "")


async def test_a_second_update_is_asked_about_before_it_is_recorded(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        await shown.press("3")
        await shown.until(lambda: bool(shown.screen.update_pane.chosen[0]))
        send_as(stage, "ben")
        await shown.until(lambda: len(shown.screen.view.messages) == 1)
        await shown.press("s")
        await shown.until(lambda: "ben sent an update to customers" in shown.text())
        await shown.press("1")
        await shown.pilot.pause()
        assert len(shown.screen.view.messages) == 1


async def test_an_update_by_a_clock_far_ahead_is_asked_about(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        live.show(skew_ms=3_600_000)
        await shown.press("3")
        await shown.until(lambda: bool(shown.screen.update_pane.chosen[0]))
        await shown.press("s")
        await shown.until(lambda: "Times in the text come from this clock" in shown.text())
        await shown.press("1")
        await shown.pilot.pause()
        assert shown.screen.view.messages == ()


async def test_who_writes_a_section_is_named_in_its_foot(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        await shown.press("4")
        await shown.until(lambda: shown.screen.postmortem_pane.section is not None)
        doing = section_doing(shown.screen.postmortem_pane.current)
        live.present(doing, doing)
        await shown.until(lambda: "ben writes here, too" in shown.text())
        live.present("")
        await shown.until(lambda: "here, too" not in shown.text())


@pytest.mark.parametrize("key", ["n", "S", "v", "s", "u", "h"])
async def test_a_reader_is_refused_before_anything_is_typed(stage: Stage, key: str) -> None:
    live = StillSync(stage, Role.READER)
    before = count(stage)
    async with stage.show((80, 24), live=live) as shown:
        await shown.until(lambda: "  reader" in shown.text().splitlines()[0])
        await shown.press(key)
        await shown.until(lambda: "You are a reader in “Payments”" in shown.text())
        assert shown.app.screen is shown.screen
        assert not shown.screen.entry_line.input.has_focus
    assert count(stage) == before


async def test_a_reader_cannot_click_into_the_line_and_filters_with_it(stage: Stage) -> None:
    live = StillSync(stage, Role.READER)
    async with stage.show((80, 24), live=live) as shown:
        await shown.until(lambda: shown.screen.together.reads_only)
        line = shown.screen.entry_line
        await shown.pilot.click(line.input)
        await shown.until(lambda: "You are a reader in “Payments”" in shown.text())
        assert not line.input.has_focus
        await shown.press("/", *"declared")
        await shown.until(lambda: shown.screen.shown == TimelineFilter("declared"))
        await shown.press("escape")
        await shown.until(lambda: shown.screen.shown == TimelineFilter())
        assert not line.input.has_focus
        live.show(role=Role.EDITOR)
        await shown.until(lambda: not shown.screen.together.reads_only)
        await shown.pilot.click(line.input)
        await shown.press(*"abc")
        assert line.entry_text == "abc"


async def test_a_reader_copies_an_update_without_a_note(stage: Stage, tmp_path: Path) -> None:
    live = StillSync(stage, Role.READER)
    before = count(stage)
    stage.config = replace(stage.config, clipboard_command=f"tee {tmp_path / 'clip'}")
    async with stage.show(live=live) as shown:
        await shown.until(lambda: shown.screen.together.reads_only)
        await shown.press("c")
        await shown.until(lambda: "Copied with tee" in shown.text())
    assert count(stage) == before


async def test_a_guest_sees_the_role_and_writes(stage: Stage) -> None:
    live = StillSync(stage, Role.GUEST)
    async with stage.show(live=live) as shown:
        await shown.until(lambda: "  guest" in shown.text().splitlines()[0])
        await shown.press("n", *"seen", "enter")
        await shown.until(lambda: "seen" in shown.texts)


async def test_a_wrong_clock_is_said_once(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        live.show(skew_ms=125_000)
        await shown.until(lambda: "clock is 2 min ahead of the server's" in shown.text())
        await shown.press("1")
        shown.app.screen.query_one("FooterLine").clear_notice()
        live.show(skew_ms=126_000)
        await shown.pilot.pause(0.1)
        assert "ahead of the server's" not in shown.text()


async def test_what_arrives_moves_nothing(stage: Stage) -> None:
    """S7: an update in the making, the cursor in it, the list and the selected entry stay."""
    live = StillSync(stage)
    stage.log(*(f"entry {number}" for number in range(60)))
    async with stage.show((120, 35), live=live) as shown:
        await shown.press("3", "e", *"half a tho", "escape", "1", *["k"] * 30)
        pane, view = shown.screen.update_pane, shown.screen.timeline_view
        selected, typed = view.entry, (pane.text, pane.area.selection)
        with session_of(stage, "ben") as session:
            remote = session.store.remotes.find(WS)
            assert remote is not None
            session.store.remotes.put(replace(remote, member="me"))
        stage.log("from elsewhere", "@08:00 long before")
        send_as(stage, "ben")
        live.present("", WRITES)
        await shown.until(lambda: bool(shown.screen.view and shown.screen.view.messages))
        await shown.until(lambda: "ben" in shown.text())
        assert view.entry == selected
        assert (pane.text, pane.area.selection) == typed


async def test_a_small_terminal_says_what_somebody_should_notice(stage: Stage) -> None:
    live = StillSync(stage)
    async with stage.show((70, 20), live=live) as shown:
        await shown.until(lambda: shown.screen.together.shares)
        assert "synced" not in shown.text()
        live.show(contact=Contact.REFUSED)
        await shown.until(lambda: "refused: ask for a new invite" in shown.text())


async def test_an_incident_is_shared_from_its_screen(stage: Stage) -> None:
    live = StillSync(stage)
    stage.do(lambda session: session.store._connection.execute("DELETE FROM place"))
    async with stage.show(live=live) as shown:
        await shown.until(lambda: "only on this machine" in shown.text())
        shown.screen.action_share()
        await shown.until(lambda: "Share this incident in a workspace" in shown.text())
        await shown.press("1")
        await shown.until(lambda: "Shared in “Payments”." in shown.text())
        assert stage.do(lambda session: session.reads.places.of(stage.inc)) == WS
        shown.screen.action_share()
        await shown.until(lambda: "is shared in “Payments” already" in shown.text())


async def test_a_reference_that_two_machines_gave_is_told_once(stage: Stage) -> None:
    from cockpit.domain.events import IncidentOpened
    from cockpit.store.database import NewEvent

    live = StillSync(stage)
    async with stage.show(live=live) as shown:
        await shown.until(lambda: shown.screen.together.shares)
        await shown.until(lambda: shown.app._references)
        opened = IncidentOpened("Declared elsewhere", "SEV2", 1, BEGIN)
        stage.do(lambda session: session.write(lambda _: [NewEvent("e" * 32, opened)]))
        await shown.until(lambda: "came from elsewhere with the number of INC-1" in shown.text())
        shown.app.screen.query_one("FooterLine").clear_notice()
        stage.log("something else")
        await shown.until(lambda: "something else" in shown.texts)
        assert "came from elsewhere" not in shown.text()
