"""Projects made from a seed: as full as a report ever gets, or small, with names as long as forms allow in practice."""

import datetime as dt
import random
from decimal import Decimal

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import (
    BudgetLine,
    Change,
    CostEntry,
    Decision,
    Issue,
    Milestone,
    Project,
    Risk,
    Task,
)
from pmtui.reports.model import StatusReport
from pmtui.reports.status import build

TODAY = dt.date(2026, 11, 16)
START = TODAY - dt.timedelta(days=6)

_TEXT = """migration payroll interface vendor dictionary acceptance rehearsal cut-over firewall training approval
Straßenverzeichnis réconciliation Überprüfung αποδοχή приёмка absence workflow
Donaudampfschifffahrtsgesellschaftskapitän"""
_WORDS = _TEXT.split()


def name(rng: random.Random, length: int = 60) -> str:
    """A name of exactly so many characters."""
    words = rng.choice(_WORDS)
    while len(words) < length:
        words += " " + rng.choice(_WORDS)
    return words[: length - 1].rstrip().ljust(length, "x")


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


def full_project(seed: int, *, many: int = 40, length: int = 60, cents: bool = False) -> ProjectData:
    """A project with ``many`` records of every kind that a report tells of, their names ``length`` long."""
    rng = random.Random(seed)
    who = [f"{first}.{'longhandle' * rng.randint(0, 2)}"[:20].rstrip(".") for first in ("ana", "ben", "chi", "dora")]
    amount = lambda most: Decimal(rng.randint(1, most)) + (Decimal(rng.randint(0, 99)) / 100 if cents else 0)  # noqa: E731
    title = lambda: name(rng, length)  # noqa: E731
    records = []
    for n in range(1, many + 1):
        p, i = rng.randint(1, 5), rng.randint(1, 5)
        records += [
            Task(id=3 * n, title=title(), owner=rng.choice(who), due=day(-rng.randint(1, 200)), slip_count=n % 4),
            Task(id=3 * n + 1, title=title(), owner=rng.choice(who), due=day(rng.randint(1, 7))),
            Task(id=3 * n + 2, title=title(), status="done", percent_done=100, finish_date=day(-rng.randint(0, 6))),
            Risk(id=n, title=title(), owner=rng.choice(who), review_date=day(9), probability=p, impact=i, response="reduce"),
            Issue(id=n, title=title(), owner=rng.choice(who), target_date=day(rng.randint(-30, 30)), urgency=3, impact=4,
                  decision_needed_from="steering committee", decision_needed_by=day(rng.randint(-5, 20))),
            Change(id=n, title=title(), description="x", status="submitted", delta_cost=amount(90_000), delta_days=rng.randint(-9, 30),
                   requester=rng.choice(who), decision_due=day(rng.randint(-9, 30))),
            Decision(id=n, title=title(), date=day(-rng.randint(0, 5)), decided_by="steering committee"),
            Milestone(id=n, title=title(), baseline=day(n), forecast=day(n + rng.randint(-3, 40))),
            BudgetLine(id=n, category=name(rng, 20), planned=amount(900_000)),
            CostEntry(id=n, date=day(-1), budget_line=f"B-{n}", net=amount(990_000)),
        ]  # fmt: skip
    charter = Project(id=1, code="full", title=title(), manager="ana", sponsor="dora", phase="Test", finish=day(18))
    tables = {"project": {1: charter}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def full_report(seed: int, *, words: int = 300, number: str = "", issued_by: str = "", **how) -> StatusReport:
    """The report of such a project; ``words`` is about how many characters each of its sections has."""
    rng = random.Random(seed)
    sections = {}
    for section in ("summary", "decisions wanted") if words else ():
        lines = [f"- {name(rng, 90)}" if rng.random() < 0.5 else name(rng, 90) for _ in range(max(1, words // 90))]
        sections[section] = "\n".join(lines)
    return build(full_project(seed, **how), START, TODAY, TODAY, words=sections, number=number, issued_by=issued_by)
