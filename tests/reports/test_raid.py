"""The RAID log holds what is open of four kinds, or what a filter lets through."""

import datetime as dt

from pmtui.domain.filters import read_filter
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Decision, Issue, Project, Risk, Task
from pmtui.reports.markdown import to_markdown
from pmtui.reports.raid import build_raid

TODAY = dt.date(2026, 3, 2)


def day(offset):
    return TODAY + dt.timedelta(days=offset)


def project(*records):
    tables = {"project": {1: Project(id=1, code="hris", title="HRIS")}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


RECORDS = (
    Risk(id=1, title="Vendor leaves", owner="ana", review_date=day(3), probability=4, impact=4, actions=("T-2",)),
    Risk(id=2, title="Rain", owner="ben", review_date=day(3), status="closed"),
    Risk(id=3, title="Fire", owner="ben", review_date=day(-3), probability=5, impact=5),
    Task(id=1, title="Only work", owner="ben"),
    Task(id=2, title="Ask for a second vendor", owner="ben", due=day(-1)),
    Task(id=3, title="From a meeting", owner="ana", source="M-1", due=day(4)),
    Task(id=4, title="The bank is open in August", tags=("Assumption",)),
    Task(id=5, title="Done already", source="M-1", status="done", percent_done=100, finish_date=day(-3)),
    Issue(id=1, title="Firewall late", owner="ana", target_date=day(1), decision_needed_from="board"),
    Issue(id=2, title="Over", owner="ana", target_date=day(-9), status="closed", resolution="mended"),
    Decision(id=1, title="Two waves", date=day(-20)),
    Decision(id=2, title="Three waves", date=day(-2), supersedes="D-1", decided_by="board"),
)  # fmt: skip


def numbers(log):
    return [[row.number for row in rows] for rows in (log.risks, log.actions, log.issues, log.decisions)]


def test_without_a_filter_it_is_what_is_open_and_the_decisions_in_force():
    log = build_raid(project(*RECORDS), TODAY)
    assert numbers(log) == [["R-3", "R-1"], ["T-2", "T-3", "T-4"], ["I-1"], ["D-2"]]
    assert log.total == 7


def test_a_filter_chooses_and_may_ask_for_what_has_ended():
    data = project(*RECORDS)

    def log(text):
        return build_raid(data, TODAY, read_filter(text, TODAY, me="ana"))

    assert numbers(log("owner:ana open")) == [["R-1"], ["T-3"], ["I-1"], []]
    assert numbers(log("waves")) == [[], [], [], ["D-2", "D-1"]]
    assert numbers(log("is:issue")) == [[], [], ["I-1", "I-2"], []]
    assert "Nothing fits the filter." in to_markdown(log("nobody has this"))
    assert "**Shown** waves" in to_markdown(log("waves"))


def test_each_line_tells_what_is_done_about_it():
    page = to_markdown(build_raid(project(*RECORDS), TODAY))
    assert "| R-1 | Vendor leaves | 16 high | ana | T-2 | 5 Mar |" in page
    assert "| T-2 | Ask for a second vendor | R-1 | ben | to do | 1 Mar |" in page
    assert "| T-4 | The bank is open in August | – | – | assumption | – |" in page
    assert "| I-1 | Firewall late | 9 medium | ana | decision of board | 3 Mar |" in page
    assert "| D-2 | Three waves | – | board | in force | 28 Feb |" in page
    assert "| D-1 | Two waves | – | – | superseded by D-2 |" in to_markdown(
        build_raid(project(*RECORDS), TODAY, read_filter("two", TODAY))
    )


def test_an_empty_project_says_so():
    page = to_markdown(build_raid(project(), TODAY))
    assert "Nothing is open." in page
    assert page.count("None.") == 4


def test_texts_of_others_are_only_text():
    log = build_raid(project(Risk(id=1, title="[x](http://y) <b>|", owner="ana", review_date=TODAY)), TODAY)
    assert "\\[x\\](http\\://y) &lt;b&gt;\\|" in to_markdown(log)
