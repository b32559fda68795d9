"""`delete`: nothing is destroyed, nothing asks, and there is a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.fixture
def deleted(open_incident: Commands) -> Commands:
    """Return a shell with INC-1 deleted and INC-2 open."""
    open_incident.ok("log", "zebra in the logs")
    open_incident.ok("declare", "Mail is late")
    open_incident.ok("delete", "INC-1", "--confirm", "inc-1")
    return open_incident


@pytest.mark.parametrize("words", [[], ["--confirm", "INC-2"], ["--confirm", ""]])
def test_nothing_is_deleted_without_the_reference(
    open_incident: Commands, words: list[str]
) -> None:
    outcome = open_incident("delete", "INC-1", *words)
    assert outcome.code == 2
    assert "cockpit delete INC-1 --confirm INC-1" in outcome.err
    assert open_incident.ok("list", "--json").data


def test_a_name_is_needed(open_incident: Commands) -> None:
    assert open_incident("delete", "--confirm", "INC-1").code == 2
    assert open_incident("delete", "--undo").code == 2


def test_a_deleted_incident_is_in_no_list_and_no_search(deleted: Commands) -> None:
    assert [each["ref"] for each in deleted.ok("list", "--all", "--json").data] == ["INC-2"]
    assert [each["ref"] for each in deleted.ok("due", "--json").data] == ["INC-2"]
    assert deleted.ok("search", "zebra", "--json").data == []
    assert deleted.ok("search", "Checkout", "--json").data == []
    assert "zebra" not in deleted.ok("export", "--all").out
    deleted.ok("log", "goes to the only open one")
    assert "goes to the only open one" in deleted.texts("INC-2")


@pytest.mark.parametrize("name", ["INC-1", "inc1", "1"])
def test_its_reference_says_how_to_bring_it_back(deleted: Commands, name: str) -> None:
    outcome = deleted("show", name)
    assert outcome.code == 3
    assert "INC-1 was deleted" in outcome.err
    assert "cockpit delete --undo INC-1" in outcome.err


def test_it_comes_back_as_it_was(deleted: Commands) -> None:
    assert "Checkout fails" in deleted.ok("delete", "--list").out
    assert [each["ref"] for each in deleted.ok("delete", "--list", "--json").data] == ["INC-1"]
    deleted.ok("delete", "--undo", "1")
    assert "zebra in the logs" in deleted.texts("INC-1")
    assert deleted.ok("search", "zebra", "--json").data
    assert deleted.ok("delete", "--list").out == "No incident was deleted.\n"


def test_undo_neither_deletes_nor_restores(deleted: Commands) -> None:
    deleted.ok("delete", "--undo", "INC-1")
    assert "zebra" in deleted.ok("undo", "INC-1").out
    assert deleted("undo", "INC-1").code != 0
    assert len(deleted.ok("list", "--json").data) == 2


def test_what_is_not_deleted_cannot_come_back(deleted: Commands) -> None:
    outcome = deleted("delete", "--undo", "INC-2")
    assert (outcome.code, "INC-2 is not deleted" in outcome.err) == (2, True)
    outcome = deleted("delete", "--undo", "INC-7")
    assert (outcome.code, "INC-1" in outcome.err) == (3, True)


def test_an_import_leaves_it_deleted_and_says_so(open_incident: Commands) -> None:
    exported = open_incident.ok("export", "--format", "json").out.encode()
    open_incident.ok("delete", "INC-1", "--confirm", "INC-1")
    said = open_incident.ok("import", "cockpit", "-", stdin=exported).out
    assert "Deleted here before, and still: INC-1" in said
    assert open_incident.ok("list", "--all", "--json").data == []
    assert "cockpit delete --list" in open_incident.ok("list", "--all").out


def test_its_number_is_not_used_again(deleted: Commands) -> None:
    deleted.ok("delete", "INC-2", "--confirm", "INC-2")
    assert "INC-3 declared" in deleted.ok("declare", "Third").out
    assert deleted.ok("doctor").code == 0
