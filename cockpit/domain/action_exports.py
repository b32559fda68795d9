"""Action items for other places: a checklist, a table, JSON, bodies for issue trackers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from cockpit.domain.action_items import IncidentItem, days_late, due_day, group_items, owners
from cockpit.domain.csv_cells import write_table
from cockpit.domain.incident_markdown import ACTION_KINDS
from cockpit.domain.markdown import bullet, escape_inline, heading
from cockpit.domain.nearest import expected
from cockpit.domain.visible import make_visible

FORMATS = ("markdown", "csv", "json", "github", "jira")

GITHUB_TITLE = 256
JIRA_SUMMARY = 255
"""Characters that the trackers take at most."""

_LINK = re.compile(r"https?://[^\s<>\"'`|\\{}^\x00-\x20\x7f-\xa0]+", re.IGNORECASE)
_MENTION = re.compile(r"@(?=\w)|#(?=\d)")
_JIRA_MARKUP = re.compile(r"[{\[]|!(?=\S)|\\(?=[{\[!\\])")
_LABEL = re.compile(r"[^\w.-]+")
_CSV_COLUMNS = (
    *("id", "title", "kind", "owner", "due", "state", "automate", "link"),
    *("incident", "incident_title", "severity", "drill", "days_late"),
)
_JIRA_COLUMNS = ("Summary", "Description", "Due Date", "Labels", "Assignee")


class ExportWishes(Struct, frozen=True):
    """How to export: as of which day, in groups of which kind, with which labels on each issue."""

    today: date
    by: str = "incident"
    labels: tuple[str, ...] = ()


def export_items(items: Sequence[IncidentItem], form: str, wishes: ExportWishes) -> str:
    """Return the items in a format of `FORMATS`; raises InvalidInputError for another one."""
    if form not in FORMATS:
        raise expected("a format of action items", form, FORMATS)
    return _WRITERS[form](items, wishes)


def item_record(each: IncidentItem, today: date) -> dict[str, Any]:
    """Return an item as plain values, for JSON."""
    item, late = each.item, days_late(each, today)
    return {
        "id": item.id,
        "title": item.title,
        "kind": item.kind,
        "owner": item.owner,
        "owners": list(owners(item.owner)),
        "due": item.due,
        "state": item.state,
        "automate": item.automate,
        "link": item.link,
        "overdue": late > 0,
        "days_late": late,
        "ref": each.ref,
        "incident_id": each.inc,
        "incident_title": each.incident,
        "severity": each.severity.value,
        "drill": each.drill,
    }


def _write_markdown(items: Sequence[IncidentItem], wishes: ExportWishes) -> str:
    parts = [heading(1, "Action items")]
    for group in group_items(items, wishes.by, wishes.today):
        lines = [bullet(_checklist_line(each), done=not each.is_open) for each in group.items]
        parts += [heading(2, group.heading), "\n".join(lines)]
    if not items:
        parts.append("No action items.")
    return "\n\n".join(parts) + "\n"


def _checklist_line(each: IncidentItem) -> str:
    item = each.item
    marks = [
        each.ref,
        ACTION_KINDS.get(item.kind, item.kind),
        f"owner: {item.owner or 'nobody yet'}",
        f"due: {item.due or 'no date yet'}",
        *(["to automate"] if item.automate else []),
        *([item.state] if item.state not in ("open", "done") else []),
    ]
    link = f" {_link(item.link)}" if item.link else ""
    title = escape_inline(item.title) or "(no title)"
    return f"{title} ({escape_inline(', '.join(marks))}){link}"


def _write_csv(items: Sequence[IncidentItem], wishes: ExportWishes) -> str:
    return write_table(_CSV_COLUMNS, [_csv_row(each, wishes.today) for each in items])


def _csv_row(each: IncidentItem, today: date) -> tuple[str, ...]:
    item, late = each.item, days_late(each, today)
    automate, drill = ("yes" if flag else "" for flag in (item.automate, each.drill))
    return (
        *(item.id, item.title, item.kind, item.owner, item.due, item.state, automate, item.link),
        *(each.ref, each.incident, each.severity.value, drill, str(late) if late else ""),
    )


def _write_json(items: Sequence[IncidentItem], wishes: ExportWishes) -> str:
    return _dump([item_record(each, wishes.today) for each in items])


def _write_github(items: Sequence[IncidentItem], wishes: ExportWishes) -> str:
    issues = []
    for each in items:
        title, whole = _short(each.item.title, GITHUB_TITLE)
        lines = [f"- {name}: {_github_text(value)}" for name, value in _facts(each, whole)]
        body = "\n".join((_github_text(_origin(each)), "", *lines))
        issues.append({"title": title, "body": body, "labels": list(_labels(each, wishes))})
    return _dump(issues)


def _write_jira(items: Sequence[IncidentItem], wishes: ExportWishes) -> str:
    most = max((len(_labels(each, wishes)) for each in items), default=1)
    summary, description, due, labels, assignee = _JIRA_COLUMNS
    header = (summary, description, due, *[labels] * most, assignee)
    return write_table(header, [_jira_row(each, wishes, most) for each in items])


def _jira_row(each: IncidentItem, wishes: ExportWishes, most: int) -> tuple[str, ...]:
    title, whole = _short(each.item.title, JIRA_SUMMARY)
    parts = (_origin(each), *(f"{name}: {value}" for name, value in _facts(each, whole)))
    due, names = due_day(each.item), owners(each.item.owner)
    labels = _labels(each, wishes)
    return (
        title,
        " ".join(f"{_JIRA_MARKUP.sub(_escaped, _one_line(part))}." for part in parts),
        due.isoformat() if due else "",
        *labels,
        *[""] * (most - len(labels)),
        names[0] if names else "",
    )


def _origin(each: IncidentItem) -> str:
    """Return where it comes from; the title of a private incident stays here."""
    title = "" if each.private else f" {each.incident}"
    drill = ", an exercise" if each.drill else ""
    return f"Left behind by {each.ref}{title} ({each.severity.value}{drill})"


def _facts(each: IncidentItem, whole: str) -> list[tuple[str, str]]:
    item = each.item
    found = (
        ("Title", whole),
        ("Kind", ACTION_KINDS.get(item.kind, item.kind)),
        ("Owner", ", ".join(owners(item.owner)) or "nobody yet"),
        ("Due", item.due or "no date yet"),
        ("State", "" if item.state == "open" else item.state),
        ("To automate", "yes" if item.automate else ""),
        ("Link", item.link),
        ("Id", item.id),
    )
    return [(name, value) for name, value in found if value]


def _labels(each: IncidentItem, wishes: ExportWishes) -> tuple[str, ...]:
    found = (*wishes.labels, each.item.kind, each.severity.value.lower())
    plain = (_LABEL.sub("-", make_visible(label)).strip("-")[:50] for label in found)
    return tuple(dict.fromkeys(label for label in plain if label))


def _short(title: str, most: int) -> tuple[str, str]:
    """Return a title that a tracker takes, and the whole one where it had to be cut."""
    line = _one_line(title) or "(no title)"
    return (line, "") if len(line) <= most else (f"{line[: most - 1]}…", line)


def _one_line(text: str) -> str:
    return make_visible(" ".join(text.split()))


def _link(text: str) -> str:
    """Return an address as a link, anything else as the text that it is."""
    return f"<{text}>" if _LINK.fullmatch(text) else escape_inline(text)


def _github_text(text: str) -> str:
    """Return text that is literal there, and calls nobody and no issue by its number."""
    if _LINK.fullmatch(text):
        return f"<{text}>"
    return _MENTION.sub(lambda found: f"{found[0]}&#8203;", escape_inline(text))


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _dump(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


_WRITERS: dict[str, Callable[[Sequence[IncidentItem], ExportWishes], str]] = {
    "markdown": _write_markdown,
    "csv": _write_csv,
    "json": _write_json,
    "github": _write_github,
    "jira": _write_jira,
}
