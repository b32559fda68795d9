"""Declaring: a title and a severity suffice; what the levels mean stands beside the choice."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.domain.past_incident import PastIncident
from cockpit.domain.view import IncidentView
from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.screens.similar import OPEN, SimilarDialog
from cockpit.service import incidents, similar
from cockpit.service.drafts import DECLARATION_KEY
from cockpit.service.incidents import Declaration
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.footer_line import FooterLine
from cockpit.widgets.severity_picker import SeverityPicker
from cockpit.widgets.similar_list import quiet_line
from cockpit.widgets.text_field import TextField
from cockpit.widgets.trouble_line import TroubleLine
from cockpit.widgets.value_line import ValueLine

SEARCH_AFTER_SECONDS = 0.3
PATIENCE_SECONDS = 0.4
_ROOMY = 28
"""Lines of the terminal from which a blank one may stand above the past incidents."""
_MARGINS = 5
"""Cells beside the list of past incidents: padding, and the scroll bar."""


class TitleField(TextField):
    """The title; escape leaves the screen, not the field."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the screen have escape."""
        return action != "leave_field" and super().check_action(action, parameters)


class DeclareScreen(CockpitScreen[None]):
    """The title, the severity, and if known the criterion and how many are affected."""

    HELP_CONTEXTS = ("declare", "app")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("declare")
    AUTO_FOCUS = "#title"
    DEFAULT_CSS = """
    DeclareScreen {
        background: $ground;
        & Vertical { height: 1fr; padding: 0 1; overflow-y: auto; scrollbar-size-vertical: 1; }
        & #heading { height: 2; padding: 0 1; }
        & #title, & #title:focus { margin-bottom: 1; }
        & SeverityPicker { margin-bottom: 1; }
        & #similar { height: auto; padding: 0 1; color: $muted; }
    }
    """

    def __init__(self) -> None:
        """Start with the title that was being typed, if there is one."""
        super().__init__()
        self._declaring: asyncio.Future[IncidentView] | None = None
        self._similar: tuple[PastIncident, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the fields from the most to the least needed."""
        playbook = self.cockpit.playbook
        with Vertical():
            yield Static(
                Content.assemble(
                    ("Declare an incident", "bold $bright"),
                    ("   title and severity suffice, all else can follow", "$muted"),
                ),
                id="heading",
            )
            yield TitleField(
                self.cockpit.drafts.offer(DECLARATION_KEY),
                placeholder="What is broken, for whom?",
                id="title",
                select_on_focus=False,
            )
            yield SeverityPicker(playbook.severities, playbook.default_severity)
            yield ValueLine(
                "Criterion",
                [(each.id, each.text) for each in playbook.criteria],
                "which one does it meet?",
                id="criterion",
            )
            yield ValueLine(
                "Impact",
                [(each.id, each.name) for each in playbook.impacts],
                "how many customers are affected?",
                id="impact",
            )
            yield Static(id="similar", markup=False)
        yield TroubleLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Look for incidents like the kept title."""
        self._look_for_similar(self.query_one("#title", TextField).value)

    @on(Input.Changed, "#title")
    def _typed(self, event: Input.Changed) -> None:
        self.cockpit.drafts.note(DECLARATION_KEY, event.value)
        self._look_for_similar(event.value)

    @work(exclusive=True, group="similar")
    async def _look_for_similar(self, title: str) -> None:
        await asyncio.sleep(SEARCH_AFTER_SECONDS)
        try:
            found = await self.cockpit.fetch(lambda session: similar.like_words(session, title))
        except CockpitError:
            found = ()
        if found != self._similar:
            self._similar = found
            self._show_similar()
            self.refresh_bindings()

    def _show_similar(self) -> None:
        """List the past incidents in small print, each on one line."""
        below = self.query_one("#similar", Static)
        width = max(20, self.size.width - _MARGINS)
        pieces: list[tuple[str, str]] = []
        for each in self._similar:
            head, rest = quiet_line(each, width)
            pieces += [(f"\n{head}", "$text"), (rest, "$muted")]
        blank = "\n" if self.size.height >= _ROOMY else ""
        heading = [(f"{blank}Seen before?", "$muted")] if pieces else []
        below.update(Content.assemble(*heading, *pieces))

    def on_resize(self) -> None:
        """Cut the lines of past incidents anew."""
        self._show_similar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer past incidents only where there are some."""
        if action == "similar" and not self._similar:
            return False
        return super().check_action(action, parameters)

    @work(exclusive=True, group="peek")
    async def action_similar(self) -> None:
        """Look at the past incidents like it; the title waits."""
        answer = await self.app.push_screen_wait(SimilarDialog(self._similar, links=False))
        if answer is not None and answer[0] == OPEN:
            self.cockpit.open_incident(answer[1])

    def action_severity(self, number: int) -> None:
        """Choose a severity by its number."""
        self.query_one(SeverityPicker).pick(number - 1)

    def action_milder(self) -> None:
        """Choose the next milder severity."""
        self.query_one(SeverityPicker).step(1)

    def action_worse(self) -> None:
        """Choose the next worse severity."""
        self.query_one(SeverityPicker).step(-1)

    def action_back(self) -> None:
        """Go back; the title is kept."""
        if self._declaring is not None and not self._declaring.done():
            self.cockpit.notice("The database is busy; the incident is declared in a moment.")
        else:
            self.dismiss(None)

    async def action_declare(self) -> None:
        """Declare it and go to its screen.

        Runs before the next key is looked at, so that a key typed ahead reaches that screen.
        """
        field = self.query_one("#title", TextField)
        # This key overtakes the letters before it, which still wait in the field's queue.
        if not await self._has_taken(field):
            return
        title = field.value.strip()
        if not title:
            self.cockpit.notice("An incident needs a title: say what is broken, for whom.", "bad")
            self.query_one("#title").focus()
            return
        if self._declaring is not None and not self._declaring.done():
            return
        declaration = Declaration(
            title=title,
            severity=self.query_one(SeverityPicker).severity,
            criterion=self.query_one("#criterion", ValueLine).value,
            impact=self.query_one("#impact", ValueLine).value,
        )
        self._declaring = asyncio.ensure_future(
            self.cockpit.perform(lambda session: incidents.declare(session, declaration))
        )
        await asyncio.wait([self._declaring], timeout=PATIENCE_SECONDS)
        if self._declaring.done():
            if inc := self._outcome(self._declaring):
                await self.cockpit.show_declared(inc)
        else:
            self.cockpit.notice("The database is busy; the incident is declared in a moment.")
            self._wait_longer(self._declaring)

    async def _has_taken(self, field: TextField) -> bool:
        """Wait until a field has taken what was typed; False where it is taken away before."""
        taken = asyncio.Event()
        field.call_later(taken.set)
        while field.is_running and not taken.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await taken.wait()
        return taken.is_set()

    @work(exclusive=True, group="declare")
    async def _wait_longer(self, declaring: asyncio.Future[IncidentView]) -> None:
        await asyncio.wait([declaring])
        if inc := self._outcome(declaring):
            # Not from here: this worker ends with the screen that would be replaced.
            self.app.call_later(self.cockpit.show_declared, inc)

    def _outcome(self, declaring: asyncio.Future[IncidentView]) -> str:
        """Return the new incident's id, empty when it could not be declared."""
        try:
            view = declaring.result()
        except CockpitError as error:
            self.tell_error(error)
            return ""
        self.cockpit.drafts.clear(DECLARATION_KEY)
        return view.id
