"""Slack's message markup as plain text: persons, channels and links by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<([^<>\n]+)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def decode_text(text: str, persons: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return a message's text as people read it; both maps give names by id."""

    def decode(match: re.Match[str]) -> str:
        return _decode_token(match[1], persons, channels)

    # Tokens first: what people type as < stands there as &lt; and is none.
    return _decode_entities(_TOKEN.sub(decode, text))


def _decode_token(token: str, persons: Mapping[str, str], channels: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return f"@{persons.get(target[1:]) or label.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{label.removeprefix('#') or channels.get(target[1:]) or target[1:]}"
    if target.startswith("!"):
        # <!here>, <!subteam^S1|@ops>, <!date^1392734382^{date}|18 February 2014>
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:")
    if not label or address.rstrip("/").removeprefix("https://").removeprefix("http://") == label:
        return address
    return f"{label} ({address})"


def _decode_entities(text: str) -> str:
    for entity, letter in _ENTITIES:
        text = text.replace(entity, letter)
    return text
