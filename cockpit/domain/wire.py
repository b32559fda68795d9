"""What travels between cockpits and their server: the protocol's words, limits and messages.

The server keeps an ordered log of envelopes for every workspace. A place in it is a cursor,
`<seq>-<chain>`: the chain is made of all events before it and of when each was received, so that
a server that lost a part of its history is found out even where it got the same events again and
gave them the same numbers: merging goes by the time of receipt, which must be one for everybody.
"""

from __future__ import annotations

import re
from hashlib import sha256

from msgspec import Raw, Struct

from cockpit.domain.membership import Role as Role
from cockpit.errors import InvalidInputError

PROTOCOL = 1
MAX_PUSH_OPS = 500
"""The most events in one push."""

MAX_PUSH_BYTES = 1024 * 1024
"""The largest body of one push."""

MAX_ENVELOPE_BYTES = 96 * 1024
"""The largest event on the wire: one of 64 KiB takes a third more once it is sealed."""

MAX_PAGE_OPS = 1000
"""The most events in one page of a pull."""

MAX_WAIT_SECONDS = 25
"""How long a pull may wait for news: proxies cut what is silent for 30 s."""

PRESENT_SECONDS = 45
"""How long somebody who was not heard of again counts as present: three missed beats of 15 s."""

START = "0"
"""The cursor before the first event."""

_CURSOR = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{16})")


class Limits(Struct, frozen=True):
    """What one call may carry."""

    max_ops: int = MAX_PUSH_OPS
    max_bytes: int = MAX_PUSH_BYTES
    max_page: int = MAX_PAGE_OPS
    max_wait: int = MAX_WAIT_SECONDS


class Hello(Struct, frozen=True):
    """Who answers: `server_id` is new with every new database, `time` is in Unix ms."""

    server_id: str
    proto: tuple[int, int]
    time: int
    limits: Limits = Limits()


class Push(Struct, frozen=True):
    """Envelopes to append, in order."""

    ops: tuple[Raw, ...]


class Rejected(Struct, frozen=True):
    """An event that the server will never take: its id, a code, and the reason in words."""

    id: str
    code: str
    words: str = ""


class PushAnswer(Struct, frozen=True):
    """The sequence number of every event that was taken (0 for a rejected one), and the head."""

    acks: tuple[int, ...]
    head: str
    rejected: tuple[Rejected, ...] = ()


PageRow = tuple[int, int, str | None, Raw]
"""Sequence number, receive time in Unix ms, who brought it where that is not the author, envelope.

The envelope of a redacted event has an empty text; that of a purged one is `{"id": …}` alone.
"""


class Presence(Struct, frozen=True):
    """Who is here: since and last seen in Unix ms, in which incident, and what they write.

    doing: "" for looking on, "update:<audience>" while an update is written, "section:<id>".
    """

    member: str
    dev: str
    inc: str = ""
    doing: str = ""
    since: int = 0
    seen: int = 0


class Page(Struct, frozen=True, omit_defaults=True):
    """Events after a cursor, the cursor after them, and whether more wait.

    here: who is present, where that differs from the version that was asked for; here_version
    goes back with the next pull.
    """

    ops: tuple[PageRow, ...]
    cursor: str
    more: bool = False
    here: tuple[Presence, ...] | None = None
    here_version: int = 0


class Beat(Struct, frozen=True):
    """What a device says of itself every 15 s, and at once when it changes; `inc` "" at home."""

    inc: str = ""
    doing: str = ""
    leaving: bool = False


class Here(Struct, frozen=True):
    """Who is present, and the version to send with the next pull."""

    here: tuple[Presence, ...]
    here_version: int


class InviteRequest(Struct, frozen=True):
    """An invite to make: `inc` for a guest, `member` for one's own second device; ttl in s."""

    role: Role
    inc: str = ""
    member: str = ""
    ttl: int = 24 * 3600


class Invite(Struct, frozen=True):
    """A single-use code, and the address to pass on (the code stands in its fragment)."""

    code: str
    url: str
    expires: int


class Join(Struct, frozen=True):
    """Redeem a code as `name`, from the device `dev` (8 hex digits)."""

    code: str
    name: str
    dev: str


class Joined(Struct, frozen=True):
    """Membership: the token is shown this once; `title` names the workspace."""

    ws: str
    member: str
    token: str
    role: Role
    server_id: str
    title: str = ""
    inc: str = ""
    sealed: bool = False
    private: bool = False


class NewWorkspace(Struct, frozen=True):
    """A workspace to make; sealed: encrypted end to end.

    private: of one private incident, not of a team: no new incident goes there by itself.
    """

    title: str
    name: str
    dev: str
    sealed: bool = False
    private: bool = False


class DeviceToken(Struct, frozen=True):
    """A device of a member: times in Unix ms, `seen` 0 for never, `revoked` 0 while it holds."""

    id: str
    dev: str
    made: int
    seen: int = 0
    revoked: int = 0


class Member(Struct, frozen=True):
    """A member, the role, a guest's incident, and the devices."""

    member: str
    role: Role
    inc: str = ""
    devices: tuple[DeviceToken, ...] = ()


class Refusal(Struct, frozen=True):
    """Why the server refused: a code for programs, and words for people."""

    error: str
    words: str = ""


def format_cursor(seq: int, chain: str) -> str:
    """Return the cursor after event number `seq`, 0 for none."""
    return f"{seq}-{chain}" if seq else START


def is_cursor(text: str) -> bool:
    """Say whether a text names a place in a history, its start among them."""
    return text == START or bool(_CURSOR.fullmatch(text))


def parse_cursor(cursor: str) -> tuple[int, str]:
    """Return (sequence number, chain), (0, "") for the start.

    Raises InvalidInputError for what is no cursor.
    """
    if cursor == START:
        return 0, ""
    found = _CURSOR.fullmatch(cursor)
    if not found:
        raise InvalidInputError("That is no place in a workspace's history.")
    return int(found[1]), found[2]


def next_chain(chain: str, op_id: str, at: int) -> str:
    """Return the chain after an event: 16 hex digits.

    op_id: 32 hex digits; at: when the server got it, in Unix ms.
    """
    return sha256(f"{chain}{op_id}{at}".encode()).hexdigest()[:16]
