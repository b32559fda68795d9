"""What the update pane is handed: a text made of a template, or of a person's own words."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cockpit.domain.outgoing import Check
from cockpit.domain.playbook import Channel
from cockpit.domain.update_facts import Variable


class Composed(Protocol):
    """A composed update, as the pane shows it."""

    @property
    def stage(self) -> str:
        """Return the template's stage."""

    @property
    def audience(self) -> str:
        """Return the audience's word."""

    @property
    def channel(self) -> Channel:
        """Return the channel."""

    @property
    def text(self) -> str:
        """Return the text."""

    @property
    def subject(self) -> str:
        """Return the subject, empty for channels without one."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return what is right and wrong with the text."""

    @property
    def next_at(self) -> datetime | None:
        """Return the time that the text promises."""

    @property
    def unfilled(self) -> tuple[str, ...]:
        """Return the names of the variables that the text waits for."""

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Return all variables that the template asks for."""
