"""How long files, classes and functions may be; an exception is named here and may only shrink."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from statistics import median

from tests.house.source_tree import name_of, parse, python_files

FILE_LINES, CLASS_LINES, CLASS_METHODS, FUNCTION_LINES, MEDIAN_LINES = 400, 250, 25, 50, 120

SERVER_LINES = 2_650
"""Lines of the whole server, with docstrings: lower it when it shrinks; never raise it."""

EXCEPTIONS: dict[str, int] = {}
"""What is measured → its size today. Lower the number when it shrinks; never raise it."""


@cache
def sizes() -> tuple[tuple[str, int, int], ...]:
    """Return what was measured, its size and its budget."""
    return tuple(_measured())


def _measured() -> Iterator[tuple[str, int, int]]:
    for path in python_files("cockpit", "tests", "benchmarks"):
        name = name_of(path)
        yield f"{name}: lines", _line_count(path.read_text(encoding="utf-8")), FILE_LINES
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef):
                methods = [each for each in node.body if isinstance(each, _FUNCTIONS)]
                yield f"{name}: class {node.name}: lines", _lines(node), CLASS_LINES
                yield f"{name}: class {node.name}: methods", len(methods), CLASS_METHODS
            elif isinstance(node, _FUNCTIONS):
                yield f"{name}: {node.name}(): lines", _lines(node), FUNCTION_LINES


_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def _line_count(text: str) -> int:
    return len(text.splitlines())


def _lines(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_budgets_are_kept() -> None:
    over = {name: size for name, size, budget in sizes() if size > EXCEPTIONS.get(name, budget)}
    assert over == {}


def test_exceptions_only_shrink() -> None:
    measured = {name: (size, budget) for name, size, budget in sizes()}
    stale = {
        name: f"is {measured.get(name)} now: lower or remove it"
        for name, allowed in EXCEPTIONS.items()
        if name not in measured or measured[name][0] < allowed or allowed <= measured[name][1]
    }
    assert stale == {}


def test_the_usual_file_is_short() -> None:
    lengths = [_line_count(path.read_text(encoding="utf-8")) for path in python_files("cockpit")]
    assert median(lengths) <= MEDIAN_LINES


def test_the_server_stays_small() -> None:
    lines = [_line_count(each.read_text("utf-8")) for each in python_files("cockpit/server")]
    assert SERVER_LINES - 100 < sum(lines) <= SERVER_LINES


def test_modules_are_named_for_what_they_hold() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "base_utils"}
    assert [name_of(path) for path in python_files("cockpit", "tests") if path.stem in vague] == []
