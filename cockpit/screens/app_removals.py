"""Screens and widgets that are taken away leave nothing behind, and end nothing but themselves.

Whoever stops waiting for one to be gone ends the waiting, and nothing else. The library lets a
worker that is cancelled end what it waits for: the work of the screen that is going, and with that
the whole app, without a word. It was enough to open a dialog while another one closed, and to press
a key that replaces the first work by another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeVar, cast

from textual._callback import invoke
from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

R = TypeVar("R")


class PatientRemoval(AwaitRemove):
    """Waits until widgets are gone, and leaves them their own end."""

    parent: DOMNode | None = None

    def __await__(self) -> Generator[None, None, None]:
        """Wait for all but the widget that asks itself."""
        here = asyncio.current_task()
        tasks = [each for each in self._tasks if each is not here]

        async def wait() -> None:
            if tasks:
                await asyncio.wait(tasks)
            # Colours are remembered there by what was drawn with them: a thousand widgets, and all
            # their lines, would stay long after they are gone. To mix them again takes no time.
            StylesCache.get_inner_outer.cache_clear()
            for each in tasks:
                if not each.cancelled() and (error := each.exception()) is not None:
                    raise error
            if self._post_remove is not None:
                await invoke(self._post_remove)
            if self.parent is not None:
                # The list of those that are seen is kept until somebody asks for it anew: under
                # a hidden preview it would hold a thousand widgets that are gone.
                len(self.parent.displayed_children)

        return wait().__await__()


class AppRemovals(App[int]):
    """Takes screens and widgets away; nobody who is cancelled meanwhile takes the app along."""

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        removal = super()._prune(*nodes, parent=parent)
        removal.__class__ = PatientRemoval
        cast("PatientRemoval", removal).parent = parent
        return removal

    def call_next(self, callback: Callable[..., Any], *rest: Any, **options: Any) -> None:
        """Do something after the present message; that others gave up waiting for it is no end."""
        super().call_next(_go_on, callback, *rest, **options)

    async def push_screen_wait(self, screen: Screen[R] | str, **options: Any) -> R | Any:
        """Show a screen and return its result; only from a worker, which may be cancelled.

        What the app has still to do is done first, and not left half done with the worker.
        """
        await asyncio.shield(asyncio.ensure_future(self._flush_next_callbacks()))
        return await super().push_screen_wait(screen, **options)


async def _go_on(callback: Callable[..., Any], *rest: Any, **options: Any) -> None:
    """Call `callback`; it may turn out that whoever shared its outcome has been cancelled."""
    try:
        await invoke(partial(callback, *rest, **options))
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
