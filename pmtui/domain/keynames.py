"""What a key is called in the settings, and which keys reach a program over SSH and tmux at all."""

import unicodedata

ARROWS = frozenset({"up", "down", "left", "right", "home", "end", "pageup", "pagedown"})
"""Keys that always move: they can be given to nothing else."""

NAMED = ("enter", "space", "tab", "backspace", "delete", "insert", "escape", *sorted(ARROWS))
"""Keys with a name instead of a character."""

_CALLED = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown",
    "pgdown": "pagedown", "⏎": "enter", "↑": "up", "↓": "down", "←": "left", "→": "right",
}  # fmt: skip
_RENAMED = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
_FUNCTION = tuple(f"f{number}" for number in range(1, 13))
_CHARACTERS = [chr(code) for code in range(0x21, 0x7F)]
_LOST = {"alt", "meta", "super", "hyper", "cmd", "option"}
_UNSAFE_CTRL = {
    "a": "screen and many tmux take it", "b": "tmux takes it", "h": "it is Backspace", "i": "it is Tab",
    "j": "it is Enter", "m": "it is Enter", "z": "it goes to the shell",
}  # fmt: skip
_OURS_CTRL = {"c": "interrupts", "l": "draws the screen again", "q": "leaves"}

ALLOWED = "a character such as d, D or %, enter, space, tab, backspace, delete, insert, f1 to f12, ctrl+t, shift+left"
"""What a key may be, in words."""


def read_key(text: str) -> str:
    """A key as Textual names it, of what people write: ``?``, ``D``, ``enter``, ``ctrl+t``, ``shift+left``.

    Raises ``ValueError`` with the reason where the key is unknown, or does not arrive safely in every terminal.
    """
    if len(text) == 1 and text not in _CALLED:
        return _of_character(text)
    name = _CALLED.get(text.strip().lower(), text.strip().lower())
    if name in NAMED or name in _FUNCTION:
        return name
    modifiers, _, last = name.rpartition("+")
    if modifiers:
        return _with_modifiers(set(modifiers.split("+")), _CALLED.get(last, last))
    for character in _CHARACTERS:
        if name == _of_character(character) and len(name) > 1:
            return name
    raise ValueError(f"no such key; allowed: {ALLOWED}")


def _of_character(character: str) -> str:
    if character == " ":
        return "space"
    if not character.isprintable() or unicodedata.combining(character):
        raise ValueError(f"no such key; allowed: {ALLOWED}")
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


def _with_modifiers(modifiers: set[str], key: str) -> str:
    if modifiers & _LOST:
        raise ValueError("Alt and its like are lost, or waited for, in tmux and over SSH; allowed: " + ALLOWED)
    if modifiers == {"ctrl"} and len(key) == 1 and key.isascii() and key.isalpha():
        why = _UNSAFE_CTRL.get(key)
        if why:
            raise ValueError(f"does not arrive safely: {why}; allowed: {ALLOWED}")
        if key in _OURS_CTRL:
            raise ValueError(f"always {_OURS_CTRL[key]} and can't be taken; allowed: {ALLOWED}")
        return f"ctrl+{key}"
    if modifiers == {"ctrl", "shift"}:
        raise ValueError(f"Ctrl+Shift does not arrive in most terminals; allowed: {ALLOWED}")
    if modifiers == {"shift"}:
        if len(key) == 1 and key.isalpha():
            raise ValueError(f"write the capital letter: {key.upper()}")
        if key in ARROWS or key == "tab":
            return f"shift+{key}"
        raise ValueError(f"Shift does not arrive with this key in most terminals; allowed: {ALLOWED}")
    raise ValueError(f"no such key; allowed: {ALLOWED}")
