"""The frozen views that flow down to every screen and command: what is known of an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.events import Message, Moment, Source
from cockpit.domain.ring_plan import RingPlan
from cockpit.domain.vocabulary import Impact, Level, PublicStatus, Quadrant, Ring, Severity, Stage


class TimelineEntry(Struct, frozen=True):
    """One line of the timeline.

    id: the op id (of the action for several people told at once); kind: a word of `EntryKind`,
    or "unknown" for an event of a later version; at: when it happened; recorded_at: when it was
    written down; t: the hybrid logical clock that breaks ties; corrected: the text was edited
    later (`original` is the first text); hidden: undone; editable: an entry that a person wrote.
    """

    id: str
    at: datetime
    recorded_at: datetime
    t: str
    kind: str
    text: str
    author: str
    starred: bool = False
    hidden: bool = False
    redacted: bool = False
    corrected: bool = False
    original: str = ""
    editable: bool = True
    msg: Message | None = None
    src: Source | None = None


class TimelineFilter(Struct, frozen=True):
    """Which entries to show: words of the text (all must occur), kinds, starred, undone too."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    starred: bool = False
    hidden: bool = False
    since: datetime | None = None
    until: datetime | None = None


class Stakeholder(Struct, frozen=True):
    """A person or group on the power/interest grid.

    every: their own interval in minutes; quiet_from, quiet_until: when they are not to be woken,
    as HH:MM in their `zone` (empty: UTC); since: when they were put on the board, None for the
    declaration; because: why they must hear first, empty for all others.
    """

    id: str
    name: str
    ring: Ring
    power: Level
    interest: Level
    title: str = ""
    group: str = ""
    channels: tuple[str, ...] = ()
    contact: str = ""
    wants: str = ""
    deputy: str = ""
    every: int | None = None
    quiet_from: str = ""
    quiet_until: str = ""
    zone: str = ""
    since: Moment | None = None
    because: str = ""

    @property
    def quadrant(self) -> Quadrant:
        """Return the field of the grid that they stand in."""
        return Quadrant.of(self.power, self.interest)


class ToldMark(Struct, frozen=True):
    """A stakeholder was told at a time, by a channel, by someone.

    via: the timeline entry of the update that told them, empty when somebody did so in person.
    """

    id: str
    stakeholder: str
    at: datetime
    by: str
    channel: str = ""
    note: str = ""
    via: str = ""


class RoleHolder(Struct, frozen=True):
    """Who holds a role, and since when."""

    role: str
    person: str
    since: datetime


class Rival(Struct, frozen=True):
    """A value set at the same time as the winning one by someone who had not seen it."""

    obj: str
    field: str
    value: Any
    op: str
    by: str
    at: datetime


class Change(Struct, frozen=True):
    """A change of status, stage, severity, impact or role, in order of time."""

    field: str
    value: Any
    at: datetime
    by: str
    reason: str = ""


class OutgoingMessage(Struct, frozen=True):
    """A text that was copied or sent, word for word; `entry` is its timeline entry.

    corrected: a mistake in it was put right later; the entry keeps the first wording.
    """

    entry: str
    at: datetime
    by: str
    text: str
    msg: Message
    corrected: bool = False


class ActionItem(Struct, frozen=True):
    """Work that the incident left behind; kind: prevent, mitigate, detect, process or debt."""

    id: str
    title: str
    owner: str = ""
    due: str = ""
    kind: str = "prevent"
    state: str = "open"
    automate: bool = False
    link: str = ""


class ResponseAction(Struct, frozen=True):
    """Something asked of somebody during the incident, with the time to hear back from them.

    state: open, done or dropped; helped: yes, no or unclear once it is done, with the reason why.
    """

    id: str
    title: str
    owner: str = ""
    asked_at: Moment | None = None
    back_at: Moment | None = None
    state: str = "open"
    helped: str = ""
    why: str = ""


class Hypothesis(Struct, frozen=True):
    """A theory about the cause: open, confirmed or eliminated, and why."""

    id: str
    text: str
    state: str = "open"
    why: str = ""


class SectionText(Struct, frozen=True):
    """What people wrote in one post-mortem section (empty: only the draft exists)."""

    id: str
    title: str
    pos: str
    text: str


class PostmortemState(Struct, frozen=True):
    """The post-mortem's owner, meeting, review state (draft, in review, reviewed, published).

    reviewed_by, reviewed_at: who reviewed it and when, empty until somebody has.
    """

    owner: str = ""
    meeting_at: datetime | None = None
    review: str = "draft"
    sections: tuple[SectionText, ...] = ()
    reviewed_by: str = ""
    reviewed_at: datetime | None = None


class Lifecycle:
    """What status and stage say together; shared by the full view and the list's lines."""

    __slots__ = ()

    status: PublicStatus
    stage: Stage
    resolved_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether the response still goes on (not resolved to the public, nor inside)."""
        return goes_on(self.status, self.stage)

    @property
    def phase(self) -> str:
        """Return the one word that says where it is: the stage once it is over, else the status."""
        return phase_of(self.status, self.stage)

    @property
    def over_at(self) -> datetime | None:
        """Return when the incident stopped counting, None while it is open."""
        return None if self.is_open else (self.resolved_at or self.closed_at)


class IncidentView(Lifecycle, Struct, frozen=True):
    """All that is known of one incident but its timeline, which is read in pages.

    number/prefix/ref: the reference; `ref` gets a suffix when two incidents claimed one number.
    `messages`, `told`, `changes` are in order of time. `last_op` changes with every event.
    area: id in the service catalogue; steps: ids of the workflow's steps that people ticked.
    opened_severity: as it was declared; plans: what was decided about each audience's countdown.
    components: the last known state of each, as a status page calls it; waivers: the reason for
    each closing check that was waived; summary_at: when the last state summary was given.
    seen_before: past incidents of the same kind, each id with its reference.
    archived: somebody deleted it; it is kept, and can be brought back.
    """

    id: str
    ref: str
    number: int
    title: str
    severity: Severity
    status: PublicStatus
    stage: Stage
    started_at: datetime
    declared_at: datetime
    declared_by: str
    prefix: str = "INC"
    impact: Impact | None = None
    share: float | None = None
    kind: str = "outage"
    criterion: str = ""
    drill: bool = False
    private: bool = False
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    impact_text: str = ""
    cause: str = ""
    next_step: str = ""
    workaround: str = ""
    area: str = ""
    steps: tuple[str, ...] = ()
    roles: tuple[RoleHolder, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()
    told: tuple[ToldMark, ...] = ()
    messages: tuple[OutgoingMessage, ...] = ()
    changes: tuple[Change, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    opened_severity: Severity = Severity.SEV4
    plans: dict[str, RingPlan] = {}
    response_actions: tuple[ResponseAction, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    components: dict[str, str] = {}
    waivers: dict[str, str] = {}
    summary_at: datetime | None = None
    seen_before: dict[str, str] = {}
    postmortem: PostmortemState = PostmortemState()
    rivals: tuple[Rival, ...] = ()
    entry_count: int = 0
    unknown_ops: int = 0
    last_op: str = ""
    src: Source | None = None
    archived: bool = False

    def holder(self, role: str) -> str:
        """Return who holds `role`, empty when nobody does."""
        return next((each.person for each in self.roles if each.role == role), "")


class IncidentSummary(Lifecycle, Struct, frozen=True):
    """One line of the incident list, from projections alone.

    `last_sent`, `promised` and `plans` (by audience) drive the countdown; `last_activity` sorts.
    """

    id: str
    ref: str
    number: int
    title: str
    severity: Severity
    status: PublicStatus
    stage: Stage
    started_at: datetime
    declared_at: datetime
    commander: str = ""
    impact: Impact | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    drill: bool = False
    private: bool = False
    entry_count: int = 0
    last_activity: datetime | None = None
    last_sent: dict[str, datetime] = {}
    promised: dict[str, datetime] = {}
    plans: dict[str, RingPlan] = {}
    source: str = ""


def goes_on(status: PublicStatus, stage: Stage) -> bool:
    """Say whether the response still goes on: not resolved to the public, nor inside."""
    over = (Stage.RESOLVED, Stage.POSTMORTEM, Stage.CLOSED)
    return status is not PublicStatus.RESOLVED and stage not in over


def phase_of(status: PublicStatus, stage: Stage) -> str:
    """Return the stage's word after the response, the public status before."""
    return stage.value if stage in (Stage.POSTMORTEM, Stage.CLOSED) else status.value
