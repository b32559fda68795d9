"""No class inherits one name from two bases that do not know of each other: one hides the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from tests.house.source_tree import PACKAGE, parse, python_files

Key = tuple[str, str]
"""A module's name and a class of it."""

MERGED = {"BINDINGS", "CSS", "DEFAULT_CSS", "DEFAULT_CLASSES", "COMPONENT_CLASSES"}
"""Of these the library takes what every base says, not only what the first one does."""

CALLED_FOR_EACH = ("on_", "_on_")
"""Handlers that the library calls for every base that has one."""


HOOKS = {"refuse_reader", "store_troubled"}
"""What every screen has, and the incident's own parts fill instead."""


class Body:
    """What a class says of itself: its bases, what it binds, and what it wants of others."""

    def __init__(self, node: ast.ClassDef, bases: tuple[Key, ...]) -> None:
        self.bases = bases
        self.bound: set[str] = set()
        self.wanted: set[str] = set()
        self.declared: set[str] = set()
        self.passed_on: set[str] = set()
        for each in node.body:
            self._read(each)
        self.bound -= self.declared

    def _read(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            (self.wanted if _says_nothing(node) else self.bound).add(node.name)
            for each in ast.walk(node):
                if isinstance(each, ast.Attribute):
                    self._read_attribute(each)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            (self.bound if node.value else self.declared).add(node.target.id)
        elif isinstance(node, ast.Assign):
            self.bound |= {each.id for each in node.targets if isinstance(each, ast.Name)}

    def _read_attribute(self, node: ast.Attribute) -> None:
        of = node.value
        if isinstance(of, ast.Name) and of.id == "self" and isinstance(node.ctx, ast.Store):
            self.bound.add(node.attr)
        elif isinstance(of, ast.Call) and isinstance(of.func, ast.Name) and of.func.id == "super":
            self.passed_on.add(node.attr)


def _says_nothing(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a method has a description alone, because another class brings it."""
    first = node.body[0]
    return (
        len(node.body) == 1
        and isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
    )


def read_classes(modules: Mapping[str, ast.Module]) -> dict[Key, Body]:
    """Return all classes of modules by their names; bases from elsewhere are left out."""
    found: dict[Key, Body] = {}
    for module, tree in modules.items():
        imported = {
            alias.asname or alias.name: (str(node.module), alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = (_base_name(each) for each in node.bases)
                bases = tuple(imported.get(name, (module, name)) for name in names if name)
                found[module, node.name] = Body(node, bases)
    return found


def _base_name(node: ast.expr) -> str:
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.id if isinstance(node, ast.Name) else ""


def clashes(classes: Mapping[Key, Body]) -> Iterator[str]:
    """Yield each class in which a base hides what another one brings, without passing it on."""

    @cache
    def shape(key: Key) -> type:
        """Return an empty class of the same bases: in its order names are looked up."""
        bases = tuple(shape(each) for each in classes[key].bases if each in classes)
        return type(key[1], bases, {"key": key})

    for key, own in classes.items():
        above = shape(key).__mro__[1:-1]
        for place, front in enumerate(above):
            for behind in above[place + 1 :]:
                if not issubclass(front, behind):
                    first, second = classes[front.key], classes[behind.key]  # type: ignore[attr-defined]
                    for name in _hidden(first, second) - own.bound:
                        yield f"{key[1]}: {name} of {behind.__name__} by {front.__name__}"


def _hidden(front: Body, behind: Body) -> set[str]:
    """Return what the one in front hides: what it binds as well, or says that it wants."""
    return {
        name
        for name in ((front.bound | front.wanted) & behind.bound) - front.passed_on
        if not (name in MERGED | HOOKS or name.startswith(("__", *CALLED_FOR_EACH)))
    }


def test_no_base_hides_what_another_one_brings() -> None:
    modules = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): parse(path)
        for path in python_files("cockpit")
    }
    assert sorted(set(clashes(read_classes(modules)))) == []


PAIR = """
class Keys:
    {first}

class Marks:
    {second}

class Screen(Keys, Marks):
    {own}
"""
METHOD, WANTED = "def leave(self): self.end()", "def leave(self): 'Leave.'"
PASSED = "def leave(self): return super().leave()"


def found(first: str, second: str, own: str = "pass") -> list[str]:
    """Return what is found in a class of two bases."""
    text = PAIR.format(first=first, second=second, own=own)
    return list(clashes(read_classes({"screens": ast.parse(text)})))


def test_a_method_that_hides_another_is_found() -> None:
    assert found(METHOD, METHOD) == ["Screen: leave of Marks by Keys"]
    assert found(WANTED, METHOD) == ["Screen: leave of Marks by Keys"]
    assert found(METHOD, PASSED) == ["Screen: leave of Marks by Keys"]
    assert found(METHOD, "def stay(self): pass") == []


def test_an_attribute_that_hides_another_is_found() -> None:
    kept = "def leave(self): self._told = True"
    assert found(kept, "_told = False") == ["Screen: _told of Marks by Keys"]
    assert found(kept, "_told: bool") == []
    assert found("_told: bool", kept) == []


def test_what_is_meant_is_left_alone() -> None:
    assert found(PASSED, METHOD) == []
    assert found(METHOD, WANTED) == []
    assert found(METHOD, METHOD, own=METHOD) == []
    assert found("def on_mount(self): pass", "def on_mount(self): pass") == []
    assert found("def __init__(self): pass", "def __init__(self): pass") == []
