"""The page about sharing names commands and options that exist, and the words that are shown."""

from __future__ import annotations

import re
import shlex
from typing import Any

import click
import pytest

from cockpit.cli.root import root
from cockpit.domain.rivals import contest_words, find_contests
from cockpit.domain.sync_state import Contact, WorkspaceState
from cockpit.domain.sync_words import sync_words
from cockpit.domain.wire import Role
from cockpit.keymap import find_key, keys_shown
from tests.domain.test_rivals import UTC, rival
from tests.house.source_tree import ROOT
from tests.widgets.timeline_entries import make_view

PAGE = (ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
NOW = 1_800_000_000_000
MINUTE = 60_000


def lines() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("line", lines())
def test_every_command_can_be_read(line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "cockpit"
    context = click.Context(root)
    command: click.Command = root
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found is not None, line
        command = found
        context = click.Context(command, context, info_name=name)
    command.make_context(command.name, words, parent=context.parent)


def state(contact: Contact, **facts: Any) -> WorkspaceState:
    known = {"since": NOW - 12 * MINUTE, "synced_at": NOW - 4_000} | facts
    url = "https://sync.example"
    return WorkspaceState("a" * 32, "Pay", url, "ana", Role.EDITOR, contact=contact, **known)


@pytest.mark.parametrize(
    "each",
    [
        state(Contact.SYNCED),
        state(Contact.OFFLINE, unsent=7),
        state(Contact.TROUBLED, unsent=1, since=NOW - 2 * MINUTE),
        state(Contact.REFUSED),
    ],
)
def test_the_line_is_quoted_as_it_is(each: WorkspaceState) -> None:
    assert f"| {sync_words(each, NOW).text.strip()} |" in PAGE


def test_the_keys_are_those_of_the_table() -> None:
    for identity in ("update.take_over", "incident.rivals", "update.write"):
        key = find_key(identity)
        assert key is not None
        assert f"<kbd>{keys_shown(key, {})[0]}</kbd>" in PAGE


def test_rivals_are_quoted_as_they_are() -> None:
    contests = find_contests(make_view(rivals=(rival("severity", "SEV1"),)))
    assert f"“{contest_words(contests, UTC)[0]}”" in PAGE


def test_every_subcommand_is_on_the_page() -> None:
    from cockpit.cli.sync import sync_command

    named = {line.split()[2] for line in lines() if line.startswith("cockpit sync ")}
    assert named == set(sync_command.commands) - {"export", "import"}
