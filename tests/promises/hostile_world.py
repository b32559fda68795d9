"""A home in which everything that anybody could type, name or send is hostile to terminals."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime

import pytest

from cockpit.cli import run
from cockpit.config import load_config
from cockpit.domain.clock import format_stamp, to_ms
from cockpit.domain.envelope import Op, Record, encode_body
from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.paths import find_paths
from cockpit.service.session import open_session
from cockpit.store.database import Store

PAYLOADS = {
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "clipboard, closed otherwise": "\x1b]52;c;UFdORUQ=\x1b\\",
    "title": "\x1b]0;PWNMARK\x07",
    "title, closed otherwise": "\x1b]2;PWNMARK\x1b\\",
    "link": "\x1b]8;;https://evil.example/\x07x\x1b]8;;\x07",
    "cleared screen": "\x1b[2J\x1b[97;1H",
    "status report": "\x1b[?6n",
    "device string": '\x1bP$q"p\x1b\\',
    "reset": "\x1bc",
    "one byte CSI": "\x9b97;1H",
    "one byte OSC": "\x9d52;c;UFdORUQ=\x9c",
    "right to left": "\u202edetcefni\u202c",
    "isolated direction": "\u2066x\u2069",
    "no width": "\u200bb\u2060c\ufeff",
    "nul": "\x00",
    "bell": "\x07",
    "backspace": "\x08\x08",
    "carriage return": "safe\rEVIL",
    "delete": "\x7f",
    "feeds": "\x0b\x0c",
    "tags": "\U000e0041\U000e0042",
    "line separators": "\x85b\u2028c\u2029",
    "half a character": "\udcff",
}

_ESCAPES = (b"\x1b]52;c;UFdORUQ=", b"PWNMARK\x07", b"PWNMARK\x1b", b"\x1b]8;;https://evil")
_ACTING = (*_ESCAPES, b"\x1b[97;1H", b"\x1b[?6n", b"\x1bP", b"\x1bc", b"\rEVIL", b"a\x07b")
_OWN_TITLE = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_CONTROLS = re.compile(
    "[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060"
    "\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def leaks(output: bytes) -> list[str]:
    """Return what of the payloads reached a terminal as it stands."""
    found = [repr(each) for each in _ACTING if each in output]
    rest = _OWN_TITLE.sub(b"", output).decode("utf-8", "surrogateescape")
    return found + sorted({ascii(each[0]) for each in _CONTROLS.finditer(rest)})


def one(name: str) -> Callable[[], str]:
    """Return a source of texts that all hold one payload."""
    return lambda: f"a{PAYLOADS[name]}b"


def mixed() -> Callable[[], str]:
    """Return a source of texts with every payload, each text beginning with another."""
    turn = 0
    texts = [text for name, text in PAYLOADS.items() if name != "half a character"]

    def next_text() -> str:
        nonlocal turn
        turn += 1
        place = turn % len(texts)
        return "a" + "b a".join(texts[place:] + texts[:place]) + "b"

    return next_text


def commands(text: Callable[[], str]) -> Iterator[tuple[str, ...]]:
    """Yield the commands that fill the home; the incident to look at is INC-3."""
    yield ("declare", f"Checkout fails {text()}", "--sev", "2")
    yield ("log", "INC-1", f"Checkout fails again {text()}")
    yield ("set", "INC-1", "status", "resolved")
    yield ("declare", f"Gone {text()}", "--sev", "3")
    yield ("delete", "INC-2", "--confirm", "INC-2")
    yield ("declare", f"Checkout fails {text()}", "--sev", "1")
    for field in ("role.commander", "role.comms", "cause", "next", "impact_text"):
        yield ("set", "INC-3", field, text(), "--reason", text())
    yield ("set", "INC-3", "severity", "1", "--reason", text())
    for kind in ("observation", "action", "decision", "evidence", "communication"):
        yield ("log", "INC-3", "--kind", kind, f"{kind} {text()}")
    yield ("ask", "INC-3", f"restart {text()}", "--of", text()[:60])
    yield ("theory", "add", "INC-3", f"the pool {text()}")
    yield ("people", "add", "INC-3", "kim", text(), "--ring", "core", "--power", "high",
           "--interest", "high")  # fmt: skip
    yield ("people", "add", "INC-3", "lee", text(), "--ring", "support", "--power", "low",
           "--interest", "high")  # fmt: skip
    yield ("tell", "INC-3", "kim", "--note", text())
    yield ("component", "INC-3", f"Desk {text()[:60]}", "major_outage", "--reason", text())
    yield ("update", "write", "INC-3", "--sent", "--text", f"We know. {text()}", "--force")
    yield ("promise", "extend", "INC-3", "20", "--reason", text())
    yield ("close", "INC-3", "--waive", f"debt={text()}")
    for section in ("summary", "lessons", "timeline", "impact"):
        yield ("postmortem", "set", "INC-3", section, f"It was ana's fault, obviously. {text()}")
    yield ("postmortem", "action", "INC-3", f"Add a limit {text()}", "--owner", text())
    yield ("set", "INC-3", "pm.owner", text())
    yield ("similar", "INC-3", "--link", "INC-1")


def fill(text: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Fill the home that the environment names; return how many commands were taken."""
    taken = 0
    for words in commands(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            taken += run(words) == 0
    _share(text)
    return taken


def _share(text: Callable[[], str]) -> None:
    """Let INC-3 be shared in a hostile workspace, with values that others gave at once."""
    paths = find_paths(os.environ)
    with open_session(paths, load_config(paths, os.environ)) as session:
        inc = session.reads.find("INC", 3)[0].id
        remote = Remote(
            "5" * 32, "https://sync.invalid", "server", _sound(text()), "me", Role.EDITOR
        )
        session.store.remotes.put(remote)
        session.store.remotes.share(inc, remote.ws)
        _add_rivals(session.store, inc, text)


def _add_rivals(store: Store, inc: str, text: Callable[[], str]) -> None:
    now = datetime.now(UTC)
    bodies = (FieldSet("cause", _sound(text())), EntryAdded(now, _sound(text())))
    records = [
        Record(
            Op(
                *(f"{number:032x}", inc, body.kind),
                format_stamp(to_ms(now) + number, 0, "0000000a"),
                *("0000000a", _sound(text()), encode_body(body)),
            )
        )
        for number, body in enumerate(bodies, 1)
    ]
    records.append(Record(Op("9" * 32, inc, "poll.add", format_stamp(to_ms(now), 1, "0000000a"),
                             "0000000a", _sound(text()), '{"x": 1}', v=3)))  # fmt: skip
    store.append(records)


def _sound(text: str) -> str:
    """Return a text without half characters: no machine can send one."""
    return text.encode("utf-8", "replace").decode()
