"""Disks that are full, read-only or gone: no ack without the row, plain words, going on later."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.errors import CockpitError, StoreUnavailableError
from cockpit.store import connection as connection_module
from cockpit.store.database import Store
from tests.store.processes import finish, start
from tests.store.store_events import count_ops, declare, note, open_store, texts

NOBODY = 65534

FULL = """
import resource
with open_store() as store:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    acked, refused = [], 0
    for number in range(400):
        try:
            acked.append(note(store, f"{number} " + "x" * 5000).id)
        except CockpitError as error:
            assert error.hint, error
            refused += 1
            if refused == 5:
                break
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    acked.append(note(store, "there is space again").id)
    kept = [record.op.id for record in store.reads.ops()]
    assert refused and kept == acked, (refused, len(kept), len(acked))
    assert all(each.ok for each in store.check())
print("done")
"""

READ_ONLY = """
with open_store() as store:
    print(store.reads.summaries()[0].title)
    try:
        note(store, "x")
    except CockpitError as error:
        print(type(error).__name__)
"""

UNREADABLE = """
try:
    open_store().close()
    print("opened")
except CockpitError as error:
    print(type(error).__name__)
"""


def test_a_full_disk_refuses_in_words_and_goes_on_when_there_is_space(path: Path) -> None:
    assert finish(start(FULL, path)).endswith("done\n")


def test_a_full_database_leaves_nothing_half_written(store: Store) -> None:
    declare(store)
    connection = store._connection
    pages = connection.value("PRAGMA page_count")
    connection.value(f"PRAGMA max_page_count = {pages + 8}")
    kept = count_ops(store)
    refusal: CockpitError | None = None
    while refusal is None:
        try:
            note(store, "x" * 9000)
            kept += 1
        except StoreUnavailableError as error:
            refusal = error
    assert "no space left" in refusal.message
    assert "Try again" in refusal.hint
    assert count_ops(store) == kept
    assert len(texts(store)) == kept
    connection.value("PRAGMA max_page_count = 1000000")
    note(store, "there is space again")
    assert all(each.ok for each in store.check())


@pytest.fixture
def shared() -> Iterator[Path]:
    """A database in a directory that another user may enter, where there is another user."""
    directory = Path(tempfile.mkdtemp(prefix="cockpit"))
    path = directory / "cockpit.sqlite"
    with open_store(path) as store:
        declare(store)
    yield path
    directory.chmod(0o700)
    shutil.rmtree(directory)


LOADED = """
import tempfile
with tempfile.TemporaryDirectory() as elsewhere:
    opened, path = path, Path(elsewhere) / "cockpit.sqlite"
    with open_store() as store:
        store.reads.summaries()
    path = opened
"""
"""Loads all modules first: another user may not be allowed to read the interpreter's own."""


def run_as_other(script: str, path: Path) -> str:
    """Run a script as a user whom file modes bind."""
    if os.geteuid() == 0:
        for each in (path.parent, *path.parent.iterdir()):
            os.chown(each, NOBODY, NOBODY)
        become = f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        script = LOADED + become + script
    return finish(start(script, path))


def test_a_read_only_file_can_be_read_and_says_so_when_written(shared: Path) -> None:
    shared.chmod(0o400)
    assert run_as_other(READ_ONLY, shared).split("\n")[:2] == [
        "Checkout fails",
        "StoreUnavailableError",
    ]


def test_a_read_only_directory_ends_in_a_sentence(shared: Path) -> None:
    shared.parent.chmod(0o500)
    script = (
        f"try:\n{_indent(READ_ONLY)}\nexcept CockpitError as error: print(type(error).__name__)"
    )
    assert "StoreUnavailableError" in run_as_other(script, shared)


def test_an_unreadable_file_or_directory_ends_in_a_sentence(shared: Path) -> None:
    shared.chmod(0o000)
    assert run_as_other(UNREADABLE, shared) in ("StoreUnavailableError\n", "opened\n")
    shared.parent.chmod(0o000)
    assert run_as_other(UNREADABLE, shared) == "StoreUnavailableError\n"


def _indent(script: str) -> str:
    return "\n".join(f"    {line}" for line in script.splitlines())


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_a_file_that_goes_away_is_noticed_before_the_next_ack(path: Path, how: str) -> None:
    with open_store(path) as store:
        declare(store)
        aside = path.with_name("aside")
        if how == "deleted":
            path.unlink()
        else:
            path.rename(aside)
        if how == "replaced":
            shutil.copy(aside, path)
        with pytest.raises(StoreUnavailableError, match="deleted, moved or replaced"):
            store.data_version()
        with pytest.raises(StoreUnavailableError, match="deleted, moved or replaced"):
            note(store, "not acknowledged")
        if how == "moved":
            aside.rename(path)
            note(store, "it is back")
            assert texts(store)[-1] == "it is back"


def test_a_lock_that_never_ends_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path) as store, open_store(path) as other:
        declare(store)
        monkeypatch.setattr(connection_module, "PATIENCE_S", 0.05)
        store._connection.execute("PRAGMA busy_timeout = 10")
        with (
            other._connection.writing(),
            pytest.raises(StoreUnavailableError, match="keeps the database"),
        ):
            note(store, "x")
        note(store, "free again")
        assert texts(store)[-1] == "free again"
