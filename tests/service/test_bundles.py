"""Bundles: whole or refused in words, private until named, and never a second time."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.envelope import Record, encode_op
from cockpit.domain.events import EntryAdded
from cockpit.errors import CockpitError, ExportRefusedError, ImportRefusedError
from cockpit.service import bundles, deletion, timeline
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from cockpit.sync import bundle as form
from cockpit.sync.keys import WorkspaceKeys
from cockpit.sync.sealing import Envelopes, SealedEnvelopes
from tests.service.bundle_copies import open_copy, what_is_there
from tests.service.conftest import MovedClock

ANYTHING = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Session]:
    with open_copy(tmp_path, "ben") as session:
        yield session


@pytest.fixture
def filled(session: Session, inc: str) -> bytes:
    timeline.log(session, inc, "pool exhausted")
    timeline.log(session, inc, "line one\nline two \x1b]52;c;aGk=\x07 [/bold]")
    return written(session)


def written(session: Session, *incs: str) -> bytes:
    stream = io.BytesIO()
    bundles.export_stream(session, bundles.choose(session, incs), stream)
    return stream.getvalue()


def read(session: Session, data: bytes) -> bundles.BundleReport:
    return bundles.import_stream(session, io.BytesIO(data))


def refused(session: Session, data: bytes) -> str:
    """Return why a bundle is refused, empty where it is not."""
    try:
        read(session, data)
    except ImportRefusedError as error:
        return error.message
    return ""


def resealed(lines: list[bytes]) -> bytes:
    """Return the bundle of header and records with an end that fits."""
    body = b"".join(line + b"\n" for line in lines)
    end = {"events": len(lines) - 1, "sha256": sha256(body).hexdigest()}
    return body + json.dumps(end).encode() + b"\n"


def test_a_copy_has_all_that_was_written(session: Session, other: Session, filled: bytes) -> None:
    report = read(other, filled)
    assert what_is_there(other) == what_is_there(session)
    assert report.new == ("INC-1",)
    assert report.sentence.endswith("Incidents: 1 new (INC-1).")
    assert read(other, filled).sentence.startswith("Nothing new: all ")
    assert read(session, filled).events_new == 0


def test_news_go_both_ways(session: Session, other: Session, inc: str, filled: bytes) -> None:
    read(other, filled)
    timeline.log(other, inc, "seen from the other side")
    timeline.log(session, inc, "seen from here")
    assert read(session, written(other)).changed == ("INC-1",)
    read(other, written(session))
    assert what_is_there(other) == what_is_there(session)


def test_the_form_is_the_one_that_is_documented(session: Session, filled: bytes) -> None:
    lines = filled.splitlines()
    assert lines[0] == b'{"format":"cockpit-bundle","version":1}'
    assert [json.loads(line)[0] for line in lines[1:-1]] == [None] * (len(lines) - 2)
    envelopes = [encode_op(record.op) for record in session.reads.ops()]
    assert [line.partition(b",")[2][:-1] for line in lines[1:-1]] == envelopes
    assert filled == resealed(lines[:-1]).replace(b": ", b":").replace(b', "sha', b',"sha')


def test_the_time_of_receipt_travels_along(session: Session, other: Session, inc: str) -> None:
    (op,) = [record.op for record in session.reads.ops() if record.op.k == "inc.open"]
    session.store.append([Record(op, 1_772_611_200_000)])
    read(other, written(session))
    kept = {record.op.id: record.received_ms for record in other.reads.ops()}
    assert kept[op.id] == 1_772_611_200_000


def test_private_incidents_and_drills_stay_out_unless_named(session: Session, inc: str) -> None:
    private = declare(session, Declaration("A secret", private=True)).id
    declare(session, Declaration("A drill", drill=True))
    assert bundles.choose(session).incidents == (inc,)
    assert bundles.choose(session).sentence == (
        "Left out: 1 private incident, 1 drill; name those that belong in."
    )
    assert b"A secret" not in written(session)
    assert b"A secret" in written(session, private)


def test_a_deleted_incident_is_deleted_everywhere(
    session: Session, other: Session, inc: str, filled: bytes
) -> None:
    read(other, filled)
    deletion.delete(session, inc)
    assert read(other, written(session)).events_new == 1
    assert not other.reads.summaries()


def test_a_redacted_text_goes_no_further(
    session: Session, other: Session, inc: str, filled: bytes
) -> None:
    read(other, filled)
    entry = timeline.log(session, inc, "the password is hunter2")
    before = written(session)
    timeline.redact(session, inc, entry.id)
    assert b"hunter2" not in written(session)
    read(other, before)
    read(other, written(session))
    assert what_is_there(other) == what_is_there(session)
    assert b"hunter2" not in written(other)


def test_a_part_waits_for_its_beginning(
    session: Session, other: Session, inc: str, clock: MovedClock, filled: bytes
) -> None:
    first_part = written(session)
    since = clock.move(1)
    timeline.log(session, inc, "later")
    stream = io.BytesIO()
    bundles.export_stream(session, bundles.choose(session, since=since), stream)
    report = read(other, stream.getvalue())
    assert (report.events_new, report.unknown, report.new) == (1, 1, ())
    assert "1 whose beginning is still to come" in report.sentence
    assert bundles.choose(other).sentence.startswith("Left out: 1 incident without its beginning")
    read(other, first_part)
    assert what_is_there(other) == what_is_there(session)


@pytest.mark.parametrize("name", ["news.bundle", "news.bundle.gz"])
def test_a_file_is_private_and_whole(
    session: Session, other: Session, filled: bytes, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    bundles.export_file(session, bundles.choose(session), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = path.read_bytes()
    assert (gzip.decompress(data) if name.endswith(".gz") else data) == filled
    with pytest.raises(ExportRefusedError, match="exists already"):
        bundles.export_file(session, bundles.choose(session), path)
    bundles.export_file(session, bundles.choose(session), path, force=True)
    assert path.read_bytes() == data
    assert bundles.import_file(other, path).new == ("INC-1",)
    assert not list(tmp_path.glob(".*.tmp"))


def test_nothing_is_written_through_a_link(session: Session, inc: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(ExportRefusedError, match="symbolic link"):
        bundles.export_file(session, bundles.choose(session), link, force=True)
    assert target.read_text() == "precious"


def test_a_pipe_is_read(session: Session, other: Session, filled: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, filled)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        assert not stream.seekable()
        assert bundles.import_stream(other, stream).new == ("INC-1",)


@given(share=st.floats(0, 1, exclude_max=True))
@ANYTHING
def test_a_truncated_bundle_is_refused(share: float, other: Session, filled: bytes) -> None:
    cut = filled[: int(len(filled) * share)]
    with pytest.raises(
        ImportRefusedError, match=r"breaks off after record|no bundle|record|Record"
    ):
        read(other, cut)
    assert other.reads.event_counts() == {}
    with pytest.raises(ImportRefusedError):
        read(other, gzip.compress(filled)[: int(len(gzip.compress(filled)) * share)])
    assert other.reads.event_counts() == {}


@given(place=st.integers(0, 10**6), value=st.integers(1, 255))
@settings(ANYTHING, max_examples=40)
def test_a_changed_byte_is_found(place: int, value: int, filled: bytes, tmp_path: Path) -> None:
    for whole in (filled, gzip.compress(filled, mtime=0)):
        data = bytearray(whole)
        data[place % len(data)] ^= value
        with open_copy(tmp_path, os.urandom(4).hex()) as other:
            if refused(other, bytes(data)):
                assert other.reads.event_counts() == {}
            else:
                # Only the header of the packing may differ: the digest covers all else.
                assert whole is not filled
                assert written(other) == filled


@given(
    record=st.integers(0, 10**6),
    place=st.integers(0, 10**6),
    insert=st.sampled_from(
        [b"", b"\x00", b"\xff", b'"', b"]", b"}", b"9" * 30, b"[" * 20_000, b'\\ud800"', b"null"]
    ),
    length=st.integers(0, 12),
)
@ANYTHING
def test_a_mutated_record_is_taken_or_refused_by_its_number(
    record: int, place: int, insert: bytes, length: int, filled: bytes, tmp_path: Path
) -> None:
    lines = filled.splitlines()[:-1]
    number = 1 + record % (len(lines) - 1)
    line = lines[number]
    place %= len(line)
    lines[number] = line[:place] + insert + line[place + length :]
    with open_copy(tmp_path, os.urandom(4).hex()) as other:
        refusal = refused(other, resealed(lines))
        if refusal:
            assert f"ecord {number:,}" in refusal
            assert other.reads.event_counts() == {}
        else:
            what_is_there(other)
            written(other)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no bundle"),
        (b"\xff\xfe", "no bundle"),
        (b"[" * 200_000, "no bundle"),
        (b'{"format":"incident-cockpit","version":1}\n', "no bundle"),
        (b'{"format":"cockpit-bundle","version":2}\n', "version is 2"),
        (b'{"format":"cockpit-bundle","version":1}\n', "breaks off after record 0"),
        (b'{"format":"cockpit-bundle","version":1}\n\n\n', "Record|breaks off"),
        (b'{"format":"cockpit-bundle","version":1}\n{}\n', "Record 1: it is neither"),
        (
            b'{"format":"cockpit-bundle","version":1}\n{"events":1,"sha256":""}\n',
            "changed after it was written",
        ),
        (b'{"format":"cockpit-bundle","version":1}\n' + b"[" * 200_000, "Record 1: it is longer"),
        (b"\x1f\x8bnonsense", "packed bundle is broken"),
    ],
)
def test_what_is_no_bundle_is_refused_in_words(other: Session, data: bytes, words: str) -> None:
    with pytest.raises(ImportRefusedError, match=words) as refused:
        read(other, data)
    assert "Nothing was brought in." in refused.value.hint


def test_what_follows_the_end_is_refused(other: Session, filled: bytes) -> None:
    with pytest.raises(ImportRefusedError, match="goes on after its end"):
        read(other, filled + b"\n")


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "MAX_BYTES", 4_000_000)
    lines = b'{"format":"cockpit-bundle","version":1}\n' + b"[0,{}]\n" * 1_000_000
    packed = gzip.compress(lines)
    assert len(packed) < 20_000
    with pytest.raises(ImportRefusedError, match="larger than"):
        read(other, packed)


def test_one_wrong_record_at_the_end_leaves_nothing(other: Session, filled: bytes) -> None:
    lines = filled.splitlines()[:-1]
    event = json.loads(lines[-1])
    for wrong in ({"id": "nonsense"}, {"t": "never"}, {"v": 10**30}, {"dev": "x"}):
        last = json.dumps([None, {**event[1], **wrong}]).encode()
        with pytest.raises(ImportRefusedError, match=f"Record {len(lines):,}: "):
            read(other, resealed([*lines, last]))
        assert other.reads.event_counts() == {}


@pytest.mark.parametrize("received", [-1, 10**15, 1.5, "now", True])
def test_an_impossible_time_of_receipt_is_refused(
    other: Session, filled: bytes, received: object
) -> None:
    lines = filled.splitlines()[:-1]
    lines[1] = json.dumps([received, json.loads(lines[1])[1]]).encode()
    with pytest.raises(ImportRefusedError, match="Record 1: "):
        read(other, resealed(lines))


def test_a_file_that_cannot_be_read_is_said(other: Session, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ImportRefusedError, match="cannot be read"):
            bundles.import_file(other, path)


class OneWorkspace:
    """Every incident is in one encrypted workspace."""

    def __init__(self, *keys: bytes) -> None:
        self.keys = WorkspaceKeys(keys)
        self._envelopes = SealedEnvelopes(self.keys, os.urandom)

    def of_incident(self, inc: str) -> Envelopes | None:
        return self._envelopes

    def of_key(self, kid: str) -> Envelopes | None:
        return self._envelopes if self.keys.find(kid) else None


def test_what_is_encrypted_for_the_server_is_encrypted_in_the_bundle(
    session: Session, other: Session, filled: bytes
) -> None:
    seals, stream = OneWorkspace(b"k" * 32), io.BytesIO()
    bundles.export_stream(session, bundles.choose(session), stream, seals=seals)
    data = stream.getvalue()
    for canary in (b"pool exhausted", b"Checkout", b"entry.add", b"inc.open"):
        assert canary in filled
        assert canary not in data
    for missing in (None, OneWorkspace(b"l" * 32)):
        with pytest.raises(ImportRefusedError, match=r"Record 1: .*not on this machine"):
            bundles.import_stream(other, io.BytesIO(data), seals=missing)
    bundles.import_stream(other, io.BytesIO(data), seals=seals)
    assert what_is_there(other) == what_is_there(session)


def test_an_error_while_writing_leaves_no_file(session: Session, inc: str, tmp_path: Path) -> None:
    class Lost(OneWorkspace):
        def of_incident(self, inc: str) -> Envelopes | None:
            raise CockpitError("The key is lost.")

    with pytest.raises(CockpitError, match="lost"):
        bundles.export_file(session, bundles.choose(session), tmp_path / "x", seals=Lost(b"k" * 32))
    assert not list(tmp_path.glob("x*"))
    assert not list(tmp_path.glob(".x*"))


def test_an_unknown_kind_goes_along(session: Session, other: Session, inc: str) -> None:
    op = next(record.op for record in session.reads.ops())
    lines = written(session).splitlines()[:-1]
    fields = json.loads(encode_op(op)) | {"id": "e" * 32, "k": "song.sung", "v": 7, "key": "G"}
    lines.append(json.dumps([None, fields], separators=(",", ":"), sort_keys=True).encode())
    read(other, resealed(lines))
    assert json.dumps(fields, separators=(",", ":"), sort_keys=True).encode() in written(other)
    assert EntryAdded.kind != "song.sung"
