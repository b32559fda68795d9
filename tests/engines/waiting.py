"""Waiting for a state, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest


def wait_for(
    reached: Callable[[], object],
    seconds: float,
    what: str,
    words: Callable[[], str] = str,
    every: float = 0.05,
) -> float:
    """Wait until `reached` is true; return how many seconds it took, fail after `seconds`."""
    started = time.monotonic()
    while not reached():
        if time.monotonic() - started > seconds:
            pytest.fail(f"Waited {seconds:g} s for {what}.\n{words()}")
        time.sleep(every)
    return time.monotonic() - started
