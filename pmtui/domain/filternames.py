"""Saved filters inside a filter: ``=waiting-on-vendor``, ``is:late``; names, and circles of them."""

from collections.abc import Iterator, Mapping

from pmtui.domain.filterfacts import FACTS, fact
from pmtui.domain.filterscope import FilterError, Node, Scope, closest, either
from pmtui.domain.filterwords import OPERATORS, Token, tokens_of
from pmtui.domain.records import RecordType, type_named
from pmtui.domain.text import fold

MOST_TAKEN_IN = 200
"""Saved filters that one filter may stand for, each counted as often as it is named."""

IS = "is"


def names_saved(token: Token) -> bool:
    """Whether a word is ``=name``."""
    return not token.quoted and not token.name and token.text[:1] == "=" and len(token.text) > 1


def saved_term(token: Token, scope: Scope) -> Node:
    """What ``=name`` stands for."""
    return _saved(token, token.text[1:], scope)


def is_term(token: Token, scope: Scope) -> Node:
    """``is:late`` a fact, ``is:risk`` a kind of record, ``is:name`` a saved filter; any of a list."""
    if token.how not in {":", "="} or not token.value or token.quoted:
        raise scope.error(token, "write is: and a fact, a kind or a saved filter, such as is:late is:risk")
    return either([_is(token, part, scope) for part in _parts(token)])


def is_taken(name: str) -> bool:
    """Whether a word means something in the language already, so that no filter can be saved under it."""
    return fold(name) in FACTS or fold(name) in OPERATORS or type_named(name) is not None


def names_in(text: str) -> dict[str, str]:
    """The saved filters that a text names, as they are written, by folded name."""
    return {fold(name): name for _, name, _ in _named(text)}


def renamed(text: str, old: str, new: str) -> str:
    """A text that names a saved filter by another name."""
    for start, name, end in reversed(list(_named(text))):
        if fold(name) == fold(old):
            text = text[:start] + new + text[end:]
    return text


def circle(name: str, text: str, saved: Mapping[str, str]) -> tuple[str, ...]:
    """The names of filters that would stand for each other, were ``text`` saved as ``name``; empty where none would.

    ``saved`` are texts by folded name. The first and the last are the same.
    """
    texts = {**saved, fold(name): text}
    path: list[str] = []
    done: set[str] = set()

    def visit(key: str, written: str) -> tuple[str, ...]:
        if written and key in path:
            return (*path[path.index(key) :], key)
        if key in done or key not in texts or len(path) > MOST_TAKEN_IN:
            return ()
        path.append(key)
        for other, how in names_in(texts[key]).items():
            found = visit(other, how)
            if found:
                return found
        done.add(path.pop())
        return ()

    return visit(fold(name), "")


def _named(text: str) -> Iterator[tuple[int, str, int]]:
    """Where a text names saved filters: start, name, end."""
    for token in tokens_of(text):
        if names_saved(token):
            yield token.start + 1, token.text[1:], token.end
        elif fold(token.name) == IS and token.how in {":", "="} and not token.quoted:
            at = token.value_start
            for part in token.value.split(","):
                if part and not is_taken(part):
                    yield at, part, at + len(part)
                at += len(part) + 1


def _parts(token: Token) -> list[str]:
    return [part for part in token.value.split(",") if part] or [token.value]


def _is(token: Token, part: str, scope: Scope) -> Node:
    if fold(part) in FACTS:
        return fact(fold(part), scope.today, scope.me)
    record_type = type_named(part)
    return _saved(token, part, scope) if record_type is None else _of_kind(record_type)


def _of_kind(wanted: RecordType) -> Node:
    def ready(record_type: RecordType) -> "_Fixed":
        return _Fixed(record_type is wanted)

    return ready


class _Fixed:
    """The same answer for every record of a kind."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer

    def __call__(self, _record: object, _data: object) -> bool:
        return self.answer


def _saved(token: Token, name: str, scope: Scope) -> Node:
    key, part = fold(name), "" if names_saved(token) else name
    if key not in scope.saved:
        raise scope.error(token, _unknown(name, scope), at_value=bool(part), part=part)
    if key in scope.inside:
        told = " → ".join((*scope.inside[scope.inside.index(key) :], key))
        raise scope.error(token, f"it would stand for itself: {told}", at_value=bool(part), part=part)
    scope.count[0] += 1
    if scope.count[0] > MOST_TAKEN_IN:
        raise scope.error(token, f"more than {MOST_TAKEN_IN} saved filters in each other")
    text = scope.saved[key]
    inner = Scope(text, scope.today, scope.me, scope.read, scope.saved, (*scope.inside, key), scope.count)
    try:
        return scope.read(inner)
    except FilterError as error:
        raise scope.error(token, f"saved as {text}, where {error}", at_value=bool(part), part=part) from None


def _unknown(name: str, scope: Scope) -> str:
    if not scope.saved:
        return f"no filter is saved as {name}; none is saved yet"
    hint = closest(fold(name), scope.saved) or f"saved are {', '.join(sorted(scope.saved)[:8])}"
    return f"no filter is saved as {name}; {hint}"
