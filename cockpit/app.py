"""The full-screen app: it opens the database, keeps the screens, and never leaves a mess behind."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, ClassVar

from rich.text import Text
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen

from cockpit import clipboard
from cockpit.config import Config, find_zone
from cockpit.domain.playbook import Playbook
from cockpit.errors import ReadOnlyError
from cockpit.keymap import Rebound, check_rebinding, library_keymap
from cockpit.paths import Paths
from cockpit.screens.app_alarms import AppAlarms
from cockpit.screens.base import LatestSize
from cockpit.screens.home import HomeScreen
from cockpit.screens.too_small import TooSmallScreen, is_too_small
from cockpit.screens.typed_ahead import TypedAhead
from cockpit.service.drafts import DraftKeeper
from cockpit.service.endings import Endings, fatal_page
from cockpit.service.runner import Runner
from cockpit.service.session import Clock, open_session, wall_clock
from cockpit.service.sync_live import LiveSync
from cockpit.streams import drop_stream
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.control_filter import ControlFilter
from cockpit.widgets.footer_line import FooterLine
from cockpit.widgets.marks import PLAIN_BORDERS, choose_marks
from cockpit.widgets.terminal_frame import TerminalFrame
from cockpit.widgets.themes import OWN_GROUNDS, cockpit_themes, colours

_START_SECONDS = 2
_CYCLES = 2_000
"""So many objects more than freed make Python look for cycles.

With the measure that is right for commands the app holds 40 MB more, and stops for a third of a
second now and then.
"""


class StoreChanged(Message):
    """Somebody wrote to the database."""


class StoreTroubled(Message):
    """The database cannot be read, with a sentence, or can be again, with none."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence."""
        super().__init__()
        self.sentence = sentence


class EndWanted(Message):
    """A signal asks the app to end."""

    def __init__(self, code: int) -> None:
        """Keep the exit code."""
        super().__init__()
        self.code = code


class CockpitApp(TypedAhead, AppAlarms):
    """Home, and whatever is opened from there."""

    TITLE = "Incident Cockpit"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("app")
    CSS = PLAIN_BORDERS + OWN_GROUNDS

    def __init__(
        self,
        paths: Paths,
        config: Config,
        runner: Runner,
        drafts: DraftKeeper,
        playbook: Playbook,
        *,
        incident: str = "",
        clock: Clock = wall_clock,
        live: LiveSync | None = None,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what is open already; `incident` is the id of the one to show first.

        settled: called once the first screen has had time to show all that it shows.
        """
        self._control_filter = ControlFilter()
        self._frame = TerminalFrame()
        self.marks = choose_marks(plain=config.ascii)
        super().__init__()
        # The footer says what happens: the library's own notes would be two more widgets a screen.
        self._disable_tooltips = self._disable_notifications = True
        self.set_class(config.ascii, "-plain")
        self.paths = paths
        self.config = config
        self.runner = runner
        self.drafts = drafts
        self.playbook = playbook
        self.clock = clock
        self.live = live or LiveSync()
        self.rebound: Rebound = check_rebinding(config.keys)
        self.zone: tzinfo = find_zone(config.zone)
        self.store_trouble = ""
        self._first_incident = incident
        self._settled = settled
        for theme in cockpit_themes():
            self.register_theme(theme)
        self.theme = self._first_theme()
        self.set_keymap(library_keymap(self.rebound))

    # Start

    def get_default_screen(self) -> Screen[Any]:
        """Return home, which waits where an incident is shown first."""
        return HomeScreen(waits=bool(self._first_incident))

    def get_driver_class(self) -> type[Driver]:
        """Return the door to the terminal: ours in place of the usual one."""
        usual = super().get_driver_class()
        if usual.__module__ != "textual.drivers.linux_driver":
            return usual
        from cockpit.widgets.terminal_driver import TerminalDriver

        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our colour names, for themes that do not have them."""
        return colours("night")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of drawn text; ours drops control characters."""
        return [*super().get_line_filters(), self._control_filter]

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send to the terminal only what differs from what it shows."""
        if isinstance(renderable, LayoutUpdate) and isinstance(screen, LatestSize):
            screen.was_drawn()
        if isinstance(renderable, CompositorUpdate):
            renderable = self._frame.reduce(renderable)
        super()._display(screen, renderable)

    @property
    def gathers_updates(self) -> bool:
        """Say whether nothing is drawn now: what changes is gathered."""
        return self._batch_count > 0

    def on_mount(self) -> None:
        """Start to listen and to count."""
        self.runner.watch(
            lambda: self.post_message(StoreChanged()),
            lambda sentence: self.post_message(StoreTroubled(sentence)),
        )
        # A shell or another program had the terminal: what was drawn before is no longer there.
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh(), immediate=True)
        self.set_interval(1, self._tick)
        self.set_timer(_START_SECONDS, self._settled)
        self.begin_alarms()
        self.begin_sharing()
        if self._first_incident:
            self.open_incident(self._first_incident)

    def _first_theme(self) -> str:
        if self.config.theme != "auto":
            return self.config.theme
        return "sixteen" if self.console.color_system == "standard" else "night"

    # What screens ask for

    def notice(self, text: str, level: str = "info") -> None:
        """Say in the footer what happened; level: "info" or "bad"."""
        for screen in reversed(self.screen_stack):
            for footer in screen.query(FooterLine):
                footer.show_notice(text, level)
                return

    def notify(self, message: str, **options: Any) -> None:
        """Say it in the footer: the library's own notes would read markup in it."""
        self.notice(message, "info" if options.get("severity") != "error" else "bad")

    async def copy_text(self, text: str) -> clipboard.CopyResult:
        """Copy to the clipboard in a thread; says by which route."""
        copy = partial(
            clipboard.copy,
            text,
            environ=os.environ,
            config=self.config,
            last_update=self.paths.last_update,
            write_terminal=self.write_terminal,
        )
        return await asyncio.to_thread(copy)

    def open_incident(self, inc: str, words: str = "", entry: str = "") -> None:
        """Show an incident's screen; at first only the entries with `words`, at `entry`."""
        self.push_screen(_incident_screen(inc, words, entry))

    async def open_declaration(self) -> None:
        """Show the screen that declares an incident, ready to be typed into."""
        from cockpit.screens.declare import DeclareScreen

        if self.config.readonly:
            self.notice(str(ReadOnlyError()), "bad")
            return
        await self.push_screen(DeclareScreen())

    async def show_declared(self, inc: str) -> None:
        """Show a new incident's screen in place of the one that declared it."""
        await self.switch_screen(_incident_screen(inc))

    # What happens

    def _tick(self) -> None:
        now = self.clock()
        for screen in self.shown_screens():
            screen.tick(now)
        self.watch_promises(now)

    def on_store_changed(self) -> None:
        """Let the screens read again."""
        for screen in self.shown_screens():
            screen.store_changed()
        self.learn_promises()
        self.sharing_changed()

    def on_store_troubled(self, message: StoreTroubled) -> None:
        """Say that nothing can be recorded, or that it can again."""
        self.store_trouble = message.sentence
        for screen in self.shown_screens():
            screen.store_troubled(message.sentence)
        self.notice(
            message.sentence or "The cockpit is recording again.",
            "bad" if message.sentence else "info",
        )

    def on_end_wanted(self, message: EndWanted) -> None:
        """End in order; drafts are stored already."""
        self.exit(message.code, return_code=message.code)

    def on_resize(self) -> None:
        """Cover everything with a notice while the terminal is too small."""
        self.call_later(self._fit)

    async def _fit(self) -> None:
        covered = isinstance(self.screen, TooSmallScreen)
        if is_too_small(self.size) and not covered:
            await self.push_screen(TooSmallScreen())
        elif covered and not is_too_small(self.size):
            await self.pop_screen()

    # The end

    def _fatal_error(self) -> None:
        """Leave with a plain sentence; where it happened stands in a private file, without values.

        The library's own page prints local variables, and so whatever people typed.
        """
        error = sys.exc_info()[1] or self._exception
        page = fatal_page(self.paths, error, self.clock(), self.store_trouble)
        self._exit_renderables[:] = [Text(page)]
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print that page; a long path stays in one piece, so that it can be copied."""
        for page in self._exit_renderables[:1]:
            self.error_console.print(page, soft_wrap=True)
        self._exit_renderables.clear()


def _incident_screen(inc: str, words: str = "", entry: str = "") -> Screen[Any]:
    from cockpit.screens.incident import IncidentScreen

    screen: Screen[Any] = IncidentScreen(inc, words, entry)
    return screen


def _look_for_cycles() -> None:
    """Let Python look for cycles again, from now on only in what is made from now on."""
    gc.freeze()
    gc.set_threshold(_CYCLES, *gc.get_threshold()[1:])
    gc.enable()


def _write_end(sequence: str) -> None:
    """Write a control sequence once the app has given the terminal back, if there still is one."""
    terminal = sys.__stderr__
    if terminal is None:
        return
    try:
        terminal.write(sequence)
        terminal.flush()
    except OSError:
        drop_stream(terminal)


def run_app(
    paths: Paths, config: Config, *, incident: str | None = None, clock: Clock = wall_clock
) -> int:
    """Run the app until somebody quits; return the exit code.

    incident: the id of an incident to show at once. Raises CockpitError when the database or the
    playbook cannot be read; then the terminal was not touched.
    """
    if not os.environ.get("NO_COLOR", "set"):
        del os.environ["NO_COLOR"]
    runner = Runner()
    runner.start(lambda: open_session(paths, config, clock=clock))
    drafts = DraftKeeper(runner.read(lambda session: session.drafts).result())
    endings = Endings(drafts.flush)
    live = LiveSync()
    if not config.readonly:
        live = LiveSync(runner, lambda: open_session(paths, config, clock=clock), clock=clock)
    try:
        playbook = runner.read(lambda session: session.playbook).result()
        app = CockpitApp(
            paths,
            config,
            runner,
            drafts,
            playbook,
            incident=incident or "",
            clock=clock,
            live=live,
            settled=_look_for_cycles,
        )
        drafts.start()
        endings.install(lambda code: app.post_message(EndWanted(code)), app.title_leftover)
        app.run(mouse=config.mouse)
        _write_end(app.title_leftover())
        return endings.code or app.return_code or 0
    finally:
        runner.stop()
        live.stop()
        drafts.stop()
        endings.done()
