"""Work during the response: ask for an action, hear what came of it, suppose a cause, rule it out.

Each is one action with its sentence in the timeline, so that one undo takes both back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.response_events import (
    Body,
    answer_text,
    ask_bodies,
    check_line,
    later_text,
    parse_wait,
    theory_bodies,
    theory_text,
)
from cockpit.domain.response_work import ACTION, HELPED, THEORY, find_action, find_theory
from cockpit.domain.view import Hypothesis, ResponseAction
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

_AT_FIRST = {"state": "open", "helped": "", "why": ""}
"""What a field means that nobody has set yet: an undo goes back to it."""


def ask(
    session: Session, inc: str, title: str, owner: str = "", within: str = ""
) -> ResponseAction:
    """Ask `owner` (empty: nobody by name) for an action, and return it.

    within: the time to hear back, such as `10m`; empty for the playbook's.
    Raises InvalidInputError for an empty title or a wrong time.
    """
    wait = parse_wait(within) if within.strip() else session.playbook.response.wait
    identity, act = session.new_id()[:12], session.new_id()
    _add(session, inc, ask_bodies(identity, title, owner, session.clock(), wait, act))
    return find_action(session.reads.view(inc), identity)


def give_time(session: Session, inc: str, name: str, within: str) -> ResponseAction:
    """Wait for an open action's answer until `within` (`10m`) from now, and return it."""
    found = _open_action(session, inc, name)
    back_at = session.clock() + parse_wait(within)
    values = {"back_at": back_at.isoformat()}
    _change(session, inc, f"{ACTION}{found.id}", values, later_text(found, back_at))
    return find_action(session.reads.view(inc), found.id)


def finish(session: Session, inc: str, name: str, helped: str, why: str = "") -> ResponseAction:
    """Say that an action was done, whether it helped (yes, no, unclear) and why; return it.

    name: the beginning of its id, or words of it. Saying the same again changes nothing, and keeps
    the reason given before.
    """
    found = find_action(session.reads.view(inc), name)
    word = helped.strip().lower()
    if word not in HELPED:
        raise expected("an answer to “did it help?”", helped, HELPED)
    said = (found.state, found.helped) == ("done", word)
    reason = check_line(why, "") or (found.why if said else "")
    return _answer(session, inc, replace(found, state="done", helped=word, why=reason))


def drop(session: Session, inc: str, name: str, why: str = "") -> ResponseAction:
    """Say that an action is not needed any more, and return it."""
    found = find_action(session.reads.view(inc), name)
    reason = check_line(why, "") or (found.why if found.state == "dropped" else "")
    return _answer(session, inc, replace(found, state="dropped", helped="", why=reason))


def suppose(session: Session, inc: str, text: str) -> Hypothesis:
    """Add a theory about the cause, and return it."""
    identity, act = session.new_id()[:12], session.new_id()
    _add(session, inc, theory_bodies(identity, text, session.clock(), act))
    return find_theory(session.reads.view(inc), identity)


def confirm(
    session: Session, inc: str, name: str, why: str = "", *, is_cause: bool = False
) -> Hypothesis:
    """Say that a theory is right, and return it; is_cause: it is the incident's cause, too."""
    return _judge(session, inc, name, "confirmed", why, is_cause=is_cause)


def eliminate(session: Session, inc: str, name: str, why: str = "") -> Hypothesis:
    """Say that a theory is wrong, and return it."""
    return _judge(session, inc, name, "eliminated", why)


def _open_action(session: Session, inc: str, name: str) -> ResponseAction:
    found = find_action(session.reads.view(inc), name)
    if found.state != "open":
        raise InvalidInputError(
            "That action is over: nobody waits for its answer.", "Ask again: cockpit ask."
        )
    return found


def _answer(session: Session, inc: str, action: ResponseAction) -> ResponseAction:
    values = {"state": action.state, "helped": action.helped, "why": action.why}
    _change(session, inc, f"{ACTION}{action.id}", values, answer_text(action))
    return find_action(session.reads.view(inc), action.id)


def _judge(
    session: Session, inc: str, name: str, state: str, why: str, *, is_cause: bool = False
) -> Hypothesis:
    found = find_theory(session.reads.view(inc), name)
    reason = check_line(why, "") or (found.why if found.state == state else "")
    judged = replace(found, state=state, why=reason)
    values = {"state": judged.state, "why": judged.why}
    text = theory_text(judged)
    obj, kind, cause = f"{THEORY}{judged.id}", EntryKind.OBSERVATION, judged.text
    _change(session, inc, obj, values, text, kind, cause=cause if is_cause else "")
    return find_theory(session.reads.view(inc), judged.id)


def _add(session: Session, inc: str, bodies: Sequence[Body]) -> None:
    session.write(lambda _: [NewEvent(inc, body) for body in bodies])


def _change(
    session: Session,
    inc: str,
    obj: str,
    values: Mapping[str, str],
    text: str,
    kind: EntryKind = EntryKind.ACTION,
    *,
    cause: str = "",
) -> None:
    """Set those fields that differ, with a sentence in the timeline; nothing when none does.

    cause: what becomes the incident's cause in the same action.
    """
    act = session.new_id()

    def changes(
        reads: Reads, fields: Sequence[FieldSet], said: str, kind: EntryKind
    ) -> Sequence[Body]:
        bodies = [_since_asked(on_register(reads, inc, each)) for each in fields]
        changed = [each for each in bodies if each.was != each.v or each.over]
        return [EntryAdded(session.clock(), said, kind.value, act=act), *changed] if changed else []

    def build(reads: Reads) -> Sequence[NewEvent]:
        fields = [FieldSet(name, value, obj=obj, act=act) for name, value in values.items()]
        bodies = [*changes(reads, fields, text, kind)]
        if cause:
            headline = [FieldSet("cause", cause, act=act)]
            bodies += changes(reads, headline, cause, EntryKind.CAUSE)
        return [NewEvent(inc, body) for body in bodies]

    session.write(build)


def _since_asked(body: FieldSet) -> FieldSet:
    """Return the event with what its field meant before anybody set it."""
    return body if body.base or body.was is not None else replace(body, was=_AT_FIRST.get(body.f))
