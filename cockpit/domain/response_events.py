"""What asking, answering and supposing write: one sentence for the timeline, and the fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.response_work import ACTION, THEORY, verdict_words
from cockpit.domain.times import format_clock, format_stamp, parse_duration
from cockpit.domain.view import Hypothesis, IncidentView, ResponseAction
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError

Body = EntryAdded | FieldSet

MAX_CHARACTERS = 2_000
"""Of what is asked, of a theory, of a reason: a line that people take in."""

_MAX_NAME = 100
_LONGEST_WAIT = timedelta(days=7)
_DAY = timedelta(days=1)


def ask_bodies(
    identity: str, title: str, owner: str, asked_at: datetime, within: timedelta, act: str
) -> list[Body]:
    """Return the entry and the fields of an action asked of `owner` (may be empty).

    within: the time to hear back; zero for none. Raises InvalidInputError.
    """
    title = check_line(title, "what is asked", "Say it after the time: restart the cache.")
    owner = _check_owner(owner)
    back_at = _after(asked_at, check_wait(within)) if within else None
    obj = f"{ACTION}{identity}"
    fields = {
        "title": title,
        "owner": owner,
        "asked_at": asked_at.isoformat(),
        "back_at": back_at.isoformat() if back_at else "",
        "state": "open",
    }
    text = f"{f'Asked {owner}' if owner else 'Asked for'}: {title}{back_words(back_at, asked_at)}"
    return [
        EntryAdded(asked_at, text, EntryKind.ACTION.value, act=act),
        *(FieldSet(name, value, obj=obj, act=act) for name, value in fields.items() if value),
    ]


def theory_bodies(identity: str, text: str, at: datetime, act: str) -> list[Body]:
    """Return the entry and the fields of a new theory. Raises InvalidInputError."""
    text = check_line(text, "a theory", "Say what may be the cause.")
    obj = f"{THEORY}{identity}"
    return [
        EntryAdded(at, f"Theory: {text}", EntryKind.OBSERVATION.value, act=act),
        FieldSet("text", text, obj=obj, act=act),
        FieldSet("state", "open", obj=obj, act=act),
    ]


def answer_text(action: ResponseAction) -> str:
    """Return the sentence for an action that is done or was dropped, as it stands now."""
    if action.state == "dropped":
        why = f" — {action.why}" if action.why else ""
        return f"Dropped: {action.title}{why}"
    return f"Done: {action.title} — {verdict_words(action)}"


def later_text(action: ResponseAction, back_at: datetime) -> str:
    """Return the sentence for an action whose answer may come later."""
    owner = f" for {action.owner}" if action.owner else ""
    return f"More time{owner}: {action.title}{back_words(back_at)}"


def theory_text(theory: Hypothesis) -> str:
    """Return the sentence for a theory that was confirmed or eliminated, as it stands now."""
    why = f" — {theory.why}" if theory.why else ""
    return f"Theory {theory.state}: {theory.text}{why}"


def theory_sentences(view: IncidentView) -> frozenset[str]:
    """Return the timeline's sentences about theories: thoughts, not what somebody saw."""
    supposed = {f"Theory: {each.text}" for each in view.hypotheses}
    return frozenset(supposed | {theory_text(each) for each in view.hypotheses})


def back_words(back_at: datetime | None, asked_at: datetime | None = None) -> str:
    """Return " (back by 10:10 UTC)", with the date when that is a day or more away."""
    if back_at is None:
        return ""
    far = asked_at is not None and back_at - asked_at >= _DAY
    when = format_stamp(back_at, UTC) if far else f"{format_clock(back_at, UTC)} UTC"
    return f" (back by {when})"


def parse_wait(text: str) -> timedelta:
    """Return the time to hear back that `10m`, `1h30m` or `45` (minutes) means."""
    return check_wait(parse_duration(text))


def check_wait(wait: timedelta) -> timedelta:
    """Return a time to hear back that is no slip of the finger; raises InvalidInputError."""
    if not timedelta() < wait <= _LONGEST_WAIT:
        raise InvalidInputError(
            "An answer is awaited for up to 7 days.",
            "What takes longer is an action item: cockpit postmortem action.",
        )
    return wait


def check_line(text: str, what: str, hint: str = "") -> str:
    """Return a text as one line; raises InvalidInputError when it is empty or too long."""
    line = " ".join(clean_input(text).split())
    if what and not line:
        raise InvalidInputError(f"There is no text: {what} is missing.", hint)
    if len(line) > MAX_CHARACTERS:
        raise InvalidInputError(
            f"That is longer than {MAX_CHARACTERS:,} characters.", "Log the rest as an entry."
        )
    return line


def _after(at: datetime, wait: timedelta) -> datetime:
    try:
        return at + wait
    except OverflowError:
        raise InvalidInputError("That is too far from now.", "Check the year.") from None


def _check_owner(owner: str) -> str:
    name = " ".join(clean_input(owner).split()).removeprefix("@")
    if len(name) > _MAX_NAME:
        raise InvalidInputError(f"A name has at most {_MAX_NAME} characters.")
    return name
