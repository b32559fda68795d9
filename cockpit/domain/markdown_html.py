"""Markdown as HTML, as far as post-mortems use it: nothing in it can become active.

Headings, lists, checklists, tables, paragraphs; bold, italics, code and http links inside them.
Everything else is shown as it was typed. Every character goes through `html.escape`.
"""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import groupby

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)")
_RULE_ROW = re.compile(r"\|?(?:\s*:?-+:?\s*\|?)+")
_FOLDED = re.compile(r"<details>\n<summary>(.*)</summary>")
_UNFOLDED = "</details>"
_INLINE = re.compile(
    r"\\(?P<char>[!-/:-@\[-`{-~])"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|(?<!\w)_(?P<em>[^_\n]+)_(?!\w)"
    r"|(?<!\w)\*(?P<italic>[^*\n]+)\*(?!\w)"
    r"|\[(?P<name>[^\]\n]*)\]\((?P<address>https?://[^\s()<>\"']+)\)"
    r"|(?P<br><br>)"
)


def to_html(markdown: str, top_level: int = 1) -> str:
    """Return Markdown as HTML elements; its first heading level becomes `top_level`."""
    blocks = re.split(r"\n\s*\n", markdown.strip("\n"))
    return "\n".join(part for block in blocks for part in _parts(block, top_level))


def _parts(block: str, top_level: int) -> list[str]:
    """Return the elements of a block; what `markdown.folded` writes folds here, too."""
    if found := _FOLDED.fullmatch(block):
        return [f"<details><summary>{_inline(found[1])}</summary>"]
    return [block] if block == _UNFOLDED else _block(block.split("\n"), top_level)


def _block(lines: list[str], top_level: int) -> list[str]:
    """Return one block of lines; consecutive lines of one sort belong together."""
    if len(lines) > 1 and "|" in lines[0] and _RULE_ROW.fullmatch(lines[1].strip()):
        return [_table(lines)]
    parts: list[str] = []
    for sort, group in groupby(_sorted_lines(lines), key=lambda each: each[0]):
        texts = [text for _, text in group]
        if sort == "heading":
            parts.extend(_heading(text, top_level) for text in texts)
        elif sort == "item":
            parts.append("<ul>" + "".join(_item(text) for text in texts) + "</ul>")
        else:
            body = "<br>".join(_inline(text.strip()) for text in texts)
            parts.append(f"<p>{body}</p>" if body else "")
    return parts


def _sorted_lines(lines: list[str]) -> list[tuple[str, str]]:
    """Return each line with its sort; an indented line goes on with the list item before it."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if _HEADING.fullmatch(line):
            found.append(("heading", line))
        elif _ITEM.fullmatch(line):
            found.append(("item", line))
        elif found and found[-1][0] == "item" and line.startswith("  "):
            found[-1] = ("item", f"{found[-1][1]}<br>{line.strip()}")
        else:
            found.append(("text", line))
    return found


def _heading(line: str, top_level: int) -> str:
    found = _HEADING.fullmatch(line)
    if not found:
        return f"<p>{_inline(line)}</p>"
    level = min(6, len(found[1]) + top_level - 1)
    return f"<h{level}>{_inline(found[2])}</h{level}>"


def _item(line: str) -> str:
    found = _ITEM.fullmatch(line)
    if not found:
        return f"<li>{_inline(line)}</li>"
    box = "" if found[2] is None else "☐ " if found[2] == " " else "☑ "
    nested = ' class="nested"' if found[1] else ""
    return f"<li{nested}>{box}{_inline(found[3])}</li>"


def _table(lines: list[str]) -> str:
    head, *rows = [_cells(line) for place, line in enumerate(lines) if place != 1]
    top = "".join(f"<th>{_inline(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cells(line: str) -> list[str]:
    """Return a row's cells; a pipe behind an odd number of backslashes belongs to the text."""
    cells = re.findall(r"(?:\\.|[^|\\]|\\$)+", line.strip().strip("|") or " ")
    return [cell.strip() for cell in cells]


def _inline(text: str) -> str:
    parts, place = [], 0
    for found in _INLINE.finditer(text):
        parts.append(_escape(text[place : found.start()]))
        parts.append(_marked(found))
        place = found.end()
    parts.append(_escape(text[place:]))
    return "".join(parts)


def _marked(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind == "char":
        return escape(found["char"])
    if kind == "br":
        return "<br>"
    if kind == "address":
        address = escape(unescape(found["address"]))
        return f'<a href="{address}" rel="noreferrer">{_escape(found["name"])}</a>'
    element = {"code": "code", "bold": "strong", "em": "em", "italic": "em"}[kind or "em"]
    inner = found[kind or "em"]
    return f"<{element}>{_escape(inner) if kind == 'code' else _inline(inner)}</{element}>"


def _escape(text: str) -> str:
    """Escape text whose character references (`&lt;`) stand for the characters themselves."""
    return escape(unescape(text))
