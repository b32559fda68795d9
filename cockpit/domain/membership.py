"""Who may do what in a shared workspace."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member may do; a guest writes in one incident and sees no other."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"
    GUEST = "guest"
