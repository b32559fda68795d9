"""The post-mortem is drafted from facts, a person's text wins, and no fact is lost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.cadence_report import report
from cockpit.domain.envelope import Record
from cockpit.domain.events import ComponentChange, FieldSet
from cockpit.domain.fold import fold
from cockpit.domain.markdown import escape_cell
from cockpit.domain.playbook import Playbook, PostmortemForm, SectionForm
from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.postmortem import Facts, assemble_markdown, draft_section, sections
from cockpit.domain.view import PostmortemState, SectionText
from tests.domain.incident_events import entry, field, minutes, opened, record, update

DATA = Path(__file__).parents[2] / "data" / "playbook.toml"


def playbook() -> Playbook:
    return load_playbook(tomllib.loads(DATA.read_text(encoding="utf-8")), None)


def form(form_id: str) -> PostmortemForm:
    return next(each for each in playbook().forms if each.id == form_id)


def outage() -> list[Record]:
    return [
        opened(),
        entry(2, "alert received: 5xx above 5 %", minutes(1), entry_kind="observation"),
        field(3, "stage", "acknowledged", minutes(4)),
        field(4, "severity", "SEV1", minutes(10), reason="payments fail too", was="SEV2"),
        update(5, "We are looking into it.", minutes(12), next_at=minutes(30)),
        entry(6, "found memory_limit errors in service X", minutes(20), entry_kind="observation"),
        entry(7, "decided to revert", minutes(40), entry_kind="decision"),
        entry(8, "redeployed, works", minutes(55), entry_kind="action"),
        field(9, "stage", "worked-around", minutes(56)),
        field(10, "impact_text", "people cannot pay", minutes(57)),
        field(11, "cause", "a memory limit of service X", minutes(58)),
        update(12, "It works again.", minutes(60), status="resolved"),
        field(13, "status", "resolved", minutes(60)),
        field(14, "title", "Raise the limit", minutes(61), obj="act:1"),
        field(15, "owner", "payments team", minutes(61), obj="act:1"),
        field(16, "due", "2026-04-01", minutes(61), obj="act:1"),
    ]


def facts(*records: Record) -> Facts:
    folded = fold(records or outage())
    rules = playbook()
    now = minutes(90)
    return Facts(folded.view, folded.entries, rules, report(folded.view, rules, now), now)


def document(known: Facts, form_id: str = "internal", **texts: str) -> str:
    return assemble_markdown(known.view, form(form_id), texts, known)


def test_every_section_of_the_shipped_forms_is_drafted() -> None:
    known = facts()
    for form_id in ("internal", "public"):
        for section in form(form_id).sections:
            assert draft_section(section, known), section.id


def test_an_unknown_draft_is_empty() -> None:
    assert draft_section(SectionForm("other", "Other", "hint", "no-such-facts"), facts()) == ""


def test_the_summary_tells_how_it_was_detected_and_how_long_each_step_took() -> None:
    text = draft_section(form("internal").sections[0], facts())
    assert "alert received: 5xx above 5 %" in text
    for row in (
        "| Acknowledged | 2026-03-04 09:04 UTC | 4m |",
        "| First word to customers | 2026-03-04 09:12 UTC | 12m |",
        "| Contained | 2026-03-04 09:56 UTC | 56m |",
    ):
        assert row in text
    assert "| Resolved | 2026-03-04 10:00 UTC | 1h" in text


def test_what_was_noted_after_its_end_was_not_detected_then() -> None:
    over = FieldSet("status", "resolved", at=minutes(-500))
    late = facts(opened(at=minutes(-600)), record(2, over, at=minutes(1)))
    assert "| Detected |" not in draft_section(form("internal").sections[0], late)
    assert "| Declared |" in draft_section(form("internal").sections[0], late)


def test_a_cause_is_said_once_and_a_share_like_everywhere() -> None:
    known = facts(
        *outage(),
        field(17, "share", 9.0, minutes(62)),
        entry(18, "a leak", minutes(30), entry_kind="cause"),
        entry(19, "a memory limit of service X", minutes(58), entry_kind="cause"),
    )
    drafts = {each.id: draft_section(each, known) for each in form("internal").sections}
    assert drafts["root_cause"].count("a memory limit of service X") == 1
    assert "09:30 UTC cause: a leak" in drafts["root_cause"]
    assert "Share of customers 9 %" in drafts["impact"]


def test_the_internal_document_holds_every_fact_in_order_with_utc_times() -> None:
    text = document(facts())
    timeline = text[text.index("## Timeline") :]
    found = [
        timeline.index(fact)
        for fact in (
            "2026-03-04 09:01 UTC | observation | alert received: 5xx above 5 %",
            "2026-03-04 09:10 UTC | severity | Severity: SEV2 → SEV1 (payments fail too)",
            "We are looking into it.",
            "found memory_limit errors in service X",
            "2026-03-04 09:40 UTC | decision | decided to revert",
            "redeployed, works",
            "It works again.",
        )
    ]
    assert found == sorted(found)
    assert "people cannot pay" in text
    assert "a memory limit of service X" in text
    assert "- [ ] Raise the limit (prevent, owner: payments team, due: 2026-04-01)" in text


def test_a_persons_text_wins_over_the_draft_and_drops_no_fact() -> None:
    words = dict.fromkeys((each.id for each in form("internal").sections), "My own words.")
    text = document(facts(), **words)
    assert "How it was detected" not in text
    assert text.count("My own words.") == len(words)
    for fact in ("found memory_limit errors", "people cannot pay", "Raise the limit", "09:40 UTC"):
        assert fact in text


def test_starred_entries_are_the_timeline_and_the_full_one_follows() -> None:
    records = [*outage(), field(20, "star", True, minutes(70), obj=f"entry:{7:032x}")]
    text = document(facts(*records))
    chosen = text[text.index("## Timeline") : text.index("## Lessons learned")]
    assert "decided to revert" in chosen
    assert "alert received" not in chosen
    assert "redeployed, works" in text[text.index("## Full timeline") :]


def test_all_entries_stand_once_while_none_is_starred() -> None:
    text = document(facts())
    assert "## Full timeline" not in text
    assert text.count("| redeployed, works |") == 1


def test_a_long_timeline_is_cut_in_the_draft_and_whole_in_the_document() -> None:
    notes = [entry(100 + n, f"fact {n}.", minutes(n / 10)) for n in range(300)]
    text = document(facts(opened(), *notes))
    draft, full = text[text.index("## Timeline") :].split("## Full timeline")
    assert "101 more stand in the full timeline" in draft
    assert all(f"| fact {n}. |" in full for n in range(300))


def test_an_undone_entry_is_left_out_and_a_corrected_one_shows_its_new_text() -> None:
    records = [
        *outage(),
        field(20, "hidden", True, minutes(70), obj=f"entry:{7:032x}"),
    ]
    assert "decided to revert" not in document(facts(*records))


def test_a_palliative_resolution_says_that_a_fix_is_owed() -> None:
    resolution = next(each for each in form("internal").sections if each.id == "resolution")
    assert "definitive fix is still owed" in draft_section(resolution, facts())
    fixed = facts(*outage(), field(20, "stage", "fixed", minutes(59)))
    assert "still owed" not in draft_section(resolution, fixed)


def test_late_updates_are_a_lesson_and_stand_in_the_process_review() -> None:
    text = document(facts())
    assert "Customers waited too long" in text
    assert "| customers | 2 | 12m |" in text


def test_the_public_document_holds_nothing_internal_by_itself() -> None:
    text = document(facts(), "public")
    for internal in ("service X", "decided to revert", "INC-42", "SEV1", "Raise the limit"):
        assert internal not in text
    assert "We are looking into it." in text
    assert text.lower().count("sorry") + text.lower().count("apologise") >= 2


def test_sections_that_the_team_added_come_last_and_stay_internal() -> None:
    known = facts()
    added = SectionText("legal", "Legal", "z", "Nothing to report.")
    view = replace(known.view, postmortem=PostmortemState(sections=(added,)))
    known = replace(known, view=view)
    assert sections(view, form("internal"), known)[-1].written == "Nothing to report."
    assert "Nothing to report." in document(known)
    assert "Nothing to report." not in document(known, "public")


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_an_entry_of_any_text_stands_in_the_table_as_it_is(text: str) -> None:
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    known = facts(opened(), entry(2, clean, minutes(3)))
    assert f"| note | {escape_cell(clean)} |" in document(known)


@pytest.mark.parametrize("section", ["summary", "timeline", "lessons"])
def test_html_in_a_persons_text_is_shown_as_text(section: str) -> None:
    text = document(facts(), **{section: "**bold** <script>alert(1)</script>"})
    assert "<script" not in text
    assert "**bold**" in text


def test_an_incident_without_anything_but_its_title_makes_a_document() -> None:
    text = document(facts(opened(title="<img src=x>")))
    assert text.startswith("# INC-42: &lt;img src=x>")
    assert document(facts(opened()), "public").startswith("# Checkout fails")


def section_draft(known: Facts, name: str) -> str:
    return next(
        each.draft for each in sections(known.view, form("internal"), known) if each.id == name
    )


def test_every_duration_is_told_and_detection_is_the_first_observation() -> None:
    known = facts(*outage(), entry(20, "a customer calls", minutes(-3), entry_kind="observation"))
    rows = section_draft(known, "summary")
    for row in (
        "| Detected | 2026-03-04 08:57 UTC | 3m before |",
        "| Acknowledged | 2026-03-04 09:04 UTC | 4m |",
        "| First word to customers | 2026-03-04 09:12 UTC | 12m |",
        "| Contained | 2026-03-04 09:56 UTC | 56m |",
        "| Resolved | 2026-03-04 10:00 UTC | 1h |",
    ):
        assert row in rows


def test_what_was_tried_stands_in_the_steps_and_nowhere_twice() -> None:
    tried = [
        field(20, "title", "restart the cache", minutes(30), obj="do:1"),
        field(21, "owner", "ana", minutes(30), obj="do:1"),
        field(22, "state", "done", minutes(35), obj="do:1"),
        field(23, "helped", "no", minutes(35), obj="do:1"),
        field(24, "why", "same errors", minutes(35), obj="do:1"),
    ]
    known = facts(*outage(), *tried)
    line = "- ana: restart the cache (did not help: same errors)"
    assert line in section_draft(known, "steps")
    assert document(known).count(line) == 1
    written = document(known, steps="My own words.")
    assert written.count(line) == 1
    assert written.index("## What was tried") < written.index(line)


def test_updates_stand_with_their_times_audiences_and_promises() -> None:
    text = section_draft(facts(), "process_review")
    assert "| 2026-03-04 09:12 UTC | customers |  |  | 2026-03-04 09:30 UTC |" in text
    assert "| 2026-03-04 10:00 UTC | customers |  | resolved |  |" in text


def test_the_full_timeline_is_folded() -> None:
    records = [*outage(), field(20, "star", True, minutes(70), obj=f"entry:{7:032x}")]
    text = document(facts(*records))
    tail = text[text.index("## Full timeline") :]
    assert tail.startswith("## Full timeline\n\n<details>\n<summary>")
    assert tail.endswith("|\n\n</details>\n")
    assert tail.count("\n<details>") == 1


def test_an_action_item_that_a_persons_text_lists_is_not_listed_twice() -> None:
    line = "- [ ] Raise the limit (prevent, owner: payments team, due: 2026-04-01)"
    assert document(facts(), action_items=f"Agreed:\n\n{line}").count(line) == 1
    assert document(facts(), action_items="Agreed.").count(line) == 1


def test_a_text_that_tells_of_components_says_so() -> None:
    told = (
        ComponentChange("Checkout API", "partial_outage"),
        ComponentChange("Search", "operational"),
    )
    known = facts(opened(), update(2, "We look.", minutes(5), components=told))
    assert "customers (Checkout API: partial outage; Search: operational): We look." in document(
        known
    )
