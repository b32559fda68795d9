"""The playbook's shape: every number and word that a team may want to change.

The default stands in `data/playbook.toml`; a user's file wins key by key.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from cockpit.domain.likeness import SimilarSettings
from cockpit.domain.vocabulary import Level, Ring, Severity
from cockpit.domain.wording_rule import WordingRule

FRONTS = ("identify", "communicate", "solve", "learn")
"""The fronts of the workflow, in their order."""

CLOSING_CHECKS = (
    "public-word",
    "audiences",
    "components",
    "debt",
    "owner",
    "meeting",
    "asked",
)
"""What can be asked of an incident before it is closed."""

DOWNTIME_ENDS = ("contained", "resolved")
"""What may end the downtime of an incident."""

DRILL = "drill"
"""The word for exercises among the severities that need a post-mortem."""


class SeverityRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One severity level: what it means, examples, the response, when to raise it.

    raise_after: minutes without a fix after which the next level is suggested, 0 never;
    escalate_after: minutes without an answer after which `escalate_to` is called, 0 never;
    meeting_within_days: days until its post-mortem meeting, 0 for the usual ones.
    """

    id: str
    name: str
    meaning: str
    examples: tuple[str, ...]
    response: str
    raise_after: int = 0
    escalate_after: int = 0
    escalate_to: str = ""
    meeting_within_days: int = 0


class ImpactRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One class of impact: from which share of customers (percent, exclusive unless `at_least`)."""

    id: str
    name: str
    above: float
    public_page: str  # "yes", "ask" or "no"
    at_least: bool = False

    def covers(self, share: float) -> bool:
        """Say whether a share of customers (percent) reaches this class."""
        return share > self.above or (self.at_least and share == self.above)


class Criterion(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that makes a disturbance an incident; `expedite` pulls in more stakeholders."""

    id: str
    text: str
    kind: str = "outage"
    expedite: bool = False


class IncidentKind(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of incident that templates are written for; `expedite` as that of a criterion."""

    id: str
    name: str
    expedite: bool = False


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of the visible workflow; `done_when` names a fact that the program can see."""

    id: str
    front: str  # identify, communicate, solve or learn
    text: str
    role: str
    done_when: str = ""
    due_minutes: int = 0


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """A role that is assigned and handed over; `short` fits a title line."""

    id: str
    name: str
    short: str
    duty: str = ""
    handover_after: int = 0


class Channel(Struct, frozen=True, forbid_unknown_fields=True):
    """A way to reach people. `limit` in characters, `segment` for SMS; 0 means none."""

    id: str
    name: str
    limit: int = 0
    segment: int = 0
    primary: bool = False
    subject: bool = False


class RosterEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A stakeholder as the team keeps them; `every` in minutes, quiet hours as HH:MM in `zone`."""

    id: str
    name: str
    ring: str
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
    only_if_expedited: bool = False


class PeopleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How people are reached.

    quiet_ignored_by: severities that wake people in their quiet hours; reach_minutes: the time to
    reach several people; expedited_within: minutes at most until those pulled in at once hear.
    """

    quiet_ignored_by: tuple[str, ...]
    reach_minutes: int
    expedited_within: int


class CadenceRule(Struct, frozen=True, forbid_unknown_fields=True):
    """How often a ring hears from us at one severity, in minutes; 0 means no rhythm.

    first: until the first word; then by public status.
    """

    severity: str
    ring: str
    first: int
    investigating: int
    identified: int
    monitoring: int


class CadenceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for every cadence: when "soon" begins, the most for customers, rounding.

    All in minutes but `soon_share`, the last share (0 to 1) of an interval that is "soon".
    slow_down_after: without news for so long, the next of `slow_down_steps` is offered; 0 never.
    """

    soon_share: float
    soon_at_most: int
    customers_at_most: int
    round_to: int
    slow_down_after: int
    slow_down_steps: tuple[int, ...]


class ResponseSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the responders keep in touch, in minutes.

    back_after: until one hears back from whom something was asked, unless another time was said;
    summary_every: after which a state summary is due. 0 never.
    """

    back_after: int
    summary_every: int

    @property
    def wait(self) -> timedelta:
        """Return the usual time to hear back, zero for none."""
        return timedelta(minutes=self.back_after)


class Area(Struct, frozen=True, forbid_unknown_fields=True):
    """An area of the service catalogue: who owns it and who to call."""

    id: str
    name: str
    team: str
    contact: str = ""

    @property
    def words(self) -> str:
        """Return the area with its team and how to reach it."""
        return ", ".join(each for each in (self.name, self.team, self.contact) if each)


class Component(Struct, frozen=True, forbid_unknown_fields=True):
    """A component as the public status page names it."""

    id: str
    name: str


class SectionForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A section of a post-mortem form; `draft` names the facts it is drafted from.

    aliases: other headings under which imported documents have it.
    """

    id: str
    title: str
    hint: str
    draft: str = ""
    aliases: tuple[str, ...] = ()


class PostmortemForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A form of post-mortem: internal or public, with its sections in order."""

    id: str
    name: str
    sections: tuple[SectionForm, ...]


class PostmortemSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Deadlines in days after resolution, the meeting's length in minutes.

    blame_words: words that blame beside those of the rules of wording;
    needed_for: severities, and `drill` for exercises of these severities; action_labels: labels
    that action items get in an issue tracker, beside their kind and severity.
    """

    meeting_within_days: int
    meeting_minutes: int
    needed_for: tuple[str, ...]
    action_labels: tuple[str, ...]
    blame_words: tuple[str, ...] = ()


class ClosingRules(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of an incident before it is closed: some of `CLOSING_CHECKS`."""

    checks: tuple[str, ...]


class CheckRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists and patterns (regular expressions) of the outgoing checks.

    names: words that must not go out beside the persons of the incident; not_names: words that
    look like a person's name there (accounts, roles) and are none; impact_words: one of them shows
    that a text says what people see; total_words: they say that everything is down, unless they
    stand in one of the partial_words; promise_at_least: minutes to the next update that can be
    kept at any rhythm (half of a faster rhythm can, too).
    """

    internal_hosts: tuple[str, ...]
    ticket_ids: tuple[str, ...]
    secrets: tuple[str, ...]
    private_addresses: tuple[str, ...]
    blame_words: tuple[str, ...]
    speculation_words: tuple[str, ...]
    estimate_words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    impact_words: tuple[str, ...] = ()
    total_words: tuple[str, ...] = ()
    partial_words: tuple[str, ...] = ()
    promise_at_least: int = 10


class ImportSeverity(Struct, frozen=True, forbid_unknown_fields=True):
    """What another tool's word for a severity, priority or urgency means here (`id`, any case)."""

    id: str
    severity: str


class Objective(Struct, frozen=True, forbid_unknown_fields=True):
    """The availability objective in percent of a year, and what counts as downtime.

    downtime_kinds, downtime_severities: an incident counts when it is one of both;
    downtime_until: from its start until then, "contained" (else resolved) or "resolved".
    """

    availability: float
    downtime_kinds: tuple[str, ...]
    downtime_severities: tuple[str, ...]
    downtime_until: str


class InsightSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is counted over many incidents.

    weeks: the usual period until today; leave_out_kinds: kinds that are no incidents.
    """

    weeks: int
    leave_out_kinds: tuple[str, ...]


class Playbook(Struct, frozen=True, forbid_unknown_fields=True):
    """A team's rules for incidents, complete: the default merged with the user's file."""

    company: str
    product: str
    status_page: str
    reference_prefix: str
    default_severity: str
    kinds: tuple[IncidentKind, ...]
    severities: tuple[SeverityRule, ...]
    impacts: tuple[ImpactRule, ...]
    criteria: tuple[Criterion, ...]
    steps: tuple[Step, ...]
    roles: tuple[Role, ...]
    channels: tuple[Channel, ...]
    stakeholders: tuple[RosterEntry, ...]
    people: PeopleSettings
    areas: tuple[Area, ...]
    components: tuple[Component, ...]
    cadence: tuple[CadenceRule, ...]
    cadence_settings: CadenceSettings
    response: ResponseSettings
    postmortem: PostmortemSettings
    wording: tuple[WordingRule, ...]
    closing: ClosingRules
    forms: tuple[PostmortemForm, ...]
    checks: CheckRules
    import_severities: tuple[ImportSeverity, ...]
    objective: Objective
    insights: InsightSettings
    similar: SimilarSettings

    def severity(self, severity: str) -> SeverityRule:
        """Return the rule of a severity (the last, mildest one for an unknown id)."""
        return next((rule for rule in self.severities if rule.id == severity), self.severities[-1])

    def meeting_days(self, severity: str) -> int:
        """Return within how many days after the resolution the post-mortem meeting is held."""
        return self.severity(severity).meeting_within_days or self.postmortem.meeting_within_days

    def needs_postmortem(self, severity: str, *, drill: bool) -> bool:
        """Say whether an incident of that severity, or an exercise of it, needs a post-mortem."""
        needed = self.postmortem.needed_for
        return severity in needed and (not drill or DRILL in needed)

    def import_severity(self, word: str) -> Severity | None:
        """Return what another tool's word for a severity means here, None for an unknown one."""
        wanted = _plain_word(word)
        found = (each for each in self.import_severities if _plain_word(each.id) == wanted)
        return next((Severity(each.severity) for each in found), None)

    def impact(self, share: float) -> ImpactRule:
        """Return the class of impact of a share of customers (percent): the highest reached."""
        classes = sorted(self.impacts, key=lambda each: each.above, reverse=True)
        return next((each for each in classes if each.covers(share)), classes[-1])

    def channel(self, channel: str) -> Channel:
        """Return the channel with that id, or a plain one with that name."""
        return next(
            (each for each in self.channels if each.id == channel), Channel(channel, channel)
        )

    def role(self, role: str) -> Role:
        """Return the role with that id, or a plain one with that name."""
        return next((each for each in self.roles if each.id == role), Role(role, role, role))

    def area(self, area: str) -> Area | None:
        """Return the area with that id (a plain one for an unknown id), None for no id."""
        known = next((each for each in self.areas if each.id == area), None)
        return known or (Area(area, area, "") if area else None)

    def rule(self, severity: str, ring: Ring) -> CadenceRule | None:
        """Return the cadence for a severity and ring, None when there is no rhythm."""
        return next(
            (
                each
                for each in self.cadence
                if each.severity == severity and each.ring == ring.audience
            ),
            None,
        )


def _plain_word(word: str) -> str:
    """Return a word as it is compared: SEV-1, Sev 1 and sev1 are the same."""
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")
