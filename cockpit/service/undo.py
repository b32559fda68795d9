"""Undo and redo: what this device did last in an incident, taken back by further events.

The stack is read from the event log, so that it survives a restart, and every step of it is
itself an event: nothing is deleted, and other people's work is never undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.assembly import DRAFTED, STEP, WAIVE
from cockpit.domain.components import COMPONENT
from cockpit.domain.envelope import Op, decode_leniently
from cockpit.domain.events import (
    Body,
    EntryAdded,
    EntryEdited,
    FieldSet,
    IncidentOpened,
    TextUpdated,
    Told,
)
from cockpit.domain.registers import Register, entry_object
from cockpit.domain.ring_plan import MOVED, PAUSED, RHYTHM
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.text_undo import take_back_texts
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

MAX_STEPS_BACK = 500
"""Events of this device that are looked at: more than a person takes back in an outage."""

_DECIDED = {
    WAIVE: "the waiver of",
    COMPONENT: "the state of",
    MOVED: "the new time of the update to",
    PAUSED: "the pause, or its end, of updates to",
    RHYTHM: "the rhythm of updates to",
}
_AGAIN = "done again"
_Undoable = EntryAdded | EntryEdited | FieldSet | Told


class _Action(Struct):
    """Events that one key press made, and the action that they take back, if any.

    what: what a person did at first, in words; an undo and a redo speak of that; texts: changes of
    the post-mortem that belong to it.
    """

    id: str
    undoes: str
    events: list[tuple[Op, _Undoable]]
    what: str = ""
    texts: list[TextUpdated] = []


class _History(Struct):
    """What can be undone (last is next) and redone."""

    done: list[_Action]
    undone: list[_Action]


def undo(session: Session, inc: str) -> str:
    """Take back this device's last action and return a sentence that says what it was.

    Raises InvalidInputError when there is nothing left, or when somebody changed the value since.
    """
    history = _history(session, inc)
    if not history.done:
        raise InvalidInputError("There is nothing to undo here.")
    action = history.done[-1]
    _take_back(session, inc, action)
    return f"Undone: {_sentence(action)}"


def redo(session: Session, inc: str) -> str:
    """Bring back what was undone last and return a sentence that says what it was."""
    history = _history(session, inc)
    if not history.undone:
        raise InvalidInputError("There is nothing to redo here.")
    action = history.undone[-1]
    _take_back(session, inc, action)
    return f"Done again: {_sentence(action)}"


def _history(session: Session, inc: str) -> _History:
    history = _History([], [])
    for action in _actions(session.reads.recent_ops(inc, session.store.device, MAX_STEPS_BACK)):
        if not action.undoes:
            history.done.append(action)
            history.undone.clear()
        elif history.done and history.done[-1].id == action.undoes:
            action.what = _sentence(history.done.pop())
            history.undone.append(action)
        elif history.undone and history.undone[-1].id == action.undoes:
            action.what = _sentence(history.undone.pop())
            history.done.append(action)
    return history


def _actions(newest_first: Sequence[Op]) -> list[_Action]:
    actions: list[_Action] = []
    opened: set[str] = set()
    for op in reversed(newest_first):
        body = decode_leniently(op)
        act = _act(op, body)
        if isinstance(body, TextUpdated) and actions and actions[-1].id == act:
            actions[-1].texts.append(body)
        if isinstance(body, IncidentOpened):
            opened.add(act)
        if act in opened or not isinstance(body, _Undoable) or _is_deletion(body):
            continue
        undoes = body.undoes if isinstance(body, FieldSet | EntryEdited) else ""
        if actions and actions[-1].id == act:
            actions[-1].events.append((op, body))
        else:
            actions.append(_Action(act, undoes, [(op, body)]))
    return actions


def _is_deletion(body: _Undoable) -> bool:
    """Say whether the incident itself was deleted or brought back: one key must do neither."""
    return isinstance(body, FieldSet) and not body.obj and body.f == "archived"


def _act(op: Op, body: Body | None) -> str:
    return str(getattr(body, "act", "") or op.id)


def _take_back(session: Session, inc: str, action: _Action) -> None:
    act = session.new_id()
    earlier = {
        op.id: op for op in session.reads.recent_ops(inc, session.store.device, MAX_STEPS_BACK)
    }

    def build(reads: Reads) -> Sequence[NewEvent]:
        events = []
        for op, body in reversed(action.events):
            event = _inverse(reads, inc, op, body, earlier)
            events.append(NewEvent(inc, replace(event, act=act, undoes=action.id)))
        texts = take_back_texts(session, inc, action.texts)
        return [*events, *(NewEvent(inc, replace(each, act=act)) for each in texts)]

    session.write(build)


def _inverse(
    reads: Reads, inc: str, op: Op, body: _Undoable, earlier: dict[str, Op]
) -> FieldSet | EntryEdited:
    if isinstance(body, EntryAdded):
        return on_register(reads, inc, FieldSet("hidden", v=True, obj=entry_object(op.id)))
    if isinstance(body, Told):
        return on_register(reads, inc, FieldSet("hidden", v=True, obj=f"told:{op.id}"))
    if isinstance(body, EntryEdited):
        register = reads.register(inc, entry_object(body.entry), "text")
        _check_untouched(register, op, earlier, "The entry was corrected")
        return EntryEdited(body.entry, _text_before(reads, inc, body, earlier), base=op.id)
    register = reads.register(inc, body.obj, body.f)
    _check_untouched(register, op, earlier, f"“{body.f}” was changed")
    why = _reason_again(body, earlier)
    return on_register(reads, inc, FieldSet(body.f, body.was, obj=body.obj, reason=why))


def _reason_again(body: FieldSet, earlier: dict[str, Op]) -> str:
    """Return why a change is made again, "" where one is taken back: only the former is said."""
    if not body.undoes or body.reason:
        return ""
    for op in earlier.values():
        first = decode_leniently(op)
        if isinstance(first, FieldSet) and (_act(op, first), _place(first)) == (
            body.undoes,
            _place(body),
        ):
            return first.reason or _AGAIN
    return _AGAIN


def _check_untouched(register: Register | None, op: Op, earlier: dict[str, Op], what: str) -> None:
    if register is None or _standing(register.op, earlier) != _standing(op.id, earlier):
        raise InvalidInputError(f"{what} by somebody else since then.", "Set it anew instead.")


def _standing(current: str, earlier: dict[str, Op]) -> str:
    """Return the op whose value holds: one that took another back lets the one before it stand."""
    taken = {}
    for op in earlier.values():
        body = decode_leniently(op)
        if isinstance(body, FieldSet | EntryEdited):
            taken[_act(op, body), _place(body)] = body
    for _ in range(MAX_STEPS_BACK):
        body = decode_leniently(earlier[current]) if current in earlier else None
        if not isinstance(body, FieldSet | EntryEdited):
            break
        undone = taken.get((body.undoes, _place(body)))
        if undone is None:
            break
        current = undone.base
    return current


def _place(body: FieldSet | EntryEdited) -> tuple[str, str]:
    """Return the register that an event writes."""
    return (body.obj, body.f) if isinstance(body, FieldSet) else (body.entry, "text")


def _text_before(reads: Reads, inc: str, body: EntryEdited, earlier: dict[str, Op]) -> str:
    before = decode_leniently(earlier[body.base]) if body.base in earlier else None
    if isinstance(before, EntryEdited):
        return before.text
    entry = reads.entry(inc, body.entry)
    return entry.original or entry.text if entry else ""


def _sentence(action: _Action) -> str:
    if action.what:
        return action.what
    _, body = action.events[0]
    if isinstance(body, EntryAdded):
        return f"“{_first_line(body.text)}”"
    if isinstance(body, Told):
        return f"told {', '.join(each.name for _, each in action.events if isinstance(each, Told))}"
    if isinstance(body, EntryEdited):
        return "the correction of an entry"
    return _decided_sentence(action) or _field_sentence(body)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:60].rstrip()


def _decided_sentence(action: _Action) -> str:
    """Return what the first event decided, of all that the action decided alike."""
    fields = [body.f for _, body in action.events if isinstance(body, FieldSet) and not body.obj]
    for prefix, decided in _DECIDED.items():
        if fields and fields[0].startswith(prefix):
            names = [each.removeprefix(prefix) for each in fields if each.startswith(prefix)]
            return f"{decided} {', '.join(names)}"
    return ""


def _field_sentence(body: FieldSet) -> str:
    if body.obj.startswith("entry:"):
        words = {"hidden": "deleting an entry", "star": "a star", "at": "a new time"}
        return words.get(body.f, "a change of an entry")
    if body.obj.startswith("told:"):
        return "who was told"
    if body.obj.startswith("sh:"):
        return _person_sentence(body)
    if body.obj.startswith("sec:") and body.f == DRAFTED:
        return f"the draft of “{body.obj.removeprefix('sec:')}”"
    if body.obj.startswith("act:"):
        new = body.f == "title" and not body.base
        return f"the action item “{body.v}”" if new else "the change of an action item"
    if body.obj.startswith("sec:") and body.f.startswith("fine."):
        return f"accepting “{body.v or body.was}” as it is"
    if body.f.startswith(STEP):
        return f"the tick of “{body.f.removeprefix(STEP)}”"
    return f"{body.f} {body.v}"


def _person_sentence(body: FieldSet) -> str:
    identity = body.obj.removeprefix("sh:")
    if body.f == "card" and isinstance(body.v, dict):
        return f"{body.v.get('name', identity)} on the board"
    if body.f == "archived":
        return f"taking {identity} off the board" if body.v else f"bringing {identity} back"
    return f"the {body.f} of {identity}"
