"""A session: one open database with all that services need, passed in and never global."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from cockpit.config import Config
from cockpit.domain.clock import to_ms
from cockpit.domain.envelope import Op
from cockpit.errors import ReaderError
from cockpit.paths import Paths
from cockpit.store.database import NewEvent, Reads, Store
from cockpit.store.drafts import DraftBox, StillDraftBox

if TYPE_CHECKING:
    from cockpit.domain.playbook import Playbook
    from cockpit.domain.templates import Template

Clock = Callable[[], datetime]
RandomHex = Callable[[int], str]


def wall_clock() -> datetime:
    """Return the wall clock's time in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def system_random_hex(count: int) -> str:
    """Return `count` random bytes of the system as hex digits."""
    return os.urandom(count).hex()


class Session:
    """An open database, the playbook, the clock and the author; belongs to one thread."""

    def __init__(
        self,
        store: Store,
        paths: Paths,
        config: Config,
        *,
        clock: Clock,
        random_hex: RandomHex,
        author: str,
    ) -> None:
        """Keep what services need; `random_hex` returns n random bytes as hex digits."""
        self.store = store
        self.paths = paths
        self.config = config
        self.clock = clock
        self.random_hex = random_hex
        self.author = author

    @cached_property
    def playbook(self) -> Playbook:
        """Return the default playbook with the user's keys over it."""
        return read_playbook(self.paths)

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Return the shipped templates, the user's own in place of those with the same id."""
        from cockpit.service.template_files import read_templates

        return read_templates(self.paths)

    @property
    def readonly(self) -> bool:
        """Say whether every write is refused."""
        return self.config.readonly

    @property
    def reads(self) -> Reads:
        """Return the store's reads."""
        return self.store.reads

    @property
    def drafts(self) -> DraftBox:
        """Return the box of unfinished texts."""
        kind = StillDraftBox if self.readonly else DraftBox
        return kind(self.paths.drafts)

    def new_id(self) -> str:
        """Return a fresh id: 32 hex digits of randomness."""
        return self.random_hex(16)

    def new_ids(self, count: int) -> list[str]:
        """Return fresh ids in rising order, so that their index is written from page to page."""
        digits = self.random_hex(16 * count)
        return sorted(digits[start : start + 32] for start in range(0, len(digits), 32))

    def write(self, build: Callable[[Reads], Sequence[NewEvent]]) -> tuple[Op, ...]:
        """Append what `build` returns, in one transaction; returning means it is stored.

        Raises ReaderError where one may only read.
        """

        def build_allowed(reads: Reads) -> Sequence[NewEvent]:
            events = build(reads)
            title = reads.places.bounded(each.inc for each in events)
            if title is not None:
                from cockpit.domain.sync_words import refusal_words

                raise ReaderError(*refusal_words(title))
            return events

        return self.store.write(build_allowed, author=self.author)

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def __enter__(self) -> Session:
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the database."""
        self.close()


def open_session(
    paths: Paths,
    config: Config,
    *,
    clock: Clock = wall_clock,
    random_hex: RandomHex = system_random_hex,
    author: str | None = None,
) -> Session:
    """Open the database at `paths`, creating it and its directory when they are missing.

    With the setting `readonly` nothing is created, and every write raises ReadOnlyError.
    """
    still = config.readonly
    if not still:
        paths.create()
    store = Store.open(
        paths.database,
        now_ms=lambda: to_ms(clock()),
        random_hex=random_hex,
        create=not still,
        readonly=still,
    )
    store.share = share_wish(config.share)
    return Session(
        store, paths, config, clock=clock, random_hex=random_hex, author=author or config.author
    )


def share_wish(setting: str) -> str | None:
    """Return what the setting `share` asks of the store: None for the only team, "" for nothing."""
    wish = setting.strip()
    if wish.casefold() == "auto":
        return None
    return "" if wish.casefold() == "none" else wish


def read_playbook(paths: Paths, *, with_directory: bool = True) -> Playbook:
    """Return the playbook; raises PlaybookError with the user's file, line and nearest key.

    with_directory: with the people of the team's directory among its stakeholders.
    """
    import tomllib

    from cockpit import resources
    from cockpit.domain.playbook_merge import load_playbook, read_toml

    default = tomllib.loads(resources.data_file("playbook.toml"))
    user, name, text = None, str(paths.playbook), ""
    if paths.playbook.exists():
        text = paths.playbook.read_text(encoding="utf-8", errors="replace")
        user = read_toml(text, name)
    playbook = load_playbook(default, user, user_name=name, user_text=text)
    if not with_directory or not paths.directory.exists():
        return playbook
    from cockpit.domain.directory import add_directory

    text = paths.directory.read_text(encoding="utf-8", errors="replace")
    name = str(paths.directory)
    return add_directory(playbook, read_toml(text, name), name, text)
