"""Settings: flags over variables over the file, and mistakes told with their place."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cockpit.config import Config, find_zone, hide_password, load_config
from cockpit.errors import PlaybookError
from cockpit.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path)


def write(paths: Paths, text: str) -> None:
    paths.config_file.write_text(text, encoding="utf-8")


def test_defaults_without_a_file(paths: Paths) -> None:
    config = load_config(paths, {"USER": "robin", "EDITOR": "nano"})
    assert config == Config(author="robin", editor="nano")


def test_nobody_and_no_editor_still_work(paths: Paths) -> None:
    config = load_config(paths, {})
    assert config.author == pwd.getpwuid(os.getuid()).pw_name
    assert config.editor == "vi"


def test_flags_win_over_variables_over_the_file(paths: Paths) -> None:
    write(paths, 'author = "file"\nzone = "Europe/Berlin"\ntheme = "day"\nbell = true\n')
    environ = {"COCKPIT_AUTHOR": "variable", "COCKPIT_ZONE": "local", "COCKPIT_BELL": "0"}
    config = load_config(paths, environ, {"author": "flag", "zone": None})
    assert (config.author, config.zone, config.theme) == ("flag", "local", "day")
    assert config.bell is False


def test_empty_variable_counts_as_unset(paths: Paths) -> None:
    write(paths, 'author = "file"\n')
    assert load_config(paths, {"COCKPIT_AUTHOR": ""}).author == "file"


@pytest.mark.parametrize("text", ['[keys]\n"home.quit" = "x"\n', '[keys]\nhome.quit = "x"\n'])
def test_keys_may_be_quoted_or_not(paths: Paths, text: str) -> None:
    write(paths, text)
    assert load_config(paths, {}).keys == {"home.quit": "x"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\nautor = "x"\n', "line 2: “autor” is not a setting. Did you mean “author”?"),
        ("author = 3\n", "line 1: author is wrong: expected text, got a number."),
        ('bell = "yes"\n', "line 1: bell is wrong: expected true or false, got text."),
        ('\n\ntheme = "nigt"\n', "line 3: theme is “nigt”"),
        ('zone = "Europe/Berln"\n', "Did you mean “Europe/Berlin”?"),
        ('zone = "../../etc/passwd"\n', "expected UTC, local or a name"),
        ("author = \n", "this is not TOML"),
        ("[keys]\nhome.quit = 3\n", "line 1: keys is wrong"),
    ],
)
def test_mistakes_name_file_line_and_nearest(paths: Paths, text: str, expected: str) -> None:
    write(paths, text)
    with pytest.raises(PlaybookError) as caught:
        load_config(paths, {})
    assert str(paths.config_file) in str(caught.value)
    assert expected in str(caught.value)


def test_a_wrong_variable_is_named(paths: Paths) -> None:
    with pytest.raises(PlaybookError, match="COCKPIT_MOUSE is “perhaps”"):
        load_config(paths, {"COCKPIT_MOUSE": "perhaps"})
    with pytest.raises(PlaybookError, match="COCKPIT_THEME is “nite”"):
        load_config(paths, {"COCKPIT_THEME": "nite"})


def test_broken_bytes_are_told(paths: Paths) -> None:
    paths.config_file.write_bytes(b'author = "\xff"\n')
    with pytest.raises(PlaybookError, match="cannot be read"):
        load_config(paths, {})


@pytest.mark.parametrize("name", ["UTC", "utc", "local", "Europe/Berlin"])
def test_every_zone_places_a_time(name: str) -> None:
    at = datetime(2026, 11, 21, 9, 10, tzinfo=UTC)
    assert at.astimezone(find_zone(name)) == at


def test_a_wrong_flag_is_named(paths: Paths) -> None:
    with pytest.raises(PlaybookError, match="The command line: --zone is “Mars”"):
        load_config(paths, {}, {"zone": "Mars"})


@pytest.mark.parametrize(
    "url", ["", "http://proxy.example:3128", "socks5://10.0.0.1:1080", "http://me:word@proxy:3128/"]
)
def test_a_proxy_is_a_url(paths: Paths, url: str) -> None:
    write(paths, f'proxy = "{url}"\n')
    assert load_config(paths, {}).proxy == url


@pytest.mark.parametrize(
    "url", ["proxy.example:3128", "file:///etc/passwd", "http://", "http://a b"]
)
def test_what_is_no_proxy_is_refused(paths: Paths, url: str) -> None:
    write(paths, f'zone = "UTC"\nproxy = "{url}"\n')
    with pytest.raises(PlaybookError, match="line 2: proxy is wrong: expected a URL"):
        load_config(paths, {})


def test_the_proxy_variables_of_others_are_not_ours(paths: Paths) -> None:
    assert load_config(paths, {"HTTPS_PROXY": "http://proxy:1", "ALL_PROXY": "x"}).proxy == ""


def test_a_password_is_not_shown() -> None:
    assert hide_password("http://me:word@proxy:3128") == "http://***@proxy:3128"
    assert hide_password("http://proxy:3128") == "http://proxy:3128"
