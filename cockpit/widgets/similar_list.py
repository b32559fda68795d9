"""Past incidents like one at hand, as a list: what and when, how it ended, and why."""

from __future__ import annotations

from rich.cells import cell_len

from cockpit.domain.past_incident import PastIncident
from cockpit.domain.visible import make_visible
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.dialog_list import DialogList
from cockpit.widgets.line_list import Part
from cockpit.widgets.marks import marks

_MARK_CELLS = 3
_REF_CELLS = 10
_WHEN_CELLS = 18


class SimilarList(DialogList[PastIncident]):
    """Two lines for each, a blank one between them; a tick says that it is linked."""

    DEFAULT_CSS = "SimilarList { max-height: 20; }"

    def heights(self) -> list[tuple[int, int]]:
        """Return two lines for each incident."""
        end = len(self.items) - 1
        return [(2, int(at != end)) for at in range(len(self.items))]

    def parts_of(self, item: PastIncident, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the mark, the reference, the date and the title, or how it ended and why."""
        muted = "cursor-muted" if selected else "muted"
        if line:
            room = width - _MARK_CELLS - 2
            return [(" " * (_MARK_CELLS + 1), muted), (cut(make_visible(story(item)), room), muted)]
        mark = pad(f" {marks().done}" if item.linked else "", _MARK_CELLS)
        when = f"{item.started_at:%Y-%m-%d}  {item.severity}"
        title = width - _MARK_CELLS - _REF_CELLS - _WHEN_CELLS - 2
        return [
            (mark, "told"),
            (" ", muted),
            (pad(item.ref, _REF_CELLS), muted if selected else "plain"),
            (pad(when, _WHEN_CELLS), muted),
            (cut(make_visible(item.title), title), "bright"),
        ]


def story(item: PastIncident) -> str:
    """Return how it ended and why on one line: "fixed after 1 h 12 min: the pool was full"."""
    cause = item.cause.rstrip(".")
    return f"{item.ending}: {cause}" if cause else item.ending


def quiet_line(item: PastIncident, width: int) -> tuple[str, str]:
    """Return a past incident on one line of `width` cells: its head, and what it is known for."""
    when = f"{item.started_at:%Y-%m-%d}"
    head = f"{item.ref}  {when}  {item.severity}  {make_visible(item.title)}"
    room = width - cell_len(head) - 2
    if room < cell_len(item.ending):
        return cut(head, width), ""
    return head, f"  {cut(make_visible(story(item)), room)}"
