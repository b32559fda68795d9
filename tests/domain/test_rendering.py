"""Texts from templates: nothing blank in silence, nothing typed is evaluated, limits hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.outgoing import check
from cockpit.domain.playbook import Channel
from cockpit.domain.promise import promised_time
from cockpit.domain.rendering import Rendered, check_template, find_unfilled, render
from cockpit.domain.sms import first_outside_gsm, sms_segments
from cockpit.domain.stages import PUBLISHED, RESOLVED, promises_next, stages_for
from cockpit.domain.templates import Template, choose
from cockpit.domain.update_facts import VARIABLES, gather_facts
from cockpit.domain.vocabulary import Severity
from cockpit.errors import PlaybookError
from tests.domain.shipped_texts import (
    AT,
    AUDIENCES,
    default_playbook,
    make_view,
    shipped_templates,
    shipped_wordings,
)

PLAIN = Channel("status-page", "Status page", primary=True)
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
    "findings": "Confirmed: the release",
    "eliminated": "a slow query (the times are normal)",
    "asked": "roll back (ben)",
}


def wording(body: str, **more: object) -> Template:
    return Template("mine/x", "investigating", "customers", body, **more)  # type: ignore[arg-type]


ASKED_OF_A_PERSON = {"data_what", "data_whose", "data_outcome", "postmortem_link"}
BY_A_PERSON = {
    "data_what": "names and e-mail addresses",
    "data_whose": "customers who ordered on 3 May",
    "data_outcome": "seen by others, nothing was lost",
    "postmortem_link": "https://status.example.com/reports/2026-11-21",
}
LONG = {
    "title": "Payments by card fail for customers in several countries. " * 4,
    "impact_text": "about one in three card payments fails, and some show an error. " * 5,
    "workaround": "pay by invoice, or wait and try once more a little later. " * 5,
    "started_at": "2026-11-22 22:00 UTC",
    "ends_at": "2026-11-23 02:00 UTC",
    "next_update": "2026-11-22 22:00 UTC",
    "rhythm": "45 minutes",
    "duration": "11 h 59 min",
}
NARROW = ("embedded", "social", "sms")


def every_wording(facts: dict[str, str]) -> Iterator[tuple[Template, Channel, Rendered]]:
    """Render every kind, stage, audience and channel; equal ones of one template only once."""
    for kind in default_playbook().kinds:
        for stage in stages_for(kind.id):
            for audience in AUDIENCES:
                template = choose(shipped_templates(), kind.id, stage, audience)
                for channel in default_playbook().channels:
                    yield template, channel, render(template, facts | {"kind": kind.id}, channel)


def test_every_text_reads_well_right_after_the_declaration() -> None:
    for template, channel, written in every_wording(FACTS):
        told = (template.id, channel.id, written.text)
        assert set(written.unfilled) <= ASKED_OF_A_PERSON, told
        assert find_unfilled(written.text + written.subject) == written.unfilled, told
        assert "\n\n\n" not in written.text, told
        assert "  " not in written.text, told
        assert ".." not in written.text, told
        assert written.text[0].isupper(), told
        assert bool(written.subject) == channel.subject, told
        assert ("09:30 UTC" in written.text) == promises_next(template.stage), told
        assert set(written.variables) <= set(VARIABLES), told


def test_only_the_last_words_ask_a_person_for_facts() -> None:
    asked = {
        (template.stage, kind)
        for kind in ("outage", "data")
        for template in shipped_wordings()
        if (template.kinds == ("any",) or kind in template.kinds)
        and render(template, FACTS | {"kind": kind}, PLAIN).unfilled
    }
    assert asked == {(PUBLISHED, "outage"), (PUBLISHED, "data"), (RESOLVED, "data")}


def test_data_loss_is_stated_at_the_end() -> None:
    template = choose(shipped_templates(), "data", RESOLVED, "customers")
    written = render(template, FACTS | MORE | BY_A_PERSON, PLAIN)
    assert written.unfilled == ()
    assert "Which data was affected: Names and e-mail addresses." in written.text
    assert "Whose data it was: Customers who ordered on 3 May." in written.text
    assert "What happened to it: Seen by others, nothing was lost." in written.text


@pytest.mark.parametrize("known", [FACTS, FACTS | MORE, FACTS | MORE | LONG | BY_A_PERSON])
def test_every_narrow_text_fits_and_keeps_what_matters(known: dict[str, str]) -> None:
    for template, channel, written in every_wording(known):
        if channel.id not in NARROW:
            continue
        told = (template.id, channel.id, len(written.text), written.text)
        assert len(written.text) <= channel.limit, told
        assert "\n" not in written.text, told
        assert channel.id != "sms" or sms_segments(written.text) == 1, told
        if promises_next(template.stage):
            assert f"Next update by {known['next_update']}." in written.text, told
        if "status_page" in known:
            assert written.text.endswith(known["status_page"]), told


def test_our_own_words_are_of_the_basic_alphabet_of_sms() -> None:
    for template, channel, written in every_wording(FACTS | BY_A_PERSON):
        if channel.id == "sms":
            assert first_outside_gsm(written.text) == "", (template.id, written.text)


def test_typed_dashes_and_quotes_do_not_make_an_sms_short_of_room() -> None:
    template = choose(shipped_templates(), "outage", "first word", "customers")
    typed = FACTS | MORE | {"title": "Checkout – “pay now” fails… again"}
    sms = render(template, typed, default_playbook().channel("sms")).text
    assert 'Checkout - "pay now" fails... again' in sms
    assert sms_segments(sms) == 1
    assert typed["title"] in render(template, typed, PLAIN).text


def test_words_that_were_cut_show_it() -> None:
    for template, channel, written in every_wording(FACTS | MORE | LONG | BY_A_PERSON):
        if channel.id == "sms":
            known = ("Payments by card", "about one in three", "About one in three", "pay by")
            told = (template.id, written.text)
            assert not any(each in written.text for each in known) or "..." in written.text, told
            assert "...." not in written.text, told


def test_what_is_over_is_not_told_as_if_it_went_on() -> None:
    """Once a fix is in place, what was affected stands in the past, in every internal text."""
    known = FACTS | MORE | {"impact_text": "payments fail", "customers_see": ""}
    for template, channel, written in every_wording(known):
        if template.stage == "monitoring" and "planned" not in template.kinds:
            told = (template.id, channel.id, written.text)
            before = re.findall(r"([^.:]*): Payments fail", written.text)
            assert all(re.search(r"was|saw|know|may see", each) for each in before), told
            assert written.text.count("Payments fail") == len(before), told


def test_a_post_mortem_is_announced_only_where_one_is_needed() -> None:
    for audience in ("executives", "employees"):
        template = choose(shipped_templates(), "outage", RESOLVED, audience)
        assert "post-mortem" not in render(template, FACTS, PLAIN).text
        assert "post-mortem" in render(template, FACTS | {"postmortem": "yes"}, PLAIN).text
    playbook = default_playbook()
    facts = [
        gather_facts(make_view(severity=each), playbook, "executives", None, AT)
        for each in (Severity.SEV2, Severity.SEV4)
    ]
    assert ["postmortem" in each for each in facts] == [True, False]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_scope_that_nobody_noted_is_not_announced_as_known(audience: str) -> None:
    template = choose(shipped_templates(), "outage", "scope", audience)
    for channel in default_playbook().channels:
        text = render(template, FACTS, channel).text
        assert "finding out what exactly is affected" in text
        assert "know more" not in text


def test_every_channel_but_the_primary_one_points_to_it() -> None:
    for template, channel, written in every_wording(FACTS | MORE):
        link = "https://status.example.com"
        if channel.id != "phone":
            assert (link in written.text) == (not channel.primary), (template.id, channel.id)


def test_customers_read_nothing_internal() -> None:
    for template, channel, rendered in every_wording(FACTS | MORE):
        written = rendered.text
        if template.audience == "customers":
            internal = ("INC-42", "SEV2", "db-07", "OPS-77", "ben", "slow query")
            assert not any(word in written for word in internal), (template.id, channel.id)
        else:
            assert "INC-42" in written, (template.id, channel.id)


@pytest.mark.parametrize("stage", [each for each in stages_for("outage") if promises_next(each)])
@pytest.mark.parametrize("channel", ["email", "chat"])
def test_executives_get_five_fields_while_it_lasts(stage: str, channel: str) -> None:
    template = choose(shipped_templates(), "outage", stage, "executives")
    written = render(template, FACTS | MORE, default_playbook().channel(channel)).text
    fields = re.findall(r"^([A-Z][a-z ]+): ", written, re.MULTILINE)[:5]
    assert fields == ["State", "New findings", "Theories eliminated", "Next steps", "Next update"]
    assert "A release holds transactions open on db-07. Confirmed: the release." in written
    assert "Theories eliminated: A slow query (the times are normal)." in written
    assert "Next steps: Decide on OPS-77. Roll back (ben)." in written
    assert "Next update: by 09:30 UTC" in written
    empty = render(template, FACTS, default_playbook().channel(channel)).text
    assert "New findings: none yet." in empty
    assert "Theories eliminated: none yet." in empty
    assert "Next steps: being decided." in empty


def test_our_own_texts_pass_our_own_checks() -> None:
    playbook = default_playbook()
    known = FACTS | MORE | BY_A_PERSON | {"kind": "degraded"}
    for template in shipped_wordings():
        for channel in playbook.channels:
            if template.audience != "customers" and channel.id in ("social", "embedded"):
                continue
            written = render(template, known, channel)
            found = check(
                written.text,
                audience=template.audience,
                channel=channel,
                rules=playbook.checks,
                view=make_view(impact_text=MORE["impact_text"], kind="degraded"),
                unfilled=written.unfilled,
                next_at=AT if promises_next(template.stage) else None,
                stage=template.stage,
            )
            wrong = [each.text for each in found if not each.ok]
            assert wrong == [], (template.id, channel.id)


def test_the_time_in_every_text_is_read_as_its_promise() -> None:
    """The words of the texts and the reader of promises agree, on every channel."""
    known = FACTS | MORE | BY_A_PERSON
    for template, channel, written in every_wording(known):
        promised = promised_time(written.text, AT)
        told = (template.id, channel.id, written.text)
        assert (promised is not None) == promises_next(template.stage), told
        assert promised is None or f"{promised:%H:%M}" == "09:30", told


@pytest.mark.parametrize("word", ["outage", "fault", "inconvenience", "unfortunately", "asap"])
def test_no_text_holds_words_that_help_nobody(word: str) -> None:
    for each in shipped_templates():
        wordings = (*each.parts.values(), *each.channels.values(), each.subject, each.narrow)
        wordings = (*wordings, "" if each.parts else each.body)
        assert not any(word in text.lower() for text in wordings), each.id


def test_known_facts_are_said() -> None:
    template = choose(shipped_templates(), "outage", "identified", "customers")
    written = render(template, FACTS | MORE, PLAIN).text
    for passage in (
        "What you may see: About one in three card payments fails.",
        "What we are doing: Rolling back the last release.",
        "What you can do meanwhile: Pay by invoice.",
        "Next update by 09:30 UTC, or sooner if there is news.",
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
    st.sampled_from(shipped_wordings()),
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
