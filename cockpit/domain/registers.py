"""Registers: the last writer wins by effective time, counter and op id; a rival is never silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import merge_order, stamp_time
from cockpit.domain.envelope import Op
from cockpit.domain.events import EntryEdited, FieldSet
from cockpit.domain.view import Change, Rival


class Candidate(Struct, frozen=True):
    """One value that somebody gave a register.

    eff: effective time and counter (`clock.merge_order`); seen: the ops whose values the writer
    had before them.
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
        """Return when it was written, by its author's clock."""
        return stamp_time(self.t)


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
    eff = merge_order(op.t, received_ms)
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
    return f"entry:{entry}"


def resolve(candidates: Iterable[Candidate]) -> Register | None:
    """Return the register's state, whatever the order of the candidates; None without any.

    A rival is a value that nobody who wrote later had seen, and that differs from the winner's.
    """
    ranked = sorted(candidates, key=lambda each: (each.eff, each.op))
    if not ranked:
        return None
    winner = ranked[-1]
    seen = {op for each in ranked for op in each.seen}
    rivals = tuple(
        each for each in ranked[:-1] if each.op not in seen and each.value != winner.value
    )
    return Register(winner.value, winner, rivals)


def rival(each: Candidate) -> Rival:
    """Return a losing value as people see it."""
    return Rival(each.obj, each.f, each.value, each.op, each.by, stamp_time(each.t))


def change(each: Candidate) -> Change:
    """Return a register's value as one step of its history."""
    at = datetime.fromisoformat(each.at) if each.at else stamp_time(each.t)
    return Change(each.f, each.value, at, each.by, each.reason)
