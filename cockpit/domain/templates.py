"""Templates of updates: Markdown files with TOML front matter, and which one fits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import PurePath

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.nearest import expected, nearest
from cockpit.domain.stages import STAGES, stages_for, told_status
from cockpit.domain.template_parts import Parts, split_parts
from cockpit.domain.vocabulary import PublicStatus, Ring
from cockpit.errors import InvalidInputError, PlaybookError

ANY_KIND = "any"
FRAME = "frame"
"""The stage of a file that says how the parts of an audience's templates are put together."""

_FENCE = "+++"
_DEFAULT_KIND = "outage"
_STAND_IN = {Ring.CORE.audience: Ring.SUPPORT.audience}


class Template(Struct, frozen=True):
    """One update's wording for a stage and an audience.

    kinds: the kinds of incident it is written for ("any": all that have none of their own);
    body: the whole text, or its parts; channels: wordings of channels that need another one, by
    the channel's id; status: the public status that the text announces, empty when it says
    nothing new; narrow: a frame's wording for channels with a limit; frame: how the parts are put
    together, None for a template without parts.
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
    narrow: str = ""
    parts: Parts = {}
    frame: Template | None = None

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
    narrow: str = ""
    channels: dict[str, str] = {}


def parse_template(name: str, text: str) -> Template:
    """Return the template in a file; `name` is its path in the templates folder."""
    front, body, line = _split(name, text)
    _refuse_unknown_keys(name, text, front)
    try:
        head = msgspec.convert(front, _FrontMatter)
    except msgspec.ValidationError as mistake:
        raise PlaybookError(f"{name}: {mistake}.".replace(" - at `$", " at `")) from None
    _require_word(name, text, "stage", head.stage, (*STAGES, FRAME))
    _require_word(name, text, "audience", head.audience, [each.audience for each in Ring])
    statuses = [each.value for each in PublicStatus]
    status = told_status(head.stage) if head.status is None else head.status
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
        narrow=head.narrow.strip(),
        parts={} if head.stage == FRAME else split_parts(name, body, line),
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
                return _with_frame(found[-1], known)
    raise PlaybookError(
        f"There is no template for the stage “{stage}” and the audience “{audience}”.",
        "Add one to your templates folder (`cockpit where` names it).",
    )


def stages_offered(templates: Iterable[Template], kind: str) -> tuple[str, ...]:
    """Return the stages of a kind, and others for which somebody wrote a template for that kind."""
    own = {each.stage for each in templates if kind in each.kinds and each.stage != FRAME}
    usual = stages_for(kind)
    return (*usual, *(each for each in STAGES if each in own and each not in usual))


def _with_frame(template: Template, known: Iterable[Template]) -> Template:
    """Return a template made of parts together with its audience's frame."""
    if not template.parts:
        return template
    frames = [each for each in known if each.stage == FRAME and each.audience == template.audience]
    return replace(template, frame=frames[-1]) if frames else template


def _split(name: str, text: str) -> tuple[dict[str, object], str, int]:
    """Return the front matter's tables, the body, and the line where the body begins."""
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
    body = lines[fences[1] + 1 :]
    blank = next((at for at, line in enumerate(body) if line.strip()), 0)
    return front, "\n".join(body).strip(), fences[1] + blank + 2


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
