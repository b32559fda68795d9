"""HTML from elsewhere as plain text: its words, line ends, list marks and addresses."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_ELEMENT = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|s|small|span|strong|table"
    r"|tbody|td|th|thead|tr|tt|u|ul|script|style)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCKS = frozenset(("blockquote", "div", "ol", "pre", "table", "tr", "ul"))
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))
_SILENT = frozenset(("script", "style"))


def html_to_text(body: str) -> str:
    """Return `body` as text; one without HTML elements stays as it is but for its line ends."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if not _ELEMENT.search(body):
        return body
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects the words of a page, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0
        self._address = ""
        self._link_start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._break(1)
            self._parts.append("- ")
        elif tag == "a":
            self._address = dict(attrs).get("href") or ""
            self._link_start = len(self._parts)
        elif tag in ("td", "th") and self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append(" ")
        else:
            self._open_block(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag != "br":
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._address:
            shown = "".join(self._parts[self._link_start :])
            if self._address not in shown:
                self._parts.append(f" ({self._address})")
            self._address = ""
        else:
            self._open_block(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def text(self) -> str:
        lines = [line.rstrip() for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _open_block(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._break(2)
        elif tag in _BLOCKS:
            self._break(1)

    def _break(self, lines: int) -> None:
        """End the line, unless nothing or a line end stands there already."""
        written = "".join(self._parts[-3:])
        there = len(written) - len(written.rstrip("\n"))
        if self._parts:
            self._parts.append("\n" * max(0, lines - there))
