"""cState pages become incidents with their updates, and nothing of a page is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cstate import parse_pages
from cockpit.errors import ImportRefusedError
from tests.domain.cstate_pages import NAME, NOW, incident, page, parse, rebuild, told

AT = datetime(2025, 6, 1, 10, tzinfo=UTC)


def test_a_page_becomes_an_incident() -> None:
    found = incident("We look into it.")
    assert (found.id, found.title, found.at) == (NAME, "Payments are slow", AT)
    assert (found.severity, found.impact) == ("SEV3", "medium")
    assert (found.status, found.stage) == ("resolved", "resolved")
    assert found.ended_at == AT + timedelta(hours=2)
    (entry,) = found.entries
    assert (entry.at, entry.text, entry.status) == (AT, "We look into it.", "")
    assert entry.msg is not None
    assert (entry.msg.audience, entry.msg.channels) == ("customers", ("status-page",))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, ""),
        ({"title": "Maintenance of payments"}, "planned"),
        ({"informational": "true"}, "planned"),
    ],
)
def test_planned_work_is_known_by_its_words(fields: dict[str, str], kind: str) -> None:
    assert incident(**fields).kind == kind


def test_an_open_page_stays_open() -> None:
    found = incident("*Monitoring* - Watching.", resolved="false", resolvedWhen="")
    assert (found.status, found.stage, found.ended_at) == ("monitoring", "", None)
    assert incident("We look.", resolved="", resolvedWhen="").status == "investigating"


def test_the_shortcode_divides_and_dates_updates() -> None:
    body = (
        '*Resolved* - All good. {{< track "2025-06-01 12:00:00" >}}\n\n'
        "**Half is back**:\nOne more to go.\n"
        '{{< track "2025-06-01T13:30:00+02:00" >}}\n\n'
        '*Investigating* - We look into it.\n\nMore soon. {{< track "2025-06-01T10:05:00Z" >}}\n'
    )
    assert told(body) == [
        ("10:05", "investigating", "We look into it.\n\nMore soon."),
        ("11:30", "", "**Half is back**:\nOne more to go."),
        ("12:00", "resolved", "All good."),
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("[Initial Message]", "[Final Message]"),
        ("[open]", "[close]"),
        ("[Opening Incident]", "[Closing Incident]"),
        ("[Initial message]  ", "[End of outage message]"),
        ("*Just began* -", "*Resolved* -"),
    ],
)
def test_first_and_last_words_have_the_times_of_the_page(first: str, last: str) -> None:
    expected = [("10:00", "investigating", "Slow."), ("12:00", "resolved", "Good.")]
    assert told(f"{last} Good.\n\n{first} Slow.\n") == expected
    assert told(f"\n{first} Slow.\n\n{last} Good.\n") == expected


def test_headings_tell_their_time() -> None:
    body = (
        "**Update at 2025-06-02 11:20 UTC**\n\nBack.\n\n"
        "**2025-06-01 16:00:00**\n\nStill slow.\n\n"
        "[Update 1st of June 2025 - 15:30 UTC]\nWe found it.\n\n"
        "**Update 2025-06-01 11:58 UTC\n\nNot closed by its stars.\n\n"
        "[Initial Message]\nSlow.\n"
    )
    assert [each[0] for each in told(body, resolved="", resolvedWhen="")] == [
        *("10:00", "11:58", "15:30", "16:00", "11:20"),
    ]
    assert told(body)[2] == ("15:30", "resolved", "We found it.")


def test_words_before_a_later_update_are_the_first_message() -> None:
    body = "We look into it.\n\n**2025-06-01T12:00:00-00:00**\n\nSolved.\n"
    assert told(body) == [("10:00", "", "We look into it."), ("12:00", "resolved", "Solved.")]


def test_what_cannot_be_dated_stays_with_the_older_update() -> None:
    body = "[Final message]\nGood.\n\n[edit]\nSee the ticket.\n\n[Initial message]\nSlow.\n"
    assert told(body) == [
        ("10:00", "investigating", "[edit]\nSee the ticket.\n\n[Initial message]\nSlow."),
        ("12:00", "resolved", "Good."),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "[Ticket](https://example.org) tells more.",
        "- [api] is slow\n- [web] is not",
        "* 10:05 UTC - restarted\n* 10:10 UTC - again",
        "```\n[Final message]\n**2025-06-01 11:00:00**\n```\nThat is what it logs.",
        "**Note** that resolved issues are listed.",
        "*2025-06-01: a day without a time*\n\nMore.",
    ],
)
def test_other_forms_do_not_divide_a_page(body: str) -> None:
    assert told(body) == [("10:00", "", body)]


def test_comments_are_kept_but_not_told() -> None:
    body = "<!-- [Final message]\nnever said -->\n[Initial message]\n<!-- no check -->\nSlow.\n"
    found = incident(body)
    assert [each.text for each in found.entries] == ["Slow."]
    assert rebuild(found) == page(body)


def test_a_page_that_ends_before_it_begins_is_not_believed() -> None:
    body = "[Final message]\nGood.\n\n[Initial message]\nSlow.\n"
    pages = parse(page(body, resolvedWhen="2025-05-30 12:00:00Z"))
    (found,) = pages.incidents
    assert (found.at, found.ended_at) == (AT, AT)
    assert [each.text for each in found.entries] == ["Slow.", "Good."]
    assert pages.notes == ("Resolved before the beginning, so its time counts: 1 file.",)


def test_times_without_a_zone_are_utc_and_named() -> None:
    pages = parse(page(date="2025-06-01 10:00:00"), page(date="2025-06-01T10:00:00+02:00"))
    assert {each.at.hour for each in pages.incidents} == {10, 8}
    assert pages.notes == ("Times without a zone were read as UTC: 1 file.",)


def test_what_is_no_incident_is_left_out_by_name() -> None:
    pages = parse(
        page("Welcome.", section="page"),
        page(draft="true"),
        page(date="2027-01-01 10:00:00Z", resolvedWhen=""),
        page("Slow."),
    )
    assert len(pages.incidents) == 1
    assert pages.left_out == (
        f"1 file, a draft (1-{NAME})",
        f"1 file, still to come (2-{NAME})",
        f"1 file, no incident ({NAME})",
    )


def test_older_sites_write_toml() -> None:
    text = '+++\ntitle = "Slow"\ndate = 2025-06-01T10:00:00Z\nresolved = false\n+++\nWe look.'
    (found,) = parse(text).incidents
    assert (found.title, found.at, found.status) == ("Slow", AT, "investigating")
    assert rebuild(found) == text


def test_promises_in_the_texts_count_from_the_update() -> None:
    (entry,) = incident("We will provide an update in 30 minutes.").entries
    assert entry.msg is not None
    assert entry.msg.next_at == AT + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no front matter"),
        ("Hello.", "no front matter"),
        ("---\ntitle: x", "no end"),
        ("---\ntitle: [x\n---\n", "not valid YAML"),
        ("---\n- x\n---\n", "names no fields"),
        ("---\ntitle: a\ntitle: b\n---\n", "“title” twice"),
        ("---\na: &x [1]\nb: *x\n---\n", "anchors or aliases"),
        ("---\na: " + "[" * 2000 + "\n---\n", "nested too deeply"),
        ("---\n? [a]\n: b\n---\n", "a list for a name"),
        (f"---\na: {'x' * 70_000}\n---\n", "longer than"),
        ("---\n\x00\n---\n", "not valid YAML"),
        ("+++\ntitle = \n+++\n", "not valid TOML"),
        (f"+++\na = {'[' * 2000}\n+++\n", "TOML"),
        (page(title=""), "no title"),
        (page(date=""), "date is missing"),
        (page(date="yesterday"), "date “yesterday” is no time"),
        (page(date="2025-02-30 10:00:00"), "is no time"),
        (page(date="0001-01-01 10:00:00"), "date is 0001-01-01"),
        (page(date="[a, b]"), "date is not a text"),
        (page(severity="awful"), "“awful” is not a severity"),
        (page(resolvedWhen="2999-01-01 10:00:00"), "resolvedWhen is 2999-01-01"),
        (page("**2026-03-20 10:00:00**\nHello."), "the time of an update is 2026-03-20"),
    ],
)
def test_wrong_pages_are_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        parse(text)
    assert NAME in str(refused.value)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 600


def test_a_page_that_is_no_text_is_refused() -> None:
    with pytest.raises(ImportRefusedError, match="no UTF-8"):
        parse_pages({NAME: b"---\n\xff\n---\n"}, NOW)


LINES = st.sampled_from(
    (
        *("[Final message]", "[Initial message] Slow.", "[edit]", "**2025-06-01 11:00:00**", ""),
        *("*Resolved* - Good.", '{{< track "2025-06-01 10:30:00" >}}', "```", "~~~", "<!--", "-->"),
        *("We look into it.", "* **Update**", '{{< track "?" >}}', "**[x](y)**", "  ", "\u202e"),
    )
)


@given(st.one_of(st.lists(LINES).map("\n".join), st.text()))
def test_every_page_can_be_put_together_again(body: str) -> None:
    body = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    found = incident(body)
    assert rebuild(found) == page(body)
    assert len({each.id for each in found.entries}) == len(found.entries)
    assert list(found.entries) == sorted(found.entries, key=lambda each: each.at)


@given(st.text(), st.sampled_from(("", "---", "+++")))
def test_any_file_is_read_or_refused_by_name(text: str, fence: str) -> None:
    data = f"{fence}\n{text}\n{fence}\n".encode("utf-8", "replace")
    with pytest.raises(ImportRefusedError, match=NAME):
        parse_pages({NAME: data}, NOW)
