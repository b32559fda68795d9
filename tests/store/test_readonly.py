"""A database that may only be read, even where nothing beside it may be written."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.errors import ReadOnlyError
from cockpit.paths import Paths
from cockpit.service import incidents, timeline
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import open_session

NOBODY = 65534


def in_child(directory: Path, work: object) -> str:
    """Run `work` in a process that may not write to `directory`; return what it says."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.getuid() == 0:
                os.setuid(NOBODY)
            said = str(work()) if callable(work) else ""
        except BaseException as error:  # the parent must hear of it
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes to fork here")
def test_a_directory_that_may_not_be_written_to() -> None:
    home = Path(tempfile.mkdtemp(prefix="ic"))
    try:
        with open_session(Paths(home, home), Config(author="me")) as session:
            declare(session, Declaration("Nobody can pay", "SEV2"))
        for each in home.rglob("*"):
            each.chmod(0o755 if each.is_dir() else 0o444)
        home.chmod(0o555)

        def look() -> str:
            config = Config(author="me", readonly=True)
            with open_session(Paths(home, home), config) as session:
                session.store.data_version()
                (found,) = incidents.list_incidents(session)
                try:
                    timeline.log(session, found.id, "x")
                except ReadOnlyError:
                    return found.title
            return "it was written"

        assert in_child(home, look) == "Nobody can pay"
    finally:
        home.chmod(0o755)
        shutil.rmtree(home)


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
