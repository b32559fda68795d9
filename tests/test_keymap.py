"""The key table: no key twice where both can be pressed, and every mistake of a config is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key

from cockpit.errors import PlaybookError
from cockpit.keymap import (
    CONTEXTS,
    GROUPS,
    KEYS,
    TYPING_CONTEXTS,
    check_rebinding,
    find_key,
    footer_hints,
    help_lines,
    keys_of,
    keys_shown,
    library_keymap,
)
from cockpit.keymap.names import is_printable, key_problem, library_key
from cockpit.keymap.page import keys_page

ROOT = Path(__file__).parents[1]


def test_every_row_has_an_id_of_its_own_and_a_known_place():
    assert len({key.id for key in KEYS}) == len(KEYS)
    for key in KEYS:
        assert key.context in CONTEXTS
        assert not key.group or key.group in GROUPS
        assert key.help == key.help.strip()
        assert key.help


def test_no_key_stands_twice_in_one_context():
    for context in CONTEXTS:
        keys = [each for key in keys_of(context) for each in key.keys]
        assert len(keys) == len(set(keys)), context


def test_the_table_s_own_keys_can_be_used_in_a_terminal():
    for key in KEYS:
        for each in key.keys:
            assert key_problem(each) == "", key.id


def test_letters_stay_letters_while_typing():
    for context in TYPING_CONTEXTS:
        assert not [key.id for key in keys_of(context) for each in key.keys if is_printable(each)]


@pytest.mark.parametrize("character", [chr(code) for code in range(33, 127)])
def test_characters_are_called_as_the_library_calls_them(character):
    assert library_key(character) == _character_to_key(character)


def test_a_wish_is_taken():
    rebound = check_rebinding({"incident.copy": "Y, f5", "app.quit": "ctrl+q ctrl+x"})
    assert rebound["incident.copy"] == ("Y", "f5")
    assert library_keymap(rebound)["app.quit"] == "ctrl+q,ctrl+x"
    key = find_key("incident.copy")
    assert key is not None
    assert keys_shown(key, rebound) == ["Y", "f5"]
    assert keys_shown(key, {}) == ["c"]


def test_keys_can_be_swapped():
    rebound = check_rebinding({"incident.copy": "s", "incident.sent": "c"})
    assert rebound == {"incident.copy": ("s",), "incident.sent": ("c",)}


def test_a_comma_can_be_a_key():
    assert check_rebinding({"incident.zoom": ","}) == {"incident.zoom": (",",)}
    assert library_keymap({"incident.zoom": (",",)}) == {"incident.zoom": "comma"}


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"incident.cpoy": "y"}, "incident.copy"),
        ({"incident.copy": "ctrl+shft+y"}, "not the name of a key"),
        ({"incident.copy": "entr"}, "did you mean enter"),
        ({"incident.copy": "ctrl+h"}, "does not reach"),
        ({"incident.copy": "shift+enter"}, "does not reach"),
        ({"incident.copy": "ctrl+shift+c"}, "does not reach"),
        ({"incident.copy": "n"}, "incident.note"),
        ({"timeline.star": "c"}, "incident.copy"),
        ({"incident.copy": "?"}, "app.help"),
        ({"editor.save": "s"}, "lost for typing"),
        ({"app.quit": "", "home.quit": ""}, "no way to quit"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(wishes, words):
    with pytest.raises(PlaybookError, match=words.replace("?", r"\?")):
        check_rebinding(wishes)


@given(
    st.dictionaries(
        st.one_of(st.sampled_from([key.id for key in KEYS]), st.text(max_size=12)),
        st.text(max_size=14),
        max_size=4,
    )
)
def test_any_wish_is_taken_or_refused_in_words(wishes):
    try:
        rebound = check_rebinding(wishes)
    except PlaybookError:
        return
    assert set(rebound) == set(wishes)
    assert all(library_keymap(rebound).values())


def test_the_footer_shows_a_family_once_and_the_palette_last():
    active = {key.id for key in keys_of("incident", "app")}
    shown = [(keys, label) for keys, label, _ in footer_hints(active, {})]
    assert shown == [
        ("n", "Note"),
        ("1-4", "Panes"),
        ("c", "Copy update"),
        ("s", "Mark sent"),
        ("/", "Filter"),
        ("?", "Help"),
        ("^p", "palette"),
    ]


def test_the_footer_shows_a_person_s_own_key():
    active = {"incident.copy"}
    assert footer_hints(active, {"incident.copy": ("Y",)})[0][0] == "Y"


def test_the_help_shows_families_on_one_line():
    lines = help_lines(["list", "incident", "app"], {})
    assert ("1 2 3 4", "go to a pane") in [(each.keys, each.text) for each in lines["Move"]]
    assert list(lines) == [group for group in GROUPS if group in lines]
    plain = help_lines(["list"], {}, ascii_only=True)
    assert "down" in plain["Move"][0].keys


def test_the_page_of_the_docs_is_up_to_date():
    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == keys_page()
