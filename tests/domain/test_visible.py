"""Nothing in shown text acts on a terminal or hides; everything people write stays readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.visible import cell_width, clean_input, clip, make_visible

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "\x1b]52;c;aGk=\x07",
                "\x1bc",
                "\x9b2J",
                "\u202e",
                "\u200b",
                "\u200d",
                "\u2066",
                "\r\n",
                "\t",
                "\ud800",
                "\x00",
                "👩",
                "\ufeff",
                "\u2028",
            ]
        ),
        ANY_TEXT,
    ),
    max_size=8,
).map("".join)
SAFE_FORMAT = {"\u200c", "\u200d"}


@given(HOSTILE)
def test_nothing_visible_acts_on_a_terminal(text: str) -> None:
    shown = make_visible(text)
    for letter in shown:
        category = unicodedata.category(letter)
        assert category not in {"Cc", "Cs", "Zl", "Zp"}, hex(ord(letter))
        assert not 0x202A <= ord(letter) <= 0x202E
        assert not 0x2066 <= ord(letter) <= 0x2069
        assert letter not in "\u200b\u200e\u200f\u2060\ufeff\u061c"
    shown.encode()


@given(HOSTILE)
def test_with_line_ends_only_line_feeds_are_left_over(text: str) -> None:
    shown = make_visible(text, newlines=True)
    controls = {letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cs"}}
    assert controls <= {"\n"}


@given(HOSTILE, st.booleans())
def test_making_visible_twice_changes_nothing_more(text: str, newlines: bool) -> None:
    once = make_visible(text, newlines=newlines)
    assert make_visible(once, newlines=newlines) == once


@pytest.mark.parametrize(
    "text",
    [
        "disk full on db-3, 98 %",
        "Größe überschritten · naïve café",
        "cafe\u0301 with a combining accent",
        "नमस्ते ศูนย์ข้อมูล 数据库 データベース 데이터",
        "می\u200cخواهم",  # a joiner that Persian spelling needs
        "क\u094d\u200dष",
        "שלום مرحبا",
        "🔥 👩\u200d🚒 🏳\ufe0f\u200d🌈 👍🏽 🇩🇪",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "[/bold] [@click=app.quit] {{ x }} <b>",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert make_visible(text) == text
    assert clean_input(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;pwned\x07", "␛]0;pwned␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b31m", "<U+009B>31m"),
        ("safe\u202egpj.exe", "safe<U+202E>gpj.exe"),
        ("pay\u200bload", "pay<U+200B>load"),
        ("a\u200db", "a<U+200D>b"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("one\ntwo\r\nthree", "one␊two␍␊three"),
        ("a\tb", "a    b"),
        ("\U000e0041", "<U+E0041>"),
    ],
)
def test_what_would_act_or_hide_gets_a_picture_or_a_name(text: str, shown: str) -> None:
    assert make_visible(text) == shown


def test_line_ends_of_every_system_become_line_feeds_where_they_stay() -> None:
    assert make_visible("a\r\nb\rc\nd", newlines=True) == "a\nb\nc\nd"
    assert clean_input("a\r\nb\rc\nd") == "a\nb\nc\nd"


@given(HOSTILE)
def test_stored_text_is_verbatim_but_for_what_no_storage_holds(text: str) -> None:
    stored = clean_input(text)
    stored.encode()
    assert "\x00" not in stored
    assert clean_input(stored) == stored
    if not set(text) & {"\x00", "\r"} and not any("\ud800" <= each <= "\udfff" for each in text):
        assert stored == text


@given(HOSTILE.map(make_visible), st.integers(0, 40))
def test_clipped_text_fits_and_says_that_it_was_cut(text: str, cells: int) -> None:
    short = clip(text, cells)
    assert cell_width(short) <= cells
    if short != text and cells:
        assert short.endswith("…")
        assert text.startswith(short[:-1])
    if cell_width(text) <= cells:
        assert short == text


def test_a_wide_letter_is_never_cut_in_half() -> None:
    assert clip("数据库", 4) == "数…"
    assert clip("数据库", 6) == "数据库"
    assert clip("e\u0301e\u0301e\u0301", 2) == "e\u0301…"
