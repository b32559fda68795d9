"""The insights as one HTML page: self-contained, no scripts, nothing loaded, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from html import escape

from cockpit.domain.incident_html import POLICY
from cockpit.domain.insight_charts import column_chart, share_bar, stack_bar
from cockpit.domain.insight_facts import IncidentFacts, Measure
from cockpit.domain.insight_sections import (
    Behind,
    FigureRow,
    Section,
    count_words,
    minutes_words,
    period_words,
    sections,
    share_words,
    span_words,
    trend_words,
)
from cockpit.domain.insight_style import STYLE
from cockpit.domain.insight_words import DEFINITIONS
from cockpit.domain.insights import Insights, Measured
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_stamp, format_words
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Severity

_WORDS = frozenset({"TREND", "WHAT", "OWNER", "DUE", "INCIDENT", "TITLE"})
"""Columns of words, aligned as such."""


def insights_page(found: Insights, playbook: Playbook) -> str:
    """Return the figures of a period as a page to show and to print."""
    whose = playbook.company or playbook.product
    title = _text(f"Incidents of {whose}")
    made = f"{count_words(len(found.cases))}. Made {format_stamp(found.now, UTC)}."
    body = "\n".join(
        (
            f"<h1>{title}</h1>",
            f'<p class="period">{_text(period_words(found))} (UTC), {_text(made)}</p>',
            _tiles(found),
            _chart(found),
            *(_section(each, found) for each in sections(found) if each.id != "incidents"),
            _appendix(found),
            _definitions(),
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}, {_text(period_words(found))}</title>\n<style>{STYLE}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _text(words: str) -> str:
    return escape(make_visible(words))


# The key figures


def _tiles(found: Insights) -> str:
    return f'<section class="tiles">{"".join(_each_tile(found))}</section>'


def _each_tile(found: Insights) -> Iterator[str]:
    before = f"{len(found.before):,} in the period before" if found.compared else ""
    yield _tile("Incidents", f"{len(found.cases):,}", before)
    for measure, name in (
        (Measure.FIRST_WORD, "First word to customers"),
        (Measure.CONTAIN, "Contained"),
        (Measure.RESOLVE, "Resolved"),
    ):
        each = next(each for each in found.measures if each.measure is measure)
        yield _tile(f"{name}, median", _long(each.median), _trend(each))
    promises = found.promises
    said = f"{promises.kept:,} of {promises.kept + promises.missed:,} promised times"
    yield _tile("Promises to customers kept", share_words(promises.share), said)
    year = found.year
    left = f"{minutes_words(abs(year.left))} {'left' if year.left >= timedelta() else 'too many'}"
    said = f"of {minutes_words(year.allowed)} that {found.objective:g} % leaves: {left}"
    share = min(1.0, year.used / year.allowed) if year.allowed else float(bool(year.used))
    bad = year.left < timedelta()
    name = f"Downtime in {year.stretch.since.year}"
    yield _tile(name, minutes_words(year.used), said, share_bar(share, bad=bad), bad=bad)


def _long(span: timedelta | None) -> str:
    return span_words(None) if span is None else format_words(span)


def _trend(each: Measured) -> str:
    known = f"known in {len(each.cases):,}"
    trend = trend_words(each.median, each.median_before)
    return f"{trend} ({_long(each.median_before)} before), {known}" if trend else known


def _tile(name: str, value: str, said: str, graph: str = "", *, bad: bool = False) -> str:
    kind = "tile bad" if bad else "tile"
    return (
        f'<div class="{kind}"><h3>{_text(name)}</h3><strong>{_text(value)}</strong>'
        f"{graph}<p>{_text(said)}</p></div>"
    )


def _chart(found: Insights) -> str:
    table = next(each for each in sections(found) if each.id == "incidents")
    marks = "".join(
        f'<li><svg viewBox="0 0 8 8" aria-hidden="true"><rect class="{level.value.lower()}" '
        f'width="8" height="8"/></svg>{level.value}</li>'
        for level in Severity
    )
    return (
        f"<section><h2>Incidents by {_text(found.by)}</h2>"
        f'<div class="scroll latest" tabindex="0">{column_chart(found.columns, found.by)}</div>'
        f'<ul class="legend">{marks}</ul>{_table(table, found)}{_note(table)}</section>'
    )


# Sections


def _section(each: Section, found: Insights) -> str:
    body = _table(each, found) if each.rows else "<p>None.</p>"
    if each.id == "columns":
        body = f"<details><summary>Every {_text(found.by)}</summary>{body}</details>"
    return f"<section><h2>{_text(each.title)}</h2>{body}{_note(each)}</section>"


def _note(each: Section) -> str:
    """Return the note, which names the columns as the page does."""
    note = each.note
    for name in filter(None, each.headers):
        note = note.replace(name, _head(name))
    return f'<p class="note">{_text(note)}</p>' if note else ""


def _table(each: Section, found: Insights) -> str:
    graphs = any(row.share is not None or row.stack for row in each.rows)
    heads = "".join(f"<th{_kind(name)}>{_text(_head(name))}</th>" for name in each.headers)
    most = max((sum(row.stack) for row in each.rows), default=0)
    ids = frozenset(case.id for case in found.cases)
    rows = "".join(_row(row, each.headers, ids, most if graphs else None) for row in each.rows)
    last = '<th class="graph"></th>' if graphs else ""
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}{last}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head(name: str) -> str:
    return name if name in Severity.__members__ else name.capitalize()


def _kind(header: str) -> str:
    return ' class="words"' if header in _WORDS else ""


def _row(row: FigureRow, headers: tuple[str, ...], ids: frozenset[str], most: int | None) -> str:
    name = _text(row.name)
    if row.behind:
        name = f"<details><summary>{name}</summary>{_list(row.behind, ids)}</details>"
    cells = [f"<td>{name}</td>"]
    for header, cell in zip(headers[1:], row.cells[1:], strict=True):
        late = row.bad and header in ("LEFT", "DUE")
        kind = ' class="words bad"' if late and header == "DUE" else _kind(header)
        kind = ' class="bad"' if late and header == "LEFT" else kind
        cells.append(f"<td{kind}>{_text(cell)}</td>")
    if most is not None:
        cells.append(f'<td class="graph">{_graph(row, most)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _graph(row: FigureRow, most: int) -> str:
    if row.stack:
        return stack_bar(row.stack, most)
    return "" if row.share is None else share_bar(row.share, bad=row.bad)


def _list(behind: Iterable[Behind], ids: frozenset[str]) -> str:
    return f"<ul>{''.join(f'<li>{_incident(each, ids)}</li>' for each in behind)}</ul>"


def _incident(each: Behind, ids: frozenset[str]) -> str:
    facts = each.facts
    ref = _text(facts.ref)
    link = f'<a href="#{_anchor(facts)}">{ref}</a>' if facts.id in ids else ref
    words = f" <span>({_text(each.words)})</span>" if each.words else ""
    return f"{link} {_text(facts.shown_title)}{words}"


def _anchor(facts: IncidentFacts) -> str:
    return escape(f"i-{facts.id}", quote=True)


# The end


def _appendix(found: Insights) -> str:
    if not found.cases:
        return ""
    spans = (Measure.DETECT, Measure.FIRST_WORD, Measure.CONTAIN, Measure.RESOLVE)
    names = (
        "Incident",
        "Severity",
        "Began (UTC)",
        "Detected",
        "First word",
        "Contained",
        "Resolved",
    )
    heads = "".join(f"<th>{each}</th>" for each in names)
    rows = []
    for each in reversed(found.cases):
        cells = [each.severity.value, format_stamp(each.started, UTC).removesuffix(" UTC")]
        cells += [span_words(each.span(measure)) for measure in spans]
        shown = f"{_text(each.ref)} {_text(each.shown_title)}"
        tail = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        rows.append(f'<tr id="{_anchor(each)}"><td>{shown}</td>{tail}</tr>')
    return (
        "<section><h2>All incidents of the period</h2>"
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _definitions() -> str:
    items = "".join(f"<dt>{_text(name)}</dt><dd>{_text(said)}</dd>" for name, said in DEFINITIONS)
    return f"<section><h2>What the figures mean</h2><dl>{items}</dl></section>"
