"""Drafting the post-mortem again: sections that began as a draft get what is new since then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from msgspec import Struct

from cockpit.domain.assembly import DRAFTED
from cockpit.domain.events import FieldSet, TextUpdated
from cockpit.domain.postmortem import Facts, draft_section
from cockpit.domain.redraft import Redrafted, mark_of, redraft
from cockpit.service import postmortems
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

FOLLOWS, OWN, SAME, NEW = "follows", "own", "same", "new"
"""What drafting again finds: no text yet, a text of people's own, nothing new, something new."""


class SectionRedraft(Struct, frozen=True):
    """What drafting again did to a section; the counts are of lines, as in `redraft`."""

    section: str
    title: str
    state: str
    added: int = 0
    renewed: int = 0
    gone: int = 0

    @property
    def is_new(self) -> bool:
        """Say whether the text was changed."""
        return self.state == NEW

    @property
    def words(self) -> str:
        """Return what was done, without the section's title."""
        if self.state == FOLLOWS:
            return "nobody has written there; the draft follows the facts."
        if self.state == OWN:
            return "did not begin as a draft; name it to put the draft below."
        counts = ((self.added, "added"), (self.renewed, "renewed"), (self.gone, "taken out"))
        parts = [
            f"{count} line{'' if count == 1 else 's'} {what}" for count, what in counts if count
        ]
        return f"{', '.join(parts) or 'nothing new'}."


def redraft_lines(found: Iterable[SectionRedraft]) -> tuple[str, ...]:
    """Return what was done in sentences, one for all sections to which the same happened."""
    titles: dict[str, list[str]] = {}
    for each in found:
        titles.setdefault(each.words, []).append(each.title)
    return tuple(f"{', '.join(names)}: {words}" for words, names in titles.items())


def adopt_draft(session: Session, inc: str, section: str) -> str:
    """Make the section's draft its text, unless somebody has written there; return the text."""
    document = postmortems.open_section(session, inc, section)
    if not document.text.strip():
        known = postmortems.facts(session, inc)
        form = postmortems.find_section(session, section)
        _adopt(session, inc, section, draft_section(form, known))
    return postmortems.open_section(session, inc, section).text


def note_draft(session: Session, inc: str, section: str, draft: str) -> None:
    """Remember which draft a section's text began as, when an editor took it over."""
    body = FieldSet(DRAFTED, mark_of(draft), obj=f"sec:{section}")
    session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])


def has_news(session: Session, inc: str, section: str, draft: str) -> bool:
    """Say whether a text that began as a draft lacks what the section's draft says by now."""
    updates = session.reads.section_updates(inc, section)
    mark = _mark(session, inc, section, updates)
    if not mark or mark == mark_of(draft):
        return False
    from cockpit.domain.text_merge import merged_text

    text = merged_text(updates)
    return redraft(text, mark, draft).text != text


def redraft_section(session: Session, inc: str, section: str) -> SectionRedraft:
    """Bring what is new into one section; an empty one takes the draft over.

    A text that did not begin as a draft gets all of it below.
    """
    form = postmortems.find_section(session, section)
    known = postmortems.facts(session, inc)
    draft, title = draft_section(form, known), _title(known, section, form.title)
    text = _text(known, section)
    if not text.strip() and draft.strip():
        _adopt(session, inc, section, draft)
        return SectionRedraft(section, title, NEW, added=len(mark_of(draft).split()))
    return _merge(session, inc, (section, title), draft, asked=True)


def redraft_sections(
    session: Session, inc: str, *, public: bool = False
) -> tuple[SectionRedraft, ...]:
    """Bring what is new into every section of a form whose text began as a draft."""
    known = postmortems.facts(session, inc)
    return tuple(
        _merge(
            session,
            inc,
            (each.id, _title(known, each.id, each.title)),
            draft_section(each, known),
            asked=False,
        )
        if _text(known, each.id).strip()
        else SectionRedraft(each.id, _title(known, each.id, each.title), FOLLOWS)
        for each in postmortems.form(session, public=public).sections
    )


def _merge(
    session: Session, inc: str, section: tuple[str, str], draft: str, *, asked: bool
) -> SectionRedraft:
    identity, title = section
    updates = session.reads.section_updates(inc, identity)
    mark = _mark(session, inc, identity, updates)
    if not mark and not asked:
        return SectionRedraft(identity, title, OWN)
    from cockpit.domain.text_merge import merged_text

    found = redraft(merged_text(updates), mark, draft)
    if found.mark != mark:
        _write(session, inc, identity, updates, found)
    state = NEW if found.added or found.renewed or found.gone else SAME
    return SectionRedraft(identity, title, state, found.added, found.renewed, found.gone)


def _write(
    session: Session, inc: str, section: str, updates: Sequence[str], found: Redrafted
) -> None:
    """Store the new text and the mark as one action, which one undo takes back."""
    from cockpit.domain.text_merge import MAX_CLIENT_ID, SectionDocument

    # Two who draft one text again from the same facts write the very same: it stands there once.
    digest = sha256("\0".join(("redraft", inc, section, found.text, *updates)).encode()).digest()
    document = SectionDocument(updates, 1 + int.from_bytes(digest[:8], "big") % MAX_CLIENT_ID)
    texts = document.write(found.text)
    _store(session, inc, section, found.mark, texts)


def _adopt(session: Session, inc: str, section: str, draft: str) -> None:
    document = postmortems.open_section(session, inc, section)
    texts = document.adopt_whole(draft, section, inc)
    if texts:
        _store(session, inc, section, mark_of(draft), texts)


def _store(session: Session, inc: str, section: str, mark: str, texts: Sequence[str]) -> None:
    act = session.new_id()
    body = FieldSet(DRAFTED, mark, obj=f"sec:{section}", act=act)

    def build(reads: Reads) -> Sequence[NewEvent]:
        updates = (NewEvent(inc, TextUpdated(section, each, act=act)) for each in texts)
        return [NewEvent(inc, on_register(reads, inc, body)), *updates]

    session.write(build)


def _mark(session: Session, inc: str, section: str, updates: Sequence[str]) -> str:
    """Return the mark of the draft that a text began as, or last took in; empty for none.

    What an editor adopted without a note is known by its update: no other text makes the same.
    """
    register = session.reads.register(inc, f"sec:{section}", DRAFTED)
    if register is not None and isinstance(register.value, str) and register.value:
        return register.value
    from cockpit.domain.text_merge import adopt, merged_text

    for update in updates:
        text = merged_text([update])
        if text.strip() and adopt(text, section, inc) == update:
            return mark_of(text)
    return ""


def _text(known: Facts, section: str) -> str:
    written = known.view.postmortem.sections
    return next((each.text for each in written if each.id == section), "")


def _title(known: Facts, section: str, title: str) -> str:
    written = known.view.postmortem.sections
    return next((each.title for each in written if each.id == section and each.title), title)
