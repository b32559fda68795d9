"""Copying, told truthfully: a ladder of routes, each with a time limit, and always a file.

User's command, then tmux, then the local clipboard's tool, then OSC 52 to the terminal. Whatever
happens the text also stands in a private file; the result names the route that was used.
"""

from __future__ import annotations

import base64
import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from cockpit.config import Config
from cockpit.paths import create_private_directory, write_private

LIMIT_SECONDS = 1.5
OSC_52_MOST_BYTES = 74_994  # what terminals accept at least: 100,000 characters of base64
_SCREEN_CHUNK = 76
_DEAF_TERMINALS = ("", "dumb", "linux", "unknown")
_PYPERCLIP = "import sys, pyperclip; pyperclip.copy(sys.stdin.buffer.read().decode('utf-8'))"


class CopyResult(Struct, frozen=True):
    """What became of a copy.

    route: "command", "tmux", "local", "osc52" or "file"; sentence: for the person; ok: a
    clipboard was reached as far as can be known; certain: a tool confirmed it, so that no advice
    for the other case is needed.
    """

    route: str
    sentence: str
    ok: bool
    certain: bool = False


class Rung(Struct, frozen=True):
    """One command of the ladder; `sentence` is said when it succeeds."""

    route: str
    name: str
    command: tuple[str, ...]
    sentence: str


def copy(
    text: str,
    *,
    environ: Mapping[str, str],
    config: Config,
    last_update: Path,
    write_terminal: Callable[[str], None] | None,
) -> CopyResult:
    """Copy `text` by the first route that works; may take some seconds, so call it in a worker.

    last_update: the file that is written in any case. write_terminal: writes an escape sequence
    to the person's terminal, None when there is none.
    """
    kept = _keep(text, last_update)
    data = text.encode("utf-8", "replace")
    failures: list[str] = []
    for rung in ladder(environ, config):
        failure = _run(rung.command, data, environ)
        if not failure:
            sentence = _join(rung.sentence, failures)
            return CopyResult(rung.route, sentence, ok=True, certain=rung.route != "tmux")
        failures.append(f"{rung.name} failed: {failure}.")
    if write_terminal is not None and hears_osc52(environ):
        failure = _send(data, environ, write_terminal)
        if not failure:
            sentence = _join("Sent to your terminal (OSC 52).", failures)
            return CopyResult("osc52", sentence, ok=True)
        failures.append(failure)
    return CopyResult("file", _join(f"No clipboard was reached. {kept}", failures), ok=False)


def ladder(environ: Mapping[str, str], config: Config) -> tuple[Rung, ...]:
    """Return the commands that would be tried, in order."""
    rungs = []
    own = _split(config.clipboard_command)
    if own:
        rungs.append(Rung("command", own[0], own, f"Copied with {own[0]}."))
    tmux = _which("tmux", environ) if environ.get("TMUX") else ""
    if tmux:
        rungs.append(Rung("tmux", "tmux", (tmux, "load-buffer", "-w", "-"), "Copied with tmux."))
        # Before 3.2 tmux cannot pass it on to the terminal's clipboard.
        rungs.append(
            Rung(
                "tmux",
                "tmux",
                (tmux, "load-buffer", "-"),
                "Copied to the buffer of tmux only: paste with its prefix and ].",
            )
        )
    if is_local(environ):
        rungs += _local_rungs(environ)
    return tuple(rungs)


def is_local(environ: Mapping[str, str]) -> bool:
    """Say whether the person's clipboard is that of this machine."""
    if any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return False
    return sys.platform in ("darwin", "win32") or any(
        environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    )


def hears_osc52(environ: Mapping[str, str]) -> bool:
    """Say whether the terminal may understand OSC 52; most do, none confirms it."""
    return environ.get("TERM", "") not in _DEAF_TERMINALS


def osc52(data: bytes, environ: Mapping[str, str]) -> str:
    """Return the escape sequence that copies `data`, wrapped for the multiplexer in between."""
    plain = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith("tmux"):
        # With set-clipboard on tmux takes the plain form, with allow-passthrough the wrapped one.
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY") or term.startswith("screen"):
        chunks = (plain[at : at + _SCREEN_CHUNK] for at in range(0, len(plain), _SCREEN_CHUNK))
        return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    return plain


def _local_rungs(environ: Mapping[str, str]) -> list[Rung]:
    candidates: list[tuple[str, ...]] = []
    if sys.platform == "darwin":
        candidates.append(("pbcopy",))
    if environ.get("WAYLAND_DISPLAY"):
        candidates.append(("wl-copy",))
    if environ.get("DISPLAY"):
        candidates.append(("xclip", "-selection", "clipboard"))
        candidates.append(("xsel", "--clipboard", "--input"))
    if environ.get("WSL_DISTRO_NAME"):
        candidates.append(("clip.exe",))
    rungs = []
    for name, *arguments in candidates:
        place = _which(name, environ)
        if place:
            rungs.append(Rung("local", name, (place, *arguments), f"Copied with {name}."))
    if not rungs and sys.executable:
        command = (sys.executable, "-P", "-c", _PYPERCLIP)
        rungs.append(Rung("local", "pyperclip", command, "Copied with pyperclip."))
    return rungs


def _split(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:  # an unclosed quotation mark: let the run fail with the whole as its name
        return (command,)


def _which(name: str, environ: Mapping[str, str]) -> str:
    return shutil.which(name, path=environ.get("PATH")) or ""


def _run(command: tuple[str, ...], data: bytes, environ: Mapping[str, str]) -> str:
    """Feed `data` to a command; return why it failed, empty on success.

    Tools such as xclip stay behind with our pipes in hand, so only the process itself is waited
    for, never the end of its output.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or "it cannot be started"
    feeder = threading.Thread(target=_feed, args=(process, data), daemon=True)
    feeder.start()
    try:
        code = process.wait(LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        code = None
    complaint = _read_complaint(process)
    feeder.join(LIMIT_SECONDS)
    if code is None:
        return f"no answer within {LIMIT_SECONDS:g} s"
    return "" if code == 0 else complaint or f"exit code {code}"


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(OSError), process.stdin:
        process.stdin.write(data)


def _read_complaint(process: subprocess.Popen[bytes]) -> str:
    if process.stderr is None:
        return ""
    with process.stderr:
        os.set_blocking(process.stderr.fileno(), False)
        with contextlib.suppress(OSError):
            text = os.read(process.stderr.fileno(), 4096).decode("utf-8", "replace").strip()
            return text.splitlines()[-1][:200].rstrip(".") if text else ""
    return ""


def _send(data: bytes, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    if len(data) > OSC_52_MOST_BYTES:
        return f"At {len(data):,} bytes it is too long for the terminal."
    try:
        write(osc52(data, environ))
    except OSError as error:
        return f"The terminal failed: {error.strerror}."
    return ""


def _keep(text: str, path: Path) -> str:
    from cockpit.errors import CockpitError

    try:
        create_private_directory(path.parent)
        write_private(path, text)
    except (OSError, CockpitError) as error:
        return f"Nor could {path} be written: {error}"
    return f"The text is in {path}."


def _join(sentence: str, failures: list[str]) -> str:
    seen = list(dict.fromkeys(failures))
    return " ".join((sentence, *seen))
