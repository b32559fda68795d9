"""Whatever happens to three machines and their server, in the end all have everything, alike."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.backends import Backend, ModelBackend, RealBackend
from tests.sync.team_machine import TeamMachine


def run(backend: type[Backend], examples: int, part: int = 0, steps: int = 30) -> None:
    """Run the team against a kind of server; each part does other things."""
    machine = seed(part)(type("Team", (TeamMachine,), {"backend_type": backend}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("part", range(3))
def test_all_agree_in_the_end(part: int) -> None:
    run(ModelBackend, 100, part)


def test_all_agree_in_the_end_with_the_real_server() -> None:
    run(RealBackend, 30)


@pytest.mark.slow(80)
@pytest.mark.parametrize("part", range(3, 8))
def test_all_agree_in_the_end_very_often(part: int) -> None:
    """3,000 stories in all, in parts that can be told side by side."""
    run(ModelBackend, 600, part)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(1, 3))
def test_all_agree_in_the_end_very_often_with_the_real_server(part: int) -> None:
    run(RealBackend, 150, part)
