"""What is left in a post-mortem: gaps, and wording that nobody said is fine as it is."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.persons import find_spellings
from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.postmortem_findings import Finding, find_gaps
from cockpit.domain.postmortem_outgoing import OUTGOING, find_outgoing
from cockpit.domain.view import IncidentView
from cockpit.domain.wording import WordingHint, find_hints, wording_rules
from cockpit.domain.wording_rule import WORDING_KINDS
from cockpit.errors import ExportRefusedError
from cockpit.service import postmortems
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

FINE = "fine."
"""What the field begins with that says of a section's wording that it is fine as it is.

It is a register of the section and not a note beside the draft: what one person has looked at
should not be pointed out to the next, here or on another machine; it is in the history, and undo
takes it back.
"""

_LONGEST = 120
_NAMED = 3


def hints(session: Session, inc: str, section: str, text: str) -> tuple[WordingHint, ...]:
    """Return the wording to point out in a section's text."""
    return _hints(session, session.reads.view(inc), section, text)


def findings(session: Session, inc: str, *, public: bool = False) -> tuple[Finding, ...]:
    """Return what there is to look at in a post-mortem, in the order of its sections."""
    return look(session, inc, public=public)[1]


def look(
    session: Session, inc: str, *, public: bool = False
) -> tuple[tuple[PostmortemSection, ...], tuple[Finding, ...]]:
    """Return the sections, and what there is to look at in them."""
    view = session.reads.view(inc)
    form = postmortems.form(session, public=public)
    sections = postmortems.sections(session, inc, public=public)
    found = find_gaps(
        sections,
        [each.id for each in form.sections],
        view.actions,
        lambda section: _hints(session, view, section.id, section.written),
    )
    if public:
        outgoing = find_outgoing(view, sections, session.playbook)
        reads = session.reads
        found += tuple(each for each in outgoing if not _is_fine(reads, inc, each.section, each.id))
    return sections, found


def is_acceptable(finding: Finding) -> bool:
    """Say whether a person can say of a finding that it is fine as it is."""
    return finding.kind in (*WORDING_KINDS, OUTGOING)


def refuse_public(session: Session, inc: str) -> None:
    """Raise ExportRefusedError while something stands in the way of the public post-mortem."""
    found = findings(session, inc, public=True)
    if not found:
        return
    places = [f"{each.title}{f', line {each.line}' if each.line else ''}" for each in found]
    first = "; ".join(
        f"{place}: {each.sentence}" for place, each in zip(places[:_NAMED], found, strict=False)
    )
    more = f" And {len(found) - _NAMED} more." if len(found) > _NAMED else ""
    ref = session.reads.view(inc).ref
    raise ExportRefusedError(
        f"The public post-mortem cannot go out yet. {first}{more}",
        f"cockpit postmortem check {ref} --public shows every place, and how to say that one is "
        "fine as it is.",
    )


def accept(session: Session, inc: str, section: str, hint: WordingHint) -> None:
    """Say that a wording is fine as it is; nobody is asked about it again there."""
    session.write(lambda reads: [_accepted(reads, inc, section, hint.mark, hint.phrase)])


def accept_findings(
    session: Session, inc: str, names: Iterable[str], *, public: bool = False
) -> tuple[Finding, ...]:
    """Say of several findings, by their ids, that their wording is fine; return what is left.

    Raises InvalidInputError for an id that is none of a wording.
    """
    found = findings(session, inc, public=public)
    known = {each.id: each for each in found if is_acceptable(each)}
    chosen = []
    for name in names:
        if name not in known:
            raise expected("a wording's id", name, list(known))
        chosen.append(known[name])
    if chosen:
        session.write(
            lambda reads: [
                _accepted(reads, inc, each.section, each.id, each.sentence.strip("“”"))
                for each in chosen
            ]
        )
    return findings(session, inc, public=public)


def _hints(
    session: Session, view: IncidentView, section: str, text: str
) -> tuple[WordingHint, ...]:
    playbook = session.playbook
    names = find_spellings(view, playbook.checks, playbook.stakeholders)
    items = [each.title for each in view.actions]
    found = find_hints(text, wording_rules(playbook), names, items)
    fine = {
        mark
        for mark in {each.mark for each in found}
        if _is_fine(session.reads, view.id, section, mark)
    }
    return tuple(each for each in found if each.mark not in fine)


def _is_fine(reads: Reads, inc: str, section: str, mark: str) -> bool:
    register = reads.register(inc, f"sec:{section}", f"{FINE}{mark}")
    return register is not None and bool(register.value)


def _accepted(reads: Reads, inc: str, section: str, mark: str, words: str) -> NewEvent:
    body = FieldSet(f"{FINE}{mark}", words[:_LONGEST], obj=f"sec:{section}")
    return NewEvent(inc, on_register(reads, inc, body))
