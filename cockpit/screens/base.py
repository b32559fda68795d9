"""What every screen of the cockpit knows of its app, and what the app calls on it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime, tzinfo
from typing import Any, ClassVar, Protocol, TypeVar, cast

from textual.events import Event, Mount, Resize, ScreenResume, Show
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.worker import Worker, WorkType

from cockpit.clipboard import CopyResult
from cockpit.config import Config
from cockpit.domain.playbook import Playbook
from cockpit.errors import CockpitError
from cockpit.keymap import Rebound
from cockpit.screens.live_work import close_after, while_live
from cockpit.service.drafts import DraftKeeper
from cockpit.service.runner import Runner
from cockpit.service.session import Session
from cockpit.service.sync_live import LiveSync
from cockpit.widgets.partial_drawing import PartialDrawing
from cockpit.widgets.trouble_line import TroubleLine

T = TypeVar("T")
R = TypeVar("R")

_LONGEST_WAIT = 0.3
"""Seconds after which a new screen is shown though what it is about has not been read yet."""


class Cockpit(Protocol):
    """The app as screens see it."""

    runner: Runner
    drafts: DraftKeeper
    config: Config
    playbook: Playbook
    rebound: Rebound
    zone: tzinfo
    store_trouble: str
    live: LiveSync

    @property
    def gathers_updates(self) -> bool:
        """Say whether nothing is drawn now: what changes is gathered."""

    def clock(self) -> datetime:
        """Return the time, aware, in UTC."""

    def notice(self, text: str, level: str = "info") -> None:
        """Say in the footer what happened; level: "info" or "bad"."""

    async def copy_text(self, text: str) -> CopyResult:
        """Copy to the clipboard in a thread; says by which route."""

    async def perform(self, work: Callable[[Session], T]) -> T:
        """Run `work` on the writer's thread; raises CockpitError in plain words."""

    async def outcome(self, written: Future[T]) -> T:
        """Wait for work of the writer's thread, which is done whether somebody waits or not."""

    async def fetch(self, work: Callable[[Session], T]) -> T:
        """Run `work`, which only reads, on the reader's thread."""

    def open_incident(self, inc: str, words: str = "", entry: str = "") -> None:
        """Show an incident's screen; at first only the entries with `words`, at `entry`."""

    async def show_declared(self, inc: str) -> None:
        """Show a new incident's screen in place of the one that declared it."""

    async def open_declaration(self) -> None:
        """Show the screen that declares an incident, ready to be typed into."""


class LatestSize(Screen[R]):
    """A screen that takes only the size that the terminal has now.

    The library sends each new size to itself once more. When a window is dragged, two sizes would
    overtake each other for ever, and the app would do nothing else.
    """

    def __init__(self, **options: Any) -> None:
        """Begin with a drawing that leaves out what nobody sees; `options` are the library's."""
        super().__init__(**options)
        self._compositor = PartialDrawing()

    _was_shown = False

    async def on_event(self, event: Event) -> None:
        """Set nothing up any more once the screen is being taken away, or as long as it is covered.

        Whoever leaves it at once leaves it before it has its widgets.
        """
        if self._pruning and isinstance(event, Mount | Resize | ScreenResume | Show):
            return
        if not (isinstance(event, Resize) and self.is_covered):
            await super().on_event(event)

    @property
    def is_covered(self) -> bool:
        """Say whether a screen in front of this one lets nothing of it through."""
        stack = self.app.screen_stack
        above = stack[stack.index(self) + 1 :] if self in stack else []
        return any(each.styles.background.a == 1 for each in above)

    def _screen_resized(self, size: Size) -> None:
        """Lay out for another size, not for the same one again, and not while it is covered.

        A screen that comes to the front takes the size that the terminal has then.
        """
        if size != self.outer_size and not self.is_covered:
            super()._screen_resized(size)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Leave a new screen the styles that were found for its widgets a moment ago."""
        event.refresh_styles = self._was_shown
        self._was_shown = True

    def _compositor_refresh(self) -> None:
        """Draw only what somebody will see.

        The library also draws what it then throws away, while updates are gathered, and lets a
        covered screen redraw the one in front.
        """
        if self.is_covered:
            self._dirty_widgets.clear()
        elif not cast("Cockpit", self.app).gathers_updates:
            super()._compositor_refresh()

    def was_drawn(self) -> None:
        """Draw the whole screen no second time: it has just been sent."""
        self._repaint_required = False

    async def _on_resize(self, event: Resize) -> None:
        """Leave out a size that is no longer the terminal's."""
        if event.size != self.app.size:
            event.stop()
            event.prevent_default()


class CockpitScreen(LatestSize[R]):
    """A screen that is told of each second and of each change of the database."""

    HELP_CONTEXTS: ClassVar[tuple[str, ...]] = ("app",)
    DEFAULT_CSS = """
    CockpitScreen, CockpitScreen:ansi { background: $ground; color: $text; }
    """

    # The library repaints the whole screen (50 kB at 220×60) whenever the focus moves; the widgets
    # that lose and get it repaint themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    _gathered: ExitStack | None = None

    @property
    def cockpit(self) -> Cockpit:
        """Return the app with the cockpit's own attributes."""
        return cast("Cockpit", self.app)

    @property
    def is_live(self) -> bool:
        """Say whether the screen is in the app, and nobody has begun to take it apart."""
        return self.is_attached and self.display

    def run_worker(self, work: WorkType[T], *args: Any, **options: Any) -> Worker[T]:
        """Do `work` beside the screen for as long as the screen is there to show the result."""
        begun = cast("Coroutine[Any, Any, T]", work() if callable(work) else work)
        guarded = while_live(begun, lambda: self.is_live)
        return close_after(super().run_worker(guarded, *args, **options), begun)

    def wait_for_content(self) -> None:
        """Draw nothing until what the screen is about was read, though not for long."""
        self._gathered = ExitStack()
        self._gathered.enter_context(self.app.batch_update())
        self.set_timer(_LONGEST_WAIT, self.show_content)

    def show_content(self) -> None:
        """Draw the screen: what it is about is there."""
        if self._gathered is not None:
            self._gathered.close()

    def _on_unmount(self) -> None:
        """Let others draw."""
        self.show_content()

    def tick(self, now: datetime) -> None:
        """A second has passed; draw only what it changed."""

    def store_changed(self) -> None:
        """Somebody wrote to the database: this program, another one, or the sync."""

    def store_troubled(self, sentence: str) -> None:
        """Nothing can be recorded now, for that reason, or with an empty one it can again."""
        for line in self.query(TroubleLine):
            line.say(sentence)

    def on_screen_resume(self) -> None:
        """Say what has come to stand in the way while another screen was in front."""
        self.store_troubled(self.cockpit.store_trouble)

    def zone_changed(self) -> None:
        """Times are shown in another zone now."""

    def refuse_reader(self) -> bool:
        """Say before anything is typed that nothing can be written here; False where it can."""
        return False

    def sync_moved(self) -> None:
        """How it stands with the others is new: who is here, when we heard of each other."""

    def tell_error(self, error: CockpitError) -> None:
        """Say in the footer what went wrong."""
        self.cockpit.notice(str(error), "bad")


class CockpitDialog(ModalScreen[R], LatestSize[R]):
    """A dialog over a screen, with the cockpit's app."""

    @property
    def cockpit(self) -> Cockpit:
        """Return the app with the cockpit's own attributes."""
        return cast("Cockpit", self.app)


def screen_contexts(screen: Screen[Any]) -> tuple[str, ...]:
    """Return the contexts of the key table that a screen has."""
    return getattr(screen, "HELP_CONTEXTS", ("app",))
