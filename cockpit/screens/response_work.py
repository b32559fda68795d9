"""The dialog “What we try”: actions asked of people with their timers, theories, what came of both.

What is shown follows the incident's screen behind it, so that other people's answers come in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from cockpit.domain.entry_grammar import parse_entry
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import make_visible
from cockpit.errors import CockpitError
from cockpit.screens.dialogs import Choice, ChoiceDialog, Dialog, TextDialog
from cockpit.screens.try_rows import title_words, try_rows
from cockpit.service import changes, response_work, timeline
from cockpit.service.session import Session
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.cells import cut
from cockpit.widgets.line_list import LineList
from cockpit.widgets.marks import marks
from cockpit.widgets.try_list import TryList, TryRow

_AROUND = 10
"""Lines of the terminal that are not the list's: the margins, the title, what a row says."""

_TITLE_CELLS = 140
_HINT = "n ask, + theory, enter answer, m wait, c confirm, e eliminate, esc back"
_NOTHING = "Nothing was asked or supposed yet: n asks somebody, + keeps a theory."
_ANSWERS = (
    Choice("yes", "It helped"),
    Choice("no", "It did not help", "It is listed with what is not the cause."),
    Choice("unclear", "Unclear"),
    Choice("dropped", "It is not needed any more"),
)
_JUDGEMENTS = (
    Choice("confirm", "It is so"),
    Choice("eliminate", "It is not so"),
)

Do = Callable[[Session], Any]


class TriesDialog(Dialog[None]):
    """Shows what is tried; each second the timers go on."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("tries")
    DEFAULT_CSS = """
    TriesDialog {
        & > Vertical { width: 112; }
        & #detail { height: 2; color: $text; margin-top: 1; }
        & #answer { height: 1; margin: 0; }
    }
    """

    def __init__(
        self,
        inc: str,
        read: Callable[[], IncidentView | None],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """Show what `read` knows of the incident; `changed` lets the screen behind read anew."""
        super().__init__()
        self._inc = inc
        self._read = read
        self._changed = changed
        self._answer = ""

    def compose(self) -> ComposeResult:
        """Lay out the list above what the current row says."""
        with Vertical():
            yield Static(id="title", markup=False)
            yield TryList()
            yield Static(id="detail", markup=False)
            yield Static(id="answer", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin with what is most urgent."""
        self.set_interval(1, self._show)
        self._show()
        self._list.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list the lines that the words around it do not need."""
        self._list.styles.max_height = max(3, event.size.height - _AROUND)

    @property
    def _list(self) -> TryList:
        return self.query_one(TryList)

    # What the keys do

    def action_ask(self) -> None:
        """Ask somebody for an action."""
        label = "@who 10m what; who and the time may be left out"
        self._work(self._write("Ask for an action", label, "/ask "))

    def action_suppose(self) -> None:
        """Add a theory."""
        self._work(self._write("Theory", "What may be the cause", "/theory "))

    def action_wait(self) -> None:
        """Give more time to answer."""
        row = self._list.current
        if row is None or row.theory or row.over:
            self._tell("Only an open action can get more time.")
        else:
            self._work(self._give_time(row))

    def action_confirm(self) -> None:
        """Confirm a theory."""
        self._judge_current("confirm")

    def action_eliminate(self) -> None:
        """Eliminate a theory."""
        self._judge_current("eliminate")

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        row = self._list.current
        if row is not None:
            self._work(self._choose_theory(row) if row.theory else self._finish(row))

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._tell("")

    def _judge_current(self, judgement: str) -> None:
        row = self._list.current
        if row is None or not row.theory:
            self._tell(f"Only a theory can be {judgement}{'ed' if judgement[-1] == 'm' else 'd'}.")
        else:
            self._work(self._ask_why(row, judgement))

    # What follows

    async def _write(self, title: str, label: str, command: str) -> None:
        """Ask for a line until it is understood or left."""
        text: str | None = ""
        said = label
        while text is not None:
            text = await self.app.push_screen_wait(TextDialog(title, said, text))
            if text is None or not text.strip():
                return
            try:
                await self._enter(f"{command}{text}")
            except CockpitError as error:
                said = str(error)
            else:
                return

    async def _enter(self, line: str) -> None:
        entry = parse_entry(line, self.cockpit.clock(), self.cockpit.zone)
        await self._do(lambda session: timeline.log_many(session, self._inc, [entry]))

    async def _give_time(self, row: TryRow) -> None:
        within = await self.app.push_screen_wait(
            TextDialog(_title(row), "How long from now: 10m, 1h30m", "10m")
        )
        if within is not None:
            await self._do(lambda s: response_work.give_time(s, self._inc, row.id, within))

    async def _finish(self, row: TryRow) -> None:
        answer = await self.app.push_screen_wait(
            ChoiceDialog(f"Did it help? {_title(row)}", _ANSWERS)
        )
        if answer is None:
            return
        helped, why = answer
        if helped == "dropped":
            await self._do(lambda s: response_work.drop(s, self._inc, row.id, why))
        else:
            await self._do(lambda s: response_work.finish(s, self._inc, row.id, helped, why))

    async def _choose_theory(self, row: TryRow) -> None:
        answer = await self.app.push_screen_wait(
            ChoiceDialog(f"Is it so? {_title(row)}", _JUDGEMENTS)
        )
        if answer is not None:
            await self._judge(row, *answer)

    async def _ask_why(self, row: TryRow, judgement: str) -> None:
        title = "It is so" if judgement == "confirm" else "It is not so"
        why = await self.app.push_screen_wait(
            TextDialog(f"{title}: {_title(row)}", "why (may stay empty)")
        )
        if why is not None:
            await self._judge(row, judgement, why)

    async def _judge(self, row: TryRow, judgement: str, why: str) -> None:
        if judgement == "eliminate":
            await self._do(lambda s: response_work.eliminate(s, self._inc, row.id, why))
            return
        await self._do(lambda s: response_work.confirm(s, self._inc, row.id, why))
        view = self._read()
        if view is None or view.cause == row.text:
            return
        choices = [
            Choice("yes", "It is the cause", "It then stands above the timeline."),
            Choice("no", "Leave the cause as it is", view.cause or "not known yet"),
        ]
        answer = await self.app.push_screen_wait(
            ChoiceDialog(f"Is it the cause? {_title(row)}", choices, ask_reason=False)
        )
        if answer is not None and answer[0] == "yes":
            await self._do(lambda s: changes.set_field(s, self._inc, "cause", row.text))

    # How it is done and shown

    def _work(self, work: Awaitable[None]) -> None:
        self.run_worker(self._guard(work), group="tries", exclusive=True)

    async def _guard(self, work: Awaitable[None]) -> None:
        try:
            await work
        except CockpitError as error:
            self._tell(str(error))

    async def _do(self, work: Do) -> None:
        await self.cockpit.perform(work)
        await self._changed()
        self._answer = "Kept. u takes it back on the incident's screen."
        self._show()

    def _show(self) -> None:
        """Show the rows as of now, with the cursor where it was."""
        view = self._read()
        if view is None or not self.is_running:
            return
        now, current = self.cockpit.clock(), self._list.current
        rows = try_rows(view, now, self.cockpit.zone)
        places = [place for place, each in enumerate(rows) if current and each.id == current.id]
        self.query_one("#title", Static).update(Content(marks().prose(title_words(view, now))))
        self._list.show_items(rows, places[0] if places else 0)
        self._tell(self._answer)

    def _tell(self, answer: str) -> None:
        """Show the current row's own words, and an answer to a key."""
        self._answer = answer
        row = self._list.current
        words = make_visible(row.detail, newlines=True) if row else _NOTHING
        self.query_one("#detail", Static).update(Content(marks().prose(words)))
        self.query_one("#answer", Static).update(
            Content(marks().prose(make_visible(answer or _HINT)))
        )


def _title(row: TryRow) -> str:
    """Return a row's text as a title that leaves room for what is asked below it."""
    return cut(make_visible(row.text), _TITLE_CELLS)
