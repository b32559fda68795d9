"""A text that was removed is nowhere on the server, and every place stays valid."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from cockpit.domain.wire import Role
from cockpit.server.app import make_app, make_service
from cockpit.server.envelopes import NewOp, blank, read_op
from cockpit.server.members import Grant
from cockpit.server.sqlite import SqliteEngine
from tests.server.calling import Caller, Clock, make_op

SECRET = "password is tulip"


def texts_of(entry: str) -> list[dict[str, Any]]:
    """Everything that may hold the text of an entry."""
    register = {"obj": f"entry:{entry}", "f": "text", "v": SECRET, "was": SECRET}
    source = {"format": "slack", "id": "7", "raw": {"text": SECRET}}
    at = {"at": "2026-03-04T12:00:00Z", "kind": "decision"}
    return [
        make_op(id=entry, d={**at, "text": SECRET, "src": source, "later": SECRET}),
        make_op(k="entry.edit", d={"entry": entry, "text": SECRET, "base": "b" * 32}),
        make_op(k="reg.set", d=register),
        make_op(k="entry.edit", v=2, d={"entry": entry, "text": SECRET, "html": SECRET}),
        {**without_body(make_op()), "kid": "k1", "c": "c2VjcmV0", "x": f"about:{entry}"},
    ]


def without_body(op: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in op.items() if name not in ("k", "d")}


def redactions_of(entry: str) -> list[dict[str, Any]]:
    """The ways to say that the text is to go."""
    return [
        make_op(k="entry.redact", d={"entry": entry, "reason": "a password"}),
        {**without_body(make_op()), "kid": "k1", "c": "c2VjcmV0", "x": f"redact:{entry}"},
    ]


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("order", ["before", "after", "together", "together, first"])
async def test_a_text_that_was_removed_is_gone_whenever_it_came(
    owner: Caller, way: int, order: str
) -> None:
    entry, other = "e" * 32, make_op("kept")
    texts, redaction = texts_of(entry), redactions_of(entry)[way]
    pushes = {
        "before": [[redaction], texts],
        "after": [texts, [redaction]],
        "together": [[*texts, redaction]],
        "together, first": [[redaction, *texts]],
    }[order]
    await owner.push(other)
    places = [(await owner.push(*ops))["head"] for ops in pushes]
    rows = (await owner.pull())["ops"]
    assert SECRET not in str(rows)
    assert [row[3]["id"] for row in rows[1:]] == [op["id"] for ops in pushes for op in ops]
    kept = {row[3]["id"]: row[3] for row in rows}
    assert kept[other["id"]] == other
    assert kept[redaction["id"]] == redaction
    assert kept[entry]["d"] == {
        "at": "2026-03-04T12:00:00Z",
        "kind": "decision",
        "src": {"format": "slack", "id": "7"},
        "text": "",
    }
    assert "c" not in kept[texts[4]["id"]]
    for place in places:
        assert (await owner.call("GET", "/v1/w/{ws}/ops", params={"since": place})).is_success


async def test_pushed_again_it_does_not_come_back(owner: Caller) -> None:
    entry = "e" * 32
    texts = texts_of(entry)
    await owner.push(*texts, redactions_of(entry)[0])
    await owner.push(*texts)
    assert SECRET not in str(await owner.pull())


async def test_the_same_id_in_another_incident_is_another_entry(owner: Caller) -> None:
    op = make_op(SECRET, id="e" * 32)
    await owner.push(op, make_op(k="entry.redact", d={"entry": "e" * 32}, inc="d" * 32))
    assert (await owner.pull())["ops"][0][3] == op


async def test_nothing_of_it_is_left_in_the_files(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.server.sqlite.QUIET_SECONDS", 0.05)
    service = make_service(SqliteEngine(tmp_path / "quiet.db"), now=clock.now, tick=clock.tick)
    await service.start("Team")
    async with Caller(make_app(service)) as anybody:
        owner = await anybody.join(service.owner_code, "ana")
        entry = "e" * 32
        await owner.push(*texts_of(entry))
        assert SECRET.encode() in all_bytes(tmp_path)
        await owner.push(*redactions_of(entry))
        for _ in range(800):
            if SECRET.encode() not in all_bytes(tmp_path):
                break
            await asyncio.sleep(0.05)
        assert SECRET.encode() not in all_bytes(tmp_path)
    await service.stop()


def all_bytes(directory: Path) -> bytes:
    """Everything in the database and its logs."""
    # Read by another process: closing a file here would drop the engine's locks on it.
    files = [str(path) for path in directory.glob("quiet.db*")]
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout


shapes = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(["entry.add", "entry.edit", "reg.set", "entry.redact", "", "x"]),
    body=st.dictionaries(
        st.sampled_from(["entry", "text", "obj", "f", "v", "src", "was", "at"]), shapes
    )
    | shapes,
    mark=st.sampled_from(["", "about:" + "e" * 32, "redact:x", "redact:" + "e" * 32]),
)
def test_whatever_a_body_holds_it_is_taken_and_can_be_blanked(
    kind: str, body: Any, mark: str
) -> None:
    op = make_op(k=kind, d=body, x=mark)
    raw = msgspec.json.encode(op)
    read = read_op(Raw(raw), Grant("", "", "ana", "", Role.OWNER))
    assert isinstance(read, NewOp)
    assert read.body == raw.decode()
    left = msgspec.json.decode(blank(read.body))
    assert left["id"] == op["id"]
    assert set(left) <= set(op)
