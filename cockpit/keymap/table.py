"""The rows of the key table, by context; what a pane binds wins over its screen."""

from __future__ import annotations

from msgspec import Struct

# Each context with the wider ones around it, nearest first.
CONTEXTS: dict[str, tuple[str, ...]] = {
    "app": (),
    "home": ("app",),
    "list": ("home", "incident", "app"),
    "items": ("list", "app"),
    "declare": ("app",),
    "incident": ("app",),
    "timeline": ("list", "incident", "app"),
    "stakeholders": ("list", "incident", "app"),
    "update": ("incident", "app"),
    "postmortem": ("list", "incident", "app"),
    "entry": ("incident", "app"),
    "editor": ("incident", "app"),
    "section": ("editor", "incident", "app"),
    "field": ("app",),
    "dialog": ("app",),
    "value": ("declare", "app"),
    "choice": ("list", "dialog", "app"),
    "steps": ("list", "dialog", "app"),
    "closing": ("list", "dialog", "app"),
    "handover": ("dialog", "app"),
    "tries": ("list", "dialog", "app"),
    "similar": ("list", "dialog", "app"),
    "insights": ("list", "app"),
    "behind": ("list", "app"),
    "help": ("app",),
    "palette": ("field", "app"),
    "picker": ("field", "app"),
    "plain": ("app",),
}

# Where letters are text: a row of these contexts may not take a printable key.
TYPING_CONTEXTS = frozenset({"entry", "editor", "section", "field", "palette", "picker"})

GROUPS = ("Move", "Log", "Tell", "Change", "Post-mortem", "Incidents", "App")


class Key(Struct, frozen=True):
    """One action and its keys.

    label: the footer's word, empty when the footer does not show it; order: place in the footer;
    help: what it does, in lower case; group: heading in the help, empty for a row that only the
    palette and the docs name; family: rows of one family share one line in the footer and help;
    footer_in: the one context in which the footer shows it, empty for any.
    """

    context: str
    name: str
    action: str
    keys: tuple[str, ...]
    help: str
    group: str = ""
    label: str = ""
    order: int = 0
    family: str = ""
    footer_in: str = ""
    priority: bool = False

    @property
    def id(self) -> str:
        """Return the id by which the config and the bindings know this row."""
        return f"{self.context}.{self.name}"


def _pane(number: int, name: str) -> Key:
    return Key(
        "incident",
        f"pane_{number}",
        f"pane({number})",
        (str(number),),
        f"go to {name}",
        "Move",
        "Panes",
        20,
        "go to a pane",
    )


_APP = (
    Key("app", "palette", "palette", ("ctrl+p", ":"), "every command", "App", "palette", 99),
    Key("app", "help", "help", ("?", "f1"), "this help", "App", "Help", 90),
    Key(
        "app",
        "zone",
        "zone",
        ("t",),
        "UTC or local",
        "App",
        "UTC or local",
        40,
        footer_in="home",
    ),
    Key("app", "redraw", "redraw", ("ctrl+l",), "redraw", "App"),
    Key("app", "suspend", "suspend", ("ctrl+z",), "put aside; fg brings it back"),
    Key("app", "quit", "quit", ("ctrl+q",), "quit, all is saved", "App", priority=True),
    Key("app", "sync_now", "sync_now", (), "sync now, do not wait"),
    Key("app", "theme_night", "theme('night')", (), "night colours"),
    Key("app", "theme_day", "theme('day')", (), "day colours"),
    Key("app", "theme_contrast", "theme('contrast')", (), "high contrast colours"),
    Key("app", "theme_16", "theme('sixteen')", (), "the terminal's 16 colours"),
)

_HOME = (
    # First of all, so that a title typed ahead on a slow line is not taken for commands of home.
    Key(
        "home",
        "new",
        "new",
        ("n",),
        "new incident",
        "Incidents",
        "New incident",
        10,
        priority=True,
    ),
    Key("home", "filter", "filter", ("/",), "filter or search", "Incidents", "Filter", 20),
    Key("home", "all", "all", ("a",), "all or the latest", "Incidents", "All", 30),
    Key("home", "insights", "insights", ("I",), "insights: what many teach", "Incidents"),
    Key("home", "items", "items", ("A",), "action items", "Incidents"),
    Key("home", "report", "report", (), "report on cadence"),
    Key("home", "delete", "delete", ("delete",), "delete an incident", "Incidents"),
    Key("home", "restore", "restore", (), "bring back a deleted incident"),
    Key("home", "back", "back", ("escape",), "clear the filter", "Incidents"),
    Key("home", "quit", "app.quit", ("q",), "quit, all is saved", "App", "Quit", 95),
)

_LIST = (
    Key("list", "down", "cursor_down", ("j", "down"), "move down", "Move", family="move in a list"),
    Key("list", "up", "cursor_up", ("k", "up"), "move up", "Move", family="move in a list"),
    Key("list", "first", "first", ("g", "home"), "go to the first", "Move", family="first, last"),
    Key("list", "last", "last", ("G", "end"), "go to the last", "Move", family="first, last"),
    Key("list", "page_up", "page_up", ("pageup",), "page up", "Move", family="a page"),
    Key("list", "page_down", "page_down", ("pagedown",), "page down", "Move", family="a page"),
    Key("list", "select", "select", ("enter",), "open", "Move"),
)

_ITEMS = (
    Key("items", "toggle", "toggle_item", ("space",), "done, or not", "Change", "Done", 10),
    Key("items", "edit", "edit_item", ("e",), "owner, due date and more", "Change", "Edit", 15),
    Key("items", "drop", "drop_item", (), "it will not be done"),
    Key("items", "filter", "filter", ("/",), "filter", "Incidents", "Filter", 20),
    Key("items", "all", "all", ("a",), "done ones too", "Incidents", "All", 30),
    Key("items", "group", "group", ("b",), "by due date, owner, incident, kind", "Move", "By", 35),
    Key("items", "export", "export", ("x",), "export", "App", "Export", 40),
    Key("items", "undo", "undo", ("u",), "undo", "Log", family="undo, redo"),
    Key("items", "redo", "redo", ("ctrl+r",), "redo", "Log", family="undo, redo"),
    Key("items", "clear", "clear", ("escape",), "clear the filter, go back", "App"),
    Key("items", "back", "back", ("q",), "go back", "App", "Back", 95),
)

_DECLARE = (
    Key(
        "declare",
        "declare",
        "declare",
        ("enter", "ctrl+s"),
        "declare it",
        "Incidents",
        "Declare",
        10,
        priority=True,
    ),
    Key("declare", "worse", "worse", ("up",), "worse", "", "Severity", 20, "a worse or milder one"),
    Key("declare", "milder", "milder", ("down",), "milder", "", "", 0, "a worse or milder one"),
    Key("declare", "sev_1", "severity(1)", ("1",), "SEV1", "Incidents", "", 0, "set the severity"),
    Key("declare", "sev_2", "severity(2)", ("2",), "SEV2", "Incidents", "", 0, "set the severity"),
    Key("declare", "sev_3", "severity(3)", ("3",), "SEV3", "Incidents", "", 0, "set the severity"),
    Key("declare", "sev_4", "severity(4)", ("4",), "SEV4", "Incidents", "", 0, "set the severity"),
    Key("declare", "similar", "similar", ("f2",), "past incidents like it", "", "Seen before?", 30),
    Key("declare", "back", "back", ("escape",), "back, the title is kept", "", "Back", 90),
)

_INCIDENT = (
    Key("incident", "note", "note", ("n",), "new entry", "Log", "Note", 10),
    _pane(1, "the timeline"),
    _pane(2, "the stakeholders"),
    _pane(3, "the update"),
    _pane(4, "the post-mortem"),
    Key("incident", "next_pane", "next_pane", ("tab", "]"), "next pane", "Move"),
    Key("incident", "previous_pane", "previous_pane", ("shift+tab", "["), "previous pane", "Move"),
    Key("incident", "zoom", "zoom", ("z",), "zoom and back", "Move"),
    Key("incident", "copy", "copy", ("c",), "copy the update", "Tell", "Copy update", 30),
    Key("incident", "sent", "sent", ("s",), "mark it sent", "Tell", "Mark sent", 40),
    Key("incident", "promise", "promise", ("C",), "countdown: extend, pause, slow down", "Tell"),
    Key("incident", "no_news", "no_news", ("N",), "no news: copy it now", "Tell"),
    Key("incident", "thread", "thread", ("B",), "copy the whole public thread", "Tell"),
    Key("incident", "tell_waiting", "tell_waiting", (), "told everyone who waits"),
    Key("incident", "plain_text", "plain_text", ("p",), "plain text view", "Tell"),
    Key("incident", "filter", "filter", ("/",), "filter", "Log", "Filter", 50),
    Key("incident", "editor", "editor", ("f4", "E"), "open in $EDITOR", "Tell"),
    Key("incident", "undo", "undo", ("u",), "undo", "Log", family="undo, redo"),
    Key("incident", "redo", "redo", ("ctrl+r",), "redo", "Log", family="undo, redo"),
    Key("incident", "status", "status", ("S",), "public status", "Change"),
    Key("incident", "workflow", "workflow", ("w",), "steps: done, next, whose", "Change"),
    Key("incident", "stage", "stage", ("W",), "stage of the work", "Change"),
    Key("incident", "severity", "severity", ("v",), "severity", "Change"),
    Key("incident", "impact", "impact", ("i",), "impact", "Change"),
    Key("incident", "role", "role", ("r",), "assign or hand over a role", "Change"),
    Key("incident", "area", "area", ("o",), "affected area and owner", "Change"),
    Key("incident", "tries", "tries", ("y",), "what we try: asked, supposed", "Log"),
    Key("incident", "handover", "handover", ("H",), "hand-over sheet", "Tell"),
    Key("incident", "closing", "close_incident", ("X",), "close: what is left", "Change"),
    Key("incident", "component", "component", (), "state of a component"),
    Key("incident", "headline", "headline", ("h",), "impact, cause, next", "Change"),
    Key("incident", "title", "rename", (), "title"),
    Key("incident", "criterion", "criterion", (), "criterion that it meets"),
    Key("incident", "kind", "kind", (), "kind of incident, as updates word it"),
    Key("incident", "start", "start", (), "when it began"),
    Key("incident", "suggestions", "suggestions", ("!",), "what is suggested", "Change"),
    Key("incident", "rivals", "rivals", ("R",), "settle rival values", "Change"),
    Key("incident", "report", "report", (), "report on cadence"),
    Key("incident", "similar", "similar", ("f2",), "seen before? past incidents like it", "Log"),
    Key("incident", "debrief", "debrief", ("f8",), "debrief of a drill", "App"),
    Key("incident", "export", "export", ("x",), "export", "App"),
    Key("incident", "review", "review", (), "post-mortem: owner, meeting, review"),
    Key("incident", "calendar", "calendar", (), "calendar file of the post-mortem meeting"),
    Key("incident", "share", "share", (), "share the incident in a workspace"),
    Key("incident", "delete", "delete", (), "delete the incident"),
    Key("incident", "clear", "clear", ("escape",), "leave a field, clear a filter", "App"),
    Key("incident", "back", "back", ("q",), "back to the list", "App"),
)

_PANES = (
    Key(
        "timeline",
        "correct",
        "correct_entry",
        ("e", "enter"),
        "correct",
        "Log",
        family="correct, delete",
    ),
    Key(
        "timeline", "hide", "hide_entry", ("d", "delete"), "delete", "Log", family="correct, delete"
    ),
    Key("timeline", "move", "move_entry", ("m",), "change its time", "Log"),
    Key("timeline", "star", "star_entry", ("*",), "star for the post-mortem", "Log"),
    Key("timeline", "starred", "only_starred", ("f",), "starred only", "Log"),
    Key("timeline", "undone", "show_hidden", ("D",), "show what was deleted", "Log"),
    Key("stakeholders", "tell", "tell", ("space", "enter"), "told this person", "Tell", "Told", 15),
    Key(
        "stakeholders",
        "tell_quadrant",
        "tell_quadrant",
        ("T",),
        "told the whole field",
        "Tell",
        "Told all",
        16,
    ),
    Key("stakeholders", "tell_ring", "tell_ring", ("O",), "told the whole ring", "Tell"),
    Key("stakeholders", "edit", "edit_stakeholder", ("e",), "contact, deputy, quiet hours", "Tell"),
    Key("stakeholders", "left", "cursor_left", ("left",), "field to the left"),
    Key("stakeholders", "right", "cursor_right", ("right",), "field to the right"),
    Key("stakeholders", "add", "add_stakeholder", ("+",), "add a stakeholder", "Tell"),
    Key("update", "write", "write_update", ("e", "enter"), "write the text", "Tell", "Write", 15),
    Key(
        "update",
        "next_stage",
        "next_stage",
        ("right", "l"),
        "next stage",
        "Tell",
        family="choose the stage",
    ),
    Key(
        "update",
        "previous_stage",
        "previous_stage",
        ("left",),
        "previous stage",
        "Tell",
        family="choose the stage",
    ),
    Key("update", "audience", "next_audience", ("a",), "audience", "Tell", "Audience", 16),
    Key("update", "channel", "next_channel", ("b",), "channel", "Tell", "Channel", 17),
    Key("update", "correct", "correct_sent", ("f",), "correct a sent text", "Tell", "Correct", 60),
    Key("update", "take_over", "take_over", ("K",), "take over from who writes it", "Tell"),
    Key("update", "variables", "variables", ("d",), "the variables", "Tell", "Variables", 61),
    Key("update", "template", "reset_update", ("backspace",), "back to the template", "Tell"),
    Key(
        "postmortem",
        "write",
        "write_section",
        ("e", "enter"),
        "write the section",
        "Post-mortem",
        "Write",
        15,
    ),
    Key(
        "postmortem",
        "adopt",
        "adopt_draft",
        ("A",),
        "adopt the draft",
        "Post-mortem",
        "Adopt draft",
        16,
    ),
    Key("postmortem", "preview", "preview", ("P", "f9"), "preview", "Post-mortem"),
    Key("postmortem", "add_action", "add_action", ("+",), "add an action item", "Post-mortem"),
    Key(
        "postmortem", "check", "check", ("K",), "what is left to write", "Post-mortem", "Check", 17
    ),
    Key("postmortem", "whole", "edit_whole", ("F",), "all of it in $EDITOR", "Post-mortem"),
    Key(
        "postmortem",
        "form",
        "other_form",
        ("b",),
        "the form for customers, and back",
        "Post-mortem",
        "Public form",
        62,
    ),
)

_INSIGHTS = (
    Key("insights", "period", "period", ("p",), "another period", "Incidents", "Period", 10),
    Key("insights", "drills", "drills", ("d",), "exercises too or not", "Incidents", "Drills", 20),
    Key("insights", "page", "page", ("x",), "write it as a page to show", "App", "Page", 30),
    Key("insights", "back", "back", ("escape", "q"), "go back", "", "Back", 95),
    Key("behind", "back", "back", ("escape", "q"), "go back", "", "Back", 95),
)

_TYPING = (
    Key("entry", "leave", "leave_entry", ("escape",), "leave, the text is kept", "", "Done", 10),
    Key("entry", "older", "older", ("up",), "earlier entries of yours", "", "", 20),
    Key("entry", "newer", "newer", ("down",), "later entries of yours"),
    Key("editor", "leave", "leave_editor", ("escape",), "leave the text", "", "Done", 10),
    Key("editor", "save", "save", ("ctrl+s",), "save now", "", "Save", 20),
    Key("editor", "editor", "external", ("f4",), "open in $EDITOR", "", "$EDITOR", 30),
    Key(
        "section", "entry", "insert_entry", ("ctrl+t",), "insert from timeline", "", "Timeline", 15
    ),
    Key("section", "preview", "preview", ("f9",), "preview", "", "Preview", 25),
    Key("section", "next_hint", "next_hint", ("ctrl+n",), "next wording pointed out"),
    Key("section", "accept_hint", "accept_hint", ("ctrl+o",), "this wording is fine as it is"),
    Key("field", "leave", "leave_field", ("escape",), "leave the field", "", "Done", 10),
    Key("help", "close", "close", ("escape", "q", "?", "f1", "enter"), "close the help"),
    Key("value", "next", "value(1)", ("right", "space"), "next value", "", "Choose", 15, "value"),
    Key("value", "previous", "value(-1)", ("left",), "value before", "", "", 0, "value"),
    Key("palette", "down", "cursor('down')", ("down",), "next command"),
    Key("palette", "up", "cursor('up')", ("up",), "previous command"),
    Key("palette", "page_down", "cursor('page_down')", ("pagedown",), "commands further down"),
    Key("palette", "page_up", "cursor('page_up')", ("pageup",), "commands further up"),
    Key("picker", "down", "cursor('down')", ("down",), "next entry"),
    Key("picker", "up", "cursor('up')", ("up",), "previous entry"),
    Key("picker", "page_down", "cursor('page_down')", ("pagedown",), "entries further down"),
    Key("picker", "page_up", "cursor('page_up')", ("pageup",), "entries further up"),
    Key("plain", "bare", "bare", ("enter",), "print it on the terminal", "", "Print it bare", 10),
    Key("plain", "back", "back", ("escape", "q", "p"), "go back", "", "Back", 20),
    Key("dialog", "cancel", "cancel", ("escape",), "leave without a change", "", "Cancel", 20),
    Key("dialog", "accept", "accept", ("enter",), "accept", "", "Accept", 10),
    Key("steps", "tick", "tick", ("space",), "tick a step that only a person can tell"),
    Key("steps", "close", "cancel", ("w", "q"), "go back"),
    Key("closing", "close", "cancel", ("X", "q"), "go back"),
    Key("handover", "copy", "copy", ("c",), "copy the summary"),
    Key("handover", "given", "given", ("s",), "it was given: keep it in the timeline"),
    Key("handover", "close", "cancel", ("H", "q"), "go back"),
    Key("similar", "link", "link", ("space",), "seen before: link it, or not"),
    Key("similar", "close", "cancel", ("f2", "q"), "go back"),
    Key("tries", "ask", "ask", ("n",), "ask somebody for an action"),
    Key("tries", "suppose", "suppose", ("+",), "add a theory"),
    Key("tries", "wait", "wait", ("m",), "give more time"),
    Key("tries", "confirm", "confirm", ("c",), "confirm a theory"),
    Key("tries", "eliminate", "eliminate", ("e",), "eliminate a theory"),
    Key("tries", "close", "cancel", ("y", "q"), "go back"),
)

_CHOICE = tuple(
    Key("choice", f"pick_{number}", f"pick({number})", (str(number),), f"choose number {number}")
    for number in range(1, 10)
)

KEYS: tuple[Key, ...] = (
    *_APP,
    *_HOME,
    *_LIST,
    *_ITEMS,
    *_DECLARE,
    *_INCIDENT,
    *_PANES,
    *_INSIGHTS,
    *_TYPING,
    *_CHOICE,
)
