"""How the parts of the update pane share its room: tabs, target, variables, text, checks, list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from textual.containers import Container
from textual.widget import Widget

from cockpit.domain.update_facts import Variable
from cockpit.widgets.check_line import CheckLine
from cockpit.widgets.sent_list import SentList
from cockpit.widgets.stage_tabs import StageTabs
from cockpit.widgets.update_claim import UpdateClaim
from cockpit.widgets.update_target import UpdateTarget
from cockpit.widgets.variable_list import VariableList

_ROOMY = 15
"""Lines of the pane from which blank lines set its parts apart."""
_SMALLEST_EDITOR = 4
_BESIDE = 96
"""Cells of the pane from which the variables stand beside the text."""
_VARIABLES = 8
"""Lines of the variables above the text, even where the text then has to be scrolled."""
_SMALLEST_LIST = 6
"""Lines that stay for what was sent, with the blank ones around it, before variables take more."""


class UpdateBody(Container):
    """The text, and the variables above or beside it."""


class UpdateLayout(UpdateClaim):
    """The parts, made once; the text gets what the others leave."""

    DEFAULT_CSS = """
    UpdateLayout { height: 1fr; }
    UpdateBody { height: auto; layout: vertical; }
    UpdateBody > DraftArea { height: auto; min-height: 3; }
    UpdateBody > VariableList { display: none; }
    UpdateLayout.-variables UpdateBody > VariableList { display: block; }
    UpdateLayout.-beside UpdateBody { layout: horizontal; }
    UpdateLayout.-beside UpdateBody > DraftArea { width: 3fr; }
    UpdateLayout.-beside UpdateBody > VariableList { width: 2fr; margin-left: 2; }
    UpdateLayout.-roomy > UpdateBody { margin-top: 1; }
    UpdateLayout.-roomy.-variables UpdateBody > VariableList { margin-bottom: 1; }
    UpdateLayout.-roomy > CheckLine { margin-top: 1; }
    UpdateLayout.-roomy > SentList { margin-top: 1; }
    """

    def __init__(self, **options: Any) -> None:
        """Make the parts without content; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        # As it is on most screens: styles are looked for anew whenever a class changes.
        self.add_class("-roomy")
        self._with_variables = False

    def parts(self) -> Iterator[Widget]:
        """Make the parts."""
        from cockpit.widgets.draft_area import DraftArea

        yield StageTabs()
        yield UpdateTarget()
        yield UpdateBody(VariableList(), DraftArea())
        yield CheckLine()
        yield SentList()

    async def open(self) -> None:
        """Make the parts where they have waited, and show what was sent."""
        was_open = self.is_open
        await super().open()
        if not was_open:
            self.show_sent()
            self.fit()

    def show_sent(self) -> None:
        """List what was sent."""

    @property
    def variables(self) -> VariableList:
        """Return the list of variables."""
        return self.query_one(VariableList)

    def action_variables(self) -> None:
        """Open the list of variables, or close it."""
        self._with_variables = not self._with_variables
        self.fit()
        if not self._with_variables:
            self.focus()
        elif self.variables.items:
            self.variables.focus()

    def show_variables(self, variables: Sequence[Variable], needed: Collection[str]) -> None:
        """Show what the template asks for; `needed` are the names that the text waits for."""
        self.variables.show_variables(variables, needed)

    def fit(self) -> None:
        """Share the height between the text and the lists."""
        if not self.is_open or not self.display:  # not there yet, or being taken away
            return
        height, width = self.size.height, self.size.width
        roomy, beside = height >= _ROOMY, width >= _BESIDE
        listed = len(self.variables.items) if self._with_variables else 0
        self.update_classes(
            {"-roomy": roomy, "-variables": bool(listed), "-beside": beside and bool(listed)}
        )
        fixed = 1 + self.query_one(UpdateTarget).size.height + self.query_one(CheckLine).size.height
        fixed += 2 if roomy else 0
        above = 0
        if listed:
            spare = height - fixed - self.area.wrapped_document.height - _SMALLEST_LIST
            least = min(_VARIABLES, max(2, height // 3))
            most = height - fixed if beside else max(least, spare)
            self.variables.styles.height = max(1, min(listed, most))
            above = 0 if beside else min(listed, most) + roomy
        self._share(height - fixed - above, roomy=roomy, tall=height >= 20)

    def _share(self, height: int, *, roomy: bool, tall: bool) -> None:
        """Give the text and the list of what was sent their parts of `height` lines."""
        sent = self.query_one(SentList)
        lines = self.area.wrapped_document.height
        # The list takes what the text leaves; on a tall pane three lines at least.
        least = 3 if tall else 0
        room = max(height - lines - roomy, least - roomy)
        sent.set_room(room if room >= 2 else 0)
        sent.display = room >= 2 and sent.lines > 0
        taken = min(sent.lines, room) + roomy if sent.display else 0
        self.area.styles.max_height = max(height - taken, _SMALLEST_EDITOR)

    def on_resize(self) -> None:
        """Share the new room."""
        self.call_after_refresh(self.fit)
