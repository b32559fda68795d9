"""Whatever answers, a call ends in time, costs little, and gives the token to nobody else."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.wire import Join
from cockpit.errors import InvalidInputError, SyncError
from cockpit.sync.address import check_address, is_loopback, parse_invite
from cockpit.sync.client import Client
from cockpit.sync.faults import (
    MalformedError,
    RefusedError,
    RewoundError,
    StoppedError,
    TooLargeError,
    TroubledError,
    UnreachableError,
)
from cockpit.sync.transport import MAX_ANSWER_BYTES, Transport
from tests.sync.rogue_server import Behaviour, RogueServer, answer, drip

WS = "c" * 32
TOKEN = "ic1.secret-canary"


def make_client(url: str, **how: Any) -> Client:
    return Client(Transport(url, **how), now_ms=lambda: 10**12, ws=WS, token=TOKEN)


def pull_from(behave: Behaviour) -> Any:
    with RogueServer(behave) as server:
        client = make_client(server.url)
        try:
            return client.pull("0")
        finally:
            client.close()


@pytest.mark.parametrize(
    "address",
    ["http://sync.example", "http://10.0.0.1", "ftp://x", "sync.example", "https://a@b", "https://",
     "https://x/?q=1", "https://x/#y", "https://x:0", "https://x:nope", "http://127.0.0.1.example"],
)  # fmt: skip
def test_a_token_goes_to_no_such_address(address: str) -> None:
    with pytest.raises(InvalidInputError):
        Transport(address)


@pytest.mark.parametrize(
    "address",
    ["https://sync.example", "https://sync.example:8443/cockpit/", "http://127.0.0.1:8484",
     "http://localhost:1", "http://[::1]:80"],
)  # fmt: skip
def test_such_an_address_is_fine(address: str) -> None:
    assert check_address(address) == address.rstrip("/")


def test_only_this_machine_is_this_machine() -> None:
    assert [is_loopback(each) for each in ("127.9.9.9", "::1", "0.0.0.0", "localhost.example")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_an_invite_is_read() -> None:
    invite = parse_invite(" https://sync.example/team/j#AbC-_1.key1.key2\n")
    assert (invite.url, invite.code, invite.keys) == (
        "https://sync.example/team", "AbC-_1", "key1.key2",
    )  # fmt: skip
    assert "AbC" not in repr(invite)


@pytest.mark.parametrize(
    "text", ["", "https://sync.example/j", "https://sync.example/j#", "https://x/k#abc", "abc",
             "http://sync.example/j#abc", "https://x/j#a b"]
)  # fmt: skip
def test_what_is_no_invite_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_invite(text)


PORTAL = b"<!doctype html><title>Sign in</title>"


@pytest.mark.parametrize(
    "behave",
    [
        answer("200 OK", PORTAL, "Content-Type: text/html", proto=False),
        answer("401 Unauthorized", PORTAL, "Content-Type: text/html", proto=False),
        answer("200 OK", PORTAL, "Content-Type: application/json"),
        answer("204 No Content", b"", proto=False),
        answer("200 OK", b'{"ops":[],"cursor":"0"}', proto=False),
        answer("302 Found", b"", "Location: http://127.0.0.1:1/"),
        answer("308 Permanent Redirect", b"", "Location: /elsewhere"),
        answer("200 OK", b"x", "Content-Encoding: br"),
    ],
)
def test_what_stands_in_between_is_no_server(behave: Behaviour) -> None:
    with pytest.raises(UnreachableError) as caught:
        pull_from(behave)
    assert caught.value.code == "portal"


def test_no_redirect_is_followed_and_no_token_leaves() -> None:
    with RogueServer(answer("200 OK", b"{}")) as other:
        location = f"Location: {other.url}/v1/w/{WS}/ops"
        with pytest.raises(UnreachableError):
            pull_from(answer("307 Temporary Redirect", b"", location))
        assert other.requests == []


def test_the_settings_of_the_environment_do_not_send_it_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RogueServer(answer("200 OK", b"{}")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        pull_from(answer("200 OK", b'{"ops":[],"cursor":"0"}'))
        assert proxy.requests == []


def test_a_proxy_is_used_where_the_person_set_one() -> None:
    with RogueServer(answer("200 OK", b'{"ops":[],"cursor":"0"}')) as proxy:
        client = make_client("http://127.0.0.1:1", proxy=proxy.url)
        client.pull("0")
        client.close()
        assert len(proxy.requests) == 1


REFUSALS: list[tuple[str, bytes, type[SyncError]]] = [
    ("401 Unauthorized", b'{"error":"revoked","words":"Gone."}', RefusedError),
    ("403 Forbidden", b'{"error":"role"}', RefusedError),
    ("404 Not Found", b'{"error":"workspace"}', RefusedError),
    ("409 Conflict", b'{"error":"rewound"}', RewoundError),
    ("409 Conflict", b'{"error":"name_taken"}', RefusedError),
    ("410 Gone", b'{"error":"used"}', RefusedError),
    ("426 Upgrade Required", b'{"error":"proto"}', RefusedError),
    ("413 Content Too Large", b'{"error":"too_large"}', TooLargeError),
    ("400 Bad Request", b'{"error":"malformed"}', MalformedError),
    ("429 Too Many Requests", b'{"error":"busy"}', TroubledError),
    ("503 Service Unavailable", b"", TroubledError),
    ("500 Internal Server Error", b"oops", TroubledError),
    ("502 Bad Gateway", PORTAL, TroubledError),
    ("401 Unauthorized", b"denied", TroubledError),
    ("403 Forbidden", b'["no refusal of ours"]', TroubledError),
    ("400 Bad Request", b"bad", TroubledError),
    ("200 OK", b'{"ops":"no"}', TroubledError),
    ("200 OK", b'{"ops":[[1', TroubledError),
    ("200 OK", b"\xff\xfe", TroubledError),
    ("200 OK", b"[" * 100_000, TroubledError),
]


@pytest.mark.parametrize(("status", "body", "kind"), REFUSALS)
def test_every_answer_has_its_meaning(status: str, body: bytes, kind: type[SyncError]) -> None:
    with pytest.raises(SyncError) as caught:
        pull_from(answer(status, body))
    assert type(caught.value) is kind


@pytest.mark.parametrize(("text", "wait"), [("7", 7.0), ("99999999", 600.0), ("soon", 0.0)])
def test_a_busy_server_says_when_to_come_back(text: str, wait: float) -> None:
    with pytest.raises(TroubledError) as caught:
        pull_from(answer("503 Busy", b"", f"Retry-After: {text}"))
    assert caught.value.retry_after_s == wait


def test_a_bomb_of_300_megabytes_costs_next_to_nothing() -> None:
    bomb = gzip.compress(b"\0" * (300 * 1024 * 1024), 6)
    behave = answer("200 OK", bomb, "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        began = time.process_time()
        with pytest.raises(UnreachableError, match="more than this cockpit reads"):
            pull_from(behave)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MAX_ANSWER_BYTES
    assert time.process_time() - began < 10


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_endless_answer_is_cut(encoding: str) -> None:
    def flood(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nX-Proto: 1\r\n\r\n"
        piece = b"x" * 2**20
        if encoding == "gzip":
            packer = zlib.compressobj(9, wbits=31)
            piece = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
        connection.sendall(head.encode())
        while True:
            connection.sendall(piece)
            if encoding == "gzip":
                piece = packer.compress(b"x" * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)

    with pytest.raises(UnreachableError, match="more than this cockpit reads"):
        pull_from(flood)


def test_what_follows_a_packed_answer_is_not_read() -> None:
    body = gzip.compress(b'{"ops":[],"cursor":"0"}')

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX-Proto: 1\r\n\r\n")
        connection.sendall(body)
        while True:
            connection.sendall(body * 1000)

    assert pull_from(flood).cursor == "0"


def test_a_packed_answer_that_was_cut_is_not_believed() -> None:
    whole = gzip.compress(b'{"ops":[],"cursor":"0"}' + b" " * 5000)
    with pytest.raises(UnreachableError):
        pull_from(answer("200 OK", whole[:-12], "Content-Encoding: gzip"))


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Proto: 1\r\n"


@pytest.mark.parametrize(
    ("first", "piece"),
    [(HEAD + b"Content-Length: 9999\r\n\r\n", b" "), (HEAD, b"X-More: 1\r\n"), (b"HTTP/1.1", b" ")],
    ids=["body", "headers", "status line"],
)
def test_an_answer_that_drips_is_cut(first: bytes, piece: bytes) -> None:
    closed = threading.Event()
    with RogueServer(drip(first, piece, closed)) as server:
        transport = Transport(server.url)
        began = time.monotonic()
        with pytest.raises(UnreachableError):
            transport.call("GET", "/v1/hello", deadline_s=0.5)
        assert time.monotonic() - began < 15
        transport.close()
        closed.set()


def hanging(connection: socket.socket) -> None:
    connection.recv(1)


def test_a_call_that_hangs_is_stopped_at_once() -> None:
    with RogueServer(hanging) as server:
        client = make_client(server.url)
        threading.Timer(0.3, client.stop).start()
        began = time.monotonic()
        with pytest.raises(StoppedError):
            client.pull("0", wait=25)
        assert time.monotonic() - began < 12, "it waited for the answer"
        with pytest.raises(StoppedError):
            client.pull("0")
        client.close()


def test_a_name_that_is_never_found_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def look_up(*_: object, **__: object) -> list[Any]:
        released.wait(20)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    transport = Transport("https://sync.example")
    began = time.monotonic()
    with pytest.raises(UnreachableError):
        transport.call("GET", "/v1/hello", deadline_s=0.5)
    assert time.monotonic() - began < 12, "it waited for the name"
    released.set()
    transport.close()


@pytest.mark.parametrize(
    "fail", [lambda url: url, lambda url: url.replace("127.0.0.1", "nowhere.invalid")]
)
def test_nobody_there_is_said_in_words(fail: Callable[[str], str]) -> None:
    with RogueServer(hanging) as server:
        pass
    transport = Transport(fail(server.url).replace("http://nowhere", "https://nowhere"))
    with pytest.raises(UnreachableError) as caught:
        transport.call("GET", "/v1/hello", deadline_s=5)
    assert (caught.value.code, TOKEN in str(caught.value)) == ("offline", False)


def test_an_idle_connection_that_was_closed_meanwhile_is_no_failure() -> None:
    """A server closes idle connections; the next call must not look like an outage."""
    asked = []

    def behave(connection: socket.socket) -> None:
        asked.append(1)
        body = b'{"ops":[],"cursor":"0"}'
        head = HEAD + f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n".encode()
        connection.sendall(head + body)
        connection.recv(65536)
        # The second request on this connection arrives, and the server hangs up on it.

    with RogueServer(behave) as server:
        client = make_client(server.url)
        for _ in range(3):
            client.pull("0")
        client.close()
    assert len(asked) == 3


def test_an_invite_is_never_redeemed_twice() -> None:
    with RogueServer(lambda connection: None) as server:
        client = make_client(server.url)
        with pytest.raises(UnreachableError):
            client.join(Join("code", "ana", "0000000a"))
        client.close()
        assert len(server.requests) == 1


def test_an_unknown_certificate_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def handshake(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            handshake(listener.accept()[0])
        except OSError:
            return

    threading.Thread(target=serve, daemon=True).start()
    transport = Transport(f"https://127.0.0.1:{listener.getsockname()[1]}")
    with pytest.raises(UnreachableError) as caught:
        transport.call("GET", "/v1/hello", deadline_s=5)
    listener.close()
    assert caught.value.code == "tls"


def self_signed(place: Path) -> Path:
    """Write a certificate that nobody vouches for, with its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = place / "server.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


def test_no_log_names_the_token_or_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    pull_from(answer("200 OK", b'{"ops":[],"cursor":"0"}'))
    said = caplog.text
    assert TOKEN not in said
    assert WS not in said
