"""Who may import whom: the layers of `docs/architecture.md`, read from the source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, name_of, parse, python_files

LEAVES = {"errors", "paths", "resources", "clipboard", "config", "keymap", "streams"}
LAYERS: dict[str, set[str]] = {
    "domain": {"errors"},
    "errors": set(),
    "paths": {"errors"},
    "resources": {"errors"},
    "config": {"errors", "paths", "domain"},
    "clipboard": {"errors", "paths", "config", "domain"},
    "keymap": {"errors", "domain"},
    "streams": set(),
    "store": {"domain", "errors", "sqlite_engine"},
    "sync": {"domain", "errors"},
    "server": {"domain", "errors", "sqlite_engine"},
    "sqlite_engine": {"errors"},
    "service": {"domain", "store", "sync"} | LEAVES,
    "widgets": {"domain", "keymap", "errors"},
    "screens": {"widgets", "domain", "service", "keymap", "errors", "config", "clipboard"},
    "app": {"domain", "service", "widgets", "screens"} | LEAVES,
    "cli": {"domain", "store", "service", "app", "server", "__version__"} | LEAVES,
    "__main__": {"cli"},
    "__init__": set(),
}
"""Layer → what it may import from the package (beside itself)."""

LIBRARIES: dict[str, set[str]] = {
    "domain": {"msgspec"},
    "paths": {"platformdirs", "msgspec"},
    "config": {"msgspec"},
    "clipboard": {"pyperclip", "msgspec"},
    "keymap": {"msgspec"},
    "store": {"sqlite_utils", "pysqlite3", "msgspec"},
    "sync": {"httpx", "cryptography", "msgspec"},
    "server": {"starlette", "uvicorn", "psycopg", "psycopg_pool", "msgspec"},
    "sqlite_engine": {"pysqlite3"},
    "service": {"msgspec", "keyring"},
    "widgets": {"textual", "rich", "msgspec"},
    "screens": {"textual", "rich", "msgspec"},
    "app": {"textual", "rich", "msgspec"},
    "cli": {"click", "msgspec"},
}
"""Layer → the libraries it may use; `rich` comes with textual."""

ONE_MODULE_LIBRARIES = {
    "cryptography": {"cockpit/sync/sealing.py"},
    "jinja2": {"cockpit/domain/rendering.py"},
    "pycrdt": {"cockpit/domain/text_merge.py"},
    "yaml": {"cockpit/domain/front_matter.py"},
}
"""Libraries that one module alone imports, inside its functions."""

DOORS = {"sqlite3": "sqlite_engine", "pysqlite3": "sqlite_engine", "sqlite_utils": "store"}
"""Modules that only one layer may touch: a second door to the database loses its locks."""

OUTSIDE_WORLD = {
    *("asyncio", "fcntl", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib"),
    *("platform", "pwd", "queue", "random", "sched", "secrets", "select", "selectors", "shutil"),
    *("signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "termios", "threading"),
    *("time", "tty", "urllib", "uuid"),
}
"""What the domain does not know: files, clocks, chance, threads, the network."""

ALLOWED_IN_DOMAIN = {"pathlib.PurePath", "pathlib.PurePosixPath", "io.StringIO"}

READS_CLOCK = {"now", "utcnow", "today"}

Import = tuple[str, int, bool]


def imports_of(path: Path) -> Iterator[Import]:
    """Yield module (with the name taken from it), line, and whether it is at module level."""
    tree = parse(path)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    typed = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    for node in ast.walk(tree):
        top = id(node) not in inside and id(node) not in typed
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno, top) for alias in node.names)


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def every_import() -> tuple[tuple[Path, str, Import], ...]:
    return tuple(
        (path, layer_of(path), found)
        for path in python_files("cockpit")
        for found in imports_of(path)
    )


def test_every_layer_is_in_the_table() -> None:
    assert {layer_of(path) for path in python_files("cockpit")} <= set(LAYERS)


def test_layers_import_only_what_the_table_allows() -> None:
    wrong = []
    for path, layer, (module, line, _) in every_import():
        parts = module.split(".")
        if parts[0] != "cockpit":
            continue
        target = parts[1]
        if target != layer and target not in LAYERS[layer]:
            wrong.append(f"{name_of(path)}:{line}: {layer} may not import {target}")
    assert wrong == []


def test_libraries_stay_in_their_layers() -> None:
    wrong = []
    for path, layer, (module, line, top) in every_import():
        library = module.split(".")[0]
        if library == "cockpit" or library in sys.stdlib_module_names:
            continue
        if library in ONE_MODULE_LIBRARIES:
            if name_of(path) not in ONE_MODULE_LIBRARIES[library] or top:
                wrong.append(f"{name_of(path)}:{line}: {library} is loaded elsewhere, lazily")
        elif library not in LIBRARIES.get(layer, set()):
            wrong.append(f"{name_of(path)}:{line}: {layer} may not use {library}")
    assert wrong == []


@pytest.mark.parametrize("module", sorted(DOORS))
def test_only_the_store_touches_sqlite(module: str) -> None:
    users = {layer for _, layer, found in every_import() if found[0].split(".")[0] == module}
    assert users <= {DOORS[module]}


def test_the_domain_knows_no_outside_world() -> None:
    wrong = [
        f"{name_of(path)}:{line}: {module}"
        for path, layer, (module, line, _) in every_import()
        if layer == "domain"
        and module.split(".")[0] in OUTSIDE_WORLD
        and module not in ALLOWED_IN_DOMAIN
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", ["domain", "store", "widgets"])
def test_clocks_are_passed_in(layer: str) -> None:
    wrong = []
    for path in python_files(f"cockpit/{layer}"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value).split(".")[-1]
                if owner in ("datetime", "date") and node.func.attr in READS_CLOCK:
                    wrong.append(f"{name_of(path)}:{node.lineno}: {ast.unparse(node.func)}")
                if owner == "time" and node.func.attr in ("time", "time_ns"):
                    wrong.append(f"{name_of(path)}:{node.lineno}: {ast.unparse(node.func)}")
    assert wrong == []


def test_the_command_line_loads_the_screen_only_when_it_opens() -> None:
    heavy = ("cockpit.app", "cockpit.screens", "cockpit.widgets", "textual", "sqlite_utils")
    wrong = [
        f"{name_of(path)}:{line}: {module}"
        for path, layer, (module, line, top) in every_import()
        if layer == "cli" and top and module.startswith(heavy)
    ]
    assert wrong == []


QUIET = (
    ast.Import
    | ast.ImportFrom
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.Assign
    | ast.AnnAssign
)


def test_nothing_happens_at_import_time() -> None:
    wrong = []
    for path in python_files("cockpit"):
        for node in parse(path).body:
            words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            guard = isinstance(node, ast.If) and ast.unparse(node.test) in (
                "TYPE_CHECKING",
                "__name__ == '__main__'",
            )
            if not (isinstance(node, QUIET) or words or guard):
                wrong.append(f"{name_of(path)}:{node.lineno}: {ast.unparse(node)[:60]}")
    assert wrong == []
