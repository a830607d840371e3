"""The filter language, word by word."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import work_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pmtui.domain.filters import FilterError, read_filter
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry, Deliverable, Issue, Meeting, Milestone, Risk, Task

TODAY = dt.date(2026, 3, 4)  # a Wednesday


def day(away: int) -> dt.date:
    return TODAY + dt.timedelta(days=away)


TASKS = {
    1: Task(
        id=1,
        title="Migrate payroll data",
        owner="ana",
        due=day(-3),
        priority="high",
        tags=("cutover",),
        slip_count=3,
    ),
    2: Task(
        id=2,
        title="Test the interface",
        owner="ben",
        due=day(1),
        status="doing",
        estimate=8.0,
        deliverable="W-1",
    ),
    3: Task(id=3, title="Élan review", status="done", percent_done=100, finish_date=day(-1), notes="Payroll too"),
    4: Task(
        id=4,
        title="Wait",
        status="blocked",
        blocked_reason="firewall",
        owner="ana",
        due=day(30),
        depends_on=("T-1",),
    ),
}
OTHERS = [
    Risk(id=1, title="Vendor is late", owner="ben", review_date=day(-1), probability=4, impact=4),
    Issue(id=1, title="Payroll file rejected", owner="ana", target_date=day(5), urgency=4),
    CostEntry(id=1, date=day(-2), budget_line="B-1", net=Decimal("1250.50"), note="Lyon", vendor="SNCF"),
    Meeting(id=1, title="Steering", start=dt.datetime(2026, 3, 6, 10), invited=("ana", "chi")),
    Milestone(id=1, title="UAT", forecast=day(-1), baseline=day(-10)),
]
DATA = ProjectData(
    {
        "tasks": TASKS,
        "deliverables": {1: Deliverable(id=1, code="1.2", title="Migration")},
        "budget_lines": {1: BudgetLine(id=1, category="travel")},
    }
)


def shown(text: str, me: str = "") -> str:
    found = read_filter(text, TODAY, me=me)
    return " ".join(r.number for r in [*TASKS.values(), *OTHERS] if found.matches(r, DATA))


def tasks(text: str, me: str = "") -> str:
    return " ".join(word for word in shown(text, me).split() if word.startswith("T-"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", "T-1 T-2 T-3 T-4"),
        ("payroll", "T-1 T-3"),
        ("PAYROLL data", "T-1"),
        ("elan", "T-3"),
        ('"payroll data"', "T-1"),
        ("T-4", "T-4"),
        ("owner:ana", "T-1 T-4"),
        ("who:@ANA", "T-1 T-4"),
        ("owner:ana,ben", "T-1 T-2 T-4"),
        ("owner:none", "T-3"),
        ("owner!=ana", "T-2 T-3"),
        ("@ana", "T-1 T-4"),
        ("due<fri", "T-1 T-2"),
        ("due<=2026-03-05", "T-1 T-2"),
        ("due:2026-03-01", "T-1"),
        ("due:week", "T-2"),
        ("due:month", "T-1 T-2"),
        ("due:2026-03-01..2026-03-05", "T-1 T-2"),
        ("due:any due>=today", "T-2 T-4"),
        ("late", "T-1"),
        ("overdue", "T-1"),
        ('"late"', ""),
        ("open", "T-1 T-2 T-4"),
        ("done", "T-3"),
        ("-done", "T-1 T-2 T-4"),
        ("blocked", "T-4"),
        ("unowned", "T-3"),
        ("undated", "T-3"),
        ("moved", "T-1"),
        ("week", "T-2"),
        ("#cutover", "T-1"),
        ("tag:cutover", "T-1"),
        ("slips>2", "T-1"),
        ("slip_count:0", "T-2 T-3 T-4"),
        ('status:"to do"', "T-1"),
        ("status:doing,blocked", "T-2 T-4"),
        ("status:open", "T-1 T-2 T-4"),
        ("!high", "T-1"),
        ("priority>=high", "T-1"),
        ("pri<high", "T-2 T-3 T-4"),
        ("~none", "T-1 T-3 T-4"),
        ("~8h", "T-2"),
        ("~<=1d", "T-2"),
        ("days_late>2", "T-1"),
        ("overdue:yes", "T-1"),
        ("wbs:W-1", "T-2"),
        ("deliverable:migration", "T-2"),
        ("wbs:1.2", "T-2"),
        ("after:t1", "T-4"),
        ("title:migrate", "T-1"),
        ("title=wait", "T-4"),
        ("late or blocked", "T-1 T-4"),
        ("not (late or blocked)", "T-2 T-3"),
        ("-(late or blocked) open", "T-2"),
        ("owner:ana and not late", "T-4"),
        ("late or blocked @ana", "T-1 T-4"),
        ("http://x/y", ""),
    ],
)
def test_tasks(text, numbers):
    assert tasks(text) == numbers


def test_mine_is_the_one_who_asks():
    assert tasks("mine", "ana") == tasks("owner:me", "@ana") == "T-1 T-4"
    assert tasks("mine") == ""
    assert "M-1" in shown("mine", "chi")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("p>3", "R-1"),
        ("score>=12", "R-1"),
        ("band:high", "R-1"),
        ("review<today", "R-1"),
        ("!4", "I-1"),
        ("net>1000", "C-1"),
        ("line:travel", "C-1"),
        ("category:trav", "C-1"),
        ("vendor:sncf", "C-1"),
        ("date:2026-03-02", "C-1"),
        ("start:fri", "M-1"),
        ("late", "T-1 R-1 MS-1"),
        ("week", "T-2 R-1 C-1 M-1 MS-1"),
        ("payroll", "T-1 T-3 I-1"),
        ("due<+10d", "T-1 T-2 I-1 MS-1"),
    ],
)
def test_every_kind_of_record(text, numbers):
    assert shown(text) == numbers


@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        ("late ownr:ana", "ownr:ana", "owner"),
        ("due<2026-02-31", "2026-02-31", "28 days"),
        ("status:zzz", "zzz", "doing"),
        ("a !hihg", "hihg", "high"),
        ("owner:", "owner:", "none or any"),
        ("a or", "or", "missing"),
        ("or a", "or", "before"),
        ("a (b", "(", "not closed"),
        ("a )", ")", "closes nothing"),
        ("owner<ana", "ana", "no order"),
        ("slips>many", "many", "whole number"),
        ("-" * 200 + "a", "-", "too many"),
    ],
)
def test_what_no_record_could_answer_is_pointed_at(text, part, message):
    with pytest.raises(FilterError) as caught:
        read_filter(text, TODAY)
    error = caught.value
    assert error.text[error.start : error.end] == part
    assert message in error.message


PIECES = [
    "owner:",
    "due<fri",
    "(",
    ")",
    '"',
    "-",
    "or",
    "and",
    "not",
    "late",
    "!high",
    "~",
    "#x",
    "@a",
    ":",
    ">",
    "p>",
]


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(st.sampled_from(PIECES)).map(" ".join),
    )
)
def test_any_text_is_a_filter_or_says_why_not(text):
    try:
        shown(text)
    except FilterError as error:
        assert 0 <= error.start <= error.end <= len(text)


def test_a_filter_costs_a_few_calls_a_record():
    many = [Task(id=n, title=f"Task {n} of the plan", owner="ana", due=day(n % 9)) for n in range(1, 1001)]
    found = read_filter("owner:ana due<fri -done plan", TODAY)
    assert found.select(many, DATA)
    assert work_of(lambda: found.select(many, DATA)) < 25 * len(many)
