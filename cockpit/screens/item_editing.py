"""Changing an action item: choose what, then type or choose it."""

from __future__ import annotations

from typing import Any

from textual.app import App

from cockpit.domain.action_items import KINDS, STATES
from cockpit.domain.view import ActionItem
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog

_LABELS = {
    "owner": "Owner",
    "due": "Due date",
    "title": "Title",
    "kind": "Kind",
    "state": "State",
    "automate": "To automate",
    "link": "Link",
}
_HINTS = {
    "owner": "one or several: ana, ben; empty for nobody",
    "due": "2026-12-01, friday, +14d; empty for none",
    "link": "where it is followed",
}
_WORDS = {"kind": KINDS, "state": STATES, "automate": ("yes", "no")}
_NOTHING = {"owner": "nobody", "due": "none", "link": "none"}


async def ask_change(app: App[Any], item: ActionItem) -> tuple[str, str] | None:
    """Ask which field of an item to change and to what; None when it was left."""
    choices = [
        Choice(field, f"{label}: {_present(item, field) or _NOTHING.get(field, 'none')}")
        for field, label in _LABELS.items()
    ]
    answer = await app.push_screen_wait(ChoiceDialog("What changes?", choices, ask_reason=False))
    if answer is None:
        return None
    field = answer[0]
    text = await ask_value(app, item, field, _present(item, field))
    return None if text is None else (field, text)


async def ask_value(
    app: App[Any], item: ActionItem, field: str, text: str, trouble: str = ""
) -> str | None:
    """Ask for the new value of a field, beginning with `text`; `trouble` is what was wrong."""
    title = f"{_LABELS[field]}: {item.title}" if field != "title" else _LABELS[field]
    if field in _WORDS:
        choices = [Choice(each, each.capitalize()) for each in _WORDS[field]]
        answer = await app.push_screen_wait(
            ChoiceDialog(title, choices, ask_reason=False, current=text)
        )
        return answer[0] if answer else None
    typed: str | None = await app.push_screen_wait(
        TextDialog(title, trouble or _HINTS.get(field, ""), text)
    )
    return typed


def _present(item: ActionItem, field: str) -> str:
    """Return what is known of a field, as people type it."""
    if field == "automate":
        return "yes" if item.automate else "no"
    return str(getattr(item, field))
