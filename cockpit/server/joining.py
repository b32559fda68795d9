"""The calls of membership: invite, join, list, revoke, and make another workspace."""

from __future__ import annotations

import re

from starlette.responses import Response

from cockpit.domain.wire import Invite, InviteRequest, Join, Joined, Member, NewWorkspace, Role
from cockpit.server import members
from cockpit.server.access import format_token, hash_secret
from cockpit.server.engine import RefusedError
from cockpit.server.envelopes import is_id
from cockpit.server.exchange import answer
from cockpit.server.service import Asked, Service, check_words, malformed

_LONGEST_NAME, _LONGEST_TITLE = 64, 200
_SHORTEST_INVITE, _LONGEST_INVITE = 60, 30 * 24 * 3600
_DEVICE = re.compile("[0-9a-f]{8}")


async def invite(service: Service, asked: Asked) -> Response:
    """Make an invite: by an owner for anybody, by others for a second device of their own."""
    grant = asked.grant
    wish: InviteRequest = asked.body
    if not _SHORTEST_INVITE <= wish.ttl <= _LONGEST_INVITE:
        raise malformed(f"An invite holds {_SHORTEST_INVITE} to {_LONGEST_INVITE} seconds.")
    if (wish.role is Role.GUEST) != bool(wish.inc) or (wish.inc and not is_id(wish.inc)):
        raise malformed("A guest, and only a guest, is invited to one incident.")
    if grant.role is not Role.OWNER and wish.member != grant.member:
        raise RefusedError(403, "role", "Only an owner invites others.")
    code, expires = service.new_secret(), service.now() + wish.ttl * 1000
    new = members.NewInvite(
        *(hash_secret(code), wish.role, expires, grant.member, wish.inc, wish.member)
    )
    await service.engine.write(members.invite, grant, new)
    request = asked.request
    base = service.setup.url or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    return answer(201, Invite(code, f"{base}/j#{code}", expires))


async def join(service: Service, asked: Asked) -> Response:
    """Redeem an invite: the token is shown this once."""
    wish: Join = asked.body
    check_words(wish.name, "A name", _LONGEST_NAME)
    secret, token = _new_token(service, wish.dev)
    who, place = await service.engine.write(
        members.redeem, hash_secret(wish.code), wish.name, token
    )
    return _joined(service, who, place, secret)


async def make_workspace(service: Service, asked: Asked) -> Response:
    """Make a workspace, of which the caller becomes the owner."""
    wish: NewWorkspace = asked.body
    check_words(wish.name, "A name", _LONGEST_NAME)
    check_words(wish.title, "A title", _LONGEST_TITLE)
    secret, token = _new_token(service, wish.dev)
    place = members.Place(service.random_bytes(16).hex(), wish.title, wish.sealed, wish.private)
    await service.engine.write(members.add_owned_workspace, place, wish.name, token)
    return _joined(service, Member(wish.name, Role.OWNER), place, secret)


async def list_members(service: Service, asked: Asked) -> Response:
    """List the members and their devices."""
    return answer(200, await service.engine.read(members.list_members, asked.grant.ws))


async def revoke(service: Service, asked: Asked) -> Response:
    """Take a device's token away: an owner anybody's, others their own."""
    grant, token = asked.grant, asked.request.path_params["token"]
    if not is_id(token):
        raise RefusedError(404, "workspace", "That is not the id of a device.")
    only = "" if grant.role is Role.OWNER else grant.member
    await service.engine.write(members.revoke, grant.ws, token, only, service.now())
    service.access.forget()
    service.bell.ring(grant.ws)
    return answer(204)


def _new_token(service: Service, dev: str) -> tuple[str, members.NewToken]:
    if not _DEVICE.fullmatch(dev):
        raise malformed("A device's id has 8 hex digits.")
    secret = service.new_secret()
    token_id = service.random_bytes(16).hex()
    return secret, members.NewToken(token_id, hash_secret(secret), dev, service.now())


def _joined(service: Service, who: Member, place: members.Place, secret: str) -> Response:
    token = format_token(place.ws, secret)
    joined = Joined(
        *(place.ws, who.member, token, who.role, service.server_id, place.title, who.inc),
        sealed=place.sealed,
        private=place.private,
    )
    return answer(201, joined)
