"""Home: what is open and how late its updates are, what was, and the way into everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.domain.clock import to_ms
from cockpit.domain.together import home_together
from cockpit.domain.view import IncidentSummary, IncidentView, TimelineEntry, TimelineFilter
from cockpit.errors import CockpitError
from cockpit.keymap import find_key, keys_shown
from cockpit.screens.deletion import RestoringMixin
from cockpit.screens.home_overviews import OverviewsMixin
from cockpit.screens.home_owed import OwedMixin
from cockpit.screens.home_search import SearchMixin
from cockpit.service import incidents
from cockpit.service.drafts import DECLARATION_KEY
from cockpit.service.session import Session
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.footer_line import FooterLine
from cockpit.widgets.hit_list import HitList
from cockpit.widgets.home_heading import HomeHeading, count_late
from cockpit.widgets.incident_list import IncidentList
from cockpit.widgets.incident_preview import ENTRIES, IncidentPreview
from cockpit.widgets.owed_line import OwedLine
from cockpit.widgets.text_field import TextField
from cockpit.widgets.trouble_line import TroubleLine

LATEST = 40
"""How many incidents are shown before somebody asks for all."""

_WIDE = 110
"""Cells from which there is room for the preview."""


class HomeScreen(RestoringMixin, OverviewsMixin, OwedMixin, SearchMixin):
    """The list of incidents, with a filter and a preview."""

    HELP_CONTEXTS = ("home", "list", "app")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("home")
    AUTO_FOCUS = "#incidents"
    DEFAULT_CSS = """
    HomeScreen {
        background: $ground;
        & #search { height: 1; padding: 0 1; }
        & #search TextField { width: 1fr; visibility: hidden; }
        & #search.-open TextField { visibility: visible; }
        & #incidents, & #hits { height: 1fr; margin: 0 1; }
        & #hits, & #empty { display: none; }
        & #empty { height: 1fr; padding: 0 2; color: $text; }
        &.-hits #incidents, &.-empty #incidents { display: none; }
        &.-hits #hits { display: block; }
        &.-empty #empty { display: block; }
        & IncidentPreview { display: none; margin: 0 1; }
        &.-wide IncidentPreview { display: block; }
        &.-empty IncidentPreview, &.-hits IncidentPreview { display: none; }
    }
    """

    def __init__(self, *, waits: bool = False) -> None:
        """Start with the latest incidents, unfiltered.

        waits: another screen comes first; home is laid out once somebody comes here from it.
        """
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]
        self._waits = waits
        self._all = False
        self._words = ""
        self._summaries: tuple[IncidentSummary, ...] = ()
        self._total = 0
        self._loaded = False
        self._behind = False

    def compose(self) -> ComposeResult:
        """Lay out the heading, the filter's row, the lists, the preview and the footer."""
        if self._waits:
            return
        # Were the class set after that, the styles of all widgets would be looked for twice.
        self.set_class(self.app.size.width >= _WIDE, "-wide")
        yield HomeHeading()
        yield OwedLine()
        with Horizontal(id="search"):
            yield TextField(placeholder="title or reference; enter searches everything", id="words")
        yield IncidentList(id="incidents")
        yield HitList(id="hits")
        yield Static(id="empty", markup=False)
        yield IncidentPreview()
        yield TroubleLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Begin, unless another screen comes first."""
        if not self._waits:
            self._begin()

    def _begin(self) -> None:
        """Show what is known as soon as it is read."""
        self.wait_for_content()
        self.query_one("#words", TextField).can_focus = False
        self.reload()
        if title := self.cockpit.drafts.offer(DECLARATION_KEY).strip():
            self.cockpit.notice(f"Not declared yet: “{title}”. {self._key('home.new')} goes on.")

    def on_screen_suspend(self) -> None:
        """Note that the screen which came first is there."""
        self._behind = True

    def on_screen_resume(self) -> None:
        """Read again after another screen was in front, or begin if that one came first."""
        if self._waits and self._behind:
            self.call_next(self._lay_out)
        elif self._loaded:
            self.reload()

    async def _lay_out(self) -> None:
        self._waits = False
        await self.recompose()
        self.store_troubled(self.cockpit.store_trouble)
        self.query_one(IncidentList).focus()
        self._begin()

    # What the app tells

    def tick(self, now: datetime) -> None:
        """Let the words of time go on."""
        if self._loaded:
            self.query_one(IncidentList).tick(now)
            self._show_heading(now)
            self.tick_owed(now)

    def store_changed(self) -> None:
        """Read again; cursor, scroll position and the words being typed stay."""
        if not self._waits:
            self.reload()

    def sync_moved(self) -> None:
        """Say how it stands with the others."""
        if self._loaded:
            self._show_heading(self.cockpit.clock())

    def zone_changed(self) -> None:
        """Show the preview's times in the other zone."""
        if self._loaded:
            self._preview()

    # Reading

    @work(exclusive=True, group="home")
    async def reload(self) -> None:
        """Read the list again and show it."""
        limit = None if self._all or self._words else LATEST

        def read(session: Session) -> tuple[tuple[IncidentSummary, ...], int]:
            found = incidents.list_incidents(session, closed=True, limit=limit)
            return found, session.reads.count()

        try:
            self._summaries, self._total = await self.cockpit.fetch(read)
        except CockpitError as error:
            self.tell_error(error)
            return
        self._loaded = True
        self._show()
        self.show_content()
        self.call_after_refresh(self.refresh_owed)

    def _show(self) -> None:
        now = self.cockpit.clock()
        words = self._words.casefold().split()
        shown = [
            each
            for each in self._summaries
            if all(word in f"{each.ref} {each.title}".casefold() for word in words)
        ]
        self.query_one(IncidentList).show(shown, self.cockpit.playbook, now)
        self.set_class(self._total == 0, "-empty")
        if self._total == 0:
            self.query_one("#empty", Static).update(_empty_words(self._key))
        elif self.focused is None:
            # The list lost the keyboard while it was hidden; it is seen from the next drawing on.
            self.call_after_refresh(self.query_one(IncidentList).focus)
        self._show_heading(now)
        self._preview()

    def _show_heading(self, now: datetime) -> None:
        shown = len(self.query_one(IncidentList).items)
        if self.has_class("-hits"):
            shown = len({each.inc for each in self.query_one(HitList).items})
        opened = [each for each in self._summaries if each.is_open]
        self.query_one(HomeHeading).show(
            opened=len(opened),
            late=count_late(opened, self.cockpit.playbook, now),
            shown=shown,
            total=self._total,
            filtered=bool(self._words),
            all_key=self._key("home.all"),
            together=home_together(self.cockpit.live.state, self.cockpit.live.device, to_ms(now)),
        )

    def _key(self, identity: str) -> str:
        key = find_key(identity)
        shown = keys_shown(key, self.cockpit.rebound) if key else []
        return shown[0] if shown else ":"

    @on(IncidentList.Moved, "#incidents")
    def _moved(self) -> None:
        self._preview()

    @work(exclusive=True, group="preview")
    async def _preview(self) -> None:
        preview = self.query_one(IncidentPreview)
        current = self.query_one(IncidentList).current
        playbook, zone = self.cockpit.playbook, self.cockpit.zone
        if current is None:
            preview.show(None, (), playbook, zone)
            return
        if not self.has_class("-wide"):
            return

        def read(session: Session) -> tuple[IncidentView, tuple[TimelineEntry, ...]]:
            everything = TimelineFilter()
            stop = session.reads.timeline_count(current.id, everything)
            start = max(0, stop - ENTRIES)
            entries = session.reads.timeline(current.id, everything, start, stop)
            return incidents.view(session, current.id), entries

        try:
            view, entries = await self.cockpit.fetch(read)
        except CockpitError:
            preview.show(None, (), playbook, zone)
            return
        preview.show(view, entries, playbook, zone)

    # Filter and search

    def action_filter(self) -> None:
        """Open the filter's field."""
        field = self.query_one("#words", TextField)
        self.query_one("#search").add_class("-open")
        self.remove_class("-hits")
        field.can_focus = True
        field.focus()

    @on(Input.Changed, "#words")
    def _filter_changed(self, event: Input.Changed) -> None:
        had, self._words = bool(self._words), event.value.strip()
        if self._words and not had and len(self._summaries) < self._total:
            self.reload()
        elif self._loaded:
            self._show()

    @on(TextField.Left)
    def _field_left(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        """Clear the search, then the filter."""
        field = self.query_one("#words", TextField)
        self.remove_class("-hits")
        self.query_one("#search").remove_class("-open")
        field.value = ""
        field.can_focus = False
        self.query_one(IncidentList).focus()

    # Going elsewhere

    @on(IncidentList.Chosen, "#incidents")
    def _chosen(self, event: IncidentList.Chosen) -> None:
        self.cockpit.open_incident(self.query_one(IncidentList).items[event.index].id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave `n` to the filter while somebody types there: its binding comes before all."""
        if action == "new" and isinstance(self.focused, TextField):
            return False
        return super().check_action(action, parameters)

    async def action_new(self) -> None:
        """Go to the screen that declares an incident; a title typed ahead ends up there."""
        await self.cockpit.open_declaration()

    def action_all(self) -> None:
        """Show all incidents, or the latest again."""
        self._all = not self._all
        self.reload()


def _empty_words(key_of: Callable[[str], str]) -> Content:
    rows = (
        ("home.new", "declare an incident"),
        ("app.help", "every key"),
        ("home.quit", "quit; the command cockpit demo fills this list with an example"),
    )
    pieces: list[tuple[str, str]] = []
    for identity, text in rows:
        pieces.append((f"{key_of(identity)}   ", "bold $bright"))
        pieces.append((f"{text}\n", "$muted"))
    return Content.assemble(*pieces)
