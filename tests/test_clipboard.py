"""Copying tells the truth: the route that worked, within its time limit, and always a file."""

from __future__ import annotations

import base64
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clipboard import CopyResult, copy, ladder, osc52
from cockpit.config import Config

Tools = Callable[[str, str], None]


@pytest.fixture
def bin_dir(tmp_path: Path) -> Path:
    directory = tmp_path / "bin"
    directory.mkdir()
    return directory


@pytest.fixture
def tool(bin_dir: Path) -> Tools:
    """Return a function that puts a shell script in the only directory of the PATH."""

    def make(name: str, script: str) -> None:
        path = bin_dir / name
        path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        path.chmod(0o755)

    return make


@pytest.fixture
def last(tmp_path: Path) -> Path:
    return tmp_path / "home" / "last-update.txt"


@pytest.fixture
def run(bin_dir: Path, last: Path) -> Callable[..., CopyResult]:
    def run_copy(
        text: str = "We are aware.",
        environ: dict[str, str] | None = None,
        command: str = "",
        terminal: list[str] | None = None,
    ) -> CopyResult:
        return copy(
            text,
            environ={"PATH": str(bin_dir), "TERM": "xterm", **(environ or {})},
            config=Config(clipboard_command=command),
            last_update=last,
            write_terminal=None if terminal is None else terminal.append,
        )

    return run_copy


def test_own_command_goes_first(
    run: Callable[..., CopyResult], tool: Tools, tmp_path: Path, last: Path
) -> None:
    tool("mine", f'cat > "{tmp_path}/got-$1"')
    result = run("Grüße", {"TMUX": "x", "DISPLAY": ":0"}, command="mine 'a b'")
    assert result == CopyResult("command", "Copied with mine.", ok=True, certain=True)
    assert (tmp_path / "got-a b").read_text() == "Grüße"
    assert last.read_text() == "Grüße"
    assert stat.S_IMODE(last.stat().st_mode) == 0o600


def test_tmux_is_next(run: Callable[..., CopyResult], tool: Tools) -> None:
    tool("tmux", "cat >/dev/null")
    result = run(environ={"TMUX": "/tmp/x,1,0", "DISPLAY": ":0"})
    assert (result.route, result.sentence) == ("tmux", "Copied with tmux.")


def test_old_tmux_claims_its_buffer_only(run: Callable[..., CopyResult], tool: Tools) -> None:
    tool("tmux", '[ "$2" = - ] || { echo "unknown flag -w" >&2; exit 1; }; cat >/dev/null')
    result = run(environ={"TMUX": "x"})
    assert result.ok
    assert "buffer of tmux only" in result.sentence
    assert "unknown flag -w" in result.sentence


@pytest.mark.parametrize(
    ("name", "environ"),
    [
        ("wl-copy", {"WAYLAND_DISPLAY": "wayland-0"}),
        ("xclip", {"DISPLAY": ":0"}),
        ("xsel", {"DISPLAY": ":0"}),
        ("clip.exe", {"WSL_DISTRO_NAME": "x"}),
    ],
)
def test_local_tool(
    run: Callable[..., CopyResult], tool: Tools, name: str, environ: dict[str, str]
) -> None:
    tool(name, "cat >/dev/null")
    result = run(environ=environ)
    assert (result.route, result.sentence) == ("local", f"Copied with {name}.")


def test_over_ssh_the_local_tool_is_the_wrong_clipboard(
    run: Callable[..., CopyResult], tool: Tools
) -> None:
    tool("xclip", "cat >/dev/null")
    sent: list[str] = []
    result = run(environ={"DISPLAY": ":0", "SSH_CONNECTION": "1"}, terminal=sent)
    assert result.route == "osc52"
    assert not result.certain
    assert sent == [f"\x1b]52;c;{base64.b64encode(b'We are aware.').decode()}\x07"]


def test_a_failing_tool_is_named_and_the_next_one_used(
    run: Callable[..., CopyResult], tool: Tools
) -> None:
    tool("xclip", 'echo "Error: Can\'t open display: :9" >&2; exit 1')
    tool("xsel", "cat >/dev/null")
    result = run(environ={"DISPLAY": ":9"})
    assert result.sentence.startswith("Copied with xsel.")
    assert "Can't open display" in result.sentence


def test_a_hanging_tool_is_ended_with_its_children(
    run: Callable[..., CopyResult], tool: Tools, tmp_path: Path
) -> None:
    tool("mine", f"sleep 60 & echo $! > '{tmp_path}/child'; wait")
    begin = time.monotonic()
    result = run("x" * 1_000_000, command="mine")
    assert time.monotonic() - begin < 30, "it waited for the tool, which takes a minute"
    assert not result.ok
    assert "no answer within" in result.sentence
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 20
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(child)


def test_a_tool_that_stays_behind_does_not_hold_us(
    run: Callable[..., CopyResult], tool: Tools
) -> None:
    tool("xclip", "cat >/dev/null; sleep 20 &")  # as xclip does, with our pipes in hand
    begin = time.monotonic()
    assert run(environ={"DISPLAY": ":0"}).ok
    assert time.monotonic() - begin < 15, "it waited for what stayed behind"


@pytest.mark.parametrize("command", ["no-such-tool", "'unclosed", "false"])
def test_nothing_works_and_says_so(
    run: Callable[..., CopyResult], last: Path, command: str
) -> None:
    result = run(command=command)
    assert (result.route, result.ok) == ("file", False)
    assert str(last) in result.sentence
    assert last.read_text() == "We are aware."


def test_a_file_that_cannot_be_written_is_told(run: Callable[..., CopyResult], last: Path) -> None:
    last.parent.write_text("in the way")
    assert "Nor could" in run().sentence


@pytest.mark.parametrize("term", ["", "dumb", "linux"])
def test_deaf_terminals_get_nothing(run: Callable[..., CopyResult], term: str) -> None:
    sent: list[str] = []
    assert not run(environ={"TERM": term}, terminal=sent).ok
    assert sent == []


def test_too_long_for_a_terminal(run: Callable[..., CopyResult]) -> None:
    sent: list[str] = []
    result = run("x" * 80_000, terminal=sent)
    assert "too long" in result.sentence
    assert sent == []


def test_pyperclip_is_asked_when_no_tool_is_known(bin_dir: Path) -> None:
    rungs = ladder({"PATH": str(bin_dir), "DISPLAY": ":0"}, Config())
    assert [rung.name for rung in rungs] == ["pyperclip"]


@given(data=st.binary(max_size=5_000), term=st.sampled_from(["xterm", "screen", "tmux-256color"]))
def test_escape_sequence_carries_the_text_through_every_wrapping(data: bytes, term: str) -> None:
    sequence = osc52(data, {"TERM": term})
    if term == "screen":
        parts = sequence.split("\x1b\\")
        assert all(part.startswith("\x1bP") for part in parts[:-1])
        assert all(len(part) < 200 for part in parts)
        sequence = "".join(part.removeprefix("\x1bP") for part in parts)
    if term.startswith("tmux"):
        sequence, wrapped = sequence.split("\x1bPtmux;")
        assert wrapped == sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    assert sequence.startswith("\x1b]52;c;")
    assert base64.b64decode(sequence[7:-1]) == data


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")  # one that nobody has reaped yet is dead all the same
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
