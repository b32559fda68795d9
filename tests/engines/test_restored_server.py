"""A server whose file is replaced by an older copy gets back from its members what it lost."""

from __future__ import annotations

import shutil
from pathlib import Path

from cockpit.domain.events import EntryAdded
from cockpit.domain.wire import Joined
from tests.engines.servers import TeamServer, found_team, make_team
from tests.engines.test_server_killed import read_all
from tests.store.store_events import INC, START, opened, texts
from tests.sync.replicas import Replica


def hire(server: TeamServer, joined: Joined, place: Path) -> Replica:
    return Replica(
        joined.member,
        place / joined.member,
        None,
        joined.token,
        url=server.url,
        ws=joined.ws,
        server_id=joined.server_id,
    )


def copy(source: Path, target: Path) -> None:
    """Copy a database that nobody has open, with its log."""
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
        if (part := source.with_name(source.name + suffix)).exists():
            shutil.copy(part, target.with_name(part.name.replace(source.name, target.name)))


def test_nothing_is_missing_after_an_older_copy_came_back(tmp_path: Path) -> None:
    database, backup = tmp_path / "server.db", tmp_path / "backup.db"
    server = TeamServer(str(database))
    try:
        ana_joined, ben_joined = make_team(server.url, found_team(server), ["ana", "ben"])
        ana, ben = hire(server, ana_joined, tmp_path), hire(server, ben_joined, tmp_path)
        ana.write(INC, opened(), EntryAdded(START, "in the backup"))
        for each in (ana, ben):
            each.settle()
        server.kill()
        copy(database, backup)
        server.start_again()
        ana.write(INC, EntryAdded(START, "ana, after the backup"))
        ben.write(INC, EntryAdded(START, "ben, after the backup"))
        for each in (ana, ben, ana):
            each.settle()
        ana.write(INC, EntryAdded(START, "ana, never sent"))
        server.kill()
        copy(backup, database)
        server.start_again()
        ben.write(INC, EntryAdded(START, "ben, since then"))
        rewinds = [each.exchange.settle().rewinds for each in (ben, ana, ben, ana)]
        assert rewinds == [1, 1, 0, 0]
        assert set(read_all(server, ana_joined)) == ana.ids() == ben.ids()
        assert ana.cursor() == ben.cursor()
        assert texts(ana.store) == texts(ben.store)
        assert len(ana.ids()) == 6
        for each in (ana, ben):
            each.close()
    finally:
        server.close()
