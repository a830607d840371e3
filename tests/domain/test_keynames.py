import pytest
from textual.keys import _character_to_key

from pmtui.domain.keynames import read_key
from pmtui.keymap import ACTIONS, shown_key

PRINTABLE = [chr(code) for code in range(0x21, 0x7F)]


@pytest.mark.parametrize("character", [*PRINTABLE, "é", "ß", "§"])
def test_a_character_is_the_key_that_textual_names_so(character):
    assert read_key(character) == _character_to_key(character)


@pytest.mark.parametrize("character", PRINTABLE)
def test_a_key_is_shown_as_it_is_on_the_keyboard(character):
    assert shown_key(read_key(character)) == character


def test_every_key_of_the_table_can_be_written_as_it_is_shown_and_as_it_is_named():
    for key in {key for action in ACTIONS for key in action.default}:
        assert read_key(key) == key
        assert read_key(shown_key(key)) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [("Esc", "escape"), ("PgDn", "pagedown"), ("Ctrl+T", "ctrl+t"), ("shift+left", "shift+left"), (" ", "space"), ("F2", "f2")],
)  # fmt: skip
def test_keys_with_names(text, key):
    assert read_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "alt+x",
        "meta+x",
        *(f"ctrl+{letter}" for letter in "abhijmz"),
        "ctrl+c",
        "ctrl+q",
        "ctrl+l",
        "ctrl+shift+x",
        "shift+enter",
        "shift+space",
        "shift+d",
        "ctrl+1",
        "ctrl+left",
        "foo",
        "",
        "dd",
        "\x1b",
        "́",
        "f13",
        "+d",
    ],
)
def test_keys_that_do_not_arrive_or_are_none_are_refused(text):
    with pytest.raises(ValueError, match=r"allowed|capital"):
        read_key(text)
