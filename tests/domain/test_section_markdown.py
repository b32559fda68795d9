"""A section's text reaches beyond its section neither by headings nor by open code."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.markdown import defuse, folded, table
from cockpit.domain.markdown_document import read_document
from cockpit.domain.markdown_html import to_html
from cockpit.domain.section_markdown import fit_section

LINES = st.lists(
    st.one_of(
        st.sampled_from(["# One", "## Two", "### Three", "###### Six", "#", "#no", "   # In", ""]),
        st.sampled_from(
            ["```", "````sh", "~~~", "```x`", "    # code", "- # item", "Words.", "==="]
        ),
        st.sampled_from(["<details>", "</details>", "<summary>a</summary>", "| a<br>b |", "---"]),
        st.text(alphabet="#`~ <>ab\\|", max_size=8),
    ),
    max_size=9,
)


@given(LINES)
@settings(max_examples=500)
def test_it_fits_between_headings_of_a_document(lines: list[str]) -> None:
    text = fit_section("\n".join(lines))
    assert fit_section(text) == text
    document = read_document(f"# Title\n\n## Before\n\n{text}\n\n## After\n\nIt went on.\n")
    assert [each.title for each in document.sections] == ["Before", "After"]
    assert document.sections[0].text.strip("\n") == text.strip("\n")
    assert document.sections[1].text == "It went on."


def test_headings_keep_their_order_of_rank_below_the_section() -> None:
    text = "# A\n\n## B\n\n```\n# code\n```\n\n###### C"
    assert fit_section(text) == "### A\n\n#### B\n\n```\n# code\n```\n\n###### C"
    assert fit_section("### A\n\n#### B") == "### A\n\n#### B"


def test_code_that_nobody_closed_is_closed() -> None:
    assert fit_section("````sh\nls\n```") == "````sh\nls\n```\n````"
    assert fit_section("```\na\n```\n\n~~~\nb") == "```\na\n```\n\n~~~\nb\n~~~"


def test_a_drafts_table_keeps_the_line_ends_in_its_cells() -> None:
    draft = table(("What",), [("one\ntwo <br> <b>",)])
    assert "one<br>two &lt;br> &lt;b>" in draft
    assert defuse(draft) == draft


def test_the_page_folds_what_the_document_folds() -> None:
    page = to_html(folded("2 entries", table(("Time", "What"), [("09:10", "<details>")])))
    assert page.startswith("<details><summary>2 entries</summary>\n<table>")
    assert page.endswith("</table>\n</details>")
    assert page.count("<details>") == 1
    assert "<details>" not in to_html(
        fit_section("<details>\n<summary>x</summary>\n\na\n\n</details>")
    )
