"""How it stands with one workspace, from what its threads meet; said to whoever listens."""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec import Struct

from cockpit.domain.remotes import Remote, Standing
from cockpit.domain.sync_state import Contact, WorkspaceState
from cockpit.domain.wire import Presence
from cockpit.errors import CockpitError
from cockpit.sync.faults import RefusedError, UnreachableError

_WEIGHT = (
    Contact.NEVER,
    Contact.SYNCED,
    Contact.TROUBLED,
    Contact.OFFLINE,
    Contact.REFUSED,
)
"""What two threads met comes to the gravest of both."""

_SHORT = {
    "unknown_token": "",
    "revoked": "",
    "workspace": "",
    "server": "another server answers at that address",
    "proto": "upgrade this cockpit or the server",
    "role": "an owner has to change what you may do",
    "left": "this workspace was left here",
    "damaged": "the database here is damaged: cockpit doctor",
}
"""What a person has to do by the code of a refusal; empty for asking for a new invite."""


class Meeting(Struct, frozen=True):
    """What one thread met last; times in Unix ms, 0 for never."""

    contact: Contact = Contact.NEVER
    since: int = 0
    next_try_at: int = 0
    words: str = ""


def meet(error: Exception) -> tuple[Contact, str]:
    """Return what an error comes to, and what a person has to know of it."""
    if isinstance(error, RefusedError):
        return Contact.REFUSED, _SHORT.get(error.code, f"{error.message} {error.hint}".strip())
    if isinstance(error, UnreachableError):
        return Contact.OFFLINE, error.message
    if isinstance(error, CockpitError):
        return Contact.TROUBLED, error.message
    return Contact.TROUBLED, f"An unexpected problem: {type(error).__name__}."


class Line:
    """The state of one workspace; used by several threads."""

    def __init__(
        self,
        remote: Remote,
        now_ms: Callable[[], int],
        listener: Callable[[WorkspaceState], object],
    ) -> None:
        """Begin with what is kept of the workspace; `listener` is called from any thread."""
        self._lock = threading.Lock()
        self._now_ms = now_ms
        self._listener = listener
        self._remote = remote
        self._standing = Standing()
        self._meetings: dict[str, Meeting] = {}
        self._synced_at = remote.synced_at
        self._skew_ms = remote.skew_ms
        self._here: tuple[Presence, ...] = ()
        self._said: WorkspaceState | None = None

    @property
    def state(self) -> WorkspaceState:
        """Return how it stands now."""
        with self._lock:
            return self._state()

    def well(self, thread: str, skew_ms: int | None = None) -> None:
        """Note that the server answered a thread as it should."""
        with self._lock:
            self._synced_at = self._now_ms()
            self._skew_ms = self._skew_ms if skew_ms is None else skew_ms
            self._meetings[thread] = Meeting(Contact.SYNCED)
        self._say()

    def ill(self, thread: str, error: Exception, wait_s: float) -> None:
        """Note what a thread met, and when it tries again; it never does by itself if refused."""
        contact, words = meet(error)
        with self._lock:
            now = self._now_ms()
            before = self._meetings.get(thread, Meeting())
            lasts = before.contact not in (Contact.NEVER, Contact.SYNCED)
            since = before.since if lasts else self._synced_at or now
            again = 0 if contact is Contact.REFUSED else now + round(wait_s * 1000)
            self._meetings[thread] = Meeting(contact, since, again, words)
        self._say()

    def trying(self, thread: str) -> None:
        """Forget what a thread met: it tries again at once, and says then how it went."""
        with self._lock:
            self._meetings.pop(thread, None)

    def count(self, remote: Remote, standing: Standing) -> None:
        """Note what is kept of the workspace, and what waits to be sent or is set aside."""
        with self._lock:
            self._remote, self._standing = remote, standing
        self._say()

    def see(self, here: tuple[Presence, ...]) -> None:
        """Note who is present."""
        with self._lock:
            self._here = here
        self._say()

    def _state(self) -> WorkspaceState:
        remote, worst = self._remote, self._worst()
        return WorkspaceState(
            ws=remote.ws,
            title=remote.title,
            url=remote.url,
            member=remote.member,
            role=remote.role,
            inc=remote.inc,
            sealed=remote.sealed,
            contact=worst.contact,
            synced_at=self._synced_at,
            since=worst.since,
            next_try_at=worst.next_try_at,
            unsent=self._standing.unsent,
            held=self._standing.held,
            skew_ms=self._skew_ms,
            words=worst.words,
            here=self._here,
        )

    def _worst(self) -> Meeting:
        return max(
            self._meetings.values(),
            key=lambda each: _WEIGHT.index(each.contact),
            default=Meeting(),
        )

    def _say(self) -> None:
        """Tell the listener what is new; what it raises is its own affair."""
        with self._lock:
            state = self._state()
            if state == self._said:
                return
            self._said = state
        self._listener(state)
