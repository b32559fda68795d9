"""The default playbook is complete, and a team's file wins key by key."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.playbook import Playbook
from cockpit.domain.playbook_merge import load_playbook, read_toml
from cockpit.domain.toml_lines import find_line
from cockpit.domain.vocabulary import Quadrant, Ring
from cockpit.errors import PlaybookError
from tests.domain.shipped_texts import ROOT, default_playbook, default_tables


def load(text: str) -> Playbook:
    return load_playbook(
        default_tables(), read_toml(text, "mine.toml"), user_name="mine.toml", user_text=text
    )


def refuse(text: str) -> str:
    with pytest.raises(PlaybookError) as refused:
        load(text)
    return str(refused.value)


def test_the_default_is_what_the_job_asks_for() -> None:
    playbook = default_playbook()
    assert [each.id for each in playbook.severities] == ["SEV1", "SEV2", "SEV3", "SEV4"]
    assert all(each.examples and each.response for each in playbook.severities)
    assert playbook.severity("SEV2").escalate_after == 10
    assert {each.front for each in playbook.steps} == {"identify", "communicate", "solve", "learn"}
    assert sum(each.expedite for each in playbook.criteria) == 2
    assert [each.id for each in playbook.channels if each.primary] == ["status-page"]
    assert playbook.channel("sms").segment == 160
    assert playbook.channel("social").limit == 280
    assert playbook.objective.availability == 99.99
    assert playbook.postmortem.meeting_within_days == 7


@pytest.mark.parametrize(
    ("share", "impact"),
    [(0, "low"), (4.9, "low"), (5, "medium"), (30, "medium"), (30.1, "high"), (100, "high")],
)
def test_impact_follows_the_share_of_customers(share: float, impact: str) -> None:
    assert default_playbook().impact(share).id == impact


def test_the_roster_covers_the_whole_grid_and_every_ring() -> None:
    people = default_playbook().stakeholders
    assert {Quadrant.of(each.power, each.interest) for each in people} == set(Quadrant)
    assert {each.ring for each in people} == {ring.audience for ring in Ring}
    assert {each.id for each in people if each.only_if_expedited} == {"legal", "security", "hr"}


@pytest.mark.parametrize("status", ["first", "investigating", "identified", "monitoring"])
@pytest.mark.parametrize("severity", ["SEV1", "SEV2", "SEV3", "SEV4"])
def test_customers_wait_an_hour_at_most_and_support_hears_it_before(
    severity: str, status: str
) -> None:
    playbook = default_playbook()
    customers, support = (playbook.rule(severity, ring) for ring in (Ring.CUSTOMERS, Ring.SUPPORT))
    assert customers is not None
    assert support is not None
    interval, inside = getattr(customers, status), getattr(support, status)
    assert interval <= playbook.cadence_settings.customers_at_most == 60
    assert inside < interval or interval == 0


def test_a_users_key_wins_and_the_others_stay() -> None:
    playbook = load('product = "Example"\n[[severities]]\nid = "SEV2"\nraise_after = 7\n')
    assert playbook.product == "Example"
    assert playbook.severity("SEV2").raise_after == 7
    assert playbook.severity("SEV2").meaning == default_playbook().severity("SEV2").meaning
    assert [each.id for each in playbook.severities] == ["SEV1", "SEV2", "SEV3", "SEV4"]


def test_rows_are_added_changed_and_removed_by_their_id() -> None:
    playbook = load(
        '[[stakeholders]]\nid = "hr"\nremove = true\n'
        '[[stakeholders]]\nid = "partners"\nname = "Partners"\nring = "customers"\n'
        'power = "low"\ninterest = "high"\n'
        '[[cadence]]\nseverity = "SEV1"\nring = "executives"\ninvestigating = 20\n'
    )
    ids = [each.id for each in playbook.stakeholders]
    assert "hr" not in ids
    assert ids[-1] == "partners"
    rule = playbook.rule("SEV1", Ring.EXECUTIVES)
    assert rule is not None
    assert (rule.investigating, rule.identified) == (20, 30)


def test_sections_merge_within_their_form() -> None:
    playbook = load(
        '[[forms]]\nid = "internal"\n[[forms.sections]]\nid = "lessons"\ntitle = "Lessons"\n'
    )
    form = next(each for each in playbook.forms if each.id == "internal")
    assert len(form.sections) == 9
    lessons = next(each for each in form.sections if each.id == "lessons")
    assert lessons.title == "Lessons"
    assert lessons.hint


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('compny = "x"', 1, ("compny", "company")),
        ('\n[[severities]]\nid = "SEV2"\nraise_afer = 3', 4, ("raise_afer", "raise_after")),
        ('[[severities]]\nid = "SEV5"', 1, ("SEV5", "SEV4")),
        ('[[cadence]]\nseverity = "SEV1"\nring = "customers"\nfirst = "3"', 4, ("whole number",)),
        ('[[stakeholders]]\nid = "hr"\nring = "exec"', 3, ("exec", "executives")),
        ('[[stakeholders]]\nid = "hr"\npower = "hi"', 3, ("high", "low")),
        ('[[stakeholders]]\nid = "hr"\nchannels = ["emial"]', 3, ("emial", "email")),
        ('[[stakeholders]]\nid = "custmers"\nremove = true', 2, ("custmers", "customers")),
        ('[checks]\nsecrets = ["("]', 2, ("regular expression",)),
        ("[cadence_settings]\nsoon_share = 3", 2, ("from 0 to 1",)),
        ("[cadence_settings]\nsoon_shar = 0.5", 2, ("soon_shar", "soon_share")),
        ('default_severity = "SEV9"', 1, ("SEV9", "SEV1")),
        ('[[roles]]\nname = "x"', 1, ("no “id”",)),
        ('severities = "x"', 1, ("[[severities]]",)),
        ("checks = 3", 1, ("[checks]",)),
        ('[[severities]]\nid = "SEV1"\nraise_after = -1', 3, ("negative",)),
        (
            '[[forms]]\nid = "public"\n[[forms.sections]]\nid = "closing"\ntitel = "x"',
            5,
            ("titel", "title"),
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_the_nearest_right_word(
    text: str, line: int, words: tuple[str, ...]
) -> None:
    told = refuse(text)
    assert told.startswith("mine.toml, line ")
    assert f"line {line}:" in told or line - 1 == int(re.findall(r"line (\d+):", told)[0])
    assert all(word in told for word in words)


def test_what_the_program_needs_cannot_be_removed() -> None:
    assert "severities must keep SEV3" in refuse('[[severities]]\nid = "SEV3"\nremove = true')
    assert "forms must keep" in refuse('[[forms]]\nid = "public"\nremove = true')
    assert "in criteria system-down, “outage” is not a kind" in refuse(
        '[[kinds]]\nid = "outage"\nremove = true'
    )


def test_broken_toml_is_told_with_its_place() -> None:
    with pytest.raises(PlaybookError, match=r"mine\.toml is not valid TOML.*line 2"):
        read_toml("\nx = = 3", "mine.toml")


def test_a_key_in_a_text_of_many_lines_is_not_taken_for_one() -> None:
    text = 'a = """\nb = 1\n"""\nb = 2\n'
    assert find_line(text, ("b",)) == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from([*default_tables(), "id", "severity", "ring", "remove", "x"])


@given(
    st.dictionaries(
        KEYS, JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=3), max_size=3), max_size=4
    )
)
def test_any_file_is_merged_or_refused_in_words(user: dict[str, Any]) -> None:
    told = ""
    try:
        load_playbook(default_tables(), user)
    except PlaybookError as refused:
        told = refused.message
    assert told == "" or told.startswith("playbook.toml")


def test_merging_changes_neither_file() -> None:
    before = msgspec.json.encode(default_tables())
    load('[[kinds]]\nid = "outage"\nname = "x"')
    assert msgspec.json.encode(default_tables()) == before


class TestReference:
    """docs/playbook.md names every key with its default."""

    page = (ROOT / "docs/playbook.md").read_text("utf-8")

    def section(self, heading: str) -> str:
        return self.page.split(f"\n## `{heading}`\n", 1)[1].split("\n## ", 1)[0]

    def rows(self, text: str) -> dict[str, str]:
        cells = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
        return {row[0].strip("| `"): row[2] for row in cells}

    @pytest.mark.parametrize("field", msgspec.structs.fields(Playbook), ids=lambda each: each.name)
    def test_every_key_stands_there(self, field: msgspec.structs.FieldInfo) -> None:
        value = default_tables()[field.name]
        if isinstance(value, str):
            top = self.page.split("## Keys at the top", 1)[1].split("\n## ", 1)[0]
            assert self.rows(top)[field.name] == f'`"{value}"`'
        elif isinstance(value, dict):
            rows = self.rows(self.section(f"[{field.name}]"))
            assert list(rows) == [each.name for each in msgspec.structs.fields(field.type)]
            for key, default in value.items():
                assert rows[key] == self.written(default), key
        else:
            self.check_rows(f"[[{field.name}]]", value, field.type.__args__[0])

    def test_sections_of_forms_stand_there(self) -> None:
        form = default_tables()["forms"][0]["sections"]
        self.check_rows("[[forms.sections]]", form, type(default_playbook().forms[0].sections[0]))

    def check_rows(
        self, heading: str, value: list[dict[str, Any]], row: type[msgspec.Struct]
    ) -> None:
        section = self.section(heading)
        rows = self.rows(section)
        assert list(rows) == [each.name for each in msgspec.structs.fields(row)]
        for each in msgspec.structs.fields(row):
            default = "must be given" if each.required else self.written(each.default)
            assert rows[each.name] == default, each.name
        for table in value:
            name = table.get("id") or f"{table['severity']} {table['ring']}"
            assert re.search(rf"`(?:\w+ )?{re.escape(name)}`", section.split("By default", 1)[1])

    @staticmethod
    def written(value: Any) -> str:
        if isinstance(value, bool):
            return f"`{str(value).lower()}`"
        if value is None:
            return "none"
        if isinstance(value, (list, tuple)):
            return f"{len(value)} entr{'y' if len(value) == 1 else 'ies'}" if value else "empty"
        return f'`"{value}"`' if isinstance(value, str) else f"`{value:g}`"
