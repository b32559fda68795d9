"""What every command needs, opened only when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cockpit.config import Config, find_zone, load_config
from cockpit.paths import Paths, find_paths

if TYPE_CHECKING:
    from cockpit.service.session import Clock, Session

CONTEXT_SETTINGS: Mapping[str, Any] = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
}
"""How every command is read and helped; click keeps the help option of the first context."""

_REFERENCE_WORD = re.compile(r"([A-Za-z][A-Za-z0-9]*)-?\d{1,9}(-\w{3,26})?")


class Shell:
    """One run of the program: its environment, places, settings and, once needed, its session."""

    def __init__(self, environ: Mapping[str, str], flags: Mapping[str, Any]) -> None:
        """Keep the environment and the settings given as flags."""
        self.environ = environ
        self._flags = flags
        self._session: Session | None = None

    @cached_property
    def paths(self) -> Paths:
        """Return where everything is kept."""
        return find_paths(self.environ)

    @cached_property
    def config(self) -> Config:
        """Return the settings."""
        return load_config(self.paths, self.environ, self._flags)

    def read_again(self) -> None:
        """Forget the settings that were read, because their file has changed."""
        self.__dict__.pop("config", None)

    @cached_property
    def zone(self) -> tzinfo:
        """Return the zone that times are read and shown in."""
        return find_zone(self.config.zone)

    @property
    def session(self) -> Session:
        """Return the session, opening the database the first time."""
        if self._session is None:
            from cockpit.service.session import open_session

            self._session = open_session(self.paths, self.config, clock=self.clock)
        return self._session

    @property
    def clock(self) -> Clock:
        """Return the clock that counts here: in the home of a drill its own."""
        if self.paths.drill_file.is_file():
            from cockpit.service.drill_state import clock_for

            return clock_for(self.paths)
        from cockpit.service.session import wall_clock

        return wall_clock

    def refuse_readonly(self) -> None:
        """Raise ReadOnlyError at once where a command would ask or touch files before it writes."""
        if self.config.readonly:
            from cockpit.errors import ReadOnlyError

            raise ReadOnlyError

    def close(self) -> None:
        """Close the session if one was opened."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def now(self) -> datetime:
        """Return the session's time."""
        return self.session.clock()

    def when(self, text: str | None) -> datetime | None:
        """Return the time that `--at` means, None when it was not given."""
        if text is None:
            return None
        from cockpit.domain.times import check_plausible, parse_when

        return check_plausible(parse_when(text, self.now(), self.zone), self.now())

    def find(self, name: str | None) -> str:
        """Return the id of the incident called `name`, or of the only open one."""
        from cockpit.service import incidents

        return incidents.find(self.session, name)

    def split(self, option: str | None, words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """Return the incident's id and the words that remain when a first reference is taken off.

        option: the value of --incident; with it no word is taken for a reference.
        """
        words = tuple(words)
        if option is not None or not words or not self.is_reference(words[0]):
            return self.find(option), words
        return self.find(words[0]), words[1:]

    def is_reference(self, word: str) -> bool:
        """Say whether a first word names an incident: by our prefix, or by one that exists."""
        found = _REFERENCE_WORD.fullmatch(word)
        if found is None:
            return False
        from cockpit.domain.reference import parse_reference

        # What exists is asked first: the playbook takes longer to read than an entry to write.
        parsed = parse_reference(word)
        if parsed is not None and self.session.reads.find(parsed.prefix, parsed.number):
            return True
        return found[1].upper() == self.session.playbook.reference_prefix.upper()
