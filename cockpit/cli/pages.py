"""What people read: the row of a list, the page of an incident, the lines of a countdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from cockpit.domain.cadence import ClockState, RingClock, clocks
from cockpit.domain.cadence_report import kept_words, report
from cockpit.domain.components import affected_components
from cockpit.domain.person_words import due_words
from cockpit.domain.playbook import Playbook
from cockpit.domain.promise_words import (
    moment_words,
    move_words,
    pause_words,
    rhythm_words,
)
from cockpit.domain.response_work import late_asks, open_theories, timers
from cockpit.domain.rivals import contest_words, find_contests
from cockpit.domain.stakeholder_board import CellState, StakeholderBoard, StakeholderCell, board
from cockpit.domain.times import format_clock, format_span, format_stamp, format_words
from cockpit.domain.view import IncidentSummary, IncidentView, TimelineEntry
from cockpit.domain.visible import cell_width, clip, make_visible
from cockpit.domain.workflow import StepState, late_words, owner_words, present_step, progress

_MARGIN = 11
_ID_SHOWN = 8
_ITEM_ID_SHOWN = 6


def incident_row(
    summary: IncidentSummary, clock: RingClock, now: datetime, zone: tzinfo
) -> tuple[str, ...]:
    """Return the cells of a list: reference, severity, status, age, title, next update."""
    age = format_span((summary.over_at or now) - summary.started_at)
    flags = [word for word in ("drill", "private") if getattr(summary, word)]
    title = f"[{', '.join(flags)}] {summary.title}" if flags else summary.title
    due = _brief(clock, now, zone) if summary.is_open else ""
    return (summary.ref, summary.severity.value, summary.phase, age, title, due)


def _brief(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return a countdown for a narrow column."""
    if clock.state is ClockState.PAUSED:
        return "paused"
    if clock.due_at is None:
        return ""
    left = format_words(abs(clock.remaining(now)))
    if clock.state is ClockState.OVERDUE:
        return f"! overdue by {left}"
    return f"{format_clock(clock.due_at, zone)}, in {left}"


def clock_words(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return a countdown in words, with who it is for."""
    audience = clock.ring.audience
    if clock.state is ClockState.PAUSED:
        return f"{audience}: {pause_words(clock, now, zone, behind=True)}"
    if clock.state is ClockState.NONE or clock.due_at is None:
        return ""
    left = format_words(abs(clock.remaining(now)))
    first = "first word" if clock.last_at is None else "update"
    said = f"! {audience}: {first} overdue by {left}"
    if clock.state is not ClockState.OVERDUE:
        promise = "promised for" if clock.promised else "due at"
        said = f"{audience}: {first} {promise} {moment_words(clock.due_at, now, zone)}, in {left}"
    words = [said, move_words(clock, now, zone), rhythm_words(clock) if clock.slowed else ""]
    return ", ".join(each for each in words if each)


def promise_words(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return a countdown as `promise` lists it: also one that does not run, and why it was moved.

    "customers: update due at 10:45, in 20 min, extended once (waiting for the vendor)".
    """
    words = clock_words(clock, now, zone)
    if not words:
        idle = "not started" if clock.state is ClockState.NOT_STARTED else "none due"
        return f"{clock.ring.audience}: {idle}"
    why = clock.reason if clock.state is not ClockState.PAUSED else ""
    every = "" if clock.slowed else rhythm_words(clock)
    return f"{words}{f' ({why})' if why else ''}{f', {every}' if every else ''}"


def incident_page(
    view: IncidentView,
    entries: Sequence[TimelineEntry],
    playbook: Playbook,
    now: datetime,
    zone: tzinfo,
    *,
    ids: bool = False,
) -> Iterator[str]:
    """Yield the lines of an incident's page; with `ids`, entries can be named."""
    yield f"{view.ref}  {view.severity.value}  {view.phase}  {view.title}"
    yield from _facts(view, playbook, now, zone)
    yield from _step(view, playbook, now)
    for each in find_contests(view):
        words = contest_words((each,), zone)[0].removesuffix(", pick")
        yield _field("values", f"! {words}; setting it anew settles it")
    if view.is_open:
        yield from due_lines(view, playbook, now, zone)
    else:
        yield _field("cadence", ", ".join(kept_words(report(view, playbook, now))))
    yield ""
    hidden = view.entry_count - len(entries)
    if hidden > 0 and entries:
        yield f"  … {hidden:,} before"
    yield from timeline_lines(entries, zone, ids=ids)


def _step(view: IncidentView, playbook: Playbook, now: datetime) -> Iterator[str]:
    """Yield the next step of the workflow; an incident kept elsewhere or closed has none."""
    found = present_step(view, playbook, now)
    if found is not None:
        mark = "! " if found.late else ""
        yield _field("next step", f"{mark}{found.step.text} ({_whose(found, view, playbook, now)})")


def _whose(each: StepState, view: IncidentView, playbook: Playbook, now: datetime) -> str:
    words = (owner_words(each, view, playbook), late_words(each, now) if each.late else "")
    return ", ".join(word for word in words if word)


def step_lines(view: IncidentView, playbook: Playbook, now: datetime) -> Iterator[str]:
    """Yield the four fronts with their steps: done, next, late, and whose each open one is."""
    coming = present_step(view, playbook, now)
    front = ""
    for each in progress(view, playbook, now):
        if each.step.front != front:
            front = each.step.front
            yield front.capitalize()
        is_next = coming is not None and coming.step.id == each.step.id
        mark = "✓" if each.done else "!" if each.late else ">" if is_next else "·"
        words = [each.step.text]
        if not each.done:
            whose = _whose(each, view, playbook, now)
            words.append(f"({whose}{', next' if is_next else ''})")
        if each.by_hand:
            words.append("[by hand]")
        yield f"  {mark} {each.step.id:<17} {' '.join(words)}"


def due_lines(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    """Yield what is due in an incident, and who waits for it."""
    for clock in clocks(view, playbook, now):
        words = clock_words(clock, now, zone)
        if words:
            yield _field("due", words)
    for late in late_asks(view, now) if view.is_open else ():
        yield _field("asked", f"! {late.sentence}")
    yield from _waiting(board(view, playbook, now), now)


def board_lines(
    grid: StakeholderBoard, playbook: Playbook, now: datetime, zone: tzinfo
) -> Iterator[str]:
    """Yield the grid's four fields with their people: told, due, late, never."""
    names = [cell.stakeholder.name for cell in grid.cells()]
    width = min(32, max(map(cell_width, names), default=0))
    for quadrant, cells in grid.quadrants.items():
        yield quadrant.value.capitalize() if cells else f"{quadrant.value.capitalize()}: nobody"
        for cell in cells:
            person = cell.stakeholder
            name = clip(make_visible(person.name), width)
            name += " " * (width - cell_width(name))
            mark = {CellState.TOLD: "+", CellState.LATE: "!"}.get(cell.state, " ")
            ways = ", ".join(playbook.channel(each).name for each in person.channels)
            words = [_state_words(cell, now, zone), ways, person.contact]
            yield f"  {mark} {person.id:<20}  {name}  {'; '.join(filter(None, words))}"


def _state_words(cell: StakeholderCell, now: datetime, zone: tzinfo) -> str:
    said = f"told {format_clock(cell.told_at, zone)}" if cell.told_at else "never told"
    if cell.told_at and cell.told_by:
        said += f" by {cell.told_by}"
    because = f" ({cell.stakeholder.because})" if cell.stakeholder.because else ""
    if cell.due_at is None and not cell.paused and cell.asleep_until is None:
        return said + because
    return f"{said}, {due_words(cell, now, zone)}{because}"


def timeline_lines(
    entries: Iterable[TimelineEntry], zone: tzinfo, *, ids: bool = False
) -> Iterator[str]:
    """Yield the timeline, a line for the date whenever it changes."""
    date = ""
    for entry in entries:
        stamp = format_stamp(entry.at, zone)
        if stamp[:10] != date:
            date = stamp[:10]
            yield f"  {date} {stamp[16:].strip()}"
        mark = "*" if entry.starred else " "
        first, *others = _entry_text(entry)
        name = f"{entry.id[:_ID_SHOWN]} " if ids else ""
        head = f"{name}{mark} {format_clock(entry.at, zone)} {entry.kind:<13} "
        yield head + first
        for line in others:
            yield f"{'':<{len(head)}}{line}".rstrip()


def _entry_text(entry: TimelineEntry) -> list[str]:
    """Return an entry's lines; those of an outgoing text begin with what became of it."""
    lines = entry.text.splitlines() or [""]
    if entry.msg is None:
        return lines
    by = f" by {', '.join(entry.msg.channels)}" if entry.msg.channels else ""
    corrected = " (corrected)" if entry.corrected else ""
    return [f"{entry.msg.state.value} to {entry.msg.audience}{by}{corrected}:", *lines]


def _facts(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    flags = [word for word in ("drill", "private") if getattr(view, word)]
    lasted = format_span((view.over_at or now) - view.started_at)
    word = "since" if view.is_open else "from"
    since = f"{word} {format_stamp(view.started_at, zone)}, {lasted}"
    yield _field("stage", "; ".join((view.stage.value, since, *flags)))
    if view.impact or view.impact_text:
        share = f" ({view.share:g} %)" if view.share is not None else ""
        text = f"{view.impact.value}{share}" if view.impact else ""
        yield _field("impact", ": ".join(each for each in (text, view.impact_text) if each))
    area = playbook.area(view.area)
    if area is not None:
        yield _field("area", area.words)
    affected = ", ".join(affected_components(view))
    seen = ", ".join(view.seen_before.values())
    for name, text in (
        ("affected", affected),
        ("cause", view.cause),
        ("next", view.next_step),
        ("seen", f"before: {seen}" if seen else ""),
    ):
        if text:
            yield _field(name, text)
    roles = [
        f"{playbook.role(each.role).name}: {each.person}" for each in view.roles if each.person
    ]
    if roles:
        yield _field("roles", "; ".join(roles))
    yield from _work(view, now)
    for item in view.actions:
        due = f", due {item.due}" if item.due else ""
        who = f", {item.owner}" if item.owner else ""
        identity = item.id[:_ITEM_ID_SHOWN]
        yield _field("action", f"{identity} {item.title} ({item.kind}, {item.state}{who}{due})")


def _work(view: IncidentView, now: datetime) -> Iterator[str]:
    """Yield whose answer is awaited (a late one stands with what is due), and the theories."""
    for each in timers(view, now):
        if not (each.is_late and view.is_open):
            yield _field("asked", f"{each.action.id[:_ITEM_ID_SHOWN]} {each.sentence}")
    for theory in open_theories(view):
        yield _field("theory", f"{theory.id[:_ITEM_ID_SHOWN]} {theory.text}")


def _waiting(grid: StakeholderBoard, now: datetime) -> Iterator[str]:
    late = [
        f"{cell.stakeholder.name} ({format_words(abs(now - cell.due_at))})"
        if cell.due_at
        else cell.stakeholder.name
        for cell in grid.to_tell()
        if cell.state is CellState.LATE
    ]
    soon = [cell.stakeholder.name for cell in grid.to_tell() if cell.state is CellState.DUE]
    if late:
        yield _field("late", "! " + ", ".join(late))
    if soon:
        yield _field("to tell", ", ".join(soon))
    if grid.total:
        yield _field("told", f"{grid.told} of {grid.total}")


def _field(name: str, text: str) -> str:
    return f"{name:<{_MARGIN}}{' '.join(text.split())}"
