"""Dialogs: rare, small, left with escape; each returns what was chosen, or None."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.domain.visible import make_visible
from cockpit.screens.base import CockpitDialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.choice_list import Choice, ChoiceList
from cockpit.widgets.marks import marks
from cockpit.widgets.text_field import TextField

R = TypeVar("R")

__all__ = ["Choice", "ChoiceDialog", "ConfirmReference", "TextDialog"]


class Dialog(CockpitDialog[R]):
    """A panel in the middle of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("dialog")
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $ground 60%;
        & > Vertical {
            width: 72;
            max-width: 96%;
            height: auto;
            max-height: 96%;
            padding: 1 2;
            background: $raised;
        }
        & #title { color: $bright; text-style: bold; height: auto; margin-bottom: 1; }
        & .hint { color: $muted; height: auto; margin-top: 1; }
        & .label { color: $muted; height: auto; }
        & TextField, & TextField:focus { background: $band-focus; }
    }
    """

    def action_cancel(self) -> None:
        """Leave without a change."""
        self.dismiss(None)

    @on(TextField.Left)
    def _left(self) -> None:
        self.action_cancel()


class ChoiceDialog(Dialog[tuple[str, str] | None]):
    """Choose one of a few values, by its number or with the arrows, and say why."""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        ask_reason: bool = True,
        *,
        current: str = "",
    ) -> None:
        """Offer `choices`, with the cursor on the `current` value."""
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._ask_reason = ask_reason
        self._current = current
        self._chosen_value = ""

    def compose(self) -> ComposeResult:
        """Lay out the title, the choices and the field for the reason."""
        with Vertical():
            yield Static(Content(marks().prose(make_visible(self._title))), id="title")
            yield ChoiceList()
            if self._ask_reason:
                yield Static(Content("why (may stay empty)"), classes="label hint")
                yield TextField()

    def on_mount(self) -> None:
        """Put the cursor on the current value."""
        values = [each.value for each in self._choices]
        cursor = values.index(self._current) if self._current in values else 0
        choices = self.query_one(ChoiceList)
        choices.show_items(self._choices, cursor)
        choices.focus()

    @on(ChoiceList.Chosen)
    def _chosen(self) -> None:
        if not self._ask_reason:
            self._accept("")
            return
        reason = self.query_one(TextField)
        current = self.query_one(ChoiceList).current
        # Enter may be pressed before the field for the reason has the keyboard.
        if current is not None and current.value == self._chosen_value:
            self._accept(reason.value.strip())
            return
        self._chosen_value = current.value if current else ""
        reason.focus()

    @on(Input.Submitted)
    def _reason_given(self, event: Input.Submitted) -> None:
        self._accept(event.value.strip())

    def _accept(self, reason: str) -> None:
        current = self.query_one(ChoiceList).current
        self.dismiss((current.value, reason) if current else None)


class TextDialog(Dialog[str | None]):
    """Ask for one line of text."""

    def __init__(self, title: str, label: str = "", initial: str = "") -> None:
        """Ask under `title`, with `label` above the field and `initial` in it."""
        super().__init__()
        self._title = title
        self._label = label
        self._initial = initial

    def compose(self) -> ComposeResult:
        """Lay out the title and the field."""
        with Vertical():
            yield Static(Content(marks().prose(make_visible(self._title))), id="title")
            if self._label:
                yield Static(Content(make_visible(self._label)), classes="label")
            yield TextField(self._initial, select_on_focus=False)

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class ConfirmReference(Dialog[bool | None]):
    """Ask for an incident's reference before it is put away; nothing else asks."""

    def __init__(self, reference: str, sentence: str) -> None:
        """Say with `sentence` what would happen; only `reference`, typed, lets it."""
        super().__init__()
        self._reference = reference
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        """Lay out what would happen and the field."""
        with Vertical():
            yield Static(Content(marks().prose(make_visible(self._sentence))), id="title")
            yield Static(Content(f"type {self._reference} to go on"), classes="label")
            yield TextField()
            yield Static(id="answer", classes="hint", markup=False)

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        if event.value.strip().casefold() == self._reference.casefold():
            self.dismiss(result=True)
        else:
            self.query_one("#answer", Static).update("That is another word; nothing was changed.")
