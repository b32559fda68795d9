"""Who belongs to a workspace: invite, list, and take devices out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from cockpit.domain.remotes import Remote
from cockpit.domain.wire import DeviceToken, Invite, InviteRequest, Member, Role
from cockpit.errors import InvalidInputError
from cockpit.service.secrets import Vault
from cockpit.service.session import Session
from cockpit.service.sync_access import find_secret, open_member_client, require_owner

if TYPE_CHECKING:
    from cockpit.sync.client import Client

SHORTEST_MINUTES, LONGEST_MINUTES = 1, 30 * 24 * 60


class Invitation(Struct, frozen=True):
    """An invite to pass on: one line, good once, until `expires` (Unix ms)."""

    address: str
    expires: int
    role: Role
    sealed: bool = False

    def __repr__(self) -> str:
        """Return nothing that opens the workspace."""
        return "Invitation(…)"


def invite(
    session: Session,
    remote: Remote,
    vault: Vault,
    *,
    role: Role = Role.EDITOR,
    inc: str = "",
    member: str = "",
    minutes: int = 24 * 60,
) -> Invitation:
    """Make an invite of a single use; in an encrypted workspace it carries the key.

    inc: the one incident that a guest sees; member: who gets another device; minutes: how long
    it is good. Raises InvalidInputError, and SyncError when the server refuses.
    """
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise InvalidInputError("An invite is good for a minute to 30 days.")
    if member != remote.member:
        require_owner(remote, "invite others")
    if inc and session.reads.places.of(inc) != remote.ws:
        raise InvalidInputError(
            f"That incident is not shared in “{remote.title}”.",
            "Share it first: cockpit sync share INC-…",
        )
    role = Role.GUEST if inc else role
    client = open_member_client(session, remote, vault)
    try:
        made = client.invite(InviteRequest(role, inc, member, minutes * 60))
    finally:
        client.close()
    keys = find_secret(vault, remote).key if remote.sealed else ""
    return Invitation(_address(made, remote, keys), made.expires, role, remote.sealed)


def list_members(session: Session, remote: Remote, vault: Vault) -> tuple[Member, ...]:
    """Return the members of a workspace with their devices."""
    client = open_member_client(session, remote, vault)
    try:
        return client.members()
    finally:
        client.close()


def revoke(session: Session, remote: Remote, vault: Vault, who: str) -> tuple[str, int]:
    """Take a member's devices out, or the one device whose id begins so; return whose, how many.

    What they have seen stays with them. Raises InvalidInputError for nobody, and for oneself.
    """
    client = open_member_client(session, remote, vault)
    try:
        member, tokens = _find_devices(client.members(), who)
        if member.member == remote.member and any(
            each.dev == session.store.device for each in tokens
        ):
            raise InvalidInputError(
                "That would take this machine itself out.", "cockpit sync leave does that."
            )
        if member.member != remote.member:
            require_owner(remote, "take out devices of others")
        for token in tokens:
            client.revoke(token.id)
    finally:
        client.close()
    return member.member, len(tokens)


def revoke_own(client: Client, session: Session, remote: Remote) -> None:
    """Take this machine out."""
    for member in client.members():
        if member.member == remote.member:
            for token in _working(member):
                if token.dev == session.store.device:
                    client.revoke(token.id)


def _find_devices(members: tuple[Member, ...], who: str) -> tuple[Member, tuple[DeviceToken, ...]]:
    word = who.strip()
    for member in members:
        if member.member.casefold() == word.casefold():
            if tokens := _working(member):
                return member, tokens
            raise InvalidInputError(f"{member.member} has no device that still works.")
    found = [
        (member, (token,))
        for member in members
        for token in _working(member)
        if word and (token.dev == word or token.id.startswith(word))
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.member for each in members if _working(each))
    what = "more than one device" if found else "no member and no device"
    raise InvalidInputError(f"“{who}” is {what} of this workspace.", f"Members: {names}.")


def _working(member: Member) -> tuple[DeviceToken, ...]:
    return tuple(each for each in member.devices if not each.revoked)


def _address(made: Invite, remote: Remote, keys: str) -> str:
    """Return the line to pass on: the server's own address of itself, if that is one."""
    from cockpit.sync.address import parse_invite

    address = f"{remote.url}/j#{made.code}"
    # A server behind a proxy may not know how it is reached, and take itself for plain HTTP.
    with suppress(InvalidInputError):
        if parse_invite(made.url).code == made.code:
            address = made.url
    return f"{address}.{keys}" if keys else address
