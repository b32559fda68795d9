"""A post-mortem section being edited: what is typed, what is stored, what others add."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct

from cockpit.domain.text_merge import SectionDocument, join_updates
from cockpit.errors import InvalidInputError


def section_key(inc: str, section: str) -> str:
    """Return the key under which a section's unsaved keystrokes are kept."""
    return f"{inc}/postmortem/{section}"


class _Draft(Struct, frozen=True):
    """What is not stored yet: as updates, which can be taken in twice, and as text.

    client, written: under which id it was typed, and how much in all; base: the stored text that
    the text was typed upon, as earlier versions kept it in place of the updates.
    """

    text: str = ""
    updates: tuple[str, ...] = ()
    client: int = 0
    written: int = 0
    base: str = ""


def read_draft(draft: str) -> _Draft:
    """Return a kept draft; one of another form counts as text upon nothing."""
    try:
        return msgspec.json.decode(draft, type=_Draft)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return _Draft(draft)


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

        What of them was stored before the editing was lost is not put in again, and what others
        wrote since then stays.
        """
        kept = read_draft(draft)
        if not kept.updates:
            return cls._restore_text(section, updates, client_id, kept)
        editing = cls(section, updates, client_id)
        for update in kept.updates:
            with suppress(InvalidInputError):
                editing.document.apply(update)
        if editing.document.count_written(kept.client) < kept.written:
            # Something that it was typed upon is missing here: the text stands for all of it.
            return cls._restore_text(section, updates, client_id, _Draft(kept.text))
        if editing.document.text != editing.stored_text:
            editing.unsaved = list(kept.updates)
        return editing

    @classmethod
    def _restore_text(
        cls, section: str, updates: Sequence[str], client_id: int, kept: _Draft
    ) -> SectionEditing:
        """Put a text in that was typed upon a known state of the section, or else below it."""
        editing = cls(section, [], client_id)
        rest = list(updates)
        while editing.document.text != kept.base and rest:
            editing.document.apply(rest.pop(0))
        placed = editing.document.text == kept.base
        if placed:
            editing.take(kept.text)
        stored = SectionDocument(updates, client_id).text
        for update in rest:
            editing.document.apply(update)
        if not placed and kept.text not in stored:
            # The state that it was typed upon is unknown: keep both texts, one after the other.
            editing.take(f"{stored}\n\n{kept.text}" if stored.strip() else kept.text)
        editing.stored_text = stored
        return editing

    def pack(self) -> str:
        """Return what is not stored yet as a draft, empty when all is."""
        if not self.unsaved:
            return ""
        client, document = self.document.client_id, self.document
        draft = _Draft(document.text, tuple(self.unsaved), client, document.count_written(client))
        return msgspec.json.encode(draft).decode()

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

    def join(self) -> tuple[str, ...]:
        """Return what is not stored yet in as few updates as can be."""
        self.unsaved = list(join_updates(self.unsaved))
        return tuple(self.unsaved)

    def stored(self, updates: Sequence[str]) -> None:
        """Forget those updates: they are stored now."""
        self.unsaved = [each for each in self.unsaved if each not in set(updates)]
        if not self.unsaved:
            self.stored_text = self.document.text
