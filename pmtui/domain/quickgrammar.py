"""What the marks and words of a typed line mean, for each kind of record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from pmtui.domain.problems import Problem
from pmtui.domain.records import BY_KIND
from pmtui.domain.text import fold


@dataclass(frozen=True, slots=True)
class Understood:
    """A value that was understood: its field, the field's label, and the value in words."""

    field: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """What a line means: values by field, typed; ``said`` is what looked like more but was kept as text.

    A cost has ``category`` (a category or a budget line's number) in place of ``budget_line``.
    """

    kind: str
    values: dict[str, object]
    understood: tuple[Understood, ...]
    problems: tuple[Problem, ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grammar:
    """What marks and words mean for a kind of record, beside ``key:value``.

    ``people`` is the field of ``@name``; ``asks`` the words that a value follows; ``marks`` those
    written before a value (``!high``); ``steps`` letters before a step (``p4``); ``bare_date`` and
    ``bare_choices`` fields whose values stand alone; ``aliases`` further keys; ``rest`` where the
    words that are left go.
    """

    people: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    bare_date: str = ""
    bare_choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    rest: str = "title"


GRAMMARS: Mapping[str, Grammar] = {
    "task": Grammar(
        people="owner",
        asks={"due": "due", "start": "start", "starts": "start", "after": "depends_on", "in": "deliverable"},
        marks={"!": "priority", "~": "estimate", "%": "percent_done"},
        aliases={"waiting": "waiting_for", "w": "deliverable", "est": "estimate", "pri": "priority"},
    ),
    "risk": Grammar(
        people="owner",
        asks={"review": "review_date", "cost": "cost_if_occurs", "days": "days_if_occurs"},
        marks={"!": "kind"},
        steps={"p": "probability", "i": "impact"},
        aliases={"cost": "cost_if_occurs", "days": "days_if_occurs"},
    ),
    "issue": Grammar(
        people="owner",
        asks={"by": "target_date", "due": "target_date"},
        marks={"!": "urgency"},
        steps={"u": "urgency", "i": "impact"},
        aliases={"by": "target_date", "u": "urgency"},
    ),
    "cost": Grammar(
        asks={
            "expected": "invoice_expected_on",
            "for": "caused_by",
            "received": "received_on",
            "credit": "credits",
            "credits": "credits",
        },
        bare_date="date",
        bare_choices=("status",),
        aliases={"for": "caused_by", "expected": "invoice_expected_on"},
        rest="note",
    ),
    "hours": Grammar(people="who", asks={"on": "task"}, bare_date="date", rest="note"),
    "budget line": Grammar(bare_choices=("kind",), rest="category"),
    "meeting": Grammar(people="invited"),
    "decision": Grammar(
        people="decided_by",
        asks={"in": "meeting", "supersedes": "supersedes", "from": "applies_from"},
        bare_date="date",
        aliases={"by": "decided_by", "from": "applies_from"},
    ),
    "deliverable": Grammar(people="owner", asks={"in": "parent"}, aliases={"in": "parent"}),
    "milestone": Grammar(asks={"after": "depends_on"}, bare_date="forecast"),
    "change": Grammar(
        people="requester",
        asks={"cost": "delta_cost", "days": "delta_days", "by": "decision_due"},
        aliases={"cost": "delta_cost", "days": "delta_days", "by": "decision_due"},
    ),
    "person": Grammar(people="handle", bare_choices=("status",), rest="full_name"),
}


ORDER = (
    *("task", "risk", "issue", "cost", "meeting", "hours", "decision", "milestone", "change"),
    *("deliverable", "person", "budget line"),
)
"""The kinds that one line adds, those that are added most often first."""

_KIND_WORDS = {"action": "task", "todo": "task", "budget": "budget line", "minutes": "meeting", "time": "hours"}
_PREFIX = re.compile(r"\s*(?P<word>[A-Za-z]+(?:[ -][A-Za-z]+)?):(?:\s+(?P<rest>.*)|$)", re.DOTALL)


def split_kind(line: str, kind: str) -> tuple[str, str]:
    """The kind that a line begins with, as in ``risk: Vendor delays``, and the rest; else ``kind`` and all of it."""
    found = _PREFIX.match(line)
    named = kind_named(found["word"]) if found else ""
    return (named, found["rest"] or "") if found and named else (kind, line)


@cache
def kind_named(word: str) -> str:
    """The kind that a word at the beginning of a line means: singular, plural, or a common other name; else empty."""
    wanted = fold(word).replace("-", " ")
    for kind in ORDER:
        if wanted in {kind, *BY_KIND[kind].words}:
            return kind
    return _KIND_WORDS.get(wanted, "")


@cache
def keys_of(kind: str) -> Mapping[str, str]:
    """Fields by every key that names them: name, label, heading, alias; the plainest name wins."""
    keys: dict[str, str] = dict(GRAMMARS[kind].aliases)
    written = {n: f for n, f in BY_KIND[kind].fields.items() if f.form or n in {"status", "repeats"}}
    for name in written:
        keys.setdefault(name, name)
    for name, declared in written.items():
        for word in (declared.label, *declared.headings):
            keys.setdefault(fold(word).replace(" ", "_").replace("-", "_"), name)
    return keys
