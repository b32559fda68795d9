"""The line where everything is written: an entry in its grammar, a correction, a time, a filter.

What was being written as an entry is kept while the line is used for something else.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input, Static

from cockpit.domain.entry_grammar import WORDS, ParsedEntry, Work, parse_entry
from cockpit.domain.times import format_clock, format_words, parse_when
from cockpit.domain.visible import clean_input, make_visible
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import CockpitError
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.marks import marks

PLACEHOLDER = "What just happened?  /decision  /action  /impact   -5m"
LONGEST_LINE = 8_000
"""Characters that the line itself holds; a longer paste is offered like one of many lines."""

_HISTORY = 200
_KINDS = tuple(f"/{command} " for command in WORDS)


class LineMode(StrEnum):
    """What the line is used for, and the word before it."""

    ENTRY = "›"
    CORRECT = "correct"
    MOVE = "time"
    FILTER = "/"


def prompt_of(mode: LineMode) -> str:
    """Return the word or mark before the line."""
    return marks().prompt if mode is LineMode.ENTRY else mode.value


_PLACEHOLDERS = {
    LineMode.ENTRY: PLACEHOLDER,
    LineMode.CORRECT: "the right text",
    LineMode.MOVE: "09:10, -5m, yesterday 23:10",
    LineMode.FILTER: "words  /decision  /action  *",
}


class EntryInput(Input):
    """An input that loses nothing of a paste, and remembers what was entered."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("entry")

    # The library lays out the whole screen anew for each letter: its line could make room.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    class Left(Message):
        """The person leaves the line; its text stays."""

    class Pasted(Message):
        """More was pasted than one line holds."""

        def __init__(self, text: str) -> None:
            """Keep the text as it came."""
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        """Begin with no history."""
        super().__init__(
            placeholder=PLACEHOLDER,
            select_on_focus=False,
            compact=True,
        )
        self.cursor_blink = False
        self._past: list[str] = []
        self._place = 0
        self._unsent = ""

    def watch_value(self, value: str) -> None:
        """Offer the kind that begins as the line does; the library would begin a task for it."""
        begun = value.casefold()
        kinds = (each for each in _KINDS if begun and each.startswith(begun))
        self._suggestion = next(kinds, "")

    def remember(self, line: str) -> None:
        """Keep a line that was entered, for the arrow keys."""
        if not self._past or self._past[-1] != line:
            self._past = [*self._past, line][-_HISTORY:]
        self._place = len(self._past)

    def on_paste(self, event: events.Paste) -> None:
        """Take a short single line as typed; hand on everything else whole."""
        event.stop()
        event.prevent_default()
        text = clean_input(event.text)
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 or len(text) > LONGEST_LINE:
            self.post_message(self.Pasted(text))
        elif lines:
            self.replace(lines[0], *sorted(self.selection))

    def action_leave_entry(self) -> None:
        """Leave the line; the text is kept."""
        self.post_message(self.Left())

    def action_older(self) -> None:
        """Bring back what was entered before."""
        if self._place == len(self._past):
            self._unsent = self.value
        self._go(self._place - 1)

    def action_newer(self) -> None:
        """Go on to what was entered later, and to what was being written."""
        self._go(self._place + 1)

    def _go(self, place: int) -> None:
        if 0 <= place <= len(self._past) and place != self._place:
            self._place = place
            self.value = self._past[place] if place < len(self._past) else self._unsent
            self.cursor_position = len(self.value)


class EntryLine(Horizontal):
    """The prompt, the input, and what will become of the text."""

    DEFAULT_CSS = """
    EntryLine {
        height: 1;
        background: $field;
        & > .entry-line--prompt { width: auto; padding: 0 1; color: $muted; }
        & > EntryInput, & > EntryInput:focus {
            width: 1fr; height: 1; padding: 0; border: none; background: $field; color: $text;
            overflow: hidden;
        }
        & > .entry-line--hint { width: auto; max-width: 50%; padding: 0 1; color: $muted; }
        & > .entry-line--hint.-wrong { color: $soon; }
        & > .entry-line--hint.-empty { display: none; }
        & > EntryInput > .input--placeholder { color: $muted; }
        & > EntryInput > .input--suggestion { color: $muted; }
    }
    EntryLine:focus-within > .entry-line--prompt { color: $bright; text-style: bold; }
    """

    class Submitted(Message):
        """A line was entered."""

        def __init__(self, mode: LineMode, text: str) -> None:
            """Keep what the line was used for, and its text."""
            super().__init__()
            self.mode, self.text = mode, text

    class Edited(Message):
        """The text of the line changed."""

        def __init__(self, mode: LineMode, text: str) -> None:
            """Keep what the line is used for, and its text."""
            super().__init__()
            self.mode, self.text = mode, text

    class Pasted(Message):
        """More was pasted than one line holds."""

        def __init__(self, text: str) -> None:
            """Keep the text as it came."""
            super().__init__()
            self.text = text

    class Refused(Message):
        """Somebody who may only read clicked into the line."""

    class Left(Message):
        """The person left the line, which was used for `mode`."""

        def __init__(self, mode: LineMode) -> None:
            """Keep what the line was used for."""
            super().__init__()
            self.mode = mode

    def __init__(self) -> None:
        """Begin empty, for entries."""
        super().__init__()
        self.mode = LineMode.ENTRY
        self._takes_entries = True
        self._kept = ""
        self._hint = ("", False)
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC

    def compose(self) -> ComposeResult:
        """Make the prompt, the input and the hint."""
        yield Static(Content(prompt_of(LineMode.ENTRY)), classes="entry-line--prompt", markup=False)
        yield EntryInput()
        yield Static(classes="entry-line--hint -empty", markup=False)

    @property
    def input(self) -> EntryInput:
        """Return the input."""
        return self.query_one(EntryInput)

    @property
    def entry_text(self) -> str:
        """Return what is being written as an entry, whatever the line is used for now."""
        return self.input.value if self.mode is LineMode.ENTRY else self._kept

    def tick(self, now: datetime, zone: tzinfo) -> None:
        """Say what time it is: `-5m` is counted from now."""
        self._now, self._zone = now, zone

    def take_entries(self, *, allowed: bool) -> None:
        """Take entries, or none any more; a filter can be typed in any case."""
        self._takes_entries = allowed
        self._admit()

    def on_click(self) -> None:
        """Say that nothing can be written, before anything is typed."""
        if not self.input.can_focus:
            self.post_message(self.Refused())

    def begin(self, mode: LineMode, text: str = "") -> None:
        """Use the line for something else than an entry, beginning with `text`."""
        if self.mode is LineMode.ENTRY:
            self._kept = self.input.value
        self._turn(mode, text)
        self.input.focus()

    def end(self) -> None:
        """Use the line for entries again, with the text that was being written."""
        if self.mode is not LineMode.ENTRY:
            self._turn(LineMode.ENTRY, self._kept)

    def write(self, text: str) -> None:
        """Put `text` there as the entry that is being written."""
        if self.mode is LineMode.ENTRY:
            self.input.value = text
            self.input.cursor_position = len(text)
        else:
            self._kept = text

    def _turn(self, mode: LineMode, text: str) -> None:
        self.mode = mode
        self._admit()
        self.query_one(".entry-line--prompt", Static).update(Content(prompt_of(mode)))
        self.input.placeholder = _PLACEHOLDERS[mode]
        self.input.value = text
        self.input.cursor_position = len(text)
        self._show_hint()

    def _admit(self) -> None:
        self.input.can_focus = self._takes_entries or self.mode is not LineMode.ENTRY

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what will become of the text, and that it changed."""
        event.stop()
        self._show_hint()
        self.post_message(self.Edited(self.mode, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand on the line."""
        event.stop()
        self.post_message(self.Submitted(self.mode, event.value))

    def on_entry_input_pasted(self, event: EntryInput.Pasted) -> None:
        """Hand on a long paste."""
        event.stop()
        self.post_message(self.Pasted(event.text))

    def on_entry_input_left(self, event: EntryInput.Left) -> None:
        """Say that the line was left."""
        event.stop()
        self.post_message(self.Left(self.mode))

    def _show_hint(self) -> None:
        text, wrong = hint_of(self.mode, self.input.value, self._now, self._zone)
        if (text, wrong) == self._hint:
            return
        self._hint = text, wrong
        hint = self.query_one(".entry-line--hint", Static)
        hint.set_class(wrong, "-wrong")
        hint.set_class(not text, "-empty")
        hint.update(Content(marks().prose(make_visible(text))))


def hint_of(mode: LineMode, text: str, now: datetime, zone: tzinfo) -> tuple[str, bool]:
    """Return what will become of a line in few words, and whether it is not understood."""
    if not text.strip() or (mode is LineMode.ENTRY and _is_unfinished(text)):
        return "", False
    try:
        if mode is LineMode.ENTRY:
            parsed = parse_entry(text, now, zone)
            words = [_kind_words(parsed), _moment(parsed.at, now, zone) if parsed.at else ""]
            return " ".join(each for each in words if each), False
        if mode is LineMode.MOVE:
            return _moment(parse_when(text, now, zone), now, zone), False
    except CockpitError as error:
        return error.message, True
    return "", False


def _kind_words(parsed: ParsedEntry) -> str:
    """Return what a line becomes, empty for a plain note."""
    if parsed.work is Work.THEORY:
        return "theory"
    if parsed.work is Work.ASK:
        wait = f", {format_words(parsed.within)}" if parsed.within else ""
        return f"ask {parsed.owner}{wait}" if parsed.owner else f"ask{wait}"
    return "" if parsed.kind is EntryKind.NOTE else parsed.kind.value


def _is_unfinished(text: str) -> bool:
    """Say whether a line is only the beginning of a kind, or a kind whose text is to come."""
    word = text.strip().lower()
    if not word.startswith("/") or " " in word:
        return False
    return any(command.startswith(word[1:]) for command in WORDS)


def _moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a time with its zone, and its day when that is not today."""
    there = at.astimezone(zone)
    clock = f"{format_clock(at, zone)} {there.tzname() or ''}".strip()
    return clock if there.date() == now.astimezone(zone).date() else f"{there:%a %d %b} {clock}"
