"""Templates of task sets, for all projects of a workspace."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData


def title_is_unique(template: "Template", data: "ProjectData") -> Sequence[Problem]:
    """No two templates have one name, however it is written."""
    for other in data.templates.values():
        if other.id != template.id and fold(other.title) == fold(template.title):
            return [Problem("title", template.title, f"another template has this name ({other.number})")]
    return []


def lines_can_be_read(template: "Template", _: "ProjectData") -> Sequence[Problem]:
    """Every line can be read, whatever the day."""
    from pmtui.domain.templates import template_problems  # the grammar is loaded when a template is written

    return [Problem("tasks", "", _told(problem)) for problem in template_problems(template.tasks)]


def _told(problem: Problem) -> str:
    """A line's problem in one text, with its place: a form shows it beside all of the lines."""
    field = problem.field.partition(", ")[2]
    where = f"line {problem.line}" if problem.line is not None else ""
    value = repr(problem.value) if problem.value else ""
    return ": ".join(filter(None, (" ".join(filter(None, (where, field))), value, problem.allowed)))


@declare(
    kind="template",
    table="templates",
    prefix="TP",
    words=("template", "templates"),
    rules=(title_is_unique, lines_can_be_read),
    columns=("title", "about"),
)
class Template(Record, frozen=True, kw_only=True):
    """A set of tasks with dates counted from one day, a line each."""

    title: Annotated[str, Field("Name", required=True)]
    about: Annotated[str, Field("What for")] = ""
    tasks: Annotated[
        str, Field("Tasks", Kind.TEXT, required=True, hint="a line each, such as: Freeze the interface T-5wd @manager")
    ]
