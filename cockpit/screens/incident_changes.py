"""Changes of the incident's own fields: one key, a choice that explains itself, a reason."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.playbook import SeverityRule
from cockpit.domain.times import parse_when
from cockpit.domain.vocabulary import PublicStatus, Ring, Severity, Stage
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.incident_rivals import RivalsMixin
from cockpit.service import changes
from cockpit.service.suggestions import SUMMARY, UPDATE, Suggestion, suggestions

_STATUS = {
    PublicStatus.INVESTIGATING: "We know that something is wrong, not yet why.",
    PublicStatus.IDENTIFIED: "The cause is known and is being worked on.",
    PublicStatus.MONITORING: "A fix is in place and is being watched.",
    PublicStatus.RESOLVED: "It is over for customers; the post-mortem is next.",
}
_STAGES = {
    Stage.DETECTED: "Somebody or something noticed.",
    Stage.ACKNOWLEDGED: "A responder is on it.",
    Stage.CONTAINED: "No further customers are harmed, even if something is partly off.",
    Stage.WORKED_AROUND: "The symptom is hidden; a definitive fix is still owed.",
    Stage.FIXED: "The cause is gone.",
    Stage.RESOLVED: "Checked, and over.",
    Stage.POSTMORTEM: "Being learned from.",
    Stage.CLOSED: "Nothing is left to do but the action items.",
}
_HEADLINES = {
    "impact": "Who is affected, how many, how badly.",
    "cause": "What is known of the cause.",
    "next": "What happens next, and when.",
}


class ChangesMixin(RivalsMixin):
    """Asks for a value and the reason for it, and stores them."""

    def action_status(self) -> None:
        """Choose the public status."""
        choices = [Choice(each.value, each.value.capitalize(), _STATUS[each]) for each in _STATUS]
        self._ask("status", "Public status", choices)

    def action_stage(self) -> None:
        """Choose the stage of the inner work."""
        choices = [Choice(each.value, each.value.capitalize(), _STAGES[each]) for each in _STAGES]
        self._ask("stage", "Stage of the work", choices)

    def action_severity(self) -> None:
        """Choose the severity, with its criteria, examples and response in sight."""
        rules = [self.cockpit.playbook.severity(each.value) for each in Severity]
        self._ask("severity", "Severity", [_severity_choice(rule) for rule in rules])

    def action_impact(self) -> None:
        """Choose the class of impact."""
        found = []
        for rule in self.cockpit.playbook.impacts:
            page = {
                "yes": "The public status page is opened.",
                "ask": "Ask whether the public status page needs a word.",
                "no": "No public status page.",
            }.get(rule.public_page, "")
            found.append(Choice(rule.id, rule.name, page))
        self._ask("impact", "Impact: how many customers", found)

    def action_rename(self) -> None:
        """Change the title."""
        self.start_work(self._rename(), "change")

    def action_criterion(self) -> None:
        """Choose the criterion that makes it an incident; its kind follows."""
        rules = self.cockpit.playbook.criteria
        kinds = {each.id: each.name for each in self.cockpit.playbook.kinds}
        choices = [Choice(each.id, each.text, kinds.get(each.kind, "")) for each in rules]
        self._ask("criterion", "Criterion that it meets", choices)

    def action_kind(self) -> None:
        """Choose the kind of incident, which words the updates."""
        choices = [Choice(each.id, each.name, "") for each in self.cockpit.playbook.kinds]
        self._ask("kind", "Kind of incident", choices)

    def action_start(self) -> None:
        """Say when it began; durations count from then."""
        self.start_work(self._set_start(), "change")

    def action_headline(self) -> None:
        """Say what the impact, the cause or the next step is."""
        self.start_work(self._write_headline(), "change")

    def action_suggestions(self) -> None:
        """Show what the playbook suggests, and do what is chosen."""
        self.start_work(self._suggest(), "change")

    @property
    def suggested(self) -> tuple[Suggestion, ...]:
        """Return what the playbook suggests now."""
        if self.view is None:
            return ()
        return suggestions(self.view, self.cockpit.playbook, self.cockpit.clock())

    async def end_incident(self, reason: str | None = None) -> None:
        """Close the incident, or show what is left before."""

    def begin_line(self, text: str) -> None:
        """Begin an entry with `text`, keeping what was being written."""

    def go_to(self, pane: int) -> None:
        """Show a pane and give it the keyboard."""

    def _ask(self, field: str, title: str, choices: Sequence[Choice]) -> None:
        self.start_work(self._choose(field, title, choices), "change")

    async def _choose(self, field: str, title: str, choices: Sequence[Choice]) -> None:
        if self.view is None:
            return
        current = str(getattr(self.view, field) or "")
        answer = await self.app.push_screen_wait(
            ChoiceDialog(title, list(choices), current=current)
        )
        if answer is None or (answer[0] == current and not self._has_rivals(field)):
            return
        if field == "stage" and answer[0] == Stage.CLOSED.value != current:
            await self.end_incident(answer[1])
        else:
            await self.change_field(field, answer[0], answer[1])

    async def change_field(self, field: str, value: str, reason: str = "") -> None:
        """Set a field and show what came of it; raises CockpitError."""
        inc = self.inc
        await self.cockpit.perform(
            lambda session: changes.set_field(session, inc, field, value, reason=reason)
        )
        name = self.cockpit.playbook.role(field.removeprefix("role.")).name
        shown = name if field.startswith("role.") else field.replace("_", " ").capitalize()
        self.cockpit.notice(f"{shown}: {value or 'nobody'}. u takes it back.")
        await self.refresh_view()

    def _has_rivals(self, field: str) -> bool:
        return self.view is not None and any(each.field == field for each in self.view.rivals)

    async def _rename(self) -> None:
        title = self.view.title if self.view else ""
        answer = await self.app.push_screen_wait(TextDialog("Title", "What is broken", title))
        if answer is not None and answer.strip() != title:
            await self.change_field("title", answer)

    async def _set_start(self) -> None:
        if self.view is None:
            return
        began = self.view.started_at.astimezone(self.cockpit.zone)
        shown = f"{began:%Y-%m-%d %H:%M}"
        hint = f"09:10, -20m or {shown} ({began:%Z})"
        answer = await self.app.push_screen_wait(TextDialog("When did it begin?", hint, shown))
        if answer is not None and answer.strip() not in ("", shown):
            inc, at = self.inc, parse_when(answer, self.cockpit.clock(), self.cockpit.zone)
            await self.cockpit.perform(
                lambda session: changes.set_field(session, inc, "started_at", at.isoformat())
            )
            self.cockpit.notice(f"It began at {self.clock_words(at)}. u takes it back.")
            await self.refresh_view()

    async def _write_headline(self) -> None:
        choices = [Choice(each, each.capitalize(), _HEADLINES[each]) for each in _HEADLINES]
        answer = await self.app.push_screen_wait(
            ChoiceDialog("What is known?", choices, ask_reason=False)
        )
        if answer is not None:
            self.begin_line(f"/{answer[0]} ")

    async def _suggest(self) -> None:
        found = self.suggested
        if not found:
            self.cockpit.notice("Nothing is suggested now.")
            return
        choices = [Choice(str(place), each.text, "") for place, each in enumerate(found)]
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Suggested by the playbook", choices, ask_reason=False)
        )
        if answer is None:
            return
        chosen = found[int(answer[0])]
        if chosen.field.startswith("role."):
            await self.hand_over(chosen.field.removeprefix("role."))
        elif chosen.field == SUMMARY:
            self.action_handover()
        elif chosen.field == "severity":
            self.action_severity()
        elif chosen.field == UPDATE:
            self.show_update_for(chosen.value, Ring.CUSTOMERS.audience)
        elif chosen.field:
            await self.change_field(chosen.field, chosen.value, chosen.text)
        else:
            self.go_to(3)


def _severity_choice(rule: SeverityRule) -> Choice:
    examples = f"Such as {'; '.join(rule.examples)}." if rule.examples else ""
    detail = "\n".join(part for part in (rule.meaning, examples, rule.response) if part)
    return Choice(rule.id, f"{rule.id} {rule.name}", detail)
