"""The stages of 30 real incidents, and the table of them in the documentation.

The sample: of all incidents of the page's file, oldest first, every 111/30th (rounded down) from
the first one on. Only public ids and dates are written down, never the texts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cockpit.domain.html_text import html_to_text
from cockpit.domain.stage_reading import PageText, read_stages
from cockpit.domain.statuspage import ParsedIncident, parse_file
from cockpit.domain.templates import choose
from tests.domain.shipped_texts import shipped_templates

SAMPLE = "statuspage/github_2018-12_to_2020-12.json"
WANTED = 30
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
HEADING = "## Real incidents, said with these templates"


def sampled(samples: Path) -> tuple[ParsedIncident, ...]:
    found = parse_file((samples / SAMPLE).read_bytes(), READ_AT)
    return tuple(found[number * len(found) // WANTED] for number in range(WANTED))


def stages_of(parsed: ParsedIncident) -> tuple[str, ...]:
    texts = [PageText(each.status, html_to_text(each.body or "")) for each in parsed.ordered]
    return read_stages(texts)


def table_rows(samples: Path) -> list[str]:
    """Return the documentation's rows: date, id, and each update's stage with its template."""
    rows = []
    for parsed in sampled(samples):
        told = [
            f"{stage}: `{choose(shipped_templates(), 'outage', stage, 'customers').id}`"
            for stage in stages_of(parsed)
        ]
        rows.append(f"| {parsed.record.at:%Y-%m-%d} | {parsed.record.id} | {'<br>'.join(told)} |")
    return rows
