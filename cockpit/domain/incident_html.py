"""An incident's report as one HTML page: self-contained, no scripts, nothing loaded."""

from __future__ import annotations

from html import escape

from cockpit.domain.markdown_html import to_html
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import make_visible

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a page may do: nothing but show itself."""

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { line-height: 1.2 } h2 { margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0 }
tr + tr td, tbody tr:first-child td { border-top: 1px solid #8884 }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums }
td, li, p { overflow-wrap: anywhere }
li.nested { margin-left: 1.5rem }
@media print { body { max-width: none; margin: 0 } }
"""


def write_page(view: IncidentView, document: str) -> str:
    """Return the report `document` (Markdown that was made safe) as an HTML page."""
    title = escape(make_visible(f"{view.ref}: {view.title}"))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{to_html(document)}\n</body>\n</html>\n"
    )
