"""How it stands with shared workspaces, as far as this machine knows by itself."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from msgspec import Struct

from cockpit.domain.clock import from_ms
from cockpit.domain.nearest import expected
from cockpit.domain.remotes import Held
from cockpit.domain.wire import Role
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.sync_access import joined

_UNTIL = "Until then they stay on this machine."


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


def known_skew(session: Session, inc: str) -> int | None:
    """Return this clock minus that of the server which has an incident, in ms; None: not known."""
    ws = session.reads.places.of(inc)
    remote = session.store.remotes.find(ws) if ws else None
    return remote.skew_ms if remote is not None else None


def share_words(session: Session) -> str:
    """Return where incidents that begin now are shared, in words; empty while nothing is joined.

    Raises InvalidInputError where the setting `share` names no workspace that they can go to.
    """
    wish, remotes = session.store.share, joined(session)
    own = [each for each in remotes if each.role in (Role.OWNER, Role.EDITOR) and not each.inc]
    if not remotes or wish == "":
        return "new incidents stay on this machine" if remotes else ""
    if wish is None:
        found = [each for each in own if not each.private]
    else:
        found = [each for each in own if wish.casefold() in (each.title.casefold(), each.ws)]
    names = [each.title for each in own]
    if len(found) == 1:
        return f"new incidents go to “{found[0].title}”"
    if wish is None:
        why = f": the setting share names none of {', '.join(names)}" if names else ""
        return f"new incidents stay on this machine{why}"
    if found:
        why = f"More than one workspace is called “{wish}”."
        raise InvalidInputError(why, f"Name it in the setting share by its id. {_UNTIL}")
    error = expected("a workspace for new incidents", wish, names)
    raise InvalidInputError(error.message, f"Correct the setting share. {_UNTIL}")
