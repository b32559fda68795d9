"""Past incidents like this one, on the incident screen: a quiet line, a list, and the link."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.past_incident import PastIncident
from cockpit.keymap import find_key, keys_shown
from cockpit.screens.incident_changes import ChangesMixin
from cockpit.service import similar
from cockpit.widgets.postmortem_pane import PostmortemPane

LISTED = 10
"""How many past incidents the list offers."""


class SimilarMixin(ChangesMixin):
    """Says beside the post-mortem whether something like it was seen before."""

    _similar_seen: str = ""

    def action_similar(self) -> None:
        """List past incidents like this one; one can be opened, or linked."""
        self.start_work(self._list_similar(), "similar")

    def on_postmortem_pane_shown(self, event: PostmortemPane.Shown) -> None:
        """Look for past incidents once the pane is seen, and after each change."""
        del event
        seen = self.view.last_op if self.view else ""
        if seen != self._similar_seen:
            self._similar_seen = seen
            self.start_work(self._show_similar(), "similar-line")

    async def _show_similar(self) -> None:
        inc = self.inc
        found = await self.cockpit.fetch(lambda session: similar.like_incident(session, inc))
        key = find_key("incident.similar")
        shown = keys_shown(key, self.cockpit.rebound) if key else []
        pane, words = self.query_one(PostmortemPane), seen_words(found, shown[0] if shown else ":")
        if words != pane.seen_before:
            pane.seen_before = words
            pane.show_words()

    async def _list_similar(self) -> None:
        from cockpit.screens.similar import OPEN, SimilarDialog

        inc, current = self.inc, ""
        links = not self.cockpit.config.readonly
        while True:
            found = await self.cockpit.fetch(
                lambda session: similar.like_incident(session, inc, LISTED)
            )
            if not found:
                self.cockpit.notice("No past incident shares rare words with this one.")
                return
            answer = await self.app.push_screen_wait(
                SimilarDialog(found, links=links, current=current)
            )
            if answer is None:
                return
            what, current = answer
            if what == OPEN:
                self.cockpit.open_incident(current)
                return
            await self._link(next(each for each in found if each.id == current))

    async def _link(self, past: PastIncident) -> None:
        inc, change = self.inc, similar.unlink if past.linked else similar.link
        await self.cockpit.perform(lambda session: change(session, inc, past.id))
        verb = "No longer linked to" if past.linked else "Seen before:"
        self.cockpit.notice(f"{verb} {past.ref}. u takes it back.")
        await self.refresh_view()


def seen_words(found: Sequence[PastIncident], key: str) -> str:
    """Return the quiet line: what it is linked to, or how many are like it, with the key."""
    linked = [each.ref for each in found if each.linked]
    if linked:
        return f"seen before: {', '.join(linked)} ({key})"
    if not found:
        return ""
    return f"{len(found)} like it before ({key})"
