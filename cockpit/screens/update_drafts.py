"""Edited updates that are kept until they are sent, and what other channels make of them."""

from __future__ import annotations

from cockpit.domain.stages import STAGES
from cockpit.screens.incident_together import TogetherMixin
from cockpit.widgets.update_choice import Chosen
from cockpit.widgets.update_pane import UpdatePane


def draft_key(inc: str, audience: str, stage: str, channel: str) -> str:
    """Return the key under which an edited text is kept until it is sent."""
    return f"{inc}/update/{audience}/{stage}/{channel}"


class UpdateDraftsMixin(TogetherMixin):
    """Keeps what is typed, by stage, audience and channel."""

    _update_template: str = ""

    def __init__(self) -> None:
        """Begin without texts that a person wanted from the template."""
        super().__init__()
        self._underived: set[Chosen] = set()

    @property
    def update_pane(self) -> UpdatePane:
        """Return the pane."""
        return self.query_one(UpdatePane)

    def _show_drafts(self, choice: tuple[str, str, str]) -> None:
        _, audience, channel = choice
        offer = self.cockpit.drafts.offer
        self.update_pane.show_drafts(
            {each for each in STAGES if offer(draft_key(self.inc, audience, each, channel))}
        )

    def _draft_key(self, choice: tuple[str, str, str]) -> str:
        stage, audience, channel = choice
        return draft_key(self.inc, audience, stage, channel)

    def _keep_draft(self, text: str) -> None:
        choice = self.update_pane.chosen
        if not choice[0]:
            return
        keeper = self.cockpit.drafts
        if text and text != self._update_template:
            keeper.note(self._draft_key(choice), text)
        else:
            keeper.clear(self._draft_key(choice))

    def _derive_draft(self, choice: Chosen) -> str:
        """Return what a person wrote for the usual channel, made fit for this one; or nothing."""
        from cockpit.domain.derived_text import derive
        from cockpit.domain.promise import promised_time
        from cockpit.service.updates import usual_channel

        stage, audience, channel = choice
        playbook, now = self.cockpit.playbook, self.cockpit.clock()
        usual = usual_channel(playbook, audience).id
        if channel == usual or choice in self._underived:
            return ""
        own = self.cockpit.drafts.offer(draft_key(self.inc, audience, stage, usual))
        if not own:
            return ""
        to = playbook.channel(channel)
        link = "" if to.primary else playbook.status_page
        return derive(own, to, link=link, next_at=promised_time(own, now), now=now)
