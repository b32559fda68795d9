"""Entries are drawn, not mounted: a long timeline has as many widgets as a short one."""

from __future__ import annotations

from cockpit.domain.entry_grammar import ParsedEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.service import incidents, timeline
from tests.app.world import screen_lines


async def count_widgets(real, inc: str, last: str) -> int:
    app = real.app(incident=inc)
    async with app.run_test(size=(120, 35)) as pilot:
        for _ in range(200):
            await pilot.pause(0.02)
            if any(last in line for line in screen_lines(app)):
                break
        assert any(last in line for line in screen_lines(app))
        return len(app.screen.query("*"))


async def test_no_widget_is_mounted_for_an_entry(real):
    with real.open() as session:
        inc = incidents.declare(session, incidents.Declaration("Payments fail", "SEV2")).id
        timeline.log(session, inc, "the first of them")
    few = await count_widgets(real, inc, "the first of them")
    with real.open() as session:
        entries = [ParsedEntry(EntryKind.NOTE, None, f"line {place}", "") for place in range(500)]
        timeline.log_many(session, inc, entries)
    assert await count_widgets(real, inc, "line 499") == few
