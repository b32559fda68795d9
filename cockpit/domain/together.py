"""What the screens say of the others: how the exchange stands, who is here, and one's role."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.presence import Own, here_words, names_of, others_in
from cockpit.domain.sync_state import Contact, SyncState, WorkspaceState
from cockpit.domain.sync_words import (
    SyncWords,
    find_workspace,
    overall_words,
    role_words,
    sync_words,
)
from cockpit.domain.wire import Presence, Role

_HERE_ONLY = SyncWords("only on this machine")


class Together(Struct, frozen=True):
    """What is said: all of it empty on a machine that shares with nobody.

    here: who else is here, from the longest wording to the shortest; role: where it bounds what
    one may do here; title: of the incident's workspace, empty where it is not shared.
    """

    words: SyncWords = SyncWords()
    here: tuple[str, ...] = ()
    role: str = ""
    title: str = ""
    present: tuple[Presence, ...] = ()

    @property
    def shares(self) -> bool:
        """Say whether there is anything to say."""
        return bool(self.words.text)

    @property
    def reads_only(self) -> bool:
        """Say whether nothing may be written here."""
        return self.role == Role.READER.value


def own_of(each: WorkspaceState | None, dev: str) -> Own:
    """Return who this device is in a workspace."""
    return Own(each.member if each else "", dev)


def known_present(each: WorkspaceState) -> tuple[Presence, ...]:
    """Return who is here; nobody can be known to be while the server does not say so."""
    return each.here if each.contact is Contact.SYNCED else ()


def incident_together(state: SyncState, ws: str, inc: str, dev: str, now_ms: int) -> Together:
    """Return what the screen of an incident says.

    Args:
        state: How the exchange stands.
        ws: The workspace that the incident is shared in, empty for none.
        inc: The incident's id.
        dev: This device, 8 hex digits.
        now_ms: The time in Unix ms.
    """
    if not state.workspaces:
        return Together()
    each = find_workspace(state, ws)
    if each is None:
        return Together(_HERE_ONLY)
    own, present = own_of(each, dev), known_present(each)
    here = here_words(names_of(others_in(present, own, inc), own))
    return Together(sync_words(each, now_ms), here, role_words(each), each.title, present)


def home_together(state: SyncState, dev: str, now_ms: int) -> Together:
    """Return what home says: of all workspaces, and of everybody who is in any of them."""
    names: dict[str, None] = {}
    for each in state.workspaces:
        own = own_of(each, dev)
        names |= dict.fromkeys(names_of(others_in(known_present(each), own), own))
    return Together(overall_words(state, now_ms), here_words(sorted(names)))
