"""Pane 4: the post-mortem, section by section, drafted from what is known, with its preview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cockpit.domain.times import format_clock
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import make_visible
from cockpit.widgets.hint_line import HintLine
from cockpit.widgets.marks import shorten
from cockpit.widgets.postmortem_preview import PostmortemPreview
from cockpit.widgets.section_hints import SectionHints
from cockpit.widgets.section_strip import SectionStrip

if TYPE_CHECKING:
    from cockpit.domain.postmortem import PostmortemSection

_BESIDE = 96
"""Cells from which the preview stands beside the text."""
_BELOW = 34
"""Lines from which the preview stands below the text."""
_ROOMY = 14


class PostmortemPane(SectionHints):
    """The strip of sections, one section's text or draft, and the preview where there is room."""

    title: ClassVar[str] = "Post-mortem"
    EARLY = frozenset({"write_section"})

    COMPONENT_CLASSES: ClassVar[set[str]] = {"postmortem-pane--title", "postmortem-pane--muted"}
    DEFAULT_CSS = """
    PostmortemPane { height: 1fr; }
    PostmortemPane .postmortem-pane--title { color: $bright; text-style: bold; }
    PostmortemPane .postmortem-pane--muted { color: $muted; }
    PostmortemPane > #postmortem-head { height: auto; max-height: 3; }
    PostmortemPane.-roomy > #postmortem-head { margin-top: 1; }
    PostmortemPane > #postmortem-body { height: 1fr; layout: vertical; }
    PostmortemPane.-roomy > #postmortem-body { margin-top: 1; }
    PostmortemPane SectionArea { height: 1fr; width: 1fr; }
    PostmortemPane PostmortemPreview { display: none; height: 1fr; width: 1fr; }
    PostmortemPane.-beside > #postmortem-body { layout: horizontal; }
    PostmortemPane.-beside PostmortemPreview { display: block; margin-left: 2; }
    PostmortemPane.-below PostmortemPreview {
        display: block; margin-top: 1; border-top: solid $hairline;
    }
    PostmortemPane.-only-preview SectionArea { display: none; }
    PostmortemPane.-only-preview PostmortemPreview { display: block; }
    PostmortemPane > #postmortem-left { height: 1; display: none; }
    PostmortemPane > #postmortem-left.-says { display: block; }
    PostmortemPane.-writing > #postmortem-left { display: none; }
    PostmortemPane.-only-preview > #postmortem-head { display: none; }
    PostmortemPane HintLine { display: none; }
    PostmortemPane.-writing HintLine.-says { display: block; }
    PostmortemPane > #postmortem-foot { height: 1; }
    """

    class Shown(Message):
        """The pane got a new view of the incident while it is on the screen."""

    class AddActionWanted(Message):
        """The person wants to add an action item."""

    def __init__(self, **options: Any) -> None:
        """Make an empty pane; `options` are those of a pane (waits, id, classes)."""
        super().__init__(**options)
        self._saved_at: datetime | None = None
        self._trouble = ""
        self._review = ""
        self.seen_before = ""
        self.news = ""
        self._wants_to_write = False
        self._zone: tzinfo = UTC

    def parts(self) -> Iterator[Widget]:
        """Make the parts."""
        from cockpit.widgets.section_area import SectionArea

        yield SectionStrip()
        yield Static(id="postmortem-head", markup=False)
        yield Container(SectionArea(), PostmortemPreview(), id="postmortem-body")
        yield HintLine()
        yield Static(id="postmortem-left", markup=False)
        yield Static(id="postmortem-foot", markup=False)

    @property
    def preview(self) -> PostmortemPreview:
        """Return the preview."""
        return self.query_one(PostmortemPreview)

    @property
    def reader(self) -> Widget:
        """Return the part that the page keys scroll."""
        return self.preview if self.has_class("-only-preview") else self.area

    @property
    def shows_draft(self) -> bool:
        """Say whether the text on the screen is only a draft that nobody has adopted."""
        return self.area.read_only

    @property
    def text(self) -> str:
        """Return what a person wrote in the open section, empty while it is only a draft."""
        return "" if self.shows_draft else self.area.text

    def summary(self) -> str:
        """Return what the tab says: how many sections are written, "3/9"."""
        written = sum(bool(each.text.strip()) for each in self._sections)
        count = f"{written}/{len(self._sections)}" if written else ""
        return f"public {count}".strip() if self.public_form else count

    def long_summary(self) -> str:
        """Return what a wide band says: "draft, saved 03:51"."""
        saved = f"saved {format_clock(self._saved_at, self._zone)}" if self._saved_at else ""
        saved = self.summary() if self.public_form else saved
        return ", ".join(part for part in (self._review, saved or self.summary()) if part)

    def show(self, view: IncidentView, now: datetime, zone: tzinfo) -> None:
        """Take the review state and the zone; the texts come with `show_sections`."""
        del now
        self._review, self._zone = view.postmortem.review, zone
        self._ask()

    def tick(self, now: datetime) -> None:
        """Take the clock; nothing here counts."""

    def show_sections(self, sections: Sequence[PostmortemSection], current: str) -> None:
        """Show the strip, and the section `current` when another one was open before."""
        opened = current != self._current
        self._sections = tuple(sections)
        self._current = current
        self.query_one(SectionStrip).show_sections(sections, current)
        section = self.section
        if section is None:
            return
        if opened:
            self._trouble = ""
        if opened or (self.shows_draft and not section.text.strip()):
            self._open(section, fresh=opened)
        self.show_words()
        if self._wants_to_write:
            self.call_after_refresh(self.action_write_section)

    def show_text(self, text: str, *, fresh: bool = False) -> None:
        """Show the open section's text as people wrote it; merged into what is being typed.

        fresh: begin with this text, without an undo that leads back before it.
        """
        self._allow(writing=True)
        if fresh:
            self.area.show_text(text)
        else:
            self.area.merge_text(text)
        self._shown_text = self.area.text
        self.show_words()

    def show_saved(self, at: datetime | None, trouble: str = "") -> None:
        """Say when the text was last saved, or why it could not be."""
        self._saved_at = at or self._saved_at
        self._trouble = trouble
        self.show_words()

    def begin_writing(self) -> None:
        """Put the cursor into the text."""
        self.remove_class("-only-preview")
        self.area.focus()

    def _open(self, section: PostmortemSection, *, fresh: bool) -> None:
        written = bool(section.text.strip())
        text = section.text if written else section.draft
        self._allow(writing=written or not section.draft.strip())
        if fresh or text != self.area.text:
            self.forget_hints()
            self._shown_text = text
            self.area.show_text(text)
            self._shown_text = self.area.text
        self.area.placeholder = Content(make_visible(section.hint))

    def _allow(self, *, writing: bool) -> None:
        area = self.area
        area.read_only = not writing
        area.show_cursor = writing
        area.can_focus = writing
        area.set_class(not writing, "-draft")

    def show_words(self) -> None:
        """Draw the section's title and the foot anew."""
        section = self.section
        if section is None:
            return
        hint = f"   {make_visible(section.hint)}" if section.hint else ""
        self.query_one("#postmortem-head", Static).update(
            Content.assemble(
                ("for customers   " if self.public_form else "", ".postmortem-pane--muted"),
                (make_visible(section.title), ".postmortem-pane--title"),
                (hint, ".postmortem-pane--muted"),
            )
        )
        self.query_one("#postmortem-foot", Static).update(
            shorten(
                Content.styled(make_visible(self._foot()), ".postmortem-pane--muted"),
                max(self.size.width, 10),
            )
        )

    def _foot(self) -> str:
        if self._trouble:
            return self._trouble
        saved = ""
        if self.shows_draft:
            saved = "Drafted from what is known. Enter starts from it."
        elif self._saved_at is not None:
            saved = f"saved {format_clock(self._saved_at, self._zone)}"
        news = "" if self.shows_draft else self.news
        return "   ".join(part for part in (self._writers, self.seen_before, news, saved) if part)

    async def on_show(self) -> None:
        """Catch up with what happened while another pane was in front."""
        await self.open()
        self._ask()

    def _ask(self) -> None:
        if self.is_mounted and self.is_on_screen and self.is_open:
            self.post_message(self.Shown())

    def on_resize(self) -> None:
        """Put the preview beside or below the text, where there is room."""
        width, height = self.size.width, self.size.height
        self.set_class(width >= _BESIDE, "-beside")
        self.set_class(width < _BESIDE and height >= _BELOW, "-below")
        self.set_class(height >= _ROOMY, "-roomy")
        if self.is_open:
            self.call_after_refresh(self.preview.wake)
            self.show_words()

    def action_write_section(self) -> None:
        """Write the section, starting from its draft when nobody has written yet."""
        # While the sections are being read, letters in the field would still be commands.
        self._wants_to_write = self.section is None
        if self._wants_to_write:
            return
        if self.shows_draft:
            self.post_message(self.Adopt(self._current))
        else:
            self.begin_writing()

    def action_adopt_draft(self) -> None:
        """Start from the section's draft."""
        self.post_message(self.Adopt(self._current))

    def action_preview(self) -> None:
        """Show the preview in place of the text, and back."""
        self.toggle_class("-only-preview")
        if self.has_class("-only-preview"):
            self.focus()
        self.call_after_refresh(self.preview.wake)

    def action_add_action(self) -> None:
        """Ask for an action item."""
        self.post_message(self.AddActionWanted())
