"""Files of every format, changed at random: imported, or refused in words; never anything else."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.config import Config
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.paths import Paths
from cockpit.service.session import Session, open_session
from tests.conftest import NOON
from tests.domain.gcp_records import record as gcp_record
from tests.domain.statuspage_records import outage
from tests.promises.record_keeping import Note
from tests.service.foreign_files import load
from tests.service.test_import_hostile import FORMS, json_file

Form = tuple[str, Any, Callable[[Any], bytes]]

ALL: dict[str, Form] = {
    **FORMS,
    "statuspage": ("statuspage", {"page": {"id": "p"}, "incidents": [outage()]}, json_file),
    "gcp": ("gcp", [gcp_record()], json_file),
}
ODD: list[Any] = [
    *("", " ", "null", "\x00", "\u202e\x1b[31m", "../../etc", "0001-01-01T00:00:00Z", "1e5"),
    *("9999-12-31T23:59:59+14:00", "2026-03-04T08:00:00", "x" * 70_000, "[/bold]", "\ud800"),
    *(10**400, -(10**40), 2**64, 1e308, -0.0, True, None, [], {}, [[]], [None], {"": {}}, 7),
]


def mutated(rng: random.Random, document: Any) -> Any:
    """Change, drop or double one value somewhere in a document."""
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return document
        key = rng.choice(keys)
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or rng.random() < 0.25:
            break
        place = inner
    how = rng.random()
    if how < 0.7:
        place[key] = json.loads(json.dumps(rng.choice(ODD)))
    elif how < 0.85:
        del place[key]
    elif isinstance(place, list):
        place.append(inner)
    else:
        place[rng.choice(ODD[:8])] = inner
    return document


def changed_file(rng: random.Random, form: Form, number: int) -> bytes:
    """Return a file of the form with one to three changes; each names an incident of its own."""
    text = json.dumps(form[1])
    for part in ("PA1", "{}:{", "grafana.example", '"C1', '"x1"', '"i1'):
        text = text.replace(part, f"{part[:-1]}{number}{part[-1]}")
    document = json.loads(text)
    for _ in range(rng.randint(1, 3)):
        document = mutated(rng, document)
    try:
        data = form[2](document)
    except (TypeError, ValueError, LookupError, AttributeError):
        data = json.dumps(document).encode()
    if rng.random() < 0.2 and data:
        place = rng.randrange(len(data))
        data = data[:place] + rng.randbytes(rng.randint(0, 3)) + data[place + 1 :]
    return data


def take(session: Session, form: str, data: bytes) -> bool:
    """Import a file and say whether it was taken; whatever it brought must be readable."""
    wishes = {"at": NOON} if form == "grafana" else {}
    try:
        load(session, form, data, **wishes)
    except (ImportRefusedError, InvalidInputError):
        return False
    for each in session.reads.summaries(limit=2):
        session.reads.view(each.id)
    return True


@pytest.mark.parametrize("count", [60, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ALL)
def test_changed_files_are_imported_or_refused(
    tmp_path: Path, name: str, count: int, record_property: Note
) -> None:
    """The long form changes 100,000 files in all."""
    rng = random.Random(name)
    taken = 0
    began = time.monotonic()
    for portion in range(0, count, 500):
        home = tmp_path / f"{portion}"
        with open_session(Paths(home, home), Config(author="ops"), clock=lambda: NOON) as session:
            # The disk is not what is tried here.
            session.store._connection.execute("PRAGMA synchronous = OFF")
            for number in range(portion, min(portion + 500, count)):
                data = changed_file(rng, ALL[name], number)
                taken += take(session, ALL[name][0], data)
    record_property(name, f"{count} files, {taken} taken, {time.monotonic() - began:.0f} s")
    assert taken < count


def test_an_importer_with_a_fault_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard off: a format that trusts its file breaks off, and the test above would say so."""
    from cockpit.service.importers import gcp

    def trusting(*arguments: Any, **options: Any) -> Any:
        raise KeyError("begin")

    monkeypatch.setattr(gcp, "plan", trusting)
    home = tmp_path / "home"
    with (
        open_session(Paths(home, home), Config(author="ops"), clock=lambda: NOON) as session,
        pytest.raises(KeyError),
    ):
        take(session, "gcp", changed_file(random.Random(1), ALL["gcp"], 1))
