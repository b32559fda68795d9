"""A database that may only be read, even where nothing beside it may be written."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.errors import ReadOnlyError
from cockpit.paths import Paths
from cockpit.service import timeline
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import open_session

LOOK = """
import os, sys
from pathlib import Path
from cockpit.config import Config
from cockpit.errors import ReadOnlyError
from cockpit.paths import Paths
from cockpit.service import incidents, timeline
from cockpit.service.session import open_session

def look(home):
    config = Config(author="me", readonly=True)
    with open_session(Paths(home, home), config) as session:
        session.store.data_version()
        (found,) = incidents.list_incidents(session)
        try:
            timeline.log(session, found.id, "x")
        except ReadOnlyError:
            return found.title
    return "it was written"

look(Path(sys.argv[1]))  # loads all that only its owner may be able to read
if os.getuid() == 0:
    os.setuid(65534)
print(look(Path(sys.argv[2])))
"""
"""Looks at two homes; root may write anywhere, and so becomes nobody before the second."""


def test_a_directory_that_may_not_be_written_to(tmp_path: Path) -> None:
    homes = tmp_path / "home", Path(tempfile.mkdtemp(prefix="ic"))
    try:
        for home in homes:
            with open_session(Paths(home, home), Config(author="me")) as session:
                declare(session, Declaration("Nobody can pay", "SEV2"))
        for each in homes[1].rglob("*"):
            each.chmod(0o755 if each.is_dir() else 0o444)
        homes[1].chmod(0o555)
        command = [sys.executable, "-c", LOOK, *map(str, homes)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.stdout, done.stderr) == ("Nobody can pay\n", "")
    finally:
        homes[1].chmod(0o755)
        shutil.rmtree(homes[1])


def test_others_go_on_writing_and_are_seen(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path)
    with open_session(paths, Config(author="me")) as writer:
        inc = declare(writer, Declaration("Nobody can pay", "SEV2")).id
        with open_session(paths, Config(author="you", readonly=True)) as reader:
            seen = reader.store.data_version()
            timeline.log(writer, inc, "found it")
            assert reader.store.data_version() != seen
            assert reader.reads.search("found")
            with pytest.raises(ReadOnlyError):
                reader.store.append([])
            with pytest.raises(ReadOnlyError):
                reader.store.rebuild()


def test_drafts_are_neither_kept_nor_cleared(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path)
    with open_session(paths, Config(author="me")) as writer:
        writer.drafts.save("a", "typed before")
        with open_session(paths, Config(author="me", readonly=True)) as reader:
            reader.drafts.save("a", "typed now")
            reader.drafts.clear("a")
            reader.drafts.save("b", "typed now")
            assert reader.drafts.load("a") == "typed before"
        assert writer.drafts.keys() == ("a",)
