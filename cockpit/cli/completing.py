"""What a shell offers after <Tab>: incidents, fields and their values, people, words of options.

Nothing is created and nothing is said: where something is missing or broken, nothing is offered.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import click

from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from cockpit.domain.playbook import Playbook
    from cockpit.domain.view import IncidentView

Offers = Mapping[str, str]
"""Words that can be taken, each with what it means."""
Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

_MOST = 50
_ID_SHOWN = 6


class Scene:
    """What is known while a word is completed: what was typed before, and what there is."""

    def __init__(self, ctx: click.Context, shell: Shell) -> None:
        """Look at the words before the one at hand."""
        self.shell = shell
        self.exists = shell.paths.database.exists()
        self.named = ctx.params.get("incident") or ctx.params.get("reference")
        self.typed: tuple[str, ...] = tuple(ctx.params.get("words") or ())
        self.is_first = not self.typed and not self.named

    @cached_property
    def playbook(self) -> Playbook:
        """Return the playbook."""
        from cockpit.service.session import read_playbook

        return read_playbook(self.shell.paths)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the words before this one, without a reference in front."""
        takes_first = self.typed and not self.named and self.exists
        if takes_first and self.shell.is_reference(self.typed[0]):
            return self.typed[1:]
        return self.typed

    @cached_property
    def view(self) -> IncidentView | None:
        """Return the incident that was named, or the only open one; None where there is none."""
        if not self.exists:
            return None
        first = self.typed[0] if len(self.words) < len(self.typed) else None
        return self.shell.session.reads.view(self.shell.find(self.named or first))

    def incidents(self) -> Offers:
        """Return the references of incidents, the open ones first."""
        if not self.exists:
            return {}
        found = self.shell.session.reads.summaries(limit=_MOST)
        return {each.ref: each.title for each in found}

    def deleted(self) -> Offers:
        """Return the references of deleted incidents."""
        found = self.shell.session.reads.deleted() if self.exists else ()
        return {each.ref: each.title for each in found}


def offer(choose: Callable[[Scene], Offers]) -> Completer:
    """Return a completer that offers what `choose` finds and begins like the word at hand."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from cockpit.errors import CockpitError

        shell = ctx.obj if isinstance(ctx.obj, Shell) else Shell(os.environ, {})
        try:
            found = choose(Scene(ctx, shell))
        except (CockpitError, OSError):
            return []
        finally:
            shell.close()
        begun = incomplete.casefold()
        return [
            CompletionItem(word, help=" ".join(text.split()))
            for word, text in found.items()
            if word.casefold().startswith(begun)
        ]

    return complete


def offer_words(choose: Callable[[Scene], Offers]) -> Completer:
    """Return a completer of words that a reference may stand in front of."""
    return offer(lambda scene: {**(scene.incidents() if scene.is_first else {}), **choose(scene)})


def without_spaces(words: Iterable[str]) -> Offers:
    """Return words as shells can take them, `first-word` for "first word"."""
    return {word.replace(" ", "-"): "" for word in words}


def plain_words(*words: str) -> Completer:
    """Return a completer of fixed words."""
    return offer(lambda _: dict.fromkeys(words, ""))


def _fields(scene: Scene) -> Offers:
    from cockpit.service.changes import field_names

    if not scene.words:
        return dict.fromkeys(field_names(scene.playbook), "")
    return _values(scene, scene.words[0]) if len(scene.words) == 1 else {}


def _values(scene: Scene, field: str) -> Offers:
    """Return the values that a field takes; for a role or an owner whoever is on the board."""
    from cockpit.domain.review import REVIEW_STATES
    from cockpit.domain.vocabulary import PublicStatus, Stage

    rules = scene.playbook
    if field == "status":
        return dict.fromkeys((each.value for each in PublicStatus), "")
    if field == "stage":
        return dict.fromkeys((each.value for each in Stage), "")
    if field == "severity":
        return {each.id: each.name for each in rules.severities}
    if field == "impact":
        return {each.id: each.name for each in rules.impacts}
    if field == "kind":
        return {each.id: each.name for each in rules.kinds}
    if field == "criterion":
        return {each.id: each.text for each in rules.criteria}
    if field == "pm.review":
        return without_spaces(REVIEW_STATES)
    return {}


def _people(scene: Scene) -> Offers:
    found = scene.view.stakeholders if scene.view else ()
    return {each.id: each.name for each in found if each.id not in scene.words}


def _sections(scene: Scene) -> Offers:
    if scene.words and scene.words[0]:
        return {}
    forms = scene.playbook.forms
    return {section.id: section.title for form in forms for section in form.sections}


def _quadrants(_: Scene) -> Offers:
    from cockpit.domain.vocabulary import Quadrant

    return without_spaces(each.value for each in Quadrant)


def _rings(_: Scene) -> Offers:
    from cockpit.domain.vocabulary import Ring

    return {each.audience: "" for each in Ring}


def _stages(_: Scene) -> Offers:
    from cockpit.domain.stages import STAGES

    return without_spaces(STAGES)


def _checks(scene: Scene) -> Offers:
    return dict.fromkeys(scene.playbook.closing.checks, "")


def _components(scene: Scene) -> Offers:
    from cockpit.domain.components import STATES, offered_components

    if scene.words:
        return dict.fromkeys(STATES.values(), "")
    return offered_components(scene.view, scene.playbook) if scene.view else {}


def _asked(scene: Scene) -> Offers:
    found = scene.view.response_actions if scene.view and not scene.words else ()
    return {each.id[:_ID_SHOWN]: each.title for each in found if each.state == "open"}


def _theories(scene: Scene) -> Offers:
    found = scene.view.hypotheses if scene.view and not scene.words else ()
    return {each.id[:_ID_SHOWN]: each.text for each in found if each.state == "open"}


def _action_items(scene: Scene) -> Offers:
    found = scene.shell.session.reads.action_items() if scene.exists else ()
    return {each.item.id[:_ID_SHOWN]: each.item.title for each in found if each.is_open}


def _item_kinds(_: Scene) -> Offers:
    from cockpit.domain.action_items import KINDS

    return dict.fromkeys(KINDS, "")


def _reviews(scene: Scene) -> Offers:
    return _values(scene, "pm.review") if not scene.words else {}


def _entry_kinds(_: Scene) -> Offers:
    from cockpit.domain.vocabulary import EntryKind

    return {each.value: "" for each in EntryKind}


complete_incident = offer(Scene.incidents)
complete_deleted = offer(Scene.deleted)
complete_reference = offer_words(lambda _: {})
complete_field = offer_words(_fields)
complete_person = offer_words(_people)
complete_section = offer_words(_sections)
complete_check = offer(_checks)
complete_component = offer_words(_components)
complete_asked = offer_words(_asked)
complete_theory = offer_words(_theories)
complete_action_item = offer(_action_items)
complete_review = offer_words(_reviews)
complete_item_kind = offer(_item_kinds)
complete_helped = plain_words("yes", "no", "unclear")
complete_level = plain_words("high", "low")
complete_quadrant = offer(_quadrants)
complete_ring = offer(_rings)
complete_stage = offer(_stages)
complete_entry_kind = offer(_entry_kinds)
complete_channel = offer(lambda scene: {each.id: each.name for each in scene.playbook.channels})
complete_severity = offer(lambda scene: _values(scene, "severity"))
complete_impact = offer(lambda scene: _values(scene, "impact"))
complete_kind = offer(lambda scene: _values(scene, "kind"))
complete_criterion = offer(lambda scene: _values(scene, "criterion"))
