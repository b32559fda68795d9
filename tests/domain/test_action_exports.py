"""Action items in other places: nothing lost, nothing run, nobody called by accident."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cockpit.domain.action_exports import (
    FORMATS,
    GITHUB_TITLE,
    JIRA_SUMMARY,
    ExportWishes,
    export_items,
)
from cockpit.domain.action_items import IncidentItem
from cockpit.domain.csv_cells import unguard
from cockpit.domain.view import ActionItem
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Severity
from cockpit.errors import InvalidInputError

TODAY = date(2026, 3, 4)
WISHES = ExportWishes(TODAY, labels=("incident",))
HOSTILE = (
    '=HYPERLINK("http://x")',
    "+1",
    "-5 % errors",
    "@ana look at #7",
    "＝1+1",
    "\t=1",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1)) ![](http://x/y.png)",
    "- [x] # done | cell",
    "\x1b]0;title\x07 \u202e reversed",
    "{code} [~ana] !image.png!",
    "line\r\nbreak",
    "'=1",
    "",
)


def made(title: str = "Alert sooner", **fields: object) -> IncidentItem:
    known = {name: fields.pop(name) for name in ("incident", "private", "drill") if name in fields}
    item = ActionItem("3f2a1b", title, **fields)  # type: ignore[arg-type]
    given = {"incident": "Checkout fails", **known}
    return IncidentItem(item, "ab" * 16, "INC-3", 3, severity=Severity.SEV2, **given)  # type: ignore[arg-type]


FULL = made(
    owner="@ana, ben", due="2026-03-01", kind="debt", automate=True, link="https://x.example/7?a=b"
)


def table(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), strict=True))


def test_a_checklist_says_all_of_an_item() -> None:
    done = made("Drop it", state="dropped")
    text = export_items([FULL, done], "markdown", WISHES)
    assert text == (
        "# Action items\n\n## INC-3 Checkout fails\n\n"
        "- [ ] Alert sooner (INC-3, technical debt, owner: @ana, ben, due: 2026-03-01, "
        "to automate) <https://x.example/7?a=b>\n"
        "- [x] Drop it (INC-3, prevent, owner: nobody yet, due: no date yet, dropped)\n"
    )
    assert "## Overdue\n" in export_items([FULL], "markdown", ExportWishes(TODAY, by="due"))
    assert "No action items." in export_items([], "markdown", WISHES)


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_a_checklist_runs_nothing(text: str) -> None:
    shown = export_items([made(text, owner=text, link=text, incident=text)], "markdown", WISHES)
    tokens = MarkdownIt("gfm-like").parse(shown)
    inline = [child for token in tokens for child in token.children or []]
    assert sum(token.type == "list_item_open" for token in tokens) == 1
    assert not {"html_inline", "image", "code_inline", "html_block"} & {
        each.type for each in (*tokens, *inline)
    }
    for link in (each for each in inline if each.type == "link_open"):
        assert re.match(r"(https?|mailto):", str(link.attrs["href"]))


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_the_table_comes_back_as_it_was_and_calculates_nothing(text: str) -> None:
    item = made(text, owner=text, link=text, incident=text)
    header, row = table(export_items([item], "csv", WISHES))
    found = dict(zip(header, row, strict=True))
    for name in ("title", "owner", "link", "incident_title"):
        assert unguard(found[name]) == make_visible(text)
    assert not any(cell[:1] in tuple("=+-@\t\r＝＋－＠") for cell in row if cell)


def test_the_table_has_what_a_list_has() -> None:
    header, row = table(export_items([FULL], "csv", WISHES))
    assert dict(zip(header, row, strict=True)) == {
        "id": "3f2a1b",
        "title": "Alert sooner",
        "kind": "debt",
        "owner": "'@ana, ben",
        "due": "2026-03-01",
        "state": "open",
        "automate": "yes",
        "link": "https://x.example/7?a=b",
        "incident": "INC-3",
        "incident_title": "Checkout fails",
        "severity": "SEV2",
        "drill": "",
        "days_late": "3",
    }


def test_json_is_the_items() -> None:
    (found,) = json.loads(export_items([FULL], "json", WISHES))
    assert found["owners"] == ["ana", "ben"]
    assert (found["overdue"], found["days_late"], found["ref"]) == (True, 3, "INC-3")


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=400)))
def test_github_takes_every_issue(text: str) -> None:
    (issue,) = json.loads(export_items([made(text, owner=text, link=text)], "github", WISHES))
    assert list(issue) == ["title", "body", "labels"]
    assert 0 < len(issue["title"]) <= GITHUB_TITLE
    assert "\n" not in issue["title"]
    assert not re.search(r"@\w|(?<!&)#\d", re.sub(r"<https?://[^>]*>", "", issue["body"]))
    assert issue["labels"] == ["incident", "prevent", "sev2"]
    inline = [
        each
        for token in MarkdownIt("gfm-like").parse(issue["body"])
        for each in token.children or []
    ]
    assert not {"html_inline", "image"} & {each.type for each in inline}


def test_a_github_issue_says_where_it_comes_from() -> None:
    (issue,) = json.loads(export_items([FULL], "github", WISHES))
    assert issue["title"] == "Alert sooner"
    assert issue["body"].splitlines() == [
        "Left behind by INC-3 Checkout fails (SEV2)",
        "",
        "- Kind: technical debt",
        "- Owner: ana, ben",
        "- Due: 2026-03-01",
        "- To automate: yes",
        "- Link: <https://x.example/7?a=b>",
        "- Id: 3f2a1b",
    ]
    assert issue["labels"] == ["incident", "debt", "sev2"]


def test_a_title_that_is_too_long_stands_whole_in_the_body() -> None:
    long = "word " * 80
    (issue,) = json.loads(export_items([made(long)], "github", WISHES))
    assert len(issue["title"]) == GITHUB_TITLE
    assert long.strip() in issue["body"]
    _, row = table(export_items([made(long)], "jira", WISHES))
    assert len(row[0]) == JIRA_SUMMARY
    assert long.strip() in row[1]


def test_jira_gets_its_columns() -> None:
    rows = table(export_items([FULL, made(due="soon")], "jira", WISHES))
    assert rows[0] == [
        "Summary",
        "Description",
        "Due Date",
        "Labels",
        "Labels",
        "Labels",
        "Assignee",
    ]
    assert rows[1][0] == "Alert sooner"
    assert rows[1][2:] == ["2026-03-01", "incident", "debt", "sev2", "ana"]
    assert rows[1][1].startswith(
        "Left behind by INC-3 Checkout fails (SEV2). Kind: technical debt."
    )
    assert rows[2][2:] == ["", "incident", "prevent", "sev2", ""]


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300)))
def test_jira_gets_plain_cells(text: str) -> None:
    header, row = table(export_items([made(text, owner=text, incident=text)], "jira", WISHES))
    assert len(row) == len(header)
    assert 0 < len(row[0].removeprefix("'")) <= JIRA_SUMMARY
    assert not re.search(r"(?<!\\)[{\[]", row[1])
    assert not any(cell[:1] in tuple("=+-@\t\r＝＋－＠") for cell in row if cell)


@pytest.mark.parametrize("form", ["github", "jira"])
def test_a_private_incident_keeps_its_title_to_itself(form: str) -> None:
    text = export_items([made(incident="Secret takeover", private=True)], form, WISHES)
    assert "INC-3" in text
    assert "Secret" not in text


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(InvalidInputError, match=r"markdown.*jira") as told:
        export_items([], "gitub", WISHES)
    assert told.value.hint == "Did you mean github?"
    for form in FORMATS:
        assert export_items([], form, WISHES)
