"""Notifications that Alertmanager posts to a webhook (version 3 and 4), kept as a file."""

from __future__ import annotations

from datetime import datetime

from cockpit.domain.alert_groups import find_left_out, read_group
from cockpit.domain.foreign_bodies import read_bodies
from cockpit.domain.foreign_formats import unexpected
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, StoryFile, count_words
from cockpit.domain.playbook import Playbook

NAME = "alertmanager"
_VERSIONS = ("3", "4")


def read_alertmanager(data: bytes, now: datetime, rules: Playbook) -> StoryFile:
    """Return the groups of alerts in a file; records are its alerts, numbered from 1.

    Raises ImportRefusedError for another document, and for a record that is wrong.
    """
    stories: list[Story] = []
    left_out: list[str] = []
    before = 0
    for place, document in enumerate(read_bodies(data), start=1):
        if not isinstance(document, dict) or not _is_ours(document):
            raise unexpected(document, "no Alertmanager notification", "“groupKey” and “alerts”")
        body = ForeignRecord(document, f"Notification {place}", now)
        if body.text("version") not in _VERSIONS:
            raise body.refusal(f"its version is “{body.line('version')[:20]}”; expected 3 or 4")
        alerts = number_rows(body, before)
        before += len(alerts)
        stories.append(read_group(body, alerts, rules))
        left_out += find_left_out(body, alerts)
    return StoryFile(tuple(stories), count_words(left_out))


def number_rows(body: ForeignRecord, before: int) -> tuple[ForeignRecord, ...]:
    """Return a notification's alerts as records that are numbered through the whole file."""
    return body.rows("alerts", "Record", before + 1)


def _is_ours(document: dict[str, object]) -> bool:
    return "groupKey" in document and "alerts" in document and "orgId" not in document
