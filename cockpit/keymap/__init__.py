"""The one key table: it feeds the bindings, the footer, the help, the palette and the docs.

A row is known by its id, `context.name`; people rebind rows by that id in their config, and their
wishes are checked here, because the terminal library ignores mistakes silently.
"""

from __future__ import annotations

from cockpit.keymap.names import display_key
from cockpit.keymap.rebinding import check_rebinding, library_keymap
from cockpit.keymap.table import CONTEXTS, GROUPS, KEYS, TYPING_CONTEXTS, Key
from cockpit.keymap.views import (
    HelpLine,
    Rebound,
    find_key,
    footer_hints,
    help_lines,
    keys_of,
    keys_shown,
)

__all__ = [
    "CONTEXTS",
    "GROUPS",
    "KEYS",
    "TYPING_CONTEXTS",
    "HelpLine",
    "Key",
    "Rebound",
    "check_rebinding",
    "display_key",
    "find_key",
    "footer_hints",
    "help_lines",
    "keys_of",
    "keys_shown",
    "library_keymap",
]
