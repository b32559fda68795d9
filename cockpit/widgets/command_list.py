"""The palette's list: what can be done, and the key that does it without the palette."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len

from cockpit.widgets.cells import pad, pad_left
from cockpit.widgets.line_list import LineList, Part


class Command(Struct, frozen=True):
    """One action of the key table as the palette shows it; `id` is the row's."""

    id: str
    text: str
    group: str
    keys: str


class CommandList(LineList[Command], can_focus=False):
    """One line per command; the cursor is moved by the field above it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LineList.COMPONENT_CLASSES | {
        "cursor",
        "bright",
        "muted",
        "cursor-muted",
    }
    DEFAULT_CSS = """
    CommandList {
        background: $raised;
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
    }
    """

    def parts_of(self, item: Command, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the command, its group and its keys."""
        del line
        muted = "cursor-muted" if selected else "muted"
        room_for_keys = max(cell_len(each.keys) for each in self.items)
        right = f"{pad_left(item.keys, room_for_keys)}  "
        group = pad(item.group, 13) if width >= 60 else ""
        room = width - 2 - cell_len(right) - cell_len(group) - 1
        return [(f"  {pad(item.text, room)} ", "bright"), (group, muted), (right, muted)]


def matching(commands: list[Command], words: str) -> list[Command]:
    """Return the commands that hold all the words, those that begin with them first."""
    wanted = words.casefold().split()
    found = [
        each
        for each in commands
        if all(word in f"{each.text} {each.group} {each.id}".casefold() for word in wanted)
    ]
    start = words.strip().casefold()
    return sorted(
        found,
        key=lambda each: (
            not each.text.casefold().startswith(start),
            start not in each.text.casefold(),
        ),
    )
