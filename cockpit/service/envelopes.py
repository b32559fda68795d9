"""Which form the events of a workspace travel in, with the keys that this machine holds."""

from __future__ import annotations

from functools import cached_property

from cockpit.domain.remotes import Remote
from cockpit.service.secrets import Secret, Vault, open_vault
from cockpit.service.session import Session
from cockpit.sync.keys import WorkspaceKeys
from cockpit.sync.sealing import Envelopes, OpenEnvelopes, SealedEnvelopes


def find_envelopes(session: Session, remote: Remote, secret: Secret | None) -> Envelopes:
    """Return how a workspace's events stand on the wire.

    Raises SyncError for an encrypted workspace whose key is lost, or without what encrypts.
    """
    if not remote.sealed:
        return OpenEnvelopes()
    keys = WorkspaceKeys.read(secret.key if secret else "")
    return SealedEnvelopes(keys, lambda count: bytes.fromhex(session.random_hex(count)))


class JoinedSeals:
    """What encrypts the incidents of the encrypted workspaces that were joined here."""

    def __init__(self, session: Session, vault: Vault | None = None) -> None:
        """Look for the keys in `vault`, that of the session's home by default."""
        self._session = session
        self._vault = vault or open_vault(session.paths)
        self._open: dict[str, Envelopes] = {}
        self._by_key: dict[str, Envelopes | None] = {}

    def of_incident(self, inc: str) -> Envelopes | None:
        """Return what seals an incident's events, None where they stand in the open.

        Raises SyncError when the key is lost: then they must not go out at all.
        """
        ws = self._places.get(inc, "")
        return self._envelopes(ws) if ws in self._sealed else None

    def of_key(self, kid: str) -> Envelopes | None:
        """Return what opens events that were sealed with a key, None where it is not here."""
        if kid not in self._by_key:
            self._by_key[kid] = self._find(kid)
        return self._by_key[kid]

    def _find(self, kid: str) -> Envelopes | None:
        for ws in self._sealed:
            secret = self._vault.load(ws)
            if secret and WorkspaceKeys.read(secret.key).find(kid):
                return self._envelopes(ws)
        return None

    def _envelopes(self, ws: str) -> Envelopes:
        if ws not in self._open:
            secret = self._vault.load(ws)
            self._open[ws] = find_envelopes(self._session, self._sealed[ws], secret)
        return self._open[ws]

    @cached_property
    def _sealed(self) -> dict[str, Remote]:
        remotes = self._session.store.remotes.joined()
        return {remote.ws: remote for remote in remotes if remote.sealed}

    @cached_property
    def _places(self) -> dict[str, str]:
        return self._session.store.remotes.places()
