"""Where incidents are shared: each in one workspace at most, the others on this machine alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cockpit.domain.clock import MAX_BEHIND_MS
from cockpit.domain.events import Body, IncidentOpened
from cockpit.errors import InvalidInputError
from cockpit.store.connection import Connection, compose
from cockpit.store.incident_rows import refer_again

_PLACES = (
    "SELECT place.inc, place.ws, skew_ms, coalesce(member, ''), coalesce(synced_at, 0) "
    "FROM place LEFT JOIN remote USING (ws) WHERE"
)


_LATELY_MS = 3_600_000
"""How long it counts what was measured of the clocks."""


class Place(Struct, frozen=True):
    """An incident's workspace, this clock minus its server's in ms, None if never measured.

    member: one's own name there, empty where it was left; synced_at: when the server was heard
    last, in Unix ms by this clock, 0 for never.
    """

    ws: str
    skew_ms: int | None = None
    member: str = ""
    synced_at: int = 0

    def behind_ms(self, now_ms: int) -> int:
        """Return how far this clock runs behind the server's, 0 unless that was seen lately.

        A clock that was set since then would be taken for wrong; it has left that hour.
        """
        skew = self.skew_ms or 0
        lately = 0 <= now_ms - self.synced_at <= _LATELY_MS
        return -skew if lately and -skew > MAX_BEHIND_MS else 0


class PlaceReads:
    """What is asked of places on every screen, at the cost of one look into a small table."""

    def __init__(self, connection: Connection) -> None:
        """Read through `connection`."""
        self._connection = connection

    def shares(self) -> bool:
        """Say whether any workspace was joined here."""
        return bool(self._connection.value("SELECT EXISTS (SELECT 1 FROM remote)"))

    def of(self, inc: str) -> str:
        """Return the workspace of an incident, empty where it is on this machine alone."""
        return str(self._connection.value("SELECT ws FROM place WHERE inc = ?", (inc,)) or "")

    def bounded(self, incs: Iterable[str]) -> str | None:
        """Return the title of a workspace in which one may only read what stands in it.

        None where all of the incidents may be written to.
        """
        wanted = list(dict.fromkeys(incs))
        marks = ", ".join("?" * len(wanted))
        query = compose(
            "SELECT title FROM place JOIN remote USING (ws)",
            "WHERE role = 'reader' AND place.inc IN (",
            marks,
            ") LIMIT 1",
        )
        found = self._connection.value(query, wanted)
        return None if found is None else str(found)


def read_places(connection: Connection, incs: Iterable[str]) -> dict[str, Place]:
    """Return where those of the incidents are shared that are."""
    wanted = list(dict.fromkeys(incs))
    marks = ", ".join("?" * len(wanted))
    rows = connection.rows(compose(_PLACES, "place.inc IN (", marks, ")"), wanted)
    return {inc: Place(*rest) for inc, *rest in rows}


def find_share(connection: Connection, wanted: str | None) -> str:
    """Return the workspace to which new incidents go, empty for none.

    wanted: its title or id, empty for none; None: the only workspace of a team that there is.
    """
    if wanted == "":
        return ""
    from cockpit.domain.membership import Role

    rows = connection.rows(
        "SELECT ws, title, private FROM remote WHERE inc = '' AND role IN (?, ?)",
        (Role.OWNER.value, Role.EDITOR.value),
    )
    if wanted is None:
        found = [ws for ws, _, private in rows if not private]
    else:
        name = wanted.casefold()
        found = [ws for ws, title, _ in rows if name in (ws, title.casefold())]
    return found[0] if len(found) == 1 else ""


def place_new(
    connection: Connection, events: Iterable[tuple[str, Body]], wanted: str | None
) -> None:
    """Give incidents that begin now their workspace; private ones and drills stay here.

    events: incident and body of each; wanted: as for `find_share`.
    """
    for inc, body in events:
        if isinstance(body, IncidentOpened) and not (body.private or body.drill):
            ws = find_share(connection, wanted)
            if ws and not is_here(connection, inc):
                connection.execute("INSERT OR IGNORE INTO place VALUES (?, ?)", (inc, ws))


def place_arrived(connection: Connection, incs: Iterable[str], ws: str) -> None:
    """Note that incidents which come from a workspace are shared there.

    One that was here before and shared with nobody stays so: only a person shares it.
    """
    known = set(dict.fromkeys(incs))
    for inc in sorted(known - set(read_places(connection, known))):
        if not is_here(connection, inc, only_unshared=True):
            connection.execute("INSERT INTO place VALUES (?, ?)", (inc, ws))


def share_incident(connection: Connection, inc: str, ws: str) -> int:
    """Share an incident in a workspace and return how many of its events go there.

    From a workspace that was left it moves. Raises InvalidInputError while it is shared in
    another one.
    """
    now = connection.value("SELECT ws FROM place WHERE inc = ?", (inc,))
    if now == ws:
        left = ""
    elif now and connection.value("SELECT count(*) FROM remote WHERE ws = ?", (now,)):
        raise InvalidInputError(
            "This incident is shared in another workspace.",
            "An incident is in one workspace only; leave that one first.",
        )
    else:
        left = now or ""
    connection.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", (inc, ws))
    refer_again(connection, inc)
    return connection.execute(
        "UPDATE op SET ws = ?, seq = NULL WHERE inc = ? AND ws IN ('', ?)", (ws, inc, left)
    )


def is_here(connection: Connection, inc: str, *, only_unshared: bool = False) -> bool:
    """Say whether an event of the incident is here, or one that belongs to no workspace."""
    clause = "AND ws = ''" if only_unshared else ""
    query = compose("SELECT 1 FROM op WHERE inc = ?", clause, "LIMIT 1")
    return connection.value(query, (inc,)) is not None


def workspaces_of(places: Mapping[str, Place]) -> dict[str, str]:
    """Return the workspace of each incident."""
    return {inc: place.ws for inc, place in places.items()}
