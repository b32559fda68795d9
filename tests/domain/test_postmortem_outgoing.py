"""A public post-mortem is looked at as every text for customers, place by place."""

from __future__ import annotations

import pytest

from cockpit.domain.fold import fold
from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.postmortem_findings import Finding
from cockpit.domain.postmortem_outgoing import find_outgoing
from tests.domain.incident_events import default_playbook, field, minutes, opened


def look(text: str, title: str = "Checkout fails") -> tuple[Finding, ...]:
    view = fold([opened(title=title), field(2, "role.commander", "Lena Moreau", minutes(1))]).view
    section = PostmortemSection("what_happened", "What went wrong", "", "", text)
    return find_outgoing(view, [section], default_playbook())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("The disk of db-07 was full.", "internal name"),
        ("It ran on 10.0.3.17 alone.", "private address"),
        ("See OPS-1234 for more.", "internal ticket"),
        ("Lena Moreau restarted it.", "a person"),
        ("It was human error.", "blames"),
        ("It was probably the cache.", "guess"),
    ],
)
def test_what_customers_must_not_read_is_found_with_its_place(words: str, said: str) -> None:
    (found,) = look(f"All was well.\n\nThen:\n{words}\n\nAnd that was it.")
    assert said in found.sentence
    assert (found.kind, found.section, found.line) == ("outgoing", "what_happened", 3)
    assert (found.start, found.stop) == (15, 15 + len(f"Then:\n{words}"))


def test_a_secret_is_another_kind() -> None:
    (found,) = look("password=hunter2hunter2")
    assert found.kind == "secret"
    assert "hunter2hunter2" not in found.sentence


def test_escaping_hides_nothing_and_the_title_is_looked_at() -> None:
    assert look("the host db\\-07")
    (found,) = look("Nothing else.", title="db-07 is full")
    assert (found.title, found.section) == ("Title", "what_happened")


def test_plain_words_stand_in_nobodys_way() -> None:
    assert look("A queue filled up, and orders waited. We are sorry.") == ()


def test_the_same_words_in_two_places_are_one_finding() -> None:
    assert len(look("db-07 was full.\n\nLater db-07 was full again.")) == 1
