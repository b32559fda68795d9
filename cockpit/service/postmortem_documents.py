"""A whole post-mortem, or one section of it, out to a person's own editor and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from cockpit.domain.events import FieldSet, TextUpdated
from cockpit.domain.nearest import expected
from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.postmortem_document import EditedDocument, read_document, write_document
from cockpit.domain.visible import clean_input
from cockpit.service import postmortems
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

if TYPE_CHECKING:
    from cockpit.domain.text_merge import SectionDocument


class OpenDocument(Struct, frozen=True):
    """Sections as they are when an editor opens, with the text that it gets.

    documents: by section id, to which the changes are made: what others write meanwhile merges.
    """

    inc: str
    title: str
    sections: tuple[PostmortemSection, ...]
    documents: dict[str, SectionDocument]
    text: str


class Outcome(Struct, frozen=True):
    """What was kept, by the titles of the sections: changed, new, and without their heading."""

    changed: tuple[str, ...]
    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return it in sentences."""
        parts = [f"{', '.join(self.changed)} changed." if self.changed else ""]
        if self.added:
            parts.append(f"New: {', '.join(self.added)}.")
        if self.kept:
            one = len(self.kept) == 1
            names = ", ".join(f"“{each}”" for each in self.kept)
            gone = f"The heading {names} is gone; its section keeps"
            several = f"The headings {names} are gone; their sections keep"
            parts.append(f"{gone if one else several} the text as it was.")
        return " ".join(each for each in parts if each) or "Nothing changed."


def open_document(
    session: Session, inc: str, names: Sequence[str] = (), *, public: bool = False
) -> OpenDocument:
    """Return the sections with these ids (none: all) as a document to be edited."""
    found = postmortems.sections(session, inc, public=public)
    known = [each.id for each in found]
    for name in names:
        if name not in known:
            raise expected("a section", name, known)
    view = session.reads.view(inc)
    chosen = tuple(each for each in found if not names or each.id in names)
    title = f"{view.ref}: {view.title}"
    return OpenDocument(
        inc,
        title,
        chosen,
        {each.id: _open(session, inc, each.id) for each in chosen},
        write_document(title, chosen),
    )


def close_document(session: Session, opened: OpenDocument, text: str) -> Outcome:
    """Keep what the editor made of a document; nothing of it is left out."""
    headings = {
        each.id: (each.title, *each.aliases)
        for form in session.playbook.forms
        for each in form.sections
    }
    taken = [each.id for each in session.reads.view(opened.inc).postmortem.sections]
    edited = read_document(clean_input(text), opened.sections, headings, taken)
    return keep(session, opened, edited)


def close_section(session: Session, opened: OpenDocument, text: str) -> Outcome:
    """Keep what the editor made of a document's only section, which it got without heading."""
    (section,) = opened.sections
    text = clean_input(text).strip("\n")
    changed = {} if text.strip() == section.written.strip() else {section.id: text}
    return keep(session, opened, EditedDocument(changed, (), ()))


def keep(session: Session, opened: OpenDocument, edited: EditedDocument) -> Outcome:
    """Write the changed sections and the new ones, all or none of them."""
    inc, act = opened.inc, session.new_id()
    known = {each.id: each for each in opened.sections}
    updates = {
        name: _replace(known[name], opened.documents[name], text, inc)
        for name, text in edited.changed.items()
    }
    place = len(session.reads.view(inc).postmortem.sections)
    headings = []
    for number, each in enumerate(edited.added, place):
        headings += [
            FieldSet("title", each.title, obj=f"sec:{each.id}", act=act),
            FieldSet("pos", f"{number:04d}", obj=f"sec:{each.id}", act=act),
        ]
        updates[each.id] = _open(session, inc, each.id).write(each.text)

    def build(reads: Reads) -> Sequence[NewEvent]:
        texts = [
            NewEvent(inc, TextUpdated(name, update, act=act))
            for name, found in updates.items()
            for update in found
        ]
        return [*(NewEvent(inc, on_register(reads, inc, each)) for each in headings), *texts]

    if updates or headings:
        session.write(build)
    return Outcome(
        tuple(known[name].title for name in edited.changed),
        tuple(each.title for each in edited.added),
        edited.kept,
    )


def _open(session: Session, inc: str, section: str) -> SectionDocument:
    from cockpit.domain.text_merge import SectionDocument

    client = int(session.random_hex(4), 16)
    return SectionDocument(session.reads.section_updates(inc, section), client)


def _replace(
    section: PostmortemSection, document: SectionDocument, text: str, inc: str
) -> tuple[str, ...]:
    """Return the updates; what began as a draft adopts it first, as anybody else would."""
    first: tuple[str, ...] = ()
    if not section.text.strip() and section.draft.strip() and text.strip():
        first = document.adopt_whole(section.draft, section.id, inc)
    return (*first, *document.write(text))
