"""The minutes say who was there, and by topic what was noted, decided and agreed."""

import datetime as dt

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Decision, Issue, Meeting, Person, Project, Risk, Task, Topic
from pmtui.reports.markdown import to_markdown
from pmtui.reports.minutes import build_minutes, summary
from pmtui.reports.page import to_lines

START = dt.datetime(2026, 3, 2, 10)
DAY = START.date()
NOTES = """Opened by Ana.

## 1. Budget
The vendor's invoice is **late**.
- D: Release the contingency [D-1]
- A: Call the vendor @ben due fri [T-1]

## Any other business
R: No test data [R-1]
I: Firewall [I-1]
Nothing else."""


def meeting(**more):
    usual = {
        "id": 1,
        "title": "Steering committee",
        "start": START,
        "series": "Steering",
        "invited": ("ana", "ben", "dora"),
        "present": ("ana", "ben"),
        "agenda": (Topic("Budget", 20, "ben"), Topic("Go live")),
        "notes": NOTES,
        "decisions": ("D-1",),
        "actions": ("T-1", "T-2"),
        "raised": ("R-1", "I-1"),
    }
    return Meeting(**usual | more)


def project(the_meeting, *others):
    records = [
        the_meeting,
        Decision(id=1, title="Release the contingency", date=DAY, decided_by="dora", meeting="M-1"),
        Task(id=1, title="Call the vendor", owner="ben", due=dt.date(2026, 3, 6), source="M-1"),
        Task(id=2, title="Old one", owner="zoe", due=dt.date(2026, 2, 20), source="M-9"),
        Risk(id=1, title="No test data", owner="ana", review_date=dt.date(2026, 3, 30), source="M-1"),
        Issue(id=1, title="Firewall", owner="ana", target_date=dt.date(2026, 3, 16), source="M-1"),
        Person(id=1, handle="ana", full_name="Ana Silva"),
        *others,
    ]
    tables = {"project": {1: Project(id=1, code="demo", title="Demo")}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def minutes(the_meeting=None, *others, **more):
    the_meeting = the_meeting or meeting()
    return build_minutes(project(the_meeting, *others), the_meeting, **more)


def test_the_header_names_who_was_present_and_absent():
    found = minutes()
    assert (found.present, found.absent) == (("Ana Silva", "ben"), ("dora",))
    page = to_markdown(found)
    assert "**Date** Mon 2 Mar 2026, 10:00 to 11:00" in page
    assert "**Present** Ana Silva, ben · **Absent** dora" in page


def test_where_nobody_was_marked_nobody_is_called_absent():
    page = to_markdown(minutes(meeting(present=())))
    assert "**Present** not recorded · **Invited** Ana Silva, ben, dora" in page
    assert "Absent" not in page


def test_each_topic_has_its_notes_and_what_came_of_it():
    first, budget, other = minutes().topics
    assert (first.title, first.notes) == ("", "Opened by Ana.")
    assert (budget.title, budget.presenter) == ("Budget", "ben")
    assert budget.notes == "The vendor's invoice is **late**."
    assert [(i.number, i.what, i.who, i.when) for i in budget.items] == [
        ("D-1", "Release the contingency", "dora", DAY),
        ("T-1", "Call the vendor", "ben", dt.date(2026, 3, 6)),
    ]
    assert [item.number for item in other.items] == ["R-1", "I-1"]
    assert other.notes == "Nothing else."


def test_the_page_says_who_does_what_by_when():
    page = to_markdown(minutes())
    assert "- Decision D-1: Release the contingency (decided by dora)" in page
    assert "- Action T-1: Call the vendor (ben, by 6 Mar)" in page
    assert "- Risk R-1: No test data (Ana Silva, review 30 Mar)" in page
    assert r"invoice is \*\*late\*\*" in page


def test_topics_without_notes_and_actions_of_earlier_meetings_are_listed():
    page = to_markdown(minutes())
    assert "## Also on the agenda\n\n- Go live" in page
    assert "## Actions of earlier meetings" in page
    assert "| T-2 | Old one | zoe | 20 Feb |" in page


def test_an_action_without_owner_and_date_says_so():
    bare = Task(id=1, title="Call", source="M-1")
    assert "- Action T-1: Call (nobody yet, no date yet)" in to_markdown(minutes(None, bare))


def test_the_next_meeting_is_the_series_next_that_is_not_cancelled():
    def at(number, offset, **more):
        return Meeting(id=number, title="x", start=START + dt.timedelta(days=offset), **{"series": "steering"} | more)

    found = minutes(None, at(2, 7, status="cancelled"), at(3, 14), at(4, 21), at(5, 1, series="Team"))
    assert found.next_start == START + dt.timedelta(days=14)
    assert "Next meeting: Mon 16 Mar 2026, 10:00." in to_markdown(found)
    assert "Next meeting: not set." in to_markdown(minutes())


def test_published_ones_have_their_number_and_day():
    page = to_markdown(minutes(None, number=7, published_on=DAY, published_by="ana"))
    assert page.startswith("# Steering committee: Minutes 7\n")
    assert "Published 2 Mar 2026 by ana" in page


def test_notes_without_headings_are_one_topic_after_which_the_agenda_stands():
    (topic,) = minutes(meeting(notes="We talked.", decisions=(), actions=(), raised=())).topics
    assert (topic.title, topic.notes) == ("", "We talked.")


def test_a_summary_counts_what_came_of_it():
    assert summary(minutes()) == "1 decision, 1 action, 1 risk, 1 issue"
    assert summary(minutes(meeting(notes="", decisions=(), actions=(), raised=()))) == "no decisions or actions"


def test_the_page_fits_its_width():
    for width in (38, 58, 100):
        assert all(sum(len(text) for text, _ in line) <= width for line in to_lines(minutes(), width))
