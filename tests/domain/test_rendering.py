"""Texts from templates: nothing blank in silence, nothing typed is evaluated, limits hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.outgoing import check, sms_segments
from cockpit.domain.playbook import Channel
from cockpit.domain.rendering import check_template, find_unfilled, render
from cockpit.domain.templates import STAGES, VARIABLES, Template, choose
from cockpit.errors import PlaybookError
from tests.domain.shipped_texts import AT, default_playbook, make_view, shipped_templates

PLAIN = Channel("status-page", "Status page")
FACTS = {
    "title": "Checkout payments failing",
    "ref": "INC-42",
    "severity": "SEV2",
    "kind": "outage",
    "status": "investigating",
    "started_at": "09:05 UTC",
    "now": "09:12 UTC",
    "next_update": "09:30 UTC",
    "duration": "7m",
    "product": "our service",
}
MORE = {
    "impact": "high",
    "impact_text": "about one in three card payments fails",
    "cause": "a release holds transactions open on db-07",
    "next_step": "decide on OPS-77",
    "doing": "rolling back the last release",
    "workaround": "pay by invoice",
    "company": "Example Shop",
    "product": "Example Shop",
    "status_page": "https://status.example.com",
}


def wording(body: str, **more: object) -> Template:
    return Template("mine/x", "investigating", "customers", body, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["outage", "degraded", "third-party", "data", "defect", "planned"])
@pytest.mark.parametrize("audience", ["customers", "executives", "support", "employees"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_text_reads_well_right_after_the_declaration(
    stage: str, audience: str, kind: str
) -> None:
    template = choose(shipped_templates(), kind, stage, audience)
    for channel in default_playbook().channels:
        written = render(template, FACTS | {"kind": kind}, channel)
        assert written.unfilled == ()
        assert not find_unfilled(written.text + written.subject)
        assert "\n\n\n" not in written.text
        assert "  " not in written.text
        assert ".." not in written.text
        assert written.text[0].isupper()
        assert bool(written.subject) == channel.subject
        if stage != "resolved":
            assert "09:30 UTC" in written.text
        assert set(written.variables) <= set(VARIABLES)


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda each: each.id)
def test_customers_read_nothing_internal(template: Template) -> None:
    for channel in default_playbook().channels:
        written = render(template, FACTS | MORE, channel).text
        if template.audience == "customers":
            assert not any(word in written for word in ("INC-42", "SEV2", "db-07", "OPS-77"))
        else:
            assert "INC-42" in written or channel.id == "phone"


def test_colleagues_read_the_cause_and_what_comes_next() -> None:
    template = choose(shipped_templates(), "outage", "identified", "executives")
    written = render(template, FACTS | MORE, Channel("chat", "Chat")).text
    assert "Cause: A release holds transactions open on db-07." in written
    assert "Next step: Decide on OPS-77." in written


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda each: each.id)
def test_our_own_texts_pass_our_own_checks(template: Template) -> None:
    playbook = default_playbook()
    for channel in playbook.channels:
        if template.audience != "customers" and channel.id in ("social", "embedded"):
            continue
        written = render(template, FACTS | MORE, channel)
        found = check(
            written.text,
            audience=template.audience,
            channel=channel,
            rules=playbook.checks,
            view=make_view(impact_text=MORE["impact_text"]),
            unfilled=written.unfilled,
            next_at=AT,
            stage=template.stage,
        )
        wrong = [each.text for each in found if not each.ok]
        assert wrong == [], (template.id, channel.id)


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda each: each.id)
def test_short_channels_hold_a_long_title(template: Template) -> None:
    playbook = default_playbook()
    facts = (
        FACTS | MORE | {"title": "Payments by card fail for customers in several countries " * 4}
    )
    for name in ("sms", "social", "embedded"):
        if name in template.channels:
            written = render(template, facts, playbook.channel(name)).text
            assert len(written) <= playbook.channel(name).limit
            assert name != "sms" or sms_segments(written) == 1
            assert "09:30 UTC" in written or template.stage == "resolved"


def test_known_facts_are_said() -> None:
    template = choose(shipped_templates(), "outage", "identified", "customers")
    written = render(template, FACTS | MORE, PLAIN).text
    for passage in (
        "What you may see: About one in three card payments fails.",
        "What we are doing: Rolling back the last release.",
        "What you can do meanwhile: Pay by invoice.",
        "Next update by 09:30 UTC",
    ):
        assert passage in written
    assert "https://" not in written
    by_mail = render(template, FACTS | MORE, Channel("email", "E-mail", subject=True))
    assert "All updates: https://status.example.com" in by_mail.text
    assert by_mail.subject == "Cause found, fix under way: Checkout payments failing"


def test_what_nothing_fills_stays_visible_and_is_reported() -> None:
    template = wording("{{ cause|sentence }} {{ title|short(20) }} {{ next_update }}{{ cause }}")
    written = render(template, {"title": "", "next_update": None}, PLAIN)
    assert written.text == "{cause} {title} {next_update}{cause}"
    assert written.unfilled == ("cause", "title", "next_update")
    assert written.variables == ("cause", "next_update", "title")
    assert find_unfilled(written.text) == written.unfilled


def test_what_is_only_asked_for_is_not_reported() -> None:
    written = render(wording("{% if cause %}x{% endif %}y"), {}, PLAIN)
    assert (written.text, written.unfilled) == ("y", ())


def test_a_line_keeps_its_end_after_a_passage_that_may_be_missing() -> None:
    body = "A{% if cause %} x{% endif %}\nB\n{% if title %}\nC\n{% endif %}\nD"
    assert render(wording(body), {"title": "t"}, PLAIN).text == "A\nB\nC\nD"


@pytest.mark.parametrize(
    ("given_text", "sentence"),
    [
        ("cards fail", "Cards fail."),
        ("Cards fail!", "Cards fail!"),
        ("v413 is slow", "v413 is slow."),
        ("eBay is down", "eBay is down."),
    ],
)
def test_a_note_becomes_a_sentence(given_text: str, sentence: str) -> None:
    assert render(wording("{{ title|sentence }}"), {"title": given_text}, PLAIN).text == sentence


@pytest.mark.parametrize("body", ["{{ title", "{% if %}", "{{ 1/0 }}", "{{ nope() }}", "{{ a.b }}"])
def test_a_broken_template_is_told_by_name(body: str) -> None:
    with pytest.raises(PlaybookError, match="mine/x"):
        check_template(wording(body))


@pytest.mark.parametrize(
    "body",
    [
        "{{ title.__class__.__mro__ }}",
        "{% include 'x' %}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
    ],
)
def test_a_template_cannot_reach_out_of_its_sandbox(body: str) -> None:
    try:
        text = render(wording(body), FACTS, PLAIN).text
    except PlaybookError:
        return
    assert "<class" not in text


HOSTILE = st.sampled_from(
    ["{{ 7*7 }}", "{% raw %}", "{# x", "{{ cause }}", "%}", "\x1b]52;c;x\x07", "[/bold]", "{title}"]
)
TYPED = st.text(max_size=60) | st.builds(
    "".join, st.lists(HOSTILE | st.text(max_size=8), max_size=4)
)


@given(
    st.dictionaries(st.sampled_from(sorted(VARIABLES)), TYPED),
    st.sampled_from(shipped_templates()),
    st.sampled_from(default_playbook().channels),
)
def test_any_text_is_inserted_as_data(
    facts: dict[str, str], template: Template, channel: Channel
) -> None:
    written = render(template, facts, channel)
    assert "49" not in written.text or any("49" in each for each in facts.values())
    assert all(f"{{{name}}}" in written.text + written.subject for name in written.unfilled)


@given(TYPED)
def test_typed_text_comes_out_as_it_went_in(text: str) -> None:
    written = render(wording("<{{ title }}>"), {"title": f"a{text}z"}, PLAIN).text
    assert written.replace(" ", "").replace("\n", "") == f"<a{text}z>".replace(" ", "").replace(
        "\n", ""
    )
