"""What people wrote never goes through markup: a bracket in a log line must stay a bracket.

Widgets of the library read markup in plain strings. So a string reaches one only as
`Content(…)` or `Text(…)`, as a literal of ours, or with `markup=False`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source_tree import name_of, parse, python_files

READS_MARKUP = {
    *("Static", "Label", "Button", "Checkbox", "RadioButton", "Link", "Tooltip", "Collapsible"),
    *("Option", "OptionList", "Selection", "SelectionList", "TabPane", "RichLog"),
}
"""Widgets and their parts that read markup in the string they are given."""

MARKED_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
NEVER = {"from_markup", "MarkdownViewer", "escape_markup"}
SAFE_MAKERS = {"Content", "Text"}


def is_plain(node: ast.expr | None) -> bool:
    """Say whether an expression is a literal without brackets or surely no markup."""
    if node is None:
        return False
    if isinstance(node, ast.Constant):
        return not (isinstance(node.value, str) and "[" in node.value)
    if isinstance(node, ast.Call):
        maker = node.func
        while isinstance(maker, ast.Attribute | ast.Call):
            maker = maker.value if isinstance(maker, ast.Attribute) else maker.func
        return isinstance(maker, ast.Name) and maker.id in SAFE_MAKERS
    return False


def has_markup_off(call: ast.Call) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


def library_names(tree: ast.Module) -> set[str]:
    """Return which of the names that read markup this module takes from the library."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual")
        for alias in node.names
        if alias.name in READS_MARKUP
    }


def findings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and reason of everything that could read markup in a text."""
    reading = library_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _judge_call(node, reading)
        elif isinstance(node, ast.ClassDef):
            yield from _judge_class(node, reading)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                named = isinstance(target, ast.Attribute) and target.attr in MARKED_ATTRIBUTES
                if named and not is_plain(node.value):
                    yield node.lineno, f"{ast.unparse(target)} reads markup: give it Content(…)"


def _judge_call(call: ast.Call, reading: set[str]) -> Iterator[tuple[int, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    if name in NEVER:
        yield call.lineno, f"{name} is never used"
    elif name in reading and not has_markup_off(call) and not is_plain(_first(call)):
        yield call.lineno, f"{name} reads markup: say markup=False"
    elif name == "from_text" and not has_markup_off(call):
        yield call.lineno, "from_text reads markup: use Content(…)"
    elif name == "Markdown" and not _has_links_off(call):
        yield call.lineno, "Markdown opens links: say open_links=False"


def _judge_class(node: ast.ClassDef, reading: set[str]) -> Iterator[tuple[int, str]]:
    bases = {ast.unparse(base) for base in node.bases}
    if bases & reading:
        starts = [
            call
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
        ]
        if not starts or not all(has_markup_off(call) for call in starts):
            yield node.lineno, f"{node.name}: super().__init__(markup=False) is missing"
    for method in node.body:
        if not isinstance(method, ast.FunctionDef) or method.name != "render":
            continue
        if method.returns is not None and ast.unparse(method.returns) == "str":
            yield method.lineno, "render() returns a string, which is read as markup"


def _first(call: ast.Call) -> ast.expr | None:
    words = [word.value for word in call.keywords if word.arg in ("content", "label", "prompt")]
    return call.args[0] if call.args else (words[0] if words else None)


def _has_links_off(call: ast.Call) -> bool:
    return any(word.arg == "open_links" for word in call.keywords)


def screen_files() -> list[Path]:
    return [
        *python_files("cockpit/screens"),
        *python_files("cockpit/widgets"),
        *(path for path in python_files("cockpit") if path.name == "app.py"),
    ]


def test_no_text_goes_through_markup() -> None:
    found = [
        f"{name_of(path)}:{line}: {reason}"
        for path in screen_files()
        for line, reason in findings(parse(path))
    ]
    assert found == []


def test_notes_do_not_reach_the_library() -> None:
    """Its own notes read markup; the app's go to the footer line."""
    calls = [
        f"{name_of(path)}:{node.lineno}"
        for path in screen_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "notify"
        and not has_markup_off(node)
    ]
    apps = [path for path in screen_files() if path.name in ("app.py", "app_actions.py")]
    replaced = any(
        isinstance(node, ast.FunctionDef) and node.name == "notify"
        for path in apps
        for node in ast.walk(parse(path))
    )
    assert replaced or calls == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(f'{name} is down')",
        "Static(name)",
        "Static()",
        "Static('[b]x[/b]')",
        "Label(name, id='x')",
        "Option(name)",
        "Button(label=name)",
        "Content.from_markup(name)",
        "Text.from_markup(name)",
        "Content.from_text(name)",
        "Markdown(text)",
        "self.border_title = name",
        "class A(Static):\n    pass",
        "class A(Static):\n    def __init__(self):\n        super().__init__()",
        "class A(Widget):\n    def render(self) -> str:\n        return self.text",
    ],
)
def test_the_rule_finds_what_it_should(line: str) -> None:
    imports = "from textual.widgets import Button, Label, Option, Static\n"
    assert list(findings(ast.parse(imports + line)))


@pytest.mark.parametrize(
    "line",
    [
        "Static('Keys')",
        "Static(Content(name))",
        "Static(Content.styled(name, 'bold'))",
        "Static(Content(name).stylize('bold'))",
        "Static(name, markup=False)",
        "Static(id='x', markup=False)",
        "Markdown('', open_links=False)",
        "self.border_title = Content(name)",
        "Tab(name)",
        "class A(Static):\n    def __init__(self):\n        super().__init__(markup=False)",
    ],
)
def test_the_rule_lets_pass_what_it_should(line: str) -> None:
    imports = "from textual.widgets import Label, Option, Static\nfrom x import Tab\n"
    assert list(findings(ast.parse(imports + line))) == []
