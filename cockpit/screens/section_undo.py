"""Keeps a section's steps of undo beside its draft, and takes them up again after a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cockpit.domain.typing_history import read_history
from cockpit.errors import InvalidInputError
from cockpit.service.drafts import DraftKeeper

if TYPE_CHECKING:
    from cockpit.service.session import Session
    from cockpit.widgets.typed_area import TypedArea

KEPT_FOR = timedelta(days=30)
"""How long steps are kept that nobody adds to: they hold words that were taken out of a text."""

_ENDING = "/undo"


def undo_key(inc: str, section: str) -> str:
    """Return the key under which a section's steps of undo are kept."""
    return f"{inc}/postmortem/{section}{_ENDING}"


def forget_old_steps(session: Session) -> None:
    """Forget the steps of all texts that nobody has changed for a month."""
    session.drafts.forget_unchanged(_ENDING, session.clock() - KEPT_FOR)


def keep_steps(keeper: DraftKeeper, inc: str, section: str, area: TypedArea) -> None:
    """Note the steps that lead back from the text as it is; they are stored within a second."""
    key = undo_key(inc, section)
    keeper.note(key, area.past.dump(key, area.text))


def take_steps(keeper: DraftKeeper, inc: str, section: str, area: TypedArea) -> str:
    """Let undo go on from the steps that were kept; return a sentence when they are of no use."""
    key = undo_key(inc, section)
    kept = keeper.offer(key)
    if not kept:
        return ""
    try:
        area.begin_history(read_history(kept, key, area.text))
    except InvalidInputError as error:
        keeper.clear(key)
        return f"{error.message} Undo begins anew; the text is as it was."
    return ""
