"""Working on one incident with others: who is here, who writes, what one may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from cockpit.domain.clock import to_ms
from cockpit.domain.presence import (
    ELSEWHERE,
    Own,
    find_writer,
    gives_way,
    names_of,
    others_in,
    person_words,
    section_doing,
    update_doing,
    writer_words,
)
from cockpit.domain.sync_state import Contact, WorkspaceState
from cockpit.domain.sync_words import far_words, find_workspace, refusal_words
from cockpit.domain.times import format_clock
from cockpit.domain.together import Together, incident_together, own_of
from cockpit.domain.view import OutgoingMessage
from cockpit.domain.vocabulary import MessageState
from cockpit.domain.wire import Presence, Role
from cockpit.keymap import find_key, keys_shown
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.widgets.entry_line import EntryLine
from cockpit.widgets.incident_layout import IncidentBody
from cockpit.widgets.postmortem_pane import PostmortemPane
from cockpit.widgets.sync_line import SyncLine
from cockpit.widgets.update_pane import UpdatePane
from cockpit.widgets.writing_pane import WritingPane

_REST = timedelta(minutes=2)
"""How long a text stays claimed after its writer left it: they may be about to send it."""

_RECENT = timedelta(minutes=5)
"""Within this time an update of somebody else is asked about before another one is recorded."""


class TogetherMixin(IncidentPanes):
    """Says what others do here, and tells them what is done here."""

    place: str = ""
    together: Together = Together()
    _doing: str = ""
    _silent = False
    _rested_at: datetime | None = None
    _began_at: datetime | None = None

    # What is said

    def show_together(self, now: datetime) -> None:
        """Draw how it stands with the others; what did not change is not drawn."""
        live = self.cockpit.live
        self.together = incident_together(live.state, self.place, self.inc, live.device, to_ms(now))
        self.query_one(SyncLine).show(self.together)
        self.query_one(EntryLine).take_entries(allowed=not self.together.reads_only)
        body = self.query_one(IncidentBody)
        if body.wish.shares != self.together.shares:
            body.wish = replace(body.wish, shares=self.together.shares)
        self._rest(now)
        self._show_writers()

    def sync_moved(self) -> None:
        """Show who is here now, and give way to who took over."""
        if self.view is None or not self.is_mounted:
            return
        self._give_way()
        self.show_time(self.cockpit.clock())

    def show_time(self, now: datetime) -> None:
        """Draw what depends on the time."""

    async def read_place(self) -> None:
        """Learn in which workspace the incident is shared."""
        if not self.cockpit.live.state.workspaces:
            return
        inc = self.inc
        place = await self.cockpit.fetch(lambda session: session.reads.places.of(inc))
        if place != self.place:
            self.place = place
            self._tell(self._doing)

    def refuse_reader(self) -> bool:
        """Say before anything is typed that nothing can be written here; False where it can."""
        if self.together.reads_only:
            sentence, hint = refusal_words(self.together.title)
            self.cockpit.notice(f"{sentence} {hint}", "bad")
        return self.together.reads_only

    def doubled(self, audience: str) -> list[str]:
        """Return what speaks against recording an update now: somebody else's, a wrong clock."""
        far = far_words(self.space.skew_ms) if self.space is not None else ""
        reasons = [far] if far else []
        since = self._began_at or self.cockpit.clock() - _RECENT
        if sent := self._others_update(audience, since):
            at = format_clock(sent.at, self.cockpit.zone)
            reasons.append(f"{sent.by} sent an update to {audience} at {at}.")
        if writer := self._writer(update_doing(audience)):
            reasons.append(f"{writer_words(writer, self._own, self.cockpit.zone)}.")
        return reasons

    def action_share(self) -> None:
        """Share this incident with a team, with all that was written in it."""
        self.start_work(self._share(), "change")

    # What is done here

    def on_unmount(self) -> None:
        """Tell the others that nobody looks any longer."""
        self.cockpit.live.tell("", "", "")

    def on_writing_pane_began(self, event: WritingPane.Began) -> None:
        """Claim the update that is written, or tell which section is."""
        event.stop()
        pane = event.pane
        if isinstance(pane, UpdatePane):
            self._rested_at = None
            self._began_at = self._began_at or self.cockpit.clock()
            self._tell(update_doing(pane.chosen[1]))
        elif isinstance(pane, PostmortemPane):
            self._tell(section_doing(pane.current))

    def on_writing_pane_rested(self, event: WritingPane.Rested) -> None:
        """Keep the claim of an update for a moment: the text may be about to be sent."""
        event.stop()
        if isinstance(event.pane, UpdatePane):
            self._rested_at = self.cockpit.clock()
        elif not self._doing.startswith(update_doing("")):
            self._tell("")

    def on_update_pane_held(self, event: UpdatePane.Held) -> None:
        """Say who writes, and with which key one takes over."""
        event.stop()
        self.tell_held()

    def tell_held(self) -> None:
        """Say who writes the update, and with which key one takes over."""
        if writer := self._writer(update_doing(self._update_pane.chosen[1])):
            words = writer_words(writer, self._own, self.cockpit.zone)
            self.cockpit.notice(f"{words}. {self._take_over_key()} takes it over.")

    def on_update_pane_take_over_wanted(self, event: UpdatePane.TakeOverWanted) -> None:
        """Go on with the update in place of who wrote it."""
        event.stop()
        if self.refuse_reader():
            return
        pane = self._update_pane
        if self._writer(update_doing(pane.chosen[1])) is None:
            self.cockpit.notice("Nobody else writes this update.")
            return
        pane.take_over()

    def end_claim(self) -> None:
        """Let the update go: it was sent."""
        self._began_at = None
        if self._doing.startswith(update_doing("")):
            self._tell("")

    # How

    @property
    def _update_pane(self) -> UpdatePane:
        return self.query_one(UpdatePane)

    @property
    def space(self) -> WorkspaceState | None:
        """Return the workspace in which others write to the incident, too, if there is one."""
        return find_workspace(self.cockpit.live.state, self.place)

    @property
    def _own(self) -> Own:
        return own_of(self.space, self.cockpit.live.device)

    def _tell(self, doing: str) -> None:
        self._doing = doing
        self._silent = False
        self.cockpit.live.tell(self.place, self.inc, doing)

    def _writer(self, doing: str) -> Presence | None:
        return find_writer(self.together.present, self._own, self.inc, doing)

    def _others_update(self, audience: str, since: datetime) -> OutgoingMessage | None:
        """Return the last update to an audience that somebody else sent since then."""
        mine = {self.cockpit.config.author, self._own.member}
        messages = self.view.messages if self.view is not None else ()
        found = [
            each
            for each in messages
            if each.msg.state is MessageState.SENT
            and each.msg.audience == audience
            and each.by not in mine
            and each.at >= since
        ]
        return found[-1] if found else None

    def _rest(self, now: datetime) -> None:
        """Let go of an update that its writer left a while ago."""
        if self._rested_at is not None and now - self._rested_at >= _REST:
            self._rested_at = None
            self.end_claim()

    def _give_way(self) -> None:
        """Stop claiming what somebody else took over; the text stays as it is.

        Whoever was cut off does not take over by coming back: who writes by then goes on.
        """
        space = self.space
        if not self._doing.startswith(update_doing("")) or space is None:
            return
        if space.contact is not Contact.SYNCED:
            if not self._silent:
                self.cockpit.live.tell(self.place, self.inc, "")
            self._silent = True
            return
        if self._silent:
            other = find_writer(space.here, self._own, self.inc, self._doing)
            words = "writes this update since you were cut off"
        else:
            other = gives_way(space.here, self._own, self.inc, self._doing)
            words = "took this update over"
        if other is not None:
            self._tell("")
            self.cockpit.notice(
                f"{person_words(other)} {words}. Your text is kept; {self._take_over_key()} "
                "takes it back.",
                "bad",
            )
        elif self._silent:
            self._tell(self._doing)

    async def _share(self) -> None:
        spaces = self.cockpit.live.state.workspaces
        if find_workspace(self.cockpit.live.state, self.place) is not None:
            self.cockpit.notice(f"This incident is shared in “{self.together.title}” already.")
            return
        teams = [each for each in spaces if each.role in (Role.OWNER, Role.EDITOR)]
        if not teams:
            self.cockpit.notice("There is no workspace to share it in; cockpit sync join begins.")
            return
        choices = [
            Choice(each.ws, each.title, "Its members see all that was written in it, for good.")
            for each in teams
        ]
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Share this incident in a workspace", choices, ask_reason=False)
        )
        if answer is None:
            return
        inc, ws = self.inc, answer[0]
        await self.cockpit.perform(lambda session: session.store.remotes.share(inc, ws))
        await self.refresh_view()
        self.cockpit.notice(f"Shared in “{self.together.title}”.")

    def _show_writers(self) -> None:
        pane, zone = self._update_pane, self.cockpit.zone
        audience = pane.chosen[1]
        writer = self._writer(update_doing(audience)) if audience else None
        mine = self._doing == update_doing(audience)
        name = person_words(writer) if writer else ""
        words = writer_words(writer, self._own, zone) if writer else ""
        pane.show_writer(name, words, held=bool(writer) and not mine)
        postmortem = self.query_one(PostmortemPane)
        doing = section_doing(postmortem.current)
        there = others_in(self.together.present, self._own, self.inc)
        names = names_of((each for each in there if each.doing == doing), self._own)
        verb = "writes" if len(names) == 1 and names[0] != ELSEWHERE else "write"
        postmortem.show_writers(f"{' and '.join(names)} {verb} here, too" if names else "")

    def _take_over_key(self) -> str:
        key = find_key("update.take_over")
        shown = keys_shown(key, self.cockpit.rebound) if key else []
        return shown[0] if shown else ":"
