"""What stands in the repository speaks of the product: no places of one machine, nothing undone."""

from __future__ import annotations

import re

import pytest

from tests.house.source_tree import name_of, repository_files

UNWANTED = {
    "a path of one machine": r"(?<![\w.])/(?:root|work|home/(?!you\b|ann\b)\w+|Users/\w+)/",
    "a registry's host": r"python[h]osted|registry\.npm[j]s|pypi\.or[g]",
    "unfinished work": r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b|NotImplemented[E]rror",
    "a marker of a merge": r"^(?:<{7}|>{7}) ",
    "a silenced check without its name": r"#\s*no[q]a(?!:)|type:\s*ignor[e](?!\[)",
}

NO_TEXT = {".png", ".svg", ".db", ".gz", ".zip"}


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(UNWANTED[what], re.MULTILINE)
    found = []
    for path in repository_files():
        if path.suffix in NO_TEXT or path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_text_file_is_utf8_with_line_feeds() -> None:
    wrong = []
    for path in repository_files():
        data = path.read_bytes()
        if path.suffix in NO_TEXT - {".svg"}:
            continue
        data.decode("utf-8")
        if b"\r" in data or (data and not data.endswith(b"\n")):
            wrong.append(name_of(path))
    assert wrong == []


def test_data_holds_no_code() -> None:
    kinds = {path.suffix for path in repository_files() if name_of(path).startswith("data/")}
    assert kinds <= {".toml", ".md", ".txt"}


def test_sample_data_of_others_stays_out() -> None:
    large = [name_of(path) for path in repository_files() if path.stat().st_size > 500_000]
    assert large == []
