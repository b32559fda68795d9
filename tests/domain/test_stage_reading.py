"""Which stage each update of a real page was, and that the shipped templates can say it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.cadence import next_promise, situation
from cockpit.domain.rendering import render
from cockpit.domain.stage_reading import PageText, read_stages
from cockpit.domain.stages import STAGES, announced_status, promises_next
from cockpit.domain.statuspage import STATUSES, ParsedIncident
from cockpit.domain.statuspage_events import Known, additions
from cockpit.domain.templates import choose
from cockpit.domain.update_facts import gather_facts
from cockpit.domain.vocabulary import PublicStatus
from tests.domain.real_stages import HEADING, sampled, stages_of, table_rows
from tests.domain.shipped_texts import ROOT, default_playbook, shipped_templates
from tests.domain.statuspage_records import folded


def read(*updates: tuple[str, str]) -> tuple[str, ...]:
    return read_stages([PageText(*each) for each in updates])


def test_the_words_lead_where_the_status_stands_still() -> None:
    told = read(
        ("investigating", "We are looking into errors."),
        ("investigating", "We are still looking into errors."),
        ("investigating", "Search is now experiencing errors."),
        ("investigating", "We have identified the cause."),
        ("investigating", "As a workaround, please use the app."),
        ("investigating", "We will shift to a slower update cadence."),
        ("investigating", "A fix was deployed and we are monitoring the results."),
        ("investigating", "We continue to monitor recovery."),
        ("resolved", "This is resolved."),
    )
    assert told == (
        "first word",
        "no news",
        "scope",
        "identified",
        "workaround",
        "slower rhythm",
        "monitoring",
        "no news",
        "resolved",
    )


def test_the_status_leads_where_it_moves() -> None:
    told = read(
        ("identified", "A hard disk is full."),
        ("monitoring", "There is room again."),
        ("investigating", "There are errors once more."),
        ("resolved", "It works."),
        ("investigating", "It does not."),
        ("resolved", "Now it does."),
        ("postmortem", "What happened."),
    )
    assert told == (
        "identified",
        "monitoring",
        "reopened",
        "resolved",
        "reopened",
        "resolved",
        "published",
    )


def test_planned_work_is_read_by_its_own_words() -> None:
    told = read(
        ("scheduled", "We will replace a switch."),
        ("in_progress", "It has begun."),
        ("in_progress", "Half of it is done."),
        ("in_progress", "It takes longer than planned."),
        ("verifying", "It is done, we check."),
        ("completed", "It is finished."),
    )
    assert told == ("scheduled", "started", "no news", "extended", "monitoring", "done")


@given(
    st.lists(
        st.builds(PageText, st.sampled_from([*STATUSES, "of another page"]), st.text(max_size=60)),
        max_size=8,
    )
)
def test_every_update_has_a_stage(updates: list[PageText]) -> None:
    stages = read_stages(updates)
    assert len(stages) == len(updates)
    assert set(stages) <= set(STAGES)


def test_the_page_shows_what_is_read(samples: Path) -> None:
    page = (ROOT / "docs/templates.md").read_text("utf-8").split(HEADING)[1]
    rows = [line for line in page.splitlines() if line.startswith("| 20")]
    assert rows == table_rows(samples)


def test_every_stage_of_real_incidents_can_be_said(samples: Path) -> None:
    said = set()
    for parsed in sampled(samples):
        for stage, written in _said(parsed):
            assert written.unfilled == (), (parsed.record.id, stage, written.text)
            said.add(stage)
    assert said >= {"first word", "scope", "identified", "no news", "monitoring", "resolved"}


def test_the_sample_is_spread_over_its_years(samples: Path) -> None:
    years = {parsed.record.at.year for parsed in sampled(samples)}
    assert years == {2018, 2019, 2020}
    assert sum(len(stages_of(parsed)) for parsed in sampled(samples)) > 80


def _said(parsed: ParsedIncident):  # type: ignore[no-untyped-def]
    """Yield each update's stage and the text that the facts of the incident give for it."""
    events = additions(parsed, Known(), 1, "INC").events
    whole = folded(*events).view
    playbook, status = default_playbook(), PublicStatus.INVESTIGATING
    for update, stage in zip(parsed.ordered, stages_of(parsed), strict=True):
        status = PublicStatus(announced_status(stage, status) or status)
        view = replace(whole, status=status)
        promise = None
        if promises_next(stage):
            promise = next_promise(situation(view), playbook, "customers", update.at)
        facts = gather_facts(view, playbook, "customers", promise, update.at)
        template = choose(shipped_templates(), view.kind, stage, "customers")
        for channel in playbook.channels:
            yield stage, render(template, facts, channel)
