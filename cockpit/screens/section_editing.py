"""A post-mortem section being edited: what is typed, what is stored, what others add."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cockpit.domain.text_merge import SectionDocument


def section_key(inc: str, section: str) -> str:
    """Return the key under which a section's unsaved keystrokes are kept."""
    return f"{inc}/postmortem/{section}"


def pack_draft(base: str, text: str) -> str:
    """Return unsaved text for the drafts, with the saved text that it was typed upon."""
    return json.dumps({"base": base, "text": text}, ensure_ascii=False)


def unpack_draft(draft: str) -> tuple[str, str]:
    """Return (base, text) of a kept draft; a draft of another form counts as text on nothing."""
    try:
        values: Any = json.loads(draft)
    except ValueError:
        return "", draft
    if isinstance(values, dict) and isinstance(values.get("text"), str):
        return str(values.get("base", "")), values["text"]
    return "", draft


class SectionEditing:
    """A section's document, the updates not yet stored, and the text that is stored for sure."""

    def __init__(self, section: str, updates: Sequence[str], client_id: int) -> None:
        """Open `section` from all its stored updates; `client_id` is fresh for this editing."""
        self.section = section
        self.document = SectionDocument(updates, client_id)
        self.unsaved: list[str] = []
        self.stored_text = self.document.text

    @classmethod
    def restore(
        cls, section: str, updates: Sequence[str], client_id: int, draft: str
    ) -> SectionEditing:
        """Open a section and put the unsaved keystrokes of a lost editing back into it.

        They are placed on the state of the text that they were typed upon, so that what others
        wrote since then stays.
        """
        editing = cls(section, [], client_id)
        base, text = unpack_draft(draft)
        rest = list(updates)
        while editing.document.text != base and rest:
            editing.document.apply(rest.pop(0))
        placed = editing.document.text == base
        if placed:
            editing.take(text)
        stored = SectionDocument(updates, client_id).text
        for update in rest:
            editing.document.apply(update)
        if not placed and text not in stored:
            # The state that it was typed upon is unknown: keep both texts, one after the other.
            editing.take(f"{stored}\n\n{text}" if stored.strip() else text)
        editing.stored_text = stored
        return editing

    def take(self, text: str) -> bool:
        """Make `text` the document's text; say whether there is something to store."""
        self.unsaved += self.document.write(text)
        return bool(self.unsaved)

    def adopt(self, draft: str, inc: str) -> bool:
        """Start from a draft; say whether there is something to store."""
        self.unsaved += self.document.adopt_whole(draft, self.section, inc)
        return bool(self.unsaved)

    def merge(self, updates: Sequence[str]) -> str:
        """Take in what is stored, others' edits included; return the text as it is then."""
        for update in updates:
            self.document.apply(update)
        if not self.unsaved:
            self.stored_text = self.document.text
        return self.document.text

    def stored(self, updates: Sequence[str]) -> None:
        """Forget those updates: they are stored now."""
        self.unsaved = [each for each in self.unsaved if each not in set(updates)]
        if not self.unsaved:
            self.stored_text = self.document.text
