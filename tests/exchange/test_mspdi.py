import datetime as dt
from decimal import Decimal

import pytest

from pmtui.domain.problems import Refused
from pmtui.domain.records.person import Rate
from pmtui.exchange.files import read_content

HEAD = '<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Title>Move</Title>'
DAY = dt.date(2026, 3, 2)


def element(name, **fields):
    inner = "".join(
        "".join(item) if isinstance(item, list) else f"<{key}>{item}</{key}>" for key, item in fields.items()
    )
    return f"<{name}>{inner}</{name}>"


def task(uid, level=1, **fields):
    given = {"UID": uid, "Name": f"Task {uid}", "OutlineLevel": level, "WBS": str(uid)}
    return element("Task", **given | {"Start": "2026-03-02T08:00:00", "Finish": "2026-03-06T17:00:00"} | fields)


def link(uid, kind=1, lag=0):
    return element("PredecessorLink", PredecessorUID=uid, Type=kind, LinkLag=lag)


def read(*tasks, resources=(), assignments=(), **project):
    parts = "".join(f"<{key}>{value}</{key}>" for key, value in project.items())
    groups = f"<Tasks>{''.join(tasks)}</Tasks><Resources>{''.join(resources)}</Resources>"
    groups += f"<Assignments>{''.join(assignments)}</Assignments>"
    return read_content(f"{HEAD}{parts}{groups}</Project>".encode(), "move.xml")


def row(content, key, kind="task"):
    return next(r for r in content.rows if (r.kind, r.key) == (kind, key))


def depends(content, key, kind="task"):
    return [ref.key for ref in row(content, key, kind).refs if ref.field == "depends_on"]


def test_summary_tasks_are_deliverables_milestones_milestones_and_the_project_itself_nothing():
    content = read(
        task(0, 0, Summary=1),
        task(1, Summary=1, WBS="1", Name="Design"),
        task(2, 2, Summary=1, WBS="1.1"),
        task(3, 3),
        task(4, 2, Milestone=1, Finish="2026-03-09T17:00:00"),
        task(5),
    )
    assert [(r.kind, r.key) for r in content.rows if r.kind != "cost"] == [
        ("deliverable", "1"),
        ("deliverable", "2"),
        ("task", "3"),
        ("milestone", "4"),
        ("task", "5"),
    ]
    assert row(content, "1", "deliverable").values == {"title": "Design", "code": "1"}
    assert [(r.field, r.key) for r in row(content, "2", "deliverable").refs] == [("parent", "1")]
    assert [(r.field, r.key) for r in row(content, "3").refs] == [("deliverable", "2")]
    assert row(content, "5").refs == ()
    assert row(content, "4", "milestone").values["forecast"] == dt.date(2026, 3, 9)


def test_dates_work_progress_baseline_and_notes_of_a_task():
    baselines = [
        element("Baseline", Number=1, Finish="2020-01-01T17:00:00"),
        element("Baseline", Number=0, Finish="2026-03-04T17:00:00"),
    ]
    content = read(
        task(
            1,
            Work="PT20H0M0S",
            RemainingWork="PT12H30M0S",
            ActualWork="PT7H30M0S",
            PercentComplete=40,
            Priority=700,
            Notes="See the plan",
            Baseline=baselines,
        )
    )
    found = row(content, "1")
    assert found.values == {
        "title": "Task 1",
        "start": DAY,
        "due": dt.date(2026, 3, 6),
        "estimate": 20.0,
        "remaining": 12.5,
        "actual_effort": 7.5,
        "percent_done": 40,
        "priority": "high",
        "baseline_due": dt.date(2026, 3, 4),
        "notes": "See the plan",
    }
    assert found.defaults == {"status": "doing"}
    assert any("baselines 1 to 10" in note for note in content.notes)


def test_done_and_inactive_tasks():
    content = read(task(1, PercentComplete=100, ActualFinish="2026-03-05T17:00:00"), task(2, Active=0))
    done, dropped = row(content, "1"), row(content, "2")
    assert (done.values["status"], done.values["finish_date"]) == ("done", dt.date(2026, 3, 5))
    assert (dropped.values["status"], dropped.defaults["cancelled_reason"]) == ("cancelled", "inactive in move.xml")


@pytest.mark.parametrize(
    ("level", "priority"),
    [
        (0, "low"),
        (399, "low"),
        (400, "normal"),
        (500, "normal"),
        (600, "normal"),
        (700, "high"),
        (800, "high"),
        (900, "urgent"),
    ],
)
def test_priorities(level, priority):
    assert row(read(task(1, Priority=level)), "1").values["priority"] == priority


def test_without_planned_work_the_duration_stands_as_the_estimate_unless_it_is_elapsed():
    content = read(task(1, Duration="PT16H0M0S", DurationFormat=7), task(2, Duration="PT72H0M0S", DurationFormat=8))
    assert row(content, "1").values["estimate"] == 16.0
    assert "estimate" not in row(content, "2").values


def test_links_from_finish_to_start_are_kept_others_and_lags_are_said():
    content = read(
        task(1),
        task(2, Links=[link(1)]),
        task(3, Links=[link(1, lag=4800)]),
        task(4, Links=[link(1, kind=0), link(2, kind=3), link(99)]),
    )
    assert [depends(content, key) for key in "1234"] == [[], ["1"], ["1"], []]
    assert "links kept without their lag or lead: 1" in content.notes
    assert "links other than finish to start (FF, SS, SF) left out: 2" in content.notes
    assert any(note.startswith("links left out that lead to no task here") for note in content.notes)


def test_a_link_through_a_milestone_or_a_summary_is_kept_between_tasks():
    content = read(
        task(1, Summary=1),
        task(2, 2),
        task(3, 2, Links=[link(2)]),
        task(4, Milestone=1, Links=[link(1)]),
        task(5, Summary=1, Links=[link(4)]),
        task(6, 2),
        task(7, 2, Links=[link(6)]),
    )
    assert depends(content, "4", "milestone") == ["3"]
    assert depends(content, "6") == ["3"]
    assert depends(content, "7") == ["6"]
    assert any("kept between the tasks they stand for: 2" in note for note in content.notes)


def test_a_task_never_waits_for_the_summary_it_is_in():
    content = read(task(1, Summary=1), task(2, 2, Links=[link(1)]), task(3, 2))
    assert depends(content, "2") == []
    assert any(note.endswith("no task before): 1") for note in content.notes)


def test_a_long_chain_of_milestones_and_a_circle_of_them_are_walked_without_end():
    chain = [task(n, Milestone=1, Links=[link(n - 1)]) for n in range(2, 3000)]
    content = read(task(1), *chain, task(5000, Links=[link(2999)]))
    assert depends(content, "5000") == ["1"]
    circle = read(
        task(1, Milestone=1, Links=[link(2)]), task(2, Milestone=1, Links=[link(1)]), task(3, Links=[link(1)])
    )
    assert depends(circle, "3") == []


def test_work_resources_are_people_with_their_rate_the_first_assigned_owns_the_task():
    content = read(
        task(1),
        resources=[
            element("Resource", UID=0, Type=1),
            element("Resource", UID=1, Name="Ana Sol", Type=1, StandardRate=80, EmailAddress="ana@x.org"),
            element("Resource", UID=2, Name="Ben", Type=1),
            element("Resource", UID=3, Name="Cement", Type=0),
        ],
        assignments=[
            element("Assignment", UID=1, TaskUID=1, ResourceUID=1),
            element("Assignment", UID=2, TaskUID=1, ResourceUID=2),
            element("Assignment", UID=3, TaskUID=1, ResourceUID=-65535),
        ],
        StartDate="2026-03-02T08:00:00",
    )
    ana = row(content, "1", "person")
    assert ana.values == {"full_name": "Ana Sol", "email": "ana@x.org"}
    assert ana.defaults == {"handle": "ana.sol", "rates": (Rate(DAY, Decimal(80)),)}
    assert row(content, "1").values["owner"] == "ana.sol"
    assert row(content, "1").values["notes"] == "Also assigned: @ben"
    assert "resources that are no people (material, cost) left out: 1" in content.notes


def test_two_resources_of_one_name_get_handles_of_their_own():
    content = read(resources=[element("Resource", UID=n, Name="Dev", Type=1) for n in (1, 2)])
    assert [r.defaults["handle"] for r in content.rows] == ["dev", "dev.2"]


def test_costs_are_hundredths_split_by_category_and_into_planned_and_paid():
    content = read(
        task(1, Cost=55000, ActualCost=20000, FixedCost=5000, Stop="2026-03-03T17:00:00"),
        resources=[element("Resource", UID=1, Name="Ana", Type=1)],
        assignments=[element("Assignment", UID=1, TaskUID=1, ResourceUID=1, Cost=50000, ActualCost=20000)],
        CurrencyCode="EUR",
    )
    told = {r.key: (r.values["net"], r.values["date"]) for r in content.rows if r.kind == "cost" and not r.of_known}
    assert told == {
        "1|labour|planned": (Decimal("300.00"), dt.date(2026, 3, 6)),
        "1|labour|paid": (Decimal("200.00"), dt.date(2026, 3, 3)),
        "1|other|planned": (Decimal("50.00"), dt.date(2026, 3, 6)),
    }
    assert row(content, "1|equipment|planned", "cost").of_known
    assert content.currencies == {"EUR"}


def test_summary_tasks_bring_their_own_fixed_cost_only():
    content = read(task(1, Summary=1, Cost=99000, FixedCost=9000), task(2, 2, Cost=90000))
    told = {r.key: r.values["net"] for r in content.rows if r.kind == "cost" and not r.of_known}
    assert told == {"1|other|planned": Decimal("90.00"), "2|other|planned": Decimal("900.00")}


def test_a_task_without_a_name_is_a_bad_row_and_odd_numbers_do_no_harm():
    content = read(
        task(1, Name=""),
        task("x" * 50),
        task(
            2,
            Work=f"PT{'9' * 400}H0M0S",
            Cost="1e999999",
            PercentComplete="9" * 5000,
            Priority="٣",
            OutlineLevel="9" * 99,
        ),
        task(2, Name="Twice"),
    )
    assert [p.line for p in content.problems] == [1]
    assert row(content, "2").values["percent_done"] == 0
    assert "blank or repeated tasks left out: 2" in content.notes


def test_wbs_codes_that_stand_twice_give_way_to_the_outline_number():
    content = read(task(1, Summary=1, WBS="A", OutlineNumber="1"), task(2, Summary=1, WBS="A", OutlineNumber="2"))
    assert [r.values["code"] for r in content.rows if r.kind == "deliverable"] == ["1", "2"]


def test_other_xml_says_what_it_is():
    with pytest.raises(Refused, match=r"other.xml: this XML is a <rss> of urn:x, not a Microsoft Project plan"):
        read_content(b'<rss xmlns="urn:x"/>', "other.xml")
    with pytest.raises(Refused, match="a web page"):
        read_content(b"<html></html>", "page.csv")


def test_entities_are_refused():
    with pytest.raises(Refused, match=r"^evil.xml: this XML declares a document type or entities"):
        read_content(b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project>&x;</Project>', "evil.xml")


def test_hostile_names_are_made_harmless():
    content = read(task(1, Name="a\u202eb&#x9b;31m", Notes="x\u2066y"))
    assert row(content, "1").values["title"] == "ab31m"
    assert row(content, "1").values["notes"] == "xy"
