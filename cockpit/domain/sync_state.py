"""How it stands with the exchange of events, as one quiet line says it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.wire import Presence, Role


class Contact(StrEnum):
    """What the last attempt came to."""

    NEVER = "never"
    """Nothing was tried yet."""

    SYNCED = "synced"
    OFFLINE = "offline"
    """No server answered; it is tried again by itself."""

    REFUSED = "refused"
    """The server will not have us (revoked, role, too old): a person has to act."""

    TROUBLED = "troubled"
    """The server answers with errors; it is tried again by itself."""


class WorkspaceState(Struct, frozen=True):
    """One workspace: times in Unix ms, 0 for never.

    unsent: events that the server has not shown us yet; held: events that it will not take, kept
    here in sight; words: what a person has to do, empty for nothing; skew_ms: this clock minus
    the server's, None if never measured.
    """

    ws: str
    title: str
    url: str
    member: str
    role: Role
    inc: str = ""
    sealed: bool = False
    contact: Contact = Contact.NEVER
    synced_at: int = 0
    since: int = 0
    next_try_at: int = 0
    unsent: int = 0
    held: int = 0
    skew_ms: int | None = None
    words: str = ""
    here: tuple[Presence, ...] = ()


class SyncState(Struct, frozen=True):
    """All workspaces of this machine, none when it is not shared with anybody."""

    workspaces: tuple[WorkspaceState, ...] = ()
