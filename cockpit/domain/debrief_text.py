"""The debrief of a drill as plain lines for any terminal, and as Markdown to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from textwrap import wrap

from cockpit.domain.debrief_scene import Debrief, Verdict
from cockpit.domain.markdown import bullet, escape_block, heading
from cockpit.domain.times import format_stamp, format_words

HEADINGS = {
    Verdict.WELL: "What went well",
    Verdict.PRACTISE: "What to practise",
    Verdict.NOTED: "Also noted",
}
_ORDER = (Verdict.WELL, Verdict.PRACTISE, Verdict.NOTED)


def debrief_lines(found: Debrief, zone: tzinfo, width: int = 0) -> Iterator[str]:
    """Yield the debrief line by line; the time of its start is told in `zone`.

    width: cells in which a long sentence goes on below itself, 0 for one line each.
    """
    yield f"Debrief: {found.title}"
    yield from _fit(_summary(found, zone), width)
    for verdict in _ORDER:
        if findings := found.of(verdict):
            yield ""
            yield HEADINGS[verdict]
            for each in findings:
                yield from _fit(f"  - {_flat(each.sentence)}", width, "    ")


def debrief_markdown(found: Debrief, zone: tzinfo) -> str:
    """Return the debrief as a Markdown document."""
    lines = [heading(1, f"Debrief: {found.title}"), "", escape_block(_summary(found, zone))]
    for verdict in _ORDER:
        if findings := found.of(verdict):
            lines += ["", heading(2, HEADINGS[verdict]), ""]
            lines += [bullet(_flat(each.sentence)) for each in findings]
    return "\n".join(lines) + "\n"


def _fit(line: str, width: int, below: str = "") -> list[str]:
    if width <= len(below):
        return [line]
    return wrap(line, width, subsequent_indent=below, break_on_hyphens=False)


def _flat(text: str) -> str:
    """Return a sentence on one line: a reason that somebody gave may have several."""
    return " ".join(text.split())


def _summary(found: Debrief, zone: tzinfo) -> str:
    state = "it took" if found.over else "so far, after"
    words = [f"{found.ref}, {found.severity.value}: {state} {format_words(found.lasted)}"]
    if found.scenario:
        words.append(f"{found.came} of {found.injects} injects came in")
    well, practise = len(found.of(Verdict.WELL)), len(found.of(Verdict.PRACTISE))
    words.append(f"{well} went well, {practise} to practise")
    replay = f" A replay of {found.replays}." if found.replays else ""
    return f"{'; '.join(words)}. Begun {format_stamp(found.began, zone)}.{replay}"
