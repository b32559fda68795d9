"""Bindings made from the key table, so that no widget or screen names a key of its own."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from cockpit.keymap import keys_of
from cockpit.keymap.names import library_key


def bindings_for(*contexts: str) -> list[BindingType]:
    """Return the bindings of those contexts of the key table, for a `BINDINGS` attribute.

    A row without a key gets a key that no terminal sends, so that a person can bind it.
    """
    return [
        Binding(
            ",".join(library_key(each) for each in key.keys) or f"unbound_{key.id}",
            key.action,
            key.help,
            show=bool(key.label),
            priority=key.priority,
            id=key.id,
        )
        for key in keys_of(*contexts)
    ]
