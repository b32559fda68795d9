"""Escaped text is read back: escaping it again gives the same Markdown."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cockpit.domain.markdown import escape_cell, escape_inline, heading, table
from cockpit.domain.markdown_reading import (
    read_heading,
    read_table,
    unescape_cell,
    unescape_inline,
)

_MARKS = "\\`*_[]()#+-=.!|~<>&;:{}'\"$^%@ \t\n\r\v\u00a0\u2028\u202e\0\x1baB9é障🧯"
_WORDS = ("<br>", "&amp;", "&lt;", "&#60;", "<b>", "1.", "1)", "- [ ] ", "](", "http://x", "\\|")
PIECES = st.sampled_from([*_MARKS, *_WORDS])
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=30)).map(
    lambda text: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
)


@given(TEXTS)
@settings(max_examples=600)
def test_a_line_reads_back(text: str) -> None:
    once = escape_inline(text)
    assert escape_inline(unescape_inline(once)) == once


@given(TEXTS)
@settings(max_examples=600)
def test_a_cell_reads_back(text: str) -> None:
    once = escape_cell(text)
    assert escape_cell(unescape_cell(once)) == once


@given(TEXTS)
@example("\u00a0#")
@settings(max_examples=300)
def test_a_heading_reads_back(text: str) -> None:
    once = heading(2, text)
    assert heading(2, read_heading(once[3:])) == once


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4))
@settings(max_examples=300)
def test_a_table_reads_back(rows: list[tuple[str, ...]]) -> None:
    header = ("Time", "Kind", "What")
    once = table(header, rows)
    found = read_table(once.split("\n"), header)
    assert found is not None
    assert len(found) == len(rows)
    assert table(header, found) == once


def test_plain_words_come_back_as_they_were() -> None:
    text = "2 * 3 | <b> & `x` [a](b) \\ # 1. ok_ 100 %"
    assert unescape_inline(escape_inline(text)) == text
    assert unescape_cell(escape_cell(f"{text}\n- second")) == f"{text}\n- second"


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["| a | b |"],
        ["| a | b |", "| --- |"],
        ["| a | c |", "| --- | --- |"],
        ["| a | b |", "| --- | --- |", "| only one |"],
        ["| a | b |", "| --- | --- |", "and words"],
    ],
)
def test_another_table_is_none(lines: list[str]) -> None:
    assert read_table(lines, ("a", "b")) is None
