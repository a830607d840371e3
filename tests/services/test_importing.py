import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from factories import work_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmtui.domain.filters import read_filter
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, External, Person
from pmtui.services.importing import apply_import, plan_import
from pmtui.services.projects import add_project
from pmtui.services.session import Session
from pmtui.services.settings import rule_settings, save

DATA = Path(__file__).parents[3] / "shared" / "data"
real_files = pytest.mark.skipif(not DATA.exists(), reason="the real files are not here")
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path)


def make_project(path, currency="EUR"):
    now = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    session = Session(path=path, user="ana", name="s", now=lambda: now, durable=False)
    return add_project(session, "hris", "HRIS", currency=currency)


def bring(project, file, name="plan.csv", *, skip_bad=False, **how):
    data = file.encode() if isinstance(file, str) else file
    return apply_import(project, plan_import(project, data, name, **how), skip_bad=skip_bad)


def handles(project):
    return [person.handle for person in project.data.people.values()]


def task(project, title):
    return next(t for t in project.data.tasks.values() if t.title == title)


def said(plan):
    return [str(problem) for problem in plan.problems]


# The plan, and doing it ---------------------------------------------------------


def test_a_plan_counts_and_writes_nothing(project):
    before = project.sequence
    plan = plan_import(project, b"Subject,Due,Owner\nA,2026-03-06,ben\nB,2026-02-31,\n", "plan.csv")
    assert plan.words == "1 task new, 1 bad"
    allowed = "allowed: a date in full, such as 2026-12-15, 15/12/2026 or 15 Dec 2026"
    assert said(plan) == [f"line 3 due: '2026-02-31': there is no such day; {allowed}"]
    assert [(e.line, e.title, e.action, e.number) for e in plan.entries] == [
        (2, "A", "new", "T-1"),
        (3, "B", "bad", ""),
    ]
    assert "new here, added to the people, unconfirmed: @ben" in plan.notes
    assert project.sequence == before
    assert not project.data.tasks


def test_one_bad_row_imports_nothing_and_names_its_line(project):
    with pytest.raises(Refused, match=r"^line 3 title: Title is required$"):
        bring(project, "Subject,Due\nA,2026-03-06\n,2026-03-06\nC,2026-03-06\n")
    assert not project.data.tasks


def test_skip_bad_imports_the_rest_without_gaps_in_the_numbers(project):
    outcome = bring(project, "Subject,Due\nA,2026-03-06\n,2026-03-06\nC,2026-03-06\n", skip_bad=True)
    assert outcome.words == "import plan.csv: 2 tasks new, 1 bad"
    assert outcome.numbers == ("T-1", "T-2")
    assert [t.title for t in project.data.tasks.values()] == ["A", "C"]


def test_an_import_is_one_transaction_named_after_its_file_and_one_undo(project):
    before = project.sequence
    bring(project, "Subject,Due,Owner\nA,2026-03-06,ben\nB,2026-03-09,chi\n")
    assert project.sequence == before + 1
    assert list(project.history())[-1].note.verb == "import plan.csv"
    project.undo()
    assert not project.data.tasks
    assert handles(project) == ["ana"]


def test_the_same_file_again_changes_and_writes_nothing(project):
    text = "Subject,Due,Owner,Status,Parent\nA,2026-03-06,ben,Closed,\nB,2026-03-09,,New,A\n"
    bring(project, text)
    before = project.sequence
    plan = plan_import(project, text.encode(), "plan.csv")
    assert (plan.words, plan.changes_something) == ("2 tasks unchanged", False)
    assert apply_import(project, plan).numbers == ()
    assert project.sequence == before


def test_a_later_file_updates_what_changed_and_says_what(project):
    bring(project, "id,Subject,Due\n7,A,2026-03-06\n8,B,2026-03-09\n")
    plan = plan_import(project, b"id,Subject,Due\n7,A better,2026-03-20\n8,B,2026-03-09\n9,C,2026-03-09\n", "plan.csv")
    assert plan.words == "1 task new, 1 updated, 1 unchanged"
    assert [(c.field, c.before, c.after) for c in plan.entries[0].changes] == [
        ("Title", "A", "A better"),
        ("Due", "Fri 6 Mar", "Fri 20 Mar"),
    ]
    assert sorted(apply_import(project, plan).numbers) == ["T-1", "T-3"]
    found = project.data.tasks[1]
    assert (found.title, found.due, found.external) == ("A better", dt.date(2026, 3, 20), External("plan.csv", "7"))
    assert len(project.data.tasks) == 3


def test_a_later_due_date_from_a_file_is_no_slip_and_the_baseline_stays(project):
    bring(project, "id,Subject,Due\n7,A,2026-03-06\n")
    bring(project, "id,Subject,Due\n7,A,2026-04-06\n")
    found = task(project, "A")
    assert (found.due, found.baseline_due, found.slip_count) == (dt.date(2026, 4, 6), dt.date(2026, 3, 6), 0)


def test_what_the_file_does_not_say_stays(project):
    bring(project, "id,Subject,Due,Owner\n7,A,2026-03-06,\n")
    with project.change("edit") as change:
        change.edit(project.data.tasks[1], owner="ben", notes="mine", status="doing")
    plan = plan_import(project, b"id,Subject,Due,Owner\n7,A,2026-03-06,\n", "plan.csv")
    assert plan.words == "1 task unchanged"


def test_a_file_of_another_name_brings_records_of_its_own(project):
    bring(project, "Subject,Due\nA,2026-03-06\n", "one.csv")
    bring(project, "Subject,Due\nA,2026-03-06\n", "two.csv")
    assert len(project.data.tasks) == 2


def test_rows_that_a_file_no_longer_has_stay_and_are_said(project):
    bring(project, "id,Subject,Due\n7,A,2026-03-06\n8,B,2026-03-09\n")
    plan = plan_import(project, b"id,Subject,Due\n7,A,2026-03-06\n", "plan.csv")
    assert "no longer in this file, and left as they are: T-2" in plan.notes


def test_what_changed_between_the_plan_and_its_doing_is_taken_into_account(project):
    plan = plan_import(project, b"Subject,Parent,Due\nA,#1,2026-03-06\n", "plan.csv")
    assert said(plan) == ["line 2 parent: '#1': there is no such task in the project"]
    bring(project, "Subject,Due\nRoot,2026-03-06\n", "other.csv")
    apply_import(project, plan)
    assert task(project, "A").parent == "T-1"


def test_a_closed_task_that_the_file_reopens_is_doing_again(project):
    bring(project, "id,Subject,Progress\n7,A,100\n")
    assert (task(project, "A").status, task(project, "A").finish_date) == ("done", TODAY)
    bring(project, "id,Subject,Progress\n7,A,60\n")
    assert (task(project, "A").status, task(project, "A").percent_done) == ("doing", 60)


# References ---------------------------------------------------------------------


def test_rows_may_name_rows_below_them(project):
    bring(project, "id,Subject,Parent,Follows\nA,Child,C,B\nB,First,C,\nC,Root,,\n")
    child = task(project, "Child")
    assert (child.parent, child.depends_on) == ("T-3", ("T-2",))


def test_what_depends_on_a_bad_row_is_bad_too_however_far(project):
    text = "id,Subject,Follows\nA,Last,B\nB,Middle,C\nC,,\nD,Free,\n"
    plan = plan_import(project, text.encode(), "plan.csv")
    assert plan.words == "1 task new, 3 bad"
    assert [p.line for p in plan.problems] == [2, 3, 4]
    assert said(plan)[0] == "line 2 depends_on: 'B': line 3 is bad, so this row can't be linked to it"
    bring(project, text, skip_bad=True)
    assert [t.title for t in project.data.tasks.values()] == ["Free"]


def test_circles_are_told_by_their_lines(project):
    text = "id,Subject,Follows\nA,One,B\nB,Two,A\nC,Free,\n"
    plan = plan_import(project, text.encode(), "plan.csv")
    assert plan.words == "1 task new, 2 bad"
    assert all("line 2" in text and "line 3" in text and "T-" not in text for text in said(plan))


def test_a_long_chain_behind_a_bad_row_is_followed_once(project):
    def bring_chain(length):
        rows = "".join(f"{n},Task {n},{n - 1}\n" for n in range(2, length + 1))
        plan = plan_import(project, f"id,Subject,Follows\n1,,\n{rows}".encode(), "plan.csv")
        assert plan.words == f"{length} tasks bad"

    assert work_of(lambda: bring_chain(1000)) < 2.5 * work_of(lambda: bring_chain(500))


def test_a_number_sign_names_a_record_that_the_file_did_not_bring(project):
    text = "Subject,Parent,Due\nA,,2026-03-06\nB,#1,2026-03-06\n"
    for _ in range(2):
        assert said(plan_import(project, text.encode(), "plan.csv")) == [
            "line 3 parent: '#1': there is no such task in the project"
        ]
        bring(project, text, skip_bad=True)
    assert len(project.data.tasks) == 1


def test_deliverables_are_named_by_code_title_or_number(project):
    bring(project, "Code,Title\n1.1,Migration\n", "wbs.csv", kind="deliverables")
    bring(project, "Subject,Work package,Due\nA,1.1,2026-03-06\nB,migration,2026-03-06\nC,W-1,2026-03-06\n")
    assert {t.deliverable for t in project.data.tasks.values()} == {"W-1"}
    plan = plan_import(project, b"Subject,Work package,Due\nA,9.9,2026-03-06\n", "x.csv")
    assert said(plan) == ["line 2 deliverable: '9.9': there is no such deliverable here"]


# Kinds --------------------------------------------------------------------------


def test_costs_make_the_budget_lines_they_lack_and_say_so(project):
    text = "Date,Category,Amount,Vendor,Note\n2026-01-05,travel,120.50,Rail,Trip\n2026-01-06,Travel,99,,Hotel\n,labour,1,,X\n"
    plan = plan_import(project, text.encode(), "costs.csv")
    assert plan.words == "3 costs new"
    assert "budget lines made, with nothing planned: travel, labour" in plan.notes
    assert "costs without a date, booked today: 1" in plan.notes
    apply_import(project, plan)
    assert [(b.category, b.planned) for b in project.data.budget_lines.values()] == [("travel", 0), ("labour", 0)]
    assert [(c.date, c.budget_line, c.net, c.status) for c in project.data.costs.values()] == [
        (dt.date(2026, 1, 5), "B-1", Decimal("120.50"), "invoiced"),
        (dt.date(2026, 1, 6), "B-1", Decimal(99), "invoiced"),
        (TODAY, "B-2", Decimal(1), "invoiced"),
    ]
    assert plan_import(project, text.encode(), "costs.csv").words == "3 costs unchanged"


def test_the_rules_of_a_record_hold_for_rows_too(project):
    with project.change("close") as change:
        change.edit(project.data.project, closed_months=("2026-01",))
    plan = plan_import(project, b"Date,Category,Amount\n2026-01-05,travel,10\n2026-02-05,travel,-5\n", "costs.csv")
    assert said(plan) == [
        "line 2 date: '2026-01-05': the month 2026-01 is closed; book it in an open month",
        "line 3 net: '-5': a negative amount only as a credit note (credit_note=yes)",
    ]


def test_a_record_that_is_frozen_makes_a_bad_row(project):
    bring(project, "id,Decision,Date\n1,Go,2026-01-05\n", "decisions.csv")
    plan = plan_import(project, b"id,Decision,Date\n1,No go,2026-01-05\n", "decisions.csv")
    assert said(plan) == ["line 2 D-1: 'No go': a decision is immutable; add one that supersedes it"]


def test_a_risk_without_owner_and_review_date_gets_the_importer_and_four_weeks(project):
    plan = plan_import(project, b"Risk,Likelihood,Impact\nFire,3 - Possible,High\n", "risks.csv")
    assert "risks without an owner, given to @ana: 1" in plan.notes
    apply_import(project, plan)
    risk = project.data.risks[1]
    assert (risk.owner, risk.review_date, risk.score, risk.inherent_score) == ("ana", dt.date(2026, 3, 30), 12, 12)


def test_people_are_known_by_handle_address_or_name(project):
    with project.change("add") as change:
        change.add(Person(handle="jsm", full_name="Jane Smith", email="js@x.org"))
    bring(project, "Subject,Owner,Due\nA,Jane Smith,2026-03-06\nB,js@x.org,2026-03-06\nC,Ben Lee,2026-03-06\n")
    assert [t.owner for t in project.data.tasks.values()] == ["jsm", "jsm", "ben.lee"]
    assert project.data.person("ben.lee").full_name == "Ben Lee"
    bring(project, "login,name,mail\njsmith,Jane Smith,js@x.org\n", "users.csv")
    assert handles(project) == ["ana", "jsm", "ben.lee"]


def test_amounts_headed_in_another_currency_are_said(project):
    plan = plan_import(project, b"Category,Planned ($)\nTravel,10\n", "budget.csv")
    assert "its headings name $: the amounts are taken as EUR, as they stand" in plan.notes


def test_the_words_of_a_plan_hold_no_control_characters(project):
    plan = plan_import(project, b"Subject,Due\n\x1b[2Jx,\x1b[31m\n", "\x1b]0;plan.csv")
    assert "\x1b" not in plan.source + str(plan.notes) + plan.entries[0].title + plan.problems[0].value


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"kind": "reports"}, "--as: 'reports': allowed: tasks, risks, costs"),
        ({"kind": "things"}, "allowed: tasks, risks"),
        ({"dates": "ymd"}, "--dates: 'ymd': allowed: dmy"),
        ({"mapping": ["Subject"]}, "HEADING=FIELD"),
    ],
)
def test_what_is_said_of_the_file_must_make_sense(project, how, why):
    with pytest.raises(Refused, match=why):
        plan_import(project, b"Subject,Due\nA,2026-03-06\n", "plan.csv", **how)


def test_twice_the_rows_cost_twice_the_work(tmp_path):
    def bring_rows(count):
        project = make_project(tmp_path / str(count))
        rows = "".join(f"{n},Task {n},2026-03-06,{n - 1 if n % 10 > 1 else ''}\n" for n in range(1, count + 1))
        apply_import(project, plan_import(project, ("id,Subject,Due,Follows\n" + rows).encode(), "plan.csv"))
        assert len(project.data.tasks) == count

    assert work_of(lambda: bring_rows(1000)) < 2.5 * work_of(lambda: bring_rows(500))


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["1", "2", "3", "#1", "2 1d", "2026-03-02", "2026-03-09", "ana", "Jane Smith", "50", "100%", "A"]),
    st.sampled_from(["New", "Closed", "On hold", "rejected", "In progress", "High", "6", "1,2"]),
)
COLUMNS = ("id", "Subject", "Start", "Due", "Owner", "% Complete", "Estimate", "Status", "Follows", "Parent", "Notes")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(CELLS, min_size=2, max_size=len(COLUMNS)), min_size=1, max_size=8))
def test_whatever_was_imported_changes_nothing_when_it_comes_again(tmp_path_factory, rows):
    project = make_project(tmp_path_factory.mktemp("p"))
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in (COLUMNS, *rows)]
    data = "\n".join(",".join(row) for row in quoted).encode()
    try:
        plan = plan_import(project, data, "plan.csv")
    except Refused:
        return
    apply_import(project, plan, skip_bad=True)
    before = project.sequence
    again = plan_import(project, data, "plan.csv")
    assert not again.changes_something, [e for e in again.entries if e.changes]
    assert len(again.problems) >= len([e for e in again.entries if e.action == "bad"])
    apply_import(project, again, skip_bad=True)
    assert project.sequence == before


# The real files -----------------------------------------------------------------


@real_files
@pytest.mark.parametrize(
    ("name", "how", "words", "bad"),
    [
        ("import_dates_ja.csv", {}, "1 task new", []),
        ("import_dates.csv", {"dates": "dmy"}, "2 tasks new, 1 bad", [3]),
        ("import_dates.csv", {"dates": "dmy", "mapping": ["custom=follow_up"]}, "1 task new, 2 bad", [3, 4]),
        ("import_issues.csv", {}, "2 tasks new, 1 bad", [4]),
        ("import_issues_single_quotation.csv", {}, "2 tasks new, 1 bad", [4]),
        ("import_issues_utf8_with_bom.csv", {}, "2 tasks new, 1 bad", [4]),
        ("import_issues_auto_mapping.csv", {}, "1 task bad", [2]),
        ("import_issues_with_relation_and_invalid_issues.csv", {}, "4 tasks new, 1 bad", [4]),
        (
            "import_issues_with_relation_and_invalid_issues.csv",
            {"mapping": ["related to=depends_on"]},
            "3 tasks new, 2 bad",
            [4, 5],
        ),
        ("import_subtasks.csv", {}, "4 tasks new", []),
        ("import_subtasks.csv", {"mapping": ["simple relation=follows"]}, "4 tasks new", []),
        ("import_subtasks_with_relations.csv", {}, "4 tasks new", []),
        ("import_subtasks_with_unique_id.csv", {}, "8 tasks new, 1 bad", [10, 10]),
        ("import_users.csv", {}, "3 people new", []),
        ("import_iso8859-1.csv", {"kind": "tasks", "mapping": {"column A": "title"}}, "2 tasks new", []),
        (
            "import_crlf_with_newline_in_quoted_header.csv",
            {"kind": "tasks", "mapping": ["plain_header=title", "quoted_header\ncontains_LF=notes"]},
            "1 task new",
            [],
        ),
    ],
)
def test_redmine_files_import_and_again_change_nothing(project, name, how, words, bad):
    plan = plan_import(project, DATA / "redmine_csv" / name, **how)
    assert plan.words == words
    assert [p.line for p in plan.problems] == bad
    apply_import(project, plan, skip_bad=True)
    again = plan_import(project, DATA / "redmine_csv" / name, **how)
    assert not again.changes_something
    assert len(again.problems) == len(bad)


@real_files
@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("redmine_csv/import_dates.csv", r"14/07/2015 \(line 2\), 04/15/2015 \(line 3\)'.*--dates dmy"),
        ("redmine_csv/import_iso8859-1.csv", "no heading was recognised.*“column A”, “column B”, “column C”"),
        ("redmine_csv/import_crlf_with_newline_in_quoted_header.csv", "“plain_header”, “quoted_header contains_LF”"),
        ("redmine_csv/import_issues_no_data_row.csv", "headings only, no data row"),
        ("redmine_csv/unclosed_quoted_field.csv", "line 2: .*a quote is opened here and never closed"),
        ("mspdi_mpxj/resource-rates-test.xml", r"this is Primavera P6 XML \(PMXML\)"),
        ("risk_uk_sbd/Risk Register Template.xlsx", "this is an Excel workbook; save the sheet as CSV"),
        ("psplib/Jall1_1.mm", "scheduling benchmark"),
        ("psplib/MSLIB_Set1_1.msrcp", "scheduling benchmark"),
        ("psplib/RG300_1.rcp", "scheduling benchmark"),
        ("psplib/UBO10_01.sch", "scheduling benchmark"),
        ("psplib/j301_1.sm", "scheduling benchmark"),
        ("cpm_vanhoucke/link_types_36.json", "this is JSON"),
        ("cpm_vanhoucke/vanhoucke_projects.json", "this is JSON"),
    ],
)
def test_real_files_that_are_refused_say_why(project, file, why):
    with pytest.raises(Refused, match=why):
        plan_import(project, DATA / file)


@real_files
def test_redmine_time_entries_are_hours_on_the_tasks_that_its_issues_became(project):
    bring(project, "id,Subject\n1,First\n2,Second\n", "issues.csv")
    file = DATA / "redmine_csv" / "import_time_entries.csv"
    plan = plan_import(project, file)
    assert (plan.words, plan.problems) == ("4 time entries new", ())
    assert "columns not understood and left out: “activity”, “overtime”" in plan.notes
    apply_import(project, plan)
    third = project.data.hours[3]
    assert (third.who, third.date, third.hours, third.note) == ("dlopper", dt.date(2020, 1, 3), 3.0, "Some QA")
    assert project.data.get(third.task) is task(project, "First")
    assert project.data.person("jsmith").email == "jsmith@somenet.foo"
    assert not plan_import(project, file).changes_something


@real_files
def test_redmine_time_entries_of_issues_that_nothing_brought_are_bad_rows(project):
    plan = plan_import(project, DATA / "redmine_csv" / "import_time_entries.csv")
    assert plan.words == "2 time entries new, 2 bad"
    assert str(plan.problems[0]) == (
        "line 4 task: '1': no import brought a task of this id; one of the project is written #1"
    )
    apply_import(project, plan, skip_bad=True)
    assert [entry.task for entry in project.data.hours.values()] == ["", ""]


@real_files
def test_redmine_issues_have_their_values_and_parents(project):
    bring(project, "Subject,Due\nOne,2026-03-06\nTwo,2026-03-06\n", "before.csv")
    apply_import(project, plan_import(project, DATA / "redmine_csv" / "import_issues.csv"))
    first, child, other = (project.data.tasks[n] for n in (3, 4, 5))
    assert (first.title, first.priority, first.owner, first.estimate) == ("First", "high", "dlopper", 1.0)
    assert (first.start, first.due, first.notes) == (dt.date(2015, 7, 8), dt.date(2015, 8, 25), "First description")
    assert (child.parent, child.percent_done, child.status) == ("T-3", 10, "to do")
    assert other.parent == "T-2"


@real_files
def test_redmine_latin_text_and_relations(project):
    latin = DATA / "redmine_csv" / "import_iso8859-1.csv"
    plan = plan_import(project, latin, kind="tasks", mapping=["column A=title"])
    assert "read as Windows-1252 text: it is not UTF-8" in plan.notes
    apply_import(project, plan)
    assert project.data.tasks[1].title == "Contenu en français"
    apply_import(project, plan_import(project, DATA / "redmine_csv" / "import_subtasks_with_relations.csv"))
    second, third = task(project, "2nd Child"), task(project, "3rd Child")
    assert (second.parent, second.depends_on) == (task(project, "Parent").number, (task(project, "1st Child").number,))
    assert third.depends_on == (second.number,)


@real_files
def test_redmine_users_are_people(project):
    apply_import(project, plan_import(project, DATA / "redmine_csv" / "import_users.csv"))
    people = [p for p in project.data.people.values() if p.handle != "ana"]
    assert [(p.handle, p.full_name, p.email, p.status) for p in people] == [
        ("user1", "One CSV", "user1@somenet.foo", "confirmed"),
        ("user2", "Two Import", "user2@somenet.foo", "unconfirmed"),
        ("user3", "Three User", "user3@somenet.foo", "unconfirmed"),
    ]
    assert "password" not in str(people)


@real_files
def test_the_british_risk_tracker(project):
    file = DATA / "risk_uk_sbd" / "risk_tracker_extracted.csv"
    plan = plan_import(project, file)
    assert plan.words == "14 risks new"
    assert plan.entries[1].line == 11
    apply_import(project, plan)
    first, eleventh = project.data.risks[1], project.data.risks[11]
    assert first.external == External("risk_tracker_extracted.csv", "Risk 001")
    assert len(first.title) <= 120
    assert first.event.startswith(first.title.rstrip("…"))
    assert first.event.endswith("personal data and company information")
    assert (first.owner, first.response, first.raised) == ("iao", "reduce", dt.date(2023, 1, 31))
    assert (eleventh.response, eleventh.raised) == ("accept", dt.date(2023, 5, 2))
    assert first.review_date == dt.date(2026, 3, 30)
    assert "Updates/Progress:\nRisk was raised with SRO" in first.notes
    assert "Mitigating Controls:\n1. Implement MFA" in first.notes
    inherent = [12, 12, 9, 12, 9, 6, 9, 12, 9, 9, 6, 9, 9, 12]
    residual = [8, 6, 6, 9, 4, 4, 6, 9, 6, 4, 6, 6, 6, 8]
    assert [r.score for r in project.data.risks.values()] == inherent
    assert [r.residual_score for r in project.data.risks.values()] == residual
    assert plan_import(project, file).words == "14 risks unchanged"


@real_files
def test_the_british_risk_tracker_rates_as_its_sheet_does(project):
    """Steps, scores and ratings of the file itself; its bands are those of the sheet's formulas (row 4, W and AG)."""
    file = DATA / "risk_uk_sbd" / "risk_tracker_extracted.csv"
    bands = "3 Very Low, 6 Low, 12 Medium, 24 High, 25 Very High"
    save(project, rule_settings()["bands"], project.data.project, bands)
    apply_import(project, plan_import(project, file))
    with file.open(encoding="utf-8", newline="") as opened:
        headings, *rows = csv.reader(opened)
    likelihood, left = headings.index("Threat Likelihood"), headings.index("Residual Likelihood")
    impact, left_impact = headings.index("Impact"), headings.index("Residual Impact")
    score, rating = headings.index("Inherent Risk Rating SCORE"), headings.index("Inherent Risk Rating")
    left_score, left_rating = headings.index("RR SCORE"), len(headings) - 1
    assert headings[left_rating] == "Residual Risk Rating"
    assert len(rows) == len(project.data.risks) == 14
    for row, risk in zip(rows, project.data.risks.values(), strict=True):
        steps = (risk.probability, risk.impact, risk.residual_probability, risk.residual_impact)
        assert steps == tuple(int(row[at][0]) for at in (likelihood, impact, left, left_impact)), row[0]
        assert (risk.score, risk.residual_score) == (int(row[score]), int(row[left_score])), row[0]
        assert project.data.band(risk.inherent_score).name == row[rating], row[0]
        assert project.data.band(risk.residual_score).name == row[left_rating], row[0]


@real_files
def test_the_american_portfolio_is_budget_lines(tmp_path):
    project = make_project(tmp_path, "USD")
    file = DATA / "portfolio_us_itdashboard" / "raw-projects.csv"
    plan = plan_import(project, file, kind="budget-lines")
    assert plan.words == "2451 budget lines new, 21 bad"
    reasons = [text.split(": ", 1)[1] for text in said(plan)]
    assert reasons.count("Planned is required") == 17
    assert sum("has this id already" in reason for reason in reasons) == 4
    assert said(plan)[0] == "line 103 planned: Planned is required"
    with pytest.raises(Refused):
        apply_import(project, plan)
    assert not project.data.budget_lines
    apply_import(project, plan, skip_bad=True)
    first = project.data.budget_lines[1]
    assert (first.category, first.planned, first.forecast) == ("Operations", Decimal(15297000), Decimal(15297000))
    assert len(project.data.budget_lines) == 2451
    with file.open(newline="", encoding="utf-8") as opened:
        planned = {row["Project ID"]: row["Planned Cost ($ M)"] for row in csv.DictReader(opened)}
    millions = sum(Decimal(amount) for amount in planned.values() if amount)
    assert sum(line.planned for line in project.data.budget_lines.values()) == millions * 10**6
    assert not plan_import(project, file).changes_something


@real_files
def test_the_american_portfolios_cost_variances_are_the_files_and_the_odd_ones_are_said(tmp_path):
    project = make_project(tmp_path, "USD")
    file = DATA / "portfolio_us_itdashboard" / "raw-projects.csv"
    plan = plan_import(project, file, kind="budget-lines")
    apply_import(project, plan, skip_bad=True)
    data, today = project.data, project.today
    by_key = {line.external.id: line for line in data.budget_lines.values()}
    derive = BudgetLine.TYPE.derived
    agree, odd, met = 0, [], set()
    with file.open(newline="", encoding="utf-8") as opened:
        reader, before = csv.DictReader(opened), 1
        for row in reader:
            number, before = before + 1, reader.line_num
            if not row["Planned Cost ($ M)"] or row["Project ID"] in met:
                continue
            met.add(row["Project ID"])
            line = by_key[row["Project ID"]]
            percent = derive["cost_variance_percent"](line, data, today)
            assert percent == Decimal(row["Cost Variance (%)"]), number
            amount = derive["cost_variance"](line, data, today)
            if amount == Decimal(row["Cost Variance ($ M)"]) * 10**6:
                agree += 1
            else:
                odd.append(number)
    assert (agree, odd) == (2444, [643, 644, 645, 1870, 1871, 1872, 1873])
    told = [note for note in plan.notes if "cost variance" in note or note.startswith("figures")]
    assert told[0] == ("figures that follow from other columns are worked out: 4895 agree with the file's, 7 don't")
    assert [int(note.split(":")[0].removeprefix("line ")) for note in told[1:]] == odd
    assert "cost variance -46,920,000.00 in the file, -678,000.00 by its other columns" in told[1]
    found = read_filter("cost_variance_percent<-50", today).select(list(data.budget_lines.values()), data)
    assert found
    assert all(derive["cost_variance_percent"](line, data, today) < -50 for line in found)


@real_files
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("baselines.xml", "1 person new; 1 task new"),
        ("calendar-calendars-project2019-mspdi.xml", "2 people new"),
        ("sample.xml", "2 people new; 3 deliverables new; 15 tasks new; 1 milestone new; 1 cost new"),
        ("task-costs-project2019-mspdi.xml", "10 tasks new"),
        ("task-links-project2019-mspdi.xml", "16 tasks new"),
    ],
)
def test_microsoft_project_files_import_and_again_change_nothing(tmp_path, name, words):
    project = make_project(tmp_path, "GBP")
    file = DATA / "mspdi_mpxj" / name
    plan = plan_import(project, file)
    assert (plan.words, plan.problems) == (words, ())
    apply_import(project, plan)
    assert not plan_import(project, file).changes_something


@real_files
def test_the_sample_plan_has_its_outline_links_people_and_costs(tmp_path):
    project = make_project(tmp_path, "GBP")
    apply_import(project, plan_import(project, DATA / "mspdi_mpxj" / "sample.xml"))
    data = project.data
    assert [(d.code, d.title) for d in data.deliverables.values()] == [
        ("1", "First Task"),
        ("1.3", "Recurring Task"),
        ("3", "Task Relationships"),
    ]
    second = task(project, "Second Task")
    assert (second.start, second.due, second.estimate) == (dt.date(2003, 1, 7), dt.date(2003, 3, 18), 500.0)
    assert (second.owner, second.deliverable) == ("first.resource", "W-1")
    assert second.notes == "Also assigned: @second.resource"
    assert task(project, "Related Task 1b").depends_on == (task(project, "Related Task 1a").number,)
    assert task(project, "Related Task 4b").depends_on == ()
    assert data.milestones[1].forecast == data.milestones[1].baseline == dt.date(2003, 1, 7)
    _, first, other = data.people.values()
    assert (first.full_name, first.rates[0].rate, other.rates[0].rate) == ("First Resource", 10, 5)
    # 200 h at 10.00 and 300 h at 5.00, with 30.00 and 15.00 a use for half and three quarters of a unit
    assert data.costs[1].net == 200 * 10 + 300 * 5 + 30 * Decimal("0.5") + 15 * Decimal("0.75")
    assert (data.costs[1].status, data.category_of(data.costs[1])) == ("planned", "labour")


@real_files
def test_costs_in_another_currency_are_left_out_and_said(project):
    plan = plan_import(project, DATA / "mspdi_mpxj" / "sample.xml")
    assert plan.words == "2 people new; 3 deliverables new; 15 tasks new; 1 milestone new"
    assert "amounts are in £, the project's in EUR: costs and rates are left out" in plan.notes
    apply_import(project, plan)
    assert all(not person.rates for person in project.data.people.values())


@real_files
def test_links_of_the_real_plan(project):
    plan = plan_import(project, DATA / "mspdi_mpxj" / "task-links-project2019-mspdi.xml")
    assert "links kept without their lag or lead: 4" in plan.notes
    assert "links other than finish to start (FF, SS, SF) left out: 3" in plan.notes
    apply_import(project, plan)
    links = {t.number: t.depends_on for t in project.data.tasks.values() if t.depends_on}
    assert links == {f"T-{n}": (f"T-{n - 1}",) for n in (2, 4, 6, 8, 10)}


@real_files
def test_a_plan_that_moved_on_updates_its_tasks_and_moves_its_costs(tmp_path):
    project = make_project(tmp_path, "GBP")
    text = (DATA / "mspdi_mpxj" / "sample.xml").read_bytes()
    apply_import(project, plan_import(project, text, "sample.xml"))
    moved = text.replace(b"<Name>Third task</Name>", b"<Name>Gate</Name>")
    moved = moved.replace(b"<ActualCost>0</ActualCost>", b"<ActualCost>100000</ActualCost>")
    plan = plan_import(project, moved, "sample.xml")
    assert "1 milestone updated" in plan.words
    assert [e.action for e in plan.entries if e.kind == "cost" and e.number == "C-1"] == ["updated"]
    apply_import(project, plan, skip_bad=True)
    assert project.data.milestones[1].title == "Gate"
    assert project.data.costs[1].net < Decimal("3526.25")


def test_a_plan_is_matched_by_unique_id_and_its_people_with_those_known(tmp_path):
    project = make_project(tmp_path)
    with project.change("add") as change:
        change.add(Person(handle="ben"))
    xml = (
        '<Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task><UID>5</UID><Name>Move</Name>'
        "<OutlineLevel>1</OutlineLevel><Start>2026-03-02T08:00:00</Start><Finish>2026-03-06T17:00:00</Finish></Task></Tasks>"
        "<Resources><Resource><UID>1</UID><Name>Ben</Name><Type>1</Type></Resource></Resources><Assignments><Assignment>"
        "<TaskUID>5</TaskUID><ResourceUID>1</ResourceUID></Assignment></Assignments></Project>"
    )
    bring(project, xml, "move.xml")
    bring(project, xml.replace("Move<", "Move it<").replace("03-06", "03-20"), "move.xml")
    (found,) = project.data.tasks.values()
    assert (found.title, found.due, found.slip_count, found.owner) == ("Move it", dt.date(2026, 3, 20), 0, "ben")
    assert handles(project) == ["ana", "ben"]
    assert project.data.person("ben").full_name == "Ben"


def test_a_task_finished_in_the_plan_is_done_and_its_status_here_stays_otherwise(tmp_path):
    project = make_project(tmp_path)
    xml = (
        '<Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task><UID>5</UID><Name>Move</Name>'
        "<Finish>2026-03-06T17:00:00</Finish><PercentComplete>0</PercentComplete></Task></Tasks></Project>"
    )
    bring(project, xml, "move.xml")
    with project.change("block") as change:
        change.edit(project.data.tasks[1], status="blocked", blocked_reason="vendor")
    assert plan_import(project, xml.encode(), "move.xml").words == "1 task unchanged"
    bring(project, xml.replace(">0<", ">100<"), "move.xml")
    assert (project.data.tasks[1].status, project.data.tasks[1].finish_date) == ("done", dt.date(2026, 3, 6))


def test_two_plans_with_the_same_outline_codes_stand_side_by_side(tmp_path):
    project = make_project(tmp_path)
    xml = (
        '<Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task><UID>1</UID><Name>NAME</Name><WBS>1</WBS>'
        "<OutlineLevel>1</OutlineLevel><Summary>1</Summary></Task></Tasks></Project>"
    )
    bring(project, xml.replace("NAME", "Design"), "one.xml")
    for _ in range(2):
        plan = plan_import(project, xml.replace("NAME", "Move").encode(), "two.xml")
        assert "outline codes taken here already have the file's name before them" in plan.notes
        apply_import(project, plan)
    assert [d.code for d in project.data.deliverables.values()] == ["1", "two:1"]
    assert not plan.changes_something
