"""The debrief's findings on what was sent: first words, promises, updates that came late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cockpit.domain.cadence_report import Deadline, RingReport, situation_at
from cockpit.domain.debrief_scene import Finding, Scene, Verdict, seconds
from cockpit.domain.times import format_clock, format_words
from cockpit.domain.vocabulary import MessageState, Ring


def first_words(scene: Scene) -> Iterator[Finding]:
    """Yield for each audience how long its first word took, and how long it might have taken.

    To customers only a text counts; who is inside may also be told in person.
    """
    for ring in (Ring.CUSTOMERS, *(each for each in Ring if each is not Ring.CUSTOMERS)):
        found = _first_word(scene, ring)
        if found is not None:
            yield found


def audience_words(ring: Ring) -> str:
    """Return an audience as a sentence names it."""
    return "the core team" if ring is Ring.CORE else ring.audience


def word_at(scene: Scene, ring: Ring, since: datetime) -> datetime | None:
    """Return when an audience first heard from us at or after a time, by text or in person."""
    times = [
        each.at
        for each in scene.view.messages
        if each.msg.state is MessageState.SENT and each.msg.audience == ring.audience
    ]
    if ring is not Ring.CUSTOMERS:
        people = {each.id for each in scene.view.stakeholders if each.ring is ring}
        times += [each.at for each in scene.view.told if each.stakeholder in people]
    return min((each for each in times if since <= each <= scene.end), default=None)


def allowed(scene: Scene, ring: Ring, at: datetime) -> timedelta | None:
    """Return the time that the playbook gives for a first word, as severe as it was at `at`."""
    severity = situation_at(scene.view, at, {}).severity
    rule = scene.playbook.rule(severity, ring)
    return timedelta(minutes=rule.first) if rule and rule.first else None


def _first_word(scene: Scene, ring: Ring) -> Finding | None:
    came = word_at(scene, ring, scene.view.started_at)
    most = allowed(scene, ring, came or scene.end)
    name, whom = ring.audience, audience_words(ring)
    if came is None:
        waited = scene.after(scene.end)
        nobody = all(each.ring is not ring for each in scene.view.stakeholders)
        if most is None or waited < most or (nobody and ring is not Ring.CUSTOMERS):
            return None
        sentence = (
            f"The first word to {whom} was due after {format_words(most)} and never came; "
            f"{format_words(waited)} passed."
        )
        return Finding("first-word", Verdict.PRACTISE, sentence, name)
    took = scene.after(came)
    sentence = f"The first word to {whom} came after {format_words(took)}"
    if most is None:
        return Finding("first-word", Verdict.NOTED, f"{sentence}.", name, seconds(took))
    verdict = Verdict.WELL if took <= most else Verdict.PRACTISE
    sentence = f"{sentence}; {format_words(most)} allowed."
    return Finding("first-word", verdict, sentence, name, seconds(took))


def promises(scene: Scene) -> Iterator[Finding]:
    """Yield how many next-update times were promised, kept, extended and missed."""
    found = scene.cadence.made
    if not found.made:
        sentence = "No next-update time that was promised came due."
        yield Finding("promises", Verdict.NOTED, sentence, "made", count=0)
        return
    verdict = Verdict.PRACTISE if found.missed else Verdict.WELL
    times = "promised time" if found.made == 1 else "promised times"
    moved = f", {found.extended} extended in time" if found.extended else ""
    sentence = (
        f"{found.made} {times} of a next update came due: "
        f"{found.kept} kept, {found.missed} missed{moved}."
    )
    yield Finding("promises", verdict, sentence, "made", count=found.made)


def missed_updates(scene: Scene) -> Iterator[Finding]:
    """Yield each update that came late, or not at all; first words have their own sentences."""
    for ring in scene.cadence.rings:
        for each in ring.deadlines:
            if each.missed and not _is_first(each, ring, scene):
                yield _missed(each, scene)


def _is_first(each: Deadline, ring: RingReport, scene: Scene) -> bool:
    sent = word_at_text(scene, ring.ring)
    return not each.promised and each.met_at == sent


def word_at_text(scene: Scene, ring: Ring) -> datetime | None:
    """Return when the first text was sent to an audience."""
    return min(
        (
            each.at
            for each in scene.view.messages
            if each.msg.state is MessageState.SENT and each.msg.audience == ring.audience
        ),
        default=None,
    )


def _missed(each: Deadline, scene: Scene) -> Finding:
    how = "promised for" if each.promised else "due by the rhythm at"
    at = f"{format_clock(each.due_at, scene.zone)} {each.due_at.astimezone(scene.zone):%Z}"
    late = format_words(each.late)
    came = any(
        message.at == each.met_at and message.msg.audience == each.ring.audience
        for message in scene.view.messages
        if message.msg.state is MessageState.SENT
    )
    said = f"came {late} late" if came else f"had not come {late} later"
    sentence = f"The update to {audience_words(each.ring)} {how} {at} {said}."
    return Finding("promises", Verdict.PRACTISE, sentence, each.ring.audience, seconds(each.late))
