"""The exchange with others as the app sees it: it runs beside, tells what is new, and once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.actions import ActionParseResult, parse
from textual.dom import DOMNode
from textual.message import Message

from cockpit.domain.reference import clash_words
from cockpit.domain.sync_state import WorkspaceState
from cockpit.domain.sync_words import skew_words, trouble_words
from cockpit.domain.view import IncidentSummary
from cockpit.screens.app_actions import AppActions
from cockpit.screens.base import CockpitScreen
from cockpit.service.sync_live import LiveSync

WRITES = frozenset(
    {
        *("note", "sent", "promise", "no_news", "tell_waiting", "editor", "undo", "redo"),
        *("status", "stage", "severity", "impact", "role", "area", "close_incident", "component"),
        *("headline", "rename", "suggestions", "rivals", "review", "delete", "star_entry"),
        *("correct_entry", "hide_entry", "move_entry", "tell", "tell_quadrant", "tell_ring"),
        *("edit_stakeholder", "add_stakeholder", "write_update", "correct_sent", "take_over"),
        *("write_section", "adopt_draft", "add_action", "edit_whole", "tick", "given"),
        *("ask", "suppose", "wait", "confirm", "eliminate"),
    }
)
"""Actions that a reader is refused at once: nobody types a sentence for nothing."""


class SyncMoved(Message):
    """Something about the exchange is new: who is here, how it stands."""


class AppSharing(AppActions):
    """Begins the exchange where a workspace was joined, and hands on what is said of it."""

    live: LiveSync
    _sync_posted = False
    _skew_told = False
    _references: dict[str, str] | None = None

    def begin_sharing(self) -> None:
        """Begin to exchange events; nothing is loaded on a machine that shares with nobody."""
        self.live.begin(self._post_moved)

    def sharing_changed(self) -> None:
        """Begin with a workspace that was joined meanwhile, and let new events go out at once."""
        self.live.look()

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do an action, unless it would write where one may only read."""
        name = (parse(action) if isinstance(action, str) else action)[1]
        if name in WRITES:
            for screen in reversed(self.screen_stack):
                if isinstance(screen, CockpitScreen) and screen.refuse_reader():
                    return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_sync_now(self) -> None:
        """Do not wait for the next attempt."""
        if not self.live.state.workspaces:
            self.notice("This cockpit shares incidents with nobody; cockpit sync join begins.")
            return
        before = trouble_words(self.live.state)
        self.live.wake()
        self.notice(f"Trying now. Before: {before}" if before else "Trying now.")

    def on_sync_moved(self) -> None:
        """Let the screens say it; a wrong clock is said once."""
        self._sync_posted = False
        for screen in self.shown_screens():
            screen.sync_moved()
        if not self._skew_told:
            words = next(filter(None, (skew_words(each.skew_ms) for each in self._spaces())), "")
            if words:
                self._skew_told = True
                self.notice(words, "bad")

    def tell_clashes(self, known: Iterable[IncidentSummary]) -> None:
        """Say once what has become of references that two machines had given."""
        if not self.live.state.workspaces:
            return
        after = {each.id: each.ref for each in known}
        before, self._references = self._references, after
        if before is not None and (words := clash_words(before, after)):
            self.notice(words)

    def _spaces(self) -> Iterable[WorkspaceState]:
        return self.live.state.workspaces

    def _post_moved(self) -> None:
        """Wake the app, from any thread; many changes at once wake it once."""
        if not self._sync_posted:
            self._sync_posted = True
            self.post_message(SyncMoved())
