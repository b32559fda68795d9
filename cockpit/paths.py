"""Where everything is kept, and how to keep it private: directories 0700, files 0600.

`COCKPIT_HOME` puts everything under one directory; without it the platform's usual places count.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from cockpit.errors import CockpitError

APP_NAME = "incident-cockpit"
DIRECTORY_MODE = 0o700
FILE_MODE = 0o600


class Paths(Struct, frozen=True):
    """The places of one person's cockpit; both directories are absolute."""

    data_dir: Path
    config_dir: Path

    @property
    def database(self) -> Path:
        """Return the database file."""
        return self.data_dir / "cockpit.db"

    @property
    def drafts(self) -> Path:
        """Return the directory of texts that were not sent or entered yet."""
        return self.data_dir / "drafts"

    @property
    def backups(self) -> Path:
        """Return the directory of database backups."""
        return self.data_dir / "backups"

    @property
    def exports(self) -> Path:
        """Return the directory that exports go to when none is named."""
        return self.data_dir / "exports"

    @property
    def drills(self) -> Path:
        """Return the directory that holds a home of its own for each drill."""
        return self.data_dir / "drills"

    @property
    def drill_file(self) -> Path:
        """Return the file that makes this the home of one drill, which has a clock of its own."""
        return self.data_dir / "drill.json"

    @property
    def secrets(self) -> Path:
        """Return the directory of tokens and keys, made only where no keyring keeps them."""
        return self.data_dir / "secrets"

    @property
    def last_update(self) -> Path:
        """Return the file that always holds the text copied last."""
        return self.data_dir / "last-update.txt"

    @property
    def playbook(self) -> Path:
        """Return the user's playbook, whose keys win over the default's."""
        return self.config_dir / "playbook.toml"

    @property
    def directory(self) -> Path:
        """Return the team's directory of stakeholders, whose people win over the playbook's."""
        return self.config_dir / "directory.toml"

    @property
    def templates(self) -> Path:
        """Return the directory of the user's templates."""
        return self.config_dir / "templates"

    @property
    def scenarios(self) -> Path:
        """Return the directory of the team's own scenarios of drills."""
        return self.config_dir / "scenarios"

    @property
    def config_file(self) -> Path:
        """Return the user's settings."""
        return self.config_dir / "config.toml"

    def create(self) -> None:
        """Create the directories that are written to, each 0700 whatever the umask."""
        for directory in (
            self.data_dir,
            self.config_dir,
            self.drafts,
            self.backups,
            self.exports,
        ):
            create_private_directory(directory)


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Return the places that `environ` asks for; nothing is created."""
    home = environ.get("COCKPIT_HOME", "").strip()
    if home:
        directory = Path(home).expanduser().absolute()
        return Paths(directory, directory)
    import platformdirs

    return Paths(
        platformdirs.user_data_path(APP_NAME, appauthor=False),
        platformdirs.user_config_path(APP_NAME, appauthor=False),
    )


def create_private_directory(directory: Path) -> None:
    """Create `directory` and its missing parents 0700; one that exists is left as it is."""
    missing = []
    place = directory
    while not place.exists():
        missing.append(place)
        place = place.parent
    try:
        for each in reversed(missing):
            each.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
            each.chmod(DIRECTORY_MODE)
        if not directory.is_dir():
            raise NotADirectoryError(None, "it is a file, not a directory")
    except OSError as error:
        raise CockpitError(
            f"The directory {directory} cannot be used: {error.strerror}.",
            "Set COCKPIT_HOME to a directory that you may write to.",
        ) from error


def write_private(path: Path, text: str) -> None:
    """Replace the file at `path` by `text` in one step, 0600; raises OSError."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), FILE_MODE)
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
