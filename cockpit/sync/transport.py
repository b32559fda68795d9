"""One HTTP call that ends in time whatever the network does, and never costs more than agreed.

A call runs on a thread of its own, because nothing else can end a name look-up that hangs or an
answer that drips: when its time is up it is given up, and its connection is shut.
"""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cockpit.domain.wire import PROTOCOL
from cockpit.sync.address import check_address
from cockpit.sync.faults import StoppedError, UnreachableError

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""How much of an answer is read, counted unpacked; a page of this protocol has 4 MiB or so."""

CONNECT_S = 5.0
_CHUNK = 64 * 1024
_GZIP = 31


class Answer(Struct, frozen=True):
    """What came back: headers have lower-case names, the body is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Call:
    """A call on its way: what is asked, what came of it, and the connection that it uses."""

    def __init__(
        self,
        method: str,
        path: str,
        deadline_s: float,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> None:
        """Prepare it; nothing is sent yet."""
        self.method, self.path, self.deadline_s = method, path, deadline_s
        self.headers, self.body = headers, body
        self.done = threading.Event()
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.stopped = False
        self.given_up = threading.Event()
        self.fresh_connection = False


class Transport:
    """Calls one server; one call at a time, `stop` from any thread."""

    def __init__(
        self,
        url: str,
        *,
        proxy: str = "",
        ca_file: str = "",
        layer: httpx.BaseTransport | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        """Use the server at `url`; nothing is sent yet.

        proxy: only where the person set one; ca_file: certificate authorities to trust beside the
        system's, empty for none; layer: in place of the network, for tests.
        Raises InvalidInputError for an address to which a token must not go.
        """
        self.url = check_address(url)
        self._proxy = proxy
        self._ca_file = ca_file
        self._layer = layer
        self._max_bytes = max_bytes
        self._client: httpx.Client | None = None
        self._socket: Any = None
        self._running: Call | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def call(
        self,
        method: str,
        path: str,
        *,
        deadline_s: float,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        again: bool = True,
    ) -> Answer:
        """Return the server's answer to one call.

        deadline_s: after which it is given up, whatever it is doing; again: try once more when a
        connection that had been idle was closed meanwhile.
        Raises UnreachableError and StoppedError.
        """
        call = self.begin(method, path, deadline_s=deadline_s, headers=headers, body=body)
        return self.finish(call, again=again)

    def begin(
        self,
        method: str,
        path: str,
        *,
        deadline_s: float,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Call:
        """Send a call off, for `finish`; one that was sent off before and is not done is given up.

        Raises StoppedError.
        """
        self._give_up()
        call = Call(method, path, deadline_s, headers or {}, body)
        with self._lock:
            if self._stopped:
                raise StoppedError
            self._running = call
        threading.Thread(
            target=self._work, args=(call,), name="cockpit-sync-call", daemon=True
        ).start()
        return call

    def finish(self, call: Call, *, again: bool = True) -> Answer:
        """Return the answer to a call that was sent off, waiting for it as `call` does."""
        self._wait(call)
        dropped = again and not call.fresh_connection and _is_dropped(call.error)
        if dropped and self._layer is None:
            call = self.begin(
                call.method,
                call.path,
                deadline_s=call.deadline_s,
                headers=call.headers,
                body=call.body,
            )
            self._wait(call)
        if call.answer is not None:
            return call.answer
        if call.error is None:
            raise UnreachableError("timeout", f"{self._name} did not answer in time.")
        raise self._explain(call.error) from call.error

    def stop(self) -> None:
        """Give up the call that runs now, at once, and every later one."""
        with self._lock:
            self._stopped = True
            call = self._running
        if call is not None:
            call.stopped = True
            call.done.set()

    def close(self) -> None:
        """Close the connection, and give up what is on its way."""
        self._give_up()
        self._drop()

    @property
    def _name(self) -> str:
        return self.url.split("//", 1)[-1]

    def _wait(self, call: Call) -> None:
        """Wait for what comes of a call, until its time is up."""
        finished = call.done.wait(call.deadline_s)
        with self._lock:
            self._running = None
        if call.stopped or not finished:
            call.given_up.set()
            self._drop()
        if call.stopped:
            raise StoppedError

    def _give_up(self) -> None:
        """End a call that nobody waits for any more; one that is done costs no connection."""
        with self._lock:
            call, self._running = self._running, None
        if call is not None and (call.stopped or not call.done.is_set()):
            call.given_up.set()
            self._drop()

    def _work(self, call: Call) -> None:
        """Make the call and leave in it what came of it; runs on a thread of its own."""
        client = None
        try:
            client = self._open(call.deadline_s)
            request = client.build_request(
                call.method,
                f"{self.url}{call.path}",
                headers={**call.headers, "Accept-Encoding": "gzip", "X-Proto": str(PROTOCOL)},
                content=call.body,
                timeout=_timeout(call.deadline_s),
                extensions={"trace": lambda event, info: self._watch(call, event, info)},
            )
            response = client.send(request, stream=True)
            try:
                call.answer = self._read(call, response)
            finally:
                response.close()
        except BaseException as error:  # whatever it is, the caller gets it
            call.error = error
        finally:
            call.done.set()
            if client is not None and call.given_up.is_set():
                _close(client)

    def _read(self, call: Call, response: httpx.Response) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        chunks = response.iter_raw(_CHUNK)
        body = bytearray()
        for piece in _unpack(chunks, headers.get("content-encoding", "identity").lower()):
            body += piece
            if len(body) > self._max_bytes:
                raise UnreachableError(
                    "too_long", f"{self._name} answers with more than this cockpit reads."
                )
            if call.given_up.is_set():
                raise StoppedError
        return Answer(response.status_code, headers, bytes(body))

    def _open(self, deadline_s: float) -> httpx.Client:
        if self._client is None:
            # Loads the HTTP library, which no command but those that exchange events needs.
            import logging

            import httpx

            logging.getLogger("httpx").setLevel(logging.WARNING)
            logging.getLogger("httpcore").setLevel(logging.WARNING)
            secure = self.url.startswith("https://")
            self._client = httpx.Client(
                verify=_trust(self._ca_file) if secure and self._layer is None else True,
                trust_env=False,
                follow_redirects=False,
                proxy=self._proxy or None,
                transport=self._layer,
                timeout=_timeout(deadline_s),
                limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            )
        return self._client

    def _watch(self, call: Call, event: str, info: Mapping[str, Any]) -> None:
        """Remember the connection's socket, so that it can be shut while a read hangs."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            call.fresh_connection = True
            if call.given_up.is_set():
                info["return_value"].close()
                raise StoppedError
            self._socket = info["return_value"].get_extra_info("socket")

    def _drop(self) -> None:
        """Forget the connection, and end whatever waits for it."""
        client, self._client = self._client, None
        held, self._socket = self._socket, None
        if held is not None:
            with suppress(OSError, ValueError):
                socket.socket.shutdown(held, socket.SHUT_RDWR)
        if client is not None:
            _close(client)

    def _explain(self, error: BaseException) -> Exception:
        """Return the error in words."""
        import ssl

        import httpx

        if isinstance(error, UnreachableError | StoppedError):
            return error
        if isinstance(error, httpx.TimeoutException):
            return UnreachableError("timeout", f"{self._name} did not answer in time.")
        if any(isinstance(each, ssl.SSLError) for each in _causes(error)):
            return UnreachableError(
                "tls",
                f"The connection to {self._name} is not safe: its certificate was not accepted.",
                "Somebody may stand in between, or this machine's clock is wrong.",
            )
        return UnreachableError("offline", f"{self._name} cannot be reached.")


def _close(client: httpx.Client) -> None:
    """Close a client, even while another thread uses it."""
    with suppress(Exception):
        client.close()


def _timeout(deadline_s: float) -> httpx.Timeout:
    import httpx

    return httpx.Timeout(deadline_s, connect=min(CONNECT_S, deadline_s))


def _trust(ca_file: str) -> Any:
    """Return what certificates are checked against: the system's authorities and the library's.

    ca_file: further ones, empty for none; raises UnreachableError where it cannot be read.
    """
    import httpx

    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise UnreachableError(
                "tls",
                f"The certificate authorities in {ca_file} cannot be read.",
                "The setting ca_file names that file.",
            ) from error
    return context


def _is_dropped(error: BaseException | None) -> bool:
    import httpx

    return isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError)


def _unpack(chunks: Iterable[bytes], packing: str) -> Iterable[bytes]:
    """Yield a body in pieces of bounded size, however much a packed one unpacks to."""
    if packing in ("identity", ""):
        yield from chunks
        return
    if packing != "gzip":
        raise UnreachableError("portal", "The answer is packed in a way that was not asked for.")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            piece = unpacker.decompress(chunk, _CHUNK)
            while piece:
                yield piece
                piece = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
            if unpacker.eof:
                return
    except zlib.error as error:
        raise UnreachableError("offline", "The answer was cut or changed on its way.") from error
    raise UnreachableError("offline", "The answer was cut on its way.")


def _causes(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
