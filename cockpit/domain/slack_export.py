"""A Slack export as stories: one per channel, with the messages that people wrote in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.foreign_incident import ForeignEntry
from cockpit.domain.foreign_record import ForeignRecord, describe
from cockpit.domain.foreign_story import Story, title_line
from cockpit.domain.slack_text import decode_text
from cockpit.domain.vocabulary import EntryKind, Stage

NAME = "slack"

_STAMP = re.compile(r"(\d{1,11})\.(\d{1,6})", re.ASCII)
_SPOKEN = frozenset(
    (
        *("", "me_message", "file_share", "file_comment", "file_mention", "thread_broadcast"),
        *("reply_broadcast", "channel_topic", "channel_purpose", "group_topic", "group_purpose"),
    )
)
_FROM_BOTS = frozenset(("bot_message", "bot_add", "bot_remove", "slackbot_response"))
_COMING_AND_GOING = frozenset(
    ("channel_join", "channel_leave", "group_join", "group_leave", "mpim_join", "mpim_leave")
)
_KEPT = frozenset(
    (
        *("type", "subtype", "ts", "text", "user", "username", "user_profile", "comment"),
        *("edited", "files", "file", "upload", "display_as_bot", "attachments", "reactions"),
        *("thread_ts", "parent_user_id", "reply_count", "reply_users", "reply_users_count"),
        *("latest_reply", "replies", "subscribed", "last_read", "is_locked", "root"),
        *("blocks", "team", "user_team", "source_team", "client_msg_id", "is_intro", "inviter"),
        *("topic", "purpose", "hidden", "channel", "permalink", "x_files", "last_edited"),
    )
)
"""Fields of messages that are read, or that say the same again: `blocks` is the text once more."""

_MOST_NAME = 80


class Channel(Struct, frozen=True):
    """A channel: its folder in the export, its id, and what people wrote over it."""

    folder: str
    id: str
    topic: str = ""


class Workspace(Struct, frozen=True):
    """Who and what the messages name: display names of persons, names of channels, by id."""

    persons: Mapping[str, str]
    channels: Mapping[str, str]


class _Found(Struct):
    """The messages of a channel by their time stamp, and what was left out of it."""

    messages: dict[str, ForeignRecord]
    corrections: dict[str, ForeignRecord]
    gone: set[str]
    left_out: Counter[str]


def read_persons(users: Iterable[ForeignRecord]) -> dict[str, str]:
    """Return the display names of a workspace's users by id."""
    return {user.line("id"): _person_name(user) for user in users if user.line("id")}


def read_channel(
    channel: Channel,
    records: Iterable[ForeignRecord],
    workspace: Workspace,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Story | None, Counter[str]]:
    """Return a channel's messages as a story, None without any, and what was left out.

    records: its messages, each named by its file and number; since, until: only messages of that
    time. Raises ImportRefusedError with the name of a message that is wrong.
    """
    found = _Found({}, {}, set(), Counter())
    for record in records:
        _sort_in(record, found)
    entries: list[ForeignEntry] = []
    for stamp in sorted(found.messages, key=_order):
        message = found.messages[stamp]
        at = _time(message, "ts", stamp)
        if stamp in found.gone:
            found.left_out["deleted message|deleted messages"] += 1
        elif (since and at < since) or (until and at > until):
            found.left_out["message of another time|messages of another time"] += 1
        else:
            entries += _entry(channel, message, at, found, workspace)
    return _story(channel, entries), found.left_out


def _sort_in(record: ForeignRecord, found: _Found) -> None:
    """Put a record where it belongs: what somebody wrote, a change of that, or what is left out."""
    kind, stamp = record.line("subtype"), record.line("ts")
    if not stamp:
        raise record.refusal("ts is missing")
    _time(record, "ts", stamp)
    if kind == "message_changed":
        inner = record.table("message")
        inner.name = record.name
        found.corrections[inner.line("ts")] = inner
    elif kind == "message_deleted":
        found.gone.add(record.line("deleted_ts"))
    elif kind in _COMING_AND_GOING:
        found.left_out["join or leave|joins and leaves"] += 1
    elif kind in _FROM_BOTS or (record.has("bot_id") and kind in _SPOKEN):
        found.left_out["message of a bot|messages of bots"] += 1
    elif kind not in _SPOKEN:
        found.left_out[f"“{kind[:40]}” event|“{kind[:40]}” events"] += 1
    else:
        found.messages[stamp] = _later(found.messages.get(stamp), record)


def _later(known: ForeignRecord | None, record: ForeignRecord) -> ForeignRecord:
    """Return which of two records of one message was written last."""
    if known is None:
        return record
    before, after = (_order(each.table("edited").line("ts")) for each in (known, record))
    return record if after >= before else known


def _entry(
    channel: Channel,
    message: ForeignRecord,
    at: datetime,
    found: _Found,
    workspace: Workspace,
) -> Iterator[ForeignEntry]:
    stamp = message.line("ts")
    said = found.corrections.get(stamp, message)
    text = "\n".join(_lines(said, workspace))
    found.left_out["reaction|reactions"] += len(_rows(message, "reactions"))
    if not text:
        found.left_out["message without text|messages without text"] += 1
        return
    for name in message.unknown(_KEPT):
        found.left_out[f"field “{name}” of messages"] += 1
    if said.line("text"):
        found.left_out["link preview|link previews"] += len(_rows(said, "attachments"))
    author = _author(message, workspace)
    edited = said.table("edited").line("ts")
    yield ForeignEntry(
        f"{channel.id or channel.folder} {stamp}",
        at,
        f"{author}{_reply_words(message, workspace)}: {text}",
        {
            "channel": channel.folder,
            "user": message.line("user"),
            "author": author,
            **({"thread_ts": message.line("thread_ts")} if message.has("thread_ts") else {}),
        },
        kind=EntryKind.NOTE,
        changed_at=_time(said, "edited.ts", edited) if edited else None,
    )


def _lines(message: ForeignRecord, workspace: Workspace) -> Iterator[str]:
    text = decode_text(message.text("text"), workspace.persons, workspace.channels)
    if text:
        yield text
    else:
        for each in _rows(message, "attachments"):
            told = each.text("text", "fallback", "title")
            yield from [decode_text(told, workspace.persons, workspace.channels)] if told else []
    for file in (*_rows(message, "files"), *_rows(message, "file")):
        name = file.line("title", "name", "id") or "without a name"
        # The private addresses of files carry a token; a permalink asks who you are.
        link = file.line("permalink").partition("?")[0]
        if not link or link not in text:
            yield f"File: {name} ({link})" if link else f"File: {name}"


def _rows(message: ForeignRecord, field: str) -> tuple[ForeignRecord, ...]:
    if isinstance(message.raw.get(field), dict):
        return (message.table(field),)
    return message.rows(field)


def _author(message: ForeignRecord, workspace: Workspace) -> str:
    user = message.line("user") or message.table("comment").line("user")
    known = workspace.persons.get(user, "")
    told = message.table("user_profile").line("display_name", "real_name", "name")
    return known or told or message.line("username") or user or "somebody"


def _reply_words(message: ForeignRecord, workspace: Workspace) -> str:
    thread = message.line("thread_ts")
    if not thread or thread == message.line("ts"):
        return ""
    parent = message.line("parent_user_id")
    return f" (reply to {workspace.persons.get(parent, parent)})" if parent else " (reply)"


def _person_name(user: ForeignRecord) -> str:
    profile = user.table("profile")
    name = (
        profile.line("display_name")
        or user.line("real_name")
        or profile.line("real_name")
        or user.line("name", "id")
    )
    return name[:_MOST_NAME]


def _story(channel: Channel, entries: list[ForeignEntry]) -> Story | None:
    if not entries:
        return None
    topic = f": {channel.topic}" if channel.topic else ""
    return Story(
        place=f"Channel {channel.folder}",
        id=channel.id or channel.folder,
        title=title_line(f"#{channel.folder}{topic}"),
        at=entries[0].at,
        as_of=entries[-1].at,
        entries=tuple(entries),
        stage=Stage.RESOLVED,
        reason="the channel's last message; correct the time if it was over before or later",
    )


def _order(stamp: str) -> tuple[int, int]:
    match = _STAMP.fullmatch(stamp)
    return (int(match[1]), int(match[2].ljust(6, "0"))) if match else (0, 0)


def _time(record: ForeignRecord, field: str, stamp: str) -> datetime:
    """Return the time of a stamp such as 1452837318.000002: seconds and microseconds."""
    if not _STAMP.fullmatch(stamp):
        raise record.refusal(f"{field} is not a time")
    seconds, micro = _order(stamp)
    try:
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
    except (ValueError, OverflowError, OSError):
        raise record.refusal(f"{field} is not a time") from None
    return record.checked(field, at)


def table_rows(value: Any, name: str, now: datetime) -> tuple[ForeignRecord, ...]:
    """Return the records of a file's list, each named by the file and its place, from 1."""
    holder = ForeignRecord({"records": value}, name, now)
    if not isinstance(value, list):
        raise holder.refusal(f"expected a list, found {describe(value)}")
    return holder.rows("records", f"{name}, record")
