"""Templates say what to do and when, counted from one day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.builtin_templates import BUILT_IN
from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.records import Task
from pmtui.domain.templates import date_at, on_day, say_at, span, split_links, template_of, template_problems

SATURDAY = dt.date(2026, 12, 12)
DAYS = WorkingCalendar()


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("T", "2026-12-12"),
        ("T-5", "2026-12-07"),
        ("T-5d", "2026-12-07"),
        ("T+2w", "2026-12-26"),
        ("T-1wd", "2026-12-11"),
        ("T-5wd", "2026-12-07"),
        ("T+1wd", "2026-12-14"),
        ("+2d", "2026-12-14"),
        ("T+0", "2026-12-12"),
    ],
)
def test_a_date_counted_from_the_day(words, date):
    assert date_at(words, SATURDAY, DAYS) == dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Freeze T-5wd @ana", "Freeze due 2026-12-07 @ana"),
        ("  Move due T", "  Move due 2026-12-12"),
        ("Work start T-2 due T+1w", "Work start 2026-12-10 due 2026-12-19"),
        ("Check due +2d", "Check due 2026-12-14"),
        ("milestone: Go-live T", "milestone: Go-live 2026-12-12"),
        ("risk: late p4 review T+1w", "risk: late p4 review 2026-12-19"),
        ('"Print T-5 forms" T-1', '"Print T-5 forms" due 2026-12-11'),
        ("Buy T-shirts", "Buy T-shirts"),
    ],
)
def test_a_line_with_its_dates(line, written):
    assert on_day(f"x\n{line}", SATURDAY, DAYS) == f"x\n{written}"


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    st.integers(-300, 300),
)
def test_a_date_said_from_a_day_is_that_date_again(day, away):
    date = day + dt.timedelta(days=away)
    assert date_at(say_at(date, day, DAYS), day, DAYS) == date


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one line"),
        ("ok T-1\nbad due T+x", "line 2 tasks: 'T+x': allowed: T, T-5"),
        ("far T-1000", "at most 999"),
        ('a\nb after "zz"', "line 2 tasks, after: 'zz': no line here has this title"),
        ("x due 2026-02-31", "28 days"),
        ("a\nb after T-1", "'T-1': T-5 is a day here"),
    ],
)
def test_what_can_not_be_read_says_its_line(text, said):
    assert said in str(template_problems(text)[0])


def test_those_that_ship_can_be_read_and_reach_both_ways():
    for template in BUILT_IN:
        assert template_problems(template.tasks) == []
        assert span(template.tasks).startswith("T-")


def test_what_a_line_waits_for():
    texts, links = split_links(['b after previous, "A thing" @x', "Clean up after the party"])
    assert texts == ["b @x", "Clean up after the party"]
    assert links == [("previous", "A thing"), ()]


def test_tasks_become_lines_with_parts_links_roles_and_working_days():
    tasks = [
        Task(id=1, title="Cut over", owner="ana", due=SATURDAY, priority="high", tags=("go",)),
        Task(id=2, title='Tell "all" due fri', due=dt.date(2026, 12, 4), parent="T-1", depends_on=("T-9",)),
        Task(id=3, title="Undo", due=dt.date(2026, 12, 13), depends_on=("T-1",), estimate=4.0),
    ]
    text, said = template_of(tasks, SATURDAY, DAYS, {"ana": "manager"})
    assert text.split("\n") == [
        "Cut over @manager due T !high #go",
        "  \"Tell 'all' due fri\" due T-6wd",
        'Undo due T+1 ~4h after "Cut over"',
    ]
    assert said == ["T-2 waits for T-9, which is not in the template"]
    assert template_problems(text) == []
