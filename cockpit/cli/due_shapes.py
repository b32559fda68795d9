"""The shapes of `postmortem review --json`, and of what `due --json` says of post-mortems."""

from __future__ import annotations

from datetime import date
from typing import Any

from cockpit.cli.due_pages import Aftermath
from cockpit.domain.action_exports import item_record
from cockpit.domain.review import Owed
from cockpit.domain.view import IncidentView

Shape = dict[str, Any]


def review_shape(view: IncidentView, owed: Owed | None) -> Shape:
    """Return where the review of a post-mortem stands, and what is owed to it."""
    pm = view.postmortem
    return {
        "ref": view.ref,
        "id": view.id,
        "review": pm.review,
        "owner": pm.owner,
        "meeting_at": pm.meeting_at,
        "reviewed_by": pm.reviewed_by,
        "reviewed_at": pm.reviewed_at,
        "owed": owed_shape(owed),
    }


def aftermath_shape(each: Aftermath | None, today: date) -> Shape:
    """Return what an incident's post-mortem is owed, and its overdue action items."""
    return {
        "owed": owed_shape(each.owed if each else None),
        "actions": [item_record(item, today) for item in each.items] if each else [],
    }


def owed_shape(owed: Owed | None) -> list[Shape]:
    """Return what is owed, late things first."""
    return [
        {
            "id": each.id,
            "sentence": each.sentence,
            "how": each.how,
            "due_at": each.due_at,
            "late": each.late,
        }
        for each in (owed.nudges if owed else ())
    ]
