"""Templates of updates: Markdown files with TOML front matter, and which one fits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import PurePath

import msgspec
from msgspec import Struct

from cockpit.domain.nearest import expected, nearest
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring
from cockpit.errors import InvalidInputError, PlaybookError

FIRST_WORD = "first word"
NO_NEWS = "no news"
STAGES = (FIRST_WORD, "investigating", "identified", "monitoring", "resolved", NO_NEWS)
ANY_KIND = "any"
VARIABLES = {
    "title": "the incident's title",
    "ref": "its reference, such as INC-42",
    "severity": "SEV1 to SEV4",
    "kind": "the id of its kind, such as outage or third-party",
    "status": "its public status",
    "impact": "high, medium or low",
    "impact_text": "what is affected, as noted with /impact",
    "customers_see": "what customers see, where that is written apart from the impact",
    "cause": "the cause, as noted with /cause (internal)",
    "next_step": "what comes next, as noted with /next (internal)",
    "doing": "what is being done, in words for that audience",
    "workaround": "what people can do meanwhile",
    "started_at": "when it began, such as 09:05 UTC",
    "now": "the time of writing",
    "next_update": "the time to promise, such as 09:30 UTC",
    "duration": "how long it lasts or lasted",
    "company": "from the playbook",
    "product": "from the playbook",
    "status_page": "from the playbook",
    "channel": "the id of the channel that the text is for",
}

_FENCE = "+++"
_DEFAULT_KIND = "outage"
_STAND_IN = {Ring.CORE.audience: Ring.SUPPORT.audience}
_NEWS = ("status", "severity", "impact", "stage", "kind")


class Template(Struct, frozen=True):
    """One update's wording for a stage and an audience.

    kinds: the kinds of incident it is written for ("any": all that have none of their own);
    channels: wordings of channels that need another than `body`, by the channel's id;
    status: the public status that the text announces, empty when it says nothing new.
    """

    id: str
    stage: str
    audience: str
    body: str
    kinds: tuple[str, ...] = (ANY_KIND,)
    channels: dict[str, str] = {}
    subject: str = ""
    status: str = ""
    title: str = ""

    def wording(self, channel: str) -> str:
        """Return the wording for a channel: its own one, or the body."""
        return self.channels.get(channel, self.body)


class _FrontMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands between the fences at a template's head."""

    stage: str
    audience: str
    id: str = ""
    kinds: tuple[str, ...] = (ANY_KIND,)
    subject: str = ""
    status: str | None = None
    title: str = ""
    channels: dict[str, str] = {}


def parse_template(name: str, text: str) -> Template:
    """Return the template in a file; `name` is its path in the templates folder."""
    front, body = _split(name, text)
    _refuse_unknown_keys(name, text, front)
    try:
        head = msgspec.convert(front, _FrontMatter)
    except msgspec.ValidationError as mistake:
        raise PlaybookError(f"{name}: {mistake}.".replace(" - at `$", " at `")) from None
    _require_word(name, text, "stage", head.stage, STAGES)
    _require_word(name, text, "audience", head.audience, [each.audience for each in Ring])
    statuses = [each.value for each in PublicStatus]
    status = _status_of(head.stage) if head.status is None else head.status
    if status:
        _require_word(name, text, "status", status, statuses)
    return Template(
        id=head.id or "/".join(PurePath(name.removesuffix(".md")).parts[-2:]),
        stage=head.stage,
        audience=head.audience,
        body=body,
        kinds=head.kinds or (ANY_KIND,),
        channels={channel: each.strip() for channel, each in head.channels.items()},
        subject=head.subject.strip(),
        status=status,
        title=head.title or f"{head.stage.capitalize()}, {head.audience}",
    )


def choose(templates: Iterable[Template], kind: str, stage: str, audience: str) -> Template:
    """Return the template that fits best: written for the kind, for an outage, or for any.

    The on-call team gets the wording of support; the template's `id` says which one it is.
    """
    _expect("a stage", stage, STAGES)
    _expect("an audience", audience, [each.audience for each in Ring])
    known = tuple(templates)
    for reader in (audience, _STAND_IN.get(audience, audience)):
        fitting = [each for each in known if each.stage == stage and each.audience == reader]
        for wanted in (kind, _DEFAULT_KIND, ANY_KIND):
            # The last one wins: a user's folder comes after the default's.
            if found := [each for each in fitting if wanted in each.kinds]:
                return found[-1]
    raise PlaybookError(
        f"There is no template for the stage “{stage}” and the audience “{audience}”.",
        "Add one to your templates folder (`cockpit where` names it).",
    )


def stage_for(view: IncidentView, audience: str = Ring.CUSTOMERS.audience) -> str:
    """Return the stage of the next update to an audience: what they have not been told yet.

    Nothing sent: the first word; another public status since, or something else learnt: that
    status; nothing new: "no news".
    """
    sent = [
        each
        for each in view.messages
        if each.msg.state is MessageState.SENT and each.msg.audience == audience
    ]
    if not sent:
        resolved = view.status is PublicStatus.RESOLVED
        return PublicStatus.RESOLVED.value if resolved else FIRST_WORD
    last_told = next((told for each in reversed(sent) if (told := _announced(each))), "")
    if last_told != view.status.value or view.status is PublicStatus.RESOLVED:
        return view.status.value
    learnt = any(each.field in _NEWS and each.at > sent[-1].at for each in view.changes)
    only_first = len(sent) == 1 and sent[0].msg.stage == FIRST_WORD
    return view.status.value if learnt or only_first else NO_NEWS


def _announced(message: OutgoingMessage) -> str:
    """Return the public status that a message told, empty when it told none."""
    return message.msg.status or _status_of(message.msg.stage)


def _status_of(stage: str) -> str:
    if stage == FIRST_WORD:
        return PublicStatus.INVESTIGATING.value
    return "" if stage == NO_NEWS or stage not in STAGES else stage


def _split(name: str, text: str) -> tuple[dict[str, object], str]:
    """Return the front matter's tables and the body."""
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    fences = [at for at, line in enumerate(lines) if line.rstrip() == _FENCE]
    if len(fences) < 2 or fences[0] != 0:
        hint = "A template begins with its settings (TOML) between two lines of +++."
        raise PlaybookError(f"{name}, line 1: there is no front matter.", hint)
    # An empty line in place of the fence keeps the line numbers of mistakes right.
    try:
        front = tomllib.loads("\n".join(["", *lines[1 : fences[1]]]))
    except tomllib.TOMLDecodeError as mistake:
        raise PlaybookError(f"{name}: the front matter is not valid TOML: {mistake}.") from None
    return front, "\n".join(lines[fences[1] + 1 :]).strip()


def _refuse_unknown_keys(name: str, text: str, front: Mapping[str, object]) -> None:
    known = [field.name for field in msgspec.structs.fields(_FrontMatter)]
    for key in front:
        if key not in known:
            guess = nearest(key, known)
            likely = f" Did you mean “{guess}”?" if guess else ""
            place = _place(name, text, key)
            hint = f"Keys here: {', '.join(known)}."
            raise PlaybookError(f"{place}: “{key}” is not a key of a template.{likely}", hint)


def _require_word(name: str, text: str, key: str, word: str, known: Iterable[str]) -> None:
    try:
        _expect(f"a template's {key}", word, known)
    except InvalidInputError as mistake:
        raise PlaybookError(f"{_place(name, text, key)}: {mistake.message}", mistake.hint) from None


def _expect(what: str, word: str, known: Iterable[str]) -> None:
    words = tuple(known)
    if word not in words:
        raise expected(what, word, words)


def _place(name: str, text: str, key: str) -> str:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith(key):
            return f"{name}, line {number}"
    return name
