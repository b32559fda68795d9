"""The words of incident management that the program itself must know.

Their meaning for a team (criteria, examples, intervals, limits) stands in the playbook.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """How bad it is; SEV1 is the worst."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"


class Impact(StrEnum):
    """How many customers are affected, as a class of the share (thresholds: playbook)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class PublicStatus(StrEnum):
    """Where we are, as told to the public; may go back."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Stage(StrEnum):
    """Where the inner work is, beside the public status."""

    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    WORKED_AROUND = "worked-around"
    FIXED = "fixed"
    RESOLVED = "resolved"
    POSTMORTEM = "post-mortem"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """What a timeline entry reports."""

    NOTE = "note"
    OBSERVATION = "observation"
    ACTION = "action"
    DECISION = "decision"
    COMMUNICATION = "communication"
    STATUS = "status"
    SEVERITY = "severity"
    IMPACT = "impact"
    ROLE = "role"
    EVIDENCE = "evidence"
    CAUSE = "cause"
    NEXT = "next"


class Ring(IntEnum):
    """Audience rings: the innermost is told first, most often and in most detail."""

    CORE = 1
    SUPPORT = 2
    EXECUTIVES = 3
    EMPLOYEES = 4
    CUSTOMERS = 5

    @property
    def audience(self) -> str:
        """Return the audience's word as used in files and on the command line."""
        return self.name.lower()


class Level(StrEnum):
    """Power or interest of a stakeholder."""

    HIGH = "high"
    LOW = "low"


class Quadrant(StrEnum):
    """The four fields of the power/interest grid (Mendelow, 1981)."""

    SATISFIED = "keep satisfied"
    CLOSELY = "manage closely"
    MONITOR = "monitor"
    INFORMED = "keep informed"

    @classmethod
    def of(cls, power: Level, interest: Level) -> Quadrant:
        """Return the field for that power and interest."""
        if power is Level.HIGH:
            return cls.CLOSELY if interest is Level.HIGH else cls.SATISFIED
        return cls.INFORMED if interest is Level.HIGH else cls.MONITOR


class MessageState(StrEnum):
    """Copied is not sent: only sent keeps a promise."""

    COPIED = "copied"
    SENT = "sent"
