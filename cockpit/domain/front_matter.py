"""The front matter of a Markdown file, YAML or TOML, as plain texts and lists.

Values stay the texts that they are in the file: a date is not made a time here, `yes` not true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from cockpit.errors import InvalidInputError

Value = str | list["Value"] | dict[str, "Value"]

MOST_LETTERS = 64_000
"""Front matter is short; more of it is refused before anything reads it."""

_MOST_DEPTH = 8
_FENCES = {"---": "yaml", "+++": "toml"}


class FrontMatter(Struct, frozen=True):
    """A file taken apart: `block` is the front matter with its fences, `body` all that follows."""

    block: str
    body: str
    values: dict[str, Value]


def split_front_matter(text: str) -> FrontMatter:
    """Return a Markdown file's front matter and body (line ends: line feeds).

    Raises InvalidInputError in words for none, or one that cannot be read.
    """
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence not in _FENCES:
        raise InvalidInputError("it has no front matter; expected a first line of --- or +++")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == fence), 0)
    if not end:
        raise InvalidInputError(f"its front matter has no end; expected a second line of {fence}")
    block = "\n".join(lines[: end + 1])
    body = "\n".join(lines[end + 1 :])
    if len(block) > MOST_LETTERS:
        raise InvalidInputError(f"its front matter is longer than {MOST_LETTERS:,} letters")
    inner = "\n".join(lines[1:end])
    values = _read_yaml(inner) if _FENCES[fence] == "yaml" else _read_toml(inner)
    return FrontMatter(block, body, values)


def _read_toml(text: str) -> dict[str, Value]:
    import tomllib

    try:
        return {name: _plain(value, 0) for name, value in tomllib.loads(text).items()}
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"its front matter is not valid TOML: {error}") from error


def _plain(value: Any, depth: int) -> Value:
    _check_depth(depth)
    if isinstance(value, Mapping):
        return {str(name): _plain(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat(" ") if hasattr(value, "hour") else str(value)


def _read_yaml(text: str) -> dict[str, Value]:
    """Read YAML event by event: nothing in it can refer to something else and so grow."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Events(yaml.parse(text, Loader=loader)).read()
    except (yaml.YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise InvalidInputError(f"its front matter is not valid YAML: {problem}") from error


class _Events:
    """Puts the events of a YAML parser together."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events

    def read(self) -> dict[str, Value]:
        while (event := self._next()) not in ("DocumentStartEvent", "StreamEndEvent"):
            continue
        if event == "StreamEndEvent":
            return {}
        value = self._value(next(self._events), 0)
        if not isinstance(value, dict):
            raise InvalidInputError("its front matter names no fields; expected “title: …”")
        return value

    def _next(self) -> str:
        return type(next(self._events)).__name__

    def _value(self, event: Any, depth: int) -> Value:
        _check_depth(depth)
        kind = type(event).__name__
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise InvalidInputError("its front matter has anchors or aliases, which are not read")
        if kind == "ScalarEvent":
            return str(event.value)
        if kind == "SequenceStartEvent":
            return list(self._until("SequenceEndEvent", depth))
        return self._mapping(depth)

    def _until(self, end: str, depth: int) -> Iterator[Value]:
        for event in self._events:
            if type(event).__name__ == end:
                return
            yield self._value(event, depth + 1)

    def _mapping(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        parts = list(self._until("MappingEndEvent", depth))
        for name, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(name, str):
                raise InvalidInputError("its front matter has a list for a name")
            if name in found:
                raise InvalidInputError(f"its front matter has “{name[:40]}” twice")
            found[name] = value
        return found


def _check_depth(depth: int) -> None:
    if depth > _MOST_DEPTH:
        raise InvalidInputError("its front matter is nested too deeply")
