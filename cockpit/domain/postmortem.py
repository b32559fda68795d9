"""The post-mortem: its sections with their drafts and texts, and the whole as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cockpit.domain.incident_markdown import checklist, facts_table, timeline_table
from cockpit.domain.markdown import escape_inline, folded, heading
from cockpit.domain.playbook import PostmortemForm, SectionForm
from cockpit.domain.postmortem_drafts import DRAFTS
from cockpit.domain.postmortem_facts import Facts
from cockpit.domain.postmortem_public import PUBLIC_DRAFTS
from cockpit.domain.response_markdown import tried_list
from cockpit.domain.section_markdown import fit_section
from cockpit.domain.view import IncidentView

__all__ = [
    "Facts",
    "PostmortemSection",
    "assemble_markdown",
    "draft_section",
    "sections",
]

PUBLIC_FORM = "public"
"""The id of the form that strangers read: nothing internal goes into it by itself."""

ACTION_ITEMS = "action_items"
"""The id of the section that lists the work that is left."""

NOTHING_YET = "_Nothing written yet._"
DRILL = "**Drill**: an exercise, not a real incident."
PRIVATE = "**Private**: do not pass on."
TRIED, FULL_TIMELINE = "What was tried", "Full timeline"
"""What a document says beside its sections; a document that says so is known again as ours."""


class PostmortemSection(Struct, frozen=True):
    """One section as the editor shows it: `text` is what people wrote, else `draft` holds."""

    id: str
    title: str
    hint: str
    draft: str
    text: str

    @property
    def written(self) -> str:
        """Return what counts: a person's text always wins over the draft."""
        return self.text if self.text.strip() else self.draft


def draft_section(form_section: SectionForm, facts: Facts) -> str:
    """Return the section drafted from facts as Markdown, empty where there is nothing to draft."""
    name = form_section.draft or form_section.id
    write = DRAFTS.get(name) or PUBLIC_DRAFTS.get(name)
    return write(facts) if write else ""


def sections(
    view: IncidentView, form: PostmortemForm, facts: Facts
) -> tuple[PostmortemSection, ...]:
    """Return the form's sections in order, then those that the team added to this incident."""
    written = {each.id: each for each in view.postmortem.sections}
    found = [
        PostmortemSection(
            each.id,
            written[each.id].title or each.title if each.id in written else each.title,
            each.hint,
            draft_section(each, facts),
            written[each.id].text if each.id in written else "",
        )
        for each in form.sections
    ]
    if form.id != PUBLIC_FORM:
        known = {each.id for every in facts.playbook.forms for each in every.sections}
        known.update(each.id for each in form.sections)
        found.extend(
            PostmortemSection(each.id, each.title or each.id, "", "", each.text)
            for each in view.postmortem.sections
            if each.id not in known
        )
    return tuple(found)


def assemble_markdown(
    view: IncidentView, form: PostmortemForm, texts: Mapping[str, str], facts: Facts
) -> str:
    """Return the whole document; `texts` by section id win over what the view holds.

    The internal form always carries the facts, the action items and every timeline entry.
    """
    public = form.id == PUBLIC_FORM
    parts = [heading(1, view.title if public else f"{view.ref}: {view.title}")]
    if not public:
        parts.extend(_internal_head(view, facts))
    bodies: list[str] = []
    for section in sections(view, form, facts):
        text = texts.get(section.id, section.text)
        body = fit_section(text if text.strip() else section.draft)
        if section.id == ACTION_ITEMS and text.strip():
            body = _with_items(body, view)
        parts.append(heading(2, section.title.strip() or section.id))
        parts.append(body or NOTHING_YET)
        bodies.append(body)
    if not public:
        parts.extend(_internal_tail(form, texts, facts, bodies))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _internal_head(view: IncidentView, facts: Facts) -> list[str]:
    marks = [
        *([DRILL] if view.drill else []),
        *([PRIVATE] if view.private else []),
        f"Post-mortem: {escape_inline(view.postmortem.review)}. Times are UTC.",
    ]
    return ["  \n".join(marks), facts_table(view, facts.playbook, facts.now)]


def _with_items(body: str, view: IncidentView) -> str:
    """Return a person's text with the action items that it does not list itself below it."""
    listed = set(body.split("\n"))
    lines = fit_section(checklist(view.actions)).split("\n")
    missing = [line for line in lines if line not in listed]
    return "\n\n".join([body, "\n".join(missing)]) if any(missing) else body


def _internal_tail(
    form: PostmortemForm, texts: Mapping[str, str], facts: Facts, bodies: Sequence[str]
) -> list[str]:
    """Return what no edit may drop: action items, what was tried, the timeline in full."""
    drafts = {each.draft or each.id: each.id for each in form.sections}
    written = {each.id: each.text for each in facts.view.postmortem.sections} | dict(texts)
    tail = []
    if facts.view.actions and ACTION_ITEMS not in drafts:
        tail += [heading(2, "Action items"), fit_section(checklist(facts.view.actions))]
    tried = fit_section(tried_list(facts.view))
    if tried and not any(tried in body for body in bodies):
        tail += [heading(2, TRIED), tried]
    drafted = "timeline" in drafts and not written.get(drafts["timeline"], "").strip()
    if not (drafted and facts.whole_timeline):
        count = len(facts.shown)
        entries = "1 entry" if count == 1 else f"{count:,} entries"
        tail += [heading(2, FULL_TIMELINE), folded(entries, timeline_table(facts.shown))]
    return tail
