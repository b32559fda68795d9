"""The workflow's dialog: four fronts, and every step of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from cockpit.errors import CockpitError
from cockpit.screens.dialogs import Dialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.line_list import LineList
from cockpit.widgets.marks import marks
from cockpit.widgets.step_list import StepList, StepRow

_AROUND = 10
"""Lines of the terminal that are not the list's: the margins, the title, what a step says."""

Tick = Callable[[StepRow], Awaitable[Sequence[StepRow]]]
"""Ticks a step, or takes its tick back, and returns all of them anew."""


class StepsDialog(Dialog[None]):
    """Shows the steps; the one under the cursor says more of itself."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("steps")
    DEFAULT_CSS = """
    StepsDialog {
        & > Vertical { width: 112; }
        & #detail { height: 2; color: $text; margin-top: 1; }
        & #answer { height: 1; margin: 0; }
    }
    """

    def __init__(self, steps: Sequence[StepRow], tick: Tick) -> None:
        """Show `steps`; `tick` does what only a person can say."""
        super().__init__()
        self._steps = tuple(steps)
        self._tick = tick

    def compose(self) -> ComposeResult:
        """Lay out the list above what the current step says."""
        with Vertical():
            yield Static(id="title", markup=False)
            yield StepList()
            yield Static(id="detail", markup=False)
            yield Static(id="answer", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the step that comes next."""
        coming = [place for place, each in enumerate(self._steps) if each.coming]
        self._show(self._steps, coming[0] if coming else 0)
        self.query_one(StepList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list the lines that the words around it do not need."""
        self.query_one(StepList).styles.max_height = max(3, event.size.height - _AROUND)

    def action_tick(self) -> None:
        """Tick the step, or say why it ticks itself."""
        step = self.query_one(StepList).current
        if step is not None and not step.by_hand:
            self._tell("It ticks itself once it is done.")
        elif step is not None:
            self.run_worker(self._toggle(step), group="tick", exclusive=True)

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_tick()

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._tell("")

    async def _toggle(self, step: StepRow) -> None:
        try:
            self._show(await self._tick(step), self.query_one(StepList).cursor)
        except CockpitError as error:
            self._tell(error.message)

    def _show(self, steps: Sequence[StepRow], cursor: int) -> None:
        done = sum(each.done for each in steps)
        coming = next((f": next is “{each.text}”" for each in steps if each.coming), "")
        title = f"Workflow, {done} of {len(steps)} steps done{coming}"
        self.query_one("#title", Static).update(Content(marks().prose(title)))
        self.query_one(StepList).show_items(tuple(steps), cursor)
        self._tell("")

    def _tell(self, answer: str) -> None:
        """Show the current step's own words, and an answer to a key."""
        step = self.query_one(StepList).current
        words = f"{step.text}\n{step.detail}" if step else ""
        self.query_one("#detail", Static).update(Content(marks().prose(words)))
        hint = "space ticks what only a person can tell, esc goes back"
        self.query_one("#answer", Static).update(Content(marks().prose(answer or hint)))
