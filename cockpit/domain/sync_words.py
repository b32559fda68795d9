"""What is said of the exchange with others: one quiet line, and a few sentences said once."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from cockpit.domain.sync_state import Contact, SyncState, WorkspaceState
from cockpit.domain.times import format_words
from cockpit.domain.visible import make_visible
from cockpit.domain.wire import Role

SKEW_MS = 30_000
"""A clock that is wrong by more is worth a word: entries of two people would change places."""

FAR_MS = 120_000
"""By so much more the time of an update would mislead everybody's countdown."""

_LOUD_AFTER_MS = 60_000
"""A gap of less than a minute is not worth a colour: trains have tunnels."""

_STEADY_CELLS = len("synced 59 s ago")
"""The line keeps this width while the seconds count, so that nothing beside it moves."""

_WEIGHT = (
    Contact.SYNCED,
    Contact.NEVER,
    Contact.OFFLINE,
    Contact.TROUBLED,
    Contact.REFUSED,
)
"""What several workspaces come to is the gravest of them."""

ASK_AGAIN = "ask for a new invite"


class SyncWords(Struct, frozen=True):
    """The line, and whether a person should notice it."""

    text: str = ""
    loud: bool = False


def sync_words(each: WorkspaceState, now_ms: int) -> SyncWords:
    """Return how it stands with a workspace: "synced 4 s ago", "offline 12 min, 7 to send"."""
    waiting = _waiting(each)
    if each.contact is Contact.SYNCED:
        words = f"synced {_ago(now_ms - each.synced_at)} ago"
        return SyncWords(words.ljust(_STEADY_CELLS) if not waiting else f"{words}{waiting}")
    if each.contact is Contact.REFUSED:
        return SyncWords(f"refused: {make_visible(each.words) or ASK_AGAIN}{waiting}", loud=True)
    if each.contact is Contact.NEVER:
        return SyncWords(f"not synced yet{waiting}")
    gap = now_ms - (each.since or each.synced_at or now_ms)
    state = "offline" if each.contact is Contact.OFFLINE else "not synced for"
    return SyncWords(f"{state} {_ago(gap)}{waiting}", loud=gap >= _LOUD_AFTER_MS)


def overall_words(state: SyncState, now_ms: int) -> SyncWords:
    """Return how it stands with all workspaces in one line; empty when nothing is shared."""
    if not state.workspaces:
        return SyncWords()
    worst = max(state.workspaces, key=lambda each: (_WEIGHT.index(each.contact), -each.synced_at))
    words = sync_words(worst, now_ms)
    if worst.contact is Contact.SYNCED or len(state.workspaces) == 1:
        return words
    return SyncWords(f"{make_visible(worst.title) or worst.ws[:6]}: {words.text}", words.loud)


def find_workspace(state: SyncState, ws: str) -> WorkspaceState | None:
    """Return the state of one workspace, None when this machine is in none of that id."""
    return next((each for each in state.workspaces if each.ws == ws), None)


def skew_words(skew_ms: int | None) -> str:
    """Return that this machine's clock is wrong, empty while it is right enough."""
    if skew_ms is None or abs(skew_ms) <= SKEW_MS:
        return ""
    return f"{_clock_words(skew_ms)} Times here are wrong by as much; please set it."


def far_words(skew_ms: int | None) -> str:
    """Return what speaks against sending an update by this machine's clock, empty for nothing."""
    if skew_ms is None or abs(skew_ms) <= FAR_MS:
        return ""
    return f"{_clock_words(skew_ms)} Times in the text come from this clock; please set it."


def _clock_words(skew_ms: int) -> str:
    span = format_words(timedelta(milliseconds=abs(skew_ms)))
    side = "ahead of" if skew_ms > 0 else "behind"
    return f"This machine's clock is {span} {side} the server's."


def trouble_words(state: SyncState) -> str:
    """Return what stood in the way last, in a sentence; empty where nothing did."""
    for each in state.workspaces:
        if each.words and each.contact in (Contact.OFFLINE, Contact.TROUBLED, Contact.REFUSED):
            return make_visible(each.words)
    return ""


def role_words(each: WorkspaceState) -> str:
    """Return the role where it bounds what one may do; empty for owners and editors."""
    return each.role.value if each.role in (Role.READER, Role.GUEST) else ""


def refusal_words(title: str) -> tuple[str, str]:
    """Return the sentence and the hint for a reader who is about to write."""
    return (
        f"You are a reader in “{make_visible(title)}”; nothing was changed.",
        "An owner can invite you as an editor.",
    )


def _waiting(each: WorkspaceState) -> str:
    """Return what is not with the others yet; what is on its way right now is not worth a word."""
    parts = []
    if each.unsent and each.contact is not Contact.SYNCED:
        parts.append(f"{each.unsent:,} to send")
    if each.held:
        parts.append(f"{each.held:,} kept here only")
    return "".join(f", {part}" for part in parts)


def _ago(span_ms: int) -> str:
    """Return a span in its greatest unit: "4 s", "12 min", "3 h", "2 d"."""
    seconds = max(0, span_ms) // 1000
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
