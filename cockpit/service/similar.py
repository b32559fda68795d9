"""Similar past incidents: find them, and say that one was seen before."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.likeness import Likeness, rank, sought_words, worth_showing
from cockpit.domain.past_incident import PastIncident, recall
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import IncidentNotFoundError, InvalidInputError
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads


def like_words(session: Session, text: str, limit: int = 0) -> tuple[PastIncident, ...]:
    """Return past incidents that share rare words with a text, the likest first.

    limit: at most so many, 0 for as many as the playbook offers.
    """
    return _like(session, (("title", text),), "", limit)


def like_incident(session: Session, inc: str, limit: int = 0) -> tuple[PastIncident, ...]:
    """Return past incidents like one: those linked to it first, then the likest."""
    view = session.reads.view(inc)
    sections = {each.id: each.text for each in view.postmortem.sections}
    texts = (
        ("title", view.title),
        ("services", " ".join((view.area, *view.components))),
        ("cause", view.cause),
        ("impact", view.impact_text),
        ("post-mortem", sections.get("root_cause", "")),
    )
    found = {each.id: each for each in _like(session, texts, inc, limit)}
    linked = []
    for past in linked_views(session, view):
        like = found.pop(past.id, None)
        why = (like.shared, like.score) if like else ((), 0.0)
        linked.append(recall(past, *why, linked=True))
    return (*linked, *found.values())


def linked_views(session: Session, view: IncidentView) -> tuple[IncidentView, ...]:
    """Return the incidents that an incident is linked to and that are still here, oldest first."""
    found = []
    for inc in view.seen_before:
        try:
            found.append(session.reads.view(inc))
        except IncidentNotFoundError:
            continue
    shown = [each for each in found if not each.archived]
    return tuple(sorted(shown, key=lambda each: (each.started_at, each.id)))


def link(session: Session, inc: str, other: str) -> IncidentView:
    """Say that this was seen before, in the incident `other`; it stands in the timeline.

    Raises InvalidInputError for the incident itself.
    """
    if inc == other:
        raise InvalidInputError("An incident cannot have been seen before in itself.")
    past = session.reads.view(other)
    return _set_link(session, inc, past, past.ref, f"Seen before: {past.ref} {past.title}")


def unlink(session: Session, inc: str, other: str) -> IncidentView:
    """Say that it is another kind of incident after all."""
    past = session.reads.view(other)
    return _set_link(session, inc, past, "", f"Not seen before in {past.ref} after all")


def _set_link(
    session: Session, inc: str, past: IncidentView, value: str, words: str
) -> IncidentView:
    act = session.new_id()

    def build(reads: Reads) -> Sequence[NewEvent]:
        body = on_register(reads, inc, FieldSet(f"seen.{past.id}", value, act=act))
        if (body.was or "") == value and not body.over:
            return []
        entry = EntryAdded(session.clock(), words, EntryKind.NOTE.value, act=act)
        return [NewEvent(inc, body), NewEvent(inc, entry)]

    session.write(build)
    return session.reads.view(inc)


def _like(
    session: Session, texts: Sequence[tuple[str, str]], without: str, limit: int
) -> tuple[PastIncident, ...]:
    rules = session.playbook.similar
    words = sought_words(texts, frozenset(rules.ignored))
    if not words:
        return ()
    seen, total = session.reads.see_words(words, without)
    ranked = worth_showing(rank(seen, total), rules.least)
    return tuple(_recall(session, each) for each in ranked[: limit or rules.shown])


def _recall(session: Session, likeness: Likeness) -> PastIncident:
    return recall(session.reads.view(likeness.inc), likeness.shared, likeness.score)
