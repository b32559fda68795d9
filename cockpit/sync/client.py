"""The calls of the protocol, each with what it answers or a typed error in words."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec

from cockpit.domain.wire import (
    MAX_PAGE_OPS,
    Beat,
    Hello,
    Here,
    Invite,
    InviteRequest,
    Join,
    Joined,
    Member,
    NewWorkspace,
    Page,
    PushAnswer,
    Refusal,
)
from cockpit.errors import InvalidInputError
from cockpit.sync.faults import (
    MalformedError,
    RefusedError,
    RewoundError,
    TooLargeError,
    TroubledError,
    UnreachableError,
)
from cockpit.sync.transport import Answer, Call, Transport

DEADLINE_S = 15.0
"""How long a call may take in all; one that waits for news may take so much longer."""

_COARSE_MS = 2000
"""By how much the skew must differ from the last before a header with whole seconds counts."""

_PACK_FROM = 4096
"""Bodies of so many bytes travel packed."""

_T = TypeVar("_T")
_WS = re.compile(r"[0-9a-f]{32}")
_REFUSED = {401, 403, 404, 409, 410, 426}
_ASK = "Ask an owner of the workspace for a new invite."
_HINTS = {
    "unknown_token": _ASK,
    "revoked": _ASK,
    "used": _ASK,
    "expired": _ASK,
    "role": "cockpit sync members shows who is what; the owners decide that.",
    "workspace": _ASK,
    "name_taken": "Join with another name. For another device of your own, make its invite on the "
    "first one: cockpit sync invite --for NAME.",
    "proto": "Upgrade this cockpit, or the server.",
}


class Client:
    """Speaks with one server for one workspace; one call at a time, `stop` from any thread."""

    def __init__(
        self, transport: Transport, *, now_ms: Callable[[], int], ws: str = "", token: str = ""
    ) -> None:
        """Use `transport`; `ws` and `token` are empty before joining.

        now_ms: this machine's clock in Unix ms, to measure how it differs from the server's.
        """
        if ws and not _WS.fullmatch(ws):
            raise InvalidInputError("That is not a workspace.")
        self._transport = transport
        self._now_ms = now_ms
        self._ws = ws
        self._token = token
        self._ahead: tuple[str, str, Call] | None = None
        self.skew_ms: int | None = None
        """This clock minus the server's in ms, None before the first answer."""

    def hello(self) -> Hello:
        """Return who answers, and measure the clocks."""
        before = self._now_ms()
        hello = self._ask(Hello, "GET", "/v1/hello", signed=False)
        self.skew_ms = (before + self._now_ms()) // 2 - hello.time
        return hello

    def push(self, ops: Sequence[bytes]) -> PushAnswer:
        """Append envelopes, in order; to do so twice does no harm."""
        body = b'{"ops":[' + b",".join(ops) + b"]}"
        return self._ask(PushAnswer, "POST", self._path("ops"), body=body)

    def pull(
        self,
        since: str,
        *,
        limit: int = MAX_PAGE_OPS,
        wait: int = 0,
        inc: str = "",
        here: int | None = None,
    ) -> Page | None:
        """Return the events after a cursor, None when nothing came in `wait` seconds.

        here: the version of who is present that is known, None to leave that out.
        Raises RewoundError when the server's history is another one.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[:2] == (since, inc):
            answer = self._transport.finish(ahead[2])
            check_answer(answer)
        else:
            path = self._page_path(since, limit, inc) + f"&wait={wait}"
            path += "" if here is None else f"&here={here}"
            answer = self._send("GET", path, deadline_s=DEADLINE_S + wait)
        return None if answer.status == 204 else self._decode(answer, Page)

    def pull_ahead(self, since: str, *, limit: int = MAX_PAGE_OPS, inc: str = "") -> None:
        """Ask for what the next `pull` with this cursor returns; any other call throws it away.

        The clocks are not measured by its answer, which may lie here for a while.
        """
        call = self._transport.begin(
            "GET",
            self._page_path(since, limit, inc),
            deadline_s=DEADLINE_S,
            headers=self._signature(),
        )
        self._ahead = since, inc, call

    def beat(self, beat: Beat, *, deadline_s: float = DEADLINE_S) -> Here:
        """Say what this device does, and return who is present."""
        body = msgspec.json.encode(beat)
        return self._ask(Here, "POST", self._path("here"), body=body, deadline_s=deadline_s)

    def invite(self, request: InviteRequest) -> Invite:
        """Make an invite of a single use."""
        body = msgspec.json.encode(request)
        return self._ask(Invite, "POST", self._path("invites"), body=body)

    def join(self, join: Join) -> Joined:
        """Use an invite up, and return the membership with its token."""
        body = msgspec.json.encode(join)
        return self._ask(Joined, "POST", "/v1/join", body=body, signed=False, again=False)

    def create(self, workspace: NewWorkspace) -> Joined:
        """Make another workspace on the same server, as its owner."""
        body = msgspec.json.encode(workspace)
        return self._ask(Joined, "POST", "/v1/workspaces", body=body, again=False)

    def members(self) -> tuple[Member, ...]:
        """Return the members with their devices."""
        return self._ask(tuple[Member, ...], "GET", self._path("members"))

    def revoke(self, token_id: str) -> None:
        """Take a device out; `token_id` is not secret."""
        self._send("DELETE", self._path(f"tokens/{_checked(token_id)}"))

    def stop(self) -> None:
        """Give up the call that runs now, and every later one."""
        self._transport.stop()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _path(self, rest: str) -> str:
        return f"/v1/w/{self._ws}/{rest}"

    def _page_path(self, since: str, limit: int, inc: str) -> str:
        query = f"?since={since}&limit={limit}" + (f"&inc={inc}" if inc else "")
        return self._path(f"ops{query}")

    def _signature(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _ask(self, kind: type[_T], method: str, path: str, **how: Any) -> _T:
        return self._decode(self._send(method, path, **how), kind)

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        signed: bool = True,
        again: bool = True,
        deadline_s: float = DEADLINE_S,
    ) -> Answer:
        self._ahead = None
        headers = self._signature() if signed else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            if len(body) >= _PACK_FROM:
                body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        answer = self._transport.call(
            method, path, headers=headers, body=body, deadline_s=deadline_s, again=again
        )
        check_answer(answer)
        self._measure(answer.headers)
        return answer

    def _decode(self, answer: Answer, kind: type[_T]) -> _T:
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TroubledError("The server's answer makes no sense.") from error

    def _measure(self, headers: Mapping[str, str]) -> None:
        """Measure the clocks by the header `Date`, where that says something new."""
        try:
            served = parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        skew = self._now_ms() - round(served * 1000) - 500
        if self.skew_ms is None or abs(skew - self.skew_ms) > _COARSE_MS:
            self.skew_ms = skew


def check_answer(answer: Answer) -> None:
    """Raise the typed error of an answer that is none of ours, or that refuses.

    What does not speak this protocol is no refusal: a sign-in page or a proxy must not be able to
    end the exchange for good.
    """
    words = _portal_words(answer)
    if words:
        raise UnreachableError(
            "portal", words, "Is there a sign-in page of this network, or a proxy in between?"
        )
    if 200 <= answer.status < 300:
        return
    refusal = _read_refusal(answer)
    if refusal is not None and answer.status not in (429, 503):
        code, said = refusal.error, refusal.words or f"The server refused ({refusal.error})."
        if answer.status == 409 and code == "rewound":
            raise RewoundError
        if answer.status == 413:
            raise TooLargeError(said)
        if answer.status == 400:
            raise MalformedError(code, said)
        if answer.status in _REFUSED:
            raise RefusedError(code, said, _HINTS.get(code, ""))
    raise TroubledError(
        refusal.words if refusal and refusal.words else _status_words(answer.status),
        _retry_after(answer.headers.get("retry-after", "")),
    )


def _portal_words(answer: Answer) -> str:
    """Return what to say of an answer that another program gave, empty for one of ours."""
    if 300 <= answer.status < 400:
        return "Something sends this cockpit to another address, which it does not follow."
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_page = (
        kind in ("text/html", "application/xhtml+xml") or answer.body[:64].lstrip()[:1] == b"<"
    )
    if is_page and answer.status < 500:
        return "A web page answers in place of the server."
    if 200 <= answer.status < 300 and "x-proto" not in answer.headers:
        return "Something else answers in place of the server."
    return ""


def _read_refusal(answer: Answer) -> Refusal | None:
    try:
        return msgspec.json.decode(answer.body, type=Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _status_words(status: int) -> str:
    if status in (429, 503):
        return "The server is busy."
    return f"The server has trouble (HTTP {status})."


def _retry_after(text: str) -> float:
    return float(text) if text.isdecimal() and len(text) < 10 else 0.0


def _checked(token_id: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token_id):
        raise InvalidInputError("That is not the id of a device.")
    return token_id
