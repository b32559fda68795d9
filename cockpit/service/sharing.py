"""Sharing: join a workspace, make one, share incidents in it, leave it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from cockpit.domain.clock import to_ms
from cockpit.domain.remotes import Remote
from cockpit.domain.view import IncidentSummary
from cockpit.domain.visible import clean_input
from cockpit.domain.wire import Join, Joined, NewWorkspace, Role
from cockpit.errors import CockpitError, InvalidInputError, ReadOnlyError, SyncError
from cockpit.service.secrets import NoPlaceError, Secret, Vault
from cockpit.service.session import Session
from cockpit.service.sync_access import joined, open_client, open_member_client
from cockpit.service.sync_members import revoke_own

if TYPE_CHECKING:
    from cockpit.sync.keys import WorkspaceKeys

MOST_NAME = 64


class Joining(Struct, frozen=True):
    """A workspace that was joined or made, and where its token is kept, in words."""

    remote: Remote
    kept: str


class Shared(Struct, frozen=True):
    """What sharing came to: references and events that go out, and what stayed out on purpose.

    private, drills: how many of those stayed here because nobody named them.
    """

    refs: tuple[str, ...] = ()
    events: int = 0
    private: int = 0
    drills: int = 0


def join(
    session: Session, address: str, name: str, vault: Vault, *, in_file: bool = False
) -> Joining:
    """Join the workspace that an invite's address opens, as `name`.

    The invite is used up only when the token can be kept: in the keyring or, with `in_file`, in
    a private file. Raises NoPlaceError otherwise, and SyncError when the server refuses.
    """
    from cockpit.sync.address import parse_invite
    from cockpit.sync.keys import WorkspaceKeys

    check_writable(session)
    invite = parse_invite(address)
    keys = WorkspaceKeys.read(invite.keys)
    member = check_name(name)
    if keys.keys:
        _check_encryption(session, keys)
    _check_place(session, vault, in_file=in_file)
    client = open_client(session, invite.url)
    try:
        client.hello()
        answer = client.join(Join(invite.code, member, session.store.device))
    finally:
        client.close()
    if answer.sealed:
        keys = WorkspaceKeys.read(_known_keys(vault, answer.ws)).joined(keys)
    joining = _keep(session, vault, invite.url, answer, keys, in_file=in_file)
    # What could not be read for want of a key is asked for again.
    session.store.remotes.release(answer.ws)
    return joining


def create(
    session: Session,
    beside: Remote,
    title: str,
    vault: Vault,
    *,
    sealed: bool = False,
    private: bool = False,
    in_file: bool = False,
) -> Joining:
    """Make another workspace on the server of `beside`, and own it.

    sealed: encrypted end to end, with a key made here that only invites carry; private: of one
    incident, so that no new one goes there by itself.
    """
    from cockpit.sync.keys import WorkspaceKeys, make_key

    check_writable(session)
    words = " ".join(clean_input(title).split())
    if not words:
        raise InvalidInputError("A workspace needs a title.", "Such as the team's name.")
    keys = WorkspaceKeys()
    if sealed:
        keys = WorkspaceKeys((make_key(lambda count: bytes.fromhex(session.random_hex(count))),))
        _check_encryption(session, keys)
    _check_place(session, vault, in_file=in_file)
    client = open_member_client(session, beside, vault)
    try:
        wish = NewWorkspace(words, beside.member, session.store.device, sealed, private)
        answer = client.create(wish)
    finally:
        client.close()
    return _keep(session, vault, beside.url, answer, keys, in_file=in_file)


def share(session: Session, incs: Iterable[str], remote: Remote) -> Shared:
    """Share these incidents in a workspace, with all that was written in them.

    Raises InvalidInputError for one that is shared elsewhere, and SyncError for a reader.
    """
    check_writable(session)
    if remote.role in (Role.READER, Role.GUEST):
        raise SyncError(
            f"As {remote.role.value} of “{remote.title}” one may not share incidents there.",
            "An owner can invite you as an editor.",
        )
    refs, events = [], 0
    for inc in dict.fromkeys(incs):
        events += session.store.remotes.share(inc, remote.ws)
        refs.append(session.reads.view(inc).ref)
    return Shared(tuple(refs), events)


def share_all(session: Session, remote: Remote) -> Shared:
    """Share everything that is shared nowhere yet, but private incidents and drills."""
    places = session.store.remotes.places()
    alone = [each for each in session.reads.summaries() if each.id not in places]
    chosen = [each.id for each in alone if not (each.private or each.drill)]
    shared = share(session, chosen, remote)
    return Shared(
        shared.refs,
        shared.events,
        sum(each.private for each in alone),
        sum(each.drill and not each.private for each in alone),
    )


def share_apart(
    session: Session,
    inc: str,
    beside: Remote,
    vault: Vault,
    *,
    sealed: bool = False,
    in_file: bool = False,
) -> Joining:
    """Share one incident in a workspace of its own: only who is invited there hears of it.

    The server learns the incident's reference, not its title.
    """
    place = session.reads.places.of(inc)
    if any(each.ws == place for each in joined(session)):
        raise InvalidInputError(
            "This incident is shared already.", "An incident is in one workspace only."
        )
    title = session.reads.view(inc).ref
    made = create(session, beside, title, vault, sealed=sealed, private=True, in_file=in_file)
    session.store.remotes.share(inc, made.remote.ws)
    return made


def leave(session: Session, remote: Remote, vault: Vault) -> bool:
    """Leave a workspace: its incidents stay here; say whether the server was told.

    Without the server's answer the token is forgotten here all the same.
    """
    check_writable(session)
    told = False
    with suppress(CockpitError):
        client = open_member_client(session, remote, vault)
        try:
            revoke_own(client, session, remote)
            told = True
        finally:
            client.close()
    session.store.remotes.forget(remote.ws)
    vault.forget(remote.ws)
    return told


def list_unshared(session: Session) -> Sequence[IncidentSummary]:
    """Return the incidents that are shared nowhere."""
    places = session.store.remotes.places()
    return [each for each in session.reads.summaries() if each.id not in places]


def check_name(name: str) -> str:
    """Return a member's name; raises InvalidInputError for one that the server would refuse."""
    word = " ".join(clean_input(name).split())
    if not word or len(word) > MOST_NAME:
        raise InvalidInputError(
            f"A name has 1 to {MOST_NAME} characters.", "--name says how others will see you."
        )
    return word


def check_writable(session: Session) -> None:
    """Raise ReadOnlyError before a server is asked for what could not be kept."""
    if session.readonly:
        raise ReadOnlyError


def _keep(
    session: Session, vault: Vault, url: str, answer: Joined, keys: WorkspaceKeys, *, in_file: bool
) -> Joining:
    kept = vault.keep(answer.ws, Secret(answer.token, url, keys.write()), in_file=in_file)
    remote = Remote(
        ws=answer.ws,
        url=url,
        server_id=answer.server_id,
        title=answer.title,
        member=answer.member,
        role=answer.role,
        inc=answer.inc,
        private=answer.private,
        sealed=answer.sealed,
        kid=keys.current,
        joined_at=to_ms(session.clock()),
    )
    session.store.remotes.put(remote)
    return Joining(remote, kept)


def _known_keys(vault: Vault, ws: str) -> str:
    """Return the keys of a workspace that was joined here before, empty for none."""
    before = vault.load(ws)
    return before.key if before else ""


def _check_place(session: Session, vault: Vault, *, in_file: bool) -> None:
    """Raise NoPlaceError before an invite of a single use is used up for nothing."""
    if not in_file and not vault.has_keyring():
        raise NoPlaceError(session.paths.secrets)


def _check_encryption(session: Session, keys: WorkspaceKeys) -> None:
    """Raise SyncError where what encrypts is not installed."""
    from cockpit.sync.sealing import SealedEnvelopes

    SealedEnvelopes(keys, lambda count: bytes.fromhex(session.random_hex(count)))
