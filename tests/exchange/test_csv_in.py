import datetime as dt
from decimal import Decimal

import pytest

from pmtui.domain.problems import Refused
from pmtui.exchange.csv_in import read_csv
from pmtui.exchange.headings import read_columns
from pmtui.exchange.rows import Named, ReadAs


def read(text, name="plan.csv", *, kind="", columns=(), day_first=None):
    data = text if isinstance(text, bytes) else text.encode()
    return read_csv(data, name, ReadAs(kind, read_columns(columns), day_first))


def values(text, **how):
    content = read(text, **how)
    assert not content.problems
    return [dict(row.values) for row in content.rows]


def problems(text, **how):
    return [str(problem) for problem in read(text, **how).problems]


def test_headings_are_known_by_field_label_or_another_tools_word_however_written():
    (task,) = values(
        "Subject;START_DATE;Due date;% Complete;Assigned To;Estimated hours\nTest;2026-03-02;2026-03-06;50%;ana;2d\n"
    )
    assert task == {
        "title": "Test",
        "start": dt.date(2026, 3, 2),
        "due": dt.date(2026, 3, 6),
        "percent_done": 50,
        "owner": "ana",
        "estimate": 16.0,
    }


def test_a_column_is_named_by_hand_and_another_left_out():
    text = "Thema,Kommentar,Status\nTest,Text,New\n"
    (task,) = values(text, kind="task", columns=["Thema=title", "kommentar=notes", "Status=-"])
    assert task == {"title": "Test", "notes": "Text"}


def test_a_heading_given_by_hand_must_be_there_and_its_field_too():
    with pytest.raises(Refused, match=r"the file has no such heading; it has: Title"):
        read("Title\nx\n", kind="task", columns=["Titel=title"])
    with pytest.raises(Refused, match=r"a task has: id, wbs, title"):
        read("Title\nx\n", kind="task", columns=["Title=colour"])
    with pytest.raises(Refused, match="HEADING=FIELD"):
        read("Title\nx\n", columns=["Title"])


@pytest.mark.parametrize(
    ("headings", "name", "kind"),
    [
        ("Subject,Start,Due", "plan.csv", "task"),
        ("Title,Owner,Due date", "plan.csv", "task"),
        ("Title,Owner,Due date", "issues-2026.csv", "issue"),
        ("Risk description,Likelihood,Impact", "plan.csv", "risk"),
        ("Date,Category,Amount,Vendor", "plan.csv", "cost"),
        ("Category,Planned", "plan.csv", "budget line"),
        ("Milestone,Baseline,Forecast", "plan.csv", "milestone"),
        ("WBS,Name,Acceptance criteria", "plan.csv", "deliverable"),
        ("login,mail,name", "plan.csv", "person"),
        ("Decision,Date,Decided by", "plan.csv", "decision"),
    ],
)
def test_the_kind_of_record_is_found_from_headings_then_from_the_files_name(headings, name, kind):
    row = ",".join("2026-03-02" if h in {"Date", "Due", "Start"} else "1" for h in headings.split(","))
    assert read(f"{headings}\n{row}\n", name=name).rows[0].kind == kind


def test_headings_that_fit_two_kinds_alike_ask_which():
    with pytest.raises(Refused, match=r"fit tasks and risks alike; say which: --as tasks or --as risks"):
        read("Title,Owner\nx,ana\n", name="list.csv", columns=["Owner=-"])


def test_no_heading_known_says_what_was_found_what_is_allowed_and_how_to_name_it():
    with pytest.raises(Refused) as refused:
        read("column A,column B\n1,2\n")
    said = str(refused.value)
    assert "no heading was recognised" in said
    assert "“column A”, “column B”" in said
    assert "title, status, owner" in said
    assert '--map "column A=title"' in said
    assert "--as tasks" in said


def test_a_required_column_that_lacks_is_named():
    with pytest.raises(Refused, match="no column for Title of tasks"):
        read("Start,Due\n2026-03-02,2026-03-06\n", kind="task")


def test_the_second_of_two_equal_headings_is_never_taken_by_itself():
    text = "Risk,Impact,Likelihood,Impact\nFire,5,2,1\n"
    (risk,) = values(text)
    assert (risk["impact"], risk["probability"]) == (5, 2)
    assert any("stand twice" in note and "Impact" in note for note in read(text).notes)
    (risk,) = values(text, columns=["Impact#2=residual_impact"])
    assert (risk["impact"], risk["residual_impact"]) == (5, 1)


def test_several_columns_of_long_text_are_joined_under_their_headings():
    (task,) = values("Title,Start,Description,Comments\nx,2026-03-02,First,Second\n")
    assert task["notes"] == "Description:\nFirst\n\nComments:\nSecond"


def test_an_empty_cell_says_nothing():
    (task,) = values("Title,Start,Due,Owner\nx,,2026-03-02,\n")
    assert task == {"title": "x", "due": dt.date(2026, 3, 2)}


def test_columns_left_out_are_said():
    assert "columns not understood and left out: “colour”" in read("Subject,colour\nx,red\n").notes


def test_dates_are_read_the_way_the_whole_file_writes_them():
    first, second = values("Subject,Due\nx,04/05/2026\ny,25/05/2026\n")
    assert (first["due"], second["due"]) == (dt.date(2026, 5, 4), dt.date(2026, 5, 25))


def test_dates_that_are_all_doubtful_are_refused_until_the_order_is_said():
    with pytest.raises(Refused, match=r"line 2 dates: '04/05/2026'.*--dates dmy or --dates mdy"):
        read("Subject,Due\nx,04/05/2026\n")
    assert values("Subject,Due\nx,04/05/2026\n", day_first=False)[0]["due"] == dt.date(2026, 4, 5)


def test_amounts_are_read_the_way_the_whole_file_writes_them():
    first, second = values("Category;Planned\nTravel;1.250\nLabour;99,50\n")
    assert (first["planned"], second["planned"]) == (Decimal(1250), Decimal("99.50"))
    assert problems("Category;Planned\nTravel;1.250\n") == [
        "line 2 planned: '1.250': doubtful: 1250 or 1.250; write 1250.00 or 1.2500"
    ]


def test_a_headings_unit_counts():
    content = read("Category,Planned (k€)\nTravel,1.5\n")
    assert content.rows[0].values["planned"] == 1500
    assert content.currencies == {"EUR"}


def test_other_tools_words_for_statuses_and_priorities():
    text = "Subject,Status,Priority\na,New,High\nb,In Progress,Immediate\nc,Closed,1 - Low\nd,On hold,normal\ne,Won't do,Normal\n"
    rows = read(text).rows
    assert [r.values["status"] for r in rows] == ["to do", "doing", "done", "blocked", "cancelled"]
    assert [r.values["priority"] for r in rows] == ["high", "urgent", "low", "normal", "normal"]
    assert rows[3].defaults["blocked_reason"] == "“On hold” in plan.csv"
    assert rows[4].defaults["cancelled_reason"] == "“Won't do” in plan.csv"


def test_a_word_is_never_completed_to_one_that_begins_so():
    (said,) = problems("Subject,Status\na,d\n")
    assert said.startswith("line 2 status: 'd': allowed: to do, backlog")


def test_a_hundred_percent_without_a_status_is_done():
    done, half = read("Subject,Progress\na,100%\nb,50.0\n").rows
    assert done.values["status"] == "done"
    assert (half.values["percent_done"], half.defaults["status"]) == (50, "doing")


def test_a_bad_cell_is_said_by_line_field_value_and_what_is_allowed():
    said = problems("Subject,Due,Progress,Priority\nx,2026-02-31,120,purple\n\n,2026-03-02,,\n")
    assert [text.split(":")[0] for text in said] == [
        "line 2 due",
        "line 2 percent_done",
        "line 2 priority",
        "line 4 title",
    ]
    assert "'purple': allowed: low, normal, high, urgent" in said[2]


def test_more_values_than_headings_are_a_bad_row():
    assert problems("Subject,Due\nRed, green,2026-03-02\n") == [
        "line 2: '2026-03-02': 3 values under 2 headings: is a delimiter inside a value?",
        "line 2 due: 'green': allowed: a date in full, such as 2026-12-15, 15/12/2026 or 15 Dec 2026",
    ]


def test_rows_name_each_other_by_id_forwards_and_backwards():
    content = read("id,subject,parent,follows\nA,Child,C,B 1d\nB,First,C,\nC,Parent,,\n")
    assert [(r.field, r.key) for r in content.rows[0].refs] == [("parent", "C"), ("depends_on", "B")]
    assert "lags of links are not kept (line 2)" in content.notes


def test_without_ids_a_number_counts_the_rows_and_a_title_names_one():
    content = read('subject,parent,predecessors\nRoot,,\nChild,1,\nOther,Root,"1,2"\n')
    assert [ref.key for ref in content.rows[1].refs] == ["Root|"]
    assert [ref.key for ref in content.rows[2].refs] == ["Root|", "Root|", "Child|"]


def test_microsoft_projects_way_to_write_links():
    content = read('ID,Task Name,Predecessors\n1,a,\n2,b,1FS+2 days\n3,c,"1,2SS"\n')
    assert [ref.key for ref in content.rows[1].refs] == ["1"]
    assert [ref.key for ref in content.rows[2].refs] == ["1"]
    assert "links other than finish to start are left out (line 4)" in content.notes


def test_an_unknown_row_makes_a_bad_row():
    assert problems("id,subject,follows\nA,x,Z\n") == [
        "line 2 depends_on: 'Z': there is no such row in the file; a record of the project is written #2"
    ]


def test_the_same_id_twice_is_a_bad_row():
    assert problems("id,subject\nA,x\nA,y\n") == ["line 3 id: 'A': line 2 has this id already"]


def test_rows_without_an_id_are_known_by_title_and_wbs_and_counted_where_alike():
    keys = [row.key for row in read("wbs,subject\n1.1,Test\n1.2,Test\n1.2,Test\n").rows]
    assert keys == ["Test|1.1", "Test|1.2", "Test|1.2|2"]


def test_a_cost_without_an_id_is_known_by_its_invoice_else_by_what_it_says():
    text = "date,category,amount,vendor,invoice,note\n2026-01-05,travel,10,ACME,A-1,x\n2026-01-05,travel,10,,,Taxi\n"
    assert [row.key for row in read(text).rows] == ["ACME|A-1", "2026-01-05|travel||Taxi"]


def test_a_risk_told_in_a_paragraph_gets_a_short_title_and_keeps_it_all():
    long = "The vendor may fail. " + "It depends on one person who may leave at any time and nobody else knows. " * 3
    (risk,) = values(f"Risk,Likelihood\n{long},3\n")
    assert risk["title"] == "The vendor may fail"
    assert risk["event"] == long.strip()
    (risk,) = values(f"Risk,Likelihood,Notes\n{long * 3},3,Mine\n")
    assert risk["notes"].startswith(long.strip())
    assert risk["notes"].endswith("Mine")


def test_people_of_a_file_are_gathered_with_their_names():
    content = read("Subject,Assigned to,Start\na,Jane Smith,2026-03-02\nb,jane.smith@x.org,2026-03-02\n")
    assert [row.values["owner"] for row in content.rows] == ["jane.smith", "jane.smith"]
    assert content.people == (Named("jane.smith", "Jane Smith", "jane.smith@x.org"),)


def test_a_person_without_a_handle_gets_one_from_the_address_or_the_name():
    first, second = values("Name,E-mail,Role\nJane Smith,js@x.org,PM\nBen Lee,,Dev\n", kind="person")
    assert (first["handle"], second["handle"]) == ("js", "ben.lee")


def test_text_that_could_act_on_a_terminal_is_made_harmless():
    (task,) = values("Subject,Notes,Start\n\x1b[31mRed\u202e title\x07,\x1b]0;evil\x07 text,2026-03-02\n")
    assert (task["title"], task["notes"]) == ("[31mRed title", "]0;evil text")
    with pytest.raises(Refused) as refused:
        read("\x1b[2Jcolumn\n1\n")
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"Subject;Due\n", "has headings only, no data row"),
        (b"Subject;Due\n;;\n", "has headings only, no data row"),
        (b"30 4\n1 2\n", "no headings but numbers"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(data, why):
    with pytest.raises(Refused, match=why):
        read(data)


def test_numbers_without_end_are_refused_by_line():
    nines = "9" * 5000
    said = problems(f"Subject,Progress,Estimate\nx,{nines},{nines}\n")
    assert [text.split(":")[0] for text in said] == ["line 2 percent_done", "line 2 estimate"]


def test_a_title_too_long_for_one_line_is_kept_whole_where_there_is_room_else_refused():
    long = "word " * 150
    (task,) = values(f"Subject,Due\n{long},2026-03-02\n")
    assert (len(task["title"]), task["notes"]) == (500, long.strip())
    assert "up to 500 characters" in problems(f"Milestone,Forecast\n{long},2026-03-02\n")[0]
