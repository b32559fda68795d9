"""The nearest known word to one that was mistyped, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.errors import InvalidInputError

_LONGEST = 40
_MOST_LISTED = 12


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """Return the choice that `word` most likely meant, or None when nothing is near.

    Case, spaces, `_` and `-` count alike; a beginning of a choice counts as near.
    """
    wanted = _fold(word)
    if not wanted or len(wanted) > _LONGEST:
        return None
    ranked = sorted(
        (rank, place)
        for place, choice in enumerate(choices)
        if (rank := _rank(wanted, _fold(choice))) is not None
    )
    return choices[ranked[0][1]] if ranked else None


def expected(what: str, word: str, choices: Sequence[str]) -> InvalidInputError:
    """Return the error for a `word` that is not `what` ("a severity"), naming the nearest choice.

    The caller raises it: “sev9” is not a severity; expected SEV1, SEV2, SEV3 or SEV4.
    """
    from cockpit.domain.visible import clip, make_visible

    shown = clip(make_visible(word), _LONGEST)
    said = (
        f"“{shown}” is not {what}" if shown.strip() else f"{what[:1].upper()}{what[1:]} is needed"
    )
    if not choices:
        return InvalidInputError(f"{said}; there is none yet.")
    near = nearest(word, choices)
    hint = f"Did you mean {near}?" if near is not None else ""
    return InvalidInputError(f"{said}; expected {_listed(choices)}.", hint)


def _listed(choices: Sequence[str]) -> str:
    words = list(choices)
    if len(words) > _MOST_LISTED:
        rest = len(words) - _MOST_LISTED
        words = [*words[:_MOST_LISTED], f"{rest} more"]
        return f"{', '.join(words[:-1])} and {words[-1]}"
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _fold(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def _rank(word: str, choice: str) -> tuple[float, int] | None:
    """Return how far `choice` is from `word`, smaller is nearer, or None when it is too far."""
    if word == choice:
        return 0, 0
    if choice.startswith(word):
        return 0.5, len(choice)
    changes = _changes(word, choice[: _LONGEST * 2])
    if changes > max(1, max(len(word), len(choice)) // 3) or changes >= min(len(word), len(choice)):
        return None
    # Among equally near words the one with the closer letters wins: sev9 is nearer to SEV4.
    apart = sum(abs(ord(one) - ord(other)) for one, other in zip(word, choice, strict=False))
    return changes, apart


def _changes(word: str, choice: str) -> int:
    """Return the fewest letters put in, left out, changed or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(choice) + 1))
    for row, letter in enumerate(word, 1):
        this = [row]
        for column, other in enumerate(choice, 1):
            cost = min(last[column] + 1, this[column - 1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == choice[column - 2]
            if swapped and word[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            this.append(cost)
        before, last = last, this
    return last[-1]
