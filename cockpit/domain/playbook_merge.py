"""The default playbook merged with the user's: key by key, lists of tables by their id."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Struct

from cockpit.domain.nearest import nearest
from cockpit.domain.playbook import Playbook
from cockpit.domain.toml_lines import Path, find_line
from cockpit.errors import PlaybookError

_KEYS_OF_ROW = {"cadence": ("severity", "ring")}
_WORDS_FOR = {
    int: "a whole number",
    float: "a number",
    str: "text in quotes",
    bool: "true or false",
}


def read_toml(text: str, name: str) -> dict[str, Any]:
    """Return a TOML text as tables; a mistake in it is told with its place in the file `name`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        raise PlaybookError(f"{name} is not valid TOML: {mistake}.") from None


def load_playbook(
    default: Mapping[str, Any],
    user: Mapping[str, Any] | None,
    *,
    user_name: str = "playbook.toml",
    user_text: str = "",
) -> Playbook:
    """Return the playbook of a team: `default`, changed by what the user's file says.

    `user_name` and `user_text` are the user's file as errors name it and find lines in it; without
    one, `default` is taken as it is.
    """
    merged = _Merge(user_name, user_text).merge_tables(default, user or {}, Playbook, ())
    try:
        playbook = msgspec.convert(merged, Playbook)
    except msgspec.ValidationError as mistake:
        raise PlaybookError(f"The default playbook is incomplete: {mistake}.") from None
    if user is not None:
        _refuse_contradiction(playbook, user, user_name, user_text)
    return playbook


def _refuse_contradiction(
    playbook: Playbook, user: Mapping[str, Any], user_name: str, user_text: str
) -> None:
    # Loaded late: it takes longer than the merging, and the default is not in need of it.
    from cockpit.domain.playbook_rules import find_contradiction

    if wrong := find_contradiction(playbook):
        place = _place(user_name, user_text, _path_in(user, wrong.path))
        raise PlaybookError(f"{place}: {wrong.text}", wrong.hint)


class _Merge:
    """One merge: knows the user's file, so that each mistake is told with its line."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def merge_tables(
        self, default: Mapping[str, Any], user: Mapping[str, Any], shape: type[Struct], path: Path
    ) -> dict[str, Any]:
        """Return `default` with every key that `user` gives; `path` is where they stand."""
        types = _types(shape)
        merged = dict(default)
        for key, value in user.items():
            here = (*path, key)
            if key not in types:
                raise self._unknown_key(key, tuple(types), here)
            merged[key] = self._merge_value(default.get(key), value, types[key], here)
        return merged

    def _merge_value(self, default: Any, value: Any, kind: Any, path: Path) -> Any:
        if (row := _row_of(kind)) is not None:
            if not _is_tables(value):
                raise self._error(path, f"“{path[-1]}” is a list of tables; write [[{path[-1]}]].")
            return self._merge_rows(default or (), value, row, path)
        if isinstance(kind, type) and issubclass(kind, Struct):
            if not isinstance(value, Mapping):
                raise self._error(path, f"“{path[-1]}” is a table; write [{path[-1]}].")
            return self.merge_tables(default or {}, value, kind, path)
        try:
            return msgspec.to_builtins(msgspec.convert(value, kind))
        except msgspec.ValidationError:
            raise self._error(path, f"“{path[-1]}” must be {_describe(kind)}.") from None

    def _merge_rows(
        self,
        default: tuple[Mapping[str, Any], ...],
        user: list[Mapping[str, Any]],
        row: type[Struct],
        path: Path,
    ) -> list[dict[str, Any]]:
        """Return the rows merged by their keys, in the default's order, new ones last."""
        keys = _KEYS_OF_ROW.get(str(path[-1]), ("id",))
        rows = {_name_row(each, keys): dict(each) for each in default}
        for index, table in enumerate(user):
            here = (*path, index)
            name = _name_row(table, keys)
            if not all(name):
                missing = next(key for key, part in zip(keys, name, strict=True) if not part)
                raise self._error(here, f"This [[{path[-1]}]] has no “{missing}”.")
            if table.get("remove") is True:
                if name not in rows:
                    raise self._unknown_row(name, rows, here)
                del rows[name]
                continue
            wanted = {key: value for key, value in table.items() if key != "remove"}
            rows[name] = self.merge_tables(rows.get(name, {}), wanted, row, here)
            self._require(rows, row, name, here)
        return list(rows.values())

    def _require(
        self,
        rows: Mapping[tuple[str, ...], Mapping[str, Any]],
        row: type[Struct],
        name: tuple[str, ...],
        path: Path,
    ) -> None:
        """Refuse a new row that lacks what every row must say."""
        missing = [
            field.name
            for field in msgspec.structs.fields(row)
            if field.required and field.name not in rows[name]
        ]
        if missing:
            what = " ".join(name)
            guess = nearest(what, [" ".join(each) for each in rows if each != name])
            likely = f" Did you mean “{guess}”?" if guess else ""
            raise self._error(
                path,
                f"“{what}” is new in [[{path[-2]}]] and lacks: {', '.join(missing)}.{likely}",
            )

    def _unknown_key(self, key: str, known: tuple[str, ...], path: Path) -> PlaybookError:
        guess = nearest(key, known)
        where = next((part for part in reversed(path[:-1]) if isinstance(part, str)), "")
        of = f" of {where}" if where else ""
        likely = f" Did you mean “{guess}”?" if guess else ""
        return self._error(
            path, f"“{key}” is not a key{of}.{likely}", f"Keys here: {', '.join(known)}."
        )

    def _unknown_row(
        self, name: tuple[str, ...], rows: Mapping[tuple[str, ...], Any], path: Path
    ) -> PlaybookError:
        known = [" ".join(each) for each in rows]
        guess = nearest(" ".join(name), known)
        likely = f" Did you mean “{guess}”?" if guess else ""
        return self._error(
            path,
            f"“{' '.join(name)}” cannot be removed from {path[-2]}: there is none.{likely}",
            f"There are: {', '.join(known)}.",
        )

    def _error(self, path: Path, text: str, hint: str = "") -> PlaybookError:
        return PlaybookError(f"{_place(self._name, self._text, path)}: {text}", hint)


def _place(name: str, text: str, path: Path) -> str:
    line = find_line(text, path) if text else 0
    return f"{name}, line {line}" if line else name


def _path_in(user: Mapping[str, Any], path: Path) -> Path:
    """Return the path of a merged row (its keys instead of an index) as the user's file has it."""
    if len(path) < 2 or not isinstance(rows := user.get(str(path[0])), list):
        return path
    keys = _KEYS_OF_ROW.get(str(path[0]), ("id",))
    names = [" ".join(_name_row(each, keys)) for each in rows]
    return (path[0], names.index(str(path[1])), *path[2:]) if path[1] in names else path


def _name_row(table: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(table.get(key, "")) for key in keys)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


@cache
def _types(shape: type[Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(shape)}


def _row_of(kind: Any) -> type[Struct] | None:
    """Return the struct of a list of tables, None for anything else."""
    inner = get_args(kind)[0] if get_origin(kind) is tuple else None
    return inner if isinstance(inner, type) and issubclass(inner, Struct) else None


def _describe(kind: Any) -> str:
    """Return what a value must be, in words."""
    if get_origin(kind) is tuple:
        numbers = get_args(kind)[0] is int
        return "a list of whole numbers" if numbers else "a list of texts in quotes"
    if isinstance(kind, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(f"“{each.value}”" for each in kind)
    return _WORDS_FOR.get(kind, "another kind of value")
