"""The way to the servers of joined workspaces: which one is meant, and what opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.domain.clock import to_ms
from cockpit.domain.nearest import expected
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.errors import InvalidInputError, SyncError
from cockpit.service.secrets import Secret, Vault
from cockpit.service.session import Session

if TYPE_CHECKING:
    from cockpit.sync.client import Client

_ID_DIGITS = 6
"""Hex digits of a workspace's id that a person must give at least."""

NOT_SHARED = "This cockpit shares incidents with nobody."
HOW_TO_JOIN = "Join a workspace with an invite: cockpit sync join"


def joined(session: Session) -> tuple[Remote, ...]:
    """Return the workspaces that were joined, by title."""
    return session.store.remotes.joined() if session.reads.places.shares() else ()


def pick_workspace(session: Session, name: str | None) -> Remote:
    """Return the workspace of that title or id, or the only one there is.

    Without a name the only workspace of a team wins over those of private incidents.
    Raises InvalidInputError when none is meant, or more than one could be.
    """
    remotes = joined(session)
    if not remotes:
        raise InvalidInputError(NOT_SHARED, HOW_TO_JOIN)
    if name is not None and name.strip():
        return _pick_named(remotes, name.strip())
    teams = [each for each in remotes if not each.private and not each.inc]
    for found in (remotes, teams):
        if len(found) == 1:
            return found[0]
    raise InvalidInputError("More than one workspace was joined; name one.", _listed(remotes))


def _pick_named(remotes: Sequence[Remote], name: str) -> Remote:
    word = name.casefold()
    exact = [each for each in remotes if word in (each.title.casefold(), each.ws)]
    begun = [each for each in remotes if len(word) >= _ID_DIGITS and each.ws.startswith(word)]
    found = exact or begun
    if len(found) > 1:
        raise InvalidInputError(f"More than one workspace is called “{name}”.", _listed(remotes))
    if not found:
        raise expected("a workspace", name, [each.title or each.ws for each in remotes])
    return found[0]


def _listed(remotes: Sequence[Remote]) -> str:
    return "Joined: " + "; ".join(f"{each.title} ({each.ws[:8]})" for each in remotes) + "."


def find_secret(vault: Vault, remote: Remote) -> Secret:
    """Return what opens a workspace; raises SyncError where it is not here any longer."""
    secret = vault.load(remote.ws)
    if secret is None:
        raise SyncError(
            f"The token for “{remote.title}” is not on this machine.",
            "Ask for a new invite and join again; nothing that was written is lost.",
        )
    if secret.url != remote.url:
        raise SyncError(
            f"The database names another server for “{remote.title}” than the token is for.",
            "The token goes nowhere else. Ask for a new invite and join again.",
        )
    return secret


def open_client(
    session: Session, url: str, *, ws: str = "", secret: Secret | None = None
) -> Client:
    """Return a client for the server at `url`; nothing is sent yet.

    Raises InvalidInputError for an address to which a token must not go.
    """
    from cockpit.sync.client import Client
    from cockpit.sync.transport import Transport

    config = session.config
    transport = Transport(url, proxy=config.proxy, ca_file=config.ca_file)
    token = secret.token if secret else ""
    return Client(transport, now_ms=lambda: to_ms(session.clock()), ws=ws, token=token)


def open_member_client(session: Session, remote: Remote, vault: Vault) -> Client:
    """Return a client that speaks for the member of a workspace that was joined."""
    secret = find_secret(vault, remote)
    return open_client(session, secret.url, ws=remote.ws, secret=secret)


def require_owner(remote: Remote, what: str) -> None:
    """Raise SyncError for anybody but an owner, before the server is asked."""
    if remote.role is not Role.OWNER:
        raise SyncError(
            f"As {remote.role.value} of “{remote.title}” one may not {what}.",
            "Ask an owner; cockpit sync members lists them.",
        )
