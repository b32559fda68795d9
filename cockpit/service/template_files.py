"""Reads the update templates: the shipped ones, and the user's own beside the config."""

from __future__ import annotations

from cockpit import resources
from cockpit.domain.templates import Template, parse_template
from cockpit.paths import Paths


def read_templates(paths: Paths) -> tuple[Template, ...]:
    """Return all templates; a user's one replaces the shipped one with the same id.

    Raises PlaybookError naming the file when one cannot be read.
    """
    found: dict[str, Template] = {}
    for name in resources.data_names("templates"):
        if name.endswith(".md"):
            template = parse_template(name, resources.data_file(f"templates/{name}"))
            found[template.id] = template
    if paths.templates.is_dir():
        for path in sorted(paths.templates.rglob("*.md")):
            template = parse_template(str(path), path.read_text(encoding="utf-8"))
            found[template.id] = template
    return tuple(found.values())
