"""The hand-over's dialog: what the next person must know, and why the role changes."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.domain.visible import make_visible
from cockpit.screens.dialogs import Dialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.marks import marks
from cockpit.widgets.text_field import TextField

_AROUND = 11
"""Lines of the terminal that are not the summary's: the margins, the title, the reason."""

_HINT = "enter goes on to the reason, c copies the summary, esc goes back"


class HandoverDialog(Dialog[str | None]):
    """Shows the summary before a role changes hands; returns the reason, None to leave it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("handover")
    DEFAULT_CSS = """
    HandoverDialog {
        & > Vertical { width: 100; }
        & VerticalScroll {
            height: auto;
            background: $raised;
            scrollbar-size-vertical: 1;
        }
        & VerticalScroll > Static { height: auto; width: 1fr; color: $bright; }
        & VerticalScroll > .part { color: $text; padding: 0 2; margin-bottom: 1; }
    }
    """

    def __init__(self, title: str, summary: str) -> None:
        """Show `summary` (blocks of a heading and indented lines) under `title`."""
        super().__init__()
        self._title = title
        self._summary = summary

    def compose(self) -> ComposeResult:
        """Lay out the summary above the field for the reason."""
        with Vertical():
            yield Static(Content(marks().prose(make_visible(self._title))), id="title")
            with VerticalScroll():
                for block in self._summary.strip("\n").split("\n\n"):
                    head, _, lines = block.partition("\n")
                    yield _static(head)
                    if lines:
                        yield _static("\n".join(each[2:] for each in lines.split("\n")), "part")
                    else:
                        yield _static("")
            yield Static(Content("why (may stay empty), enter hands over"), classes="label hint")
            yield TextField()
            yield Static(Content(_HINT), id="answer", classes="hint")

    def on_mount(self) -> None:
        """Let the summary be read first."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the summary the lines that the words around it do not need."""
        self.query_one(VerticalScroll).styles.max_height = max(3, event.size.height - _AROUND)

    def action_accept(self) -> None:
        """Go on to the reason."""
        self.query_one(TextField).focus()

    def action_copy(self) -> None:
        """Copy the summary, as it is shown."""
        self.run_worker(self._copy(), group="copy", exclusive=True)

    async def _copy(self) -> None:
        result = await self.cockpit.copy_text(self._summary)
        self.query_one("#answer", Static).update(Content(result.sentence))

    @on(Input.Submitted)
    def _accepted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())


def _static(text: str, classes: str = "") -> Static:
    shown = marks().prose(make_visible(text, newlines=True))
    return Static(Content(shown), classes=classes)
