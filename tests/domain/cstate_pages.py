"""cState pages for tests, the incidents in them, and the way back to the file."""

from __future__ import annotations

from datetime import UTC, datetime

from cockpit.domain.cstate import Pages, parse_pages
from cockpit.domain.foreign_incident import ForeignIncident

NOW = datetime(2026, 3, 4, tzinfo=UTC)
NAME = "2025-06-01-payments.md"


def page(body: str = "", **fields: str) -> str:
    """Return a page about payments, from 10:00 to 12:00 UTC unless `fields` say otherwise."""
    given = {
        "title": "Payments are slow",
        "date": "2025-06-01 10:00:00+00:00",
        "resolved": "true",
        "resolvedWhen": "2025-06-01 12:00:00+00:00",
        "severity": "disrupted",
        "section": "issue",
        **fields,
    }
    head = "\n".join(f"{name}: {value}" for name, value in given.items() if value)
    return f"---\n{head}\naffected:\n  - API\n---\n{body}"


def parse(*texts: str, name: str = NAME) -> Pages:
    files = {name if not n else f"{n}-{name}": text.encode() for n, text in enumerate(texts)}
    return parse_pages(files, NOW)


def incident(body: str = "", **fields: str) -> ForeignIncident:
    (found,) = parse(page(body, **fields)).incidents
    return found


def told(body: str, **fields: str) -> list[tuple[str, str, str]]:
    """Return the updates of a page: time of day in UTC, status, text."""
    return [
        (f"{each.at:%H:%M}", each.status, each.text) for each in incident(body, **fields).entries
    ]


def rebuild(found: ForeignIncident) -> str:
    """Put the file together again from what the records keep of it."""
    pieces = {each.id: each.raw["text"] for each in found.entries}
    body = "".join(pieces[name] for name in found.raw["order"]) or found.raw.get("body", "")
    return f"{found.raw['front_matter']}\n{body}"
