"""The countdown's dialog: what can be decided about it, when, and why; one line for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.domain.visible import make_visible
from cockpit.errors import CockpitError
from cockpit.screens.dialogs import Dialog
from cockpit.widgets.choice_list import Choice, ChoiceList
from cockpit.widgets.marks import marks
from cockpit.widgets.text_field import TextField

_HINT = "a number or enter chooses, esc leaves it as it is"
_GOING_ON = "enter goes on, esc leaves it as it is"


class Offer(Struct, frozen=True):
    """Something that can be decided: `when` and `why` are the questions to ask, if any."""

    id: str
    label: str
    detail: str = ""
    when: str = ""
    why: str = ""


class Answer(Struct, frozen=True):
    """What was chosen, with the answers to its questions."""

    id: str
    when: str = ""
    why: str = ""


Check = Callable[[Answer], object]
"""Reads the answer to "when"; raises CockpitError with the sentence to show."""

Decide = Callable[[Answer], Awaitable[None]]
"""Does what was decided; raises CockpitError with the sentence to show."""


class CountdownDialog(Dialog[str | None]):
    """Offers what can be decided; a refusal is shown, and what was typed stays."""

    DEFAULT_CSS = """
    CountdownDialog {
        & #whenlabel, & #when, & #whylabel, & #why { display: none; }
        & #whenlabel, & #whylabel { margin-top: 1; }
        & #answer.-bad { color: $late; }
    }
    """

    def __init__(self, title: str, offers: Sequence[Offer], check: Check, decide: Decide) -> None:
        """Offer under `title`; `check` reads a time, `decide` does what was chosen and answered."""
        super().__init__()
        self._title = title
        self._offers = tuple(offers)
        self._check = check
        self._decide = decide
        self._chosen: Offer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the title, the choices, the two questions and what is answered."""
        with Vertical():
            yield Static(Content(marks().prose(make_visible(self._title))), id="title")
            yield ChoiceList()
            yield Static(id="whenlabel", classes="label", markup=False)
            yield TextField(id="when")
            yield Static(id="whylabel", classes="label", markup=False)
            yield TextField(id="why")
            yield Static(_HINT, id="answer", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the first offer."""
        choices = [Choice(each.id, each.label, each.detail) for each in self._offers]
        self.query_one(ChoiceList).show_items(choices, 0)
        self.query_one(ChoiceList).focus()

    @on(ChoiceList.Chosen)
    def _picked(self) -> None:
        current = self.query_one(ChoiceList).current
        self._chosen = next((e for e in self._offers if current and e.id == current.value), None)
        if self._chosen is None:
            return
        for name, question in (("when", self._chosen.when), ("why", self._chosen.why)):
            self.query_one(f"#{name}label", Static).update(Content(marks().prose(question)))
            for part in (f"#{name}label", f"#{name}"):
                self.query_one(part).display = bool(question)
        # At once: what is typed next belongs into the field.
        first = "#when" if self._chosen.when else "#why"
        if self._chosen.when or self._chosen.why:
            self.set_focus(self.query_one(first))
            self._say(_GOING_ON)
        else:
            self._finish()

    @on(Input.Submitted, "#when")
    def _when_given(self) -> None:
        if self._chosen is None or not self._reads_when(self._chosen):
            return
        if self._chosen.why:
            self.set_focus(self.query_one("#why"))
            self._say(_GOING_ON)
        else:
            self._finish()

    @on(Input.Submitted, "#why")
    def _why_given(self) -> None:
        self._finish()

    def _finish(self) -> None:
        if self._chosen is not None and self._reads_when(self._chosen):
            answer = self._answer(self._chosen)
            self.run_worker(self._try(answer), group="decide", exclusive=True)

    def _answer(self, chosen: Offer) -> Answer:
        when, why = (self.query_one(each, TextField).value for each in ("#when", "#why"))
        return Answer(chosen.id, when.strip(), why.strip())

    def _reads_when(self, chosen: Offer) -> bool:
        """Say whether the time is understood; else say why not, and go to where it is typed."""
        if not chosen.when:
            return True
        try:
            self._check(self._answer(chosen))
        except CockpitError as error:
            self._refuse(error)
            self.set_focus(self.query_one("#when"))
            return False
        return True

    async def _try(self, answer: Answer) -> None:
        try:
            await self._decide(answer)
        except CockpitError as error:
            self._refuse(error)
            return
        self.dismiss(answer.id)

    def _refuse(self, error: CockpitError) -> None:
        self._say(" ".join(each for each in (error.message, error.hint) if each), bad=True)

    def _say(self, words: str, *, bad: bool = False) -> None:
        shown = self.query_one("#answer", Static)
        shown.set_class(bad, "-bad")
        shown.update(Content(marks().prose(make_visible(words))))
