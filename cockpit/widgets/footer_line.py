"""The footer: the keys that work here and now, or for a moment what has just happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from cockpit.domain.visible import make_visible
from cockpit.keymap import KEYS, Rebound, footer_hints
from cockpit.keymap.names import library_key
from cockpit.widgets.marks import marks

if TYPE_CHECKING:
    from textual.screen import Screen

_CHARACTERS_PER_SECOND = 12
_SHORTEST_SECONDS = 5.0
_MOST_LINES = 3

Hint = tuple[str, str, str]
_READ_ONLY: Hint = ("read-only", "", "")


class FooterLine(Widget):
    """One line of keys at the bottom; the palette's key stands on the right.

    The keys follow from the bindings that are active: typing changes them.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "footer--key",
        "footer--label",
        "footer--good",
        "footer--bad",
    }
    DEFAULT_CSS = """
    FooterLine {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $ground;
        & > .footer--key { color: $bright; text-style: bold; }
        & > .footer--label { color: $muted; }
        & > .footer--good { color: $bright; }
        & > .footer--bad { color: $late; text-style: bold; }
    }
    """

    def __init__(self, **options: Any) -> None:
        """Start without keys; they come with the first binding notice."""
        super().__init__(**options)
        self._hints: list[Hint] = []
        self._notice: tuple[str, str] | None = None
        self._readonly = False
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        config = getattr(self.app, "config", None)
        self._readonly = bool(config and config.readonly)
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def show_notice(self, text: str, level: str = "info") -> None:
        """Show what happened in place of the keys, long enough to be read.

        level: "info" or "bad".
        """
        self._notice = (marks().prose(make_visible(text)), level)
        if self._timer is not None:
            self._timer.stop()
        seconds = max(_SHORTEST_SECONDS, len(text) / _CHARACTERS_PER_SECOND)
        self._timer = self.set_timer(seconds, self.clear_notice)
        self._fit()

    def clear_notice(self) -> None:
        """Show the keys again."""
        if self._notice is not None:
            self._notice = None
            self._fit()

    @property
    def notice(self) -> str:
        """Return the sentence that is shown now, empty when the keys are."""
        return self._notice[0] if self._notice else ""

    def _fit(self) -> None:
        lines = 1
        if self._notice and self.size.width:
            lines = min(_MOST_LINES, -(-cell_len(self._notice[0]) // self.size.width))
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
        self.refresh()

    def _follow(self, screen: Screen[Any]) -> None:
        if not screen.is_current and self._hints:
            return
        rebound: Rebound = getattr(self.app, "rebound", {})
        hints = footer_hints(_active_rows(screen, rebound), rebound, ascii_only=marks().plain)
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def render(self) -> Content:
        """Return the notice, or the keys that fit."""
        if self._notice:
            text, level = self._notice
            style = "footer--bad" if level == "bad" else "footer--good"
            return Content.styled(text, self.get_visual_style(style, partial=True))
        width = self.size.width
        right = [each for each in self._hints if each[2] == "app.palette"]
        left = [each for each in self._hints if each[2] != "app.palette"]
        if self._readonly:
            left.insert(0, _READ_ONLY)
        taken = _width(right)
        while left and _width(left) + (taken + 2 if right else 0) > width:
            # The last hint but one goes first, so that help or quit stays in sight.
            left.pop(-2 if len(left) > 1 else -1)
        space = " " * max(0, width - taken - _width(left))
        return Content.assemble(self._content(left), space, self._content(right))

    def _content(self, hints: list[Hint]) -> Content:
        key = self.get_visual_style("footer--key", partial=True)
        label = self.get_visual_style("footer--label", partial=True)
        pieces: list[Content] = []
        for number, (keys, text, _) in enumerate(hints):
            pieces.append(Content("  " if number else ""))
            pieces.append(Content.styled(keys, key))
            if text:
                pieces.append(Content.styled(f" {text}", label))
        return Content("").join(pieces)


def _width(hints: list[Hint]) -> int:
    return sum(cell_len(keys) + bool(text) + cell_len(text) for keys, text, _ in hints) + 2 * max(
        0, len(hints) - 1
    )


def _active_rows(screen: Screen[Any], rebound: Rebound) -> set[str]:
    """Return the ids of the rows whose first key does their action now."""
    active = screen.active_bindings
    rows: set[str] = set()
    for key in KEYS:
        keys = rebound.get(key.id, key.keys)
        found = active.get(library_key(keys[0])) if keys else None
        if found is not None and found.enabled and found.binding.id == key.id:
            rows.add(key.id)
    return rows
