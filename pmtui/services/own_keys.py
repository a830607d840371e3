"""The user's own keys: which may be given to which action."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pmtui.domain.keynames import ARROWS, read_key
from pmtui.domain.problems import Problem
from pmtui.domain.quickwords import near
from pmtui.keymap import ACTIONS, ALL, BY_ID, Action

ALWAYS = ("q", "question_mark", "colon", "escape")
"""Keys that always leave, help, find and clear: nothing takes them from their actions."""

_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings say of one action's keys, and where."""

    action: str
    value: object
    line: int | None = None


def own_keys(wanted: Iterable[Wanted]) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """The keys of each action that may have those wanted, and what stands against the others.

    An action whose line is refused keeps its usual keys.
    """
    found: dict[str, tuple[str, ...]] = {}
    lines: dict[str, Wanted] = {}
    problems: list[Problem] = []
    for one in wanted:
        keys, wrong = _read(one)
        if one.action in lines:
            wrong = [_problem(one, "", f"is said twice, first in line {lines[one.action].line}; allowed: once")]
        problems += wrong
        if not wrong:
            found[one.action], lines[one.action] = keys, one
    while clash := next(_clashes(found), None):
        key, first, second, view = clash
        other, mine = sorted((first, second), key=lambda a: (lines[a.id].line or 0) if a.id in found else -1)
        allowed = f"is also {other.id} in {view.capitalize()}; allowed: a key that is free there"
        problems.append(_problem(lines[mine.id], mine.shown(key), allowed))
        del found[mine.id]
    return found, sorted(problems, key=lambda problem: problem.line or 0)


def _read(wanted: Wanted) -> tuple[tuple[str, ...], list[Problem]]:
    action = BY_ID.get(wanted.action)
    if action is None:
        return (), [_problem(wanted, "", no_action(wanted.action))]
    listed = [wanted.value] if isinstance(wanted.value, str) else wanted.value
    if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
        return (), [_problem(wanted, str(wanted.value), 'allowed: keys as ["d", "D"], or [] for none')]
    keys: list[str] = []
    for text in listed:
        try:
            keys.append(_key_for(action, text))
        except ValueError as error:
            return (), [_problem(wanted, text, str(error))]
    kept = [key for key in action.default if key in ARROWS or key in ALWAYS]
    return tuple(dict.fromkeys([*keys, *kept])), []


def _key_for(action: Action, text: str) -> str:
    """A key that an action may have; raises ``ValueError`` with the reason where it may not."""
    if text == "gg":
        if action.id != "move.first":
            raise ValueError("two keys in a row are only for move.first; allowed: one key")
        return "g"
    key = read_key(text)
    if key not in action.default and key in ARROWS:
        raise ValueError("always moves and can't be taken; allowed: any other key")
    if key not in action.default and key in ALWAYS:
        owner = next((other.id for other in ACTIONS if key in other.default), "")
        raise ValueError(f"always {owner}'s and can't be taken; allowed: any other key")
    if key in _DIGITS and not _DIGITS.intersection(action.default):
        raise ValueError("digits are for the views; allowed: any other key")
    return key


def no_action(action_id: str) -> str:
    """What to say of an action that there is not."""
    close = near(action_id, list(BY_ID), cutoff=0.6)
    hint = f"is it {' or '.join(close)}?" if close else "pmtui config keys lists them"
    return f"there is no such action; {hint}"


def _clashes(own: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Action, Action, str]]:
    """Each key that two actions of one view would share."""
    for view in ALL:
        taken: dict[str, Action] = {}
        for action in ACTIONS:
            for key in own.get(action.id, action.default) if action.works_in(view) else ():
                if key in taken:
                    yield key, taken[key], action, view
                taken[key] = action


def _problem(wanted: Wanted, value: str, allowed: str) -> Problem:
    return Problem(f"keys {wanted.action}", value, allowed, line=wanted.line)
