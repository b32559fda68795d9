"""The keys of an encrypted workspace on this machine: which there are, a new one, others' ones."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain.clock import to_ms
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.errors import InvalidInputError, ReadOnlyError, SyncError
from cockpit.service.secrets import Vault
from cockpit.service.session import Session
from cockpit.service.sync_access import find_secret
from cockpit.sync.keys import WorkspaceKeys, key_id, make_key


def list_keys(remote: Remote, vault: Vault) -> tuple[str, ...]:
    """Return the ids of a workspace's keys, the one that seals first."""
    return tuple(key_id(key) for key in _read(remote, vault).keys)


def renew_key(session: Session, remote: Remote, vault: Vault) -> str:
    """Seal with a new key from now on; return all keys as a text for the other members.

    Raises SyncError for a member who is no owner, or where the old keys are lost.
    """
    if remote.role is not Role.OWNER:
        raise SyncError(f"Only an owner of “{remote.title}” makes a new key for it.")
    keys = _read(remote, vault)
    made = keys.rotated(make_key(lambda count: bytes.fromhex(session.random_hex(count))))
    _keep(session, remote, vault, made)
    return made.write()


def add_keys(session: Session, remote: Remote, vault: Vault, text: str) -> int:
    """Take in keys that a member passed on, the newest first; return how many are new here.

    What could not be read for want of a key is asked for again. Raises InvalidInputError for a
    text that was not copied whole.
    """
    given = WorkspaceKeys.read(text)
    if not given.keys:
        raise InvalidInputError("There is no key in that.", "cockpit sync key new printed it.")
    before = _read(remote, vault, lost_is_fine=True)
    keys = before.joined(given)
    _keep(session, remote, vault, keys)
    session.store.remotes.release(remote.ws)
    return len(keys.keys) - len(before.keys)


def _read(remote: Remote, vault: Vault, *, lost_is_fine: bool = False) -> WorkspaceKeys:
    if not remote.sealed:
        raise InvalidInputError(
            f"“{remote.title}” is not encrypted.",
            "cockpit sync create --encrypted makes a workspace that is.",
        )
    keys = WorkspaceKeys.read(find_secret(vault, remote).key)
    if not keys.keys and not lost_is_fine:
        from cockpit.sync.sealing import lost_key

        raise lost_key()
    return keys


def _keep(session: Session, remote: Remote, vault: Vault, keys: WorkspaceKeys) -> None:
    """Keep the keys; `joined_at` moves, so that an exchange that runs begins anew with them."""
    if session.readonly:
        raise ReadOnlyError
    vault.renew(remote.ws, replace(find_secret(vault, remote), key=keys.write()))
    now = max(to_ms(session.clock()), remote.joined_at + 1)
    session.store.remotes.put(replace(remote, kid=keys.current, joined_at=now))
