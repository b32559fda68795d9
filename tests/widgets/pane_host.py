"""An app that holds one pane, and a made-up incident to show in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from cockpit.domain.events import Message as Outgoing
from cockpit.domain.outgoing import Check
from cockpit.domain.playbook import Channel
from cockpit.domain.postmortem import PostmortemSection
from cockpit.domain.stakeholder_board import CellState, StakeholderBoard, StakeholderCell
from cockpit.domain.update_facts import describe_variables
from cockpit.domain.view import IncidentView, OutgoingMessage, Stakeholder
from cockpit.domain.vocabulary import (
    Level,
    MessageState,
    PublicStatus,
    Quadrant,
    Ring,
    Severity,
    Stage,
)
from cockpit.widgets.themes import cockpit_themes, colours

NOW = datetime(2026, 11, 21, 3, 59, tzinfo=UTC)
PAGE = Channel("status-page", "Status page", primary=True)
SMS = Channel("sms", "SMS", segment=160)
SOCIAL = Channel("social", "Social post", limit=20)
HOSTILE = "[/bold] \x1b]0;title\x07 a\u202eb [@click=app.quit]x"


def at(clock: str) -> datetime:
    """Return the time of day on the incident's day."""
    hour, minute = clock.split(":")
    return NOW.replace(hour=int(hour), minute=int(minute))


class PaneHost(App[None]):
    """Shows one widget and keeps the messages that reach the app."""

    CSS = "Screen { background: $ground; }"

    def __init__(self, widget: Widget, kinds: tuple[type[Message], ...] = ()) -> None:
        super().__init__()
        self.widget = widget
        self.kinds = kinds
        self.heard: list[Message] = []
        for theme in cockpit_themes():
            self.register_theme(theme)
        self.theme = "night"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return colours("night")

    def compose(self) -> ComposeResult:
        yield self.widget

    async def _on_message(self, message: Message) -> None:
        if isinstance(message, self.kinds):
            self.heard.append(message)
        await super()._on_message(message)

    def lines(self) -> list[str]:
        """Return the screen as lines of text."""
        strips = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.lines())


def person(
    name: str,
    power: Level = Level.HIGH,
    interest: Level = Level.HIGH,
    **facts: Any,
) -> Stakeholder:
    """Return a stakeholder whose id is the name in lower case."""
    return Stakeholder(name.lower(), name, Ring.EXECUTIVES, power, interest, **facts)


def cell(who: Stakeholder, state: str, *, due: str = "", told: str = "") -> StakeholderCell:
    """Return a stakeholder's state, told by Sam by phone."""
    return StakeholderCell(
        who,
        CellState(state),
        at(due) if due else None,
        at(told) if told else None,
        "Sam" if told else "",
        "phone" if told else "",
        30,
    )


def make_board(*cells: StakeholderCell) -> StakeholderBoard:
    """Return the board of these cells, in their order."""
    quadrants = {
        quadrant: tuple(each for each in cells if each.stakeholder.quadrant is quadrant)
        for quadrant in Quadrant
    }
    told = sum(each.told_at is not None for each in cells)
    late = sum(each.state is CellState.LATE for each in cells)
    return StakeholderBoard(quadrants, told, late, len(cells))


BOARD = make_board(
    cell(person("Noor", Level.HIGH, Level.LOW, title="Legal"), "due", due="04:10"),
    cell(person("Ingrid", Level.HIGH, Level.LOW), "told", told="03:39"),
    cell(
        person("Marcus", title="CTO", wants="numbers", channels=("phone", "chat")),
        "late",
        due="03:55",
        told="03:25",
    ),
    cell(person("Acme"), "due", due="04:07"),
    cell(person("Finance", Level.LOW, Level.LOW), "quiet"),
    cell(person("Support", Level.LOW, Level.HIGH), "never"),
)


def make_view(**facts: Any) -> IncidentView:
    """Return an incident in the middle of the night."""
    known = {"messages": ()} | facts
    return IncidentView(
        "i" * 32,
        "INC-42",
        42,
        "Checkout fails",
        Severity.SEV1,
        PublicStatus.IDENTIFIED,
        Stage.ACKNOWLEDGED,
        at("02:47"),
        at("02:50"),
        "Priya",
        **known,
    )


def message(clock: str, text: str, state: MessageState = MessageState.SENT) -> OutgoingMessage:
    """Return an update to customers by the status page."""
    sent = Outgoing(state, "customers", ("status-page",), "identified")
    return OutgoingMessage(text, at(clock), "Sam", text, sent)


class Update:
    """A composed update."""

    def __init__(self, text: str, stage: str = "identified", channel: Channel = PAGE) -> None:
        self.text = text
        self.stage = stage
        self.channel = channel
        self.audience = "customers"
        self.subject = ""
        self.next_at = at("04:30")
        self.unfilled = ("next_update",) if "{next_update}" in text else ()
        self.variables = describe_variables(
            ("product", "workaround", "next_update"), {"product": "our shop"}
        )
        self.checks = (
            Check("impact", True, "ok", "It says what people see.", "impact"),
            Check("unfilled", False, "block", "next_update is not filled.", "next_update is open"),
        )


SECTIONS = (
    PostmortemSection("summary", "Summary", "What happened.", "", "It **broke**."),
    PostmortemSection("impact", "Impact", "Who, how many.", "- a third of payments", ""),
    PostmortemSection("cause", "Root cause", "Systems, not persons.", "", ""),
)
