"""The colours: every one stands in the xterm-256 ramp or cube, so that no terminal bends it.

Three levels of text (`bright`, `text`, `muted`), colour only for a meaning (`late`, `soon`,
`told`, the severities). `faint` and `hairline` are decoration and never carry words.
"""

from __future__ import annotations

from textual.theme import Theme

# What our styles may name with a `$`, and what it is in each theme.
_COLOURS: dict[str, dict[str, str]] = {
    "night": {
        "ground": "#121212",
        "raised": "#1c1c1c",
        "bright": "#eeeeee",
        "text": "#d0d0d0",
        "muted": "#8a8a8a",
        "faint": "#6c6c6c",
        "hairline": "#303030",
        "band": "#1c1c1c",
        "band-focus": "#303030",
        "cursor": "#303030",
        "cursor-muted": "#a8a8a8",
        "cursor-late": "#ff8787",
        "cursor-soon": "#d7af5f",
        "field": "#1c1c1c",
        "soon": "#d7af5f",
        "late": "#ff5f5f",
        "told": "#87af87",
        "sev1": "#ff5f5f",
        "sev2": "#d7af5f",
        "sev1-badge": "#af0000",
        "sev2-badge": "#d7af5f",
        "sev3-badge": "#4e4e4e",
        "sev4-badge": "#303030",
        "badge-light": "#eeeeee",
        "badge-dark": "#121212",
        "selection": "#005f87",
    },
    "day": {
        "ground": "#eeeeee",
        "raised": "#e4e4e4",
        "bright": "#080808",
        "text": "#303030",
        "muted": "#626262",
        "faint": "#8a8a8a",
        "hairline": "#c6c6c6",
        "band": "#e4e4e4",
        "band-focus": "#dadada",
        "cursor": "#dadada",
        "cursor-muted": "#4e4e4e",
        "cursor-late": "#af0000",
        "cursor-soon": "#5f5f00",
        "field": "#e4e4e4",
        "soon": "#875f00",
        "late": "#af0000",
        "told": "#005f00",
        "sev1": "#af0000",
        "sev2": "#875f00",
        "sev1-badge": "#af0000",
        "sev2-badge": "#d7af5f",
        "sev3-badge": "#bcbcbc",
        "sev4-badge": "#d0d0d0",
        "badge-light": "#eeeeee",
        "badge-dark": "#121212",
        "selection": "#afd7ff",
    },
    "contrast": {
        "ground": "#000000",
        "raised": "#121212",
        "bright": "#ffffff",
        "text": "#ffffff",
        "muted": "#c6c6c6",
        "faint": "#8a8a8a",
        "hairline": "#8a8a8a",
        "band": "#262626",
        "band-focus": "#3a3a3a",
        "cursor": "#3a3a3a",
        "cursor-muted": "#eeeeee",
        "cursor-late": "#ff8787",
        "cursor-soon": "#ffd75f",
        "field": "#262626",
        "soon": "#ffd75f",
        "late": "#ff8787",
        "told": "#87ff87",
        "sev1": "#ff8787",
        "sev2": "#ffd75f",
        "sev1-badge": "#af0000",
        "sev2-badge": "#ffd75f",
        "sev3-badge": "#4e4e4e",
        "sev4-badge": "#303030",
        "badge-light": "#ffffff",
        "badge-dark": "#000000",
        "selection": "#005faf",
    },
    "sixteen": {
        "ground": "ansi_black",
        "raised": "ansi_black",
        "bright": "ansi_bright_white",
        "text": "ansi_white",
        "muted": "ansi_white",
        "faint": "ansi_bright_black",
        "hairline": "ansi_bright_black",
        "band": "ansi_black",
        "band-focus": "ansi_blue",
        "cursor": "ansi_blue",
        "cursor-muted": "ansi_bright_white",
        "cursor-late": "ansi_bright_white",
        "cursor-soon": "ansi_bright_white",
        "field": "ansi_black",
        "soon": "ansi_bright_yellow",
        "late": "ansi_bright_red",
        "told": "ansi_bright_green",
        "sev1": "ansi_bright_red",
        "sev2": "ansi_bright_yellow",
        "sev1-badge": "ansi_red",
        "sev2-badge": "ansi_yellow",
        "sev3-badge": "ansi_blue",
        "sev4-badge": "ansi_black",
        "badge-light": "ansi_bright_white",
        "badge-dark": "ansi_black",
        "selection": "ansi_blue",
    },
}

OWN_GROUNDS = """
Input:ansi, Input:ansi:focus { background: $field; color: $bright; }
Input:ansi > .input--placeholder, Input:ansi > .input--suggestion { color: $muted; }
TextArea:ansi, TextArea:ansi:focus { background: $ground; }
"""
"""Styles of the app: the library's fields would stand on the terminal's own ground, which may be
white, while our words are made for ours."""

# The words that carry meaning, and the grounds on which each may stand.
READABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("bright", ("ground", "raised", "band", "band-focus", "cursor", "field", "selection")),
    ("text", ("ground", "raised", "band", "band-focus", "cursor", "field", "selection")),
    ("muted", ("ground", "raised", "band", "field")),
    ("cursor-muted", ("cursor", "band-focus")),
    ("cursor-late", ("cursor",)),
    ("cursor-soon", ("cursor",)),
    ("told", ("cursor",)),
    ("soon", ("ground", "raised")),
    ("late", ("ground", "raised")),
    ("told", ("ground", "raised")),
    ("sev1", ("ground", "raised")),
    ("sev2", ("ground", "raised")),
    ("badge-light", ("sev1-badge",)),
    ("badge-dark", ("sev2-badge",)),
    ("bright", ("sev3-badge", "sev4-badge")),
)


def colours(theme: str) -> dict[str, str]:
    """Return our own colour names and their values in a theme, night for an unknown one."""
    return dict(_COLOURS.get(theme, _COLOURS["night"]))


def cockpit_themes() -> tuple[Theme, ...]:
    """Return the four themes: night, day, contrast and sixteen."""
    return tuple(_theme(name, ours) for name, ours in _COLOURS.items())


def _theme(name: str, ours: dict[str, str]) -> Theme:
    return Theme(
        name=name,
        primary=ours["bright"],
        secondary=ours["muted"],
        warning=ours["soon"],
        error=ours["late"],
        success=ours["told"],
        accent=ours["bright"],
        foreground=ours["text"],
        background=ours["ground"],
        surface=ours["ground"],
        panel=ours["raised"],
        boost=ours["raised"],
        dark=name != "day",
        ansi=name == "sixteen",
        text_alpha=1.0,
        variables=ours | _library_variables(ours),
    )


def _library_variables(ours: dict[str, str]) -> dict[str, str]:
    """Return the library's own variables in our colours: it would mix tints between the steps."""
    return {
        "ansi-background": ours["ground"],
        "ansi-foreground": ours["text"],
        "text-muted": ours["muted"],
        "text-disabled": ours["muted"],
        "text-primary": ours["bright"],
        "text-accent": ours["bright"],
        "text-error": ours["late"],
        "text-warning": ours["soon"],
        "text-success": ours["told"],
        "foreground-muted": ours["muted"],
        "foreground-disabled": ours["muted"],
        "block-cursor-foreground": ours["bright"],
        "block-cursor-background": ours["cursor"],
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": ours["text"],
        "block-cursor-blurred-background": ours["band"],
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": ours["band"],
        "border": ours["hairline"],
        "border-blurred": ours["hairline"],
        "input-cursor-background": ours["bright"],
        "input-cursor-foreground": ours["ground"],
        "input-cursor-text-style": "none",
        "input-selection-background": ours["selection"],
        "input-selection-foreground": ours["bright"],
        "screen-selection-background": ours["selection"],
        "screen-selection-foreground": ours["bright"],
        "scrollbar": ours["hairline"],
        "scrollbar-hover": ours["faint"],
        "scrollbar-active": ours["faint"],
        "scrollbar-background": ours["ground"],
        "scrollbar-background-hover": ours["ground"],
        "scrollbar-background-active": ours["ground"],
        "scrollbar-corner-color": ours["ground"],
        "link-color": ours["bright"],
        "link-background": ours["ground"],
        "link-color-hover": ours["bright"],
        "link-background-hover": ours["cursor"],
    } | {
        f"markdown-h{level}-{part}": value
        for level in range(1, 7)
        for part, value in (
            ("color", ours["bright"]),
            ("background", "transparent"),
            ("text-style", "bold"),
        )
    }
