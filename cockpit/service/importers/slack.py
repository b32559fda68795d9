"""Import of a Slack export: the zip archive's messages, channel by channel."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, StoryFile, count_words
from cockpit.domain.nearest import expected
from cockpit.domain.slack_export import (
    NAME,
    Channel,
    Workspace,
    read_channel,
    read_persons,
    table_rows,
)
from cockpit.domain.statuspage import UNCHANGED, decode_json
from cockpit.errors import ImportRefusedError
from cockpit.service.import_options import ImportOptions
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.stories import plan_stories
from cockpit.service.session import Session
from cockpit.service.zip_members import ZipMembers

_DAY = re.compile(r"([^/\\]+)/(\d{4}-\d{2}-\d{2})\.json")
_LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
_ZIP = b"PK"


def plan(session: Session, data: bytes, options: ImportOptions) -> ImportPlan:
    """Return the events that an export adds; raises ImportRefusedError with the message's place."""
    return plan_stories(session, NAME, _Export(session, data).read(options), options)


class _Export:
    """An export: its lists of users and channels, and the files of messages by channel."""

    def __init__(self, session: Session, data: bytes) -> None:
        if not data.startswith(_ZIP):
            hint = f"Slack gives the export as a zip archive; import that. {UNCHANGED}"
            raise ImportRefusedError("The file is no Slack export: it is no zip archive.", hint)
        self.now = session.clock()
        self.members = ZipMembers(data)
        self.root = self._find_root()
        self.days: dict[str, list[str]] = {}
        self.others = 0
        for name in self.members.names:
            self._sort_in(name)
        if not self.days:
            message = "The archive is no Slack export: it has no folder with files of messages."
            raise ImportRefusedError(
                message, f"They look like general/2026-03-04.json. {UNCHANGED}"
            )

    def _find_root(self) -> str:
        """Return the folder that holds the export, where somebody packed it once more."""
        lists = [
            each for each in self.members.names if each.endswith(("channels.json", "users.json"))
        ]
        return min((each.rpartition("/")[0] for each in lists), key=len, default="")

    def _sort_in(self, name: str) -> None:
        inside = name.removeprefix(f"{self.root}/") if self.root else name
        match = _DAY.fullmatch(inside)
        if match and match[1] not in (".", ".."):
            self.days.setdefault(match[1], []).append(name)
        elif inside not in ("users.json", *_LISTS):
            self.others += 1

    def read(self, options: ImportOptions) -> StoryFile:
        channels = self._channels(options)
        users = self._list("users.json")
        known = [each for name in _LISTS for each in self._list(name)]
        names = {each.line("id"): each.line("name") for each in known if each.line("name")}
        workspace = Workspace(read_persons(users), names)
        by_folder = {each.line("name") or each.line("id"): each for each in known}
        left_out: Counter[str] = Counter()
        stories: list[Story] = []
        for folder in channels:
            channel = _channel(folder, by_folder.get(folder))
            story, rest = read_channel(
                channel, self._messages(folder), workspace, options.since, options.until
            )
            left_out += rest
            if story is not None:
                stories.append(story)
            else:
                left_out["channel without messages|channels without messages"] += 1
        left_out["other channel|other channels"] += len(self.days) - len(channels)
        left_out["other file|other files"] += self.others
        return StoryFile(tuple(stories), count_words(left_out.elements()))

    def _channels(self, options: ImportOptions) -> list[str]:
        wanted = [each.strip().removeprefix("#") for each in options.channels]
        for each in wanted:
            if each not in self.days:
                raise expected("a channel of this export", each, sorted(self.days))
        return sorted(set(wanted) or self.days)

    def _list(self, name: str) -> tuple[ForeignRecord, ...]:
        path = f"{self.root}/{name}" if self.root else name
        if path not in self.members.names:
            return ()
        return table_rows(decode_json(self.members.read(path)), name, self.now)

    def _messages(self, folder: str) -> Iterator[ForeignRecord]:
        for path in self.days[folder]:
            name = path.removeprefix(f"{self.root}/") if self.root else path
            yield from table_rows(self._decode(path, name), name, self.now)

    def _decode(self, path: str, name: str) -> object:
        try:
            return decode_json(self.members.read(path))
        except ImportRefusedError as error:
            raise ImportRefusedError(f"{name}: {error.message}", error.hint) from error


def _channel(folder: str, known: ForeignRecord | None) -> Channel:
    if known is None:
        return Channel(folder, "")
    topic = known.table("topic").line("value") or known.table("purpose").line("value")
    return Channel(folder, known.line("id"), topic)
