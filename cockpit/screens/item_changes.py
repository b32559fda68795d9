"""Changes on the screen of action items: done, edited, dropped, taken back, exported."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from cockpit.domain.action_exports import FORMATS
from cockpit.domain.action_items import IncidentItem, ItemFilter
from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.item_editing import ask_change, ask_value
from cockpit.service import action_items, undo
from cockpit.service.session import Session

_FORMAT_WORDS = {
    "markdown": Choice("markdown", "Checklist", "Markdown, by incident."),
    "csv": Choice("csv", "Table", "CSV for a spreadsheet."),
    "json": Choice("json", "Data", "JSON, with every field."),
    "github": Choice("github", "GitHub issues", "JSON: title, body and labels of each."),
    "jira": Choice("jira", "Jira import", "CSV that Jira's importer takes."),
}


class ItemChanges(CockpitScreen[None]):
    """Stores what people change in the item under the cursor; undo goes back over this screen."""

    _changed: list[str]
    _undone: list[str]

    @property
    @abstractmethod
    def chosen(self) -> ItemFilter:
        """Return which items are shown."""

    @property
    @abstractmethod
    def grouped_by(self) -> str:
        """Return by what they are grouped."""

    @abstractmethod
    def current_item(self) -> IncidentItem | None:
        """Return the item under the cursor."""

    @abstractmethod
    async def read_items(self) -> None:
        """Read the items again and show them; an error is told."""

    def begin_changes(self) -> None:
        """Begin with nothing to take back; the incidents of what was changed stand in order."""
        self._changed, self._undone = [], []

    def action_toggle_item(self) -> None:
        """Say that the item is done, or that it is not after all."""
        each = self.current_item()
        if each is not None:
            state = "done" if each.is_open else "open"
            self._do(self._change(each, {"state": state}, f"{state.capitalize()}: "))

    def action_drop_item(self) -> None:
        """Say that the item will not be done."""
        each = self.current_item()
        if each is not None:
            self._do(self._change(each, {"state": "dropped"}, "Dropped: "))

    def action_edit_item(self) -> None:
        """Change owner, due date or anything else."""
        each = self.current_item()
        if each is not None:
            self._do(self._edit(each))

    def action_undo(self) -> None:
        """Take back the last change made here."""
        self._do(self._again(undo.undo, self._changed, self._undone))

    def action_redo(self) -> None:
        """Bring back what was undone here last."""
        self._do(self._again(undo.redo, self._undone, self._changed))

    def action_export(self) -> None:
        """Write what is shown into a file."""
        self._do(self._export())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._guard(work), group="change")

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except CockpitError as error:
            self.tell_error(error)

    async def _change(self, each: IncidentItem, changes: dict[str, str], words: str = "") -> None:
        now = await self.cockpit.perform(lambda s: action_items.edit_item(s, each, changes))
        if now.item == each.item:
            return  # nothing to take back: an undo would reach for something else
        self._changed.append(each.inc)
        self._undone.clear()
        self.cockpit.notice(f"{words or 'Changed: '}{each.item.title}. u takes it back.")
        await self.read_items()

    async def _edit(self, each: IncidentItem) -> None:
        answer = await ask_change(self.app, each.item)
        while answer is not None:
            field, text = answer
            try:
                await self._change(each, {field: text})
            except CockpitError as error:
                again = await ask_value(self.app, each.item, field, text, str(error))
                answer = None if again is None else (field, again)
            else:
                return

    async def _again(
        self, step: Callable[[Session, str], str], taken: list[str], kept: list[str]
    ) -> None:
        if not taken:
            self.cockpit.notice("Nothing more was changed here.")
            return
        inc = taken[-1]
        sentence = await self.cockpit.perform(lambda session: step(session, inc))
        kept.append(taken.pop())
        self.cockpit.notice(sentence)
        await self.read_items()

    async def _export(self) -> None:
        choices = [_FORMAT_WORDS[each] for each in FORMATS]
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Export what is shown", choices, ask_reason=False)
        )
        if answer is None:
            return
        wanted, by = self.chosen, self.grouped_by

        def write(session: Session) -> Path:
            return action_items.write_file(session, wanted, answer[0], by)

        path = await self.cockpit.perform(write)
        self.cockpit.notice(f"Written to {path}")
