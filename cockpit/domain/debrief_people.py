"""The debrief's findings on people: who was due and never told, whose question waited."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cockpit.domain.cadence import ring_of
from cockpit.domain.debrief_scene import Finding, Scene, Verdict, seconds
from cockpit.domain.debrief_words import allowed, word_at
from cockpit.domain.drill import Inject, inject_name
from cockpit.domain.stakeholder_board import CellState, board
from cockpit.domain.times import format_words
from cockpit.domain.vocabulary import PublicStatus, Stage


def never_told(scene: Scene) -> Iterator[Finding]:
    """Yield each person who was due and never told, and how many were told."""
    # The board as it stood in the last moment: of an incident that is over nobody is due any more.
    still = replace(
        scene.view,
        status=PublicStatus.INVESTIGATING,
        stage=Stage.DETECTED,
        resolved_at=None,
        closed_at=None,
    )
    shown = board(still, scene.playbook, scene.end)
    missed = [
        cell
        for cell in shown.cells()
        if cell.state is CellState.LATE and cell.told_at is None and cell.due_at is not None
    ]
    for cell in sorted(missed, key=lambda each: (each.due_at, each.stakeholder.name)):
        due_at = cell.due_at or scene.end
        name = cell.stakeholder.name
        sentence = f"{name}: due after {format_words(scene.after(due_at))}, never told."
        late = seconds(scene.end - due_at)
        yield Finding("people", Verdict.PRACTISE, sentence, cell.stakeholder.id, late)
    if shown.total:
        well = scene.is_over and not missed
        verdict = Verdict.WELL if well else Verdict.NOTED
        whom = f", but {len(missed)} who should have been were not" if missed else ""
        sentence = f"{shown.told} of {shown.total} on the board were told{whom}."
        yield Finding("people", verdict, sentence, "told", count=shown.told)


def questions(scene: Scene) -> Iterator[Finding]:
    """Yield for each question that came in how long it waited for an answer."""
    for place, each in enumerate(scene.scenario.injects if scene.scenario else ()):
        name = inject_name(place)
        if each.answer and name in scene.came:
            yield _answered(scene, name, each)


def _answered(scene: Scene, name: str, inject: Inject) -> Finding:
    asked_at = scene.came[name]
    ring = ring_of(inject.answer)
    answered = word_at(scene, ring, asked_at) if ring else None
    who = inject.by[:1].upper() + inject.by[1:]
    when = format_words(scene.after(asked_at))
    most = allowed(scene, ring, answered or scene.end) if ring else None
    waited = max(asked_at, answered or scene.end) - asked_at
    if answered is None and not scene.is_over and (most is None or waited <= most):
        sentence = f"{who} asked after {when} and waits for an answer."
        return Finding("questions", Verdict.NOTED, sentence, name, seconds(waited))
    if answered is None:
        sentence = f"{who} asked after {when} and got no answer."
        return Finding("questions", Verdict.PRACTISE, sentence, name, seconds(waited))
    sentence = f"{who} asked after {when}; the answer took {format_words(waited)}"
    if most is not None and waited > most:
        sentence = f"{sentence}, more than the {format_words(most)} of a first word."
        return Finding("questions", Verdict.PRACTISE, sentence, name, seconds(waited))
    return Finding("questions", Verdict.WELL, f"{sentence}.", name, seconds(waited))
