"""What an import would add, and what it added, in numbers and in one sentence."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.envelope import Record


class ImportReport(Struct, frozen=True):
    """What an import added: incidents, updates (texts that were sent), entries, changed updates.

    left_out: what else the file holds and is not kept, in words; deleted: references of incidents
    in the file that were deleted here, and stay so; notes: sentences on what was not plain.
    """

    incidents_new: int = 0
    incidents_known: int = 0
    updates_new: int = 0
    entries_new: int = 0
    changed: int = 0
    events_new: int = 0
    left_out: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the report for a person."""
        rest = f" Left out: {', '.join(self.left_out)}." if self.left_out else ""
        gone = (
            f" Deleted here before, and still: {', '.join(self.deleted)}." if self.deleted else ""
        )
        return " ".join((f"{self._added()}{gone}{rest}", *self.notes))

    def _added(self) -> str:
        read = self.incidents_new + self.incidents_known
        if not self.events_new:
            found = f"{_count(read, 'incident')} in the file, all" if read else "all of the file is"
            return f"Nothing new: {found} known already."
        new = [_count(self.incidents_new, "new incident")] if read else []
        if self.updates_new:
            new.append(_count(self.updates_new, "new update"))
        if self.entries_new != self.updates_new:
            new.append(_count(self.entries_new, "new entry", "new entries"))
        if self.changed:
            texts = ("changed update", "") if self.updates_new else ("changed text", "")
            new.append(_count(self.changed, *texts))
        known = (
            f" {_count(self.incidents_known, 'incident')} known." if self.incidents_known else ""
        )
        return f"Imported {', '.join(new) or 'what has changed'}.{known}"


class ImportPlan(Struct, frozen=True):
    """The events that a file adds, in order, what they come to, and the ids of its incidents."""

    records: tuple[Record, ...]
    report: ImportReport
    incidents: frozenset[str] = frozenset()


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
