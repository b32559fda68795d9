"""The shipped playbook and templates, read from `data/` for the tests of this folder."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cockpit.domain.playbook import Playbook
from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.stages import stages_for
from cockpit.domain.templates import FRAME, Template, choose, parse_template
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import PublicStatus, Severity, Stage

ROOT = Path(__file__).parents[2]
AUDIENCES = ("customers", "executives", "support", "employees")
AT = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)


@cache
def default_tables() -> dict[str, Any]:
    return tomllib.loads((ROOT / "data/playbook.toml").read_text("utf-8"))


@cache
def default_playbook() -> Playbook:
    return load_playbook(default_tables(), None)


@cache
def shipped_templates() -> tuple[Template, ...]:
    folder = ROOT / "data/templates"
    return tuple(
        parse_template(path.relative_to(folder).as_posix(), path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.md"))
    )


@cache
def shipped_wordings() -> tuple[Template, ...]:
    """Every template that a person can choose, with its frame."""
    known = shipped_templates()
    found = {}
    for kind in default_playbook().kinds:
        for stage in stages_for(kind.id):
            for audience in AUDIENCES:
                template = choose(known, kind.id, stage, audience)
                found[template.id] = template
    return tuple(found.values())


def frames() -> tuple[Template, ...]:
    return tuple(each for each in shipped_templates() if each.stage == FRAME)


def make_view(**changes: Any) -> IncidentView:
    facts: dict[str, Any] = {
        "id": "ab" * 16,
        "ref": "INC-42",
        "number": 42,
        "title": "Checkout payments failing",
        "severity": Severity.SEV2,
        "status": PublicStatus.INVESTIGATING,
        "stage": Stage.ACKNOWLEDGED,
        "started_at": AT,
        "declared_at": AT,
        "declared_by": "kim",
    }
    return IncidentView(**(facts | changes))
