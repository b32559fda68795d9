"""What was asked of people during the response, what is supposed, and what came of both.

An action that was asked of somebody has a small timer of its own: the time to hear back from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from cockpit.domain.times import format_words
from cockpit.domain.view import Hypothesis, IncidentView, ResponseAction
from cockpit.domain.visible import clip, make_visible
from cockpit.errors import InvalidInputError

ACTION = "do:"
THEORY = "hyp:"
"""What the register objects of asked actions and of theories begin with; the id follows."""

HELPED = ("yes", "no", "unclear")
"""What can be said of an action once it is done."""

_SHOWN_ID = 6
_LEAST_ID = 3
_MOST_LISTED = 5
_MOST_CELLS = 60
_NEVER = datetime.max.replace(tzinfo=UTC)
_VERDICTS = {"yes": "helped", "no": "did not help", "unclear": "unclear whether it helped"}
_T = TypeVar("_T", ResponseAction, Hypothesis)


class AskTimer(Struct, frozen=True):
    """The timer of an open action.

    back_in: the time left until its answer is due, zero once it is late, None without a time;
    late: the time since then, zero or more; is_late: the time has come.
    """

    action: ResponseAction
    back_in: timedelta | None = None
    late: timedelta = timedelta()
    is_late: bool = False

    @property
    def words(self) -> str:
        """Return the timer in words: "back in 6 min", "3 min late", "no time was said"."""
        if self.is_late:
            return f"{format_words(self.late)} late"
        return (
            "no time was said" if self.back_in is None else f"back in {format_words(self.back_in)}"
        )

    @property
    def sentence(self) -> str:
        """Return whose answer is awaited, for how long or since when, and what was asked."""
        owner, title = self.action.owner, self.action.title
        if self.is_late:
            return f"{owner or 'An answer'} is {self.words}: {title}"
        return f"{f'{owner}, ' if owner else ''}{self.words}: {title}"


class Eliminated(Struct, frozen=True):
    """Something that is not the cause or did not help, and why."""

    text: str
    why: str = ""

    @property
    def words(self) -> str:
        """Return it with the reason."""
        return ": ".join(each for each in (self.text, self.why) if each)


def timers(view: IncidentView, now: datetime) -> tuple[AskTimer, ...]:
    """Return the timers of the open actions: the one that is late longest first, untimed last."""
    waiting = [each for each in view.response_actions if each.state == "open"]
    ordered = sorted(
        waiting, key=lambda each: (each.back_at or _NEVER, each.asked_at or _NEVER, each.id)
    )
    return tuple(_timer(each, now) for each in ordered)


def next_ask(view: IncidentView, now: datetime) -> AskTimer | None:
    """Return the timer of the answer that is awaited first, None when none has a time."""
    return next((each for each in timers(view, now) if each.action.back_at is not None), None)


def late_asks(view: IncidentView, now: datetime) -> tuple[AskTimer, ...]:
    """Return the timers that have run out, the longest first."""
    return tuple(each for each in timers(view, now) if each.is_late)


def tried(view: IncidentView) -> tuple[ResponseAction, ...]:
    """Return the actions that were done, in the order in which they were asked."""
    return tuple(each for each in view.response_actions if each.state == "done")


def open_theories(view: IncidentView) -> tuple[Hypothesis, ...]:
    """Return the theories that nobody has confirmed or eliminated yet."""
    return tuple(each for each in view.hypotheses if each.state == "open")


def theories_eliminated(view: IncidentView) -> tuple[Eliminated, ...]:
    """Return the theories that were eliminated, then the actions that did not help."""
    theories = [
        Eliminated(each.text, each.why) for each in view.hypotheses if each.state == "eliminated"
    ]
    failed = [
        Eliminated(f"{each.title} did not help", each.why)
        for each in tried(view)
        if each.helped == "no"
    ]
    return (*theories, *failed)


def verdict_words(action: ResponseAction) -> str:
    """Return what came of an action, and why: "did not help: same errors"; empty while open."""
    if action.state == "open":
        return ""
    what = "dropped" if action.state == "dropped" else _VERDICTS.get(action.helped, "done")
    return ": ".join(each for each in (what, action.why) if each)


def theory_words(theory: Hypothesis) -> str:
    """Return what became of a theory, and why: "eliminated: it is half empty"."""
    return ": ".join(each for each in (theory.state, theory.why) if each)


def asked_words(action: ResponseAction) -> str:
    """Return an action with whose it is: "ana: restart the cache"."""
    return f"{action.owner}: {action.title}" if action.owner else action.title


def subject_of(view: IncidentView, obj: str) -> str:
    """Return what an object `do:…` or `hyp:…` of a register is about; empty for any other."""
    named = {f"{ACTION}{each.id}": asked_words(each) for each in view.response_actions}
    named |= {f"{THEORY}{each.id}": each.text for each in view.hypotheses}
    return named.get(obj, "")


def find_action(view: IncidentView, name: str) -> ResponseAction:
    """Return the action that `name` means: the beginning of its id, or words of it.

    Open ones are looked at first. Raises InvalidInputError when none fits, or more than one.
    """
    return _find(view.response_actions, name, asked_words, "action that was asked")


def find_theory(view: IncidentView, name: str) -> Hypothesis:
    """Return the theory that `name` means: the beginning of its id, or words of it.

    Open ones are looked at first. Raises InvalidInputError when none fits, or more than one.
    """
    return _find(view.hypotheses, name, lambda each: each.text, "theory")


def _timer(action: ResponseAction, now: datetime) -> AskTimer:
    if action.back_at is None:
        return AskTimer(action)
    left = action.back_at - now
    if left > timedelta():
        return AskTimer(action, left)
    return AskTimer(action, timedelta(), -left, is_late=True)


def _find(items: Sequence[_T], name: str, words: Callable[[_T], str], what: str) -> _T:
    wanted, still_open = name.strip().casefold(), [each for each in items if each.state == "open"]
    # Without a name nothing that is over is meant: it would be changed by an empty variable.
    for among in (still_open, list(items) if wanted else []):
        found = _matching(among, wanted, words)
        if len(found) == 1:
            return found[0]
        if found:
            means = f"“{_short(name)}” means more than one {what}"
            raise InvalidInputError(
                f"{means}." if wanted else f"There is more than one {what}; name one.",
                f"They are {_listed(found, words)}.",
            )
    if not wanted:
        raise InvalidInputError(f"No {what} is open.")
    raise InvalidInputError(
        f"No {what} is called “{_short(name)}”.",
        f"Open now: {_listed(still_open, words) or 'none'}.",
    )


def _matching(items: list[_T], wanted: str, words: Callable[[_T], str]) -> list[_T]:
    if not wanted:
        return items
    if len(wanted) >= _LEAST_ID and (
        found := [each for each in items if each.id.casefold().startswith(wanted)]
    ):
        return found
    parts = wanted.split()
    return [each for each in items if all(part in words(each).casefold() for part in parts)]


def _listed(items: Sequence[_T], words: Callable[[_T], str]) -> str:
    shown: list[str] = [
        f"{each.id[:_SHOWN_ID]} {_short(words(each))}" for each in items[:_MOST_LISTED]
    ]
    if len(items) > _MOST_LISTED:
        shown.append(f"{len(items) - _MOST_LISTED} more")
    return "; ".join(shown)


def _short(text: str) -> str:
    return clip(make_visible(" ".join(text.split())), _MOST_CELLS)
