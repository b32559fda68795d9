"""Lines of our own documents: each reading shows as that line again, and the facts choose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cockpit.domain.components import STATES
from cockpit.domain.exported_document import Row, read_exported, read_stamp
from cockpit.domain.exported_rows import read_changes, read_entry, read_opening
from cockpit.domain.exported_sections import read_item
from cockpit.domain.incident_markdown import checklist
from cockpit.domain.markdown import escape_cell
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import MessageState

AT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
ROLES = ("commander", "communications-lead")

CHANGES = [
    ("status", "Status: investigating → identified", "status", "identified"),
    ("status", "Stage: worked-around (a (nested) reason)", "stage", "worked-around"),
    ("severity", "Severity: SEV2 → SEV1 (it → got worse)", "severity", "SEV1"),
    ("impact", "Impact: high → unknown (undone)", "impact", ""),
    ("impact", "Share of customers: 9 % → 12.5 % (50 %)", "share", 12.5),
    ("note", "Start: 2026-03-04 08:47:13 UTC (| a |)", "started_at", "2026-03-04T08:47:13Z"),
    ("role", "Communications lead: ana → nobody", "role.communications-lead", ""),
    ("status", "Checkout: API: operational → partial outage", "component.Checkout: API", None),
    (
        "status",
        "Updates to customers paused until 2026-03-04 10:00 UTC (x)",
        "pause.customers",
        None,
    ),
    ("status", "Updates to customers paused (x)", "pause.customers", "open"),
    ("status", "Updates to support go on", "pause.support", ""),
    ("status", "Updates to core every 60 min from now on (x)", "rhythm.core", 60),
    ("status", "Next update to core back at the time promised before", "promise.core", ""),
    ("decision", "Closing check “meeting” waived: no: none", "waive.meeting", "no: none"),
]


@pytest.mark.parametrize(("kind", "text", "field", "value"), CHANGES)
def test_a_change_is_read(kind: str, text: str, field: str, value: object) -> None:
    first = read_changes(Row(AT, kind, text), ROLES)[0]
    assert first.f == field
    assert value is None or first.v == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("note", "Status: investigating → identified"),
        ("status", "Status: sleeping"),
        ("severity", "Severity: SEV9"),
        ("impact", "Share of customers: many"),
        ("decision", "revert"),
        ("status", "Checkout: down"),
    ],
)
def test_anything_else_is_an_entry(kind: str, text: str) -> None:
    row = Row(AT, kind, text)
    assert read_changes(row, ROLES) == []
    assert read_entry(row)[0].text == text


def test_a_text_that_went_out_is_one_again() -> None:
    text = (
        "Sent to customers by status-page, email as identified (next update by 2026-03-04 09:30 "
        "UTC) (Checkout: API: partial outage; Search: operational) (corrected): We: look."
    )
    entry, present = read_entry(Row(AT, "communication", text))
    assert entry.msg is not None
    assert (entry.msg.state, entry.msg.channels) == (MessageState.SENT, ("status-page", "email"))
    assert entry.msg.next_at == read_stamp("2026-03-04 09:30 UTC")
    told = {each.name: each.new for each in entry.msg.components}
    assert told == {"Checkout: API": "partial_outage", "Search": "operational"}
    assert set(told.values()) <= set(STATES)
    assert present == "We: look."
    assert read_entry(Row(AT, "communication", "Sent to nobody"))[0].msg is None


def test_the_declaration_is_read() -> None:
    found = read_opening(Row(AT, "note", "Declared SEV1, drill: a: b"))
    assert found is not None
    assert (found.severity, found.drill, found.title) == ("SEV1", True, "a: b")
    assert read_opening(Row(AT, "note", "Declared SEV7: a")) is None
    assert read_opening(Row(AT, "decision", "Declared SEV1: a")) is None


@pytest.mark.parametrize(
    "item",
    [
        ActionItem("", "Raise the limit", "ana", "2026-05-01", "debt"),
        ActionItem("", "A (prevent, owner: x, due: y)", "b, due: z", "", "detect", state="done"),
        ActionItem("", "", "", "", "", automate=True, link="https://x.y/1, z"),
        ActionItem("", "[a](javascript:b) | *c*", state="dropped", link="https://x.y"),
    ],
)
def test_an_action_item_is_read_from_its_line(item: ActionItem) -> None:
    line = checklist([item])
    found = read_item(line)
    assert found is None or checklist([found]) == line
    assert "javascript" in line or found is not None


DOCUMENT = """\
# INC-7: Checkout fails

Post-mortem: draft. Times are UTC.

| Fact | Value |
| --- | --- |
| Severity | SEV2 (Critical) |
| Status | investigating |
| Stage | detected |
| Started | 2026-03-04 09:00 UTC |
| Declared | 2026-03-04 09:00 UTC |

## Timeline

| Time | Kind | What |
| --- | --- | --- |
| 2026-03-04 09:00 UTC | note | Declared SEV2: Checkout fails |
"""


def test_a_document_of_ours_is_known() -> None:
    found = read_exported(DOCUMENT)
    assert found is not None
    assert (found.prefix, found.number, found.title) == ("INC", 7, "Checkout fails")
    assert [escape_cell(row.text) for row in found.rows] == ["Declared SEV2: Checkout fails"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("INC-7: ", ""),
        ("Times are UTC.", "Times are local."),
        ("| Severity |", "| Level |"),
        ("## Timeline", "Some words.\n\n## Timeline"),
        ("| note |", "| note | more |"),
        ("| 2026-03-04 09:00 UTC | note", "| 09:00 | note"),
        ("| Fact | Value |", "| What | Value |"),
    ],
)
def test_any_other_document_is_not(old: str, new: str) -> None:
    assert read_exported(DOCUMENT.replace(old, new)) is None
