"""The team's week tells each task once, by person, and the hours that were logged."""

import datetime as dt

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import HoursEntry, Person, Project, Task
from pmtui.reports.markdown import to_markdown
from pmtui.reports.weekly import build_weekly

TODAY = dt.date(2026, 3, 6)  # a Friday
MONDAY, SUNDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 8)


def day(offset):
    return TODAY + dt.timedelta(days=offset)


def week(*records):
    tables = {"project": {1: Project(id=1, code="hris", title="HRIS")}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return build_weekly(ProjectData(tables), MONDAY, SUNDAY, TODAY)


def task(number, **more):
    return Task(**{"id": number, "title": f"task {number}", "owner": "ben"} | more)


def done(number, offset, **more):
    return task(number, status="done", percent_done=100, finish_date=day(offset), **more)


def told(person):
    return [[row.number for row in rows] for rows in (person.done, person.blocked, person.late, person.next)]


def test_each_task_is_told_once_where_it_stands():
    (ben,) = week(
        done(1, -4), done(2, -5), done(3, 0),
        task(4, status="blocked", blocked_reason="firewall", due=day(-9)),
        task(5, due=day(-1)), task(6, due=TODAY), task(7, due=SUNDAY + dt.timedelta(days=7)),
        task(8, due=SUNDAY + dt.timedelta(days=8)), task(9), task(10, due=TODAY, status="backlog"),
        task(11, status="cancelled", cancelled_reason="x", due=day(-1)),
    ).people  # fmt: skip
    assert told(ben) == [["T-1", "T-3"], ["T-4"], ["T-5"], ["T-6", "T-7"]]
    assert (ben.blocked[0].why, ben.blocked[0].days) == ("firewall", 9)


def test_people_are_in_the_order_of_their_names_and_nobody_last():
    found = week(
        task(1, owner="", due=day(-1)), task(2, due=TODAY), task(3, owner="zoe", due=TODAY),
        Person(id=1, handle="zoe", full_name="Adele Zoe"), Person(id=2, handle="idle"),
    ).people  # fmt: skip
    assert [(person.who, person.name) for person in found] == [("zoe", "Adele Zoe"), ("ben", "ben"), ("", "Nobody")]


def test_hours_are_those_of_the_week_and_left_out_where_there_are_none():
    hours = [
        HoursEntry(id=1, who="ben", date=MONDAY, hours=7.5),
        HoursEntry(id=2, who="ben", date=SUNDAY, hours=0.5),
        HoursEntry(id=3, who="ben", date=MONDAY - dt.timedelta(days=1), hours=4),
    ]
    page = to_markdown(week(done(1, -1), *hours))
    assert "ben: 1 done, 8.0 h" in page
    assert "**Hours** 8.0" in page
    assert "Hours" not in to_markdown(week(done(1, -1)))
    assert "Only hours in these days." in to_markdown(week(*hours))


def test_why_is_told_where_there_is_a_reason():
    page = to_markdown(week(task(1, due=day(-2)), task(2, due=TODAY)))
    assert "| late | T-1 | task 1 | 2 days late | 4 Mar |" in page
    assert "| Why |" not in to_markdown(week(task(2, due=TODAY)))


def test_a_week_without_anything_says_so():
    assert "Nobody has anything" in to_markdown(week(task(1)))
