"""Changing what is known of a stakeholder: choose what, then type or choose it."""

from __future__ import annotations

from typing import Any

from textual.app import App

from cockpit.domain.person_fields import QUIET
from cockpit.domain.view import Stakeholder
from cockpit.domain.vocabulary import Level, Ring
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog

_LABELS = {
    "contact": "Contact",
    "channels": "Channels",
    "ring": "Ring",
    "deputy": "Deputy",
    QUIET: "Quiet hours",
    "zone": "Zone of the quiet hours",
    "wants": "Wants to know",
    "every": "Own rhythm",
    "title": "Title",
    "group": "Group",
    "name": "Name",
    "power": "Power",
    "interest": "Interest",
}
_HINTS = {
    "contact": "a number, an address or a room",
    "channels": "the best way first: phone, chat",
    "deputy": "who stands in for them",
    QUIET: "such as 22:00-07:00; empty for none",
    "zone": "such as Europe/Berlin; empty for UTC",
    "wants": "what they need to know",
    "every": "such as 30m; empty for that of their ring",
}


_NOTHING = {"zone": "UTC", "every": "that of the ring"}


async def ask_change(app: App[Any], person: Stakeholder) -> tuple[str, str] | None:
    """Ask which field of a person to change and to what; None when it was left."""
    answer = await app.push_screen_wait(
        ChoiceDialog(
            f"{person.name}: what changes?",
            [
                Choice(field, f"{label}: {present(person, field) or _NOTHING.get(field, 'none')}")
                for field, label in _LABELS.items()
            ],
            ask_reason=False,
        )
    )
    if answer is None:
        return None
    field = answer[0]
    text = await ask_value(app, person, field, present(person, field))
    return None if text is None else (field, text)


async def ask_value(
    app: App[Any], person: Stakeholder, field: str, text: str, trouble: str = ""
) -> str | None:
    """Ask for the new value of a field, beginning with `text`; `trouble` is what was wrong."""
    title = f"{person.name}: {_LABELS[field].lower()}"
    if words := _words_of(field):
        answer = await app.push_screen_wait(
            ChoiceDialog(
                title,
                [Choice(each, each.capitalize()) for each in words],
                ask_reason=False,
                current=text,
            )
        )
        return answer[0] if answer else None
    typed: str | None = await app.push_screen_wait(
        TextDialog(title, trouble or _HINTS.get(field, ""), text)
    )
    return typed


def present(person: Stakeholder, field: str) -> str:
    """Return what is known of a field, as people type it."""
    if field == QUIET:
        return f"{person.quiet_from}-{person.quiet_until}" if person.quiet_from else ""
    if field == "ring":
        return person.ring.audience
    if field == "channels":
        return ", ".join(person.channels)
    if field == "every":
        return f"{person.every}m" if person.every else ""
    return str(getattr(person, field))


def _words_of(field: str) -> tuple[str, ...]:
    """Return the words that a field can be, empty when it is typed."""
    if field == "ring":
        return tuple(each.audience for each in Ring)
    return tuple(each.value for each in Level) if field in ("power", "interest") else ()
