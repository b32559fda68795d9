"""The debrief's findings on the work: closing checks that are left, steps that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cockpit.domain.closing import closing_checks
from cockpit.domain.debrief_scene import Finding, Scene, Verdict, seconds
from cockpit.domain.fact_times import fact_since
from cockpit.domain.playbook import DRILL
from cockpit.domain.times import format_words
from cockpit.domain.workflow import LEARN, StepState, progress


def closing(scene: Scene) -> Iterator[Finding]:
    """Yield each closing check that is left or was waived, and how many were done.

    While it still goes on, what is left was not missed yet.
    """
    checks = closing_checks(scene.view, scene.playbook, scene.end)
    for each in checks:
        if each.is_left and scene.is_over:
            yield Finding("closing", Verdict.PRACTISE, f"Left open: {each.sentence}", each.id)
        elif each.waived:
            sentence = f"Waived: {each.sentence} The reason given: {each.waived}"
            yield Finding("closing", Verdict.NOTED, sentence, each.id)
    if checks:
        done = sum(each.done for each in checks)
        left = sum(each.is_left for each in checks)
        waived = sum(bool(each.waived) for each in checks)
        verdict = Verdict.WELL if scene.is_over and not left + waived else Verdict.NOTED
        sentence = (
            f"{done} of {len(checks)} closing checks were done, {waived} waived, {left} left."
        )
        yield Finding("closing", verdict, sentence, "done", count=done)


def steps(scene: Scene) -> Iterator[Finding]:
    """Yield each step of the workflow that was missed or late, and how many were done.

    While it still goes on, only a step whose time has passed was missed. What is learned from an
    incident is asked of an exercise only if the playbook says so.
    """
    learns = DRILL in scene.playbook.postmortem.needed_for
    found = [
        each
        for each in progress(scene.view, scene.playbook, scene.end)
        if learns or each.step.front != LEARN
    ]
    for each in found:
        if not _was_done(scene, each) and (each.late or scene.is_over):
            within = f", due after {_minutes(each)}" if each.step.due_minutes else ""
            sentence = f"Not done: {each.step.text}{within}."
            yield Finding("steps", Verdict.PRACTISE, sentence, each.step.id)
        elif late := _late(scene, each):
            sentence = (
                f"Done late: {each.step.text}, after {format_words(late)}; "
                f"{_minutes(each)} allowed."
            )
            yield Finding("steps", Verdict.PRACTISE, sentence, each.step.id, seconds(late))
    if found:
        done = sum(_was_done(scene, each) for each in found)
        verdict = Verdict.WELL if done == len(found) else Verdict.NOTED
        sentence = f"{done} of {len(found)} steps of the workflow were done."
        yield Finding("steps", verdict, sentence, "done", count=done)


def _was_done(scene: Scene, each: StepState) -> bool:
    """Say whether a step was done before it was over: closing it all ticks nothing afterwards."""
    since = fact_since(each.step.done_when, scene.view) if each.step.done_when else None
    return each.done and (since is None or since <= scene.end)


def _late(scene: Scene, each: StepState) -> timedelta:
    """Return after how long a step was done that came too late, zero for one in time."""
    since = fact_since(each.step.done_when, scene.view) if each.step.done_when else None
    if since is None or not each.step.due_minutes or each.step.front == LEARN:
        return timedelta()
    took = scene.after(since)
    return took if took > timedelta(minutes=each.step.due_minutes) else timedelta()


def _minutes(each: StepState) -> str:
    return format_words(timedelta(minutes=each.step.due_minutes))
