"""The post-mortem as it will read, drawn seldom and in pieces: drawing Markdown takes long."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from textual import work
from textual.containers import VerticalScroll
from textual.message import Message
from textual.timer import Timer

from cockpit.domain.markdown_document import mark_code
from cockpit.domain.visible import make_visible
from cockpit.widgets.marks import marks

if TYPE_CHECKING:
    from textual.widgets import Markdown

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


_JOINED = re.compile(r"[ \t]|[-*+>|]|\d{1,9}[.)]\s")
"""How a line begins that belongs to what stands above it: in a list, a quote or a table."""


def split_blocks(text: str) -> list[str]:
    """Return a document in pieces that can be drawn one by one, none of them blank."""
    blocks: list[list[str]] = [[]]
    blank = True
    for line, is_code in mark_code(text.split("\n")):
        if blank and line.strip() and not is_code and not _JOINED.match(line):
            blocks.append([])
        blank = not line.strip() and not is_code
        blocks[-1].append(line)
    return [block for lines in blocks if (block := "\n".join(lines).strip("\n")).strip()]


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
        self._blocks: list[tuple[str, Markdown]] = []

    def show_text(self, text: str) -> None:
        """Draw this document soon; a later call within the wait replaces it."""
        self._wanted = text
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
            self._draw_wanted()

    @work(exclusive=True, group="preview")
    async def _draw_wanted(self) -> None:
        await self._draw(self._wanted)

    async def _draw(self, text: str) -> None:
        """Draw the blocks that changed; keys are heard between two of them."""
        self._shown = ""
        wanted = split_blocks(make_visible(cut_markdown(text), newlines=True))
        same = _count_same(self._blocks, wanted)
        rest = len(self._blocks) - same
        after = _count_same(self._blocks[same:][::-1], wanted[same:][::-1])
        stop = len(wanted) - after
        for place in range(same, stop):
            if place < same + rest - after:
                await self._change_block(place, wanted[place])
            else:
                await self._add_block(place, wanted[place])
            await asyncio.sleep(0)
        for _, block in self._blocks[stop : len(self._blocks) - after]:
            await block.remove()
        del self._blocks[stop : len(self._blocks) - after]
        self._shown = text
        self.post_message(self.Drawn())

    async def _change_block(self, place: int, text: str) -> None:
        block = self._blocks[place][1]
        # Should this be stopped half-way, the block counts as other than anything wanted.
        self._blocks[place] = ("", block)
        await block.update(text)
        self._blocks[place] = (text, block)

    async def _add_block(self, place: int, text: str) -> None:
        # Loaded with the first post-mortem that is read: few incidents that are open have one.
        from textual.widgets import Markdown

        # Links are text: nothing is opened.
        block = Markdown(text, open_links=False)
        block.BULLETS = list(marks().bullets)
        following = self._blocks[place][1] if place < len(self._blocks) else None
        self._blocks.insert(place, (text, block))
        await self.mount(block, before=following)


def _count_same(blocks: list[tuple[str, Markdown]], wanted: list[str]) -> int:
    """Return how many blocks at the start are as they are wanted."""
    pairs = zip(blocks, wanted, strict=False)
    return next(
        (at for at, (one, other) in enumerate(pairs) if one[0] != other),
        min(len(blocks), len(wanted)),
    )
