"""A project's charter in short, and its settings: every threshold a rule uses."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from pmtui.domain.calendar import country_problem
from pmtui.domain.exposure import DEFAULT_BANDS, Band, ReviewIntervals, Scales
from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare
from pmtui.domain.scales import bands_problem, scales_problem

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

FLOW = Flow(
    moves={
        "draft": ("active", "cancelled"),
        "active": ("on hold", "closing", "cancelled"),
        "on hold": ("active", "cancelled"),
        "closing": ("closed", "active"),
        "closed": (),
        "cancelled": (),
    },
    ends=frozenset({"closed", "cancelled"}),
)

EAC_METHODS = ("bottom up", "cpi", "remaining at plan", "cpi and spi")
"""How a cost at completion may be forecast: line by line, or from earned value (``EacMethod``)."""

MOST_DAYS = 730
"""The longest interval between two reviews of a risk."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class LightRules(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a light turns amber and red: calendar days late, and % of EAC over budget."""

    amber_days: int = 7
    red_days: int = 30
    amber_cost_percent: int = 10
    red_cost_percent: int = 20
    amber_score: int = 15
    red_score: int = 25


def dates_in_order(project: "Project", _: "ProjectData") -> Sequence[Problem]:
    """A project finishes on or after its start."""
    if project.start and project.finish and project.finish < project.start:
        return [
            Problem("finish", project.finish.isoformat(), f"allowed: {project.start.isoformat()} (its start) or later")
        ]
    return []


def calendar_works(project: "Project", _: "ProjectData") -> Sequence[Problem]:
    """At least one working day, and a country whose holidays are known."""
    problems = []
    days = project.working_days
    if not days or any(day not in WEEKDAYS for day in days):
        problems.append(Problem("working_days", " ".join(days), "allowed: some of " + " ".join(WEEKDAYS)))
    wrong = country_problem(project.country) if project.country else None
    if wrong:
        problems.append(Problem("country", project.country, wrong))
    return problems


def currency_is_a_code(project: "Project", _: "ProjectData") -> Sequence[Problem]:
    """A currency is named by the three capitals of ISO 4217."""
    code = project.currency
    if len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
        return []
    return [Problem("currency", code, "allowed: an ISO 4217 code such as EUR")]


def scales_and_bands_hold(project: "Project", _: "ProjectData") -> Sequence[Problem]:
    """Five steps that rise, each with a word of its own, and a band for every score."""
    found = {"scales": scales_problem(project.scales), "bands": bands_problem(project.bands)}
    return [Problem(name, "", why) for name, why in found.items() if why]


def hours_go_to_a_base_line(project: "Project", data: "ProjectData") -> Sequence[Problem]:
    """Hours are charged to a line of the base budget; what is set aside is drawn by entries that say why."""
    line = data.budget_lines.get(data.id_of(project.labour_line)) if project.labour_line else None
    if line is None or line.kind == "base":
        return []
    return [Problem("labour_line", project.labour_line, f"allowed: a base line; {line.category} is {line.kind}")]


def reviews_come(project: "Project", _: "ProjectData") -> Sequence[Problem]:
    """A risk is reviewed again after a day at least, and within two years."""
    found = project.review_intervals
    wrong = [days for days in (*found.by_band, found.unassessed) if not 1 <= days <= MOST_DAYS]
    if wrong or not found.by_band:
        value = str(wrong[0]) if wrong else ""
        return [Problem("review_intervals", value, f"allowed: 1 to {MOST_DAYS} days for each band, the highest first")]
    return []


def project_stays(_: "Project | None", after: "Project | None", __: "ProjectData") -> Sequence[Problem]:
    """A project is archived or cancelled, never deleted."""
    return [] if after is not None else [Problem("record", "", "a project is archived, not deleted")]


def closing_stores_rates(before: "Project | None", after: "Project | None", data: "ProjectData") -> Sequence[Problem]:
    """A month is closed with the rates of its hours, also where its closing is brought back after hours came."""
    from pmtui.domain.labour import rate_on  # start-up time counts, and a month is closed once

    months = set(after.closed_months if after else ()) - set(before.closed_months if before else ())
    for entry in data.hours.values() if months else ():
        month = f"{entry.date:%Y-%m}"
        if month in months and entry.rate is None and rate_on(data.person(entry.who), entry.date) is not None:
            why = f"{entry.number} came or was moved while it was open, its rate is not stored; close the month anew"
            return [Problem("closed_months", month, why)]
    return []


def closed_months_keep_their_money(
    before: "Project | None", after: "Project | None", data: "ProjectData"
) -> Sequence[Problem]:
    """No setting moves what a closed month cost: not the line of its hours, not the currency of all."""
    if before is None or after is None or not after.closed_months:
        return []
    problems = []
    charged = [month for month in after.closed_months if month in data.labour.by_month]
    if before.labour_line != after.labour_line and any(data.labour.by_month[month].cost for month in charged):
        why = f"hours of closed months would move, those of {charged[0]}; reopen them first"
        problems.append(Problem("labour_line", after.labour_line, why))
    if before.currency != after.currency:
        why = f"{after.closed_months[0]} is closed in {before.currency}; reopen it first"
        problems.append(Problem("currency", after.currency, why))
    return problems


def rates_are_into_its_currency(
    before: "Project | None", after: "Project | None", data: "ProjectData"
) -> Sequence[Problem]:
    """The currency stays while amounts are converted into it at stored rates."""
    if before is None or after is None or before.currency == after.currency:
        return []
    held = next((entry for entry in data.costs.values() if entry.rate is not None), None)
    why = f"{held.number} is converted into {before.currency} at its rate" if held else ""
    return [Problem("currency", after.currency, why)] if why else []


@declare(
    kind="project",
    table="project",
    prefix="PRJ",
    words=("project", "projects"),
    title="title",
    flow=FLOW,
    rules=(
        dates_in_order,
        calendar_works,
        currency_is_a_code,
        scales_and_bands_hold,
        reviews_come,
        hours_go_to_a_base_line,
    ),
    change_rules=(project_stays, closing_stores_rates, closed_months_keep_their_money, rates_are_into_its_currency),
    columns=("code", "title", "status", "manager", "finish"),
)
class Project(Record, frozen=True, kw_only=True):
    """One project: ``code`` names its folder. Money is in ``currency`` (ISO 4217)."""

    code: Annotated[str, Field("Code", required=True, form=False)]
    title: Annotated[str, Field("Name", required=True, headings=("name",))]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses)] = "active"
    currency: Annotated[str, Field("Currency", hint="allowed: an ISO 4217 code such as EUR")] = "EUR"
    manager: Annotated[str, Field("Manager", Kind.PERSON)] = ""
    sponsor: Annotated[str, Field("Sponsor", Kind.PERSON)] = ""
    objective: Annotated[str, Field("Objective", Kind.TEXT)] = ""
    phase: Annotated[str, Field("Phase")] = ""
    start: Annotated[dt.date | None, Field("Start", Kind.DATE)] = None
    finish: Annotated[dt.date | None, Field("Finish", Kind.DATE)] = None
    tolerance_days: Annotated[int, Field("Tolerance, days", Kind.INTEGER, low=0)] = 7
    tolerance_cost: Annotated[Decimal, Field("Tolerance, % cost", Kind.MONEY, low=0)] = Decimal(10)
    working_days: Annotated[tuple[str, ...], Field("Working days", Kind.TAGS, hint="some of " + " ".join(WEEKDAYS))] = (
        WEEKDAYS[:5]
    )
    country: Annotated[str, Field("Holidays of", hint="a country code such as FR, or nothing")] = ""
    send_to: Annotated[
        tuple[str, ...],
        Field("Reports go to", Kind.TAGS, hint="people with an e-mail and addresses, such as @ana ben@example.org"),
    ] = ()
    wip_strict: Annotated[
        bool, Field("Board limits hold", Kind.FLAG, hint="yes: a full column takes no more; no: it only warns")
    ] = False
    wip_limits: Annotated[dict[str, int], Field("Board limits", Kind.STRUCTURE, form=False)] = msgspec.field(
        default_factory=dict
    )
    bands: Annotated[tuple[Band, ...], Field("Risk bands", Kind.STRUCTURE, form=False)] = DEFAULT_BANDS
    lights: Annotated[LightRules, Field("Light rules", Kind.STRUCTURE, form=False)] = LightRules()
    scales: Annotated[Scales, Field("Risk scales", Kind.STRUCTURE, form=False)] = Scales()
    review_intervals: Annotated[ReviewIntervals, Field("Risk reviews", Kind.STRUCTURE, form=False)] = ReviewIntervals()
    eac_method: Annotated[str, Field("Forecast of the cost", Kind.CHOICE, choices=EAC_METHODS)] = EAC_METHODS[0]
    labour_line: Annotated[
        str,
        Field(
            "Hours are charged to",
            Kind.REFERENCE,
            kinds=("budget line",),
            hint="a budget line such as B-1; nothing: hours cost the budget nothing",
        ),
    ] = ""
    closed_months: Annotated[tuple[str, ...], Field("Closed months", Kind.TAGS, form=False, kept=True)] = ()
    archived: Annotated[bool, Field("Archived", Kind.FLAG)] = False
