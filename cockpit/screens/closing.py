"""The dialog before the end: what is left, how to do it, and the closing once nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from cockpit.domain.closing import ClosingCheck, things_left
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Stage
from cockpit.screens.dialogs import Dialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.closing_list import ClosingList, ClosingRow
from cockpit.widgets.line_list import LineList
from cockpit.widgets.marks import marks

CLOSE = "close"
"""The row that closes the incident."""

_AROUND = 11
"""Lines of the terminal that are not the list's: the margins, the title, what a check says."""


class ClosingDialog(Dialog[str | None]):
    """Shows the checks; returns the id of the one that somebody wants to see to."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("closing")
    DEFAULT_CSS = """
    ClosingDialog {
        & > Vertical { width: 112; }
        & #detail { height: 3; color: $text; margin-top: 1; }
        & #answer { height: 1; margin: 0; }
    }
    """

    def __init__(self, title: str, rows: Sequence[ClosingRow], current: str = "") -> None:
        """Show `rows`, with the cursor on the one called `current`, else on the first open one."""
        super().__init__()
        self._title = title
        self._rows = tuple(rows)
        self._first = current

    def compose(self) -> ComposeResult:
        """Lay out the list above what the check under the cursor says."""
        with Vertical():
            yield Static(Content(marks().prose(make_visible(self._title))), id="title")
            yield ClosingList()
            yield Static(id="detail", markup=False)
            yield Static(id="answer", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on what is to do next."""
        is_left = {each.id: not each.done and not each.waived for each in self._rows}
        wanted = self._first if is_left.get(self._first) else ""
        places = [at for at, each in enumerate(self._rows) if is_left[each.id]]
        named = [at for at in places if self._rows[at].id == wanted]
        closing = self.query_one(ClosingList)
        closing.show_items(self._rows, (named or places or [0])[0])
        closing.focus()
        self._tell("")

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list the lines that the words around it do not need."""
        self.query_one(ClosingList).styles.max_height = max(3, event.size.height - _AROUND)

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._tell("")

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        current = self.query_one(ClosingList).current
        if current is not None and current.done:
            self._tell("That is done.")
        elif current is not None:
            self.dismiss(current.id)

    def _tell(self, answer: str) -> None:
        """Show the check in full, and an answer to a key."""
        current = self.query_one(ClosingList).current
        lines = (current.text if not current.last else "", current.detail) if current else ()
        words = "\n".join(make_visible(each) for each in lines if each)
        self.query_one("#detail", Static).update(Content(marks().prose(words)))
        hint = f"{_enter_does(current)}esc goes back"
        self.query_one("#answer", Static).update(Content(marks().prose(answer or hint)))


def _enter_does(row: ClosingRow | None) -> str:
    """Return what enter does on a row, empty where it does nothing."""
    if row is None or row.done:
        return ""
    if row.last:
        return "enter closes the incident; "
    if row.waived:
        return "enter asks for it again; "
    return "enter sees to it, or waives it with a reason; "


def closing_title(stage: Stage, left: tuple[ClosingCheck, ...]) -> str:
    """Return what stands above the list: how many things are left."""
    if stage is Stage.CLOSED:
        return "This incident is closed"
    if not left:
        return "Close the incident: nothing is left"
    return f"Before it is closed: {len(left)} thing{'s are' if len(left) > 1 else ' is'} left"


def closing_rows(checks: tuple[ClosingCheck, ...], stage: Stage) -> list[ClosingRow]:
    """Return the checks as rows, and the one that closes the incident once nothing is left."""
    rows = [
        ClosingRow(
            each.id,
            each.sentence,
            f"Waived: {each.waived}" if each.waived else each.how,
            each.done,
            each.waived,
        )
        for each in checks
    ]
    if stage is not Stage.CLOSED and not things_left(checks):
        detail = "It leaves the list of open incidents; u takes it back."
        rows.append(ClosingRow(CLOSE, "Close it", detail, last=True))
    return rows
