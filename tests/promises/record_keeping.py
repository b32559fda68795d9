"""Figures that tests keep for the report: `pytest --junitxml=FILE` writes them down."""

from __future__ import annotations

from typing import Protocol


class Note(Protocol):
    """Keeps a figure of a test (pytest's `record_property`)."""

    def __call__(self, name: str, value: object) -> None:
        """Keep it."""
