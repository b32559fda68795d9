"""The steps of an exchange: greet, pull a page, push a batch; each may fail, none does harm twice.

An event counts as sent when it was seen in a pull with its place, never when a push was answered:
so a lost answer, a push made twice and a changed server are one harmless case.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain.remotes import Arrival, Outcome, Remote, Unsent
from cockpit.domain.wire import PROTOCOL, Hello, Limits, Page, Presence, Role, is_cursor
from cockpit.errors import InvalidInputError, SyncError
from cockpit.sync.client import Client
from cockpit.sync.faults import (
    MalformedError,
    RefusedError,
    RewoundError,
    TooLargeError,
    TroubledError,
    UnreachableError,
)
from cockpit.sync.pages import read_page
from cockpit.sync.replica import Replica
from cockpit.sync.sealing import Envelopes

MAX_REWINDS = 3
"""How often one exchange begins anew before the server is left alone for a while."""

_ROUNDS = 5
_WRAPPER = len(b'{"ops":[]}')
_SMALLER = ("timeout", "too_long")
_EVENTS_AT_ONCE = 4_000
"""From how many events on no further page is read before they are taken in."""

_BYTES_AT_ONCE = 4 * 1024 * 1024
"""The same for their size."""

_LONG = 500
"""From how many events on a page is one of a long history, of which the next is asked ahead."""


class Pulled(Struct, frozen=True):
    """What a pull came to.

    added: events that were new here; confirmed: own ones that the server showed; more: the rest
    waits; here: who is present, None where that did not change.
    """

    added: int = 0
    confirmed: int = 0
    more: bool = False
    rewound: bool = False
    here: tuple[Presence, ...] | None = None
    here_version: int = 0


class Pushed(Struct, frozen=True):
    """What a push came to: events sent and set aside, and the place of the last one here."""

    sent: int = 0
    held: int = 0
    last_n: int = 0


class Settled(Struct, frozen=True):
    """What a whole exchange came to, in events."""

    added: int = 0
    sent: int = 0
    held: int = 0
    rewinds: int = 0


class Batch(Struct, frozen=True):
    """What one push carries, what can never be sent and why, and the place of the last of both."""

    ops: tuple[tuple[str, bytes], ...]
    unfit: tuple[tuple[str, str], ...]
    last_n: int


def plan_batch(unsent: Sequence[Unsent], envelopes: Envelopes, limits: Limits) -> Batch:
    """Return the first of the events that fit one push, at least one."""
    ops: list[tuple[str, bytes]] = []
    unfit: list[tuple[str, str]] = []
    size, last_n = _WRAPPER, 0
    for each in unsent:
        try:
            data = envelopes.encode(each.op)
        except InvalidInputError as error:
            unfit.append((each.op.id, error.message))
            last_n = each.n
            continue
        if ops and (len(ops) >= limits.max_ops or size + len(data) + 1 > limits.max_bytes):
            break
        ops.append((each.op.id, data))
        size += len(data) + 1
        last_n = each.n
    return Batch(tuple(ops), tuple(unfit), last_n)


def _size(page: Page) -> int:
    return sum(len(row[3]) for row in page.ops)


class Exchange:
    """Exchanges the events of one workspace between a replica and its server."""

    def __init__(self, replica: Replica, client: Client, envelopes: Envelopes, ws: str) -> None:
        """Work for the workspace `ws`, whose server `client` calls."""
        self._replica = replica
        self._client = client
        self._envelopes = envelopes
        self._ws = ws
        self._limits = Limits()
        self._page = self._limits.max_page
        self._batch = self._limits.max_ops

    def remote(self) -> Remote:
        """Return the workspace as it is kept now; raises RefusedError when it was left."""
        found = self._replica.find(self._ws)
        if found is None:
            raise RefusedError("left", "This workspace was left here.")
        return found

    def greet(self) -> Hello:
        """Make sure that it is the server that was joined, and measure the clocks.

        Raises RefusedError for another server, and for one that speaks another version.
        """
        remote = self.remote()
        hello = self._client.hello()
        if hello.server_id != remote.server_id:
            raise RefusedError(
                "server",
                f"Another server answers at {remote.url} than the one that was joined.",
                "Nothing was changed here. Ask who runs it, or join its workspace with an invite.",
            )
        oldest, newest = hello.proto
        if not oldest <= PROTOCOL <= newest:
            who = "this cockpit" if oldest > PROTOCOL else "the server"
            raise RefusedError("proto", "The server speaks another version.", f"Upgrade {who}.")
        self._limits = hello.limits
        self._page = min(self._page, max(1, hello.limits.max_page))
        self._batch = min(self._batch, max(1, hello.limits.max_ops))
        self._replica.note_skew(self._ws, self._client.skew_ms)
        return hello

    def pull(self, *, wait: int = 0, here: int | None = None) -> Pulled:
        """Take in the next page; wait: s for news; here: the known version of who is present."""
        remote = self.remote()
        try:
            page = self._client.pull(
                remote.cursor, limit=self._page, wait=wait, inc=remote.inc, here=here
            )
        except RewoundError:
            return self._rewind()
        except UnreachableError as error:
            self._ask_for_less(error)
            raise
        if page is None:
            return Pulled()
        self._ask_for_more()
        self._ask_ahead(page, remote.inc)
        seen = Pulled(more=page.more, here=page.here, here_version=page.here_version)
        if not page.ops and page.cursor == remote.cursor:
            return seen
        rows = read_page(page, remote.cursor, self._envelopes, part=bool(remote.inc))
        rows, last = self._read_on(page, rows, remote.inc)
        intake = self._replica.take_in(self._ws, remote.cursor, rows, last.cursor)
        if intake.outcome is Outcome.DIFFERS:
            return self._rewind()
        if intake.outcome is Outcome.STALE:
            return Pulled(more=True)
        return Pulled(
            intake.added,
            intake.confirmed,
            last.more,
            here=page.here,
            here_version=page.here_version,
        )

    def push(self, after_n: int = 0) -> Pushed:
        """Send the next events numbered above `after_n`; `last_n` stays that when there are none.

        Whoever may only read sends nothing.
        """
        if self.remote().role is Role.READER:
            return Pushed(last_n=after_n)
        unsent = self._replica.unsent(self._ws, after_n=after_n, limit=self._batch)
        if not unsent:
            return Pushed(last_n=after_n)
        batch = plan_batch(unsent, self._envelopes, self._limits)
        for op_id, words in batch.unfit:
            self._replica.hold(self._ws, op_id, "too_large", words)
        try:
            held = self._send(batch.ops) if batch.ops else 0
        except UnreachableError as error:
            if error.code in _SMALLER:
                self._batch = max(1, self._batch // 2)
            raise
        self._batch = min(self._limits.max_ops, self._batch * 2)
        return Pushed(len(batch.ops) - held, held + len(batch.unfit), batch.last_n)

    def settle(self) -> Settled:
        """Pull and push until both sides have everything, as far as the server takes it."""
        self.greet()
        added = sent = held = rewinds = 0
        for _ in range(_ROUNDS):
            pulled, begun_anew = self._pull_all()
            added, rewinds = added + pulled, rewinds + begun_anew
            pushed = self._push_all()
            sent, held = max(sent, pushed.sent), held + pushed.held
            if not pushed.sent:
                break
        self._replica.note_contact(self._ws, self._client.skew_ms)
        return Settled(added, sent, held, rewinds)

    def _pull_all(self) -> tuple[int, int]:
        added = rewinds = 0
        more = True
        while more:
            pulled = self.pull()
            added, rewinds = added + pulled.added, rewinds + pulled.rewound
            more = pulled.more
            if rewinds > MAX_REWINDS:
                raise TroubledError("The server's history changes again and again.")
        return added, rewinds

    def _push_all(self) -> Pushed:
        sent = held = after_n = 0
        while (pushed := self.push(after_n)).last_n > after_n:
            sent, held, after_n = sent + pushed.sent, held + pushed.held, pushed.last_n
        return Pushed(sent, held, after_n)

    def _read_on(
        self, page: Page, rows: tuple[Arrival, ...], inc: str
    ) -> tuple[tuple[Arrival, ...], Page]:
        """Return the events of a page with those of some that follow it, and the last of these.

        A long history is taken in sooner by few large steps. What stands in the way of a further
        page is met again by the next pull, after what came before it was kept.
        """
        size = _size(page)
        while page.more and len(rows) < _EVENTS_AT_ONCE and size < _BYTES_AT_ONCE:
            try:
                further = self._client.pull(page.cursor, limit=self._page, inc=inc)
                if further is None or further.cursor == page.cursor:
                    break
                self._ask_ahead(further, inc)
                more = read_page(further, page.cursor, self._envelopes, part=bool(inc))
            except SyncError as error:
                self._ask_for_less(error)
                break
            if not {row.id for row in rows}.isdisjoint(row.id for row in more):
                break
            page, rows, size = further, rows + more, size + _size(further)
            self._ask_for_more()
        return rows, page

    def _ask_ahead(self, page: Page, inc: str) -> None:
        """Let the server make the page that follows while this one is read and taken in.

        Nothing is believed by that: what comes is looked at like any other page, and only if this
        one was kept. Small pages are those of a short history, or of a line that carries no more.
        """
        if page.more and len(page.ops) >= _LONG and is_cursor(page.cursor):
            self._client.pull_ahead(page.cursor, limit=self._page, inc=inc)

    def _ask_for_less(self, error: SyncError) -> None:
        """Ask for smaller pages from now on, where one took too long."""
        if isinstance(error, UnreachableError) and error.code in _SMALLER:
            self._page = max(1, self._page // 2)

    def _ask_for_more(self) -> None:
        self._page = min(self._limits.max_page, self._page * 2)

    def _rewind(self) -> Pulled:
        self._replica.rewind(self._ws)
        return Pulled(more=True, rewound=True)

    def _send(self, ops: Sequence[tuple[str, bytes]]) -> int:
        """Push the events and return how many of them were set aside.

        A batch that cannot be read is cut in halves until the one event is found.
        """
        try:
            answer = self._client.push([data for _, data in ops])
        except (MalformedError, TooLargeError) as error:
            if len(ops) > 1:
                middle = len(ops) // 2
                return self._send(ops[:middle]) + self._send(ops[middle:])
            code = error.code if isinstance(error, MalformedError) else "too_large"
            self._replica.hold(self._ws, ops[0][0], code, error.message)
            return 1
        known = {op_id for op_id, _ in ops}
        rejected = [each for each in answer.rejected if each.id in known]
        for each in rejected:
            self._replica.hold(self._ws, each.id, each.code, each.words or "The server refused it.")
        return len(rejected)
