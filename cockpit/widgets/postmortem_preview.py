"""The post-mortem as it will read, drawn seldom because drawing Markdown takes long."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Markdown

from cockpit.domain.visible import make_visible
from cockpit.widgets.marks import marks

DEBOUNCE_SECONDS = 0.6
LONGEST = 12_000
"""Characters that are drawn; more would stop the screen for over a second."""

_CUT = "\n\n*The preview ends here; the export holds the whole text.*\n"


def cut_markdown(text: str, longest: int = LONGEST) -> str:
    """Return at most `longest` characters of a document, ended at a paragraph and said so."""
    if len(text) <= longest:
        return text
    end = text.rfind("\n\n", longest // 2, longest)
    return text[: end if end > 0 else longest] + _CUT


class PostmortemPreview(VerticalScroll, can_focus=False):
    """Draws the latest text at most every 0.6 seconds, and only while it is on the screen."""

    DEFAULT_CSS = """
    PostmortemPreview { background: $ground; scrollbar-size: 1 1; }
    PostmortemPreview Markdown { margin: 0; padding: 0 1 0 0; background: $ground; }
    PostmortemPreview MarkdownH1, PostmortemPreview MarkdownH2, PostmortemPreview MarkdownH3 {
        content-align: left middle; margin: 0 0 1 0; padding: 0; background: transparent;
    }
    PostmortemPreview MarkdownParagraph { margin: 0 0 1 0; }
    PostmortemPreview MarkdownBulletList MarkdownParagraph,
    PostmortemPreview MarkdownOrderedList MarkdownParagraph { margin: 0; }
    PostmortemPreview MarkdownBulletList, PostmortemPreview MarkdownOrderedList {
        margin: 0 0 1 0; padding: 0;
    }
    """

    class Drawn(Message):
        """The latest text is on the screen."""

    def __init__(self, **options: Any) -> None:
        """Make an empty preview; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._wanted = ""
        self._shown = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Make the document; its links are text, nothing is opened."""
        document = Markdown("", open_links=False)
        document.BULLETS = list(marks().bullets)
        yield document

    def show_text(self, text: str) -> None:
        """Draw this document soon; a later call within the wait replaces it."""
        self._wanted = cut_markdown(make_visible(text, newlines=True))
        self._arm()

    def wake(self) -> None:
        """Draw what was wanted while the preview was hidden."""
        self._arm()

    def on_show(self) -> None:
        """Draw what was wanted while the preview was hidden."""
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.is_mounted and self._wanted != self._shown:
            self._timer = self.set_timer(DEBOUNCE_SECONDS, self._start)

    def _start(self) -> None:
        self._timer = None
        if self.is_on_screen and self._wanted != self._shown:
            self.run_worker(self._draw(self._wanted), exclusive=True, group="preview")

    async def _draw(self, text: str) -> None:
        self._shown = text
        await self.query_one(Markdown).update(text)
        self.post_message(self.Drawn())
