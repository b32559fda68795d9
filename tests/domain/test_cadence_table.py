"""The default cadence: what published practice asks for, row by row."""

from __future__ import annotations

import tomllib

import pytest

from cockpit.domain.playbook import Playbook
from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.vocabulary import Ring
from cockpit.errors import PlaybookError
from cockpit.resources import data_file

CUSTOMERS = {
    "SEV1": (5, 15, 15, 30),
    "SEV2": (15, 30, 30, 60),
    "SEV3": (60, 60, 60, 60),
    "SEV4": (0, 60, 60, 60),
}
"""First word, investigating, identified, monitoring; SEV4 hears nothing unless it was begun."""


def _playbook(text: str = "") -> Playbook:
    default = tomllib.loads(data_file("playbook.toml"))
    return load_playbook(default, tomllib.loads(text) if text else None, user_text=text)


def _row(severity: str, ring: Ring) -> tuple[int, int, int, int]:
    rule = _playbook().rule(severity, ring)
    if rule is None:
        return (0, 0, 0, 0)
    return (rule.first, rule.investigating, rule.identified, rule.monitoring)


@pytest.mark.parametrize("severity", sorted(CUSTOMERS))
def test_customers(severity: str) -> None:
    assert _row(severity, Ring.CUSTOMERS) == CUSTOMERS[severity]


@pytest.mark.parametrize(("severity", "every"), [("SEV1", 30), ("SEV2", 60), ("SEV3", 60)])
def test_executives(severity: str, every: int) -> None:
    first, *others = _row(severity, Ring.EXECUTIVES)
    assert set(others) == {every}
    assert 0 < first <= every


@pytest.mark.parametrize("severity", ["SEV1", "SEV2", "SEV3"])
def test_support_hears_it_before_customers(severity: str) -> None:
    inside, outside = _row(severity, Ring.SUPPORT), _row(severity, Ring.CUSTOMERS)
    assert all(within < without for within, without in zip(inside, outside, strict=True))


def test_every_slower_step_is_longer_than_the_one_before() -> None:
    settings = _playbook().cadence_settings
    assert settings.slow_down_after == 120
    assert list(settings.slow_down_steps) == sorted(set(settings.slow_down_steps))
    assert settings.customers_at_most in settings.slow_down_steps


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('slow_down_steps = ["30"]', "whole number"),
        ("slow_down_steps = [0]", "from 1 to"),
        ("slow_down_after = -1", "from 0 to"),
    ],
)
def test_a_step_that_cannot_be_is_told(text: str, wanted: str) -> None:
    with pytest.raises(PlaybookError, match=wanted):
        _playbook(f"[cadence_settings]\n{text}\n")
