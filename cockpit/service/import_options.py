"""What an import may be told besides its file, and which formats can use it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cockpit.errors import InvalidInputError

REPORTS = ("slack", "pagerduty", "alertmanager", "grafana")
"""Formats that report parts of an incident, which may go into one that is here already."""

_USES = {
    "into": REPORTS,
    "channels": ("slack",),
    "since": ("slack",),
    "until": ("slack",),
    "at": ("grafana",),
}
_FLAGS = {"channels": "channel"}


class ImportOptions(Struct, frozen=True):
    """Wishes for an import.

    into: id of the incident that everything goes into, empty for those that the file tells of;
    channels: only these of a chat, all when empty; since, until: only messages of that time; at:
    when what has no time of its own happened.
    """

    into: str = ""
    channels: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    at: datetime | None = None

    def check(self, form: str) -> None:
        """Raise InvalidInputError for a wish that the format `form` knows nothing of."""
        for name, forms in _USES.items():
            if getattr(self, name) and form not in forms:
                flag = _FLAGS.get(name, name)
                meant = f"It is for {', '.join(forms)}."
                raise InvalidInputError(f"--{flag} means nothing for {form}.", meant)
