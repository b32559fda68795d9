"""The named parts of a template's body: written once, put together for each channel.

A part begins with its name in square brackets, alone in a line: `[lead]`. A second word limits it
to kinds of incident: `[lead third-party]`, `[closing data, defect]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cockpit.domain.nearest import nearest
from cockpit.errors import PlaybookError

LEAD = "lead"
PARTS = {
    LEAD: "one or two sentences that say it all; they open every text",
    "brief": "the lead in fewer words, for channels with little room",
    "details": "what people see, what we do, what they can do meanwhile",
    "say": "for support: what they can tell customers, word for word",
    "closing": "the last word, such as thanks or an apology",
    "next": "when the next word comes, where the usual sentence does not fit",
}

_HEADING = re.compile(r"\[([a-z]+)((?:[ ,]+[a-z0-9][a-z0-9_-]*)*)\]")

Parts = dict[tuple[str, str], str]


def split_parts(name: str, body: str, line: int) -> Parts:
    """Return the parts of a body by name and kind ("" for all kinds), none when it has no parts.

    line: where the body begins in the file, for mistakes. A body without parts is one that does
    not begin with a part's heading. Raises PlaybookError for a part with an unknown name, one
    that stands there twice, or parts without a lead.
    """
    lines = body.split("\n")
    first = next((each for each in lines if each.strip()), "")
    opening = _HEADING.fullmatch(first.strip())
    if opening is None or opening[1] not in PARTS:
        return {}
    parts: dict[tuple[str, str], list[str]] = {}
    current: list[list[str]] = []
    for number, text in enumerate(lines, start=line):
        heading = _HEADING.fullmatch(text.strip())
        if heading is None:
            for each in current:
                each.append(text)
            continue
        keys = _keys(f"{name}, line {number}", heading)
        if twice := [key for key in keys if key in parts]:
            told = " ".join(twice[0]).strip()
            raise PlaybookError(f"{name}, line {number}: the part “{told}” stands there twice.")
        current = [parts.setdefault(key, []) for key in keys]
    if (LEAD, "") not in parts:
        raise PlaybookError(
            f"{name}, line {line}: there is no part [lead].",
            "The lead opens every text; the parts of single kinds only replace it.",
        )
    return {key: "\n".join(each).strip() for key, each in parts.items()}


def parts_for(parts: Mapping[tuple[str, str], str], kind: str) -> dict[str, str]:
    """Return each part's wording for a kind of incident: its own one, or the one for all."""
    return {
        name: parts.get((name, kind), parts.get((name, ""), ""))
        for name in PARTS
        if (name, kind) in parts or (name, "") in parts
    }


def _keys(place: str, heading: re.Match[str]) -> list[tuple[str, str]]:
    name, kinds = heading[1], heading[2].replace(",", " ").split()
    if name not in PARTS:
        guess = nearest(name, tuple(PARTS))
        likely = f" Did you mean “{guess}”?" if guess else ""
        hint = f"Parts: {', '.join(PARTS)}."
        raise PlaybookError(f"{place}: “{name}” is not a part of a template.{likely}", hint)
    return [(name, kind) for kind in kinds] or [(name, "")]
