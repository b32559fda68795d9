"""Who belongs to a workspace: invites of a single use, members, and a token for every device."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.wire import DeviceToken, Member, Role
from cockpit.server.engine import RefusedError, Transaction


class Grant(Struct, frozen=True):
    """What a token allows: whose it is, where, as what, and a guest's incident.

    seen, revoked: Unix ms, 0 for never; sealed: the workspace is encrypted end to end.
    """

    token: str
    ws: str
    member: str
    dev: str
    role: Role
    inc: str = ""
    seen: int = 0
    revoked: int = 0
    sealed: bool = False


class NewToken(Struct, frozen=True):
    """A token to store: id, hash, for which device (8 hex), and when it is made (Unix ms)."""

    id: str
    hash: str
    dev: str
    made: int


class NewInvite(Struct, frozen=True):
    """An invite to store: the hash of its code, and what it offers until then (Unix ms).

    made_by: the member who invites, "" for the server itself.
    """

    hash: str
    role: Role
    expires: int
    made_by: str = ""
    inc: str = ""
    member: str = ""


class Place(Struct, frozen=True):
    """A workspace."""

    ws: str
    title: str
    sealed: bool = False
    private: bool = False


def open_server(tx: Transaction, server_id: str, place: Place) -> str:
    """Return the id of this database; an empty one gets its id and its first workspace."""
    fresh = tx.rows(
        "INSERT INTO server(one, id, ws) VALUES (1, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        *(server_id, place.ws),
    )
    if fresh:
        add_workspace(tx, place)
    return find_server_id(tx)


def offer_ownership(tx: Transaction, offer: NewInvite) -> bool:
    """Add an invite to the first workspace while nobody owns it; say whether that was so."""
    ws = tx.rows("SELECT ws FROM server WHERE one = 1")[0][0]
    owned = tx.rows(
        "SELECT 1 FROM token AS t JOIN member AS m ON m.ws = t.ws AND m.name = t.member "
        "WHERE m.ws = ? AND m.role = 'owner' AND t.revoked = 0 LIMIT 1",
        ws,
    )
    if not owned:
        add_invite(tx, ws, offer)
    return not owned


def find_server_id(tx: Transaction) -> str:
    """Return the id of this database."""
    return str(tx.rows("SELECT id FROM server WHERE one = 1")[0][0])


def find_grant(tx: Transaction, token_hash: str) -> Grant | None:
    """Return what a token allows, None for one that was never given."""
    rows = tx.rows(
        "SELECT t.id, t.ws, t.member, t.dev, m.role, m.inc, t.seen, t.revoked, w.sealed <> 0 "
        "FROM token AS t JOIN member AS m ON m.ws = t.ws AND m.name = t.member "
        "JOIN workspace AS w ON w.id = t.ws WHERE t.hash = ?",
        token_hash,
    )
    if not rows:
        return None
    token, ws, member, dev, role, *rest = rows[0]
    return Grant(token, ws, member, dev, Role(role), *rest)


def note_seen(tx: Transaction, token: str, now: int) -> None:
    """Note that the token of that id was used."""
    tx.rows("UPDATE token SET seen = ? WHERE id = ?", now, token)


def add_workspace(tx: Transaction, place: Place) -> None:
    """Add a workspace without members."""
    tx.rows(
        "INSERT INTO workspace(id, title, sealed, private) VALUES (?, ?, ?, ?)",
        *(place.ws, place.title, int(place.sealed), int(place.private)),
    )


def add_owned_workspace(tx: Transaction, place: Place, name: str, token: NewToken) -> None:
    """Add a workspace whose owner is `name`."""
    add_workspace(tx, place)
    _add_member(tx, place.ws, Member(name, Role.OWNER))
    _add_token(tx, place.ws, name, token)


def invite(tx: Transaction, by: Grant, offer: NewInvite) -> None:
    """Add an invite to the workspace of `by`.

    Raises RefusedError: 404 for a device of nobody, 403 for one of somebody else who still has a
    working one, since an owner could speak in their name with it.
    """
    if offer.member:
        if not tx.rows("SELECT 1 FROM member WHERE ws = ? AND name = ?", by.ws, offer.member):
            raise RefusedError(404, "workspace", "There is no member of that name.")
        if offer.member != by.member and tx.rows(
            "SELECT 1 FROM token WHERE ws = ? AND member = ? AND revoked = 0", by.ws, offer.member
        ):
            raise RefusedError(403, "role", "That member has a device and invites a second one.")
    add_invite(tx, by.ws, offer)


def add_invite(tx: Transaction, ws: str, offer: NewInvite) -> None:
    """Add an invite to the workspace `ws`."""
    tx.rows(
        "INSERT INTO invite(hash, ws, role, inc, member, expires, made_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(offer.hash, ws, offer.role.value, offer.inc, offer.member, offer.expires, offer.made_by),
    )


def redeem(tx: Transaction, code_hash: str, name: str, token: NewToken) -> tuple[Member, Place]:
    """Use an invite up; return who has joined, and where.

    Raises RefusedError: 410 for one that was used or has expired, 409 for a name that is taken.
    """
    offers = tx.rows(
        "UPDATE invite SET used_by = ? WHERE hash = ? AND used_by IS NULL AND expires > ? "
        "RETURNING ws, role, inc, member, made_by",
        *(name, code_hash, token.made),
    )
    if not offers:
        used = tx.rows("SELECT 1 FROM invite WHERE hash = ? AND used_by IS NOT NULL", code_hash)
        if used:
            raise RefusedError(410, "used", "That invite was used already.")
        raise RefusedError(410, "expired", "That invite does not hold any more.")
    ws, role, inc, member, made_by = offers[0]
    if not made_by:
        tx.rows("DELETE FROM invite WHERE ws = ? AND made_by = '' AND used_by IS NULL", ws)
    if member:
        role, inc = tx.rows("SELECT role, inc FROM member WHERE ws = ? AND name = ?", ws, member)[0]
    elif not _add_member(tx, ws, Member(name, Role(role), inc)):
        raise RefusedError(409, "name_taken", "Another member has that name.")
    joined = Member(member or name, Role(role), inc)
    _add_token(tx, ws, joined.member, token)
    title, *marks = tx.rows("SELECT title, sealed, private FROM workspace WHERE id = ?", ws)[0]
    return joined, Place(ws, title, *map(bool, marks))


def list_members(tx: Transaction, ws: str) -> list[Member]:
    """Return the members by name, with their devices in the order of joining."""
    devices: dict[str, list[DeviceToken]] = {}
    for member, *device in tx.rows(
        "SELECT member, id, dev, made, seen, revoked FROM token WHERE ws = ? ORDER BY made, id", ws
    ):
        devices.setdefault(member, []).append(DeviceToken(*device))
    rows = tx.rows("SELECT name, role, inc FROM member WHERE ws = ? ORDER BY name", ws)
    return [Member(name, Role(role), inc, tuple(devices[name])) for name, role, inc in rows]


def revoke(tx: Transaction, ws: str, token: str, only: str, now: int) -> None:
    """Take a token away; only: the one member whose tokens may be taken, "" for anybody's.

    Raises RefusedError: 404 where there is no such token, 403 for somebody else's.
    """
    found = tx.rows("SELECT member, dev FROM token WHERE ws = ? AND id = ?", ws, token)
    if not found:
        raise RefusedError(404, "workspace", "There is no such device in this workspace.")
    member, dev = found[0]
    if only and member != only:
        raise RefusedError(403, "role", "Only an owner takes the devices of others away.")
    tx.rows("UPDATE token SET revoked = ? WHERE ws = ? AND id = ? AND revoked = 0", now, ws, token)
    tx.rows("DELETE FROM presence WHERE ws = ? AND member = ? AND dev = ?", ws, member, dev)
    tx.rows("UPDATE workspace SET here = here + 1 WHERE id = ?", ws)


def _add_member(tx: Transaction, ws: str, member: Member) -> bool:
    return bool(
        tx.rows(
            "INSERT INTO member(ws, name, role, inc) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING name",
            *(ws, member.member, member.role.value, member.inc),
        )
    )


def _add_token(tx: Transaction, ws: str, member: str, token: NewToken) -> None:
    tx.rows(
        "INSERT INTO token(hash, id, ws, member, dev, made) VALUES (?, ?, ?, ?, ?, ?)",
        *(token.hash, token.id, ws, member, token.dev, token.made),
    )
