"""Action items as the rows of their screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cockpit.domain.action_items import (
    NOBODY,
    IncidentItem,
    days_late,
    due_words,
    group_items,
    owners,
)
from cockpit.widgets.action_list import ActionRow

_WORDS = {
    "due": "by due date",
    "owner": "by owner",
    "incident": "by incident",
    "kind": "by kind",
}


def action_rows(items: Sequence[IncidentItem], by: str, today: date) -> tuple[ActionRow, ...]:
    """Return the rows in groups, the last of each marked; one of two owners stands in both."""
    rows: list[ActionRow] = []
    for group in group_items(items, by, today):
        end = len(group.items) - 1
        for at, each in enumerate(group.items):
            owner = group.heading if by == "owner" else _owner_words(each)
            rows.append(_row(each, owner, today, last=at == end))
    return tuple(rows)


def group_words(by: str) -> str:
    """Return in words how the rows are grouped."""
    return _WORDS[by]


def _row(each: IncidentItem, owner: str, today: date, *, last: bool) -> ActionRow:
    item = each.item
    facts = (
        item.kind,
        f"owner {', '.join(owners(item.owner)) or NOBODY}",
        f"due {item.due}" if item.due else "no due date",
        "to automate" if item.automate else "",
        item.link,
    )
    origin = f"{each.ref} {each.incident}{' (drill)' if each.drill else ''}"
    return ActionRow(
        inc=each.inc,
        id=item.id,
        title=item.title or "(no title)",
        due=due_words(each, today),
        owner=owner,
        ref=each.ref,
        kind=item.kind,
        late=days_late(each, today) > 0,
        over=not each.is_open,
        last=last,
        detail="\n".join((origin, ", ".join(fact for fact in facts if fact))),
    )


def _owner_words(each: IncidentItem) -> str:
    return ", ".join(owners(each.item.owner)) or NOBODY
