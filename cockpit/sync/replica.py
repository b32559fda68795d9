"""What the exchange of events needs of the database: given to it, so that it knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cockpit.domain.remotes import Arrival, Held, Intake, Remote, Standing, Unsent


class Replica(Protocol):
    """The events that are here, and how far each workspace's history is; belongs to one thread."""

    def joined(self) -> tuple[Remote, ...]:
        """Return all workspaces."""

    def find(self, ws: str) -> Remote | None:
        """Return one workspace, None when it was never joined or was left."""

    def unsent(self, ws: str, *, after_n: int = 0, limit: int) -> tuple[Unsent, ...]:
        """Return at most `limit` events numbered above `after_n` that the server has not shown."""

    def take_in(self, ws: str, since: str, rows: Sequence[Arrival], cursor: str) -> Intake:
        """Take in a page that was asked with `since`, and the cursor after it; all or nothing."""

    def note_contact(self, ws: str, skew_ms: int | None) -> None:
        """Note that events were exchanged now, and the clocks' difference as `note_skew` does."""

    def note_skew(self, ws: str, skew_ms: int | None) -> None:
        """Note this machine's clock minus the server's, None where it was not measured."""

    def rewind(self, ws: str) -> None:
        """Begin anew with a server that lost a part of its history; no event is touched."""

    def hold(self, ws: str, op_id: str, code: str, words: str) -> None:
        """Set an event aside that the server will not take; it stays here, in sight."""

    def held(self, ws: str = "") -> tuple[Held, ...]:
        """Return what is set aside, of one workspace or of all."""

    def standing(self, ws: str) -> Standing:
        """Return how many events are not sent yet, and how many are set aside."""

    def data_version(self) -> int:
        """Return a number that changes when another connection wrote."""
