"""The reports on cadence as plain text: lines of one table that any terminal shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo

from cockpit.domain.cadence_history import Period, RingHistory, share_kept
from cockpit.domain.cadence_report import CadenceReport, Deadline, Tally
from cockpit.domain.times import format_span, format_words
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import cell_width
from cockpit.domain.vocabulary import MessageState

_GAP = "  "
_ONE = ("AUDIENCE", "SENT", "FIRST", "MADE", "KEPT", "MOVED", "MISSED", "IN TIME", "LONGEST")
_MANY = (
    *("AUDIENCE", "INC.", "FIRST", "9 OF 10", "MADE", "KEPT", "MOVED", "MISSED", "IN TIME"),
    "LONGEST",
)
_MEANING = (
    "MADE to MISSED count promised times; MOVED: in time, to a later one.",
    "IN TIME: share of all deadlines that were kept, promised or by the rhythm.",
    "LONGEST: the longest silence.",
)
_FIRST = "FIRST: the first word, since it began."
_FIRSTS = "FIRST: by then the first word came in half of the incidents, then in 9 OF 10."


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
            _span(each.first_word) if each.updates else "never",
            *_counts(each.promises),
            _share(each.all),
            _span(each.longest_silence),
        )
        for each in found.rings
    ]
    yield from _table(_ONE, rows)
    missed = [each for ring in found.rings for each in ring.deadlines if each.missed]
    if missed:
        yield ""
        yield f"Missed (times in {missed[0].due_at.astimezone(zone):%Z})"
        yield from _table((), [_missed(each, view, zone) for each in missed])
    yield from ("", _FIRST, *_MEANING)


def history_lines(periods: Sequence[Period]) -> Iterator[str]:
    """Yield how the cadence was kept over many incidents, period by period."""
    if not periods:
        yield "No incident began in that time."
        return
    for period in periods:
        count = f"{period.incidents:,} incident{'s' if period.incidents != 1 else ''}"
        yield f"{period.name}: {count}" if period.name else count
        if period.rings:
            yield from _table(_MANY, [_ring_cells(each) for each in period.rings])
            worst = max(period.rings, key=lambda each: each.longest_silence)
            if span := worst.longest_silence:
                where = f"{worst.ring.audience} in {worst.longest_in}"
                yield f"Longest silence: {_span(span)}, {where}."
        else:
            yield "No update was sent to anybody."
        yield ""
    yield from (_FIRSTS, *_MEANING)


def _ring_cells(each: RingHistory) -> tuple[str, ...]:
    return (
        each.ring.audience,
        f"{each.incidents:,}",
        _span(each.first_word_median),
        _span(each.first_word_p90),
        *_counts(each.promises),
        _share(each.deadlines),
        _span(each.longest_silence),
    )


def _counts(promises: Tally) -> tuple[str, ...]:
    names = ("made", "kept", "extended", "missed")
    return tuple(f"{getattr(promises, name):,}" for name in names)


def _share(deadlines: Tally) -> str:
    share = share_kept(deadlines)
    return "" if share is None else f"{share * 100:.0f} %"


def _span(span: timedelta | None) -> str:
    return "unknown" if span is None else format_span(max(timedelta(), span))


def _missed(each: Deadline, view: IncidentView, zone: tzinfo) -> tuple[str, ...]:
    how = "promised for" if each.promised else "due at"
    said = f"{how} {each.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
    late = f"{format_words(each.late)} late"
    if not _was_sent(each, view):
        late = "nothing came until it was over" if view.over_at else f"{late}, nothing came yet"
    return each.ring.audience, said, f"{late}, moved {each.extended}×" if each.extended else late


def _was_sent(each: Deadline, view: IncidentView) -> bool:
    """Say whether an update met the deadline, not the end of the incident or of the report."""
    return any(
        message.at == each.met_at
        and message.msg.state is MessageState.SENT
        and message.msg.audience == each.ring.audience
        for message in view.messages
    )


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    lines = [headers, *rows] if headers else rows
    widths = [max(cell_width(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        cells = [
            cell + " " * (width - cell_width(cell))
            for cell, width in zip(line, widths, strict=True)
        ]
        yield _GAP.join(cells).rstrip()
