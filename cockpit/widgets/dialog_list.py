"""A list inside a dialog: as high as its items, on the dialog's ground, in the usual paints."""

from __future__ import annotations

from typing import ClassVar, Generic

from cockpit.widgets.line_list import LineList, T


class DialogList(LineList[T], Generic[T]):
    """Subclasses say how high it may grow (`max-height`) and how an item looks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "cursor",
        "bright",
        "plain",
        "muted",
        "cursor-muted",
        "late",
        "soon",
        "told",
    }
    DEFAULT_CSS = """
    DialogList {
        height: auto;
        background: $raised;
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; text-style: bold; }
        & > .plain { color: $text; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
        & > .late { color: $late; text-style: bold; }
        & > .soon { color: $soon; }
        & > .told { color: $told; }
    }
    """
