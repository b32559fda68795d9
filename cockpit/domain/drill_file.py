"""Scenarios of drills as people write them: TOML, refused with the line of the first mistake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator

import msgspec

from cockpit.domain.cadence import ring_of
from cockpit.domain.drill import Inject, Scenario
from cockpit.domain.fact_times import check_fact
from cockpit.domain.nearest import expected
from cockpit.domain.toml_lines import Path, find_line
from cockpit.domain.vocabulary import EntryKind, Ring, Severity
from cockpit.errors import InvalidInputError, PlaybookError

MOST_INJECTS = 5_000
LONGEST = 7 * 24 * 60
"""Minutes of the longest drill: a week, the length of a replayed incident at most."""

MOST_CHARACTERS = 10_000

_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]*)`")
_WANTED = re.compile(r"^Expected `(?P<kind>\w+)`")
_WORDS_FOR = {
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list of tables, each [[injects]]",
    "object": "a table",
}
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")


def parse_scenario(text: str, name: str, identity: str) -> Scenario:
    """Return the scenario `identity` of a TOML text; `name` is its file as errors name it.

    Raises PlaybookError with file, line, and what was expected there.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        raise PlaybookError(f"{name} is not valid TOML: {mistake}.") from None
    try:
        scenario = msgspec.convert({**tables, "id": identity}, Scenario)
    except msgspec.ValidationError as mistake:
        raise _refused(str(mistake), name, text) from None
    path: Path = ()
    try:
        for here, value, check in _words(scenario):
            path = here
            check(value)
        for place, inject in enumerate(scenario.injects):
            path = ("injects", place)
            _check_inject(inject, scenario)
        path = ()
        _check_whole(scenario)
    except InvalidInputError as mistake:
        raise PlaybookError(
            f"{_place(name, text, path)}: {mistake.message}", mistake.hint
        ) from None
    return scenario


def _words(scenario: Scenario) -> Iterator[tuple[Path, str, Callable[[str], None]]]:
    """Yield each word out of a few, where it stands, with what checks it."""
    yield ("severity",), scenario.severity, _check_severity
    if scenario.opens_as:
        yield ("opens_as",), scenario.opens_as, _check_severity
    yield ("ends",), scenario.ends, check_fact
    for place, inject in enumerate(scenario.injects):
        yield ("injects", place, "kind"), inject.kind, _check_kind
        for field in ("after", "unless"):
            if fact := getattr(inject, field):
                yield ("injects", place, field), fact, check_fact
        if inject.answer:
            yield ("injects", place, "answer"), inject.answer, _check_audience


def _check_severity(word: str) -> None:
    if word not in list(Severity):
        raise expected("a severity", word, [each.value for each in Severity])


def _check_kind(word: str) -> None:
    if word not in list(EntryKind):
        raise expected("a kind of entry", word, [each.value for each in EntryKind])


def _check_audience(word: str) -> None:
    if ring_of(word) is None:
        raise expected("an audience", word, [each.audience for each in Ring])


def _check_inject(inject: Inject, scenario: Scenario) -> None:
    if not inject.text.strip() or not inject.by.strip():
        raise InvalidInputError("An inject needs a text, and somebody who says it (by).")
    if len(inject.text) > MOST_CHARACTERS:
        raise InvalidInputError(f"An inject holds at most {MOST_CHARACTERS:,} characters.")
    if min(inject.at, inject.wait, inject.latest) < 0:
        raise InvalidInputError("Minutes count from the start of the drill; none is below 0.")
    if max(inject.at, inject.latest) > scenario.minutes:
        raise InvalidInputError(
            f"This comes after the drill's {scenario.minutes:g} minutes.",
            "Let it come earlier, or give the drill more minutes.",
        )
    if not inject.after and (inject.wait or inject.latest):
        raise InvalidInputError("“wait” and “latest” belong to a fact that is waited for (after).")
    if inject.latest and inject.latest < inject.at:
        raise InvalidInputError("“latest” comes before “at”.")


def _check_whole(scenario: Scenario) -> None:
    if not scenario.title.strip():
        raise InvalidInputError("A drill needs a title.")
    if not 0 < scenario.minutes <= LONGEST:
        raise InvalidInputError(f"A drill lasts up to {LONGEST:,} minutes; say how many.")
    if not 0 < len(scenario.injects) <= MOST_INJECTS:
        raise InvalidInputError(f"A drill has 1 to {MOST_INJECTS:,} injects.")


def _refused(mistake: str, name: str, text: str) -> PlaybookError:
    """Return the error for a value of the wrong shape, in our words."""
    found = _PLACE.search(mistake)
    path: Path = ()
    for word, number in _STEP.findall(found["path"] if found else ""):
        path += (word or int(number),)
    keys = Inject.__struct_fields__ if path[:1] == ("injects",) else Scenario.__struct_fields__
    keys = tuple(each for each in keys if each != "id")
    if unknown := _UNKNOWN.match(mistake):
        path += (unknown["name"],)
        wrong = expected("a key here", unknown["name"], keys)
        return PlaybookError(f"{_place(name, text, path)}: {wrong.message}", wrong.hint)
    if missing := _MISSING.match(mistake):
        return PlaybookError(f"{_place(name, text, path)}: “{missing['name']}” is missing.")
    wanted = _WANTED.match(mistake)
    kind = wanted["kind"] if wanted else ""
    what = _WORDS_FOR.get(kind, kind or "another value")
    return PlaybookError(f"{_place(name, text, path)}: Expected {what}.")


def _place(name: str, text: str, path: Path) -> str:
    line = find_line(text, path) if path else 0
    return f"{name}, line {line}" if line else name
