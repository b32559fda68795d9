"""A text field for long texts: takes any paste, keeps undo, and merges what others write."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message

from cockpit.domain.text_merge import compare
from cockpit.domain.visible import clean_input
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.typed_area import TypedArea

LONGEST_LINE = 2000
"""Characters beyond which a pasted line is broken: wrapping a longer one stops the screen."""

# What the text field's document would take for a line's end, and lose at the end of a text.
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)} | {
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
}
# Marks that turn the reading direction: on the screen they must not act.
_BIDI = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F), "\ufffd")


def clean_draft(text: str) -> str:
    """Return a text as the field takes it: plain line ends, control characters as pictures."""
    return _LINE_BREAKS.sub("\n", clean_input(text)).translate(_PICTURES)


def break_long_lines(text: str, longest: int = LONGEST_LINE) -> str:
    """Return `text` with lines of more than `longest` characters broken, at a blank if possible."""
    if len(text) <= longest:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > longest:
            cut = rest.rfind(" ", longest // 2, longest) + 1 or longest
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return "\n".join(lines)


class DraftArea(TypedArea):
    """A multi-line text field without a frame."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("editor")
    DEFAULT_CSS = """
    DraftArea {
        border: none;
        padding: 0;
        background: $ground;
        color: $text;
        scrollbar-size: 1 1;
        &:focus { border: none; }
        & .text-area--cursor { background: $bright; color: $ground; }
        & .text-area--placeholder { color: $muted; }
        &.-draft { color: $muted; }
        &.-draft .text-area--cursor { background: $ground; color: $muted; }
    }
    """

    class Left(Message):
        """The person leaves the text; it is kept."""

    class SaveWanted(Message):
        """The person wants the text saved now."""

    class ExternalWanted(Message):
        """The person wants to go on in their own editor."""

    class LinesBroken(Message):
        """A pasted line was too long for the screen and was broken; nothing was left out."""

    def __init__(self, **options: Any) -> None:
        """Make an empty field; `options` are the widget's own (id, classes)."""
        super().__init__(
            soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, **options
        )
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def show_text(self, text: str) -> None:
        """Begin with another text: what was written before cannot be undone any more."""
        self.forget_selection()
        self.begin_history()
        self.load_text(break_long_lines(clean_draft(text)))
        self.scroll_home(animate=False)

    def put_text(self, text: str) -> None:
        """Replace the whole text by another one; undo brings the old one back."""
        wanted = break_long_lines(clean_draft(text))
        if wanted != self.text:
            self.rewrite(compare(self.text, wanted))
            self.move_cursor((0, 0))

    def merge_text(self, text: str) -> None:
        """Take over what others changed; the cursor stays at the word where it stands."""
        self.splice(compare(self.text, break_long_lines(clean_draft(text))))

    def get_line(self, line_index: int) -> Text:
        """Return a line for drawing, without marks that turn the reading direction."""
        return Text(self.document.get_line(line_index).translate(_BIDI), end="", no_wrap=True)

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert the pasted text, whatever it holds."""
        event.prevent_default()
        event.stop()
        if self.read_only:
            return
        pasted = clean_draft(event.text)
        insert = break_long_lines(pasted)
        if insert != pasted:
            self.post_message(self.LinesBroken())
        start, end = self.selection
        self.replace(insert, start, end, maintain_selection_offset=False)

    def action_paste(self) -> None:
        """Insert what was cut or copied inside the app."""
        start, end = self.selection
        if not self.read_only and (text := clean_draft(self.app.clipboard)):
            self.replace(text, start, end, maintain_selection_offset=False)

    def action_leave_editor(self) -> None:
        """Leave the text; it is kept."""
        self.post_message(self.Left())

    def action_save(self) -> None:
        """Save now."""
        self.post_message(self.SaveWanted())

    def action_external(self) -> None:
        """Go on in the person's own editor."""
        self.post_message(self.ExternalWanted())
