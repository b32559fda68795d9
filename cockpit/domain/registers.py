"""Registers: the last of those wins whom nobody answered; a rival is never silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import effective_ms, from_ms
from cockpit.domain.envelope import Op
from cockpit.domain.events import EntryEdited, FieldSet
from cockpit.domain.view import Change, Rival

ENTRY = "entry:"
"""What the register object of a timeline entry begins with; its id follows."""

CORRECTED_FIELDS = ("text", "at", "kind")
"""What people correct of an entry; a star or a deletion is no value that somebody would miss."""


class Candidate(Struct, frozen=True, gc=False):
    """One value that somebody gave a register.

    eff: effective time in Unix ms; seen: the ops whose values the writer had before them.
    """

    op: str
    obj: str
    f: str
    value: Any
    eff: int
    t: str
    by: str
    seen: tuple[str, ...] = ()
    reason: str = ""
    at: str = ""
    undoes: str = ""

    @property
    def time(self) -> datetime:
        """Return when it was written, never far after its receipt."""
        return from_ms(self.eff)


class Register(Struct, frozen=True):
    """The value that holds, the op that set it, and rival values set at the same time."""

    value: Any
    winner: Candidate
    rivals: tuple[Candidate, ...] = ()

    @property
    def op(self) -> str:
        """Return the id of the op whose value holds."""
        return self.winner.op


def candidate(op: Op, body: FieldSet | EntryEdited, received_ms: int | None) -> Candidate:
    """Return what `op` says about a register; an edit is the register `entry:<id>.text`."""
    seen = tuple(each for each in (body.base,) if each)
    eff = effective_ms(op.t, received_ms)
    if isinstance(body, EntryEdited):
        obj = entry_object(body.entry)
        return Candidate(op.id, obj, "text", body.text, eff, op.t, op.by, seen, undoes=body.undoes)
    at = body.at.isoformat() if body.at else ""
    return Candidate(
        op.id,
        body.obj,
        body.f,
        body.v,
        eff,
        op.t,
        op.by,
        seen + body.over,
        body.reason,
        at,
        body.undoes,
    )


def entry_object(entry: str) -> str:
    """Return the register object of a timeline entry."""
    return f"{ENTRY}{entry}"


def is_entry_contest(obj: str, field: str) -> bool:
    """Say whether rival values of a register are two corrections of one timeline entry."""
    return obj.startswith(ENTRY) and field in CORRECTED_FIELDS


def resolve(candidates: Iterable[Candidate]) -> Register | None:
    """Return the register's state, whatever the order of the candidates; None without any.

    Whoever saw a value and set another one meant to replace it, whatever the clocks say: among
    the values that nobody had seen, the latest wins. The others that differ from it are rivals.
    """
    ranked = sorted(candidates, key=rank)
    if not ranked:
        return None
    seen = {op for each in ranked for op in each.seen if op != each.op}
    standing = [each for each in ranked if each.op not in seen] or ranked
    winner = standing[-1]
    rivals = tuple(each for each in standing[:-1] if each.value != winner.value)
    return Register(winner.value, winner, rivals)


def rank(each: Candidate) -> tuple[int, str, str]:
    """Return what values are ordered by: effective time, then the whole stamp, then the id.

    The stamp orders what one machine wrote in a millisecond, or all of it while its clock runs
    far ahead; the id decides between two machines of one name, as copied disks make them.
    """
    return (each.eff, each.t, each.op)


def rival(each: Candidate) -> Rival:
    """Return a losing value as people see it."""
    return Rival(each.obj, each.f, each.value, each.op, each.by, each.time)


def change(each: Candidate) -> Change:
    """Return a register's value as one step of its history, never far ahead of its receipt."""
    at = datetime.fromisoformat(each.at) if each.at else from_ms(each.eff)
    return Change(each.f, each.value, at, each.by, each.reason)
