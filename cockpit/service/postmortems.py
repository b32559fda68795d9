"""Post-mortems: sections drafted from facts, texts that merge, action items left behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.cadence_report import report
from cockpit.domain.events import FieldSet, TextUpdated
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import PostmortemForm, SectionForm
from cockpit.domain.postmortem import Facts, PostmortemSection, assemble_markdown, draft_section
from cockpit.domain.postmortem import sections as sections_of
from cockpit.domain.times import parse_when
from cockpit.domain.view import IncidentView, TimelineEntry, TimelineFilter
from cockpit.domain.visible import clean_input
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

if TYPE_CHECKING:
    from cockpit.domain.text_merge import SectionDocument

ACTION_KINDS = ("prevent", "mitigate", "detect", "process", "debt")
ACTION_STATES = ("open", "done", "dropped")
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


def adopt_draft(session: Session, inc: str, section: str) -> str:
    """Make the section's draft its text, unless somebody has written there; return the text."""
    document = open_section(session, inc, section)
    if not document.text.strip():
        draft = draft_section(find_section(session, section), facts(session, inc))
        save_section(session, inc, section, document.adopt(draft, section, inc))
    return document.text


def write_section(session: Session, inc: str, section: str, text: str) -> IncidentView:
    """Make `text` the section's text; what others wrote meanwhile merges by character."""
    document = open_section(session, inc, section)
    save_section(session, inc, section, document.replace(clean_input(text)))
    return session.reads.view(inc)


def find_section(session: Session, section: str) -> SectionForm:
    """Return the section with that id in either form; raises InvalidInputError."""
    known = {each.id: each for shape in session.playbook.forms for each in shape.sections}
    if section not in known:
        raise expected("a section", section, list(known))
    return known[section]


def add_action(
    session: Session,
    inc: str,
    title: str,
    *,
    owner: str = "",
    due: str = "",
    kind: str = "prevent",
    link: str = "",
    automate: bool = False,
) -> IncidentView:
    """Leave an action item behind; `due` is a date such as 2026-12-01.

    Raises InvalidInputError for an empty title, an unknown kind or a wrong date.
    """
    title = clean_input(title).strip()
    if not title:
        raise InvalidInputError("An action item needs a title.", "Say what will be different.")
    values = {"title": title, "owner": owner, "due": due, "kind": kind, "link": link}
    checked = {name: _checked(session, name, value) for name, value in values.items() if value}
    if automate:
        checked["automate"] = True
    item, act = session.new_id()[:12], session.new_id()
    events = [
        NewEvent(inc, FieldSet(name, value, obj=f"act:{item}", act=act))
        for name, value in checked.items()
    ]
    session.write(lambda _: events)
    return session.reads.view(inc)


def set_action(session: Session, inc: str, item: str, field: str, value: str) -> IncidentView:
    """Change one field of an action item; `item` may be the beginning of its id."""
    view = session.reads.view(inc)
    found = [each for each in view.actions if each.id.startswith(item)]
    if len(found) != 1:
        raise expected("an action item", item, [each.id for each in view.actions])
    body = FieldSet(field, _checked(session, field, value), obj=f"act:{found[0].id}")

    def build(reads: Reads) -> Sequence[NewEvent]:
        return [NewEvent(inc, on_register(reads, inc, body))]

    session.write(build)
    return session.reads.view(inc)


def _checked(session: Session, field: str, value: str) -> Any:
    text = clean_input(value).strip()
    fixed = {"kind": ACTION_KINDS, "state": ACTION_STATES}
    if field in fixed:
        if text not in fixed[field]:
            raise expected(f"a {field} of an action item", text, fixed[field])
        return text
    if field == "due":
        return _date(session, text)
    if field == "archived":
        return text == "yes"
    if field not in ("title", "owner", "link"):
        raise expected("a field of an action item", field, ("title", "owner", "due", *fixed))
    return text


def _date(session: Session, text: str) -> str:
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return parse_when(text, session.clock()).date().isoformat()
