"""What one word of a filter asks of a record: a field's value, a fact, or text."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.filterfacts import FACTS, fact
from pmtui.domain.filternames import IS, is_term, names_saved, saved_term
from pmtui.domain.filterscope import Node, Predicate, Scope, WrongPart, closest, either, never
from pmtui.domain.filtervalues import handle_of, test_of
from pmtui.domain.filterwords import Token
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import TYPES, RecordType
from pmtui.domain.text import fold

ALIASES = {
    "who": ("owner", "requester", "decided_by"),
    "slips": ("slip_count",),
    "pri": ("priority",),
    "p": ("probability",),
    "i": ("impact",),
    "u": ("urgency",),
    "est": ("estimate",),
    "wbs": ("deliverable", "code"),
    "tag": ("tags",),
    "after": ("depends_on",),
    "waiting": ("waiting_for",),
    "review": ("review_date",),
    "target": ("target_date",),
    "line": ("budget_line",),
    "amount": ("net", "planned"),
    "mail": ("email",),
}
"""Further names of fields, beside their own, their labels and the headings that import knows."""

SEARCHED = (
    "note",
    "category",
    "full_name",
    "code",
    "vendor",
    "notes",
    "description",
    "text",
    "cause",
    "effect",
)
"""The texts that plain words look in, beside number, name and tags."""


def term_of(token: Token, scope: Scope) -> Node:
    """What one word asks."""
    if token.name:
        special = _SPECIAL.get(fold(token.name))
        return special(token, scope) if special else _comparison(token, token.name, scope)
    if names_saved(token):
        return saved_term(token, scope)
    text, mark = token.text, token.text[:1]
    if token.quoted or len(text) < 2 or mark not in "@#!~":
        if fold(text) in FACTS and not token.quoted:
            return fact(fold(text), scope.today, scope.me)
        return _words(fold(text))
    how, value = ":", text[1:]
    for sign in ("<=", ">=", "<", ">"):
        if mark == "~" and value.startswith(sign):
            how, value = sign, value[len(sign) :]
            break
    marked = Token(text, token.start, token.end, "", text[:1], how, value, token.end - len(value))
    return _marked(marked, mark, scope)


def _marked(token: Token, mark: str, scope: Scope) -> Node:
    """``@ana`` is any of a record's people, ``#tag`` a tag, ``!high`` a priority, ``~8h`` an estimate."""
    if mark == "@":
        wanted = {handle_of(part, scope) for part in token.value.split(",")}
        return lambda record_type: _has_person(record_type, wanted)
    if mark == "!" and token.value in set("12345"):
        return _comparison(token, "urgency", scope)
    return _comparison(token, {"#": "tags", "!": "priority", "~": "estimate"}[mark], scope)


def _has_person(record_type: RecordType, wanted: set[str]) -> Predicate:
    stamps = {"created_by", "updated_by"}
    fields = [f for n, f in record_type.fields.items() if f.kind in {Kind.PERSON, Kind.PEOPLE} and n not in stamps]
    if not fields:
        return never
    singles = [f.name for f in fields if f.kind is Kind.PERSON]
    several = [f.name for f in fields if f.kind is Kind.PEOPLE]

    def has(record: Any, _: ProjectData) -> bool:
        return any(fold(getattr(record, name)) in wanted for name in singles) or any(
            fold(handle) in wanted for name in several for handle in getattr(record, name)
        )

    return has


def _words(wanted: str) -> Node:
    """Text anywhere in a record that people wrote."""

    def ready(record_type: RecordType) -> Predicate:
        title = record_type.title
        others = [n for n in SEARCHED if n in record_type.fields and n != title]
        numbered = any(c in "0123456789" for c in wanted)
        more = _more_text(record_type)

        def has(record: Any, data: ProjectData) -> bool:
            if wanted in fold(str(getattr(record, title))):
                return True
            for name in others:
                text = getattr(record, name)
                if text and wanted in fold(text):
                    return True
            if record.tags and any(wanted in fold(tag) for tag in record.tags):
                return True
            if more is not None and wanted in more(record, data):
                return True
            return numbered and fold(record.number).startswith(wanted)

        return has

    return ready


def _more_text(record_type: RecordType) -> Callable[[Any, ProjectData], str] | None:
    """What plain words look in beside a record's own texts: a meeting's agenda, and what came of it."""
    if record_type.kind != "meeting":
        return None
    from pmtui.domain.meeting_search import text_of  # only where meetings are looked through

    return text_of


def _comparison(token: Token, name: str, scope: Scope) -> Node:
    """``field:value`` and its like; an unknown field or a value no kind could have is an error."""
    candidates = list(fields_named(name))
    if not candidates:
        raise scope.error(token, _unknown(name))
    if not token.value:
        raise scope.error(token, f"{token.text} needs a value, such as none or any")
    part = ""
    problems: dict[str, None] = {}
    tests: dict[str, Predicate] = {}
    for record_type, field in candidates:
        try:
            tests[record_type.kind] = test_of(record_type, field, token, scope)
        except WrongPart as wrong:
            problems[str(wrong)] = None
            part = part or wrong.part
        except ValueError as wrong:
            problems[str(wrong)] = None
    if not tests:
        raise scope.error(token, _allowed(problems), at_value=True, part=part)
    return lambda record_type: tests.get(record_type.kind, never)


def fields_named(name: str) -> Iterator[tuple[RecordType, Field]]:
    """For each kind the field that a name means: its own name first, then alias, label, heading."""
    wanted = fold(name).replace("-", "_")
    for record_type in TYPES:
        field = _field_of(record_type, wanted)
        if field and field.kind is not Kind.STRUCTURE:
            yield record_type, field


def _field_of(record_type: RecordType, wanted: str) -> Field | None:
    fields = record_type.fields
    if wanted in fields:
        return fields[wanted]
    if wanted in record_type.derived:
        kind = Kind.LINE if wanted in {"band", "category", "superseded_by"} else Kind.INTEGER
        kind = Kind.MONEY if wanted.startswith("cost_variance") else kind
        return Field(wanted, Kind.FLAG if wanted == "overdue" else kind, name=wanted)
    if wanted in {"number", "name"}:
        return Field(wanted, name=wanted)
    alias = next((fields[other] for other in ALIASES.get(wanted, ()) if other in fields), None)
    spaced = wanted.replace("_", " ")
    named = (f for f in fields.values() if fold(f.label).replace("-", " ") == spaced)
    headed = (f for f in fields.values() if spaced in f.headings)
    return alias or next(named, None) or next(headed, None)


def _allowed(problems: Iterable[str]) -> str:
    """What several kinds allow, said once."""
    listed = list(problems)
    if not all(problem.startswith("allowed: ") for problem in listed):
        return "; ".join(listed)
    words = [word for problem in listed for word in problem.removeprefix("allowed: ").split(", ")]
    return "allowed: " + ", ".join(dict.fromkeys(words))


def _unknown(name: str) -> str:
    known = {field for record_type in TYPES for field in (*record_type.fields, *record_type.derived)}
    hint = closest(fold(name), {*known, *ALIASES, *_SPECIAL}) or "text with a colon goes in quotes"
    return f"no record has a field {name}; {hint}"


def _filled(token: Token, scope: Scope) -> Node:
    """``has:due`` and ``no:owner``: a field that is filled, or empty; any of a list."""
    if token.how not in {":", "="} or not token.value:
        raise scope.error(token, f"write {token.name}: and a field, such as {token.name}:due")
    value = "any" if fold(token.name) == "has" else "none"
    parts: list[Node] = []
    for name in [part for part in token.value.split(",") if part] or [token.value]:
        if not any(True for _ in fields_named(name)):
            raise scope.error(token, _unknown(name), at_value=True, part=name)
        parts.append(_comparison(msgspec.structs.replace(token, how=":", value=value, quoted=False), name, scope))
    return either(parts)


def _of_project(token: Token, scope: Scope) -> Node:
    """``project:hris``: the code or the name of the project that a record is in."""
    if token.how not in {":", "=", "!="} or not token.value:
        raise scope.error(token, "write project: and a code or some of a name, such as project:hris")
    wanted = [fold(part) for part in token.value.split(",") if part] or [fold(token.value)]

    def holds(_: Any, data: ProjectData) -> bool:
        code, title = fold(data.project.code), fold(data.project.title)
        return any(part == code or part in title for part in wanted) == (token.how != "!=")

    return lambda _: holds


_SPECIAL: dict[str, Callable[[Token, Scope], Node]] = {
    IS: is_term,
    "has": _filled,
    "no": _filled,
    "project": _of_project,
}
"""Names that are no fields."""
