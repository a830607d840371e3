"""What is closed, decided or worked out stays: by no edit, setting, undo or redo, of whoever it is."""

import contextlib
import datetime as dt
import random
from decimal import Decimal as D

import pytest
from factories import TODAY, add, new_project, session

from pmtui.domain.accruals import accrued
from pmtui.domain.budget import spent_by_month, totals
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry, Person, Task
from pmtui.domain.records.person import Rate
from pmtui.services import budgeting, hours
from pmtui.services.accruals import invoice_part
from pmtui.services.costs import close_month, reopen_month, void
from pmtui.services.projects import open_project
from pmtui.services.records import delete_records, edit_record
from pmtui.store import UndoRefused

FEBRUARY = dt.date(2026, 2, 10)


@pytest.fixture
def project(tmp_path):
    """Three hours of ana in February, charged to the budget."""
    project = new_project(
        tmp_path / "ws",
        Task(title="Write the tests", owner="ana", estimate=8.0),
        BudgetLine(category="labour", planned=D(5000)),
        BudgetLine(category="software", planned=D(900)),
    )
    with project.change("edit") as change:
        change.edit(change.data.person("ana"), rates=(Rate(dt.date(2026, 1, 1), D(80)),))
        change.edit(change.data.project, labour_line="B-1")
    log(project, 3.0)
    return project


def log(project, worked, who="ana"):
    hours.log(project, ["T-1"], {"hours": worked, "date": FEBRUARY, "who": who})


def of_ben(project):
    """The same project, opened by somebody else."""
    return open_project(session(project.session.path, "ben", "s2"), "hris")


def february(project):
    """What February cost, as anybody who opens the project now finds it."""
    data = open_project(session(project.session.path, "reader", "fresh"), "hris").data
    return spent_by_month(data).get(dt.date(2026, 2, 1), D(0))


# Closing -------------------------------------------------------------------------------


def test_two_who_close_a_month_each_close_both(project):
    other = of_ben(project)
    assert other.data.project.closed_months == ()
    close_month(project, "2026-01")
    close_month(other, "2026-02")
    assert other.data.project.closed_months == ("2026-01", "2026-02")
    with pytest.raises(Refused, match="it is closed already"):
        close_month(project, "2026-02")


@pytest.mark.parametrize("way", ["undo the reopening", "redo the closing"])
def test_a_closing_is_not_brought_back_over_hours_that_came_since(project, way):
    close_month(project, "2026-02")
    if way == "undo the reopening":
        reopen_month(project, "2026-02", "a time sheet was late")
    else:
        project.undo()
    log(of_ben(project), 2.0)
    with pytest.raises(Refused, match="H-2 came or was moved while it was open"):
        project.undo() if way == "undo the reopening" else project.redo()
    assert february(project) == D(400)
    close_month(project, "2026-02")
    assert february(project) == D(400)


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ({"labour_line": ""}, "hours of closed months would move, those of 2026-02; reopen them first"),
        ({"labour_line": "B-2"}, "hours of closed months would move"),
        ({"currency": "USD"}, "2026-02 is closed in EUR; reopen it first"),
        ({"closed_months": ""}, "pmtui keeps it itself"),
    ],
)
def test_no_setting_moves_what_a_closed_month_cost(project, setting, why):
    close_month(project, "2026-02")
    with pytest.raises(Refused, match=why):
        edit_record(project, "PRJ-1", setting)
    assert february(project) == D(240)


def test_the_setting_is_free_while_no_closed_month_has_hours(project):
    close_month(project, "2026-01")
    edit_record(project, "PRJ-1", {"labour_line": "B-2"})
    assert project.data.project.labour_line == "B-2"


@pytest.mark.parametrize(("number", "field"), [("H-1", "rate"), ("H-1", "taken"), ("B-1", "phasing"), ("P-1", "rates")])
def test_what_is_kept_by_pmtui_itself_is_written_by_nobody(project, number, field):
    close_month(project, "2026-02")
    with pytest.raises(Refused, match="pmtui keeps it itself; it is not written by hand"):
        edit_record(project, number, {field: "1"})
    assert february(project) == D(240)


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13", "２０２６-03", "2026-3", "never"])
def test_what_is_closed_is_a_month(project, month):
    with pytest.raises(Refused, match="allowed: a month such as 2026-03"):
        close_month(project, month)


# People and their hours --------------------------------------------------------------------


def test_who_has_rates_and_hours_keeps_the_handle_and_stays(project):
    ana = project.data.person("ana").number
    for act in (lambda: edit_record(project, ana, {"handle": "anna"}), lambda: delete_records(project, [ana])):
        with pytest.raises(Refused, match="H-1 is time of @ana, which would lose its rate"):
            act()
    assert february(project) == D(240)


def test_hours_of_somebody_new_are_undone_with_the_person(project):
    log(project, 1.0, who="chi")
    project.undo()
    assert project.data.person("chi") is None


def test_no_two_people_have_one_handle_however_it_is_written(project):
    with pytest.raises(Refused, match="another person has this handle"):
        add(project, Person(handle="ANA"))


# Invoices and rates -----------------------------------------------------------------------------


def test_a_corrected_invoice_number_is_undone(project):
    add(project, CostEntry(date=TODAY, budget_line="B-2", net=D(5), vendor="Acme", invoice="A"))
    edit_record(project, "C-1", {"invoice": "B"})
    project.undo()
    assert project.data.get("C-1").invoice == "A"


def test_what_a_credit_note_takes_back_is_not_taken_back_twice(project):
    booked = {"date": TODAY, "budget_line": "B-2", "vendor": "Acme"}
    add(project, CostEntry(net=D(10), **booked), CostEntry(net=D(-10), credit_note=True, credits="C-1", **booked))
    with pytest.raises(Refused, match="C-2 credits it already; make that void first"):
        void(project, ["C-1"], "a mistake")
    void(project, ["C-2"], "a mistake")
    void(project, ["C-1"], "a mistake")
    with pytest.raises(Refused, match="C-1 is void: there is nothing to credit"):
        project.undo(project.sequence - 1)
    assert spent_by_month(project.data).get(TODAY.replace(day=1), D(0)) == 0


def test_a_currency_stays_while_amounts_are_converted_into_it(project):
    usd = {"currency": "USD", "foreign_net": D(10), "rate": D("0.9")}
    add(project, CostEntry(date=TODAY, budget_line="B-2", net=D(0), **usd))
    with pytest.raises(Refused, match="C-1 is converted into EUR at its rate"):
        edit_record(project, "PRJ-1", {"currency": "USD"})


# Accruals ---------------------------------------------------------------------------------------


@pytest.fixture
def accruing(project):
    """A commitment whose goods came in February, which is closed."""
    values = {"budget_line": "B-2", "net": D(100), "status": "committed", "received_on": FEBRUARY}
    add(project, CostEntry(date=FEBRUARY, vendor="Acme", **values))
    close_month(project, "2026-02")
    return project


def accrued_in_february(project):
    return accrued(project.data, dt.date(2026, 2, 28)).total


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"net": "500"}, "it is accrued in 2026-02, which is closed; reopen it first"),
        ({"budget_line": "B-1"}, "it is accrued in 2026-02, which is closed"),
        ({"net": "60"}, "it is accrued in 2026-02, which is closed"),
        ({"status": "planned"}, "the month 2026-02 is closed; take a day in an open month, or reopen it first"),
        ({"status": "void", "void_reason": "sent back"}, "the month 2026-02 is closed"),
    ],
)
def test_what_was_accrued_in_a_closed_month_stays(accruing, edit, why):
    with pytest.raises(Refused, match=why):
        edit_record(accruing, "C-1", edit)
    assert accrued_in_february(accruing) == D(100)


def test_an_invoice_of_a_part_leaves_the_accrual_of_a_closed_month_whole(accruing):
    invoice_part(accruing, "C-1", D(40), rest_stays=True)
    assert [(e.net, e.status) for e in accruing.data.costs.values()] == [(D(60), "committed"), (D(40), "invoiced")]
    assert (accrued_in_february(accruing), accrued(accruing.data, TODAY).total) == (D(100), D(60))
    accruing.undo()
    assert accrued_in_february(accruing) == D(100)


# All ways of writing, at random --------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_whatever_two_people_do_sums_agree_and_what_is_closed_or_approved_stays(project, seed):
    """Entries, hours, rates, settings, versions, undo and redo by two sessions, some months closed."""
    rng = random.Random(seed)
    people = (project, of_ben(project))
    kept = {}
    for _ in range(60):
        one = rng.choice(people)
        one.refresh()
        with contextlib.suppress(Refused, UndoRefused):
            rng.choice(WAYS)(one, rng)
        totalled = totals(one.data)
        assert totalled.actual == sum(spent_by_month(one.data).values(), D(0))
        assert totalled.actual == sum((line.actual for line in totalled.lines), D(0))
        now = frozen_in(one.data)
        assert {key: now[key] for key in kept.keys() & now.keys()} == {
            key: kept[key] for key in kept.keys() & now.keys()
        }
        kept = now
    assert frozen_in(of_ben(project).data) == kept


def frozen_in(data):
    """What each closed month holds and cost, and what each version held that was decided on."""
    spent = spent_by_month(data)
    found = {}
    for month in data.project.closed_months:
        booked = sorted(
            (e.id, e.budget_line, e.net) for e in data.costs.values() if e.is_actual and f"{e.date:%Y-%m}" == month
        )
        worked = sorted((e.id, e.hours, e.rate) for e in data.hours.values() if f"{e.date:%Y-%m}" == month)
        found[month] = (spent.get(dt.date.fromisoformat(f"{month}-01"), D(0)), booked, worked)
    return found | {v.number: v.lines for v in data.budget_versions.values() if v.status != "proposed"}


def some_day(rng):
    return dt.date(2026, rng.choice([1, 2, 3]), rng.choice([1, 2]))


def book(project, rng):
    values = {"budget_line": rng.choice(["B-1", "B-2"]), "status": rng.choice(["committed", "invoiced", "paid"])}
    add(project, CostEntry(date=some_day(rng), net=D(rng.randrange(1, 9999)) / 100, **values))


def correct(project, rng):
    values = {"net": "12.34", "date": "2026-02-01", "budget_line": "B-2", "status": "paid"}
    name = rng.choice(list(values))
    edit_record(project, f"C-{rng.randrange(1, 9)}", {name: values[name]})


def decide(project, rng):
    edit_record(project, "B-1", {"planned": str(rng.randrange(100, 9999))})
    budgeting.propose(project, "Another")
    if rng.random() < 0.7:
        budgeting.approve(project, max(project.data.budget_versions.values(), key=lambda v: v.id).number, "board")


def set_rate(project, rng):
    rates = (Rate(dt.date(2026, 1, 1), D(rng.randrange(50, 99))),)
    with project.change("edit") as change:
        for person in change.data.people.values():
            change.edit(person, rates=rates)


WAYS = (
    *[book] * 3,
    *[correct] * 2,
    *[lambda project, _: project.undo()] * 3,
    lambda project, _: project.redo(),
    lambda project, rng: log_on(project, some_day(rng), rng.choice(["ana", "chi"])),
    lambda project, rng: delete_records(project, [rng.choice(["C-1", "C-2", "H-1", "H-2", "B-1", "B-2", "T-1", "P-1"])]),
    lambda project, rng: void(project, [f"C-{rng.randrange(1, 9)}"], "a mistake"),
    lambda project, rng: close_month(project, rng.choice(["2026-01", "2026-02"])),
    lambda project, rng: edit_record(project, "PRJ-1", {"labour_line": rng.choice(["", "B-1", "B-2"])}),
    lambda project, _: edit_record(project, "PRJ-1", {"currency": "USD"}),
    lambda project, _: edit_record(project, "P-1", {"handle": "anna"}),
    set_rate,
    decide,
)  # fmt: skip


def log_on(project, on, who):
    hours.log(project, ["T-1"], {"hours": 1.1, "date": on, "who": who})
