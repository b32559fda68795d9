"""The palette: every action that the screen behind it has, found by a few letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from cockpit.keymap import KEYS, Key, Rebound, keys_shown
from cockpit.screens.base import CockpitDialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.command_list import Command, CommandList, matching
from cockpit.widgets.text_field import TextField

# What is moved or left with keys only, or belongs to a dialog: of no use as a command.
_MOVES = ("palette", "cancel", "accept", "close", "leave", "older", "newer")

# What every screen has comes after what this one has, and moving last.
_WIDE = ("app", "list")


class PaletteScreen(CockpitDialog[str | None]):
    """A field and the commands that match it; returns the id of a row of the key table."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("palette")
    DEFAULT_CSS = """
    PaletteScreen {
        align: center top;
        background: $ground 60%;
        & Vertical {
            width: 80;
            max-width: 96%;
            height: auto;
            max-height: 90%;
            margin-top: 2;
            padding: 1 0;
            background: $raised;
        }
        & TextField, & TextField:focus { background: $raised; padding: 0 2; margin-bottom: 1; }
        & CommandList { height: auto; max-height: 18; min-height: 1; }
    }
    """

    def __init__(self, commands: list[Command]) -> None:
        """Offer these commands."""
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Lay the field out above the list."""
        with Vertical():
            yield TextField(placeholder="What do you want to do?")
            yield CommandList()

    def on_mount(self) -> None:
        """Show all commands."""
        self.query_one(CommandList).show_items(self._commands, 0)

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self.query_one(CommandList).show_items(matching(self._commands, event.value), 0)

    @on(Input.Submitted)
    @on(CommandList.Chosen)
    def _choose(self) -> None:
        current = self.query_one(CommandList).current
        self.dismiss(current.id if current else None)

    @on(TextField.Left)
    def _leave(self) -> None:
        self.dismiss(None)

    def action_cursor(self, step: str) -> None:
        """Move in the list; step: down, up, page_down or page_up."""
        commands = self.query_one(CommandList)
        {
            "down": commands.action_cursor_down,
            "up": commands.action_cursor_up,
            "page_down": commands.action_page_down,
            "page_up": commands.action_page_up,
        }[step]()


def commands_for(app: App[Any], rebound: Rebound, *, ascii_only: bool = False) -> list[Command]:
    """Return every action of the key table that the current screen can do now."""
    found: dict[str, Command] = {}
    for key in sorted(
        KEYS, key=lambda each: _WIDE.index(each.context) if each.context in _WIDE else -1
    ):
        if key.name in _MOVES or find_node(app, key) is None:
            continue
        text = key.help[0].upper() + key.help[1:]
        shown = keys_shown(key, rebound, ascii_only=ascii_only)
        if text in found:
            same = found[text]
            found[text] = Command(same.id, text, same.group, " ".join([same.keys, *shown]))
        else:
            group = key.group or key.context.capitalize()
            found[text] = Command(key.id, text, group, " ".join(shown))
    return list(found.values())


def find_node(app: App[Any], key: Key) -> DOMNode | None:
    """Return who does an action on the current screen, nearest to the focus, or None."""
    name = f"action_{action_name(key)}"
    if key.action.startswith("app.") or key.context == "app":
        return app if hasattr(app, name) else None
    contexts = getattr(app.screen, "HELP_CONTEXTS", ())
    if key.context not in contexts:
        return None
    return next((node for node in _nodes(app.screen) if hasattr(type(node), name)), None)


def action_name(key: Key) -> str:
    """Return the action's name without its namespace and arguments."""
    return key.action.partition("(")[0].rpartition(".")[2]


def action_text(key: Key) -> str:
    """Return the action with its arguments and without its namespace."""
    name, bracket, arguments = key.action.partition("(")
    return name.rpartition(".")[2] + bracket + arguments


def _nodes(screen: Screen[Any]) -> Iterator[DOMNode]:
    if screen.focused is not None:
        yield from (node for node in screen.focused.ancestors_with_self if node is not screen.app)
    yield screen
    yield from screen.query("*")
