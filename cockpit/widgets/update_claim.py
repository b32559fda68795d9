"""Who writes the update: words before anybody begins, so that two people do not post the same."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.message import Message

from cockpit.widgets.update_choice import UpdateChoice


class UpdateClaim(UpdateChoice):
    """The part of the update pane that minds who else writes; nothing typed is ever touched."""

    class Held(Message, namespace="update_pane"):
        """The person wants to write what somebody else writes."""

    class TakeOverWanted(Message, namespace="update_pane"):
        """The person has read who writes, and takes it over."""

    def __init__(self, **options: Any) -> None:
        """Begin with nobody writing; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._writer_words = ""
        self._writer_name = ""
        self._held = False

    @property
    def is_writing(self) -> bool:
        """Say whether the cursor is in the text."""
        return self.area.has_focus

    @property
    def held(self) -> bool:
        """Say whether somebody else writes, and this person does not."""
        return self._held

    def show_writer(self, name: str, words: str, *, held: bool) -> None:
        """Say who writes and since when, both empty for nobody else.

        held: the text is not entered before the person has taken it over. Whoever is in the text
        already stays there, and nothing moves around them: the words appear when they leave it.
        """
        if not self.is_open:
            return  # it is said again once there is a text
        held = held and not self.is_writing
        if (name, words, held) == (self._writer_name, self._writer_words, self._held):
            return
        self._writer_name, self._writer_words, self._held = name, words, held
        self.area.can_focus = not held
        if not self.is_writing:
            self.show_head()

    def take_over(self) -> None:
        """Open the text after all, and go into it."""
        self._held = False
        self.area.can_focus = True
        self.begin_writing()

    def show_head(self) -> None:
        """Draw the lines above the text anew."""

    async def action_write_update(self) -> None:
        """Put the cursor into the text, unless somebody else writes it."""
        await self.open()
        if self._held:
            self.post_message(self.Held())
        else:
            self.begin_writing()

    def action_take_over(self) -> None:
        """Take over from who writes."""
        self.post_message(self.TakeOverWanted())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Say what was held back while the person was in the text."""
        if event.widget is self.area:
            self.show_head()
