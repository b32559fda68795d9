"""PostgreSQL as the server's storage: in time, again where that is right, true about commits."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest

from cockpit.errors import ForeignDatabaseError, InvalidInputError, StoreUnavailableError
from cockpit.server import postgres as postgres_engine
from cockpit.server.engine import DEADLINE_SECONDS, RefusedError, Transaction
from cockpit.server.postgres import CONNECTIONS, PostgresEngine, _Session
from tests.engines.postgres import FAST, Postgres
from tests.engines.waiting import wait_for

COUNT = "UPDATE counter SET n = n + 1 RETURNING n"


def count_up(tx: Transaction) -> int:
    return int(tx.rows(COUNT)[0][0])


def read_count(tx: Transaction) -> int:
    return int(tx.rows("SELECT n FROM counter")[0][0])


def run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def address(new_database: Callable[..., str]) -> str:
    """A database that counts."""
    made = new_database()
    run(made, "CREATE TABLE counter(n int)", "INSERT INTO counter VALUES (0)")
    return made


@pytest.fixture
async def engine(address: str) -> AsyncIterator[PostgresEngine]:
    """An engine on it."""
    opened = PostgresEngine(address)
    yield opened
    await opened.close()


@pytest.fixture
def own() -> Iterator[Postgres]:
    """A PostgreSQL of this test alone, which it may break."""
    server = Postgres(**FAST)
    yield server
    server.close()


async def test_what_was_refused_leaves_nothing(engine: PostgresEngine) -> None:
    def refuse(tx: Transaction) -> None:
        count_up(tx)
        raise RefusedError(403, "role", "No.")

    with pytest.raises(RefusedError, match="No"):
        await engine.write(refuse)
    assert await engine.read(read_count) == 0


async def test_lost_connections_are_replaced_unseen(engine: PostgresEngine, address: str) -> None:
    """As after a restart: whatever was idle is dead, and no caller notices."""
    await asyncio.gather(*(engine.read(read_count) for _ in range(4 * CONNECTIONS)))
    run(
        address,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    done = await asyncio.gather(*(engine.write(count_up) for _ in range(2 * CONNECTIONS)))
    assert sorted(done) == list(range(1, 2 * CONNECTIONS + 1))


async def test_it_is_tried_again_where_the_order_was_not_possible(
    new_database: Callable[..., str],
) -> None:
    """Two engines count in one row; a serializable database refuses most of it at first."""
    address = new_database(default_transaction_isolation="serializable")
    run(address, "CREATE TABLE counter(n int)", "INSERT INTO counter VALUES (0)")
    engines = [PostgresEngine(address, connections=4) for _ in range(2)]
    done = await asyncio.gather(*(engines[n % 2].write(count_up) for n in range(40)))
    for engine in engines:
        await engine.close()
    assert sorted(done) == list(range(1, 41))


async def test_a_hanging_database_is_given_up_in_time_and_taken_up_again(own: Postgres) -> None:
    address = own.new_database()
    run(address, "CREATE TABLE counter(n int)", "INSERT INTO counter VALUES (0)")
    engine = PostgresEngine(address)
    await engine.write(count_up)
    own.signal(signal.SIGSTOP)
    began = time.monotonic()
    calls = [engine.write(count_up) for _ in range(2 * CONNECTIONS)]
    said = await asyncio.gather(*calls, return_exceptions=True)
    assert time.monotonic() - began < DEADLINE_SECONDS + 20
    assert [getattr(each, "status", each) for each in said] == [503] * len(calls)
    own.signal(signal.SIGCONT)
    began = time.monotonic()
    while True:
        try:
            assert await engine.write(count_up) >= 2
            break
        except RefusedError:
            assert time.monotonic() - began < 60
    await engine.close()


async def test_what_hangs_is_left_for_another_node(own: Postgres, postgres: Postgres) -> None:
    """Calls that hang must not keep the threads that could ask another node."""
    for server in (own, postgres):
        server.run("CREATE DATABASE moved")
        run(server.dsn("moved"), "CREATE TABLE counter(n int)", "INSERT INTO counter VALUES (0)")
    hosts = f"host={own.home},{postgres.home}"
    engine = PostgresEngine(f"{hosts} user=cockpit dbname=moved", connections=2)
    await asyncio.gather(*(engine.write(count_up) for _ in range(4)))
    own.signal(signal.SIGSTOP)
    began = time.monotonic()
    while time.monotonic() - began < 60:
        with suppress(RefusedError):
            await engine.write(count_up)
            break
    else:
        pytest.fail("It never asked the other node.")
    await engine.close()
    # What was given up, and said to be, is not done later.
    with psycopg.connect(postgres.dsn("moved")) as connection:
        assert connection.execute("SELECT n FROM counter").fetchone() == (1,)


async def test_a_node_that_hangs_once_it_let_one_in_is_left_too(
    own: Postgres, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is not ready yet is shut as well: its thread is needed elsewhere."""
    for server in (own, postgres):
        server.run("CREATE DATABASE half_way")
        run(server.dsn("half_way"), "CREATE TABLE counter(n int)", "INSERT INTO counter VALUES (0)")
    hosts = f"host={own.home},{postgres.home}"
    engine = PostgresEngine(f"{hosts} user=cockpit dbname=half_way", connections=1)
    await engine.write(count_up)
    own.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'half_way'")
    prepare = _Session.prepare

    def hang(session: _Session) -> None:
        own.signal(signal.SIGSTOP)
        prepare(session)

    monkeypatch.setattr(_Session, "prepare", hang)
    async with asyncio.timeout(60):
        for _ in range(5):
            with suppress(RefusedError):
                await engine.write(count_up)
                break
        else:
            pytest.fail("It never asked the other node.")
        await engine.close()


async def test_an_engine_is_closed_though_its_database_hangs(
    own: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asks any more, so no call's deadline ends what waits."""
    engine = PostgresEngine(own.dsn(), connections=1)
    assert await engine.read(lambda tx: tx.rows("SELECT 1")) == [(1,)]
    own.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND datname = 'postgres'"
    )
    prepare, hanging = _Session.prepare, threading.Event()

    def hang(session: _Session) -> None:
        own.signal(signal.SIGSTOP)
        hanging.set()
        prepare(session)

    monkeypatch.setattr(_Session, "prepare", hang)
    left = asyncio.create_task(engine.read(lambda tx: tx.rows("SELECT 1")))
    await asyncio.to_thread(hanging.wait, 30)
    left.cancel()
    async with asyncio.timeout(60):
        await engine.close()


async def test_a_connection_that_was_given_up_while_it_was_made_is_made_anew(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows of it until it is there: whoever gives up all others passes it by."""
    engine = PostgresEngine(address, connections=1)
    assert await engine.read(read_count) == 0
    engine._give_up()
    connect = _Session.__init__

    def lose(session: _Session, address: str, epoch: int) -> None:
        connect(session, address, epoch)
        monkeypatch.undo()
        engine._give_up()

    monkeypatch.setattr(_Session, "__init__", lose)
    assert await engine.read(read_count) == 0
    assert [each.epoch for each in engine._sessions] == [engine._epoch]
    await engine.close()


async def test_a_commit_on_one_node_only_is_no_success(own: Postgres) -> None:
    """An administrator ends the wait for a standby: PostgreSQL commits, and warns."""
    address = own.new_database()
    run(address, "CREATE TABLE counter(n int)", "INSERT INTO counter VALUES (0)")
    engine = PostgresEngine(address)
    await engine.write(count_up)
    run(
        address,
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
        "SELECT pg_reload_conf()",
    )

    async def count_on() -> None:
        while True:
            await engine.write(count_up)

    waiting = asyncio.create_task(count_on())
    await asyncio.to_thread(wait_for, lambda: cancel_waiting(address), 10, "a commit that waits")
    with pytest.raises(RefusedError) as refused:
        await waiting
    assert refused.value.status == 503
    await engine.close()


def cancel_waiting(address: str) -> bool:
    with psycopg.connect(address, autocommit=True) as connection:
        return bool(
            connection.execute(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            ).fetchall()
        )


async def test_a_time_limit_of_the_database_ends_no_commit(own: Postgres) -> None:
    """A limit on statements would end the wait for a standby, too."""
    address = own.new_database(statement_timeout="50ms")
    engine = PostgresEngine(address)
    assert await engine.read(lambda tx: tx.rows("SHOW statement_timeout")) == [("0",)]
    await engine.close()


async def test_no_plan_is_kept(engine: PostgresEngine) -> None:
    """It would be one for empty tables; and poolers between could not pass it on."""
    for _ in range(20 * CONNECTIONS):
        await engine.read(read_count)
    kept = await engine.read(lambda tx: tx.rows("SELECT count(*) FROM pg_prepared_statements"))
    assert kept == [(0,)]


async def test_text_that_cannot_be_stored_is_refused(engine: PostgresEngine) -> None:
    with pytest.raises(RefusedError) as refused:
        await engine.read(lambda tx: tx.rows("SELECT ?", "a\0b"))
    assert refused.value.status == 400


def test_many_processes_make_the_tables_once(new_database: Callable[..., str]) -> None:
    address = new_database()
    with ThreadPoolExecutor(8) as threads:
        engines = list(threads.map(lambda _: PostgresEngine(address), range(8)))
    for engine in engines:
        asyncio.run(engine.close())


def test_a_database_that_hangs_before_it_lets_one_in_is_said_at_the_start(own: Postgres) -> None:
    own.signal(signal.SIGSTOP)
    with pytest.raises(StoreUnavailableError, match="timeout"):
        PostgresEngine(own.dsn())


def test_a_database_that_hangs_once_it_let_one_in_is_said_at_the_start(
    own: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = _Session.prepare

    def hang(session: _Session) -> None:
        own.signal(signal.SIGSTOP)
        prepare(session)

    monkeypatch.setattr(_Session, "prepare", hang)
    monkeypatch.setattr(postgres_engine, "_START_SECONDS", 2.0)
    with pytest.raises(StoreUnavailableError, match="let us in and does not answer"):
        PostgresEngine(own.dsn())


def test_a_database_of_something_else_is_left_alone(new_database: Callable[..., str]) -> None:
    address = new_database()
    run(address, "CREATE TABLE op(mine int)")
    with pytest.raises(ForeignDatabaseError):
        PostgresEngine(address)


@pytest.mark.parametrize("address", ["host", "postgresql://u:hidden@[h/db", "nonsense=hidden"])
def test_what_is_no_address_is_refused_without_its_words(address: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        PostgresEngine(address)
    assert "hidden" not in f"{refused.value.message} {refused.value.hint}"


def test_a_database_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(StoreUnavailableError) as refused:
        PostgresEngine("postgresql://ana:hidden@127.0.0.1:1/db")
    assert "hidden" not in f"{refused.value.message} {refused.value.hint}"
