"""The screen of action items: what all incidents left to do, done with one key."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.config import find_zone
from cockpit.domain.action_items import (
    GROUPS,
    IncidentItem,
    ItemFilter,
    choose_items,
    count_words,
    day_of,
)
from cockpit.domain.visible import make_visible
from cockpit.errors import CockpitError
from cockpit.screens.action_rows import action_rows, group_words
from cockpit.screens.item_changes import ItemChanges
from cockpit.widgets.action_list import ActionList
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.footer_line import FooterLine
from cockpit.widgets.line_list import LineList
from cockpit.widgets.marks import marks
from cockpit.widgets.text_field import TextField
from cockpit.widgets.trouble_line import TroubleLine

_NOTHING = "Nothing is left to do. Post-mortems add action items: + in their pane."


class ActionItemsScreen(ItemChanges):
    """All action items in one list, the most urgent first, with a filter."""

    HELP_CONTEXTS = ("items", "list", "app")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("items")
    AUTO_FOCUS = "ActionList"
    DEFAULT_CSS = """
    ActionItemsScreen {
        & #title { height: 1; padding: 0 2; }
        & #search { height: 1; padding: 0 1; }
        & #search TextField { width: 1fr; visibility: hidden; }
        & #search.-open TextField { visibility: visible; }
        & ActionList { height: 1fr; margin: 0 1; }
        & #detail { height: 2; padding: 0 2; color: $muted; }
    }
    """

    def __init__(self) -> None:
        """Start with the open items, by due date."""
        super().__init__()
        self._items: tuple[IncidentItem, ...] = ()
        self._shown = "open"
        self._by = GROUPS[0]
        self._words = ""
        self._day: date | None = None
        self.begin_changes()

    def compose(self) -> ComposeResult:
        """Lay out the title, the filter's row, the list and what the current item says."""
        yield Static(id="title", markup=False)
        with Horizontal(id="search"):
            yield TextField(placeholder="words of a title, an owner, a kind, INC-42", id="words")
        yield ActionList()
        yield Static(id="detail", markup=False)
        yield TroubleLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Show what is known as soon as it is read."""
        self.query_one("#words", TextField).can_focus = False
        self.reload()

    def on_screen_resume(self) -> None:
        """Read again after an incident was in front."""
        super().on_screen_resume()
        self.reload()

    def tick(self, now: datetime) -> None:
        """Show again once another day has begun."""
        if self._day not in (None, self._day_at(now)):
            self._show()

    def store_changed(self) -> None:
        """Read again; the cursor and the words being typed stay."""
        self.reload()

    # Reading and showing

    @work(exclusive=True, group="items")
    async def reload(self) -> None:
        """Read the items again and show them."""
        await self.read_items()

    async def read_items(self) -> None:
        """Read the items again and show them; an error is told."""
        try:
            self._items = await self.cockpit.fetch(lambda session: session.reads.action_items())
        except CockpitError as error:
            self.tell_error(error)
            return
        self._show()

    def _day_at(self, now: datetime) -> date:
        return day_of(now, find_zone(self.cockpit.config.zone))

    def _show(self) -> None:
        today = self._day = self._day_at(self.cockpit.clock())
        chosen = choose_items(self._items, self.chosen, today)
        self.query_one(ActionList).show(action_rows(chosen, self._by, today))
        pieces = [
            ("Action items", "bold $bright"),
            (f"   {count_words(chosen, today)}", "$muted"),
            (f"   {group_words(self._by)}", "$muted"),
        ]
        if self._words:
            pieces.append((f"   {len(chosen):,} of {len(self._items):,} match", "$muted"))
        self.query_one("#title", Static).update(Content.assemble(*pieces), layout=False)
        self._show_detail()

    def _show_detail(self) -> None:
        row = self.query_one(ActionList).current
        nothing = "Nothing matches." if self._words else _NOTHING
        lines = (row.detail if row else nothing).split("\n")
        words = "\n".join(make_visible(line) for line in lines)
        self.query_one("#detail", Static).update(Content(marks().prose(words)), layout=False)

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._show_detail()

    # Choosing what is shown

    def action_filter(self) -> None:
        """Open the filter's field."""
        field = self.query_one("#words", TextField)
        self.query_one("#search").add_class("-open")
        field.can_focus = True
        field.focus()

    @on(Input.Changed, "#words")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._words = event.value.strip()
        self._show()

    @on(Input.Submitted, "#words")
    def _filter_kept(self) -> None:
        self.query_one(ActionList).focus()

    @on(TextField.Left)
    def action_clear(self) -> None:
        """Clear the filter, or go back when there is none."""
        search = self.query_one("#search")
        if not search.has_class("-open"):
            self.dismiss(None)
            return
        field = self.query_one("#words", TextField)
        search.remove_class("-open")
        field.value = ""
        field.can_focus = False
        self.query_one(ActionList).focus()

    def action_all(self) -> None:
        """Show done items too, or only open ones again."""
        self._shown = "open" if self._shown == "all" else "all"
        self._show()

    def action_group(self) -> None:
        """Group by the next of due date, owner, incident, kind."""
        self._by = GROUPS[(GROUPS.index(self._by) + 1) % len(GROUPS)]
        self._show()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        row = self.query_one(ActionList).current
        if row is not None:
            self.cockpit.open_incident(row.inc)

    # What changes need

    @property
    def chosen(self) -> ItemFilter:
        """Return which items are shown."""
        return ItemFilter(self._shown, words=self._words)

    @property
    def grouped_by(self) -> str:
        """Return by what they are grouped."""
        return self._by

    def current_item(self) -> IncidentItem | None:
        """Return the item under the cursor."""
        row = self.query_one(ActionList).current
        found = (each for each in self._items if row and (each.inc, each.item.id) == row.place)
        return next(found, None)
