"""HTML from elsewhere becomes plain text, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.html_text import html_to_text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("latency < 5 s & rising", "latency < 5 s & rising"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>one &amp; two</p><p>three</p>", "one & two\n\nthree"),
        ("<ul><li><b>15:14</b> - a</li><li>b</li></ul>", "- 15:14 - a\n- b"),
        ('see <a href="https://x.example">here</a>', "see here (https://x.example)"),
        ("a<script>alert(1)</script>b", "ab"),
    ],
)
def test_html_becomes_text(body: str, text: str) -> None:
    assert html_to_text(body) == text


@given(st.text(alphabet="<>/ab&;# \n=\"'pli!-?", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_markup_becomes_some_text(body: str) -> None:
    assert isinstance(html_to_text(body), str)
