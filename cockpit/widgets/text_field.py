"""A one-line text field that is left with escape, keeps a pasted block, and shows no box."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from cockpit.widgets.bindings import bindings_for


class TextField(Input):
    """An input of one row; a paste of several lines becomes one line with blanks between."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("field")
    DEFAULT_CSS = """
    TextField, TextField:focus {
        height: 1;
        border: none;
        padding: 0 1;
        background: $field;
        background-tint: $field 0%;
        color: $bright;
        & > .input--placeholder { color: $muted; }
        & > .input--suggestion { color: $muted; }
    }
    """

    class Left(Message):
        """Somebody pressed escape in the field."""

        def __init__(self, field: TextField) -> None:
            """Keep the field."""
            super().__init__()
            self.field = field

        @property
        def control(self) -> TextField:
            """Return the field."""
            return self.field

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the arrow keys that would scroll a single row to the screen."""
        return not action.startswith("scroll_") and super().check_action(action, parameters)

    def action_leave_field(self) -> None:
        """Say that the field is left."""
        self.post_message(self.Left(self))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(" ".join(event.text.split("\n")).replace("\r", ""))
