"""What was measured, and the bars that it is held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import median, quantiles

from msgspec import Struct

Key = tuple[str, str]
"""Who was measured (`home`, `floor`, …), and what of it (`cpu`, `bytes`, …)."""


class Samples:
    """Every single value, by who and what, in the order of the rounds."""

    def __init__(self) -> None:
        """Begin without a value."""
        self.values: dict[Key, list[float]] = defaultdict(list)

    def add(self, who: str, **measured: float) -> None:
        """Keep what was measured of somebody in one round."""
        for what, value in measured.items():
            self.values[who, what].append(value)

    def median(self, key: Key) -> float | None:
        """Return the middle of all values, None without one."""
        found = self.values.get(key)
        return median(found) if found else None

    def ratio(self, ours: Key, beside: Key) -> float | None:
        """Return the middle of the ratios within each round; of the middles if rounds differ."""
        one, other = self.values.get(ours, []), self.values.get(beside, [])
        if not one or not other or not median(other):
            return None
        if len(one) != len(other) or not all(other):
            return median(one) / median(other)
        return median(each / base for each, base in zip(one, other, strict=True))

    def worst(self, key: Key, share: float) -> float | None:
        """Return the value that `share` (0 to 1) of all values do not exceed, None without one."""
        found = self.values.get(key)
        if not found:
            return None
        cuts = quantiles(found, n=100, method="inclusive") if len(found) > 1 else found * 99
        return cuts[round(share * 100) - 1]


class Bar(Struct, frozen=True):
    """One bar: the measured value must not exceed `limit`, or with `least` not fall below it.

    beside: what the value is divided by, none for a value of its own; part: which share of all
    values must hold (0.5: the median); unit: "×" for a ratio, else what is counted.
    """

    what: str
    limit: float
    unit: str
    ours: Key
    beside: Key | None = None
    least: bool = False
    part: float = 0.5


class Outcome(Struct, frozen=True):
    """How a bar was met; value and holds are None where nothing could be measured."""

    bar: Bar
    value: float | None
    ours: float | None
    beside: float | None

    @property
    def holds(self) -> bool | None:
        """Say whether the bar is met."""
        if self.value is None:
            return None
        return self.value >= self.bar.limit if self.bar.least else self.value <= self.bar.limit


def judge(samples: Samples, bars: Iterable[Bar]) -> tuple[Outcome, ...]:
    """Return how each bar was met."""
    return tuple(_judge(samples, each) for each in bars)


def _judge(samples: Samples, bar: Bar) -> Outcome:
    ours = samples.worst(bar.ours, bar.part) if bar.part != 0.5 else samples.median(bar.ours)
    if bar.beside is None:
        return Outcome(bar, ours, ours, None)
    return Outcome(bar, samples.ratio(bar.ours, bar.beside), ours, samples.median(bar.beside))


def table(outcomes: Iterable[Outcome]) -> str:
    """Return the bars as a Markdown table."""
    lines = [
        "| what | bar | measured | holds | ours | beside |",
        "|---|---|---|---|---|---|",
    ]
    for each in outcomes:
        bar = each.bar
        sign = "≥" if bar.least else "≤"
        word = {True: "yes", False: "**no**", None: "not measured"}[each.holds]
        named = f" {bar.beside[0]}" if bar.beside and each.beside is not None else ""
        lines.append(
            f"| {bar.what} | {sign} {_number(bar.limit)} {bar.unit} | {_number(each.value)} "
            f"| {word} | {_number(each.ours)} | {_number(each.beside)}{named} |"
        )
    return "\n".join(lines)


def overview(samples: Samples, whats: dict[str, str]) -> str:
    """Return the medians of all that have the first of the figures `whats` (with headings)."""
    people = list(dict.fromkeys(who for who, what in samples.values if what == next(iter(whats))))
    lines = [
        f"| program | {' | '.join(whats.values())} |",
        f"|---|{'---|' * len(whats)}",
    ]
    lines += [
        f"| {who} | {' | '.join(_number(samples.median((who, what))) for what in whats)} |"
        for who in people
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
