"""What works on every screen: help, palette, colours, the zone of times."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from cockpit.config import Config, find_zone
from cockpit.keymap import Rebound, find_key
from cockpit.screens.app_work import AppWork
from cockpit.screens.base import CockpitScreen
from cockpit.service.drafts import DraftKeeper


def has_job_control() -> bool:
    """Say whether our parent is a shell that runs us as a job of its own."""
    parent = os.getppid()
    try:
        same_session = os.getsid(parent) == os.getsid(0)
        return same_session and os.getpgid(parent) != os.getpgrp()
    except (AttributeError, OSError):
        return False


class AppActions(AppWork):
    """The app's own actions of the key table."""

    config: Config
    drafts: DraftKeeper
    rebound: Rebound
    zone: tzinfo
    clock: Callable[[], datetime]

    def shown_screens(self) -> list[CockpitScreen[Any]]:
        """Return the screen in front, and under a dialog the one behind it."""
        shown: list[CockpitScreen[Any]] = []
        for screen in reversed(self.screen_stack):
            if isinstance(screen, CockpitScreen) and screen.is_mounted and screen.is_live:
                shown.append(screen)
            if not screen.is_modal:
                break
        return shown

    def action_help(self) -> None:
        """Show the keys of this screen."""
        from cockpit.screens.help import HelpScreen

        self.push_screen(HelpScreen(getattr(self.screen, "HELP_CONTEXTS", ("app",))))

    def action_palette(self) -> None:
        """Show every action of this screen."""
        from cockpit.screens.palette import PaletteScreen, commands_for

        commands = commands_for(self, self.rebound, ascii_only=self.config.ascii)
        self.push_screen(PaletteScreen(commands), self._run_command)

    async def _run_command(self, identity: str | None) -> None:
        from cockpit.screens.palette import action_text, find_node

        key = find_key(identity) if identity else None
        node = find_node(self, key) if key else None
        if key is not None and node is not None:
            await self.run_action(action_text(key), node)

    def action_zone(self) -> None:
        """Show times in UTC or in the local zone."""
        own = find_zone(self.config.zone)
        other = find_zone("local" if self.config.zone == "UTC" else "UTC")
        self.zone = other if self.zone == own else own
        for screen in self.shown_screens():
            screen.zone_changed()
        self.notice(f"Times are shown in {self.clock().astimezone(self.zone):%Z}.")

    def action_theme(self, name: str) -> None:
        """Take other colours."""
        self.theme = name

    def action_suspend(self) -> None:
        """Put the app aside for the shell; refused where no shell could bring it back."""
        if not has_job_control():
            self.notice("No shell here could bring the cockpit back; it stays.")
            return
        # Once stopped, no thread of ours stores anything any longer.
        self.drafts.flush()
        self.action_suspend_process()

    def action_redraw(self) -> None:
        """Draw the whole screen again."""
        self.screen.refresh(layout=True)

    def action_help_quit(self) -> None:
        """Say how to quit to somebody who pressed ctrl+c."""
        self.notice("ctrl+q quits; all is saved.")
