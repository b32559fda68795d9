"""Text that people typed stays text in Markdown, in every dialect that we know of."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cockpit.domain.markdown import (
    bullet,
    defuse,
    escape_block,
    escape_cell,
    escape_inline,
    heading,
    table,
)
from cockpit.domain.visible import make_visible

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[1]:\n  <javascript:alert(1)>\n\n[1]",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "```\n</code><script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "<!-- --><svg onload=alert(1)>",
    "[x](file:///etc/passwd)",
    "[x](java\tscript:alert(1))",
    "\\<b>",
    "\\\\<script>",
    "\\](javascript:alert(1))",
    "[a\\\\](javascript:alert(1))",
    "# a\n- b\n1. c\n> d\n***\n| a |\n|---|\n===\n\t<b>",
    "[x]: javascript:alert(1)",
)
DIALECTS = (MarkdownIt(), MarkdownIt("js-default"), MarkdownIt("gfm-like"))
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>[]()!`*_#\\&;:/|~-+=\"' \n\tajs@^$.0123http<b>", max_size=50),
    st.sampled_from(ATTACKS),
    st.lists(st.sampled_from(ATTACKS), max_size=3).map("\n".join),
)


class Reader(HTMLParser):
    """Collects the elements, attributes and text of a rendered page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.add(value or "")
            elif name not in ("style", "class", "alt", "start"):
                self.tags.add(f"@{name}")
        if tag == "br":
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        self.text += " " if tag in ("p", "td", "th") else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def read(rendered: str) -> Reader:
    reader = Reader()
    reader.feed(rendered)
    return reader


def plain(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text).strip()


def shown(text: str) -> str:
    lines = re.split(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", text)
    return plain(" ".join(make_visible(line.replace("\t", "    ")) for line in lines))


def dangerous(links: set[str]) -> set[str]:
    return {each for each in links if re.match(r"\s*(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", each)}


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_an_escaped_paragraph_is_that_text_and_nothing_else(text: str) -> None:
    for dialect in DIALECTS:
        page = read(dialect.render(escape_block(text)))
        assert page.tags <= {"p", "br", "a"}
        assert not dangerous(page.links)
        assert plain(page.text) == shown(text)


@given(st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_table_cells_hold_exactly_their_text(cells: list[str]) -> None:
    page = read(MarkdownIt("gfm-like").render(table(["Head"] * len(cells), [cells])))
    assert page.tags <= {"table", "thead", "tbody", "tr", "th", "td", "br", "a"}
    assert not dangerous(page.links)
    assert plain(page.text) == plain(" ".join(["Head"] * len(cells) + [shown(c) for c in cells]))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_headings_and_list_items_hold_exactly_their_text(text: str) -> None:
    for dialect in DIALECTS:
        page = read(dialect.render(heading(2, text) + "\n\n" + bullet(escape_inline(text) or "-")))
        assert page.tags <= {"h2", "ul", "li", "a"}
        assert plain(page.text).startswith(shown(text))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_an_authors_markdown_cannot_become_active(text: str) -> None:
    safe = defuse(text)
    assert defuse(safe) == safe
    for dialect in DIALECTS:
        page = read(dialect.render(safe))
        assert not page.tags & {"script", "svg", "iframe", "b", "style", "@onerror", "@onload"}
        assert not dangerous(page.links)


@pytest.mark.parametrize("attack", ATTACKS)
def test_known_attacks_stay_text(attack: str) -> None:
    for written in (escape_block(attack), escape_cell(attack), defuse(attack)):
        for dialect in DIALECTS:
            page = read(dialect.render(written))
            assert not page.tags & {"script", "svg", "b"}
            assert not dangerous(page.links)


@pytest.mark.parametrize(
    "fact",
    [
        "found memory_limit errors in service X at 09:24",
        "p99 < 200 ms & error rate > 3 %",
        "deployed 4.2.1 to ~5 machines, see https://example.org/d/abc_def?x=1&y=2",
        "C:\\temp is full",
        "rolled back (see INC-42) - works!",
    ],
)
def test_ordinary_facts_stay_readable(fact: str) -> None:
    assert escape_inline(fact) == fact
    assert escape_block(fact) == fact


def test_an_authors_formatting_stays() -> None:
    text = "## Why\n\n- **one** [page](https://example.org)\n- [ ] `two`\n\n| a | b |\n|---|---|"
    assert defuse(text) == text


def test_control_bytes_do_not_reach_the_file() -> None:
    for write in (escape_inline, escape_block, escape_cell, defuse):
        assert "\x1b" not in write("a\x1b]52;c;aGk=\x07b")
        assert "\u202e" not in write("a\u202eb")


@pytest.mark.parametrize("text", ["issue #", "a ##", "#", "# a #", "C#", "\x1f"])
def test_no_character_of_a_heading_is_lost(text: str) -> None:
    page = read(MarkdownIt().render(heading(1, text)))
    assert page.text.strip() == shown(text)


def test_line_ends_stay_line_ends() -> None:
    assert escape_block("one\r\ntwo") == "one  \ntwo"
    assert escape_cell("one\ntwo") == "one<br>two"
    assert escape_inline("one\ntwo") == "one two"
