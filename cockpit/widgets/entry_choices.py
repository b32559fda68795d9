"""The entries of a timeline to choose from, one line each, starred ones first."""

from __future__ import annotations

from datetime import UTC, tzinfo

from cockpit.domain.times import format_stamp
from cockpit.domain.view import TimelineEntry
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import EntryKind
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.dialog_list import DialogList
from cockpit.widgets.line_list import Part
from cockpit.widgets.marks import marks

_KIND_CELLS = max(map(len, EntryKind)) + 1
_WIDE = 60


class EntryChoices(DialogList[TimelineEntry], can_focus=False):
    """Moved by the field above it; times are in UTC, as they will stand in the text."""

    DEFAULT_CSS = "EntryChoices { min-height: 1; }"
    zone: tzinfo = UTC

    def parts_of(self, item: TimelineEntry, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the star, the time, the kind and the words."""
        del line
        muted = "cursor-muted" if selected else "muted"
        star = marks().star if item.starred else " "
        stamp = format_stamp(item.at, self.zone)
        # The date is the same for nearly all: where there is little room, the time is enough.
        when = stamp if width >= _WIDE else stamp.split(" ", 1)[1]
        kind = pad(item.kind, _KIND_CELLS) if width >= _WIDE else ""
        head = f" {star} {when}  {kind}"
        text = " ".join(make_visible(item.text, newlines=True).split())
        return [(head, muted), (cut(text, max(1, width - len(head) - 1)), "plain")]
