"""The page of the key table for the docs, written from the table itself."""

from __future__ import annotations

from cockpit.keymap.names import display_key
from cockpit.keymap.table import CONTEXTS, KEYS

_WHERE = {
    "app": "Everywhere",
    "home": "The list of incidents",
    "list": "Every list",
    "items": "The action items",
    "declare": "Declaring an incident",
    "incident": "An incident",
    "timeline": "The timeline",
    "stakeholders": "The stakeholders",
    "update": "The update",
    "postmortem": "The post-mortem",
    "entry": "While typing an entry",
    "editor": "While typing a text",
    "section": "While typing a section of the post-mortem",
    "field": "While typing in a field",
    "dialog": "Dialogs",
    "value": "A value out of a few",
    "choice": "A list of choices",
    "steps": "The steps of the workflow",
    "closing": "What is left before closing",
    "handover": "A hand-over",
    "tries": "What we try",
    "similar": "Past incidents like one",
    "insights": "Insights",
    "behind": "The incidents behind a figure",
    "help": "The help",
    "palette": "The palette",
    "picker": "An entry of the timeline to put in",
    "plain": "The plain text",
}

_HEAD = """# Keys

Every key stands in one table in the code; this page, the footer, the help and the palette are made
from it. Single letters act only outside text fields. Every action is also in the palette
(`ctrl+p` or `:`).

Any action can have other keys. Name it by its id in `config.toml` (`cockpit config edit`):

```toml
[keys]
"incident.copy" = "Y"
"app.quit" = "ctrl+q, f10"
```

Ids, names of keys, keys given twice and keys that no terminal sends are checked at the start and by
`cockpit config check`. A key is a single character, or one of `enter escape space tab backspace
delete insert home end pageup pagedown up down left right comma f1` to `f24`, with `ctrl+`, `shift+`
or `alt+` before it.
"""


def keys_page() -> str:
    """Return `docs/keys.md`."""
    parts = [_HEAD]
    for context in CONTEXTS:
        parts.append(f"\n## {_WHERE[context]}\n\n| Keys | Action | Id |\n| --- | --- | --- |\n")
        for key in KEYS:
            if key.context == context:
                keys = " ".join(_code(display_key(each)) for each in key.keys) or "(palette)"
                parts.append(f"| {keys} | {key.help} | `{key.id}` |\n")
    return "".join(parts)


def _code(key: str) -> str:
    return "`` ` ``" if key == "`" else f"`{key.replace('|', chr(92) + '|')}`"
