"""The header's line: which project, which view, its lights, how much is late, and whose screen it is."""

from pmtui.domain.dates import say_date
from pmtui.domain.lights import Light, colours_of, last_issued, lights
from pmtui.domain.triage import overdue_count
from pmtui.services.desk import Desk, title_of
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Span, clip_spans, fit

TRENDS = {1: "↗", 0: " ", -1: "↘"}
"""Better or worse than in the last report issued."""


def header_cells(desk: Desk, title: str, *, spans_projects: bool) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The left and the right part."""
    if not desk.projects:
        return ((" pmtui ▸ ", "muted"), (title, "strong")), ((f"{desk.session.user} ", "muted"),)
    over_all = spans_projects and len(desk.shown()) > 1
    name = f"{len(desk.shown())} projects" if over_all else title_of(desk.project)
    left: list[Span] = [(f" {name}", "strong"), (" ▸ ", "muted"), (title, "strong")]
    if not over_all:
        left += [("   ", ""), *light_spans(desk)]
    today = desk.session.today
    shown = desk.shown() if spans_projects else [desk.project]
    late = sum(overdue_count(p.data, today) for p in shown)
    still_open = sum(1 for p in shown for t in p.data.tasks.values() if t.is_open)
    right: list[Span] = [(f"{late} overdue", "bad" if late else "good"), (f" · {still_open} open   ", "muted")]
    if not over_all and desk.project.read_only:
        right.append(("read-only  ", "warn"))
    right.append((f"{desk.session.user} ", "muted"))
    return tuple(left), tuple(right)


def light_spans(desk: Desk) -> list[Span]:
    """The lights of the project in view: initial, shape, letter."""
    return [span for light in shown_lights(desk.project) for span in _light(light)]


def project_line(project: OpenProject, width: int, names: int) -> tuple[Span, ...]:
    """One project in a line: name (in ``names`` cells), lights with their trend, how much is late, what comes next."""
    data, today = project.data, project.today
    late = overdue_count(data, today)
    lights: list[Span] = []
    for light in shown_lights(project):
        lights += [*_light(light)[:-1], (TRENDS[light.trend], "muted"), (" ", "")]
    coming = min((m for m in data.milestones.values() if m.is_open), key=lambda m: m.forecast, default=None)
    name = fit(title_of(project), names)
    line: list[Span] = [(name, "strong"), ("  ", ""), *lights]
    line.append((f" {late:>3} overdue", "bad" if late else "good"))
    if coming:
        late_by = f", {coming.days_late} days late" if coming.days_late > 0 else ""
        line.append((f"  {coming.number} {coming.title} {say_date(coming.forecast, today)}{late_by}", "muted"))
    return clip_spans(tuple(line), width)


def shown_lights(project: OpenProject) -> list[Light]:
    """The four lights as the report in preparation would show them."""
    data = project.data
    overrides = [o for report in data.reports.values() if report.is_open for o in report.overrides]
    found = lights(data, project.today, overrides=overrides, previous=colours_of(last_issued(data)))
    return [light for light in found if light.name != "overall"]


def _light(light: Light) -> list[Span]:
    return [(light.name[0].upper(), "muted"), (f"{light.shape}{light.colour}", light.tone), (" ", "")]
