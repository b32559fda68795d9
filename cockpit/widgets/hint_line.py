"""One wording that is pointed out below the text: what stands there, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.content import Content

from cockpit.domain.visible import make_visible
from cockpit.domain.wording import WordingHint
from cockpit.widgets.marks import marks
from cockpit.widgets.steady_text import SteadyText


class HintLine(SteadyText):
    """Says the hint nearest to the cursor; takes no room while there is none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hint-line--words", "hint-line--muted"}
    DEFAULT_CSS = """
    HintLine { height: auto; max-height: 3; color: $text; }
    HintLine .hint-line--words { color: $bright; text-style: bold; }
    HintLine .hint-line--muted { color: $muted; }
    """

    def __init__(self, **options: Any) -> None:
        """Begin with nothing to say; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._said: tuple[object, ...] = ()

    def show_hint(self, hints: Sequence[WordingHint], place: int, keys: tuple[str, str]) -> None:
        """Say the hint at a place of the list; `keys` go to the next one and accept this one."""
        said = (tuple(hints), place, keys)
        if said == self._said:
            return
        self._said = said
        self.set_class(bool(hints), "-says")
        if not hints:
            self.update("")
            return
        hint = hints[place]
        fine = f"{keys[1]} leaves it" if keys[1] else ""
        more = f"{place + 1} of {len(hints)}, {keys[0]} next" if len(hints) > 1 else ""
        tail = ", ".join(each for each in (more, fine) if each)
        self.update(
            Content.assemble(
                (marks().prose(f"“{make_visible(hint.phrase)}”"), ".hint-line--words"),
                f" {marks().prose(make_visible(hint.instead))} ",
                (tail, ".hint-line--muted"),
            )
        )
