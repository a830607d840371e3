"""Templates of task sets: list, apply to a project, make from tasks, keep for everybody in the workspace."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pmtui.domain.builtin_templates import BUILT_IN
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Task, Template
from pmtui.domain.templates import count_lines, on_day, span, template_of
from pmtui.domain.text import clean, fold
from pmtui.services.project import OpenProject, Outcome

_PERSON = re.compile(r'"[^"]*"|(?<!\S)@(?P<handle>[\w][\w.\-]*)')


@dataclass(frozen=True, slots=True)
class Shown:
    """A template as it is listed; ``number`` is empty where it is one of those that ship."""

    title: str
    about: str
    tasks: str
    number: str = ""
    by: str = ""

    @property
    def count(self) -> int:
        """How many records it adds."""
        return count_lines(self.tasks)

    @property
    def span(self) -> str:
        """From when to when its dates go."""
        return span(self.tasks)


def all_templates(shared: OpenProject | None) -> list[Shown]:
    """Those kept here by name, then those that ship and have no namesake here."""
    kept = sorted(shared.data.templates.values(), key=lambda t: fold(t.title)) if shared is not None else []
    own = [Shown(t.title, t.about, t.tasks, t.number, t.updated_by or t.created_by) for t in kept]
    names = {fold(t.title) for t in own}
    return [*own, *(Shown(b.title, b.about, b.tasks) for b in BUILT_IN if fold(b.title) not in names)]


def template_named(shared: OpenProject | None, name: str) -> Shown:
    """The template with this name, number, or the only one that begins so; else refused with those there are."""
    found, wanted = all_templates(shared), fold(clean(name))
    exact = [t for t in found if wanted and wanted in {fold(t.title), fold(t.number)}]
    begun = [t for t in found if wanted and fold(t.title).startswith(wanted)]
    if exact or len(begun) == 1:
        return (exact or begun)[0]
    there = ", ".join(t.title for t in begun or found)
    raise Refused([Problem("template", name, f"there is no such template (there: {there})")])


def lines_on(project: OpenProject, template: Shown, day: dt.date) -> tuple[str, list[str]]:
    """What applying a template would add, as lines to add: its dates counted from a day, its roles as the people.

    Also what is to be said of them. Raises :class:`Refused` for a date that does not exist.
    """
    try:
        text = on_day(template.tasks, day, project.data.calendar)
    except ValueError as error:
        raise Refused([Problem("day", day.isoformat(), str(error))]) from None
    missing: dict[str, None] = {}

    def who(found: re.Match[str]) -> str:
        handle = found["handle"]
        if handle is None:
            return found[0]
        person = person_for(project.data, handle)
        if not person:
            missing[handle] = None
        return f"@{person}" if person else ""

    text = _PERSON.sub(who, text)
    return text, [f"no {role} is set (P in Today): those tasks have no owner" for role in missing]


def person_for(data: ProjectData, handle: str) -> str:
    """Who is meant by a handle or a role; empty for a manager or sponsor that the project does not have."""
    if data.person(handle):
        return handle
    role = fold(handle).replace("_", "-")
    if role in {"manager", "sponsor"}:
        return str(getattr(data.project, role)).lstrip("@")
    having = [p.handle for p in data.people.values() if p.role and fold(p.role).replace(" ", "-") == role]
    return having[0] if len(having) == 1 else handle


def from_tasks(project: OpenProject, numbers: Sequence[str], day: dt.date) -> tuple[str, tuple[str, ...]]:
    """Tasks as a template's lines, their dates counted from a day; and what of them it can't say."""
    tasks = [record for record in map(project.get, dict.fromkeys(numbers)) if isinstance(record, Task)]
    if len(tasks) < len(set(numbers)):
        raise Refused("a template is made of tasks alone")
    charter = project.data.project
    roles = {getattr(charter, role).lstrip("@"): role for role in ("sponsor", "manager") if getattr(charter, role)}
    text, said = template_of(tasks, day, project.data.calendar, roles)
    return text, tuple(said)


def save_template(shared: OpenProject, name: str, tasks: str, about: str = "", *, replace: bool = False) -> Outcome:
    """Keep a template for everybody; one of the same name is refused, or gets the new lines where ``replace``."""
    title = clean(name)
    with shared.change("save template") as change:
        before = next((t for t in change.data.templates.values() if fold(t.title) == fold(title)), None)
        if before is not None and not replace:
            raise Refused([Problem("name", title, f"there is one already ({before.number})")])
        text = clean(tasks, lines=True)
        if before is None:
            found = change.add(Template(title=title, about=clean(about), tasks=text))
        else:
            found = change.edit(before, tasks=text, about=clean(about) or before.about)
    return Outcome((found.number,), f"template {found.title} saved: {_lines(count_lines(found.tasks))}")


def copy_template(shared: OpenProject, template: Shown) -> Outcome:
    """Keep a copy of a template, to be changed: under its own name where that one ships, else as a copy."""
    taken = {fold(t.title) for t in shared.data.templates.values()}
    names = (template.title, *(f"{template.title} copy{f' {n}' if n > 1 else ''}" for n in range(1, 1000)))
    return save_template(shared, next(n for n in names if fold(n) not in taken), template.tasks, template.about)


def delete_template(shared: OpenProject, name: str) -> Outcome:
    """Delete a template that is kept here; those that ship stay."""
    found = template_named(shared, name)
    if not found.number:
        raise Refused([Problem("template", found.title, "it ships with pmtui; it can't be deleted")])
    with shared.change("delete template") as change:
        change.remove(shared.get(found.number))
    return Outcome((found.number,), f"template {found.title} deleted")


def _lines(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"
