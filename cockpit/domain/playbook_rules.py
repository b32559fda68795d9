"""What must hold inside a playbook that its shape alone does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from cockpit.domain.nearest import expected
from cockpit.domain.playbook import CLOSING_CHECKS, DOWNTIME_ENDS, DRILL, FRONTS, Playbook
from cockpit.domain.quiet_hours import parse_clock, parse_zone
from cockpit.domain.toml_lines import Path
from cockpit.domain.vocabulary import Impact, Ring, Severity
from cockpit.domain.wording_rule import WORDING_KINDS
from cockpit.errors import InvalidInputError

_PATTERNS = ("internal_hosts", "ticket_ids", "secrets", "private_addresses")


class Contradiction(Struct, frozen=True):
    """Something that cannot be: where (rows by their id instead of an index), what, and help."""

    path: Path
    text: str
    hint: str = ""


def find_contradiction(playbook: Playbook) -> Contradiction | None:
    """Return the first thing in a playbook that cannot be, None when all is well."""
    checks: tuple[Callable[[Playbook], Iterator[Contradiction]], ...] = (
        _check_fixed_rows,
        _check_references,
        _check_counting,
        _check_closing,
        _check_numbers,
        _check_patterns,
        _check_quiet_hours,
    )
    return next((wrong for check in checks for wrong in check(playbook)), None)


def _check_fixed_rows(playbook: Playbook) -> Iterator[Contradiction]:
    """The four severities and the three classes of impact are fixed; their meaning is not."""
    for name, rows, words in (
        (
            "severities",
            [each.id for each in playbook.severities],
            [each.value for each in Severity],
        ),
        ("impacts", [each.id for each in playbook.impacts], [each.value for each in Impact]),
    ):
        for extra in sorted(set(rows) - set(words)):
            yield _unknown((name, extra, "id"), extra, f"one of the {name}", words)
        if missing := sorted(set(words) - set(rows)):
            yield Contradiction((name,), f"{name} must keep {', '.join(missing)}.")
    for name in ("kinds", "roles", "channels"):
        if not getattr(playbook, name):
            yield Contradiction((name,), f"{name} must keep at least one.")
    for needed in ("internal", "public"):
        if needed not in [each.id for each in playbook.forms]:
            yield Contradiction(("forms",), f"forms must keep “{needed}”.")


def _check_references(playbook: Playbook) -> Iterator[Contradiction]:
    """Every id that is named somewhere must exist."""
    rings = [each.audience for each in Ring]
    roles = [each.id for each in playbook.roles]
    kinds = [each.id for each in playbook.kinds]
    channels = [each.id for each in playbook.channels]
    severities = [each.id for each in playbook.severities]
    named: list[tuple[Path, str, str, list[str]]] = [
        (("default_severity",), playbook.default_severity, "a severity", severities)
    ]
    named += [
        (("criteria", each.id, "kind"), each.kind, "a kind", kinds) for each in playbook.criteria
    ]
    for impact in playbook.impacts:
        place: Path = ("impacts", impact.id, "public_page")
        named.append((place, impact.public_page, "an answer", ["yes", "ask", "no"]))
    for step in playbook.steps:
        named.append((("steps", step.id, "front"), step.front, "a front", list(FRONTS)))
        named.append((("steps", step.id, "role"), step.role, "a role", roles))
    for person in playbook.stakeholders:
        named.append((("stakeholders", person.id, "ring"), person.ring, "a ring", rings))
        for channel in person.channels:
            place = ("stakeholders", person.id, "channels")
            named.append((place, channel, "a channel", channels))
    for other in playbook.import_severities:
        place = ("import_severities", other.id, "severity")
        named.append((place, other.severity, "a severity", severities))
    named += [
        (("people", "quiet_ignored_by"), each, "a severity", severities)
        for each in playbook.people.quiet_ignored_by
    ]
    for rule in playbook.cadence:
        row = f"{rule.severity} {rule.ring}"
        named.append((("cadence", row, "severity"), rule.severity, "a severity", severities))
        named.append((("cadence", row, "ring"), rule.ring, "a ring", rings))
    for path, word, what, known in named:
        if word not in known:
            yield _unknown(path, word, what, known)


def _check_counting(playbook: Playbook) -> Iterator[Contradiction]:
    """What is counted over many incidents is counted by words that exist."""
    kinds = [each.id for each in playbook.kinds]
    severities = [each.id for each in playbook.severities]
    objective = playbook.objective
    lists: tuple[tuple[Path, tuple[str, ...], str, list[str]], ...] = (
        (("objective", "downtime_kinds"), objective.downtime_kinds, "a kind", kinds),
        (
            ("objective", "downtime_severities"),
            objective.downtime_severities,
            "a severity",
            severities,
        ),
        (
            ("objective", "downtime_until"),
            (objective.downtime_until,),
            "an end",
            list(DOWNTIME_ENDS),
        ),
        (("insights", "leave_out_kinds"), playbook.insights.leave_out_kinds, "a kind", kinds),
    )
    for path, words, what, known in lists:
        for word in words:
            if word not in known:
                yield _unknown(path, word, what, known)


def _check_closing(playbook: Playbook) -> Iterator[Contradiction]:
    """Only known checks are asked for, and a post-mortem only for known severities."""
    for word in playbook.closing.checks:
        if word not in CLOSING_CHECKS:
            path = ("closing", "checks")
            yield _unknown(path, word, "a closing check", list(CLOSING_CHECKS))
    known = [*(each.id for each in playbook.severities), DRILL]
    for rule in playbook.wording:
        if rule.kind not in WORDING_KINDS:
            kind: Path = ("wording", rule.id, "kind")
            yield _unknown(kind, rule.kind, "a kind of wording", list(WORDING_KINDS))
    for word in playbook.postmortem.needed_for:
        if word not in known:
            yield _unknown(("postmortem", "needed_for"), word, "a severity or “drill”", known)


def _check_numbers(playbook: Playbook) -> Iterator[Contradiction]:
    """Minutes are not negative, shares lie between 0 and 1 or 100."""
    settings = playbook.cadence_settings
    steps = settings.slow_down_steps
    for path, value, least, most in (
        (("cadence_settings", "soon_share"), settings.soon_share, 0.0, 1.0),
        (("cadence_settings", "round_to"), settings.round_to, 1, 60),
        (("cadence_settings", "customers_at_most"), settings.customers_at_most, 1, 1440),
        (("cadence_settings", "slow_down_after"), settings.slow_down_after, 0, 10_080),
        *((("cadence_settings", "slow_down_steps"), each, 1, 1440) for each in steps),
        (("response", "back_after"), playbook.response.back_after, 0, 1440),
        (("response", "summary_every"), playbook.response.summary_every, 0, 10080),
        (("postmortem", "meeting_within_days"), playbook.postmortem.meeting_within_days, 1, 365),
        (("postmortem", "meeting_minutes"), playbook.postmortem.meeting_minutes, 5, 1440),
        (("people", "reach_minutes"), playbook.people.reach_minutes, 0, 60),
        (("people", "expedited_within"), playbook.people.expedited_within, 1, 1440),
        (("objective", "availability"), playbook.objective.availability, 0, 100),
        (("insights", "weeks"), playbook.insights.weeks, 1, 520),
        *((("impacts", each.id, "above"), each.above, 0, 100) for each in playbook.impacts),
    ):
        if not least <= value <= most:
            yield Contradiction(path, f"“{path[-1]}” must be from {least:g} to {most:g}.")
    for name in ("severities", "steps", "roles", "channels", "stakeholders", "cadence"):
        for row in getattr(playbook, name):
            key = f"{row.severity} {row.ring}" if name == "cadence" else row.id
            for field in row.__struct_fields__:
                value = getattr(row, field)
                if isinstance(value, int) and value < 0:
                    yield Contradiction((name, key, field), f"“{field}” cannot be negative.")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,9}", playbook.reference_prefix):
        text = "“reference_prefix” must be one to ten letters or digits, a letter first."
        yield Contradiction(("reference_prefix",), text)


def _check_patterns(playbook: Playbook) -> Iterator[Contradiction]:
    """Every pattern of the outgoing checks must be a regular expression."""
    for name in _PATTERNS:
        for pattern in getattr(playbook.checks, name):
            try:
                re.compile(pattern)
            except re.error as mistake:
                text = f"“{pattern}” in {name} is not a regular expression: {mistake}."
                yield Contradiction(("checks", name), text)


def _check_quiet_hours(playbook: Playbook) -> Iterator[Contradiction]:
    """Quiet hours are two times of the day, in a zone that exists."""
    for person in playbook.stakeholders:
        for field, parse in (
            ("quiet_from", parse_clock),
            ("quiet_until", parse_clock),
            ("zone", parse_zone),
        ):
            try:
                parse(getattr(person, field))
            except InvalidInputError as wrong:
                yield Contradiction(
                    ("stakeholders", person.id, field),
                    f"in stakeholders {person.id}, {wrong.message}",
                    wrong.hint,
                )
        if bool(person.quiet_from) != bool(person.quiet_until):
            yield Contradiction(
                ("stakeholders", person.id, "quiet_from" if person.quiet_from else "quiet_until"),
                f"in stakeholders {person.id}, quiet hours need quiet_from and quiet_until.",
            )


def _unknown(path: Path, word: str, what: str, known: list[str]) -> Contradiction:
    said = expected(what, word, known)
    where = f"in {path[0]} {path[1]}, " if len(path) > 2 else ""
    return Contradiction(path, f"{where}{said.message}", said.hint)
