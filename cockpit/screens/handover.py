"""The hand-over sheet: where it stands, for everybody or for whoever takes a role over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.domain.visible import make_visible
from cockpit.errors import CockpitError
from cockpit.screens.dialogs import Dialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.marks import marks
from cockpit.widgets.text_field import TextField

Give = Callable[[], Awaitable[str]]
"""Notes that the sheet was given, and returns its text as it was kept."""

R = TypeVar("R")


class SheetDialog(Dialog[R]):
    """Shows the sheet; it can be copied, and kept as given."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("handover")
    DEFAULT_CSS = """
    SheetDialog {
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

    HINT: ClassVar[str] = ""
    AROUND: ClassVar[int] = 0
    """Lines of the terminal that are not the sheet's: the margins, the title, what is below."""

    def __init__(self, sheet: str, give: Give) -> None:
        """Show `sheet` (blocks of a heading and indented lines); `give` notes that it was given."""
        super().__init__()
        self._sheet = sheet
        self._give = give

    def compose_sheet(self, title: str) -> ComposeResult:
        """Yield the title and the sheet below it."""
        yield Static(Content(marks().prose(make_visible(title))), id="title")
        with VerticalScroll():
            for block in self._sheet.strip("\n").split("\n\n"):
                head, _, lines = block.partition("\n")
                yield _static(head)
                if lines:
                    yield _static("\n".join(each[2:] for each in lines.split("\n")), "part")
                else:
                    yield _static("")

    def compose_answer(self) -> ComposeResult:
        """Yield the line that names the keys, or says what one of them did."""
        yield Static(Content(self.HINT), id="answer", classes="hint")

    def on_mount(self) -> None:
        """Let the sheet be read first."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the sheet the lines that the words around it do not need."""
        self.query_one(VerticalScroll).styles.max_height = max(3, event.size.height - self.AROUND)

    def action_copy(self) -> None:
        """Copy the sheet, as it is shown."""
        self.run_worker(self._copy(), group="copy", exclusive=True)

    def action_given(self) -> None:
        """Note that the sheet was given, with its text."""
        self.run_worker(self._note(), group="give", exclusive=True)

    async def _copy(self) -> None:
        result = await self.cockpit.copy_text(self._sheet)
        self._tell(result.sentence)

    async def _note(self) -> None:
        try:
            self._sheet = await self._give()
        except CockpitError as error:
            self._tell(str(error))
        else:
            self._tell("Kept in the timeline as given. u takes it back there.")

    def _tell(self, words: str) -> None:
        self.query_one("#answer", Static).update(Content(marks().prose(make_visible(words))))


class HandoverSheet(SheetDialog[None]):
    """The sheet by itself."""

    HINT = "c copies it, s notes that it was given, esc goes back"
    AROUND = 8

    def compose(self) -> ComposeResult:
        """Lay out the sheet above the keys."""
        with Vertical():
            yield from self.compose_sheet("Hand-over sheet")
            yield from self.compose_answer()

    def action_accept(self) -> None:
        """Go back: there is nothing to accept."""
        self.dismiss(None)


class HandoverDialog(SheetDialog[str | None]):
    """Shows the sheet before a role changes hands; returns the reason, None to leave it."""

    HINT = "enter: the reason, c copies the summary, s notes it as given, esc back"
    AROUND = 11

    def __init__(self, title: str, sheet: str, give: Give) -> None:
        """Show `sheet` under `title`, which says who takes what over."""
        super().__init__(sheet, give)
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the sheet above the field for the reason."""
        with Vertical():
            yield from self.compose_sheet(self._title)
            yield Static(Content("why (may stay empty), enter hands over"), classes="label hint")
            yield TextField()
            yield from self.compose_answer()

    def action_accept(self) -> None:
        """Go on to the reason."""
        self.query_one(TextField).focus()

    @on(Input.Submitted)
    def _accepted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())


def _static(text: str, classes: str = "") -> Static:
    shown = marks().prose(make_visible(text, newlines=True))
    return Static(Content(shown), classes=classes)
