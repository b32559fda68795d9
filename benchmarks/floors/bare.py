"""The least application of the library that ours is made with: one line of text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static("READY bare")


if __name__ == "__main__":
    Bare().run()
