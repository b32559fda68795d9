"""Exchange everything once, with every workspace that was joined: for the shell."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain.reference import clash_words
from cockpit.domain.remotes import Remote
from cockpit.errors import CockpitError
from cockpit.service.envelopes import find_envelopes
from cockpit.service.secrets import Vault
from cockpit.service.session import Session
from cockpit.service.sync_access import find_secret, open_client


class Exchanged(Struct, frozen=True):
    """What an exchange came to, in events; trouble: why it went no further, empty for nothing."""

    ws: str
    title: str
    received: int = 0
    sent: int = 0
    held: int = 0
    unsent: int = 0
    trouble: str = ""
    hint: str = ""
    skew_ms: int | None = None


class Round(Struct, frozen=True):
    """An exchange with all workspaces, and what became of references on the way."""

    workspaces: tuple[Exchanged, ...]
    renamed: str = ""


def sync_now(session: Session, remotes: Sequence[Remote], vault: Vault) -> Round:
    """Exchange events with each workspace; trouble with one does not keep the others waiting."""
    before = _references(session)
    found = tuple(_exchange(session, remote, vault) for remote in remotes)
    return Round(found, clash_words(before, _references(session)))


def _exchange(session: Session, remote: Remote, vault: Vault) -> Exchanged:
    from cockpit.sync.exchange import Exchange

    remotes, received, sent = session.store.remotes, 0, 0
    trouble = hint = ""
    skew = remote.skew_ms
    try:
        secret = find_secret(vault, remote)
        envelopes = find_envelopes(session, remote, secret)
        client = open_client(session, secret.url, ws=remote.ws, secret=secret)
        try:
            settled = Exchange(remotes, client, envelopes, remote.ws).settle()
        finally:
            client.close()
        received, sent, skew = settled.added, settled.sent, client.skew_ms
    except CockpitError as error:
        trouble, hint = error.message, error.hint
    standing = remotes.standing(remote.ws)
    return Exchanged(
        remote.ws,
        remote.title,
        received,
        sent,
        standing.held,
        standing.unsent,
        trouble,
        hint,
        skew,
    )


def _references(session: Session) -> dict[str, str]:
    return {each.id: each.ref for each in session.reads.summaries()}
