"""Migrations of the database's schema; loaded only when one is due."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from cockpit.store.connection import Connection
from cockpit.store.opening import identify
from cockpit.store.tables import (
    APPLICATION_ID,
    PROJECTION_VERSION,
    SCHEMA_VERSION,
    SHARING,
    TRUTH,
    projection_statements,
    removal_statements,
)


def migrate(connection: Connection, device: str) -> None:
    """Bring the schema up to date in one transaction; safe when many processes start at once.

    device: 8 hex digits, the name that a new database gets.
    """
    with connection.writing():
        # Another process may have migrated while this one waited for the lock.
        identify(connection)
        if connection.value("PRAGMA user_version") == SCHEMA_VERSION:
            return
        database = Database(connection.raw, recursive_triggers=False, execute_plugins=False)
        _migrations().apply(database)
        first = [("device", device), ("projections", str(PROJECTION_VERSION))]
        connection.execute_many("INSERT OR IGNORE INTO meta VALUES (?, ?)", first)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _migrations() -> Migrations:
    migrations = Migrations("cockpit")

    @migrations(name="1 events and projections")
    def _create(database: Database) -> None:
        for statement in (*TRUTH, *projection_statements()):
            database.conn.execute(statement)

    @migrations(name="2 plans of each audience in the incident list")
    def _replace_projections(database: Database) -> None:
        # Filled again from the events: their version in `meta` is older than ours.
        _make_again(database, "incident", "plans")

    @migrations(name="3 shared workspaces")
    def _share(database: Database) -> None:
        for statement in SHARING:
            database.conn.execute(statement)

    @migrations(name="4 when a line of the timeline was recorded")
    def _replace_timeline(database: Database) -> None:
        _make_again(database, "entry", "recorded")

    @migrations(name="5 entries and values numbered as their events")
    def _renumber(database: Database) -> None:
        indexes = (each for each in TRUTH if each.startswith("CREATE INDEX op_inc "))
        for statement in ("DROP INDEX op_inc", *indexes):
            database.conn.execute(statement)
        _make_again(database, "reg_op", "n")

    return migrations


def _make_again(database: Database, table: str, column: str) -> None:
    """Make all projections again, empty, where a table does not have a new column yet."""
    if column in database[table].columns_dict:
        return
    for statement in (*removal_statements(), *projection_statements()):
        database.conn.execute(statement)
