"""Templates are read, refused in words, and chosen for kind, stage and audience."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Message
from cockpit.domain.templates import STAGES, VARIABLES, Template, choose, parse_template, stage_for
from cockpit.domain.view import Change, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, PublicStatus
from cockpit.errors import InvalidInputError, PlaybookError
from tests.domain.shipped_texts import AT, ROOT, default_playbook, make_view, shipped_templates

AUDIENCES = ("customers", "executives", "support", "employees")
HEAD = '+++\nstage = "identified"\naudience = "customers"\n'


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_and_audience_has_a_text_for_every_kind(stage: str, audience: str) -> None:
    for kind in default_playbook().kinds:
        template = choose(shipped_templates(), kind.id, stage, audience)
        assert (template.stage, template.audience) == (stage, audience)
        assert template.subject


def test_the_id_is_where_the_file_stands() -> None:
    ids = [each.id for each in shipped_templates()]
    assert len(set(ids)) == len(ids)
    assert all((ROOT / f"data/templates/{each}.md").is_file() for each in ids)


def test_a_template_says_which_status_it_announces() -> None:
    told = {each.stage: each.status for each in shipped_templates() if "any" in each.kinds}
    assert told["first word"] == "investigating"
    assert told["monitoring"] == "monitoring"
    assert told["no news"] == ""


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


@dataclass
class Story:
    """An incident as it stands after some messages to customers."""

    status: PublicStatus
    sent: tuple[str, ...] = ()
    state: MessageState = MessageState.SENT
    learnt: bool = False

    def stage(self) -> str:
        messages = tuple(
            OutgoingMessage(
                "e",
                AT + timedelta(minutes=n),
                "kim",
                "x",
                Message(self.state, "customers", (), stage),
            )
            for n, stage in enumerate(self.sent)
        )
        later = AT + timedelta(hours=1)
        changes = (Change("impact", "high", later, "kim"),) if self.learnt else ()
        return stage_for(make_view(status=self.status, messages=messages, changes=changes))


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (Story(PublicStatus.INVESTIGATING), "first word"),
        (Story(PublicStatus.IDENTIFIED), "first word"),
        (Story(PublicStatus.RESOLVED), "resolved"),
        (Story(PublicStatus.INVESTIGATING, ("first word",)), "investigating"),
        (Story(PublicStatus.INVESTIGATING, ("first word", "investigating")), "no news"),
        (Story(PublicStatus.INVESTIGATING, ("first word",), MessageState.COPIED), "first word"),
        (Story(PublicStatus.IDENTIFIED, ("first word", "no news")), "identified"),
        (Story(PublicStatus.IDENTIFIED, ("identified", "no news")), "no news"),
        (Story(PublicStatus.IDENTIFIED, ("identified", "no news"), learnt=True), "identified"),
        (Story(PublicStatus.INVESTIGATING, ("monitoring",)), "investigating"),
        (Story(PublicStatus.RESOLVED, ("monitoring",)), "resolved"),
    ],
)
def test_the_next_stage_is_what_people_have_not_been_told(story: Story, stage: str) -> None:
    assert story.stage() == stage


def test_the_page_lists_every_variable() -> None:
    page = (ROOT / "docs/playbook.md").read_text("utf-8")
    assert all(f"| `{name}` | {meaning} |" in page for name, meaning in VARIABLES.items())
