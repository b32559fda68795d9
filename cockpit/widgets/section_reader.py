"""Going through the sections of a post-mortem and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.section_strip import SectionStrip
from cockpit.widgets.stage_tabs import StageTabs
from cockpit.widgets.writing_pane import WritingPane

if TYPE_CHECKING:
    from cockpit.domain.postmortem import PostmortemSection


class SectionReader(WritingPane):
    """The part of the post-mortem pane that knows the sections and moves among them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("postmortem", "list")

    class SectionPicked(Message, namespace="postmortem_pane"):
        """Another section was chosen."""

        def __init__(self, section: str) -> None:
            """Keep the section's id."""
            super().__init__()
            self.section = section

    class Edited(Message, namespace="postmortem_pane"):
        """The person changed a section's text."""

        def __init__(self, section: str, text: str) -> None:
            """Keep the section's id and its text."""
            super().__init__()
            self.section = section
            self.text = text

    class Adopt(Message, namespace="postmortem_pane"):
        """The person starts from the section's draft."""

        def __init__(self, section: str) -> None:
            """Keep the section's id."""
            super().__init__()
            self.section = section

    class External(Adopt, namespace="postmortem_pane"):
        """The person wants to go on in their own editor."""

    class Left(Adopt, namespace="postmortem_pane"):
        """The person left the section's text: now is a good time to save."""

    class SaveWanted(Adopt, namespace="postmortem_pane"):
        """The person wants the section saved now."""

    def __init__(self, **options: Any) -> None:
        """Begin without sections; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._sections: tuple[PostmortemSection, ...] = ()
        self._current = ""
        self._writers = ""

    @property
    def sections(self) -> tuple[PostmortemSection, ...]:
        """Return the sections as they were last shown."""
        return self._sections

    @property
    def current(self) -> str:
        """Return the id of the open section."""
        return self._current

    @property
    def section(self) -> PostmortemSection | None:
        """Return the open section as it was last shown."""
        return next((each for each in self._sections if each.id == self._current), None)

    @property
    def reader(self) -> Widget:
        """Return the part that the page keys scroll."""
        return self.area

    def show_writers(self, words: str) -> None:
        """Say who else writes this section; empty for nobody."""
        if words != self._writers:
            self._writers = words
            self.show_words()

    def show_words(self) -> None:
        """Draw what is said of the section anew."""

    def say_edited(self, text: str) -> None:
        """Tell what the person wrote."""
        self.post_message(self.Edited(self.current, text))

    def say_left(self) -> None:
        """Tell that the person left the text."""
        self.post_message(self.Left(self.current))

    def say_save(self) -> None:
        """Tell that the person wants the section saved now."""
        self.post_message(self.SaveWanted(self.current))

    def say_external(self) -> None:
        """Tell that the person wants to go on in their own editor."""
        self.post_message(self.External(self.current))

    def on_stage_tabs_picked(self, event: StageTabs.Picked) -> None:
        """Open the section that was clicked."""
        event.stop()
        self._pick(event.name)

    def action_cursor_down(self) -> None:
        """Open the next section."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Open the section before."""
        self._step(-1)

    def action_first(self) -> None:
        """Open the first section."""
        self._step(-len(self._sections))

    def action_last(self) -> None:
        """Open the last section."""
        self._step(len(self._sections))

    def action_page_down(self) -> None:
        """Read on, a page further."""
        self.reader.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Read a page back."""
        self.reader.scroll_page_up(animate=False)

    def _step(self, places: int) -> None:
        self._pick(self.query_one(SectionStrip).neighbour(places))

    def _pick(self, section: str) -> None:
        if section and section != self._current:
            self.post_message(self.SectionPicked(section))
