"""The lines of the settings: what stands on each, and what is told of the one under the cursor."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pmtui.domain.dates import say_date
from pmtui.domain.records import BudgetLine, Deliverable, Milestone, Person, Project, Record
from pmtui.domain.text import fold
from pmtui.keymap import key_of
from pmtui.screens.details import due_tone, story
from pmtui.services.project import OpenProject
from pmtui.services.settings import Setting, person_settings
from pmtui.widgets.cells import Cell, Span, wrap

KINDS = ("person", "budget line", "milestone", "deliverable")
"""What the settings hold, in the order of their sections."""

LETTERS = dict(zip(KINDS, "pbmw", strict=True))
"""The key that adds one of a kind."""

SECTIONS = dict(zip(KINDS, ("People", "Budget lines", "Milestones", "Deliverables"), strict=True))
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Nothing:
    """The line of a section that has no record of its kind yet."""

    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a setting, by its name."""

    name: str


def in_order(record: Record) -> tuple[object, ...]:
    """Milestones by date, deliverables by code, people by name, the rest as they were added."""
    if isinstance(record, Milestone):
        return (record.actual or record.forecast, record.id)
    if isinstance(record, Deliverable):
        return tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _DIGITS.split(record.code))
    if isinstance(record, Person):
        return (fold(record.handle),)
    return (record.id,)


def cells_of(project: OpenProject, record: Record) -> Sequence[Cell]:
    """A record's label, what it is, and how it stands."""
    today = project.today
    if isinstance(record, Person):
        parts = " · ".join(part for part in (record.full_name, record.role) if part)
        doubtful = record.status == "unconfirmed"
        return (f"@{record.handle}", parts or ("–", "muted"), (record.status, "warn" if doubtful else "muted"))
    if isinstance(record, BudgetLine):
        kind = "" if record.kind == "base" else f" · {record.kind}"
        title: tuple[Span, ...] = ((record.category, ""), (kind, "muted"))
        return ((record.number, "muted"), title, f"{record.planned:,.2f}")
    if isinstance(record, Milestone):
        if record.actual:
            return ((record.number, "muted"), record.title, (f"✓ {say_date(record.actual, today)}", "good"))
        late = f" {record.days_late:+}d" if record.days_late else ""
        when: tuple[Span, ...] = (
            (say_date(record.forecast, today), due_tone(record.forecast, today)),
            (late, "warn" if record.days_late > 0 else "good"),
        )
        return ((record.number, "muted"), record.title, when)
    if isinstance(record, Deliverable):
        owner = f"@{record.owner} · " if record.owner else ""
        return ((record.number, "muted"), f"{record.code} {record.title}", (f"{owner}{record.status}", "muted"))
    return ((record.number, "muted"), record.name, "")


def about(setting: Setting, charter: Project, width: int) -> list[Sequence[Span]]:
    """A setting in full, what it is for, and the keys that change it."""
    shown = setting.shown(charter) or "nothing yet"
    lines: list[Sequence[Span]] = [((setting.label, "strong"),)]
    lines += [((part, ""),) for line in shown.splitlines() for part in wrap(line, width)]
    lines += [((part, "muted"),) for part in wrap(setting.about, width)]
    one = {"archived": "archives it, or brings it back", "wip_strict": "turns it"}.get(setting.name, "changes it")
    opens, edits = key_of("record.open"), key_of("record.edit")
    keys: list[Span] = [(opens, "accent"), (f" {one}   ", "muted"), (edits, "accent"), (" the whole form", "muted")]
    if setting.name in {"scales", "bands"}:
        keys[2:] = [(key_of("settings.scales"), "accent"), (" those of PMBOK or PM²", "muted")]
    return [*lines, tuple(keys)]


def person_lines(project: OpenProject, person: Person, width: int) -> list[Sequence[Span]]:
    """A person, with their rates and absences."""
    lines = list(story(project, person, width))
    for text in _person_facts(project, person):
        lines += [((part, ""),) for part in wrap(text, width)]
    rate, away = key_of("settings.rate"), key_of("settings.away")
    keys = ((rate, "accent"), (" rate   ", "muted"), (away, "accent"), (" away", "muted"))
    return [*lines, keys]


def _person_facts(project: OpenProject, person: Person) -> Iterator[str]:
    yield " · ".join(part for part in (person.full_name, person.email, f"{person.hours_a_day:g} hours a day") if part)
    settings = person_settings(project.today)
    if person.rates:
        yield f"Rate {settings['rates'].shown(person)} {project.data.project.currency} an hour"
    if person.absences:
        yield f"Away {settings['absences'].shown(person)}"
