"""The exchange of events while the app runs: beside it, on threads of its own, never in its way."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain.sync_state import SyncState


class LiveSync:
    """How it stands with the others; nothing is loaded before a workspace was joined."""

    def __init__(self) -> None:
        """Begin without workspaces."""
        self.device = ""
        self.state = SyncState()

    def begin(self, moved: Callable[[], object]) -> None:
        """Begin to exchange; `moved` is called from any thread when something is new."""

    def look(self) -> None:
        """Begin with a workspace that was joined meanwhile, end with one that was left."""

    def wake(self) -> None:
        """Do not wait for the next attempt."""

    def tell(self, inc: str, doing: str) -> None:
        """Tell the others what this device does: which incident it looks at, what it writes."""

    def stop(self) -> None:
        """End the exchange."""
