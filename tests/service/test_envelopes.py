"""Bundles of an encrypted workspace: sealed with its key, or not written at all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.errors import ImportRefusedError, SyncError
from cockpit.service import bundles
from cockpit.service.envelopes import JoinedSeals
from cockpit.service.incidents import Declaration, declare
from cockpit.service.secrets import Secret, Vault
from cockpit.service.session import Session
from cockpit.sync.keys import WorkspaceKeys, write_key
from tests.service.bundle_copies import open_copy, what_is_there

WS, URL = "a" * 32, "https://cockpit.example"
KEY, NEW_KEY = b"k" * 32, b"n" * 32


def join(session: Session, *keys: bytes) -> JoinedSeals:
    """Join an encrypted workspace, with these keys."""
    session.store.remotes.put(Remote(WS, URL, "s", "Payments", "ana", Role.OWNER, sealed=True))
    vault = Vault(session.paths, lambda: None)
    vault.keep(WS, Secret("token", URL, WorkspaceKeys(keys).write()), in_file=True)
    return JoinedSeals(session, vault)


def written(session: Session, seals: JoinedSeals, *incs: str) -> bytes:
    stream = io.BytesIO()
    bundles.export_stream(session, bundles.choose(session, incs), stream, seals=seals)
    return stream.getvalue()


def test_only_what_is_shared_there_is_sealed(session: Session, inc: str, tmp_path: Path) -> None:
    seals = join(session, NEW_KEY, KEY)
    session.store.remotes.share(inc, WS)
    own = declare(session, Declaration("On this machine alone", private=True)).id
    sealed, opened = written(session, seals, inc), written(session, seals, own)
    assert b"Checkout" not in sealed
    assert b"On this machine alone" in opened
    with open_copy(tmp_path, "ben") as other:
        with pytest.raises(ImportRefusedError, match="not on this machine"):
            bundles.import_stream(other, io.BytesIO(sealed), seals=join(other, KEY))
        bundles.import_stream(other, io.BytesIO(sealed), seals=join(other, NEW_KEY))
        bundles.import_stream(other, io.BytesIO(opened), seals=join(other, NEW_KEY))
        titles = {view.title for view, _, _ in what_is_there(other).values()}
        assert titles == {"Checkout fails", "On this machine alone"}


def test_without_the_key_nothing_goes_out_in_the_open(session: Session, inc: str) -> None:
    seals = join(session)
    session.store.remotes.share(inc, WS)
    with pytest.raises(SyncError, match="Nobody can make it again"):
        written(session, seals, inc)


def test_an_old_key_still_opens(session: Session, inc: str, tmp_path: Path) -> None:
    session.store.remotes.put(Remote(WS, URL, "s", "Payments", "ana", Role.OWNER, sealed=True))
    session.store.remotes.share(inc, WS)
    before = written(session, join(session, KEY), inc)
    with open_copy(tmp_path, "ben") as other:
        seals = join(other, NEW_KEY, KEY)
        assert bundles.import_stream(other, io.BytesIO(before), seals=seals).new == ("INC-1",)
    assert write_key(KEY).encode() not in before
