"""The user's settings: flags win over `COCKPIT_*` variables, and these over `config.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cockpit.errors import PlaybookError
from cockpit.paths import Paths

THEMES = ("auto", "night", "day", "contrast", "sixteen")
SHARES = ("auto", "none")
"""What `share` may say in place of a workspace: the only one of a team that there is, or none."""

_PROXY = re.compile(r"(https?|socks5h?)://[^\s/@]+(:[^\s/@]*)?(@[^\s/@]+)?/?")
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off", "")


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person may set.

    author: your name as colleagues know it; theme: a word of `THEMES`; zone: "UTC", "local" or a
    name such as "Europe/Berlin", in which times are shown first; bell: sound when an update is
    overdue; terminal_title: name the most urgent update in the terminal's title;
    clipboard_command: a command that reads the text on standard input; editor: instead of $VISUAL
    and $EDITOR; ascii: draw with plain characters; mouse: use the mouse; readonly: change nothing;
    share: title or id of the workspace that new incidents are shared in, a word of `SHARES`;
    proxy: URL of the proxy to the server, "" for none, whatever the environment says; ca_file: a
    file of certificate authorities to trust beside the system's; keys: action id to keys, several
    separated by commas.
    """

    author: str = ""
    theme: str = "auto"
    zone: str = "UTC"
    bell: bool = False
    terminal_title: bool = False
    clipboard_command: str = ""
    editor: str = ""
    ascii: bool = False
    mouse: bool = True
    readonly: bool = False
    share: str = "auto"
    proxy: str = ""
    ca_file: str = ""
    keys: dict[str, str] = {}


def load_config(
    paths: Paths, environ: Mapping[str, str], flags: Mapping[str, Any] | None = None
) -> Config:
    """Return the settings; raises PlaybookError with file, line and the nearest known key.

    flags: settings given on the command line, None for those that were not.
    """
    values = _read_file(paths.config_file)
    values |= _read_environment(environ)
    for key, value in (flags or {}).items():
        if value is not None:
            _check_value(key, value, "The command line", f"--{key}")
            values[key] = value
    config = msgspec.convert(values, Config)
    return msgspec.structs.replace(
        config,
        author=config.author or environ.get("LOGNAME") or environ.get("USER") or _account_name(),
        editor=config.editor or environ.get("VISUAL") or environ.get("EDITOR") or "vi",
    )


def _account_name() -> str:
    """Return the name of the account that runs this, where nothing else names the person."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "someone"


def check_config(text: str, name: str) -> dict[str, Any]:
    """Return the settings in the TOML `text` of the file `name`; raises PlaybookError."""
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlaybookError(f"{name}: this is not TOML: {error}.") from error
    if isinstance(values.get("keys"), dict):
        values["keys"] = _flatten(values["keys"])
    for key, value in values.items():
        _check_value(key, value, f"{name}, line {find_line(text, key)}", key)
    return values


def _flatten(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return `home.quit = "q"` under one key, whether its name was quoted or not."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= (
            _flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
        )
    return flat


def find_line(text: str, key: str) -> int:
    """Return the number of the line of a TOML `text` that sets or opens `key`, from 1."""
    word = re.escape(key)
    pattern = re.compile(rf"""^\s*(\[+\s*)?["']?{word}["']?\s*(=|\.|\])""")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)


def find_zone(name: str) -> tzinfo:
    """Return the zone that a checked setting names: "UTC", "local" or a name of the zone table."""
    if name.lower() == "utc":
        return UTC
    from zoneinfo import ZoneInfo

    if name.lower() != "local":
        return ZoneInfo(name)
    # The system's zone with its whole history, so that past times are right too.
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, key="local")
    except (OSError, ValueError):
        return datetime.now(UTC).astimezone().tzinfo or UTC


def hide_password(url: str) -> str:
    """Return a proxy's URL as it may be shown."""
    return re.sub(r"//[^/@]*@", "//***@", url)


def variable_name(key: str) -> str:
    """Return the environment variable that sets `key`."""
    return f"COCKPIT_{key.upper()}"


def _read_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise PlaybookError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PlaybookError(f"{path} cannot be read: it is not UTF-8: {error}.") from error
    return check_config(text, str(path))


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Config):
        name = variable_name(field.name)
        if name not in environ or field.name == "keys":
            continue
        value: Any = environ[name]
        if field.type is bool:
            value = _read_switch(name, value)
        elif not value:
            continue
        _check_value(field.name, value, "The environment", name)
        values[field.name] = value
    return values


def _read_switch(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise PlaybookError(f"The environment: {name} is “{text}”; expected 1 or 0.")


def _check_value(key: str, value: Any, where: str, shown: str) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(Config)}
    if key not in fields:
        message = f"{where}: “{key}” is not a setting."
        raise _mistake(message, key, fields)
    try:
        msgspec.convert(value, fields[key].type, strict=True)
    except msgspec.ValidationError as error:
        raise PlaybookError(f"{where}: {shown} is wrong: {_plain(error)}.") from error
    if key == "theme" and value not in THEMES:
        words = f"{', '.join(THEMES[:-1])} or {THEMES[-1]}"
        raise _mistake(f"{where}: {shown} is “{value}”; expected {words}.", value, THEMES)
    if key == "zone":
        _check_zone(value, where, shown)
    if key == "proxy" and value and not _PROXY.fullmatch(value):
        raise PlaybookError(
            f"{where}: {shown} is wrong: expected a URL such as http://proxy.example:3128."
        )


def _mistake(message: str, word: str, choices: Iterable[str]) -> PlaybookError:
    from cockpit.domain.nearest import nearest

    near = nearest(word, tuple(choices))
    return PlaybookError(message, f"Did you mean “{near}”?" if near else "")


def _plain(error: msgspec.ValidationError) -> str:
    text = str(error)
    for name, plain in (("`str`", "text"), ("`bool`", "true or false"), ("`int`", "a number")):
        text = text.replace(name, plain)
    return text.replace("Expected", "expected").replace("`", "")


def _check_zone(value: str, where: str, shown: str) -> None:
    if value.lower() in ("utc", "local"):
        return
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        words = "expected UTC, local or a name like Europe/Berlin"
        known = ("UTC", "local", *sorted(zoneinfo.available_timezones()))
        raise _mistake(f"{where}: {shown} is “{value}”; {words}.", value, known) from error
