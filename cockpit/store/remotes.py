"""What is kept of shared workspaces: how far their history is here, and what is not sent yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cockpit.domain.remotes import Arrival, Held, Intake, Outcome, Remote, Standing, Unsent
from cockpit.domain.wire import START, Role
from cockpit.store.arrivals import take_page
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.hidings import HIDES, LET_IN
from cockpit.store.places import share_incident
from cockpit.store.redactions import forget_redacted
from cockpit.store.rows import OP_COLUMNS, read_record, trusting_no_row
from cockpit.store.writing import Stamper

_COLUMNS = (
    "ws, url, server_id, title, member, role, inc, private, sealed, kid, cursor, skew_ms, "
    "joined_at, synced_at"
)
_REMOTES = compose("SELECT", _COLUMNS, "FROM remote")
_PUT = compose(
    "INSERT OR REPLACE INTO remote (", _COLUMNS, ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_UNSENT = compose(
    "SELECT n,",
    OP_COLUMNS,
    "FROM op WHERE ws = ? AND seq IS NULL AND n > ? AND id NOT IN (SELECT id FROM held)",
    "ORDER BY n LIMIT ?",
)
_STANDING = (
    "SELECT (SELECT count(*) FROM op WHERE ws = ?1 AND seq IS NULL "
    "AND id NOT IN (SELECT id FROM held)), "
    "(SELECT count(*) FROM held WHERE ws = ?1 AND code <> 'let_in')"
)
_HELD = (
    "SELECT held.id, held.ws, code, words, held.at, op.id IS NOT NULL "
    "FROM held LEFT JOIN op ON op.id = held.id WHERE code <> 'let_in'"
)


class Remotes:
    """The workspaces that are shared from this database; belongs to its connection's thread."""

    def __init__(self, connection: Connection, stamper: Stamper, now_ms: Callable[[], int]) -> None:
        """Work on an open connection; use `Store.remotes`."""
        self._connection = connection
        self._stamper = stamper
        self._now_ms = now_ms

    def joined(self) -> tuple[Remote, ...]:
        """Return all workspaces, by title."""
        rows = self._connection.rows(compose(_REMOTES, "ORDER BY title, ws"))
        return tuple(_read_remote(row) for row in rows)

    def find(self, ws: str) -> Remote | None:
        """Return one workspace, None when it was never joined or was left."""
        row = self._connection.row(compose(_REMOTES, "WHERE ws = ?"), (ws,))
        return None if row is None else _read_remote(row)

    def put(self, remote: Remote) -> None:
        """Keep a workspace that was joined, or what is new about it.

        How far its history is here is kept, unless one sees another part of it now.
        """
        with self._connection.writing():
            before = self.find(remote.ws)
            cursor = before.cursor if before and before.inc == remote.inc else START
            self._connection.execute(
                _PUT,
                (
                    remote.ws, remote.url, remote.server_id, remote.title, remote.member,
                    remote.role.value, remote.inc, int(remote.private), int(remote.sealed),
                    remote.kid, cursor, remote.skew_ms, remote.joined_at, remote.synced_at,
                ),
            )  # fmt: skip

    def forget(self, ws: str) -> None:
        """Leave a workspace: its events stay here, and join it again in their place."""
        with self._connection.writing():
            self._connection.execute("DELETE FROM remote WHERE ws = ?", (ws,))
            self._connection.execute("DELETE FROM held WHERE ws = ?", (ws,))

    def unsent(self, ws: str, *, after_n: int = 0, limit: int) -> tuple[Unsent, ...]:
        """Return events that the server has not shown us yet, in the order they came here.

        Others' events are among them where the server lost them. after_n: only those numbered
        above; limit: at most so many. Those set aside are left out.
        """
        rows = self._connection.rows(_UNSENT, (ws, after_n, limit))
        return tuple(Unsent(row[0], read_record(row[1:]).op) for row in rows)

    def take_in(self, ws: str, since: str, rows: Sequence[Arrival], cursor: str) -> Intake:
        """Take in the events of a page with the cursor after them, all or nothing.

        since: the cursor that the page was asked with.
        """
        with self._connection.writing():
            before = self.find(ws)
            if before is None or before.cursor != since:
                return Intake(Outcome.STALE)
            now = self._now_ms()
            intake = take_page(self._connection, self._stamper, ws, rows, now)
            if intake.outcome is Outcome.TAKEN:
                self._connection.execute(
                    "UPDATE remote SET cursor = ?, synced_at = ? WHERE ws = ?", (cursor, now, ws)
                )
        forget_redacted(self._connection, [row.op for row in rows if row.op])
        return intake

    def note_contact(self, ws: str, skew_ms: int | None) -> None:
        """Note that events were exchanged now, and the clocks' difference as `note_skew` does."""
        with self._connection.writing():
            self._connection.execute(
                "UPDATE remote SET synced_at = ?, skew_ms = coalesce(?, skew_ms) WHERE ws = ?",
                (self._now_ms(), skew_ms, ws),
            )

    def note_skew(self, ws: str, skew_ms: int | None) -> None:
        """Note this machine's clock minus the server's, None where it was not measured."""
        with self._connection.writing():
            self._connection.execute(
                "UPDATE remote SET skew_ms = coalesce(?, skew_ms) WHERE ws = ?", (skew_ms, ws)
            )

    def rewind(self, ws: str) -> None:
        """Begin anew with a server that lost a part of its history; no event is touched.

        When the server got them before still counts until it says anew: a clock that ran ahead
        must not win meanwhile.
        """
        with self._connection.writing():
            self._connection.execute(
                "UPDATE op SET seq = NULL WHERE ws = ? AND seq IS NOT NULL", (ws,)
            )
            self._connection.execute("UPDATE remote SET cursor = ? WHERE ws = ?", (START, ws))

    def hold(self, ws: str, op_id: str, code: str, words: str) -> None:
        """Set an event aside that the server will not take; it stays here, in sight."""
        with self._connection.writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO held (id, ws, code, words, at) VALUES (?, ?, ?, ?, ?)",
                (op_id, ws, code, words, self._now_ms()),
            )

    def held(self, ws: str = "") -> tuple[Held, ...]:
        """Return what is set aside, of one workspace or of all, the oldest first."""
        clause, only = ("AND held.ws = ?", (ws,)) if ws else ("", ())
        rows = self._connection.rows(compose(_HELD, clause, "ORDER BY held.at, held.id"), only)
        return tuple(
            Held(op_id, space, code, words, at, bool(outgoing))
            for op_id, space, code, words, at, outgoing in rows
        )

    def release(self, ws: str, *, by_person: bool = False) -> int:
        """Try again with everything that is set aside in a workspace; return how many that is.

        Events that came and could not be read are asked for again, from the beginning.
        by_person: a person asked for it, so that events may put away many incidents at once.
        """
        with self._connection.writing():
            held = [each for each in self.held(ws) if by_person or each.code != HIDES]
            if by_person:
                self._connection.execute(
                    "UPDATE held SET code = ? WHERE ws = ? AND code = ?", (LET_IN, ws, HIDES)
                )
            self._connection.execute(
                "DELETE FROM held WHERE ws = ? AND code NOT IN (?, ?)", (ws, HIDES, LET_IN)
            )
            if not all(each.outgoing for each in held):
                self._connection.execute("UPDATE remote SET cursor = ? WHERE ws = ?", (START, ws))
        return len(held)

    def share(self, inc: str, ws: str) -> int:
        """Share an incident in a workspace and return how many of its events go there.

        Raises InvalidInputError while it is shared in another one.
        """
        with self._connection.writing():
            return share_incident(self._connection, inc, ws)

    def places(self) -> dict[str, str]:
        """Return the workspace of every incident that is shared."""
        return dict(self._connection.rows("SELECT inc, ws FROM place"))

    def standing(self, ws: str) -> Standing:
        """Return how many events are not sent yet, and how many are set aside."""
        return Standing(*(self._connection.row(_STANDING, (ws,)) or ()))

    def data_version(self) -> int:
        """Return a number that changes when another connection wrote."""
        self._connection.check_identity()
        return int(self._connection.value("PRAGMA data_version"))


@trusting_no_row
def _read_remote(row: Row) -> Remote:
    ws, url, server_id, title, member, role, inc, private, sealed, kid, cursor = row[:11]
    skew, joined, synced = row[11:]
    return Remote(
        ws=ws,
        url=url,
        server_id=server_id,
        title=title,
        member=member,
        role=Role(role),
        inc=inc,
        private=bool(private),
        sealed=bool(sealed),
        kid=kid,
        cursor=cursor,
        skew_ms=skew,
        joined_at=joined,
        synced_at=synced,
    )
