"""Red, amber and green: what the four lights show, why, and what somebody set by hand.

The thresholds are the project's own (:class:`LightRules`); DOMAIN's are their defaults.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from pmtui.domain.budget import BOTTOM_UP, Budget, budget_on
from pmtui.domain.dates import MONTHS
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Report, Risk
from pmtui.domain.records.report import STATUS, Override

GREEN, AMBER, RED = "G", "A", "R"
COLOURS = (GREEN, AMBER, RED)
"""The colours by their letter, from good to bad."""

WORDS = {GREEN: "green", AMBER: "amber", RED: "red"}
SHAPES = {GREEN: "●", AMBER: "▲", RED: "▼"}
_HALF_A_YEAR = 182
TONES = {GREEN: "good", AMBER: "warn", RED: "bad"}
TRENDS = {1: "↗", 0: "", -1: "↘"}
"""Better or worse than in the last report issued."""


def colour_named(text: str) -> str | None:
    """The colour's letter that a person means by ``g``, ``amber``, ``Red``; ``None`` where it is none."""
    wanted = text.strip().lower()
    return next((c for c, word in WORDS.items() if wanted and word.startswith(wanted)), None)


def trend(before: str, now: str) -> int:
    """1 where a colour is better than the one before, -1 where it is worse, 0 the same or not known."""
    if before not in COLOURS or now not in COLOURS:
        return 0
    was, is_now = COLOURS.index(before), COLOURS.index(now)
    return (was > is_now) - (was < is_now)


class Light(msgspec.Struct, frozen=True):
    """A light: ``colour`` (``G``, ``A``, ``R``) is what it shows, the override's where there is one.

    ``ruled`` is the colour by the rules and ``why`` their reason in words; ``previous`` the colour in
    the last issued report.
    """

    name: str
    colour: str
    why: str
    override: Override | None = None
    previous: str | None = None
    ruled: str = ""

    def __post_init__(self) -> None:
        if not self.ruled:
            msgspec.structs.force_setattr(self, "ruled", self.colour)

    @property
    def word(self) -> str:
        """The colour in words."""
        return WORDS[self.colour]

    @property
    def shape(self) -> str:
        """The colour's shape, for who can't see colours."""
        return SHAPES[self.colour]

    @property
    def tone(self) -> str:
        """The colour's tone on the screen."""
        return TONES[self.colour]

    @property
    def trend(self) -> int:
        """1 better than in the last report, -1 worse, 0 the same or not known."""
        return trend(self.previous or "", self.colour)


class Lights(msgspec.Struct, frozen=True):
    """The four lights and the worst of them."""

    time: Light
    cost: Light
    scope: Light
    risk: Light
    overall: Light

    def __iter__(self) -> Iterator[Light]:
        """The four, then overall."""
        return iter((self.time, self.cost, self.scope, self.risk, self.overall))

    def colours(self) -> dict[str, str]:
        """The colours shown, by the light's name."""
        return {light.name: light.colour for light in self}


class Finish(msgspec.Struct, frozen=True):
    """When the project is forecast to finish, and the date it is compared with."""

    forecast: dt.date | None
    target: dt.date | None

    @property
    def late(self) -> int:
        """Calendar days past the target; negative when early, 0 where either is not known."""
        return (self.forecast - self.target).days if self.forecast and self.target else 0


def lights(
    data: ProjectData,
    today: dt.date,
    *,
    overrides: Iterable[Override] = (),
    previous: Mapping[str, str] | None = None,
    budget: Budget | None = None,
) -> Lights:
    """The lights as they are today.

    ``previous`` holds the colours of the last report by light; ``budget`` spares a second
    calculation where the caller has it.
    """
    before = previous or {}
    by_hand = {o.light: o for o in overrides if o.colour in COLOURS and o.reason.strip()}

    def shown(light: Light) -> Light:
        return _finished(light, by_hand.get(light.name), before.get(light.name))

    time, cost = shown(time_light(data, today)), shown(cost_light(data, budget or budget_on(data, today)))
    scope, risk = shown(scope_light(data, today)), shown(risk_light(data))
    return Lights(time, cost, scope, risk, _overall([time, cost, scope, risk], before.get("overall")))


def colours_of(report: Report | None) -> dict[str, str]:
    """The colours that an issued report froze, by light; nothing for a draft or none."""
    frozen = report.numbers.get("lights") if report else None
    found = {}
    for light in frozen if isinstance(frozen, (list, tuple)) else ():
        if isinstance(light, dict) and light.get("colour") in COLOURS:
            found[str(light.get("name"))] = str(light["colour"])
    return found


def last_issued(data: ProjectData) -> Report | None:
    """The status report that was issued last; ``None`` before the first."""
    issued = (r for r in data.reports.values() if r.status == "issued" and r.kind == STATUS)
    return max(issued, key=lambda r: (r.issued_on or r.period_end, r.id), default=None)


def open_draft(data: ProjectData, kind: str = STATUS) -> Report | None:
    """The draft of a kind of report as it is stored; ``None`` where nothing is written yet."""
    drafts = (r for r in data.reports.values() if r.status == "draft" and r.kind == kind)
    return max(drafts, key=lambda r: r.id, default=None)


def lights_in_draft(data: ProjectData, today: dt.date) -> Lights:
    """The lights as the next status report will show them, beside those of the last one."""
    found = open_draft(data)
    return lights(data, today, overrides=found.overrides if found else (), previous=colours_of(last_issued(data)))


def forecast_finish(data: ProjectData, today: dt.date) -> Finish:
    """The latest of what is open: milestones' forecasts and tasks' due dates, and the planned finish.

    What is open can't finish before today. Tasks in the backlog are not planned yet and don't count.
    Without a planned finish the last milestone's baseline is compared with.
    """
    milestones = data.milestones.values()
    open_dates = [m.forecast for m in milestones if m.is_open]
    open_dates += [t.due for t in data.tasks.values() if t.due and t.is_open and t.status != "backlog"]
    reached = [m.actual for m in milestones if m.actual]
    target = data.project.finish or max((m.baseline for m in milestones if m.baseline), default=None)
    if open_dates:
        forecast: dt.date | None = max(*open_dates, today)
    else:
        forecast = max(reached, default=None)
    if data.project.finish and forecast:
        forecast = max(forecast, data.project.finish)
    return Finish(forecast or target, target)


def time_light(data: ProjectData, today: dt.date) -> Light:
    """How late the forecast finish is: green up to a week, amber up to a month."""
    finish, rules = forecast_finish(data, today), data.project.lights
    if finish.forecast is None or finish.target is None:
        return Light("time", GREEN, "no finish date to compare with")
    late = finish.late
    colour = RED if late > rules.red_days else AMBER if late > rules.amber_days else GREEN
    forecast, target = exact_date(finish.forecast, today), exact_date(finish.target, today)
    if late > 0:
        return Light("time", colour, f"forecast finish {forecast}, {_days(late)} past {target}")
    early = f"{_days(-late)} before {target}" if late else "as planned"
    return Light("time", colour, f"forecast finish {forecast}, {early}")


def cost_light(data: ProjectData, budget: Budget) -> Light:
    """How far the estimate at completion is over the budget: green below 10 %, red from 20 %.

    The budget has what was drawn on the contingency that covers it, and what was released from the reserve; money
    without a budget is amber.
    """
    rules, over = data.project.lights, budget.over_percent
    spent = budget.actual + budget.committed
    if over is None and spent > 0:
        return Light("cost", AMBER, f"no budget, {spent:,.2f} {data.project.currency} spent or committed")
    if over is None:
        return Light("cost", GREEN, "no budget to compare with")
    colour = RED if over >= rules.red_cost_percent else AMBER if over >= rules.amber_cost_percent else GREEN
    estimate = "estimate at completion" + ("" if budget.method == BOTTOM_UP else f" {budget.method}")
    if over <= 0:
        under = f"{percent(-over)} under the budget" if over else "as budgeted"
        return Light("cost", colour, f"{estimate} {under}")
    left = budget.contingency_left
    covered = ", contingency used up" if budget.contingency and left <= 0 else ""
    return Light("cost", colour, f"{estimate} {percent(over)} over the budget{covered}")


def scope_light(data: ProjectData, today: dt.date) -> Light:
    """Amber with a change undecided past its date; red with two, or an off-specification issue open."""
    late = [c.number for c in data.changes.values() if c.decision_is_late(today)]
    off = [i.number for i in data.issues.values() if i.is_open and i.kind == "off-specification"]
    why = []
    if off:
        why.append(f"{_numbers(off)} off specification")
    if late:
        why.append(f"{_numbers(late)} undecided past {'its date' if len(late) == 1 else 'their dates'}")
    colour = RED if off or len(late) > 1 else AMBER if late else GREEN
    return Light("scope", colour, ", ".join(why) or "no change undecided past its date")


def risk_light(data: ProjectData) -> Light:
    """The worst open threat: amber from high, red from very high."""
    rules = data.project.lights
    threats = [r for r in data.risks.values() if r.is_open and r.kind == "threat"]
    worst = max(threats, key=lambda r: (r.score, -r.id), default=None)
    if worst is None or not worst.score:
        return Light("risk", GREEN, "no risk assessed yet" if threats else "no open risk")
    colour = RED if worst.score >= rules.red_score else AMBER if worst.score >= rules.amber_score else GREEN
    return Light("risk", colour, f"worst {worst.number} with {worst.score}, {_band(data, worst)}")


def exact_date(day: dt.date, today: dt.date) -> str:
    """A date without its weekday: "27 Nov", with the year where it is not plain, as in ``say_date``."""
    plain = day.year == today.year or abs((day - today).days) <= _HALF_A_YEAR
    year = "" if plain else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def percent(value: Decimal) -> str:
    """A percentage with at most one decimal, rounded so that it never hides a threshold passed."""
    shown = value.quantize(Decimal("0.1"), rounding="ROUND_DOWN")
    return f"{shown.normalize():f} %" if shown else "less than 0.1 %"


def _finished(light: Light, override: Override | None, previous: str | None) -> Light:
    colour = override.colour if override else light.colour
    return msgspec.structs.replace(light, colour=colour, ruled=light.ruled, override=override, previous=previous)


def _overall(four: list[Light], previous: str | None) -> Light:
    by_colour = {c: [light.name for light in four if light.colour == c] for c in COLOURS}
    worst = next(c for c in reversed(COLOURS) if by_colour[c])
    why = "all four are green" if worst == GREEN else f"{_and(by_colour[worst])} {WORDS[worst]}"
    return Light("overall", worst, why, previous=previous)


def _band(data: ProjectData, risk: Risk) -> str:
    try:
        return data.band(risk.score).name
    except ValueError:
        return "outside the bands"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _numbers(numbers: list[str]) -> str:
    return ", ".join(numbers[:3]) + (f" and {len(numbers) - 3} more" if len(numbers) > 3 else "")
