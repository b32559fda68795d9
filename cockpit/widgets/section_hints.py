"""What is pointed out below a section's text: wording, what is left to write, and remarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from cockpit.domain.text_merge import Splice, compare
from cockpit.domain.visible import make_visible
from cockpit.domain.wording import WordingHint
from cockpit.widgets.hint_line import HintLine
from cockpit.widgets.marks import marks, shorten
from cockpit.widgets.section_reader import SectionReader
from cockpit.widgets.text_places import locate, move_offset

if TYPE_CHECKING:
    from textual.widgets import TextArea

    from cockpit.widgets.section_area import SectionArea


class SectionHints(SectionReader):
    """The part of the post-mortem pane that points out, calmly, and never stands in the way."""

    class EntryWanted(SectionReader.Adopt, namespace="postmortem_pane"):
        """The person wants to put an entry of the timeline into the section."""

    class EditWhole(SectionReader.Adopt, namespace="postmortem_pane"):
        """The person wants the whole post-mortem in their own editor."""

    class CheckWanted(SectionReader.Adopt, namespace="postmortem_pane"):
        """The person wants to see what is left to write."""

    class OtherFormWanted(SectionReader.Adopt, namespace="postmortem_pane"):
        """The person wants the form for customers, or the internal one again."""

    class Accepted(Message, namespace="postmortem_pane"):
        """The person says that a wording of a section is fine as it is."""

        def __init__(self, section: str, hint: WordingHint) -> None:
            """Keep the section's id and the hint."""
            super().__init__()
            self.section = section
            self.hint = hint

    def __init__(self, **options: Any) -> None:
        """Begin with nothing to point out; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._hints: tuple[WordingHint, ...] = ()
        self._hint_keys = ("", "")
        self._looked_at = ""
        self.public_form = False

    @property
    def section_area(self) -> SectionArea:
        """Return the text field."""
        from cockpit.widgets.section_area import SectionArea

        return self.query_one(SectionArea)

    @property
    def hints(self) -> tuple[WordingHint, ...]:
        """Return the wording that is pointed out now."""
        return self._hints

    def show_hints(self, text: str, hints: Sequence[WordingHint], keys: tuple[str, str]) -> None:
        """Point out wording of `text`, unless that is not the text any more.

        keys: those that go to the next one, and that accept the one that is shown.
        """
        if text == self.area.text:
            self._hints, self._hint_keys, self._looked_at = tuple(hints), keys, text
            self._draw_hints()

    def show_left(self, text: str, key: str) -> None:
        """Say what is left to write, and the key that lists it; nothing for an empty text."""
        line = self.query_one("#postmortem-left", Static)
        line.set_class(bool(text), "-says")
        tail = f"  {key}" if key else ""
        words = Content.styled(marks().prose(make_visible(text)), ".postmortem-pane--muted")
        room = max(self.size.width, 10) - len(tail)
        line.update(Content.assemble(shorten(words, room), (tail, ".postmortem-pane--title")))

    def put_entry(self, line: str) -> None:
        """Put a line in at the cursor and go on writing; undo takes it out again."""
        self.section_area.insert_line(line)
        self.begin_writing()

    def go_to_text(self, offset: int) -> None:
        """Put the cursor to a place of the text, and into view."""
        self.begin_writing()
        self.area.move_cursor(locate(self.area.text, min(offset, len(self.area.text))), center=True)

    def forget_hints(self) -> None:
        """Point out nothing until the text was looked at again."""
        self._hints = ()
        self._draw_hints()

    def follow_text(self) -> None:
        """Let what is pointed out move with its words, until the text is looked at again."""
        text = self.area.text
        if self._hints and text != self._looked_at:
            splices = tuple(compare(self._looked_at, text))
            moved = (_move(each, splices) for each in self._hints)
            self._hints = tuple(
                each for each in moved if _one_line(text[each.start : each.stop]) == each.phrase
            )
            self._looked_at = text
            self._draw_hints()

    def say_edited(self, text: str) -> None:
        """Tell what the person wrote."""
        self.follow_text()
        super().say_edited(text)

    # The library calls these beside those of the class above.
    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Leave the room to the text while somebody writes there."""
        self.set_class(event.widget is self.area, "-writing")

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Say again what is left to write."""
        del event
        self.remove_class("-writing")

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Say the hint that is nearest to the cursor."""
        event.stop()
        if self._hints and self.area.text == self._looked_at:
            self._draw_hints()

    def on_section_area_entry_wanted(self, event: SectionArea.EntryWanted) -> None:
        """Pass the wish on."""
        event.stop()
        self.post_message(self.EntryWanted(self.current))

    def on_section_area_preview_wanted(self, event: SectionArea.PreviewWanted) -> None:
        """Show the preview, which has no room beside the text, in its place."""
        event.stop()
        self.action_preview()

    def action_preview(self) -> None:
        """Show the preview in place of the text, and back."""

    def on_section_area_next_wanted(self, event: SectionArea.NextWanted) -> None:
        """Put the cursor to the next wording, after the last one to the first."""
        event.stop()
        if self._hints:
            following = self._hints[(self._nearest() + 1) % len(self._hints)]
            self.go_to_text(following.start)

    def on_section_area_accept_wanted(self, event: SectionArea.AcceptWanted) -> None:
        """Tell which wording is fine as it is."""
        event.stop()
        if self._hints:
            hint = self._hints[self._nearest()]
            self._hints = tuple(each for each in self._hints if each.mark != hint.mark)
            self._draw_hints()
            self.post_message(self.Accepted(self.current, hint))

    def action_check(self) -> None:
        """Ask for what is left to write."""
        self.post_message(self.CheckWanted(self.current))

    def action_edit_whole(self) -> None:
        """Ask for the whole post-mortem in the person's own editor."""
        self.post_message(self.EditWhole(self.current))

    def action_other_form(self) -> None:
        """Ask for the other form of the post-mortem."""
        self.post_message(self.OtherFormWanted(self.current))

    def _nearest(self) -> int:
        cursor = self.section_area.cursor
        places = range(len(self._hints))
        return min(places, key=lambda place: _distance(self._hints[place], cursor))

    def _draw_hints(self) -> None:
        self.section_area.underline([(each.start, each.stop) for each in self._hints])
        place = self._nearest() if self._hints else 0
        self.query_one(HintLine).show_hint(self._hints, place, self._hint_keys)


def _move(hint: WordingHint, splices: Sequence[Splice]) -> WordingHint:
    start = move_offset(hint.start, splices)
    # What is put in right before the words belongs before them.
    start += sum(len(each.text) for each in splices if each.start == each.stop == hint.start)
    return replace(hint, start=start, stop=move_offset(hint.stop, splices))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _distance(hint: WordingHint, cursor: int) -> tuple[int, int]:
    return max(hint.start - cursor, cursor - hint.stop, 0), hint.start
