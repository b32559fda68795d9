"""A Slack export: what people wrote, with their names, in its order, and nothing unpacked."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.vocabulary import Severity
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service import timeline, zip_members
from cockpit.service.session import Session
from tests.service.foreign_files import (
    CHANNELS,
    USERS,
    archive,
    entries,
    export,
    imported,
    load,
    message,
    views,
)

EDITED = {"user": "U1", "ts": "1772614900.000000"}


def test_a_channel_is_an_incident_that_is_over(session: Session) -> None:
    done = load(session, "slack", export(message("It is slow"), message("Fixed", "1772618400.5")))
    assert done.sentence == "Imported 1 new incident, 2 new entries."
    (view,) = views(session)
    assert (view.title, view.severity) == ("#checkout: Checkout is down", Severity.SEV4)
    assert view.started_at == datetime(2026, 3, 4, 9, 0, 0, 100, tzinfo=UTC)
    assert view.resolved_at == datetime(2026, 3, 4, 10, 0, 0, 500_000, tzinfo=UTC)
    assert imported(session, view.id) == ["Ana: It is slow", "Ana: Fixed"]
    (first, _) = [each for each in entries(session, view.id) if each.src]
    assert first.at == view.started_at
    assert first.src is not None
    assert first.src.raw == {"channel": "checkout", "user": "U1", "author": "Ana"}


def test_into_an_incident_and_once(session: Session, inc: str) -> None:
    data = export(message("It is slow"))
    done = load(session, "slack", data, into=inc)
    assert done.sentence == "Imported 1 new entry."
    assert imported(session, inc) == ["Ana: It is slow"]
    assert session.reads.view(inc).is_open
    assert load(session, "slack", data, into=inc).events_new == 0
    timeline.log(session, inc, "a person's note")
    assert load(session, "slack", data, into=inc).events_new == 0


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<@U2> look at <#C2|random>", "@Ben look at #random"),
        ("<#C2> <@U9> <@U9|zoe>", "#random @U9 @zoe"),
        ("<https://x.example/a?b=1&amp;c=2|graph>", "graph (https://x.example/a?b=1&c=2)"),
        ("<https://x.example> <http://x.example|x.example>", "https://x.example http://x.example"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("<!here> <!subteam^S1|@ops> <!date^1^{date}|noon>", "@here @ops noon"),
        ("1 &lt; 2 &amp;amp; a <b\nc>", "1 < 2 &amp; a <b\nc>"),
        ("a\x00b\u202e[/bold]", "a\u2400b\u202e[/bold]"),
    ],
)
def test_markup_becomes_text(session: Session, inc: str, said: str, shown: str) -> None:
    load(session, "slack", export(message(said)), into=inc)
    assert imported(session, inc) == [f"Ana: {shown}"]


def test_replies_edits_and_files(session: Session, inc: str) -> None:
    file = {
        "title": "log",
        "permalink": "https://x.slack.example/files/F1/log?t=xoxe-secret",
        "url_private": "https://files.slack.example/log?t=xoxe-secret",
    }
    thread = {"thread_ts": "1772614800.000100", "parent_user_id": "U1"}
    messages = [
        message("second", "1772614860.000200", "U2", **thread),
        message("first", thread_ts="1772614800.000100"),
        message("third", "1772614920.000300", edited=EDITED),
        message("third, before", "1772614920.000300"),
        message("", "1772614980.000400", subtype="file_share", files=[file]),
    ]
    load(session, "slack", export(*messages), into=inc)
    assert imported(session, inc) == [
        "Ana: first",
        "Ben (reply to Ana): second",
        "Ana: third",
        "Ana: File: log (https://x.slack.example/files/F1/log)",
    ]
    assert all("xoxe" not in each.op.d for each in session.reads.ops(inc))


def test_a_later_export_corrects_edited_messages(session: Session, inc: str) -> None:
    load(session, "slack", export(message("It is slwo")), into=inc)
    done = load(session, "slack", export(message("It is slow", edited=EDITED)), into=inc)
    assert done.changed == 1
    (entry,) = [each for each in entries(session, inc) if each.src]
    assert (entry.text, entry.original) == ("Ana: It is slow", "Ana: It is slwo")
    again = load(session, "slack", export(message("It is slow", edited=EDITED)), into=inc)
    assert again.events_new == 0
    timeline.redact(session, inc, entry.id)
    edited = {"user": "U1", "ts": "1772615900.000000"}
    load(session, "slack", export(message("It is slow!", edited=edited)), into=inc)
    assert "slow" not in "".join(each.op.d for each in session.reads.ops(inc))


def test_changes_and_deletions_of_full_exports(session: Session, inc: str) -> None:
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "ts": "1772614950.000100",
        "message": message("new words", edited=EDITED),
    }
    gone = {
        "type": "message",
        "subtype": "message_deleted",
        "ts": "1772614960.000100",
        "deleted_ts": "1772614861.000100",
    }
    data = export(
        message("old words"), message("regretted", "1772614861.000100", "U2"), changed, gone
    )
    done = load(session, "slack", data, into=inc)
    assert imported(session, inc) == ["Ana: new words"]
    assert done.left_out == ("1 deleted message",)


def test_what_is_left_out_is_counted(session: Session, inc: str) -> None:
    data = export(
        message("hi", mood="bad", reactions=[{"name": "eyes"}], attachments=[{"text": "preview"}]),
        message("joined", "1772614801.1", subtype="channel_join"),
        message("left", "1772614802.1", subtype="channel_leave"),
        message("alert", "1772614803.1", subtype="bot_message", bot_id="B1"),
        message("alert", "1772614804.1", bot_id="B1"),
        message("", "1772614805.1"),
        message("x", "1772614806.1", subtype="pinned_item"),
        **{"random/2026-03-04.json": [message("aside")], "canvas.json": {}},
    )
    done = load(session, "slack", data, into=inc, channels=("#checkout",))
    assert imported(session, inc) == ["Ana: hi"]
    assert set(done.left_out) == {
        "1 link preview",
        "1 message without text",
        "1 other channel",
        "1 other file",
        "1 reaction",
        "field “mood” of messages",
        "1 “pinned_item” event",
        "2 joins and leaves",
        "2 messages of bots",
    }


def test_a_span_of_time_and_its_rest_later(session: Session) -> None:
    messages = [message(str(hour), f"{1772614800 + 3600 * hour}.000100") for hour in range(5)]
    span = {
        "since": datetime(2026, 3, 4, 10, tzinfo=UTC),
        "until": datetime(2026, 3, 4, 11, 30, tzinfo=UTC),
    }
    done = load(session, "slack", export(*messages), **span)
    assert done.left_out == ("3 messages of another time",)
    load(session, "slack", export(*messages))
    (view,) = views(session)
    assert imported(session, view.id) == [f"Ana: {hour}" for hour in range(5)]
    assert view.started_at.hour == 9
    assert load(session, "slack", export(*messages)).events_new == 0


def test_long_messages_come_in_parts(session: Session, inc: str) -> None:
    load(session, "slack", export(message("é" * 39_000)), into=inc)
    texts = imported(session, inc)
    assert len(texts) == 4
    assert sum(text.count("é") for text in texts) == 39_000
    assert load(session, "slack", export(message("é" * 39_000)), into=inc).events_new == 0


def test_a_folder_around_the_export_is_no_obstacle(session: Session, inc: str) -> None:
    files = {
        "Export/users.json": USERS,
        "Export/channels.json": CHANNELS,
        "Export/checkout/2026-03-04.json": [message("hi")],
        "__MACOSX/._Export": b"x",
    }
    done = load(session, "slack", archive(files), into=inc)
    assert imported(session, inc) == ["Ana: hi"]
    assert done.left_out == ("1 other file",)


def test_names_are_labels_and_never_paths(session: Session, inc: str, tmp_path: Path) -> None:
    hostile = {
        "../2026-03-04.json": [message("a")],
        "/etc/2026-03-04.json": [message("b")],
        "..\\evil/2026-03-04.json": [message("c")],
        "\u202etxt/2026-03-04.json": [message("d", "1772614802.1")],
    }
    before = sorted(tmp_path.rglob("*"))
    done = load(session, "slack", export(message("hi"), **hostile), into=inc)
    assert imported(session, inc) == ["Ana: hi", "Ana: d"]
    assert "3 other files" in done.left_out
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{}", "it is no zip archive"),
        (b"PK nothing", "it is damaged, or no zip archive"),
        (archive({"users.json": USERS}), "no folder with files of messages"),
        (export({"text": "x"}), "checkout/2026-03-04.json, record 1: ts is missing."),
        (export(message("x"), message("y", "soon")), "record 2: ts is not a time."),
        (export(message("x", "99999999999.1")), "record 1: ts is 5138-11-16"),
        (export(message("x", "1" * 30 + ".1")), "record 1: ts is not a time."),
        (export(7), "record 1: expected an object, found a number."),
        (export(message(["x"])), "record 1: text is not a text."),
        (export(message("x", files=[{"title": {}}])), "files 1: title is not a text."),
        (export(**{"checkout/2026-03-05.json": b"{"}), "2026-03-05.json: The file is not valid"),
        (export(**{"checkout/2026-03-05.json": {"a": 1}}), "2026-03-05.json: expected a list"),
        (export(**{"x.zip": b"x"}), "its file “x.zip” is an archive itself"),
        (export(**{"a/2026-03-05.json": archive({})}), "is an archive itself"),
    ],
)
def test_wrong_archives_are_refused_in_words(session: Session, data: bytes, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        load(session, "slack", data)
    assert words in str(refused.value)
    assert "Nothing was imported." in str(refused.value)
    assert session.reads.count() == 0


def test_a_channel_that_is_not_there_names_the_nearest(session: Session) -> None:
    with pytest.raises(InvalidInputError, match="Did you mean checkout"):
        load(session, "slack", export(message("x")), channels=("chekout",))


class TestLimits:
    """Archives that are larger than they look, or not what they say."""

    def refuse(self, session: Session, data: bytes, words: str) -> None:
        with pytest.raises(ImportRefusedError) as refused:
            load(session, "slack", data)
        assert words in str(refused.value)

    def test_a_bomb(self, session: Session) -> None:
        bomb = export(**{"checkout/2026-03-05.json": b"[" + b" " * 3_000_000 + b"]"})
        self.refuse(session, bomb, "is packed more than 200 times")

    def test_a_large_file(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zip_members, "MOST_MEMBER_BYTES", 500)
        self.refuse(session, export(message("x" * 600)), "larger than 0 MB unpacked")

    def test_a_lie_about_the_size(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zip_members, "MOST_MEMBER_BYTES", 2000)
        data = export(message("x" * 5000))
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = packed.getinfo("checkout/2026-03-04.json").file_size
        lie = data.replace(size.to_bytes(4, "little"), (40).to_bytes(4, "little"))
        assert lie != data
        with pytest.raises(ImportRefusedError):
            load(session, "slack", lie)

    def test_all_together(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zip_members, "MOST_BYTES", 900)
        self.refuse(session, export(message("x" * 900)), "its files are larger than")

    def test_many_files(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zip_members, "MOST_MEMBERS", 2)
        self.refuse(session, export(message("x")), "it holds more than 2 files")

    def test_an_encrypted_file(self, session: Session) -> None:
        data = bytearray(export(message("x")))
        place = data.rindex(b"PK\x01\x02")
        data[place + 8] |= 1
        self.refuse(session, bytes(data), "is encrypted")

    def test_two_files_of_one_name(self, session: Session) -> None:
        buffer = io.BytesIO(export(message("x")))
        with zipfile.ZipFile(buffer, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("users.json", "[]")
        self.refuse(session, buffer.getvalue(), "two of its files have the same name")

    def test_a_file_without_a_name(self, session: Session, inc: str) -> None:
        data = bytearray(export(message("x"), q=[1]))
        # The name's one letter is said to belong to what follows the name.
        for start, lengths in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
            place = data.rindex(start) + lengths
            data[place : place + 4] = bytes((0, 0, 1, 0))
        assert load(session, "slack", bytes(data), into=inc).left_out == ("1 other file",)

    def test_a_damaged_file(self, session: Session) -> None:
        data = export(message("x" * 50))
        place = data.index(b"checkout/2026-03-04.json") + 30
        broken = data[:place] + bytes(8) + data[place + 8 :]
        self.refuse(session, broken, "its file “checkout/2026-03-04.json” is damaged")


def test_the_genuine_export(session: Session, samples: Path) -> None:
    data: Any = (samples / "fixtures/slack-export/testarchive.zip").read_bytes()
    done = load(session, "slack", data)
    assert (done.incidents_new, done.entries_new) == (2, 53)
    assert {"97 messages of bots", "8 joins and leaves"} <= set(done.left_out)
    assert 53 + 8 + 97 == 158
    assert not any("xoxe" in each.op.d for each in session.reads.ops())
    assert load(session, "slack", data).events_new == 0
