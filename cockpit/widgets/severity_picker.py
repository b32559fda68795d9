"""The severities, with what they mean, shown at the moment of choosing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip

from cockpit.domain.playbook import SeverityRule
from cockpit.domain.visible import make_visible
from cockpit.widgets.painted import Painted, Span, wrap_text

_INDENT = 10
_MEANING_LINES = 3


class SeverityPicker(Painted, can_focus=True):
    """One line per severity; below the chosen one its examples and the typical response."""

    DEFAULT_CSS = """
    SeverityPicker { height: auto; background: $ground; }
    """

    class Picked(Message):
        """Another severity was chosen."""

        def __init__(self, severity: str) -> None:
            """Keep the severity's id."""
            super().__init__()
            self.severity = severity

    def __init__(self, rules: Sequence[SeverityRule], severity: str, **options: Any) -> None:
        """Show `rules` with `severity` (an id) chosen."""
        super().__init__(**options)
        self._rules = tuple(rules)
        ids = [rule.id for rule in self._rules]
        self._index = ids.index(severity) if severity in ids else len(ids) - 1

    @property
    def severity(self) -> str:
        """Return the chosen severity's id."""
        return self._rules[self._index].id

    def pick(self, index: int) -> None:
        """Choose the severity at `index`, from 0; the nearest one if there is none."""
        index = max(0, min(index, len(self._rules) - 1))
        if index != self._index:
            self._index = index
            self.refresh(layout=True)
            self.post_message(self.Picked(self.severity))

    def step(self, by: int) -> None:
        """Choose the severity `by` places further down."""
        self.pick(self._index + by)

    def get_content_height(self, *sizes: Any) -> int:
        """Return the lines of all severities with the chosen one's details."""
        return len(self._lines(sizes[-1]))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        lines = self._lines(width)
        if y >= len(lines):
            return self.paint((), width)
        spans, ground = lines[y]
        return self.paint(spans, width, ground)

    def on_focus(self) -> None:
        """Show that the keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self.refresh()

    def _lines(self, width: int) -> list[tuple[list[Span], str]]:
        lines: list[tuple[list[Span], str]] = []
        for index, rule in enumerate(self._rules):
            chosen = index == self._index
            paint = {0: "late", 1: "soon"}.get(index, "muted")
            ground = ("band-focus" if self.has_focus else "band") if chosen else ""
            if chosen:
                paint = "bright"
            room = width - _INDENT - 1
            words = "strong" if chosen else "muted"
            first, *rest = wrap_text(make_visible(rule.meaning), max(10, room), _MEANING_LINES)
            head = [(f" {index + 1}  ", "muted"), (f"{rule.id}  ", paint), (first, words)]
            lines.append((head, ground))
            lines += [([(" " * _INDENT + line, words)], ground) for line in rest]
            if chosen:
                lines += [(each, "") for each in _details(rule, room)]
        return lines


def _details(rule: SeverityRule, room: int) -> list[list[Span]]:
    lines: list[list[Span]] = []
    for label, text in (("such as", ", ".join(rule.examples)), ("then", rule.response)):
        gap = " " * (_INDENT + 9)
        for number, line in enumerate(wrap_text(make_visible(text), max(10, room - 9), 3)):
            head = " " * _INDENT + label + " " * (9 - cell_len(label)) if not number else gap
            lines.append([(head, "muted"), (line, "")])
    return lines
