"""The post-mortem's owner, meeting and review from the incident screen, and its calendar file."""

from __future__ import annotations

from cockpit.domain.review import REVIEW_STATES
from cockpit.domain.times import format_stamp
from cockpit.domain.view import PostmortemState
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.incident_changes import ChangesMixin
from cockpit.service import reviews

_STATES = {
    "draft": "It is being written.",
    "in review": "Others read it.",
    "reviewed": "Those who were there agree with it.",
    "published": "Everybody can read it.",
}


class ReviewMixin(ChangesMixin):
    """Asks for what a post-mortem needs until it is done."""

    def action_review(self) -> None:
        """Choose what to say of the post-mortem: owner, meeting or state."""
        self.start_work(self._choose_review(), "change")

    def action_calendar(self) -> None:
        """Write the meeting as a calendar file."""
        self.start_work(self._write_calendar(), "export")

    async def _choose_review(self) -> None:
        if self.view is None:
            return
        pm = self.view.postmortem
        zone = self.cockpit.zone
        meeting = format_stamp(pm.meeting_at, zone) if pm.meeting_at else "no date yet"
        choices = [
            Choice("owner", f"Owner: {pm.owner or 'nobody yet'}"),
            Choice("meeting", f"Meeting: {meeting}"),
            Choice("review", f"Review: {_state_words(pm)}"),
        ]
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Post-mortem", choices, ask_reason=False)
        )
        if answer is None:
            return
        await {"owner": self._ask_owner, "meeting": self._ask_meeting, "review": self._ask_state}[
            answer[0]
        ](pm)

    async def _ask_owner(self, pm: PostmortemState) -> None:
        dialog = TextDialog("Who owns the post-mortem?", "Name", pm.owner)
        name = await self.app.push_screen_wait(dialog)
        if name is not None and name.strip() != pm.owner:
            await self.change_field("pm.owner", name)

    async def _ask_meeting(self, pm: PostmortemState) -> None:
        at = f"{pm.meeting_at:%Y-%m-%d %H:%M}" if pm.meeting_at else ""
        when = await self.app.push_screen_wait(
            TextDialog("When is the post-mortem meeting?", "2026-12-01 10:00 (UTC), or +3d", at)
        )
        if when is not None and when.strip() != at:
            await self.change_field("pm.meeting_at", when)

    async def _ask_state(self, pm: PostmortemState) -> None:
        choices = [Choice(each, each.capitalize(), _STATES[each]) for each in REVIEW_STATES]
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Review of the post-mortem", choices, current=pm.review)
        )
        if answer is None:
            return
        state, reason = answer
        names = ""
        if state == "reviewed":
            first = pm.reviewed_by or self.cockpit.config.author
            typed = await self.app.push_screen_wait(TextDialog("Who reviewed it?", "Names", first))
            if typed is None:
                return
            names = typed
        inc = self.inc
        await self.cockpit.perform(
            lambda session: reviews.set_review(session, inc, state, by=names, reason=reason)
        )
        self.cockpit.notice(f"Review: {state}. u takes it back.")
        await self.refresh_view()

    async def _write_calendar(self) -> None:
        inc = self.inc
        path = await self.cockpit.perform(lambda session: reviews.write_file(session, inc))
        self.cockpit.notice(f"Written to {path}")


def _state_words(pm: PostmortemState) -> str:
    return f"{pm.review}, reviewed by {pm.reviewed_by}" if pm.reviewed_by else pm.review
