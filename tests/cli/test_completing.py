"""What the shells are offered after <Tab>."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch):
    def complete(commands: Commands, *words: str) -> list[str]:
        """Return what is offered for the last of `words`."""
        with monkeypatch.context() as patch:
            patch.setenv("_COCKPIT_COMPLETE", "zsh_complete")
            patch.setenv("COMP_WORDS", " ".join(["cockpit", *words]))
            patch.setenv("COMP_CWORD", str(len(words)))
            lines = commands.ok().out.splitlines()
        return lines[1::3]

    return complete


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["set", ""], {"INC-1", "severity", "role.commander", "pm.review"}),
        (["set", "sev"], {"severity"}),
        (["set", "severity", ""], {"SEV1", "SEV2", "SEV3", "SEV4"}),
        (["set", "INC-1", "status", "re"], {"resolved"}),
        (["set", "--incident", "INC-1", "stage", ""], {"worked-around"}),
        (["set", "inc1", "pm.review", "in"], {"in-review"}),
        (["set", "impact", ""], {"high", "medium", "low"}),
        (["set", "kind", "t"], {"third-party"}),
        (["log", "I"], {"INC-1"}),
        (["log", "--kind", "dec"], {"decision"}),
        (["amend", ""], {"last", "INC-1"}),
        (["tell", "--ring", "ex"], {"executives"}),
        (["tell", "--quadrant", "keep-s"], {"keep-satisfied"}),
        (["tell", "--channel", "status"], {"status-page"}),
        (["update", "--stage", "f"], {"first-word"}),
        (["update", "--audience", "c"], {"customers", "core"}),
        (["update", "INC-1", "--channel", "s"], {"sms"}),
        (["postmortem", "set", "INC-1", "sum"], {"summary"}),
        (["declare", "--severity", "sev"], {"SEV1"}),
        (["export", "--format", ""], {"md", "json", "timeline"}),
        (["import", ""], {"statuspage", "cockpit"}),
        (["completion", ""], {"bash", "zsh", "fish"}),
        (["undo", ""], {"INC-1"}),
    ],
)
def test_offers(open_incident: Commands, offered, words: list[str], some: set[str]) -> None:
    found = offered(open_incident, *words)
    assert some <= set(found)
    assert all(" " not in each for each in found)
    assert all(each.lower().startswith(words[-1].lower()) for each in found)


def test_people_of_the_incident(open_incident: Commands, offered) -> None:
    everybody = offered(open_incident, "tell", "INC-1", "")
    assert {each["id"] for each in open_incident.ok("show", "--json").data["board"]} == set(
        everybody
    )
    assert everybody[0] not in offered(open_incident, "tell", everybody[0], "")


def test_deleted_incidents_are_offered_to_undo_only(open_incident: Commands, offered) -> None:
    open_incident.ok("declare", "Second")
    open_incident.ok("delete", "INC-1", "--confirm", "INC-1")
    assert offered(open_incident, "show", "") == ["INC-2"]
    assert offered(open_incident, "delete", "") == ["INC-2"]
    assert offered(open_incident, "delete", "--undo", "") == ["INC-1"]


def test_without_a_database_words_are_offered_and_nothing_is_made(
    cockpit: Commands, offered
) -> None:
    assert offered(cockpit, "tell", "") == []
    assert "SEV2" in offered(cockpit, "set", "severity", "")
    assert not cockpit.home.exists()


def test_a_broken_playbook_or_database_offers_nothing(open_incident: Commands, offered) -> None:
    (open_incident.home / "playbook.toml").write_text("compani = 1")
    assert offered(open_incident, "set", "severity", "") == []
    (open_incident.home / "playbook.toml").unlink()
    for each in open_incident.home.glob("*.db*"):
        each.write_bytes(b"nothing of ours" * 100)
    assert offered(open_incident, "show", "") == []
