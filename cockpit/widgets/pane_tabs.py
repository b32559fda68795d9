"""The panes' names: tabs where several share a place, a band over a pane that stands alone."""

from __future__ import annotations

from msgspec import Struct
from textual import events
from textual.message import Message
from textual.strip import Strip

from cockpit.widgets.marks import marks
from cockpit.widgets.painted import Painted, Span, cells_of, clip_spans, spread


class PaneTab(Struct, frozen=True):
    """One pane's number and name; summary: few muted words; shown: on the screen now."""

    number: int
    title: str
    summary: str = ""
    shown: bool = False
    focused: bool = False


class PaneTabs(Painted):
    """One line: a band for one pane, tabs for several."""

    DEFAULT_CSS = "PaneTabs { height: 1; }"

    class Picked(Message):
        """A pane was clicked."""

        def __init__(self, number: int) -> None:
            """Keep the pane's number, 1 to 4."""
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        """Begin without tabs."""
        super().__init__()
        self._tabs: tuple[PaneTab, ...] = ()
        self._mark = marks().focus

    def show(self, tabs: tuple[PaneTab, ...]) -> None:
        """Take the tabs to draw."""
        if tabs != self._tabs:
            self._tabs = tabs
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        if y or not self._tabs:
            return self.paint((), width)
        if len(self._tabs) == 1:
            return self._band(self._tabs[0], width)
        return self._row(width)

    def on_click(self, event: events.Click) -> None:
        """Pick the pane under the pointer."""
        if len(self._tabs) == 1:
            self.post_message(self.Picked(self._tabs[0].number))
            return
        start = 0
        for tab in self._tabs_for(self.size.width):
            stop = start + cells_of(tab_spans(tab, self._mark)) + 1
            if start <= event.x < stop:
                self.post_message(self.Picked(tab.number))
            start = stop

    def _band(self, tab: PaneTab, width: int) -> Strip:
        mark = self._mark if tab.focused else " "
        left: tuple[Span, ...] = (
            (mark, "strong"),
            (f"{tab.number}  ", "muted"),
            (tab.title, "bright"),
        )
        right: tuple[Span, ...] = ((f"{tab.summary}  ", "muted"),) if tab.summary else ()
        if cells_of(left) + cells_of(right) > width:
            right = ()
        ground = "band-focus" if tab.focused else "band"
        return self.paint(spread(left, right, width), width, ground)

    def _row(self, width: int) -> Strip:
        strips = []
        used = 0
        for tab in self._tabs_for(width):
            spans = clip_spans(tab_spans(tab, self._mark), width - used)
            cells = cells_of(spans)
            ground = "band-focus" if tab.focused else "band" if tab.shown else ""
            strips.append(self.paint(spans, cells, ground))
            gap = 1 if used + cells < width else 0
            strips.append(self.paint((), gap))
            used += cells + gap
        strips.append(self.paint((), max(0, width - used)))
        return Strip.join(strips)

    def _tabs_for(self, width: int) -> tuple[PaneTab, ...]:
        """Return the tabs as they fit: without summaries, then with shorter names."""
        plain = tuple(PaneTab(t.number, t.title, "", t.shown, t.focused) for t in self._tabs)
        short = tuple(
            PaneTab(t.number, t.title if t.shown else t.title[:6], "", t.shown, t.focused)
            for t in self._tabs
        )
        for tabs in (self._tabs, plain, short):
            needed = sum(cells_of(tab_spans(tab, self._mark)) + 1 for tab in tabs) - 1
            if needed <= width:
                return tabs
        return short


def tab_spans(tab: PaneTab, mark: str) -> tuple[Span, ...]:
    """Return one tab; the pane that is shown needs no summary."""
    begin: Span = (mark if tab.focused else " ", "strong")
    if tab.shown:
        return (begin, (f"{tab.number} ", "muted"), (tab.title, "bright"), (" ", ""))
    summary = f" {tab.summary}" if tab.summary else ""
    return (begin, (f"{tab.number} {tab.title}", "muted"), (summary, "muted"), (" ", ""))
