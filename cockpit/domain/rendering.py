"""Templates to texts: the one place that knows the template language (Jinja2, sandboxed).

Whatever people typed is data: it is inserted, never evaluated. A variable that is unknown or
empty stays visible in the text as `{name}` and is reported; it is never silently blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cockpit.domain.playbook import Channel
from cockpit.domain.templates import Template
from cockpit.errors import PlaybookError

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

_ROOMS = (1.0, 0.8, 0.6, 0.4, 0.25)
_LEAST_WORDS = 12
_ENDS = ".!?…:;"
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

    Where the channel has a limit, the passages that the wording marks with `short` are cut
    further until the text fits.
    """
    wording = template.wording(channel.id)
    given = {name: _plain(value) for name, value in variables.items() if value not in (None, "")}
    given["channel"] = channel.id
    limit = channel.limit or channel.segment
    rendered = _Pass(template.id, given, 1.0).fill(wording)
    for room in _ROOMS[1:] if limit else ():
        if len(rendered.text) <= limit:
            break
        rendered = _Pass(template.id, given, room).fill(wording)
    if not (channel.subject and template.subject):
        return rendered
    subject = _Pass(template.id, given, 1.0).fill(template.subject)
    unfilled = dict.fromkeys((*subject.unfilled, *rendered.unfilled))
    names = {*subject.variables, *rendered.variables}
    one_line = " ".join(subject.text.split())
    return Rendered(rendered.text, one_line, tuple(unfilled), tuple(sorted(names)))


def find_unfilled(text: str) -> tuple[str, ...]:
    """Return the names that still stand as `{name}` in a text, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def check_template(template: Template) -> None:
    """Refuse a template whose wording is not valid; the error names the line of the wording."""
    for wording in (template.body, template.subject, *template.channels.values()):
        _Pass(template.id, {}, 1.0).fill(wording)


class _Pass:
    """One pass over one wording: `room` (0 to 1) is the share left for what may be cut."""

    def __init__(self, name: str, given: Mapping[str, object], room: float) -> None:
        self._name = name
        self._given = given
        self._room = room
        self._unfilled: dict[str, None] = {}

    def fill(self, wording: str) -> Rendered:
        """Return the wording with its variables filled in."""
        from jinja2 import TemplateError, TemplateSyntaxError, meta

        environment = self._environment()
        source = "\n".join(_keep_line_end(line) for line in wording.split("\n"))
        try:
            names = meta.find_undeclared_variables(environment.parse(source))
            text = environment.from_string(source).render(self._given)
        except TemplateSyntaxError as mistake:
            where = f"the template “{self._name}”, line {mistake.lineno} of the wording"
            raise PlaybookError(f"There is a mistake in {where}: {mistake.message}") from None
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as mistake:
            text = f"The template “{self._name}” cannot be filled in: {mistake}."
            raise PlaybookError(text) from None
        asked = tuple(sorted(names - {"channel"}))
        return Rendered(_tidy(text), "", tuple(self._unfilled), asked)

    def _environment(self) -> ImmutableSandboxedEnvironment:
        from jinja2 import Undefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        unfilled = self._unfilled

        class Visible(Undefined):
            """A variable that nothing fills: printed as `{name}` and remembered."""

            __slots__ = ()

            def __str__(self) -> str:
                name = self._undefined_name or "?"
                unfilled[name] = None
                return f"{{{name}}}"

        # Plain text goes out, not HTML: escaping would put &amp; into an SMS.
        environment = ImmutableSandboxedEnvironment(
            undefined=Visible, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        environment.filters["sentence"] = _if_known(Undefined, _make_sentence)
        environment.filters["phrase"] = _if_known(Undefined, _strip_end)
        environment.filters["short"] = _if_known(Undefined, self._shorten)
        return environment

    def _shorten(self, text: str, most: int) -> str:
        """Return at most `most` characters (fewer when the channel is narrow), whole words."""
        room = max(_LEAST_WORDS, int(most * self._room))
        if len(text) <= room:
            return text
        head = text[: room - 3]
        if " " in head:
            head = head.rsplit(" ", 1)[0]
        # Three dots, not "…": that character alone would turn an SMS of 160 into one of 70.
        return head.rstrip(" ,;:.-") + "..."


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


def _make_sentence(text: str) -> str:
    """Return a text that begins with a capital and ends as a sentence does."""
    text = text.strip()
    if not text:
        return text
    first = text.split(None, 1)[0]
    # A word such as "eBay" or "v413" is written as it is.
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    return text if text[-1] in _ENDS else f"{text}."


def _strip_end(text: str) -> str:
    """Return a text without the dot at its end, to go on after it."""
    return text.strip().rstrip(".!;: ")


def _plain(value: object) -> object:
    """Return a value without methods that a template could call for harm."""
    return value if type(value) in (str, int, float, bool) else str(value)


def _tidy(text: str) -> str:
    """Return a text without the blank lines and spaces that absent passages leave behind."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
