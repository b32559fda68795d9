"""A pane whose parts are made once somebody comes there."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget


class LateParts(Vertical):
    """Makes its parts at once, or when it is first seen: many are opened for another pane."""

    EARLY: ClassVar[frozenset[str]] = frozenset()
    """Actions that are heard before the parts are there."""

    def __init__(self, *, waits: bool = False, **options: Any) -> None:
        """Make an empty pane; `options` are the widget's own (id, classes).

        waits: the parts are made by `open`, which whoever needs them awaits, and not before.
        """
        super().__init__(**options)
        self._waits = waits
        self._opening = asyncio.Lock()

    @abstractmethod
    def parts(self) -> Iterator[Widget]:
        """Make the parts."""

    def compose(self) -> ComposeResult:
        """Make the parts, unless they are to wait."""
        if not self._waits:
            yield from self.parts()

    @property
    def is_open(self) -> bool:
        """Say whether the parts are there."""
        return not self._waits

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave actions alone whose parts are not there yet."""
        if self._waits and action not in self.EARLY:
            return False
        return super().check_action(action, parameters)

    async def open(self) -> None:
        """Make the parts where they have waited."""
        async with self._opening:
            if self._waits:
                self._waits = False
                await self.mount_all(self.parts())
