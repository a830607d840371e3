"""The header's line: which project, which view, its lights, how much is late, and whose screen it is."""

from collections.abc import Iterable, Sequence

import msgspec

from pmtui.domain.dates import say_date
from pmtui.domain.lights import Light, lights_in_draft
from pmtui.domain.triage import open_tasks, overdue_count, waiting_count
from pmtui.screens.read_only import OUTSIDE
from pmtui.services.desk import Desk, title_of
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Span, clip_spans, plain, width_of

TRENDS = {1: "↗", 0: " ", -1: "↘"}
"""Better or worse than in the last report issued."""

_EDGES = 4
"""Cells of the bar that are blank: at its ends, and between its parts."""

_LEAST_WHO = 3

_SHORT = 24
"""Cells of a reason in the header."""


class _Room(msgspec.Struct, frozen=True):
    """What of the header has room: lights in words, or their shapes; more of the others the lower the number."""

    words: bool = True
    counts: int = 0
    who: int = 0
    reason: int = 0


_GIVING_WAY = (
    _Room(),
    _Room(who=1),
    _Room(words=False),
    _Room(words=False, who=1),
    _Room(words=False, who=1, counts=1),
    _Room(words=False, who=2, counts=1),
    _Room(words=False, who=2, counts=2),
    _Room(words=False, who=2, counts=2, reason=1),
    _Room(words=False, who=3, counts=2, reason=1),
    _Room(words=False, who=3, counts=2, reason=2),
)
"""From all of it to the least: neither the project's name nor its lights give way to who is here."""


def header_cells(
    desk: Desk, title: str, *, spans_projects: bool, others: Sequence[str], width: int
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The left and the right part, in a bar of ``width`` cells; ``others`` are the other users here."""
    if not desk.projects:
        return ((" pmtui ▸ ", "muted"), (title, "strong")), ((f"{desk.session.user} ", "muted"),)
    shown = projects_in(desk, spans_projects=spans_projects)
    over_all = spans_projects and len(desk.shown()) > 1
    name = f"{len(shown)} projects" if over_all else name_among(desk.project, desk.projects.values())
    where: tuple[Span, ...] = ((f" {name}", "strong"), (" ▸ ", "muted"), (title, "strong"))
    lights = [] if over_all else shown_lights(desk.project)
    late = sum(project.worked_out(overdue_count) for project in shown)
    waiting = sum(project.worked_out(waiting_count) for project in shown)
    still_open = sum(project.worked_out(open_tasks) for project in shown)
    left: tuple[Span, ...] = where
    right: tuple[Span, ...] = ()
    for room in _GIVING_WAY:
        left = (*where, *_lights(lights, words=room.words))
        right = (*_counts(late, waiting, still_open, room.counts), *_reason(shown, room.reason))
        right = (*right, (_who(desk.session.user, others, room.who), "muted"))
        if width_of(left) + width_of(right) <= width - _EDGES:
            break
    return left, right


def projects_in(desk: Desk, *, spans_projects: bool) -> list[OpenProject]:
    """The projects that a view shows."""
    if not desk.projects:
        return []
    return (desk.shown() if spans_projects else []) or [desk.project]


def _lights(lights: Sequence[Light], *, words: bool) -> list[Span]:
    if not lights:
        return []
    if words:
        return [("   ", ""), *(span for light in lights for span in _light(light))]
    shapes = (((light.name[0].upper(), "muted"), (light.shape, light.tone), (" ", "")) for light in lights)
    return [("  ", ""), *(span for shape in shapes for span in shape)]


def _counts(late: int, waiting: int, still_open: int, room: int) -> list[Span]:
    """What is overdue, what waits until somebody is asked again, and all that is open."""
    overdue = f"{late} overdue" + (f", {waiting} waiting" if waiting and not room else "")
    counts: list[Span] = [(overdue, "bad" if late else "good"), (f" · {still_open} open", "muted")]
    counts = counts[: (2, 1, 0)[room]]
    return [*counts, ("   ", "")] if counts else []


def _who(user: str, others: Sequence[str], room: int) -> str:
    """The user, then who else is here: ``ana``, ``ana, ben here``, ``ana +5 here``, ``ana +5``, ``+5``."""
    if room == _LEAST_WHO:
        return f"+{len(others)} " if others else ""
    if not others:
        return f"{user} "
    if room == 0 or (room == 1 and len(others) == 1):
        return f"{', '.join((user, *others))} here "
    return f"{user} +{len(others)} here " if room == 1 else f"{user} +{len(others)} "


def _reason(shown: Sequence[OpenProject], room: int) -> list[Span]:
    """Why nothing can be written, or in which of the projects."""
    closed = [project for project in shown if project.read_only]
    if not closed:
        return []
    if len(shown) > 1:
        names = ", ".join(project.code for project in closed) if room == 0 else str(len(closed))
        words = f"read-only: {names}"
    else:
        short = short_reason(closed[0])
        words = ("read-only: " + (short if room == 0 else short.partition(",")[0])) if room < 2 else "read-only"
    return [(words, "warn"), ("   ", "")]


def short_reason(project: OpenProject) -> str:
    """Why a project can't be written, in a few words; the whole reason is its ``read_only``."""
    if OUTSIDE in project.read_only:
        return "edited outside"
    if project.db.journal.damage:
        return "damaged, see pmtui check"
    if "can't be written" in project.read_only:
        return "not yours to write"
    return plain(clip_spans(project.read_only, _SHORT))


def name_among(project: OpenProject, others: Iterable[OpenProject]) -> str:
    """What people call a project; with its code where another has the same name, as a restored copy does."""
    name = title_of(project)
    same = sum(1 for other in others if title_of(other) == name)
    return f"{name} ({project.code})" if same > 1 else name


def project_line(project: OpenProject, name: str, width: int) -> tuple[Span, ...]:
    """One project in a line: its name as it was fitted, lights with their trend, how much is late, what comes next."""
    data, today = project.data, project.today
    late = project.worked_out(overdue_count)
    lights: list[Span] = []
    for light in shown_lights(project):
        lights += [*_light(light)[:-1], (TRENDS[light.trend], "muted"), (" ", "")]
    coming = min((m for m in data.milestones.values() if m.is_open), key=lambda m: m.forecast, default=None)
    line: list[Span] = [(name, "strong"), ("  ", ""), *lights]
    line.append((f" {late:>3} overdue", "bad" if late else "good"))
    if coming:
        late_by = f", {coming.days_late} days late" if coming.days_late > 0 else ""
        line.append((f"  {coming.number} {coming.title} {say_date(coming.forecast, today)}{late_by}", "muted"))
    return clip_spans(tuple(line), width)


def shown_lights(project: OpenProject) -> list[Light]:
    """The four lights as the report in preparation would show them."""
    return [light for light in project.worked_out(lights_in_draft) if light.name != "overall"]


def _light(light: Light) -> list[Span]:
    return [(light.name[0].upper(), "muted"), (f"{light.shape}{light.colour}", light.tone), (" ", "")]
