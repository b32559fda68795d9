"""Bars are judged by ratios within a round, and say plainly what does not hold."""

from __future__ import annotations

from benchmarks.bars import Bar, Samples, judge, overview, table

FAST = Bar("start", 1.25, "×", ("ours", "cpu"), ("floor", "cpu"))
MANY = Bar("rate", 0.5, "×", ("ours", "rate"), ("floor", "rate"), least=True)
LATE = Bar("late", 100, "ms", ("ours", "late"), part=0.95)
LOST = Bar("peer", 0.5, "×", ("ours", "cpu"), ("peer", "cpu"))


def measured() -> Samples:
    samples = Samples()
    for busy in (1, 10, 1):
        samples.add("floor", cpu=100.0 * busy, rate=10.0)
        samples.add("ours", cpu=120.0 * busy, rate=4.0)
    for late in range(100):
        samples.add("ours", late=float(late))
    return samples


def test_a_busy_round_hits_both_sides_of_a_ratio() -> None:
    fast, many, late, lost = judge(measured(), (FAST, MANY, LATE, LOST))
    assert fast.value == 1.2
    assert fast.holds is True
    assert (many.value, many.holds) == (0.4, False)
    assert late.value is not None
    assert 93 <= late.value <= 96
    assert (lost.value, lost.holds) == (None, None)


def test_rounds_that_differ_in_number_are_compared_by_their_middles() -> None:
    samples = Samples()
    samples.add("floor", cpu=10)
    for value in (10, 20, 90):
        samples.add("ours", cpu=value)
    assert samples.ratio(("ours", "cpu"), ("floor", "cpu")) == 2
    assert samples.ratio(("ours", "cpu"), ("nobody", "cpu")) is None


def test_the_table_says_what_holds() -> None:
    rows = table(judge(measured(), (FAST, MANY, LOST))).splitlines()
    assert rows[2] == "| start | ≤ 1.25 × | 1.2 | yes | 120 | 100 floor |"
    assert "| **no** |" in rows[3]
    assert "| not measured |" in rows[4]


def test_the_overview_names_everybody_once() -> None:
    samples = measured()
    samples.add("another", rate=1)
    rows = overview(samples, {"cpu": "CPU, ms"}).splitlines()
    assert rows[2:] == ["| floor | 100 |", "| ours | 120 |"]
