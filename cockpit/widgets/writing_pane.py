"""What the panes share in which a long text is written: the field, and how one gets in and out."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message

from cockpit.widgets.late_parts import LateParts

if TYPE_CHECKING:
    from textual.widgets import TextArea

    from cockpit.widgets.draft_area import DraftArea


class WritingPane(LateParts, can_focus=True):
    """A pane around one text field: keys act on the pane until the person goes into the text."""

    class Began(Message):
        """The person went into the text."""

        def __init__(self, pane: WritingPane) -> None:
            """Keep the pane."""
            super().__init__()
            self.pane = pane

    class Rested(Began):
        """The person left the text."""

    def __init__(self, **options: Any) -> None:
        """Make an empty pane; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._shown_text = ""

    @property
    def area(self) -> DraftArea:
        """Return the text field."""
        # Loaded with the first pane that is open: fields for long texts take their time.
        from cockpit.widgets.draft_area import DraftArea

        return self.query_one(DraftArea)

    def begin_writing(self) -> None:
        """Put the cursor into the text."""
        self.area.focus()

    @abstractmethod
    def say_edited(self, text: str) -> None:
        """Tell that the person changed the text."""

    @abstractmethod
    def say_left(self) -> None:
        """Tell that the person left the text."""

    @abstractmethod
    def say_save(self) -> None:
        """Tell that the person wants the text saved now."""

    @abstractmethod
    def say_external(self) -> None:
        """Tell that the person wants to go on in their own editor."""

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell that the person went into the text."""
        if event.widget is self.area:
            self.post_message(self.Began(self))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Tell that the person left the text."""
        if event.widget is self.area:
            self.post_message(self.Rested(self))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell what the person wrote; what the pane itself put there is not their edit."""
        event.stop()
        text = self.area.text
        if self.area.read_only or text == self._shown_text:
            return
        self._shown_text = text
        self.say_edited(text)

    def on_draft_area_left(self, event: DraftArea.Left) -> None:
        """Go back from the text to the pane."""
        event.stop()
        self.focus()
        self.say_left()

    def on_draft_area_save_wanted(self, event: DraftArea.SaveWanted) -> None:
        """Pass on the wish to save."""
        event.stop()
        self.say_save()

    def on_draft_area_external_wanted(self, event: DraftArea.ExternalWanted) -> None:
        """Pass on the wish for the person's own editor."""
        event.stop()
        self.say_external()
