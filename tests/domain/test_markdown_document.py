"""Markdown documents as title and sections: headings of any rank, bold bullets, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markdown_document import read_document


def titles(text: str) -> list[str]:
    return [each.title for each in read_document(text).sections]


def test_the_first_heading_is_the_title_and_the_next_rank_makes_sections() -> None:
    found = read_document(
        "# Cluster full\n\n## Summary\n\nIt was.\n\n### Why\n\nx\n\n## Timeline\n"
    )
    assert found.title == "Cluster full"
    assert [(each.title, each.text) for each in found.sections] == [
        ("Summary", "It was.\n\n### Why\n\nx"),
        ("Timeline", ""),
    ]


def test_a_later_heading_of_the_first_rank_is_a_section_too() -> None:
    assert titles("# T\n## Summary\nx\n# Stats\n- 5 min\n") == ["Summary", "Stats"]


def test_a_document_may_have_no_title_or_start_lower() -> None:
    assert read_document("## Summary\nx").title == ""
    assert titles("# T\nintro\n### Summary\n#### Part\nx\n### Impact\ny") == [
        "Introduction",
        "Summary",
        "Impact",
    ]


def test_what_stands_in_code_is_no_heading() -> None:
    text = "# T\n## Logs\n```sh\n# comment\n## other\n```\n~~~\n## third\n~~~\n## End\nx"
    assert titles(text) == ["Logs", "End"]


def test_bold_bullets_make_sections_where_there_are_no_headings() -> None:
    text = (
        "---\ntitle: Incident on a day\nweight: 3\n---\n\n# Incident\n\n"
        "- **Key events**\n  - one\n\n- **Time to repair**: 4h\n\n- **Impact**:\n  - many\n"
    )
    found = read_document(text)
    assert found.title == "Incident"
    assert [(each.title, each.text) for each in found.sections] == [
        ("Key events", "  - one"),
        ("Time to repair", "4h"),
        ("Impact", "  - many"),
        ("Front matter", "title: Incident on a day\nweight: 3"),
    ]


def test_the_front_matter_may_hold_the_title() -> None:
    assert read_document('---\ntitle: "Quoted"\n---\n\nText.').title == "Quoted"


MARKS = st.sampled_from(
    ["# ", "## ", "### ", "- **a**: ", "- ", "```", "~~~", "---", "| ", "", "  "]
)
LINES = st.lists(
    st.tuples(MARKS, st.sampled_from(["", "alpha", "beta 1", "title: x"])), max_size=20
)


@given(LINES)
def test_every_word_is_found_again(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{mark}{word}" for mark, word in lines)
    found = read_document(text)
    kept = "\n".join([found.title, *(f"{each.title} {each.text}" for each in found.sections)])
    for word in ("alpha", "beta 1", "title: x"):
        assert kept.count(word) == text.count(word)


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_document(text)
