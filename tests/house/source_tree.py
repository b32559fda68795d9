"""The project's files, as the tests of the house read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "cockpit"
_IGNORED = {".git", ".venv", ".venv-ci", "venv", "dist", "build", "__pycache__", ".hypothesis"}
_CACHES = (".egg-info", "_cache")


@cache
def python_files(*tops: str) -> tuple[Path, ...]:
    """Return the Python files under the named directories of the project, sorted."""
    return tuple(sorted(path for top in tops for path in (ROOT / top).rglob("*.py")))


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def repository_files() -> tuple[Path, ...]:
    """Return all files that belong to the repository, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
        return tuple(path for name in names if name and (path := ROOT / name).is_file())
    return tuple(sorted(_walk(ROOT)))


def _walk(directory: Path) -> Iterator[Path]:
    for path in directory.iterdir():
        if path.name in _IGNORED or path.name.endswith(_CACHES):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def name_of(path: Path) -> str:
    """Return a path as people write it: relative to the project."""
    return path.relative_to(ROOT).as_posix()
