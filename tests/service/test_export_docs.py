"""The export's documentation names everything that an export can hold."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cockpit.domain.envelope import Op
from cockpit.domain.events import BODY_TYPES, ComponentChange, Message, Source
from cockpit.service import exports, imports

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "export.md").read_text(encoding="utf-8")
IMPORTS = (DOCS / "import.md").read_text(encoding="utf-8")


def test_every_format_is_documented() -> None:
    for fmt in exports.FORMATS:
        assert f"| `{fmt}` |" in TEXT
    for fmt in imports.FORMATS:
        assert f"| `{fmt}` |" in IMPORTS


@pytest.mark.parametrize("kind", BODY_TYPES)
def test_every_kind_of_event_and_its_fields_are_documented(kind: str) -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{kind}` |")]
    for field in msgspec.structs.fields(BODY_TYPES[kind]):
        if field.encode_name not in ("act", "undoes"):
            assert f"`{field.encode_name}`" in row


def test_the_envelope_and_nested_records_are_documented() -> None:
    for struct in (Op, Message, ComponentChange, Source):
        for field in msgspec.structs.fields(struct):
            assert f"`{field.encode_name}`" in TEXT or field.name == "extra"
