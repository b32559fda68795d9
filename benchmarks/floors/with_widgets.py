"""The least application with what ours has: header, footer, a table, a text area, a clock."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Digits, Footer, Header, TextArea


class WithWidgets(App[None]):
    """A table of ten rows beside digits that tick and a text area of twenty lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+q", "quit", "Quit"),
        ("f2", "type", "Type"),
        ("f3", "copy", "Copy"),
    ]
    CSS = """
    DataTable { width: 2fr; }
    Vertical { width: 1fr; }
    Digits { height: 3; }
    TextArea { height: 1fr; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the widgets as the library has them."""
        yield Header()
        with Horizontal():
            yield DataTable[str](cursor_type="row")
            with Vertical():
                yield Digits("00:00")
                yield TextArea("A line of text.\n" * 20)
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table, and let the clock begin."""
        table = self.query_one(DataTable)
        table.add_columns("time", "kind", "text")
        for row in range(10):
            table.add_row(f"09:{row:02}", "note", f"READY entry {row} found errors in service X")
        self.set_interval(1, self.tick)

    def tick(self) -> None:
        """Let the clock go on."""
        self.query_one(Digits).update(time.strftime("%M:%S"))

    def action_type(self) -> None:
        """Go to the text area."""
        self.query_one(TextArea).focus()

    def action_copy(self) -> None:
        """Do nothing: only the footer names it."""


if __name__ == "__main__":
    WithWidgets().run()
