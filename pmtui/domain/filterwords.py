"""The words of a filter, with the places where they stand."""

import re

import msgspec

from pmtui.domain.text import fold

OPERATORS = frozenset({"and", "or", "not"})

_PIECE = re.compile(r"\s*(?:(?P<not>-(?=[^\s)]))|(?P<open>\()|(?P<close>\))|(?P<word>(?:\"[^\"]*(?:\"|$)|[^\s\"])+))")
_COMPARISON = re.compile(r"(?P<name>[^\W\d_][\w%\-]*)(?P<how><=|>=|!=|:|=|<|>)(?P<value>.*)", re.DOTALL)
_ADDRESS = re.compile(r"[\w+.\-]+:[/\\]")


class Token(msgspec.Struct, frozen=True):
    """A word of a filter: an operator, a comparison (``name``, ``how``, ``value``), or plain text.

    ``start`` and ``end`` are places in the filter's text; the value begins at ``value_start``.
    """

    text: str
    start: int
    end: int
    operator: str = ""
    name: str = ""
    how: str = ""
    value: str = ""
    value_start: int = 0
    quoted: bool = False


def tokens_of(text: str) -> list[Token]:
    """The words of a filter."""
    tokens: list[Token] = []
    depth = at = 0
    while found := _PIECE.match(text, at):
        start, end = found.start(found.lastgroup or 0), found.end()
        if found["word"] is None:
            operator = "not" if found["not"] else found[0].strip()
            depth += {"(": 1, ")": -1}.get(operator, 0)
            tokens.append(Token(found[0].strip(), start, end, operator))
        else:
            word = _without_closing(found["word"], depth)
            end = start + len(word)
            tokens.append(_token(word, start, end))
        at = end
    return tokens


def _without_closing(word: str, depth: int) -> str:
    """Parentheses at a word's end close what was opened before it, not what it opens itself."""
    opened, quoted = word.count("("), False
    for place, character in enumerate(word):
        quoted ^= character == '"'
        if character == ")" and not quoted:
            opened -= 1
            if opened < 0 and depth > 0 and place and set(word[place:]) == {")"}:
                return word[:place]
    return word


def _token(word: str, start: int, end: int) -> Token:
    if fold(word) in OPERATORS:
        return Token(word, start, end, fold(word))
    found = _COMPARISON.fullmatch(word)
    if found and not word.startswith('"') and not _ADDRESS.match(word):
        quoted = found["value"].startswith('"')
        value = found["value"].replace('"', "").strip()
        return Token(word, start, end, "", found["name"], found["how"], value, start + found.start("value"), quoted)
    return Token(word.replace('"', "").strip(), start, end, quoted='"' in word)
