"""The timeline's filter as people type it: words, `/kind` and `*` for starred entries."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import EntryKind
from cockpit.widgets.marks import marks

_WORDS = {
    "finding": EntryKind.OBSERVATION,
    "alert": EntryKind.OBSERVATION,
    "told": EntryKind.COMMUNICATION,
    "update": EntryKind.COMMUNICATION,
}


def parse_filter(text: str, base: TimelineFilter) -> TimelineFilter:
    """Return `base` with the words, kinds and star that `text` asks for.

    A kind may be cut short (`/dec`); a word that begins no kind is searched for as it stands.
    """
    words: list[str] = []
    kinds: list[str] = []
    starred = base.starred
    for word in text.split():
        found = _kinds(word[1:].casefold()) if word.startswith("/") else ()
        if word == "*":
            starred = True
        elif found:
            kinds += found
        elif word != "/":
            words.append(word)
    return replace(base, text=" ".join(words), kinds=tuple(dict.fromkeys(kinds)), starred=starred)


def _kinds(word: str) -> tuple[str, ...]:
    if not word:
        return ()
    named = {**_WORDS, **{kind.value: kind for kind in EntryKind}}
    return tuple(kind.value for name, kind in named.items() if name.startswith(word))


def filter_words(shown: TimelineFilter) -> str:
    """Return what a filter shows in a few words, empty when it shows everything."""
    parts = [marks().prose("“") + shown.text + marks().prose("”")] if shown.text else []
    parts += [", ".join(shown.kinds)] if shown.kinds else []
    parts += ["starred"] if shown.starred else []
    parts += ["with deleted ones"] if shown.hidden else []
    return ", ".join(parts)
