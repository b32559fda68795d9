"""cState pages: Markdown files, one incident each, with their updates in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.cstate_pieces import split_page
from cockpit.domain.cstate_times import Reading, read_time
from cockpit.domain.cstate_updates import Page, make_entries, place_pieces
from cockpit.domain.foreign_incident import (
    ForeignEntry,
    ForeignFormat,
    ForeignIncident,
    resolved_stage,
    title_of,
)
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.front_matter import FrontMatter, split_front_matter
from cockpit.domain.nearest import expected
from cockpit.domain.visible import clean_input, clip, make_visible
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity
from cockpit.errors import InvalidInputError

FORMAT = ForeignFormat("cstate")

SEVERITIES = {
    "notice": (Severity.SEV4, Impact.LOW),
    "disrupted": (Severity.SEV3, Impact.MEDIUM),
    "down": (Severity.SEV2, Impact.HIGH),
}
"""cState's severities as severity and impact."""

_YES = ("true", "yes", "on", "1")
_PLANNED = "maintenance"
_AHEAD = timedelta(days=1)


class Pages(Struct, frozen=True):
    """What a folder holds: its incidents, and in words what is left out or was not plain."""

    incidents: tuple[ForeignIncident, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def parse_pages(files: Mapping[str, bytes], now: datetime) -> Pages:
    """Return the incidents of files by their name; `now` bounds what can have happened.

    Raises ImportRefusedError with the file's name.
    """
    incidents: list[ForeignIncident] = []
    left_out: dict[str, list[str]] = {}
    notes: Counter[str] = Counter()
    for name in sorted(files):
        record = ForeignRecord({}, f"The file {_shown(name)}", now)
        front = _read(record, files[name])
        fields = ForeignRecord(front.values, record.name, now)
        why = _reason_to_leave_out(name, fields)
        if why:
            left_out.setdefault(why, []).append(_shown(name))
            continue
        page = _page(fields, front, name)
        incident, zoned = _incident(page)
        incidents.append(incident)
        notes["no zone"] += not zoned
        notes["too early"] += bool(page.end and page.end.at < page.begin.at)
    return Pages(tuple(incidents), _words(left_out), _notes(notes))


def _read(record: ForeignRecord, data: bytes) -> FrontMatter:
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise record.refusal("it is no UTF-8 text") from error
    try:
        return split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    except InvalidInputError as error:
        raise record.refusal(make_visible(error.message.rstrip("."))) from error


def _reason_to_leave_out(name: str, fields: ForeignRecord) -> str:
    if name == "_index.md" or fields.text("section") not in ("", "issue"):
        return "no incident"
    if fields.text("draft").lower() in _YES:
        return "a draft"
    begin = read_time(fields.text("date"))
    return "still to come" if begin and begin.at > fields.now + _AHEAD else ""


def _page(fields: ForeignRecord, front: FrontMatter, name: str) -> Page:
    begin = _time(fields, "date")
    if begin is None:
        raise fields.refusal("date is missing; expected a time like 2021-06-07 16:37:00")
    resolved = fields.text("resolved").lower() in _YES
    return Page(fields, front, name, begin, _time(fields, "resolvedWhen"), resolved)


def _time(record: ForeignRecord, field: str) -> Reading | None:
    text = record.text(field)
    if not text:
        return None
    found = read_time(text)
    if found is None:
        shown = clip(make_visible(text), 40)
        raise record.refusal(f"{field} “{shown}” is no time; expected 2021-06-07 16:37:00")
    return replace(found, at=record.checked(field, found.at))


def _incident(page: Page) -> tuple[ForeignIncident, bool]:
    """Return the incident, and whether all its times name their zone."""
    record = page.record
    title = title_of(record.line("title"))
    if not title:
        raise record.refusal("it has no title")
    word = record.text("severity").lower()
    if word and word not in SEVERITIES:
        problem = expected("a severity", word, tuple(SEVERITIES)).message
        raise record.refusal(problem.rstrip("."))
    severity, impact = SEVERITIES[word or "notice"]
    pieces = split_page(page.front.body, page.begin.at)
    placed = place_pieces(pieces, page)
    entries = make_entries(placed, page)
    order = sorted(zip(placed, entries, strict=True), key=lambda both: both[0].place)
    if len(entries) == 1 and not entries[0].text:
        entries = []
    status = PublicStatus.RESOLVED.value if page.is_resolved else _last_status(entries)
    early = page.end is not None and page.end.at < page.begin.at
    incident = ForeignIncident(
        place=f"{record.name} (“{clip(make_visible(title), 60)}”)",
        id=page.name,
        title=title,
        severity=severity.value,
        at=page.begin.at,
        raw=_raw(page, [entry.id for _, entry in order] if entries else []),
        entries=tuple(entries),
        impact=impact.value,
        reason=f"cState severity: {word}" if word else "",
        status=status,
        stage=resolved_stage(status),
        ended_at=page.ended_at,
        ended_reason="the page says that it was resolved before it began" if early else "",
        kind="planned" if _is_planned(page, title) else "",
    )
    zoned = page.begin.zoned and (page.end is None or page.end.zoned)
    return incident, zoned and all(each.zoned for each in pieces)


def _raw(page: Page, order: Sequence[str]) -> dict[str, Any]:
    """Return what is left of a file without its updates; `order` has their ids as they stand."""
    raw: dict[str, Any] = {
        "file": clean_input(page.name),
        "front_matter": clean_input(page.front.block),
        "order": list(order),
    }
    return raw if order else {**raw, "body": clean_input(page.front.body)}


def _is_planned(page: Page, title: str) -> bool:
    informs = page.record.text("informational").lower() in _YES
    return informs or _PLANNED in title.casefold() or _PLANNED in page.name.casefold()


def _last_status(entries: Sequence[ForeignEntry]) -> str:
    told = [each.status for each in entries if each.status]
    return told[-1] if told else PublicStatus.INVESTIGATING.value


def _words(left_out: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(
        f"{len(names):,} {'file' if len(names) == 1 else 'files'}, {why} ({_few(names)})"
        for why, names in left_out.items()
    )


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _notes(notes: Counter[str]) -> tuple[str, ...]:
    found = []
    if notes["no zone"]:
        found.append(f"Times without a zone were read as UTC: {_files(notes['no zone'])}.")
    if notes["too early"]:
        early = _files(notes["too early"])
        found.append(f"Resolved before the beginning, so its time counts: {early}.")
    return tuple(found)


def _files(number: int) -> str:
    return f"{number:,} {'file' if number == 1 else 'files'}"


def _shown(name: str) -> str:
    return clip(make_visible(name), 80)
