"""The committee pack: a line a project, and no figure that its page behind does not show."""

import datetime as dt
from decimal import Decimal

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, Issue, Milestone, Project, Risk, Task
from pmtui.reports.blocks import Title
from pmtui.reports.markdown import to_markdown
from pmtui.reports.pack import build_pack
from pmtui.reports.page import to_lines
from pmtui.reports.status import build

TODAY = dt.date(2026, 3, 2)


def day(offset):
    return TODAY + dt.timedelta(days=offset)


def page(code, *records, number="", **settings):
    tables = {"project": {1: Project(id=1, code=code, title=code.upper(), **settings)}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    issued_by = "ana" if number else ""
    return build(ProjectData(tables), day(-7), TODAY, TODAY, number=number, issued_by=issued_by)


RED = page(
    "red",
    Risk(id=1, title="Vendor", owner="ana", review_date=TODAY, probability=5, impact=5),
    Task(id=1, title="late", due=day(-3)),
    Milestone(id=1, title="Reached", forecast=day(-9), baseline=day(-9), actual=day(-9)),
    Milestone(id=2, title="Go live", forecast=day(9), baseline=day(5)),
    BudgetLine(id=1, category="travel", planned=Decimal(1000), forecast=Decimal(1050)),
    Issue(
        id=1, title="A or B", owner="ana", target_date=TODAY, decision_needed_from="board", decision_needed_by=day(-1)
    ),
    number="SR-4",
)
GREEN = page("green", currency="CHF")


def test_a_line_a_project_with_the_reddest_first():
    text = to_markdown(build_pack([GREEN, RED], TODAY))
    assert "| RED: Go live 11 Mar, 4 days late | ▼R | ●G | ●G | ●G | ▼R | 1 | 1 | SR-4, 2 Mar |" in text
    assert "| GREEN: no milestone to come | ●G | ●G | ●G | ●G | ●G | 0 | 0 | draft, 2 Mar |" in text
    assert text.index("| RED: ") < text.index("| GREEN: ")
    assert "**Pages** 1 issued, 1 draft" in text


def test_money_names_its_currency_once_where_it_is_one():
    mixed = to_markdown(build_pack([GREEN, RED], TODAY))
    assert "| RED | EUR | 1,000 | 0 | 0 | 1,050 | -50 | 0 |" in mixed
    alone = to_markdown(build_pack([RED], TODAY))
    assert "## Money, EUR" in alone
    assert "| RED | 1,000 | 0 | 0 | 1,050 | -50 | 0 |" in alone


def test_decisions_wanted_of_all_name_their_project():
    assert "| red | I-1 | A or B | board | 1 Mar |" in to_markdown(build_pack([GREEN, RED], TODAY))
    assert "## Decisions wanted\n\nNone." in to_markdown(build_pack([GREEN], TODAY)).partition("# GREEN")[0]


def test_each_project_s_page_follows_as_it_is():
    blocks = build_pack([GREEN, RED], TODAY).blocks()
    assert [block.text for block in blocks if isinstance(block, Title)] == ["Committee pack", "RED", "GREEN"]
    assert blocks[-len(GREEN.blocks()) :] == GREEN.blocks()


def test_without_a_project_it_says_so_and_it_fits_any_width():
    assert "No project in it." in to_markdown(build_pack([], TODAY))
    for width in (20, 49, 80, 100):
        for line in to_lines(build_pack([GREEN, RED], TODAY), width):
            assert sum(len(text) for text, _ in line) <= width
