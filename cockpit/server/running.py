"""The server as a process: where it listens, how it logs, and how it stops."""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path

import uvicorn
from msgspec import Struct

from cockpit.errors import InvalidInputError
from cockpit.server.app import make_app, make_service
from cockpit.server.engine import Engine
from cockpit.server.logbook import make_handler
from cockpit.server.meter import Meter
from cockpit.server.patience import PatientProtocol
from cockpit.server.service import Service, Setup

_STOP_SECONDS = 4
_END_SECONDS = 20
_BACKLOG = 2048
MOST_CONNECTIONS = 4000
_IDLE_SECONDS = 60
_LOOK_SECONDS = 1.0
_Say = Callable[[Service], None]


class Listening(Struct, frozen=True):
    """Where and how to listen.

    database: a path, or postgresql://…; proxies: whose X-Forwarded-* headers count ("" for
    nobody's); certificate, key: files, "" for plain HTTP; port 0: any that is free.
    """

    database: str
    host: str
    port: int
    title: str
    setup: Setup
    workers: int = 1
    proxies: str = ""
    certificate: str = ""
    key: str = ""
    verbose: bool = False


class _Server(uvicorn.Server):
    """A server that answers parked pulls before it waits for its calls to end."""

    def __init__(self, config: uvicorn.Config, service: Service, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._service, self._ready = service, ready

    def handle_exit(self, sig: int, *_: object) -> None:
        """Stop in order; a second Ctrl+C does not wait. Being stopped is no failure."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.bell.close()
        await super().shutdown(sockets)


def open_engine(database: str) -> Engine:
    """Return the engine of a database: a path, or postgresql://…; raises StoreError."""
    if _is_postgres(database):
        from cockpit.server.postgres import PostgresEngine

        return PostgresEngine(database)
    from cockpit.server.sqlite import SqliteEngine

    return SqliteEngine(Path(database))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises InvalidInputError where that is not possible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        # Without it every answer waits 40 ms for the client to acknowledge its first packet.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise InvalidInputError(
            f"Nothing can listen on {host}, port {port}: {error.strerror}.",
            "Choose another --host or --port.",
        ) from error


def serve(place: Listening, listener: socket.socket, say: _Say) -> None:
    """Serve until SIGTERM or SIGINT; `say` is called once with what then runs.

    Raises InvalidInputError for several workers on one SQLite file or a certificate that cannot
    be used, StoreError.
    """
    _check_certificate(place)
    if place.workers == 1:
        _serve(place, listener, say)
        return
    if not _is_postgres(place.database):
        raise InvalidInputError(
            "Several workers need PostgreSQL.", "Leave --workers out: one serves hundreds."
        )
    asyncio.run(open_engine(place.database).close())  # what is wrong with it is said once
    workers: list[SpawnProcess] = []
    # No lock of Python's: a handler that takes the one that the loop holds would wait for ever.
    asked, asking = socket.socketpair()
    with asked, asking:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asking.send(b"!"))
        while not select.select([asked], [], [], _LOOK_SECONDS if workers else 0)[0]:
            workers = [worker for worker in workers if worker.is_alive()]
            say = _fill_up(workers, place, listener, say)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(_END_SECONDS)
            worker.kill()


def _fill_up(
    workers: list[SpawnProcess], place: Listening, listener: socket.socket, say: _Say
) -> _Say:
    """Start the workers that are missing; return what the next one shall say."""
    while len(workers) < place.workers:
        worker = get_context("spawn").Process(target=_serve, args=(place, listener, say))
        worker.start()
        workers.append(worker)
        say = _keep_quiet
    return say


def _serve(place: Listening, listener: socket.socket, say: _Say) -> None:
    logging.basicConfig(handlers=[make_handler(sys.stderr)], level=logging.WARNING, force=True)
    logging.getLogger("cockpit").setLevel(logging.DEBUG if place.verbose else logging.WARNING)
    service = make_service(open_engine(place.database), place.setup)
    if place.workers > 1:
        service.meter = Meter(str(os.getpid()))
    config = uvicorn.Config(
        make_app(service, place.title, inviting=say is not _keep_quiet),
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        proxy_headers=bool(place.proxies),
        forwarded_allow_ips=place.proxies or None,
        ssl_certfile=place.certificate or None,
        ssl_keyfile=place.key or None,
    )
    _Server(config, service, partial(say, service)).run([listener])


def _check_certificate(place: Listening) -> None:
    try:
        if place.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(place.certificate, place.key or None)
    except OSError as error:
        raise InvalidInputError(
            f"The certificate or its key cannot be used: {error.strerror or error}.",
            "--certificate and --key name files in PEM format.",
        ) from error


def _is_postgres(database: str) -> bool:
    return database.startswith(("postgresql://", "postgres://"))


def _keep_quiet(_: Service) -> None:
    """Say nothing: the first process has said it."""
