"""The variables of templates: what each means, and what an incident fills them with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from cockpit.domain.components import affected_components
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_clock, format_stamp, format_words
from cockpit.domain.view import IncidentView, ResponseAction

VARIABLES = {
    "title": "the incident's title",
    "ref": "its reference, such as INC-42",
    "severity": "SEV1 to SEV4",
    "kind": "the id of its kind, such as outage or third-party",
    "status": "its public status",
    "impact": "high, medium or low",
    "impact_text": "what is affected, as noted with /impact",
    "components": "what is not operational on the status page, such as Checkout API (major outage)",
    "customers_see": "what customers see, where that is written apart from the impact",
    "cause": "the cause, as noted with /cause (internal)",
    "next_step": "what comes next, as noted with /next (internal)",
    "doing": "what is being done, in words for that audience",
    "workaround": "what people can do meanwhile",
    "findings": "theories that were confirmed and actions that helped (internal)",
    "eliminated": "theories that were eliminated and actions that did not help (internal)",
    "asked": "actions that are still open, with whose they are (internal)",
    "started_at": "when it began, such as 09:05 UTC",
    "ends_at": "when planned work is planned to end",
    "now": "the time of writing",
    "next_update": "the time to promise, such as 09:30 UTC",
    "rhythm": "how often updates come from now on, where that was slowed down",
    "duration": "how long it lasts or lasted",
    "data_what": "which data was affected, such as names and e-mail addresses",
    "data_whose": "whose data it was, such as customers who ordered on 3 May",
    "data_outcome": "whether it was lost, changed or seen by others, as far as it is certain",
    "postmortem_link": "the address of the published post-mortem",
    "postmortem": "yes, where the playbook asks for a post-mortem of such an incident",
    "company": "from the playbook",
    "product": "from the playbook",
    "status_page": "from the playbook",
    "channel": "the id of the channel that the text is for",
}

OWN_VARIABLE = "a name of your own template"

_DATED_FROM = timedelta(hours=12)
_WORTH_SAYING = timedelta(minutes=1)


class Variable(Struct, frozen=True):
    """A name that a template asks for: its present value, what it means, whether it has one."""

    name: str
    value: str
    meaning: str
    filled: bool


def describe_variables(names: Iterable[str], values: Mapping[str, object]) -> tuple[Variable, ...]:
    """Return what each name means and holds, those without a value first."""
    found = []
    for name in dict.fromkeys(names):
        value = values.get(name)
        filled = value not in (None, "")
        meaning = VARIABLES.get(name, OWN_VARIABLE)
        found.append(Variable(name, str(value) if filled else "", meaning, filled))
    return tuple(sorted(found, key=lambda each: (each.filled, each.name)))


def gather_facts(
    view: IncidentView,
    playbook: Playbook,
    audience: str,
    promise: datetime | None,
    now: datetime,
) -> dict[str, object]:
    """Return the variables that an incident fills, none of them empty.

    promise: the time of the next update, None when none is promised.
    """
    plan = view.plans.get(audience)
    slowed = plan.rhythm_at(now) if plan else None
    lasted = (view.over_at or now) - view.started_at
    facts: dict[str, object] = {
        "title": view.title,
        "kind": view.kind,
        "ref": view.ref,
        "severity": view.severity.value,
        "impact": view.impact.value if view.impact else None,
        "impact_text": view.impact_text,
        "components": ", ".join(affected_components(view)),
        "cause": view.cause,
        "next_step": view.next_step,
        "workaround": view.workaround,
        "findings": "; ".join(_findings(view)),
        "eliminated": "; ".join(_eliminated(view)),
        "asked": "; ".join(_asked(view, now)),
        "status": view.status.value,
        "postmortem": "yes" if playbook.needs_postmortem(view.severity, drill=view.drill) else None,
        "company": playbook.company,
        "product": playbook.product,
        "status_page": playbook.status_page,
        "started_at": format_moment(view.started_at, now),
        "now": format_moment(now, now),
        "next_update": format_moment(promise, now) if promise else None,
        "rhythm": _every(slowed.every) if slowed else None,
        "duration": format_words(lasted) if lasted >= _WORTH_SAYING else None,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def format_moment(at: datetime, now: datetime) -> str:
    """Return a time as customers read it: with its date unless it is within half a day."""
    if abs(at - now) < _DATED_FROM:
        return f"{format_clock(at, UTC)} UTC"
    return format_stamp(at, UTC)


def _every(minutes: int) -> str:
    """Return an interval as it follows "every": "45 minutes", "hour", "2 hours"."""
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return f"{minutes} minutes"
    return "hour" if hours == 1 else f"{hours} hours"


def _findings(view: IncidentView) -> Iterable[str]:
    for theory in view.hypotheses:
        if theory.state == "confirmed":
            yield _because(f"Confirmed: {_bare(theory.text)}", theory.why)
    for action in view.response_actions:
        if action.state == "done" and action.helped == "yes":
            yield _because(f"{_bare(action.title)}: it helped", action.why)


def _eliminated(view: IncidentView) -> Iterable[str]:
    for theory in view.hypotheses:
        if theory.state == "eliminated":
            yield _because(_bare(theory.text), theory.why)
    for action in view.response_actions:
        if action.state == "done" and action.helped == "no":
            yield _because(f"{_bare(action.title)}: it did not help", action.why)


def _asked(view: IncidentView, now: datetime) -> Iterable[str]:
    for action in view.response_actions:
        if action.state == "open":
            yield _bare(action.title) + _whose(action, now)


def _whose(action: ResponseAction, now: datetime) -> str:
    known = [action.owner] if action.owner else []
    if action.back_at:
        known.append(f"back by {format_moment(action.back_at, now)}")
    return f" ({', '.join(known)})" if known else ""


def _because(text: str, why: str) -> str:
    return f"{text} ({_bare(why)})" if why.strip() else text


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(".!;: ")
