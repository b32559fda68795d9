"""How it stands with shared workspaces, as far as this machine knows by itself."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from msgspec import Struct

from cockpit.domain.clock import from_ms
from cockpit.domain.remotes import Held
from cockpit.domain.wire import Role
from cockpit.service.session import Session
from cockpit.service.sync_access import joined


class Standing(Struct, frozen=True):
    """One workspace: where it is, who one is there, and what waits.

    synced_at: when the server answered last, None for never; unsent: events that it has not shown
    yet; held: what is set aside, the server will not take it or it cannot be read; skew_ms: this
    clock minus the server's; incidents: how many are shared in it here.
    """

    ws: str
    title: str
    url: str
    member: str
    role: Role
    guest_of: str
    private: bool
    encrypted: bool
    synced_at: datetime | None
    unsent: int
    held: tuple[Held, ...]
    skew_ms: int | None
    incidents: int


def list_standings(session: Session) -> tuple[Standing, ...]:
    """Return how it stands with every workspace; no server is asked."""
    remotes = joined(session)
    if not remotes:
        return ()
    keeper = session.store.remotes
    shared = Counter(keeper.places().values())
    return tuple(
        Standing(
            ws=each.ws,
            title=each.title,
            url=each.url,
            member=each.member,
            role=each.role,
            guest_of=each.inc,
            private=each.private,
            encrypted=each.sealed,
            synced_at=from_ms(each.synced_at) if each.synced_at else None,
            unsent=keeper.standing(each.ws).unsent,
            held=keeper.held(each.ws),
            skew_ms=each.skew_ms,
            incidents=shared[each.ws],
        )
        for each in remotes
    )
