"""A server in memory that does what the protocol says, and no more: the reference for clients."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import islice
from typing import Any

import httpx
import msgspec
from msgspec import Raw

from cockpit.domain.wire import (
    Hello,
    Limits,
    Page,
    Push,
    PushAnswer,
    Refusal,
    Rejected,
    Role,
    format_cursor,
    next_chain,
    parse_cursor,
)

WS = "c" * 32


@dataclass
class Row:
    """An event as the server keeps it."""

    seq: int
    at: int
    relayed_by: str | None
    op_id: str
    inc: str
    about: str
    chain: str
    raw: bytes


@dataclass
class Member:
    """Whose token it is."""

    name: str
    role: Role = Role.EDITOR
    inc: str = ""


@dataclass
class Log:
    """The history of a workspace."""

    rows: list[Row] = field(default_factory=list)
    last_at: int = 0

    def chain_at(self, seq: int) -> str | None:
        """Return the chain at a place, None where there is none."""
        if seq == 0:
            return ""
        return self.rows[seq - 1].chain if seq <= len(self.rows) else None

    @property
    def head(self) -> str:
        """Return the cursor after the last event."""
        return format_cursor(len(self.rows), self.rows[-1].chain) if self.rows else "0"


class ModelServer:
    """One workspace behind `handle`, the door of a mock transport."""

    def __init__(
        self, now_ms: Callable[[], int], limits: Limits | None = None, ws: str = WS
    ) -> None:
        """Begin with an empty history; tokens are the names of `members`."""
        self.now_ms = now_ms
        self.ws = ws
        self.limits = limits or Limits()
        self.server_id = "server-1"
        self.proto = (1, 1)
        self.log = Log()
        self.members: dict[str, Member] = {}
        self.refuse: Callable[[dict[str, Any]], str] = lambda fields: ""
        """Code with which an event is rejected, empty for none."""

        self.cannot_read: Callable[[dict[str, Any]], bool] = lambda fields: False
        """Whether a push with this event is answered with 400."""

        self.calls: list[str] = []

    def token(self, name: str, role: Role = Role.EDITOR, inc: str = "") -> str:
        """Let a member in and return the token."""
        token = f"ic1.{self.ws}.{name}"
        self.members[token] = Member(name, role, inc)
        return token

    def lose_last(self, count: int) -> None:
        """Forget the last events, as after a restored backup; their numbers are given again."""
        self.log.rows = self.log.rows[: max(0, len(self.log.rows) - count)]

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one call."""
        request.read()
        status, message = self._answer(request)
        body = b"" if status == 204 else msgspec.json.encode(message)
        headers = {
            "X-Proto": "1",
            "Date": formatdate(self.now_ms() / 1000, usegmt=True),
            "Content-Type": "application/json",
        }
        if len(body) > 1024:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    def _answer(self, request: httpx.Request) -> tuple[int, Any]:
        path = request.url.path
        self.calls.append(f"{request.method} {path}")
        if path == "/v1/hello":
            return 200, Hello(self.server_id, self.proto, self.now_ms(), self.limits)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        member = self.members.get(token)
        if member is None:
            return 401, Refusal("unknown_token", "That needs the token of a member.")
        if path != f"/v1/w/{self.ws}/ops":
            return 404, Refusal("workspace", "There is no such workspace.")
        if request.method == "POST":
            packed = request.headers.get("content-encoding") == "gzip"
            body = gzip.decompress(request.content) if packed else request.content
            return self._push(member, body)
        return self._pull(member, request.url.params)

    def _push(self, member: Member, body: bytes) -> tuple[int, Any]:
        if member.role is Role.READER:
            return 403, Refusal("role", "As reader one may not do that.")
        if len(body) > self.limits.max_bytes:
            return 413, Refusal("too_large", "Too large.")
        try:
            push = msgspec.json.decode(body, type=Push)
            ops = [msgspec.json.decode(raw) for raw in push.ops]
        except msgspec.DecodeError as error:
            return 400, Refusal("malformed", str(error))
        if len(ops) > self.limits.max_ops:
            return 413, Refusal("too_large", "Too many.")
        if any(self.cannot_read(each) for each in ops):
            return 400, Refusal("malformed", "An event cannot be read.")
        at = max(self.now_ms(), self.log.last_at)
        acks, rejected = [], []
        for raw, fields in zip(push.ops, ops, strict=True):
            code = self.refuse(fields)
            if member.inc and fields["inc"] != member.inc:
                code = "role"
            if code:
                rejected.append(Rejected(fields["id"], code, "Not this one."))
            acks.append(0 if code else self._append(bytes(raw), fields, at, member.name))
        self._blank()
        return 200, PushAnswer(tuple(acks), self.log.head, tuple(rejected))

    def _append(self, raw: bytes, fields: dict[str, Any], at: int, pusher: str) -> int:
        for row in self.log.rows:
            if row.op_id == fields["id"]:
                return row.seq
        self.log.last_at = at
        rows = self.log.rows
        chain = next_chain(rows[-1].chain if rows else "", fields["id"], at)
        relayed = None if fields["by"] == pusher else pusher
        about = _about(fields)
        rows.append(Row(len(rows) + 1, at, relayed, fields["id"], fields["inc"], about, chain, raw))
        return len(rows)

    def _blank(self) -> None:
        marks = ((row.inc, row.about.partition(":")) for row in self.log.rows)
        gone = {(inc, about[2]) for inc, about in marks if about[0] == "redact"}
        for row in self.log.rows:
            if (row.inc, row.about) in gone:
                row.raw = _blanked(row.raw)

    def _pull(self, member: Member, query: httpx.QueryParams) -> tuple[int, Any]:
        seq, chain = parse_cursor(query["since"])
        if self.log.chain_at(seq) != chain:
            return 409, Refusal("rewound", "This server's history is another one.")
        inc = query.get("inc", "")
        if member.inc and inc != member.inc:
            return 403, Refusal("role", "A guest sees one incident only.")
        limit = min(int(query.get("limit", "1000")), self.limits.max_page)
        later = islice(self.log.rows, seq, None)
        found = (row for row in later if not inc or row.inc == inc)
        page = list(islice(found, limit))
        more = next(found, None) is not None
        if not page:
            return 204, None
        cursor = format_cursor(page[-1].seq, page[-1].chain)
        rows = tuple((row.seq, row.at, row.relayed_by, Raw(row.raw)) for row in page)
        return 200, Page(rows, cursor, more)


def _about(fields: dict[str, Any]) -> str:
    data = fields.get("d") or {}
    if fields.get("k") == "entry.add":
        return str(fields["id"])
    if fields.get("k") == "entry.edit":
        return str(data.get("entry"))
    if fields.get("k") == "entry.redact":
        return f"redact:{data.get('entry')}"
    if fields.get("k") == "reg.set" and data.get("f") == "text":
        return str(data.get("obj", "")).removeprefix("entry:")
    return ""


def _blanked(raw: bytes) -> bytes:
    fields = msgspec.json.decode(raw)
    data = fields["d"]
    data["v" if fields["k"] == "reg.set" else "text"] = ""
    data.pop("was", None)
    if isinstance(data.get("src"), dict):
        data["src"] = {name: data["src"][name] for name in ("format", "id")}
    return msgspec.json.encode(fields, order="sorted")
