"""Says where figures come from: wall times of a busy machine are worthless, and one has to know."""

from __future__ import annotations

import os
import platform


def load() -> float:
    """Return how many processes wanted a processor over the last minute."""
    return os.getloadavg()[0]


def describe_machine(load_before: float) -> str:
    """Return the machine in words, with its load before and now."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, load "
        f"{load_before:.1f} before and {load():.1f} after; Python {platform.python_version()}"
    )
