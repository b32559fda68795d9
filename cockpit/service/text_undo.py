"""Taking back changes of post-mortem texts that belong to an action; what others wrote stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cockpit.domain.events import TextUpdated
from cockpit.service.session import Session


def take_back_texts(
    session: Session, inc: str, changes: Sequence[TextUpdated]
) -> Iterator[TextUpdated]:
    """Yield the changes that make each section what it was before `changes`, but for later ones."""
    for section in dict.fromkeys(each.s for each in changes):
        taken = {each.u for each in changes if each.s == section}
        for update in _inverse(session, inc, section, taken):
            yield TextUpdated(section, update)


def _inverse(session: Session, inc: str, section: str, taken: set[str]) -> Sequence[str]:
    from cockpit.domain.text_merge import SectionDocument, merged_text

    updates = session.reads.section_updates(inc, section)
    places = [place for place, each in enumerate(updates) if each in taken]
    if not places:
        return ()
    before = updates[: places[0]]
    done = (*before, *(updates[place] for place in places))
    document = SectionDocument(done, int(session.random_hex(4), 16))
    return document.write(merged_text(before))
