"""Post-mortems: sections drafted from facts, texts that merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.domain.cadence_report import report
from cockpit.domain.events import TextUpdated
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import PostmortemForm, SectionForm
from cockpit.domain.postmortem import Facts, PostmortemSection, assemble_markdown
from cockpit.domain.postmortem import sections as sections_of
from cockpit.domain.view import IncidentView, TimelineEntry, TimelineFilter
from cockpit.domain.visible import clean_input
from cockpit.service.session import Session
from cockpit.store.database import NewEvent

if TYPE_CHECKING:
    from cockpit.domain.text_merge import SectionDocument

_PAGE = 5000
"""Entries read at a time: bounds memory for each step, not the timeline."""


def form(session: Session, *, public: bool = False) -> PostmortemForm:
    """Return the internal form, or the public one."""
    wanted = "public" if public else "internal"
    return next(each for each in session.playbook.forms if each.id == wanted)


def facts(session: Session, inc: str) -> Facts:
    """Return what drafts are made from: the view, the whole timeline, how the cadence was kept."""
    view, now = session.reads.view(inc), session.clock()
    entries = read_timeline(session, inc)
    kept = report(view, session.playbook, now)
    return Facts(view=view, entries=entries, playbook=session.playbook, report=kept, now=now)


def read_timeline(
    session: Session, inc: str, chosen: TimelineFilter | None = None
) -> tuple[TimelineEntry, ...]:
    """Return all entries of a timeline (those not undone), oldest first."""
    chosen = chosen or TimelineFilter()
    count = session.reads.timeline_count(inc, chosen)
    pages = (
        session.reads.timeline(inc, chosen, start, min(start + _PAGE, count))
        for start in range(0, count, _PAGE)
    )
    return tuple(entry for page in pages for entry in page)


def sections(session: Session, inc: str, *, public: bool = False) -> tuple[PostmortemSection, ...]:
    """Return the sections of a form, each with its draft and what people wrote."""
    known = facts(session, inc)
    return sections_of(known.view, form(session, public=public), known)


def markdown(session: Session, inc: str, *, public: bool = False) -> str:
    """Return the post-mortem as Markdown; a person's text wins over the draft."""
    known = facts(session, inc)
    texts = {each.id: each.text for each in known.view.postmortem.sections}
    return assemble_markdown(known.view, form(session, public=public), texts, known)


def open_section(session: Session, inc: str, section: str) -> SectionDocument:
    """Return a section's text as a document that merges, for one editing session."""
    from cockpit.domain.text_merge import SectionDocument

    find_section(session, section)
    client = int(session.random_hex(4), 16)
    return SectionDocument(session.reads.section_updates(inc, section), client)


def save_section(session: Session, inc: str, section: str, update: str) -> None:
    """Keep one update (base64) of a section's text; an empty one changes nothing."""
    if update:
        session.write(lambda _: [NewEvent(inc, TextUpdated(section, update))])


def save_updates(session: Session, inc: str, section: str, updates: Sequence[str]) -> None:
    """Keep updates of a section's text, all or none of them."""
    if updates:
        session.write(lambda _: [NewEvent(inc, TextUpdated(section, each)) for each in updates])


def write_section(session: Session, inc: str, section: str, text: str) -> IncidentView:
    """Make `text` the section's text; what others wrote meanwhile merges by character."""
    document = open_section(session, inc, section)
    save_updates(session, inc, section, document.write(clean_input(text)))
    return session.reads.view(inc)


def find_section(session: Session, section: str) -> SectionForm:
    """Return the section with that id in either form; raises InvalidInputError."""
    known = {each.id: each for shape in session.playbook.forms for each in shape.sections}
    if section not in known:
        raise expected("a section", section, list(known))
    return known[section]
