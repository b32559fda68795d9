"""What a cockpit keeps of the workspaces that it shares, and what travels to and from them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.envelope import Op
from cockpit.domain.wire import START, Role


class Remote(Struct, frozen=True):
    """A workspace that this cockpit joined; times in Unix ms, 0 for never.

    url: the server's address; member: one's own name there; inc: a guest's only incident;
    private: of one private incident, so that no new one goes there by itself; kid: the key of an
    encrypted one; cursor: up to where its history is here; skew_ms: this clock minus the server's.
    """

    ws: str
    url: str
    server_id: str
    title: str
    member: str
    role: Role
    inc: str = ""
    private: bool = False
    sealed: bool = False
    kid: str = ""
    cursor: str = START
    skew_ms: int | None = None
    joined_at: int = 0
    synced_at: int = 0


class Unsent(Struct, frozen=True):
    """An event that its server has not shown us yet; n: its place in this database."""

    n: int
    op: Op


class Arrival(Struct, frozen=True, gc=False):
    """An event of a page: its place in the server's order, and when the server got it in ms.

    relayed_by: who brought it, None for its author; op: None where its content was purged, or
    could not be read: then `fault` is a code for programs and `words` say why.
    """

    seq: int
    at: int
    relayed_by: str | None
    id: str
    op: Op | None = None
    fault: str = ""
    words: str = ""


class Outcome(StrEnum):
    """What became of a page."""

    TAKEN = "taken"
    STALE = "stale"
    """Another process had taken in a page meanwhile: nothing was done."""

    DIFFERS = "differs"
    """The server's history is another one than the one that is here: nothing was done."""


class Intake(Struct, frozen=True):
    """What taking in a page came to: events that were new here, and own ones confirmed."""

    outcome: Outcome
    added: int = 0
    confirmed: int = 0


class Held(Struct, frozen=True):
    """An event set aside in sight: the server will not take it, or it cannot be read here.

    code: for programs; words: for people; at: since when in Unix ms; outgoing: it was written
    here.
    """

    id: str
    ws: str
    code: str
    words: str
    at: int = 0
    outgoing: bool = True


class Standing(Struct, frozen=True):
    """How many events of a workspace are not sent yet, and how many are set aside."""

    unsent: int = 0
    held: int = 0
