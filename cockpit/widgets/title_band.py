"""The title lines: how bad, what, where we are, for how long, what time it is, and who leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from msgspec import Struct
from textual.strip import Strip

from cockpit.domain.playbook import Playbook
from cockpit.domain.rivals import contest_words, find_contests
from cockpit.domain.times import format_clock, format_span
from cockpit.domain.together import Together
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import make_visible
from cockpit.widgets.painted import Painted, Span, cells_of, changed_cells, clip_spans, spread
from cockpit.widgets.sync_line import together_spans

_WIDE = 140
"""Cells from which the reference, the start and the local time are shown, too."""

_SHORTEST_TITLE = 12
_GAP: Span = ("   ", "")


class Titles(Struct, frozen=True):
    """What the title lines are made of.

    zone: in which times are shown; local: the terminal's own; me: the person at this terminal;
    together: how it stands with the others, empty on a machine that shares with nobody.
    """

    view: IncidentView
    playbook: Playbook
    now: datetime
    zone: tzinfo
    local: tzinfo = UTC
    me: str = ""
    together: Together = Together()


class TitleBand(Painted):
    """One line, or two with the roles."""

    DEFAULT_CSS = "TitleBand { height: 2; }"

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._titles: Titles | None = None
        self._lines: tuple[tuple[Span, ...], ...] = ()

    def show(self, titles: Titles) -> None:
        """Take what to show; only lines that change are repainted."""
        self._titles = titles
        self._show()

    def on_resize(self) -> None:
        """Draw anew for the new width."""
        self._show()

    def render_line(self, y: int) -> Strip:
        """Return line `y`."""
        spans = self._lines[y] if y < len(self._lines) else ()
        return self.paint(spans, self.size.width)

    def _show(self) -> None:
        if self._titles is None or not self.size.width:
            return
        width, with_roles = self.size.width, self.size.height > 1
        first = title_line(self._titles, width, with_rivals=not with_roles)
        lines = (first, roles_line(self._titles, width)) if with_roles else (first,)
        old, self._lines = self._lines, lines
        for y, line in enumerate(lines):
            before = old[y] if y < len(old) else ()
            self.refresh_line(y, *changed_cells(before, line, width))


def title_line(titles: Titles, width: int, *, with_rivals: bool) -> tuple[Span, ...]:
    """Return the first line: severity, title, tags; on the right phase, elapsed time, clock.

    with_rivals: rival values are named here, because there is no second line.
    """
    view = titles.view
    badge: Span = (f" {view.severity.value} ", view.severity.value.lower())
    title: Span = (make_visible(view.title), "bright")
    left = (badge, ("  ", ""), title, *tags(view, titles.together.role))
    rights = _rights(titles, width, with_rivals=with_rivals)
    whole = cells_of(left) + 2
    cut = min(whole, cells_of(left[:2]) + _SHORTEST_TITLE + 2)
    for needed in (whole, cut):
        for right in rights:
            if needed + cells_of(right) <= width:
                return spread(left, right, width)
    return clip_spans(left, width)


def tags(view: IncidentView, role: str = "") -> tuple[Span, ...]:
    """Return the words that set an incident apart: drill, private, one's role if it bounds."""
    facts = (("drill", view.drill), ("private", view.private), (role, bool(role)))
    return tuple((f"  {word}", "soon") for word, holds in facts if holds)


def rival_words(view: IncidentView, zone: tzinfo = UTC) -> tuple[str, ...]:
    """Return that fields have several values, the fullest wording first; () when none has."""
    return contest_words(find_contests(view), zone)


def _rights(titles: Titles, width: int, *, with_rivals: bool) -> tuple[tuple[Span, ...], ...]:
    """Return the right part from the fullest wording to the shortest."""
    view = titles.view
    phase: Span = (view.phase.capitalize(), "muted")
    took = format_span((view.over_at or titles.now) - view.started_at)
    elapsed: Span = (took, "bright")
    rivals = rival_words(view, titles.zone) if with_rivals else ()
    note: tuple[Span, ...] = ((f"! {rivals[-1]}", "soon"), _GAP) if rivals else ()
    time = _clock(titles, titles.zone)
    short = (phase, _GAP, elapsed, ("  ", ""), time)
    if width >= _WIDE:
        started: Span = (f"started {_since(titles)}", "muted")
        both = [_clock(titles, UTC)]
        for zone in (titles.zone, titles.local):
            other = _clock(titles, zone)
            both += [_GAP, other] if other not in both else []
        full = ((make_visible(view.ref), "muted"), _GAP, phase, _GAP, started, _GAP, elapsed, _GAP)
        return ((*note, *full, *both), (*note, *short), short)
    wide = (phase, _GAP, elapsed, _GAP, time)
    least = (elapsed, ("  ", ""), time)
    return ((*note, *wide), (*note, *short), (*note, *least), least, (elapsed,))


def _clock(titles: Titles, zone: tzinfo) -> Span:
    """Return the time of day with its zone, which is always said."""
    name = titles.now.astimezone(zone).tzname() or "local"
    return (f"{format_clock(titles.now, zone)} {make_visible(name)[:8]}", "muted")


def _since(titles: Titles) -> str:
    """Return when it started: the time, with the day when that was not today."""
    start = titles.view.started_at
    clock = format_clock(start, titles.zone)
    here, today = start.astimezone(titles.zone), titles.now.astimezone(titles.zone)
    return clock if here.date() == today.date() else f"{here.day} {here:%b} {clock}"


def roles_line(titles: Titles, width: int) -> tuple[Span, ...]:
    """Return the second line: who holds which role; on the right rival values, and the others."""
    indent = len(titles.view.severity.value) + 4
    roles: list[Span] = [(" " * indent, "")]
    for holder in _by_playbook(titles):
        person = "you" if titles.me and holder[1] == titles.me else make_visible(holder[1])
        roles += [_GAP] if len(roles) > 1 else []
        roles += [(f"{holder[0]} ", "muted"), (person, "")]
    if len(roles) == 1:
        roles.append(("nobody has a role yet", "muted"))
    right = _fitting(_asides(titles), width - cells_of(roles) - 2)
    roles += _area(titles, width - cells_of(roles) - cells_of(right) - (4 if right else 2))
    return spread(roles, right, width)


def _asides(titles: Titles) -> list[tuple[Span, ...]]:
    """Return what may stand on the right, from the fullest wording to the shortest."""
    others = together_spans(titles.together)
    notes: list[tuple[Span, ...]] = [
        ((f"! {words}", "soon"),) for words in rival_words(titles.view, titles.zone)
    ]
    if not notes:
        return others
    least = others[-1] if others else ()
    full = [(*each, _GAP, *least) for each in notes] if least else []
    return [*full, *notes]


def _fitting(variants: Sequence[tuple[Span, ...]], room: int) -> tuple[Span, ...]:
    """Return the first that fits, else the shortest; nothing where there is none."""
    fits = (each for each in variants if cells_of(each) <= room)
    return next(fits, variants[-1] if variants else ())


def _area(titles: Titles, room: int) -> list[Span]:
    """Return who owns the affected area, with how to reach them, as far as there is room."""
    area = titles.playbook.area(titles.view.area)
    if area is None:
        return []
    team = area.team or area.name
    for words in (area.words, ", ".join(filter(None, (team, area.contact))), team):
        spans: list[Span] = [_GAP, ("Area ", "muted"), (make_visible(words), "")]
        if cells_of(spans) <= room:
            return spans
    return []


def _by_playbook(titles: Titles) -> list[tuple[str, str]]:
    """Return (short name, person) of the roles that are held, in the playbook's order."""
    held = {each.role: each.person for each in titles.view.roles}
    order = [role.id for role in titles.playbook.roles]
    known = [role for role in order if role in held]
    others = sorted(set(held) - set(order))
    return [(titles.playbook.role(role).short, held[role]) for role in (*known, *others)]
