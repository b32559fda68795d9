"""The workflow on the incident screen: its next step, all its steps, and the affected area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cockpit.domain.cadence_report import kept_words, report
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_clock
from cockpit.domain.view import IncidentView
from cockpit.domain.workflow import StepState, late_words, present_step, progress
from cockpit.screens.dialogs import Choice
from cockpit.screens.incident_changes import ChangesMixin
from cockpit.service import steps
from cockpit.widgets.painted import Span
from cockpit.widgets.step_list import StepRow


class WorkflowMixin(ChangesMixin):
    """Says what is next and whose it is, and takes the ticks that only a person can give."""

    def action_workflow(self) -> None:
        """Show the four fronts with every step."""
        self.start_work(self._show_steps(), "change")

    def action_area(self) -> None:
        """Choose the affected area, with the team that owns it in sight."""
        areas = self.cockpit.playbook.areas
        if not areas:
            self.cockpit.notice("The playbook names no areas.")
            return
        choices = [
            Choice(
                each.id, each.name, ", ".join(word for word in (each.team, each.contact) if word)
            )
            for each in areas
        ]
        self._ask("area", "Which area is affected?", choices)

    @property
    def coming_words(self) -> tuple[str, Span]:
        """Return the next step, and whose it is; empty when nothing is to do."""
        if self.view is None:
            return "", ("", "")
        now, playbook = self.cockpit.clock(), self.cockpit.playbook
        found = present_step(self.view, playbook, now)
        if found is None:
            return "", ("", "")
        whose = _whose(found, self.view, playbook, now)
        return f"Next step: {found.step.text}", (whose, "soon" if found.late else "")

    @property
    def kept(self) -> tuple[str, ...]:
        """Return how the cadence was kept, nothing while it goes on."""
        if self.view is None or self.view.is_open:
            return ()
        return kept_words(report(self.view, self.cockpit.playbook, self.cockpit.clock()))

    async def _show_steps(self) -> None:
        from cockpit.screens.steps import StepsDialog

        if self.view is None:
            return
        await self.app.push_screen_wait(StepsDialog(self._step_rows(self.view), self._tick_step))

    async def _tick_step(self, row: StepRow) -> Sequence[StepRow]:
        inc, on = self.inc, not row.done
        view = await self.cockpit.perform(lambda session: steps.tick(session, inc, row.id, on=on))
        await self.refresh_view()
        return self._step_rows(view)

    def _step_rows(self, view: IncidentView) -> list[StepRow]:
        now, playbook = self.cockpit.clock(), self.cockpit.playbook
        states = progress(view, playbook, now)
        coming = present_step(view, playbook, now)
        rows = []
        for place, each in enumerate(states):
            front = each.step.front
            before = states[place - 1].step.front if place else ""
            after = states[place + 1].step.front if place + 1 < len(states) else ""
            rows.append(
                StepRow(
                    each.step.id,
                    each.step.text,
                    "" if each.done else _owner(each, view, playbook),
                    front if front != before else "",
                    each.done,
                    coming is not None and coming.step.id == each.step.id,
                    late_words(each, now) if each.late else "",
                    front != after,
                    each.by_hand,
                    self._detail(each, view, playbook),
                )
            )
        return rows

    def _detail(self, each: StepState, view: IncidentView, playbook: Playbook) -> str:
        role, person = playbook.role(each.step.role).name, view.holder(each.step.role)
        words = [f"{role}: {person or 'nobody yet'}"]
        if each.due_at is not None:
            words.append(f"due at {format_clock(each.due_at, self.cockpit.zone)}")
        if each.by_hand:
            words.append("a person ticks it")
        elif not each.done:
            words.append("ticks itself")
        return ", ".join(words)


def _owner(each: StepState, view: IncidentView, playbook: Playbook) -> str:
    return view.holder(each.step.role) or playbook.role(each.step.role).short


def _whose(each: StepState, view: IncidentView, playbook: Playbook, now: datetime) -> str:
    late = late_words(each, now) if each.late else ""
    return ", ".join(word for word in (_owner(each, view, playbook), late) if word)
