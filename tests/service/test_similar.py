"""Similar past incidents: found by rare words, linked by people, printed in exports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cockpit.config import Config
from cockpit.domain.past_incident import first_sentence
from cockpit.domain.view import IncidentView
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.paths import Paths
from cockpit.service import exports, incidents, postmortems, redrafts, similar
from cockpit.service.changes import set_field
from cockpit.service.components import set_component
from cockpit.service.deletion import delete
from cockpit.service.imports import import_file
from cockpit.service.incidents import Declaration, declare
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session, open_session
from cockpit.service.undo import undo
from tests.service.conftest import MovedClock


def refs(found: tuple[similar.PastIncident, ...]) -> list[str]:
    return [each.ref for each in found]


def past(session: Session, title: str, **fields: str) -> str:
    inc = declare(session, Declaration(title, "SEV3")).id
    for field, value in fields.items():
        set_field(session, inc, field, value)
    return inc


def test_typed_words_find_past_incidents_with_cause_and_end(
    session: Session, clock: MovedClock
) -> None:
    inc = past(session, "Payments time out", cause="Connection pool exhausted. It was full.")
    past(session, "Images are blurred")
    clock.move(72)
    set_field(session, inc, "stage", "fixed")
    set_field(session, inc, "status", "resolved")
    (found,) = similar.like_words(session, "Timeouts of the payment page")
    assert (found.title, found.severity) == ("Payments time out", "SEV3")
    assert found.ending == "fixed after 1 h 12 min"
    assert found.cause == "Connection pool exhausted."
    assert "payment" in found.shared


def test_what_helped_is_what_somebody_said(session: Session, clock: MovedClock) -> None:
    bare, told = past(session, "Payments time out"), past(session, "Payments hang")
    clock.move(47)
    set_field(session, bare, "stage", "worked-around")
    set_field(session, told, "stage", "fixed", reason="the pool is larger")
    for inc in (bare, told):
        set_field(session, inc, "status", "resolved")
        redrafts.redraft_section(session, inc, "resolution")
    found = {each.id: each for each in similar.like_words(session, "payments")}
    assert (found[bare].ending, found[bare].remedy) == ("worked around after 47 min", "")
    assert found[told].remedy == "the pool is larger"


def test_drills_deleted_ones_and_the_incident_itself_are_left_out(session: Session) -> None:
    first = past(session, "Pool exhausted in payments")
    gone = past(session, "Pool exhausted in search")
    declare(session, Declaration("Pool exhausted in a drill", "SEV2", drill=True))
    private = declare(session, Declaration("Pool exhausted again", "SEV2", private=True))
    delete(session, gone)
    assert refs(similar.like_incident(session, first)) == [private.ref]
    assert len(similar.like_words(session, "pool exhausted")) == 2
    assert incidents.search(session, "pool exhausted again")[0].ref == private.ref


def test_services_count(session: Session) -> None:
    one, other = past(session, "Slow answers"), past(session, "Wrong prices")
    for inc in (one, other):
        set_component(session, inc, "Zebra desk", "partial")
    found = similar.like_incident(session, one)
    assert [each.title for each in found] == ["Wrong prices"]
    assert "zebra" in found[0].shared


def test_a_link_is_kept_shown_first_exported_and_undone(session: Session) -> None:
    old, new = past(session, "Disk full"), past(session, "Certificate expired")
    ref = session.reads.view(old).ref
    assert similar.link(session, new, old).seen_before == {old: ref}
    assert similar.link(session, new, old).seen_before == {old: ref}
    timeline = [each.text for each in read_timeline(session, new)]
    assert timeline.count(f"Seen before: {ref} Disk full") == 1
    found = similar.like_incident(session, new)
    assert [(each.ref, each.linked) for each in found] == [(ref, True)]
    assert f"| Seen before | {ref} |" in exports.export_incident(session, new, "md")
    assert "Seen before" not in postmortems.markdown(session, new, public=True)
    undo(session, new)
    assert session.reads.view(new).seen_before == {}
    similar.link(session, new, old)
    assert similar.unlink(session, new, old).seen_before == {}
    with pytest.raises(InvalidInputError):
        similar.link(session, new, new)


def test_a_link_to_what_is_not_here_is_left_out(session: Session) -> None:
    old, new = past(session, "Disk full"), past(session, "Certificate expired")
    similar.link(session, new, old)
    delete(session, old)
    assert similar.like_incident(session, new) == ()


@pytest.fixture(scope="module")
def history(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Real incidents: two status pages and the post-mortems of seven teams."""
    home = tmp_path_factory.mktemp("history")
    with open_session(Paths(home, home), Config(author="ops")) as opened:
        import_file(opened, "statuspage", samples / "statuspage/github_2018-12_to_2020-12.json")
        import_file(opened, "cstate", samples / "cstate-jenkins")
        for file in sorted(samples.glob("postmortems/*/*.md")):
            # One without any date is refused, as it should be.
            with suppress(ImportRefusedError):
                import_file(opened, "postmortem", file)
        yield opened


def services_of(view: IncidentView) -> set[str]:
    """Return what a real incident hit; what a page says of all its incidents is no service."""
    source = view.src
    if source is None or source.format != "cstate":
        return {each for each in view.components if not each.startswith("Visit ")}
    listed = re.search(r"affected:\n((?:\s+- .*\n?)+)", source.raw["front_matter"])
    return {each.strip(" -") for each in listed[1].splitlines()} if listed else set()


def test_real_incidents_find_those_that_hit_the_same_service(history: Session) -> None:
    everyone = incidents.list_incidents(history, closed=True)
    views = [history.reads.view(each.id) for each in everyone]
    services = {each.id: found for each in views if (found := services_of(each))}
    right = wrong = 0
    for inc, own in services.items():
        siblings = {each for each in services if each != inc and services[each] & own}
        for found in similar.like_incident(history, inc, 3) if siblings else ():
            right, wrong = right + (found.id in siblings), wrong + (found.id not in siblings)
    assert right > 200
    assert right / (right + wrong) > 0.85, f"{right} right, {wrong} wrong"


@pytest.mark.parametrize("word", ["kiam", "flux", "prow", "posthog", "hellman"])
def test_post_mortems_of_one_subject_find_each_other(history: Session, word: str) -> None:
    everyone = incidents.list_incidents(history, closed=True)
    family = {each.id for each in everyone if word in each.title.casefold()}
    assert len(family) > 1
    for inc in family:
        assert similar.like_incident(history, inc)[0].id in family


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.text(max_size=60))
@example('"' * 50)
@example("a-b.c/d:e " * 400)
@example("\ud800 \0 NEAR( AND")
def test_any_words_may_be_typed(session: Session, text: str) -> None:
    if not session.reads.count():
        past(session, "Disk full", cause="logs")
    similar.like_words(session, text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("## Root cause\n\n- The *pool* was full. Nobody saw it.", "The *pool* was full."),
        ("One line only", "One line only"),
        ("\n\n", ""),
    ],
)
def test_the_first_sentence_says_it(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence
