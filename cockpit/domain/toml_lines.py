"""Where in a TOML text a key stands, so that an error can name the line."""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_FENCES = ('"' * 3, "'" * 3)


def find_line(text: str, path: Path) -> int:
    """Return the number (from 1) of the line that is nearest to `path`, 0 when there is none."""
    best, depth = 0, 0
    for number, found in _walk(text):
        shared = _shared(found, path)
        if shared > depth and shared == len(found):
            best, depth = number, shared
    return best


def _walk(text: str) -> Iterator[tuple[int, Path]]:
    """Yield each header and key with its line number and its full path."""
    table: Path = ()
    seen: dict[Path, int] = {}
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if header := _HEADER.match(line):
            table = _table(_parts(header[2]), header[1] == "[[", seen)
            yield number, table
        elif key := _KEY.match(line):
            yield number, table + _parts(key[1])
        fence = next((each for each in _FENCES if line.count(each) % 2), "")


def _table(parts: Path, is_list: bool, seen: dict[Path, int]) -> Path:
    """Return a header's path, with the index of each list of tables on the way."""
    path: Path = ()
    for depth, part in enumerate(parts):
        path += (part,)
        if depth == len(parts) - 1 and is_list:
            seen[path] = seen.get(path, -1) + 1
        if path in seen:
            path += (seen[path],)
    return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _shared(found: Path, path: Path) -> int:
    """Return how many leading parts are the same."""
    pairs = zip(found, path, strict=False)
    return next(
        (at for at, (left, right) in enumerate(pairs) if left != right), min(len(found), len(path))
    )
