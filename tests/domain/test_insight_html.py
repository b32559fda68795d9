"""The page of insights: whole, readable without a script, and deaf to hostile words."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.insight_charts import column_chart, share_bar, stack_bar
from cockpit.domain.insight_html import insights_page
from cockpit.domain.insight_style import STYLE
from cockpit.domain.insight_text import bar, insight_lines, sparkline
from cockpit.domain.insights import Insights
from cockpit.domain.view import ActionItem
from cockpit.domain.visible import cell_width
from cockpit.domain.vocabulary import Severity
from tests.domain.incident_events import default_playbook
from tests.domain.test_insights import PERIOD, count, facts

VOID = {"meta", "br", "hr", "img", "input", "link"}
HOSTILE = "<script>alert(1)</script>\"'><img src=http://evil.example onerror=x> \x1b]0;t\x07 \u202e"


class Reader(HTMLParser):
    """Checks that every element ends where it should, and keeps what may load or act."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def some(**fields: Any) -> Insights:
    """Return figures with something in every section."""
    lived = facts(
        1,
        ago=3_000,
        detected=3,
        acknowledged=5,
        first_word=9,
        contained=40,
        over=60,
        criterion="system-down",
        area="orders",
        services=("API",),
        kept=2,
        missed=1,
        debts=(ActionItem("a", "Definitive fix", "Ana", "2026-01-01", "debt"),),
        **fields,
    )
    return count(lived, facts(2, severity=Severity.SEV1), facts(3, severity=Severity.SEV4, over=2))


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def page(found: Insights) -> str:
    return insights_page(found, default_playbook())


def test_the_page_is_whole_and_loads_nothing() -> None:
    html = page(some())
    found = read(html)
    assert "script" not in found.tags
    assert not found.tags & {"link", "img", "iframe", "object", "embed", "form", "base"}
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    addresses = [value for name, value in found.attributes if name in ("href", "src", "xlink:href")]
    assert addresses
    assert all((each or "").startswith("#") for each in addresses)
    assert not re.search(r"https?:|@import|url\(", html)
    assert "default-src 'none'" in html


def test_every_link_leads_somewhere_on_the_page() -> None:
    found = read(page(some()))
    assert len(found.ids) == len(set(found.ids))
    targets = {value[1:] for name, value in found.attributes if name == "href" and value}
    assert targets <= set(found.ids)


def test_the_page_says_what_a_director_asks() -> None:
    text = read(page(some())).text
    for words in (
        "Incidents of our service",
        "2026-02-02 to 2026-03-04 (UTC), 3 incidents.",
        "First word to customers, median",
        "67 % 2 of 3 promised times",
        "Downtime in 2026",
        "of 53 min that 99.99 % leaves: 47 min too many",
        "Ana 2026-01-01, overdue INC-1",
        "The system is down INC-1 Title 1 criterion 1",
        "What the figures mean",
        "INC-2 Title 2 SEV1",
    ):
        assert words in text, words


@pytest.mark.parametrize("field", ["title", "ref", "area", "criterion", "kind"])
def test_hostile_words_stay_words(field: str) -> None:
    base = some()
    cases = tuple(replace(each, **{field: HOSTILE}) for each in base.cases)
    html = page(count(*cases))
    found = read(html)
    assert not found.tags & {"script", "img"}
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "<script>alert(1)</script>" in found.text


@given(st.text(max_size=60))
def test_any_title_makes_a_page(title: str) -> None:
    found = read(page(count(replace(facts(1, over=3), title=title, services=(title,)))))
    assert "script" not in found.tags


def test_a_private_incident_keeps_its_title() -> None:
    html = page(some(private=True))
    assert "Title 1" not in html
    assert "Definitive fix" not in html
    assert "(private)" in html


def test_a_page_of_nothing_is_a_page() -> None:
    text = read(page(count())).text
    assert "0 incidents" in text
    assert "All incidents of the period" not in text


def test_bars_and_columns_stay_in_their_frames() -> None:
    found = count(*(facts(n, ago=n * 700) for n in range(1, 60)), stretch=PERIOD)
    for by in ("week", "month"):
        chart = column_chart(count(*found.cases, by=by).columns, by)
        for x, y, width, height in re.findall(
            r'<rect class="sev\d" x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)"',
            chart,
        ):
            assert 0 <= float(x) <= 720 - float(width)
            assert 0 <= float(y) <= 220 - float(height)
    assert 'width="100.0"' in share_bar(7.0)
    assert 'width="0.0"' in share_bar(-1)
    assert stack_bar((1, 0, 0, 1), 2).count("<rect") == 3
    assert "at most 0" in column_chart((), "week")


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_and_marks_stand_out_in_light_and_dark() -> None:
    schemes = re.findall(r":root \{([^}]*)\}", STYLE)
    assert len(schemes) == 3
    for scheme in schemes:
        colours = dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]{6})", scheme))
        for name in ("bright", "text", "muted", "late"):
            assert _contrast(colours[name], colours["card"]) >= 4.5, name
        for name in ("sev1", "sev2", "sev3", "sev4", "used"):
            assert _contrast(colours[name], colours["card"]) >= 3, name
        if "ground" in colours:
            assert _contrast(colours["muted"], colours["ground"]) >= 4.5


def test_the_text_says_the_same_in_plain_characters() -> None:
    found = some()
    lines = list(insight_lines(found, plain=True))
    assert "".join(lines).replace("–", "-").replace("“", '"').replace("”", '"').isascii()
    assert lines[0] == "2026-02-02 to 2026-03-04 (UTC), 3 incidents"
    assert any("#" in each for each in lines)
    assert any("█" in each for each in insight_lines(found))


def test_tables_fit_eighty_columns_and_more_only_where_words_are_long() -> None:
    assert max(cell_width(each) for each in insight_lines(some())) <= 100


@given(st.floats(0, 1), st.integers(1, 80))
def test_a_bar_is_as_long_as_its_share(share: float, cells: int) -> None:
    for plain in (True, False):
        drawn = bar(share, cells, plain=plain)
        assert len(drawn) <= cells
        assert abs(len(drawn) - share * cells) <= 1
        assert bool(drawn) == (share > 0)


def test_a_sparkline_has_a_mark_for_each_count() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▁▄█"
    assert sparkline([0, 1, 4, 8], plain=True) == "_.=@"
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "  "
