"""A whole post-mortem goes to an editor and comes back; nothing of it is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.postmortem_document import EditedDocument, read_document, write_document

ALIASES = {"summary": ("Summary", "Overview"), "impact": ("Impact",), "cause": ("Root cause",)}
SECTIONS = (
    PostmortemSection("summary", "Summary", "What happened.", "drafted", ""),
    PostmortemSection(
        "impact", "Impact", "Who -- and how many?", "", "A third.\n\n### Detail\n\nx"
    ),
    PostmortemSection("cause", "Root cause", "", "", ""),
)
LINES = st.lists(
    st.sampled_from(
        [
            "",
            "word",
            "## Impact",
            "# Summary",
            "### sub",
            "```",
            "~~~",
            "<!-- x -->",
            "- a",
            "## New",
        ]
    ),
    max_size=8,
).map("\n".join)


def read(text: str, sections: Sequence[PostmortemSection] = SECTIONS) -> EditedDocument:
    return read_document(text, sections, ALIASES)


def test_an_untouched_document_changes_nothing() -> None:
    text = write_document("INC-1: it --> broke", SECTIONS)
    assert text.startswith("<!-- INC-1: it - -> broke\n")
    assert "## Summary\n<!-- What happened. -->\n\ndrafted\n" in text
    assert "## Impact\n<!-- Who - - and how many? -->\n\nA third.\n\n### Detail\n\nx\n" in text
    assert read(text) == EditedDocument({}, (), ())


@given(st.lists(LINES, min_size=3, max_size=3))
def test_any_texts_come_back_untouched(texts: list[str]) -> None:
    sections = [
        PostmortemSection(name, title, "hint", "", text)
        for (name, (title, *_)), text in zip(ALIASES.items(), texts, strict=True)
    ]
    assert read(write_document("t", sections), sections).changed == {}


@given(st.lists(st.text("ab #\n`<!->", max_size=30), min_size=1, max_size=5).map("\n## ".join))
def test_every_word_that_was_typed_is_somewhere(text: str) -> None:
    edited = read(text)
    back = "\n".join([*edited.changed.values(), *(f"{e.title}\n{e.text}" for e in edited.added)])
    for word in ("a", "b", "ab"):
        if word in text and not text.startswith("<!--"):
            assert word in back or word in text.split("-->")[0]


def test_changes_go_where_their_heading_is_in_any_order() -> None:
    edited = read(
        "# ROOT  cause #\n\nIt was full.\n\n## Overview\nShort.\n"
        "## Impact\n<!-- Who - - and how many? -->\n\nA half.\n"
    )
    assert edited.changed == {"cause": "It was full.", "summary": "Short.", "impact": "A half."}
    assert edited.kept == ()


def test_an_unknown_heading_is_a_new_section() -> None:
    text = write_document("t", SECTIONS) + "\n## What we owe\n\nA lot.\n\n## Root cause (2)\n"
    edited = read(text)
    assert edited.changed == {}
    assert [(each.id, each.title, each.text) for each in edited.added] == [
        ("what_we_owe", "What we owe", "A lot."),
        ("root_cause_2", "Root cause (2)", ""),
    ]


def test_a_removed_heading_keeps_the_section_s_text_and_is_named() -> None:
    text = write_document("t", SECTIONS).replace("## Impact\n", "")
    edited = read(text)
    assert edited.kept == ("Impact",)
    assert "impact" not in edited.changed
    assert edited.changed["summary"] == "drafted\n\n\n\nA third.\n\n### Detail\n\nx"


def test_a_heading_twice_keeps_both_texts() -> None:
    assert read("## Impact\none\n## Impact\ntwo").changed == {"impact": "one\n\ntwo"}


def test_text_above_all_headings_is_kept() -> None:
    edited = read(f"Note to all.\n\n{write_document('t', SECTIONS)}")
    assert [(each.title, each.text.startswith("Note to all.")) for each in edited.added] == [
        ("Introduction", True)
    ]


@pytest.mark.parametrize("fence", ["```\n## Impact\n```", "```\nopen"])
def test_headings_in_code_are_text_unless_the_code_never_ends(fence: str) -> None:
    sections = (PostmortemSection("summary", "Summary", "", "", fence), *SECTIONS[1:])
    assert read(write_document("t", sections), sections) == EditedDocument({}, (), ())


def test_an_emptied_section_is_empty() -> None:
    assert read("## Impact\n\n## Summary\n\ndrafted\n").changed == {"impact": ""}
