"""The reports on cadence as plain text: lines of one table that any terminal shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta, tzinfo

from cockpit.domain.cadence_history import Period, share_kept
from cockpit.domain.cadence_report import CadenceReport, Deadline, Tally
from cockpit.domain.times import format_stamp, format_words
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import cell_width
from cockpit.domain.vocabulary import MessageState

_GAP = "  "
_ONE = ("AUDIENCE", "UPDATES", "FIRST WORD", "PROMISES", "DEADLINES KEPT", "LONGEST SILENCE")
_MANY = (
    "AUDIENCE",
    "INCIDENTS",
    "FIRST WORD",
    "9 OF 10 BY",
    "PROMISES",
    "DEADLINES KEPT",
    "LONGEST SILENCE",
)


def report_lines(view: IncidentView, found: CadenceReport, zone: tzinfo) -> Iterator[str]:
    """Yield how the cadence of one incident was kept, and every deadline that was missed."""
    yield f"{view.ref}  {view.severity.value}  {view.phase}  {view.title}"
    yield ""
    if not found.rings:
        yield "No update was sent to anybody."
        return
    rows = [
        (
            each.ring.audience,
            f"{each.updates:,}",
            _span(each.first_word),
            promise_words(each.promises),
            _kept(each.all),
            _span(each.longest_silence),
        )
        for each in found.rings
    ]
    yield from _table(_ONE, rows)
    missed = [each for ring in found.rings for each in ring.deadlines if each.missed]
    if missed:
        yield ""
        yield "Missed"
        yield from _table((), [_missed(each, view, zone) for each in missed])


def history_lines(periods: Sequence[Period]) -> Iterator[str]:
    """Yield how the cadence was kept over many incidents, period by period."""
    if not periods:
        yield "No incident began in that time."
    for place, period in enumerate(periods):
        if place:
            yield ""
        count = f"{period.incidents:,} incident{'s' if period.incidents != 1 else ''}"
        yield f"{period.name}: {count}" if period.name else count.capitalize()
        if not period.rings:
            yield "No update was sent to anybody."
            continue
        rows = [
            (
                each.ring.audience,
                f"{each.incidents:,}",
                _span(each.first_word_median),
                _span(each.first_word_p90),
                promise_words(each.promises),
                _kept(each.deadlines),
                f"{_span(each.longest_silence)} ({each.longest_in})",
            )
            for each in period.rings
        ]
        yield from _table(_MANY, rows)


def promise_words(promises: Tally) -> str:
    """Return what became of promises in a few words: "4: 3 kept, 1 missed"."""
    if not promises.made:
        return "none"
    words = [f"{promises.kept:,} kept"]
    for count, word in (
        (promises.extended, "extended"),
        (promises.missed, "missed"),
        (promises.paused, "paused"),
    ):
        if count:
            words.append(f"{count:,} {word}")
    return f"{promises.made:,}: {', '.join(words)}"


def _kept(deadlines: Tally) -> str:
    share = share_kept(deadlines)
    if share is None:
        return "none"
    return f"{deadlines.kept:,} of {deadlines.kept + deadlines.missed:,} ({share:.0%})"


def _span(span: timedelta | None) -> str:
    return "unknown" if span is None else format_words(max(timedelta(), span))


def _missed(each: Deadline, view: IncidentView, zone: tzinfo) -> tuple[str, ...]:
    how = "promised for" if each.promised else "due at"
    said = f"{how} {format_stamp(each.due_at, zone)}"
    late = f"{_span(each.late)} late"
    if not _was_sent(each, view):
        late = "nothing came until it was over" if view.over_at else f"{late}, nothing came yet"
    moved = f", moved {each.extended} time{'s' if each.extended > 1 else ''} before"
    return each.ring.audience, said, f"{late}{moved if each.extended else ''}"


def _was_sent(each: Deadline, view: IncidentView) -> bool:
    """Say whether an update met the deadline, not the end of the incident or of the report."""
    return any(
        message.at == each.met_at
        and message.msg.state is MessageState.SENT
        and message.msg.audience == each.ring.audience
        for message in view.messages
    )


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [list(headers), *rows] if headers else list(rows)
    widths = [max(cell_width(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        cells = [
            cell + " " * (width - cell_width(cell))
            for cell, width in zip(line, widths, strict=True)
        ]
        yield f"  {_GAP.join(cells)}".rstrip()
