"""What `doctor` and `config check` look at, one finding each."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from cockpit.cli.shell import Shell
from cockpit.errors import CockpitError, DamagedDatabaseError, ForeignDatabaseError


class Finding(Struct, frozen=True):
    """One thing that was looked at; `hint` says how to go on when it is not right."""

    ok: bool
    text: str
    hint: str = ""


def check_versions() -> list[Finding]:
    """Return what is running."""
    import platform

    from cockpit import __version__

    text = f"cockpit {__version__}, Python {platform.python_version()}, {platform.system()}"
    return [Finding(ok=True, text=text)]


def check_files(shell: Shell) -> list[Finding]:
    """Return findings about settings, keys, playbook and templates."""
    return [
        _attempt(f"config: {shell.paths.config_file}", lambda: _check_settings(shell)),
        _attempt(f"playbook: {shell.paths.playbook}", lambda: _check_playbook(shell)),
        _attempt(f"directory: {shell.paths.directory}", lambda: _check_directory(shell)),
        _attempt(f"templates: {shell.paths.templates}", lambda: _check_templates(shell)),
    ]


def check_places(shell: Shell) -> list[Finding]:
    """Return findings about directories and files that others may read."""
    findings = []
    paths = shell.paths
    for path in dict.fromkeys((paths.data_dir, paths.config_dir, paths.database)):
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        others = bool(mode & 0o077)
        hint = f"chmod {'700' if path.is_dir() else '600'} {path}" if others else ""
        words = "others may look into it" if others else "private"
        findings.append(Finding(not others, f"{path}: {words} ({mode:04o})", hint))
    free = shutil.disk_usage(_existing(shell.paths.data_dir)).free
    enough = free > 50_000_000
    findings.append(Finding(enough, f"free space: {free // 1_000_000:,} MB"))
    return findings


def check_database(shell: Shell, *, rebuild: bool = False) -> list[Finding]:
    """Return findings about the database, after making its tables anew with `rebuild`."""
    path = shell.paths.database
    if not path.exists() and not path.is_symlink():
        return [Finding(ok=True, text="database: none yet, it is made with the first incident")]
    try:
        store = shell.session.store
        if rebuild:
            store.rebuild()
        problems = [Finding(each.ok, each.text, each.hint) for each in store.check()]
    except CockpitError as error:
        return [Finding(ok=False, text=f"database: {error.message}", hint=_way_on(shell, error))]
    count = shell.session.reads.count()
    words = f"database: {count:,} {'incident' if count == 1 else 'incidents'}, {store.engine_note}"
    return [Finding(ok=True, text=words), *problems]


def _way_on(shell: Shell, error: CockpitError) -> str:
    """Return what to type when the database is damaged or is none; else the error's own hint."""
    if not isinstance(error, DamagedDatabaseError | ForeignDatabaseError):
        return error.hint
    from shlex import quote

    from cockpit.store.backup import SUFFIX

    paths = shell.paths
    away, database = quote(str(paths.data_dir / "damaged")), quote(str(paths.database))
    move = f"mkdir {away} && mv {database}* {away}"
    newest = max(paths.backups.glob(f"cockpit-*{SUFFIX}"), default=None)
    if newest is None:
        return (
            f"cockpit rescue saves what can be read. There is no backup in {paths.backups}. "
            f"To begin anew: {move}"
        )
    return (
        "cockpit rescue saves what can be read. "
        f"Then go on from the last backup: {move} && cockpit restore {quote(str(newest))}"
    )


def check_terminal(shell: Shell) -> list[Finding]:
    """Return findings about the terminal, the editor and the ways to the clipboard."""
    from cockpit.clipboard import hears_osc52, ladder

    environ = shell.environ
    term = environ.get("TERM", "")
    size = shutil.get_terminal_size()
    findings = [
        Finding(
            term not in ("", "dumb"), f"terminal: {term or 'none'}, {size.columns}×{size.lines}"
        ),
        Finding(
            "utf" in (sys.stdout.encoding or "").lower(),
            f"characters: {sys.stdout.encoding}",
            ""
            if "utf" in (sys.stdout.encoding or "").lower()
            else "Set LANG=C.UTF-8 or use --ascii.",
        ),
    ]
    try:
        config = shell.config
    except CockpitError:
        return findings
    editor = config.editor.split()[0]
    found = shutil.which(editor) is not None
    findings.append(Finding(found, f"editor: {config.editor}", "" if found else "Set EDITOR."))
    routes = [rung.name for rung in ladder(environ, config)]
    if hears_osc52(environ):
        routes.append("OSC 52 (no terminal confirms it)")
    routes.append(str(shell.paths.last_update))
    findings.append(
        Finding(ok=True, text=f"clipboard, in this order: {', '.join(dict.fromkeys(routes))}")
    )
    return findings


def _attempt(name: str, check: Callable[[], str]) -> Finding:
    try:
        words = check()
    except CockpitError as error:
        return Finding(ok=False, text=error.message, hint=error.hint)
    except OSError as error:
        return Finding(ok=False, text=f"{name}: {error.strerror}")
    return Finding(ok=True, text=f"{name} ({words})")


def _check_settings(shell: Shell) -> str:
    from cockpit.keymap import check_rebinding

    config = shell.config
    check_rebinding(config.keys)
    words = "read" if shell.paths.config_file.exists() else "not there: defaults hold"
    shared = _check_share(shell)
    return f"{words}; {shared}" if shared else words


def _check_share(shell: Shell) -> str:
    """Return where new incidents go; empty where nothing is shared.

    A database that cannot be opened has a finding of its own.
    """
    from cockpit.service.sync_status import share_words

    try:
        session = shell.session if shell.paths.database.exists() else None
    except CockpitError:
        return ""
    return share_words(session) if session is not None else ""


def _check_playbook(shell: Shell) -> str:
    from cockpit.service.session import read_playbook

    read_playbook(shell.paths, with_directory=False)
    return "read" if shell.paths.playbook.exists() else "not there: the default holds"


def _check_directory(shell: Shell) -> str:
    from cockpit.service.session import read_playbook

    if not shell.paths.directory.exists():
        return "not there: the playbook's people hold"
    before = len(read_playbook(shell.paths, with_directory=False).stakeholders)
    added = len(read_playbook(shell.paths).stakeholders) - before
    return f"read, {added:,} people beside the playbook's"


def _check_templates(shell: Shell) -> str:
    from cockpit.domain.rendering import check_template
    from cockpit.service.template_files import read_templates

    own = len(list(shell.paths.templates.rglob("*.md"))) if shell.paths.templates.is_dir() else 0
    found = read_templates(shell.paths)
    for each in found if own else ():
        check_template(each)
    return f"{len(found)} in all, {own} of yours"


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
