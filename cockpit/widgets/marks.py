"""The marks of our own interface, and what stands for them where a terminal has plain letters only.

Every mark is one cell wide in both sets, so that no layout depends on which one is drawn.
"""

from __future__ import annotations

from contextvars import ContextVar

from msgspec import Struct
from textual.content import Content
from textual.scrollbar import ScrollBar, ScrollBarRender

_PROSE = str.maketrans({"“": '"', "”": '"', "…": "...", "→": "->", "×": "x"})


class Marks(Struct, frozen=True):
    """One set of marks.

    plain: the set is ASCII; told, due, never: of stakeholders (late is "!" everywhere); done: of
    what is written or in order; kept: a draft is kept; bar, rest: what has passed and what is left
    of a bar; more: where a text was cut; back, on: there is more to that side; focus: where the
    keyboard is; prompt: before the entry line; between: between two remarks; bullets: of lists.
    """

    plain: bool = False
    told: str = "✓"
    due: str = "○"
    never: str = "·"
    done: str = "✓"
    kept: str = "•"
    star: str = "★"
    focus: str = "▌"
    hairline: str = "│"
    rule: str = "─"
    bar: str = "━"
    rest: str = "─"
    more: str = "…"
    back: str = "‹"
    on: str = "›"
    prompt: str = "›"
    between: str = " · "
    bullets: tuple[str, ...] = ("• ", "▪ ", "‣ ", "⭑ ", "◦ ")

    def prose(self, text: str) -> str:
        """Return a sentence of the cockpit with signs that this set has."""
        return text.translate(_PROSE) if self.plain and not text.isascii() else text


FINE = Marks()
PLAIN = Marks(
    plain=True,
    told="+",
    due="o",
    never=".",
    done="+",
    kept="*",
    star="*",
    focus="|",
    hairline="|",
    rule="-",
    bar="=",
    rest="-",
    more="~",
    back="<",
    on=">",
    prompt=">",
    between=", ",
    bullets=("* ", "- ", "+ "),
)

PLAIN_BORDERS = """
.-plain IncidentPreview { border-top: ascii $hairline; }
.-plain PostmortemPane.-below PostmortemPreview { border-top: ascii $hairline; }
.-plain MarkdownBlockQuote { border-left: ascii $hairline; }
.-plain MarkdownHorizontalRule { border-bottom: ascii $hairline; }
.-plain MarkdownTableContent { keyline: none; }
"""
"""Styles of the app that draw the few borders with plain marks."""

_chosen: ContextVar[Marks] = ContextVar("marks", default=FINE)


class _PlainScrollBar(ScrollBarRender):
    """A scroll bar whose thumb ends at whole cells."""

    VERTICAL_BARS = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS = [" "] * len(ScrollBarRender.HORIZONTAL_BARS)


def marks() -> Marks:
    """Return the marks of the app that runs in this context."""
    return _chosen.get()


def choose_marks(*, plain: bool) -> Marks:
    """Draw with plain or fine marks in this context from now on; return them."""
    ScrollBar.renderer = _PlainScrollBar if plain else ScrollBarRender
    found = PLAIN if plain else FINE
    _chosen.set(found)
    return found


def shorten(content: Content, width: int, *, pad: bool = False) -> Content:
    """Return styled text of at most (padded: exactly) `width` cells, marked where it was cut."""
    cut = content.truncate(max(width, 0), ellipsis=True, pad=pad)
    if not marks().plain or content.cell_length <= width or width <= 0:
        return cut
    return Content(cut.plain[:-1] + marks().more, list(cut.spans))
