"""Templates are read, refused in words, and chosen for kind, stage and audience."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.stages import STAGES, stages_for
from cockpit.domain.templates import FRAME, Template, choose, parse_template, stages_offered
from cockpit.domain.update_facts import VARIABLES
from cockpit.errors import InvalidInputError, PlaybookError
from tests.domain.shipped_texts import (
    AUDIENCES,
    ROOT,
    default_playbook,
    shipped_templates,
    shipped_wordings,
)

KINDS = [each.id for each in default_playbook().kinds]
HEAD = '+++\nstage = "identified"\naudience = "customers"\n'


@pytest.mark.parametrize("audience", [*AUDIENCES, "core"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_stage_of_a_kind_has_a_text_for_every_audience(kind: str, audience: str) -> None:
    for stage in stages_for(kind):
        template = choose(shipped_templates(), kind, stage, audience)
        reader = "support" if audience == "core" else audience
        assert (template.stage, template.audience) == (stage, reader)
        assert template.subject
        assert template.frame is not None


def test_no_shipped_text_is_left_over() -> None:
    chosen = {each.id for each in shipped_wordings()}
    rest = [each for each in shipped_templates() if each.id not in chosen]
    assert [each.stage for each in rest] == [FRAME] * len(AUDIENCES)
    assert {each.audience for each in rest} == set(AUDIENCES)


def test_the_id_is_where_the_file_stands() -> None:
    ids = [each.id for each in shipped_templates()]
    assert len(set(ids)) == len(ids)
    assert all((ROOT / f"data/templates/{each}.md").is_file() for each in ids)


def test_a_template_says_which_status_it_announces() -> None:
    told = {each.stage: each.status for each in shipped_templates()}
    assert told["first word"] == "investigating"
    assert told["monitoring"] == "monitoring"
    assert told["workaround"] == "identified"
    assert told["done"] == "resolved"
    assert told["no news"] == told["slower rhythm"] == told["published"] == ""


def test_security_has_its_own_words_and_the_team_those_of_support() -> None:
    assert choose(shipped_templates(), "data", "first word", "customers").kinds == ("data",)
    assert choose(shipped_templates(), "defect", "first word", "customers").kinds == ("any",)
    assert choose(shipped_templates(), "outage", "first word", "core").audience == "support"


def test_a_later_template_wins_and_an_outage_stands_in() -> None:
    texts = [
        Template("a", "resolved", "customers", "any"),
        Template("b", "resolved", "customers", "outage", kinds=("outage",)),
        Template("c", "resolved", "customers", "mine", kinds=("outage",)),
    ]
    assert choose(texts, "degraded", "resolved", "customers").id == "c"
    assert choose(texts[:1], "degraded", "resolved", "customers").id == "a"


def test_wrong_words_are_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInputError, match="identified"):
        choose(shipped_templates(), "outage", "identifed", "customers")
    with pytest.raises(InvalidInputError, match="customers"):
        choose(shipped_templates(), "outage", "identified", "custmers")
    with pytest.raises(PlaybookError, match="no template"):
        choose((), "outage", "identified", "customers")


def test_front_matter_is_read() -> None:
    text = f"{HEAD}kinds = ['data']\nsubject = 'S'\n[channels]\nsms = 'short'\n+++\n\nBody\n"
    template = parse_template("mine/found.md", text.replace("\n", "\r\n"))
    assert template.id == "mine/found"
    assert (template.kinds, template.subject, template.body) == (("data",), "S", "Body")
    assert template.wording("sms") == "short"
    assert template.wording("email") == "Body"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Body", r"x\.md, line 1: there is no front matter"),
        ("+++\nstage = 'resolved'\n", "there is no front matter"),
        ("+++\nx = = 1\n+++\n", r"not valid TOML.*line 2"),
        (f"{HEAD}subjct = 'x'\n+++\n", r"x\.md, line 4: “subjct”.*“subject”"),
        ("+++\nstage = 'resolvd'\naudience = 'customers'\n+++\n", r"x\.md, line 2: .*resolved"),
        ("+++\nstage = 'resolved'\naudience = 'x'\n+++\n", r"x\.md, line 3: .*customers"),
        (f"{HEAD}status = 'done'\n+++\n", r"x\.md, line 4: .*monitoring"),
        (f"{HEAD}kinds = 3\n+++\n", r"x\.md: .*kinds"),
        ("+++\naudience = 'customers'\n+++\n", r"x\.md: .*stage"),
    ],
)
def test_a_wrong_template_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(PlaybookError, match=told):
        parse_template("x.md", text)


@given(st.text(max_size=80))
def test_any_file_is_read_or_refused(text: str) -> None:
    for each in (text, f"+++\n{text}\n+++\nx", f"{HEAD}+++\n{text}"):
        told = ""
        try:
            parse_template("x.md", each)
        except PlaybookError as refused:
            told = refused.message
        assert told == "" or "x.md" in told


PARTS = f"{HEAD}+++\n\n[lead]\nAll.\n\n[lead third-party, data]\nSome.\n\n[closing]\nBye.\n"


def test_a_body_of_parts_is_read() -> None:
    template = parse_template("mine/found.md", PARTS.replace("\n", "\r\n"))
    assert template.parts == {
        ("lead", ""): "All.",
        ("lead", "third-party"): "Some.",
        ("lead", "data"): "Some.",
        ("closing", ""): "Bye.",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PARTS.replace("[closing]", "[closng]"), r"x\.md, line 12: “closng”.*“closing”"),
        (PARTS.replace("[closing]", "[lead]"), r"x\.md, line 12: the part “lead”.*twice"),
        (PARTS.replace("[lead]", "[brief]"), r"x\.md, line 6: there is no part \[lead\]"),
    ],
)
def test_wrong_parts_are_refused_with_their_place(text: str, told: str) -> None:
    with pytest.raises(PlaybookError, match=told):
        parse_template("x.md", text)


def test_a_text_that_merely_begins_with_a_bracket_has_no_parts() -> None:
    for body in ("[Maintenance]\nWe work on it.", "[sic] it is\n[lead]\n"):
        template = parse_template("x.md", f"{HEAD}+++\n{body}")
        assert (template.parts, template.body) == ({}, body.strip())


def test_a_frame_of_ones_own_wins_and_takes_no_part_for_a_text() -> None:
    mine = parse_template("f.md", '+++\nstage = "frame"\naudience = "customers"\n+++\n{{ lead }}')
    known = (*shipped_templates(), mine)
    assert choose(known, "outage", "resolved", "customers").frame == mine
    assert choose(known, "outage", "resolved", "support").frame != mine
    with pytest.raises(InvalidInputError):
        choose(known, "outage", FRAME, "customers")


def test_a_template_of_ones_own_for_another_stage_is_offered() -> None:
    text = '+++\nstage = "identified"\naudience = "customers"\nkinds = ["planned"]\n+++\nx'
    known = (*shipped_templates(), parse_template("mine/x.md", text))
    assert stages_offered(shipped_templates(), "planned") == stages_for("planned")
    assert stages_offered(known, "planned") == (*stages_for("planned"), "identified")
    assert choose(known, "planned", "identified", "customers").body == "x"
    assert set(stages_for("planned")) | set(stages_for("outage")) == set(STAGES)


def test_the_page_lists_every_variable() -> None:
    page = (ROOT / "docs/templates.md").read_text("utf-8")
    assert all(f"| `{name}` | {meaning} |" in page for name, meaning in VARIABLES.items())
