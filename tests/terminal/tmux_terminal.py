"""The real program in a real terminal: tmux takes keys in and shows what is drawn."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

SECONDS = 40.0
"""How long a text may take to appear; machines that run tests are busy."""

_POLL_SECONDS = 0.05

_SETTINGS = """
set -g status off
set -g remain-on-exit on
set -g default-terminal screen-256color
set -g default-shell /bin/sh
set -s escape-time 0
set -s set-clipboard on
"""
"""Programs in the pane may set the clipboard: else no test would notice one that does."""


class Terminal:
    """One tmux server with one pane, of its own and without anybody's settings."""

    def __init__(self, directory: Path, home: Path, width: int, height: int) -> None:
        """Take the directory of its socket and the cockpit's home; size in cells."""
        self.socket = directory / "tmux.sock"
        self._settings = directory / "tmux.conf"
        self._settings.write_text(_SETTINGS)
        self.home = home
        self.size = (width, height)
        self._server: psutil.Process | None = None
        self._environ = {
            name: value
            for name, value in os.environ.items()
            if name not in ("TMUX", "TMUX_PANE", "COLUMNS", "LINES", "NO_COLOR")
            and not name.startswith("SSH_")
        }
        self._environ |= {
            "COCKPIT_HOME": str(home),
            "COCKPIT_AUTHOR": "ops",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def use(self, **environ: str) -> None:
        """Set variables of the environment for what is started from now on."""
        self._environ |= environ

    def start(self, *arguments: str) -> None:
        """Start the cockpit in the pane, in place of what was there."""
        self.run(sys.executable, "-m", "cockpit", *arguments)

    def show(self, *command: str) -> str:
        """Run a command to its end in the pane and return the screen."""
        # The pane must live on: what a program wrote last is lost when its terminal goes with it.
        self.run("sh", "-c", '"$@"; printf "\\n(%s)\\n" over; exec sleep 1000', "sh", *command)
        return self.wait_for("(over)")

    def run(self, *command: str) -> None:
        """Start a program in the pane, in place of what was there; it stays when it ends."""
        program = f"exec {shlex.join(command)}"
        if self.socket.exists():
            self.tmux("respawn-pane", "-k", program)
            return
        width, height = map(str, self.size)
        self.tmux("new-session", "-d", "-x", width, "-y", height, program)
        self._server = psutil.Process(int(self.tmux("display-message", "-p", "#{pid}")))

    def tmux(self, *arguments: str) -> str:
        """Run one tmux command and return what it prints."""
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self.socket), "-f", str(self._settings), *arguments],
            env=self._environ,
            capture_output=True,
            check=True,
            timeout=30,
        )
        return done.stdout.decode("utf-8", "replace")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, such as Enter, Escape, C-q, F4."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self.tmux("send-keys", "-l", "--", text)

    def screen(self) -> str:
        """Return what is on the screen now."""
        return self.tmux("capture-pane", "-p")

    def wait_for(self, *texts: str, seconds: float = SECONDS) -> str:
        """Return the screen once it shows all the texts."""
        return self._wait(lambda screen: all(text in screen for text in texts), texts, seconds)

    def wait_gone(self, *texts: str, seconds: float = SECONDS) -> str:
        """Return the screen once it shows none of the texts."""
        return self._wait(lambda screen: not any(text in screen for text in texts), texts, seconds)

    def _wait(self, accept: Callable[[str], bool], texts: tuple[str, ...], seconds: float) -> str:
        last = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if accept(screen):
                return screen
            if time.monotonic() > last:
                raise AssertionError(f"after {seconds:g} s {texts} on:\n{screen}")
            time.sleep(_POLL_SECONDS)

    def buffer(self) -> str:
        """Return what was copied last, empty if nothing was."""
        if not self.tmux("list-buffers"):
            return ""
        return self.tmux("show-buffer")

    def title(self) -> str:
        """Return the pane's title, which a terminal sequence could change."""
        return self.tmux("display-message", "-p", "#{pane_title}").strip()

    @property
    def pid(self) -> int:
        """Return the program's process id."""
        return int(self.tmux("display-message", "-p", "#{pane_pid}"))

    def is_over(self) -> bool:
        """Say whether the program has ended."""
        return self.tmux("display-message", "-p", "#{pane_dead}").strip() == "1"

    def wait_over(self, seconds: float = SECONDS) -> None:
        """Return once the program has ended."""
        last = time.monotonic() + seconds
        while not self.is_over():
            assert time.monotonic() < last, self.screen()
            time.sleep(_POLL_SECONDS)

    def kill(self) -> None:
        """End the program at once, as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait_over()

    def cockpit(self, *arguments: str, check: bool = True) -> str:
        """Run a command of the command line beside the app and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "cockpit", *arguments],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        if check and done.returncode:
            raise AssertionError(done.stderr.decode("utf-8", "replace"))
        return done.stdout.decode("utf-8", "replace")

    def close(self) -> None:
        """End the server and all in it, by force where it does not answer."""
        with suppress(subprocess.SubprocessError):
            if self.socket.exists():
                self.tmux("kill-server")
        with suppress(psutil.NoSuchProcess):
            if self._server is not None:
                for each in (*self._server.children(recursive=True), self._server):
                    each.kill()
