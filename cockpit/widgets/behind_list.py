"""The incidents behind a number, each with what it adds to it."""

from __future__ import annotations

from datetime import UTC

from rich.cells import cell_len

from cockpit.domain.insight_sections import Behind
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Severity
from cockpit.widgets.cells import pad, pad_left
from cockpit.widgets.line_list import LineList, Part

_PAINTS = {Severity.SEV1: "late", Severity.SEV2: "soon"}
_MEASURED = 500


class BehindList(LineList[Behind]):
    """One line for each incident: severity, reference, title, when it began, its part."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | frozenset(
        {"cursor", "text", "muted", "cursor-muted", "late", "soon", "cursor-late", "cursor-soon"}
    )
    DEFAULT_CSS = """
    BehindList {
        & > .cursor { background: $cursor; }
        & > .text { color: $text; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
        & > .late { color: $late; }
        & > .soon { color: $soon; }
        & > .cursor-late { color: $cursor-late; }
        & > .cursor-soon { color: $cursor-soon; }
    }
    """

    def parts_of(self, item: Behind, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the line of an incident."""
        del line
        facts, prefix = item.facts, "cursor-" if selected else ""
        first = self.items[:_MEASURED]
        ref = max((cell_len(make_visible(each.facts.ref)) for each in first), default=0)
        words = max((cell_len(each.words) for each in first), default=0)
        title = ("drill: " if facts.drill else "") + make_visible(facts.title)
        room = max(8, width - 7 - ref - 2 - 12 - words - 3)
        paint = _PAINTS.get(facts.severity)
        return [
            (f" {facts.severity.value}  ", f"{prefix}{paint or 'muted'}"),
            (pad(make_visible(facts.ref), ref + 2), f"{prefix}muted"),
            (pad(title, room), "text"),
            (f"  {facts.started.astimezone(UTC):%Y-%m-%d}", f"{prefix}muted"),
            (f"  {pad_left(item.words, words)}", "text"),
        ]
