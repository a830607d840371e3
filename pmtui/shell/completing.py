"""What completes a word of a command: numbers, codes, fields, filters, people, as they are in the workspace.

Whatever goes wrong is silent: a shell that completes must not print an error into the line being typed.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import click

from pmtui.shell.context import Shell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from click.shell_completion import CompletionItem

    from pmtui.domain.fields import Field
    from pmtui.domain.records import Record, RecordType
    from pmtui.services.project import OpenProject

MOST = 1000
"""Words given at most; more are no help to anybody."""

PART = "part"
"""The type of a word that goes on, such as ``due=``: no blank after it."""

DATES = ("today", "tomorrow", "mon", "tue", "wed", "thu", "fri", "+1w", "+2w", "+4w", "eow", "eom")
"""Dates to offer; any other can be typed."""


def _quiet(
    find: Callable[[click.Context, str], Iterable[tuple[str, str]]],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]:
    """A completer of what ``find`` gives, each with its help; of nothing where that fails."""

    @functools.wraps(find)
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        del param
        from click.shell_completion import CompletionItem

        items: list[CompletionItem[str]] = []
        with contextlib.suppress(Exception):
            for word, about in find(ctx, incomplete):
                if word.lower().startswith(incomplete.lower()) and len(items) < MOST:
                    goes_on = word.endswith(("=", ":", "@", "<", ">"))
                    items.append(CompletionItem(word, type=PART if goes_on else "plain", help=about or None))
        return items

    return complete


class FilterCommand(click.Command):
    """A command whose words may begin with a hyphen, such as ``-done``: they are completed beside the options."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Options that begin so, and words of the filter."""
        found = super().shell_complete(ctx, incomplete)
        words = next((param for param in self.params if param.name == "words"), None)
        return [*found, *(words.shell_complete(ctx, incomplete) if words and incomplete.startswith("-") else [])]


def shell_of(ctx: click.Context) -> Shell:
    """The surroundings that the words before say: no command has run."""
    said = ctx.find_root().params
    given = ctx.find_object(Shell)
    workspace = said.get("workspace")
    place = workspace.expanduser() if workspace else None
    return Shell(place, said.get("project") or "", given=given.given if given else None)


@contextlib.contextmanager
def reading(ctx: click.Context) -> Iterator[OpenProject]:
    """The project that the words before mean, opened without touching anything."""
    from pmtui.services.projects import open_project

    shell = shell_of(ctx)
    session = shell.session_here()
    codes = [shell.project] if shell.project else session.workspace.codes()
    if len(codes) != 1:
        raise LookupError("no project, or several")
    project = open_project(session, codes[0], reads_only=True)
    try:
        yield project
    finally:
        project.close()


# Records ---------------------------------------------------------------------------


def _numbers(
    ctx: click.Context, incomplete: str, fits: Callable[[Record], bool] = lambda _: True
) -> Iterator[tuple[str, str]]:
    """Numbers that begin so with their titles, open ones first; of one table where the prefix is typed."""
    from pmtui.domain.records import TYPES

    prefix = incomplete.upper().rstrip("0123456789").rstrip("-")
    with reading(ctx) as project:
        found = [
            record
            for kind in TYPES
            if kind.prefix and kind.prefix.startswith(prefix) and kind.kind != "project"
            for record in project.data.tables.get(kind.table, {}).values()
            if record.number.startswith(incomplete.upper()) and fits(record)
        ]
        for record in sorted(found, key=lambda record: not record.is_open)[:MOST]:
            yield record.number, record.name


@_quiet
def numbers(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Numbers of records."""
    yield from _numbers(ctx, incomplete)


@_quiet
def open_numbers(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Numbers of what can still be done."""
    yield from _numbers(ctx, incomplete, lambda record: record.is_open)


@_quiet
def page_numbers(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Numbers of reports, and of minutes that were published."""
    yield from _numbers(
        ctx, incomplete, lambda record: record.TYPE.kind == "report" or getattr(record, "status", "") == "published"
    )


@_quiet
def sendable_numbers(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Numbers of reports that were issued and of minutes that were published."""
    yield from _numbers(ctx, incomplete, lambda record: getattr(record, "status", "") in {"issued", "published"})


@_quiet
def meeting_numbers(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Numbers of meetings."""
    yield from _numbers(ctx, incomplete, lambda record: record.TYPE.kind == "meeting")


@_quiet
def codes(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Codes of the workspace's projects."""
    del incomplete
    for code in shell_of(ctx).session_here().workspace.codes():
        yield code, ""


@_quiet
def kinds(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Kinds of records, by their plural."""
    del ctx, incomplete
    from pmtui.domain.records import TYPES

    for kind in TYPES:
        yield kind.table.replace("_", "-"), ""


@_quiet
def people(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Handles of the project's people."""
    del incomplete
    with reading(ctx) as project:
        yield from _people(project, "")


@_quiet
def dates(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Words for a day."""
    del ctx, incomplete
    for word in DATES:
        yield word, ""


# Fields and filters ------------------------------------------------------------------


@_quiet
def assignments(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """``field=`` of the record that is edited; after the sign, its values."""
    from pmtui.domain.records import split_number

    found = split_number(str(ctx.params.get("number") or ""))
    if found is None:
        return
    name, equals, value = incomplete.partition("=")
    given = {str(word).partition("=")[0] for word in ctx.params.get("values") or ()}
    if not equals:
        for field_name, field in found[0].fields.items():
            if (field.form or field_name == "status") and field_name not in given:
                yield f"{field_name}=", field.label
    elif name in found[0].fields:
        with reading(ctx) as project:
            for word, about in _values(project, found[0], name, value):
                yield f"{name}={word}", about


@_quiet
def filter_words(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Words of a filter: facts, ``field:`` with its values, ``@people`` and ``#tags``; after ``-`` what is not."""
    from pmtui.domain.filterfacts import FACTS

    not_, rest = ("-", incomplete[1:]) if incomplete.startswith("-") else ("", incomplete)
    kind = _kind(ctx)
    name, sign, value = _comparison(rest)
    if sign:
        with reading(ctx) as project:
            for word, about in _values(project, kind, name, value) if kind and name in kind.fields else ():
                yield f"{not_}{name}{sign}{word}", about
    elif rest[:1] in {"@", "#"}:
        with reading(ctx) as project:
            for word, about in _people(project, "@") if rest[0] == "@" else _tags(project, "#"):
                yield f"{not_}{word}", about
    else:
        for fact in sorted(FACTS):
            yield f"{not_}{fact}", ""
        for field_name, field in kind.fields.items() if kind else ():
            yield f"{not_}{field_name}:", field.label


@_quiet
def line_words(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The last word of a line that adds something: ``@people``, ``#tags``, ``!high``, a number."""
    before, blank, last = incomplete.rpartition(" ")
    kind = _kind(ctx)
    with reading(ctx) as project:
        found: Iterable[tuple[str, str]] = ()
        if last.startswith("@"):
            found = _people(project, "@")
        elif last.startswith("#"):
            found = _tags(project, "#")
        elif last.startswith("!") and kind and "priority" in kind.fields:
            found = [(f"!{choice}", "") for choice in kind.fields["priority"].choices]
        for word, about in found:
            if word.lower().startswith(last.lower()):
                yield f"{before}{blank}{word}", about


def _kind(ctx: click.Context) -> RecordType | None:
    from pmtui.domain.records import type_named

    kind = ctx.params.get("kind")
    return type_named(kind) if isinstance(kind, str) else kind


def _comparison(word: str) -> tuple[str, str, str]:
    """A filter's word as name, sign and value; no sign where it is none."""
    at = next((place for place, character in enumerate(word) if character in ":=<>"), -1)
    if at <= 0:
        return word, "", ""
    end = at + 2 if word[at : at + 2] in {"<=", ">="} else at + 1
    return word[:at], word[at:end], word[end:]


def _values(project: OpenProject, kind: RecordType, name: str, value: str) -> Iterator[tuple[str, str]]:
    """What may stand in a field."""
    from pmtui.domain.fields import Kind

    field: Field = kind.fields[name]
    if name == "status" and kind.flow:
        yield from ((status, "") for status in kind.flow.statuses)
    elif field.choices:
        yield from ((choice, "") for choice in field.choices)
    elif field.kind in {Kind.PERSON, Kind.PEOPLE}:
        yield from _people(project, "@" if value.startswith("@") else "")
    elif field.kind in {Kind.DATE, Kind.MOMENT}:
        yield from ((word, "") for word in DATES)
    elif field.kind is Kind.TAGS:
        yield from _tags(project, "#" if value.startswith("#") else "")
    elif field.kind is Kind.FLAG:
        yield from (("yes", ""), ("no", ""))
    elif field.kind is Kind.SCALE:
        yield from ((str(number), "") for number in range(1, 6))
    elif field.kind in {Kind.REFERENCE, Kind.REFERENCES}:
        yield from (
            (record.number, record.name)
            for record in project.data.records()
            if not field.kinds or record.TYPE.kind in field.kinds
        )


def _people(project: OpenProject, mark: str) -> Iterator[tuple[str, str]]:
    for person in sorted(project.data.people.values(), key=lambda person: person.handle):
        yield f"{mark}{person.handle}", person.full_name


def _tags(project: OpenProject, mark: str) -> Iterator[tuple[str, str]]:
    found = {tag for record in project.data.records() for tag in getattr(record, "tags", ())}
    yield from ((f"{mark}{tag}", "") for tag in sorted(found))


# Settings ----------------------------------------------------------------------------


@_quiet
def settings(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Settings by their names, and actions, whose keys can be set."""
    del ctx, incomplete
    from pmtui.keymap import ACTIONS
    from pmtui.services.preferences import NAMES

    yield from ((name, "") for name in NAMES)
    yield from ((action.id, action.help) for action in ACTIONS)


@_quiet
def setting_values(ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """What a setting may be."""
    del incomplete
    from pmtui.services.preferences import CHOICES

    yield from ((choice, "") for choice in CHOICES.get(str(ctx.params.get("key")), ()))


def folders(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
    """Folders of the disk."""
    del ctx, param
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


# Saved filters -----------------------------------------------------------------------


@_quiet
def saved_names(ctx: click.Context, _incomplete: str) -> Iterator[tuple[str, str]]:
    """Names of saved filters, with what each lets through."""
    from pmtui.services.projects import open_project
    from pmtui.services.saved_filters import saved_filters
    from pmtui.store.workspace import SHARED

    session = shell_of(ctx).session_here()
    if not session.workspace.has_shared:
        return
    store = open_project(session, SHARED, reads_only=True)
    try:
        yield from ((saved.title, saved.text) for saved in saved_filters(store))
    finally:
        store.close()


def filter_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--filter``."""
    words = "What a saved filter shows (pmtui filters lists them); with further words, those of them."
    return click.option("--filter", "saved", metavar="NAME", shell_complete=saved_names, help=words)(function)
