"""Templates to texts: the one place that knows the template language (Jinja2, sandboxed).

Whatever people typed is data: it is inserted, never evaluated. A variable that is unknown or
empty stays visible in the text as `{name}` and is reported; it is never silently blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.phrases import make_sentence, shorten, strip_end, tidy
from cockpit.domain.playbook import Channel
from cockpit.domain.sms import plain_marks, sms_length
from cockpit.domain.stages import promises_next
from cockpit.domain.template_parts import LEAD, PARTS, parts_for
from cockpit.domain.templates import FRAME, Template
from cockpit.errors import PlaybookError

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

_ROOMS = (1.0, 0.8, 0.6, 0.4, 0.25)
_MOST = (120, 90, 70, 55, 45, 35, 28, 22, 16, 12)
"""Characters to which typed words are cut, one after the other, until a short text fits."""

_TYPED = (
    "title",
    "impact_text",
    "customers_see",
    "cause",
    "next_step",
    "doing",
    "workaround",
    "findings",
    "eliminated",
    "asked",
)
_BRIEF = "brief"
_CLOSING = "closing"
_LINK = "link"
_LAST = "last"
_STAGE = "stage"
_ROOM = "_room"
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the name of an unfilled variable until the text is done: characters of nobody's words."""

_CUT_OFF = "\ue002"
"""Where typed words were cut: three dots, which no filter takes for the end of a sentence."""

_MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_OURS = frozenset((*PARTS, _LINK, _LAST, _STAGE, _ROOM, "channel"))
"""Names that the rendering itself fills in; they are not variables that a person could fill."""

_LONE_TAG = re.compile(r"\{%(?:(?!%\}).)*%\}")
_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_][a-z0-9_]{0,40})\}(?!\})")


class Rendered(Struct, frozen=True):
    """A text ready to be read over, its subject, and what it lacks.

    unfilled: variables that stand as `{name}` in text or subject; variables: all that the
    wording asks for, in order of their names.
    """

    text: str
    subject: str = ""
    unfilled: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


def render(template: Template, variables: Mapping[str, object], channel: Channel) -> Rendered:
    """Return a template's text for a channel, with `variables` filled in.

    Where the channel has a limit, a text made of parts takes the brief lead and then cuts what
    people typed, in whole words, until it fits; in another wording, the passages that it marks
    with `short` are cut.
    """
    given = {name: _plain(value) for name, value in variables.items() if value not in (None, "")}
    given["channel"] = channel.id
    writer = _Writer(template.id)
    if template.parts and channel.id not in template.channels:
        rendered = _put_together(writer, template, given, channel)
    else:
        rendered = _write_whole(writer, template, given, channel)
    if not (channel.subject and template.subject):
        return rendered
    subject = writer.write(template.subject, given)
    unfilled = dict.fromkeys((*subject.unfilled, *rendered.unfilled))
    names = {*subject.variables, *rendered.variables}
    one_line = " ".join(subject.text.split())
    return Rendered(rendered.text, one_line, tuple(unfilled), tuple(sorted(names)))


def find_unfilled(text: str) -> tuple[str, ...]:
    """Return the names that still stand as `{name}` in a text, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def check_template(template: Template) -> None:
    """Refuse a template whose wording is not valid; the error names the line of the wording."""
    whole = () if template.parts else (template.body,)
    wordings = (*whole, *template.parts.values(), template.subject, template.narrow)
    writer = _Writer(template.id)
    for wording in (*wordings, *template.channels.values()):
        writer.write(wording, {})


def _write_whole(
    writer: _Writer, template: Template, given: dict[str, object], channel: Channel
) -> Rendered:
    """Write a channel's own wording, or a body without parts."""
    wording = template.wording(channel.id)
    given = _ours(template, given, channel) | given
    for name, part in parts_for(template.parts, str(given.get("kind", ""))).items():
        given[name] = writer.write(part, given).text
    rendered = writer.write(wording, given)
    limit = channel.limit or channel.segment
    for room in _ROOMS[1:] if limit else ():
        if len(rendered.text) <= limit:
            break
        rendered = writer.write(wording, given, room)
    return rendered


def _put_together(
    writer: _Writer, template: Template, given: dict[str, object], channel: Channel
) -> Rendered:
    """Put a template's parts together as the audience's frame says for that channel."""
    parts = parts_for(template.parts, str(given.get("kind", "")))
    frame = template.frame or Template("", FRAME, template.audience, _plain_frame(parts))
    limit = channel.limit or channel.segment
    narrow = frame.narrow if limit else ""
    wording = frame.channels.get(channel.id) or narrow or frame.body
    ours = _ours(template, given, channel)
    if channel.segment:
        given = {name: _plain_marks(value) for name, value in given.items()}
    if not limit:
        return writer.write_parts(wording, parts, given | ours)
    rendered = Rendered("")
    for chosen, most in _attempts(parts, channel):
        cut = {name: _cut(name, value, most) for name, value in given.items()}
        written = writer.write_parts(wording, chosen, cut | ours)
        rendered = replace(written, text=_show_cuts(" ".join(written.text.split())))
        length = sms_length(rendered.text) if channel.segment else len(rendered.text)
        if length <= limit:
            break
    return rendered


def _ours(template: Template, given: Mapping[str, object], channel: Channel) -> dict[str, object]:
    """Return what a template made of parts may ask for beside the variables.

    A part that it does not have is empty: that is no gap in its text.
    """
    if not template.parts:
        return {}
    link = "" if channel.primary else given.get("status_page", "")
    parts: dict[str, object] = dict.fromkeys(PARTS, "")
    stage = template.stage
    return parts | {_STAGE: stage, _LAST: not promises_next(stage), _LINK: link}


def _attempts(parts: Mapping[str, str], channel: Channel) -> Iterator[tuple[dict[str, str], int]]:
    """Yield what to try in a narrow channel: which parts, and how far to cut (0: not at all).

    A text message is brief in any case; elsewhere the lead stands as long as there is room.
    """
    short = dict(parts)
    short[LEAD] = parts.get(_BRIEF) or parts[LEAD]
    for each in (short,) if channel.segment else (dict(parts), short):
        yield each, 0
        yield each | {_CLOSING: ""}, 0
    for most in _MOST:
        yield short | {_CLOSING: ""}, most


def _cut(name: str, value: object, most: int) -> object:
    """Return a value; a typed one has at most `most` characters (0: all), and its cut marked."""
    if not most or name not in _TYPED:
        return value
    typed = strip_end(str(value))
    cut = shorten(typed, most)
    return cut if cut == typed else cut.removesuffix("...") + _CUT_OFF


def _show_cuts(text: str) -> str:
    """Return a text with three dots where it was cut, also where a full stop would follow."""
    return text.replace(f"{_CUT_OFF}.", "...").replace(_CUT_OFF, "...")


def _plain_frame(parts: Mapping[str, str]) -> str:
    """Return a frame for an audience that has none: part after part."""
    names = [name for name in PARTS if name in parts and name != _BRIEF]
    return "\n\n".join(f"{{{{ {name} }}}}" for name in names)


class _Writer:
    """Writes wordings of one template, whose name stands in what it says about mistakes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, wording: str, given: Mapping[str, object], room: float = 1.0) -> Rendered:
        """Return a wording filled in; `room` (0 to 1) is the share left for what may be cut."""
        compiled = self._compile(wording)
        text = self._fill(compiled, {**given, _ROOM: room})
        return _finish(text, compiled.names)

    def write_parts(
        self, frame: str, parts: Mapping[str, str], given: Mapping[str, object]
    ) -> Rendered:
        """Return a frame filled with those of the parts that it asks for."""
        compiled = self._compile(frame)
        used = {name: self._compile(parts[name]) for name in parts if name in compiled.names}
        texts = {name: tidy(self._fill(each, given)) for name, each in used.items()}
        text = self._fill(compiled, {**given, **texts})
        return _finish(text, compiled.names.union(*(each.names for each in used.values())))

    def _compile(self, wording: str) -> _Compiled:
        from jinja2 import TemplateSyntaxError

        try:
            return _compile(wording)
        except TemplateSyntaxError as mistake:
            where = f"the template “{self._name}”, line {mistake.lineno} of the wording"
            raise PlaybookError(f"There is a mistake in {where}: {mistake.message}") from None

    def _fill(self, compiled: _Compiled, given: Mapping[str, object]) -> str:
        from jinja2 import TemplateError

        try:
            return str(compiled.template.render(given))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as mistake:
            text = f"The template “{self._name}” cannot be filled in: {mistake}."
            raise PlaybookError(text) from None


class _Compiled(NamedTuple):
    """A wording ready to be filled in, and the names that it asks for."""

    template: Any
    names: frozenset[str]


@lru_cache(maxsize=1024)
def _compile(wording: str) -> _Compiled:
    from jinja2 import meta

    environment = _environment()
    source = "\n".join(_keep_line_end(line) for line in wording.split("\n"))
    names = frozenset(meta.find_undeclared_variables(environment.parse(source)))
    return _Compiled(environment.from_string(source), names)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import Undefined, pass_context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Visible(Undefined):
        """A variable that nothing fills: printed between marks that `_finish` finds again."""

        __slots__ = ()

        def __str__(self) -> str:
            return f"{_OPEN}{self._undefined_name or '?'}{_CLOSE}"

    @pass_context
    def short(context: Any, text: Any, most: int) -> Any:
        """Return at most `most` characters (fewer when the channel is narrow), whole words."""
        if isinstance(text, Undefined):
            return text
        return shorten(str(text), int(most * context.get(_ROOM, 1.0)))

    # Plain text goes out, not HTML: escaping would put &amp; into an SMS.
    environment = ImmutableSandboxedEnvironment(
        undefined=Visible, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters["sentence"] = _if_known(Undefined, make_sentence)
    environment.filters["phrase"] = _if_known(Undefined, strip_end)
    environment.filters["short"] = short
    return environment


def _finish(text: str, names: Iterable[str]) -> Rendered:
    """Return a text in which unfilled variables stand as `{name}`, and what it asks for."""
    unfilled = dict.fromkeys(_MARKED.findall(text))
    asked = tuple(sorted(set(names) - _OURS))
    return Rendered(tidy(_MARKED.sub(r"{\1}", text)), "", tuple(unfilled), asked)


def _keep_line_end(line: str) -> str:
    """Return a line of a wording whose end is kept, unless a tag is all that stands in it."""
    bare = line.strip()
    if bare.endswith("%}") and not bare.endswith(("-%}", "+%}")) and not _LONE_TAG.fullmatch(bare):
        return line.rstrip().removesuffix("%}") + "+%}"
    return line


def _if_known(undefined: type, change: Callable[..., str]) -> Callable[..., Any]:
    """Return a filter that lets an unfilled variable through, so that it stays visible."""

    def changed(value: object, *args: Any) -> Any:
        return value if isinstance(value, undefined) else change(str(value), *args)

    return changed


def _plain(value: object) -> object:
    """Return a value without methods that a template could call for harm, and without our marks."""
    if isinstance(value, int | float) and type(value) in (int, float, bool):
        return value
    return re.sub(f"[{_OPEN}{_CLOSE}{_CUT_OFF}]", "", str(value))


def _plain_marks(value: object) -> object:
    return plain_marks(value) if isinstance(value, str) else value
