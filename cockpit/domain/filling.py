"""How a template's variable is filled: which field of the incident holds it, and how it is set."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cockpit.domain.update_facts import Variable

NOT_FILLED = "not filled"
LEFT_OUT = "left out"
"""What stands for a value: the text waits for it, or does without it."""

_LINES = {"impact_text": "/impact …", "cause": "/cause …", "next_step": "/next …"}
"""Variables that an entry fills."""

FIELDS = ("impact_text", "cause", "next_step", "workaround", "title", "started_at")
"""Variables that are fields of the incident."""

_FROM_PLAYBOOK = ("company", "product", "status_page")


def how_to_fill(name: str) -> str:
    """Return what to type to fill a variable, as a person reads it."""
    if name in _LINES:
        return f"{_LINES[name]}, or cockpit set {name} …"
    if name in FIELDS:
        return f"cockpit set {name} …"
    if name in _FROM_PLAYBOOK:
        return f"{name} in the playbook"
    if name == "next_update":
        return "write the time, or --next 30m"
    return f"write it in the text, or --fill {name}=…"


def value_words(variable: Variable, unfilled: Collection[str]) -> str:
    """Return a variable's value, or what stands for it; unfilled: the names the text waits for."""
    if variable.filled and variable.name not in unfilled:
        return variable.value
    return NOT_FILLED if variable.name in unfilled else LEFT_OUT


def by_need(variables: Iterable[Variable], unfilled: Collection[str]) -> tuple[Variable, ...]:
    """Return the variables that the text waits for first, then the filled, then those left out."""
    return tuple(
        sorted(variables, key=lambda each: (each.name not in unfilled, not each.filled, each.name))
    )
