"""Text made safe to show: nothing in it acts on the terminal or hides from the reader.

Control characters become their pictures (␛), invisible and direction-changing characters their
names (<U+202E>). Letters of every script, combining marks and emoji stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

_TAB = "    "
_ELLIPSIS = "…"

# Patterns are compiled when the first text needs them: most commands never do.

# Joiners are part of the spelling of emoji and of several scripts; anywhere else they only hide.
_JOINED = "\u0606-\u061b\u061d-\u10ff\u2190-\u2bff\u3030\u303d\ua800-\uabff\U0001f000-\U0001faff"
_KEPT = (
    f"(?<=[{_JOINED}\ufe0f])[\u200c\u200d](?=[{_JOINED}])"
    "|\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"
)
_ACTING = (
    f"(?P<kept>{_KEPT})|"
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LINE_ENDS = "\r\n?"
_SURROGATES = "[\ud800-\udfff]"


def make_visible(text: str, *, newlines: bool = False) -> str:
    """Return `text` with nothing left that a terminal acts on or a reader cannot see.

    newlines: whether line ends stay (as line feeds); otherwise they become pictures too.
    """
    if newlines and "\r" in text:
        text = re.sub(_LINE_ENDS, "\n", text)
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_ACTING, _picture_or_line_end if newlines else _picture, text)


def drop_acting(text: str) -> str:
    """Return `text` without what a terminal acts on or a reader cannot see."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_ACTING, lambda found: found["kept"] or "", text)


def clean_input(text: str) -> str:
    """Return `text` as it may be stored: verbatim, but for what no storage can hold.

    Halves of surrogate pairs become U+FFFD, NUL its picture, line ends line feeds.
    """
    if "\r" in text:
        text = re.sub(_LINE_ENDS, "\n", text)
    if text.isascii() and "\x00" not in text:
        return text
    return re.sub(_SURROGATES, "\ufffd", text).replace("\x00", "\u2400")


def clip(text: str, cells: int) -> str:
    """Return `text` cut to at most `cells` terminal columns (≥ 0), with "…" where it was cut."""
    if len(text) <= cells and text.isascii():
        return text
    if cells <= 0:
        return ""
    room, used, end = cells - 1, 0, 0
    for place, letter in enumerate(text):
        width = _letter_width(letter)
        if used + width > cells:
            return text[:end] + _ELLIPSIS
        used += width
        if used <= room:
            end = place + 1
    return text


def cell_width(text: str) -> int:
    """Return how many terminal columns `text` takes (visible text, without line ends)."""
    return len(text) if text.isascii() else sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if letter < "\u0300":
        return 1
    if unicodedata.category(letter) in ("Mn", "Me") or letter in "\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def _picture(match: re.Match[str]) -> str:
    found = match[0]
    if match["kept"]:
        return found
    if found == "\t":
        return _TAB
    code = ord(found)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"<U+{code:04X}>"


def _picture_or_line_end(match: re.Match[str]) -> str:
    return "\n" if match[0] == "\n" else _picture(match)
