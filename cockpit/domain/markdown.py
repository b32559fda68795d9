"""Markdown writing: what people typed stays text, whatever it looks like.

`escape_*` make foreign text literal: no syntax, no HTML, no control bytes. `defuse` is for text
that its author wrote as Markdown: the formatting stays, HTML and script links do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from cockpit.domain.visible import make_visible

_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_SPECIAL = re.compile(r"[*`\[|]|\\(?=[!-/:-@\[-`{-~]|$)|(?<![^\W_])_|_(?![^\W_])|~")
_APPROXIMATELY = re.compile(r"(?:^|(?<=\s))~(?=\d)")
_BLOCK_START = re.compile(r"(#|>|[-+](?=\s|$)|[-=:](?=[-=:\s]*$))")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(?<=\s)#+$")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>\"'`]+)>", re.IGNORECASE)
_AUTHOR_TAG = re.compile(r"(\\*)<(?!br>)(?=[A-Za-z/!?])")
_DESTINATION = re.compile(r"(?<!\\)((?:\\\\)*)(\]\s*[(:]\s*(?:&lt;|<)?([^\s>)]*))")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_SAFE_SCHEMES = ("http", "https", "mailto")
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;:()%/'\"=?+-]*|")
_BLANK = " \t\r\n"
_SPACES = _BLANK + "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_NO_BREAK_SPACE = "\u00a0"


def split_lines(text: str) -> list[str]:
    """Return the lines of `text`, whatever ends them; at least one."""
    return _LINE_END.split(text)


def escape_inline(text: str) -> str:
    """Return `text` as one line that Markdown shows as it is; line ends become spaces."""
    return _escape_line(_join_lines(text))


def escape_block(text: str, indent: str = "") -> str:
    """Return `text` as a paragraph that Markdown shows as it is, with its line ends.

    indent: put before every line but the first, for a paragraph inside a list item.
    """
    lines = [_escape_line(_keep_indent(line)) for line in split_lines(text.strip("\r\n"))]
    return f"  \n{indent}".join(line or _NO_BREAK_SPACE for line in lines)


def escape_cell(text: str) -> str:
    """Return `text` for a table cell; line ends become `<br>`."""
    lines = [line.strip(_BLANK) for line in split_lines(text)]
    return "<br>".join(map(_escape_line, "\n".join(lines).strip("\n").split("\n")))


def heading(level: int, text: str) -> str:
    """Return a heading of a level from 1 to 6."""
    # What a reader takes for blank goes before the escaping: behind it a mark would begin the line.
    line = _escape_line(_join_lines(text).strip(_SPACES))
    shown = _CLOSING.sub(lambda found: "\\#" * len(found[0]), line)
    return f"{'#' * level} {shown or _NO_BREAK_SPACE}"


def bullet(text: str, *, done: bool | None = None) -> str:
    """Return a list item of text that is already Markdown; `done` makes it a checklist item."""
    box = "" if done is None else "[x] " if done else "[ ] "
    return f"- {box}{text}"


def folded(summary: str, body: str) -> str:
    """Return Markdown that a reader unfolds, with `summary` (text) to click on.

    The one HTML that documents have: blank lines around `body` keep it Markdown in every renderer.
    """
    return f"<details>\n<summary>{escape_inline(summary)}</summary>\n\n{body}\n\n</details>"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; every cell is escaped here."""
    lines = [_row(header), _row(["---"] * len(header), escape=False)]
    lines.extend(_row(row) for row in rows)
    return "\n".join(lines)


def defuse(text: str) -> str:
    """Return Markdown that an author wrote, with its HTML shown as text and script links cut.

    Addresses in angle brackets stay links, and `<br>` a line's end, as drafts have it in tables.
    Applying it twice changes nothing more.
    """
    lines = [make_visible(line.replace("\t", "    ")) for line in split_lines(text)]
    plain = _AUTOLINK.sub(r"\1", "\n".join(lines))
    return _DESTINATION.sub(_cut_script, _AUTHOR_TAG.sub(_show_tag, plain)).strip("\n")


def _row(cells: Sequence[str], *, escape: bool = True) -> str:
    shown = (escape_cell(cell) if escape else cell for cell in cells)
    return f"| {' | '.join(shown)} |"


def _join_lines(text: str) -> str:
    """Return `text` as one line; line ends become spaces."""
    return " ".join(line.strip(_BLANK) for line in split_lines(text)).strip(_BLANK)


def _escape_line(line: str) -> str:
    """Return one line without any Markdown meaning; what is left alone cannot have one."""
    if _PLAIN.fullmatch(line):
        return line
    shown = make_visible(line.replace("\t", "    "))
    escaped = _SPECIAL.sub(_put_backslash, _ENTITY.sub("&amp;", shown))
    escaped = _TAG_START.sub("&lt;", escaped)
    if _BLOCK_START.match(escaped):
        return f"\\{escaped}"
    return _NUMBERED.sub(r"\1\\\2", escaped, count=1) if _NUMBERED.match(escaped) else escaped


def _put_backslash(found: re.Match[str]) -> str:
    """Escape one character; a tilde for "about" (`~5 min`) can open but never close anything."""
    if found[0] == "~" and _APPROXIMATELY.match(found.string, found.start()):
        return "~"
    return f"\\{found[0]}"


def _keep_indent(line: str) -> str:
    """Return `line` with its leading spaces as such that mean nothing to Markdown."""
    line = line.replace("\t", "    ").rstrip(_BLANK)
    text = line.lstrip(" ")
    return _NO_BREAK_SPACE * (len(line) - len(text)) + text


def _show_tag(found: re.Match[str]) -> str:
    """Turn `<` into its name; a backslash that escaped it is no longer needed."""
    return "\\" * (len(found[1]) // 2 * 2) + "&lt;"


def _cut_script(found: re.Match[str]) -> str:
    """Escape the bracket before an address that could run something."""
    backslashes, link, written = found.groups()
    address = re.sub(r"[\s\\\x00-\x20\u2400-\u2421]", "", unescape(unescape(written)))
    scheme = _SCHEME.match(address.lstrip("<"))
    if scheme is None or scheme[0].lower() in _SAFE_SCHEMES:
        return found[0]
    return f"{backslashes}\\{link}"
