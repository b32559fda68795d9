"""Search in everything, from home: what was found, and the way into it."""

from __future__ import annotations

from abc import abstractmethod

from textual import on, work
from textual.widgets import Input

from cockpit.domain.search_words import split_terms
from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.service import incidents
from cockpit.widgets.hit_list import Hit, HitList


class SearchMixin(CockpitScreen[None]):
    """Takes the filter's words for a search in everything, once enter is pressed."""

    _searched: str = ""

    @abstractmethod
    def action_back(self) -> None:
        """Clear the search, then the filter."""

    @on(Input.Submitted, "#words")
    @work(exclusive=True, group="search")
    async def _search(self, event: Input.Submitted) -> None:
        words = event.value.strip()
        if not words:
            self.action_back()
            return
        try:
            found = await self.cockpit.fetch(lambda session: incidents.search(session, words))
            inside = not found
            if inside:
                found = await self.cockpit.fetch(
                    lambda session: incidents.search_inside(session, words)
                )
        except CockpitError as error:
            self.tell_error(error)
            return
        if not found:
            self.cockpit.notice(f"Nothing contains “{words}”.")
            return
        if inside:
            self.cockpit.notice(f"No word begins with “{words}”; it stands inside these.")
        hits = [
            Hit(each.inc, each.ref, each.title, each.where, each.snippet, each.entry_id, each.at)
            for each in found
        ]
        # What was found inside words is no filter for the entries, which goes by words.
        self._searched = "" if inside else words
        shown = self.query_one(HitList)
        shown.show_hits(hits, (words,) if inside else split_terms(words))
        self.add_class("-hits")
        shown.focus()

    @on(HitList.Chosen, "#hits")
    def _hit_chosen(self, event: HitList.Chosen) -> None:
        hit = self.query_one(HitList).items[event.index]
        is_entry = hit.where in ("entry", "update")
        self.cockpit.open_incident(hit.inc, self._searched if is_entry else "", hit.entry_id)
