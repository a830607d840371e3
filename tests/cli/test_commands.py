"""The commands, as scripts and people use them: data on standard output, words on standard error."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable

import pytest
import tinydb
from click.testing import CliRunner, Result

from pmtui.cli import COMMANDS, cli
from pmtui.services.session import Session
from pmtui.shell.context import Shell

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)  # a Wednesday
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """Run a command in a workspace of its own, on a fixed day."""
    for name in ("PMTUI_PROJECT", "PMTUI_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    session = Session(tmp_path / "w", user="pat", name="shell-1", now=lambda: NOW, durable=False)

    def invoke(*args: str, stdin: str | bytes | None = None, session: Session = session) -> Result:
        return CliRunner().invoke(cli, list(args), input=stdin, obj=Shell(given=session))

    return invoke


@pytest.fixture
def hris(run) -> Run:
    """The same, with a project."""
    assert run("projects", "add", "hris", "--name", "HRIS deployment").exit_code == 0
    return run


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(result: Result, exit_code: int = 1) -> str:
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def record(run: Run, number: str) -> dict:
    return json.loads(ok(run("show", number, "--json")))


def test_projects_are_added_and_listed(run):
    assert "begin with" in run("projects").stderr
    assert ok(run("projects", "add", "hris", "--name", "HRIS deployment", "--currency", "chf")) == "hris\n"
    assert ok(run("projects")).splitlines()[1].split() == ["hris", "HRIS", "deployment", "active", "pat"]
    (found,) = json.loads(ok(run("projects", "list", "--json")))
    assert (found["code"], found["title"], found["currency"], found["finish"]) == (
        "hris",
        "HRIS deployment",
        "CHF",
        None,
    )
    assert "such a project already" in refused(run("projects", "add", "HRIS"))
    assert "ISO 4217" in refused(run("projects", "add", "b", "--currency", "euros"))


def test_the_project_is_the_only_one_or_named(hris, monkeypatch):
    ok(hris("projects", "add", "erp"))
    said = refused(hris("add", "task", "x"))
    assert "erp, hris" in said
    assert ok(hris("--project", "erp", "add", "task", "x")) == "T-1\n"
    monkeypatch.setenv("PMTUI_PROJECT", "hris")
    assert ok(hris("list", "tasks", "--json")) == "[]\n"
    assert "no such project" in refused(hris("--project", "crm", "list", "tasks"))


@pytest.mark.parametrize(
    ("kind", "line", "number"),
    [
        ("task", "Migrate payroll data @ana due fri !high #cutover ~3d", "T-1"),
        ("risk", "Vendor delays the interface p4 i3 @ben review +2w", "R-1"),
        ("cost", '1250.50 travel "Workshop Lyon" vendor:SNCF 2026-03-02 paid', "C-1"),
        ("meeting", "Steering committee fri 10:00", "M-1"),
        ("budget-line", "travel 12000", "B-1"),
        ("deliverable", "1 Everything", "W-1"),
    ],
)
def test_one_line_adds_a_record_and_prints_its_number_alone(hris, kind, line, number):
    result = hris("add", kind, line)
    assert ok(result) == f"{number}\n"
    assert number in result.stderr
    assert record(hris, number)["number"] == number


def test_the_line_may_come_in_several_words(hris):
    ok(hris("add", "cost", "99", "travel", "Workshop due fri", "vendor:Deutsche Bahn"))
    found = record(hris, "C-1")
    assert (found["note"], found["vendor"]) == ("Workshop due fri", "Deutsche Bahn")
    assert ok(hris("add", "cost", "-50", "travel", "credit")) == "C-2\n"


def test_an_impossible_date_is_refused_and_named(hris):
    said = refused(hris("add", "task", "x due 2026-02-31"))
    assert "2026-02-31" in said
    assert "28 days" in said
    assert ok(hris("list", "tasks", "--json")) == "[]\n"


def test_a_record_a_line_from_standard_input(hris):
    lines = "\ufeffFirst @ana\n\nSecond due 2026-02-31\nThird due fri\n".encode() + b"caf\xe9\n" + b"Last"
    result = hris("add", "task", "-", stdin=lines)
    assert result.exit_code == 1
    assert result.stdout == "T-1\nT-2\nT-3\n"
    assert "line 3: due: '2026-02-31'" in result.stderr
    assert "line 5: is not UTF-8" in result.stderr
    assert [t["title"] for t in json.loads(ok(hris("list", "tasks", "--json")))] == ["First", "Third", "Last"]


def test_json_records_have_their_number_fields_and_what_follows(hris):
    ok(hris("add", "task", "Migrate @ana due 2026-03-02 #a #b ~4h"))
    ok(hris("add", "risk", "Vendor p4 i3 cost 1000"))
    ok(hris("add", "cost", "1250.5 travel"))
    task, risk, cost = (record(hris, number) for number in ("T-1", "R-1", "C-1"))
    assert next(iter(task)) == "number"
    assert (task["due"], task["estimate"], task["tags"], task["start"]) == ("2026-03-02", 4.0, ["a", "b"], None)
    assert (task["overdue"], task["days_late"], task["created_by"]) == (True, 2, "pat")
    assert (risk["score"], risk["band"], risk["cost_if_occurs"], risk["owner"]) == (12, "medium", "1000", "pat")
    assert (cost["net"], cost["category"], cost["date"]) == ("1250.5", "travel", "2026-03-04")


def test_lists_are_plain_aligned_tables(hris):
    ok(hris("add", "cost", "1250.50 travel Lyon"))
    ok(hris("add", "cost", "9 travel 会議"))
    lines = ok(hris("list", "costs")).splitlines()
    assert lines[0].split() == ["Number", "Date", "Status", "Budget", "line", "Note", "Vendor", "Net"]
    assert lines[1].endswith("1,250.50")
    assert lines[2].endswith("    9.00")
    assert "\x1b" not in "".join(lines)
    assert hris("list", "risks").stderr.startswith("no risks yet")


def test_lists_are_filtered(hris):
    for line in ("Late @ana due 2026-03-02", "Done", "Doing @ben status:doing"):
        ok(hris("add", "task", line))
    ok(hris("done", "T-2"))

    def shown(*words: str) -> list[str]:
        return [t["number"] for t in json.loads(ok(hris("list", "tasks", "--json", *words)))]

    assert shown() == ["T-1", "T-2", "T-3"]
    assert shown("-done") == ["T-1", "T-3"]
    assert shown("owner:ana", "late") == shown("owner:ana late") == ["T-1"]
    assert shown("status:to do") == shown('status:"to do"') == ["T-1"]
    assert hris("list", "tasks", "late").stderr == "1 of 3 tasks shown\n"
    assert "owner" in refused(hris("list", "tasks", "ownr:ana"), exit_code=2)
    assert "--jsn" in refused(hris("list", "tasks", "--jsn"), exit_code=2)
    assert "nothings" in refused(hris("list", "nothings"), exit_code=2)


def test_show_tells_all_of_a_record(hris):
    ok(hris("add", "task", "Migrate @ana due fri"))
    told = ok(hris("show", "t1"))
    assert told.startswith("T-1 Migrate\n")
    assert "2026-03-06" in told
    assert "no such record" in refused(hris("show", "T-9"))
    assert "no such record" in refused(hris("show", "what"))


def test_show_tells_parts_one_a_line(hris):
    ok(hris("add", "risk", "Vendor delays the interface p4 i3 @ben review +2w"))
    ok(hris("edit", "R-1", "probability=2"))
    told = ok(hris("show", "R-1"))
    assert "  on 2026-03-04, score 12" in told or "score 6" in told
    assert "score 6" in told
    assert "{" not in told


def test_edit_by_field_alias_and_label(hris):
    ok(hris("add", "task", "Migrate @ana due fri"))
    ok(hris("edit", "T-1", "due=+2w", "who=", "Waiting for=the vendor", "status=doing"))
    found = record(hris, "T-1")
    assert (found["due"], found["owner"], found["waiting_for"]) == ("2026-03-18", None, "the vendor")
    assert (found["status"], found["slip_count"], found["baseline_due"]) == ("doing", 1, "2026-03-06")


@pytest.mark.parametrize(
    ("pair", "said", "code"),
    [
        ("duw=fri", "is it due", 1),
        ("due=2026-02-31", "28 days", 1),
        ("slip_count=0", "not written by hand", 1),
        ("status=blocked", "blocked", 1),
        ("due", "FIELD=VALUE", 2),
    ],
)
def test_an_edit_that_can_not_be_is_refused(hris, pair, said, code):
    ok(hris("add", "task", "Migrate due fri"))
    assert said in refused(hris("edit", "T-1", pair), code)


def test_done_closes_each_kind_and_may_have_been_earlier(hris):
    for kind, line in (("task", "a"), ("task", "b"), ("risk", "r"), ("milestone", "m 2026-04-01")):
        ok(hris("add", kind, line))
    ok(hris("done", "T-1", "T-2", "--on", "mon"))
    ok(hris("done", "R-1"))
    ok(hris("done", "MS-1", "--on", "2026-03-03"))
    assert record(hris, "T-2")["finish_date"] == "2026-03-02"
    assert record(hris, "R-1")["status"] == "closed"
    assert record(hris, "MS-1")["actual"] == "2026-03-03"
    assert "today or earlier" in refused(hris("done", "T-1", "--on", "2026-03-09"))


def test_a_risk_that_occurred_becomes_an_issue(hris):
    ok(hris("add", "risk", "Vendor p4 i3"))
    assert "I-1" in hris("edit", "R-1", "status=occurred").stderr
    assert record(hris, "I-1")["source"] == "R-1"


def test_undo_takes_back_this_shells_last_change(hris, tmp_path):
    ok(hris("add", "task", "One"))
    ok(hris("edit", "T-1", "title=Two"))
    other = Session(tmp_path / "w", user="pat", name="shell-2", now=lambda: NOW, durable=False)
    ok(hris("add", "task", "Theirs", session=other))
    assert "undo: changed T-1: title One → Two" in hris("undo").stderr
    assert record(hris, "T-1")["title"] == "One"
    ok(hris("redo"))
    assert record(hris, "T-1")["title"] == "Two"
    ok(hris("undo"))
    ok(hris("undo"))
    assert [t["number"] for t in json.loads(ok(hris("list", "tasks", "--json")))] == ["T-2"]
    assert "nothing to undo" in refused(hris("undo", session=Session(tmp_path / "w", "pat", "shell-3", durable=False)))


def test_delete_is_refused_while_something_refers_to_it(hris):
    ok(hris("add", "task", "One"))
    ok(hris("add", "task", "Two after T-1"))
    assert "T-2" in refused(hris("delete", "T-1"))
    ok(hris("delete", "T-2"))
    ok(hris("delete", "T-1"))


def test_history_tells_in_words_who_changed_what(hris):
    ok(hris("add", "task", "Migrate due fri"))
    ok(hris("add", "task", "Other"))
    ok(hris("edit", "T-1", "due=+2w"))
    told = ok(hris("history", "T-1"))
    assert "2026-03-04 09:00  pat added T-1 Migrate, due 6 Mar" in told
    assert "pat changed T-1 Migrate: due 6 Mar → 18 Mar" in told
    assert "T-2" not in told
    found = json.loads(ok(hris("history", "--json", "--limit", "1")))
    assert found[0]["changes"][0]["fields"]["due"] == ["2026-03-06", "2026-03-18"]
    assert "no such record" in refused(hris("history", "T-9"))


def test_history_of_a_person_a_period_and_some_words(hris, tmp_path):
    ok(hris("add", "task", "Migrate due fri"))
    kim = Session(tmp_path / "w", user="kim", name="shell-2", now=lambda: NOW, durable=False)
    ok(hris("edit", "T-1", "owner=kim", session=kim))
    assert ok(hris("history", "@kim")).splitlines() == ["2026-03-04 09:00  kim changed T-1 Migrate: owner none → @kim"]
    assert ok(hris("history", "--by", "kim")) == ok(hris("history", "@kim"))
    assert len(ok(hris("history", "--since", "today", "t-1")).splitlines()) == 2
    assert ok(hris("history", "migrate", "owner")) == ok(hris("history", "@kim"))
    nothing = hris("history", "--until", "yesterday")
    assert ok(nothing) == ""
    assert "nothing fits" in nothing.stderr
    assert "someday" in refused(hris("history", "--since", "someday"))
    assert json.loads(ok(hris("history", "@kim", "--json")))[0]["words"] == "kim changed T-1: owner none → @kim"


def test_history_says_what_is_not_kept(hris, tmp_path):
    ok(hris("add", "task", "Migrate due fri"))
    ok(hris("compact"))
    for old in (tmp_path / "w" / "hris" / "history").glob("*.jsonl"):
        old.unlink()
    told = hris("history")
    assert ok(told) == ""
    assert "hris: changes 1 to 2 are not kept" in told.stderr


def test_undo_takes_back_one_step_in_all_projects_that_it_changed(hris, tmp_path):
    from pmtui.services import tasks
    from pmtui.services.desk import Desk

    ok(hris("projects", "add", "erp"))
    for code in ("hris", "erp"):
        ok(hris("--project", code, "add", "task", f"In {code}"))
    times = iter(range(100))
    pane = Session(
        tmp_path / "w", user="pat", name="shell-1", now=lambda: NOW + dt.timedelta(seconds=next(times)), durable=False
    )
    desk = Desk(pane)
    desk.open_all()
    desk.act([("erp", "T-1"), ("hris", "T-1")], tasks.complete)
    desk.close()
    assert "completed T-1" in hris("undo").stderr
    for code in ("hris", "erp"):
        assert "to do" in ok(hris("--project", code, "show", "T-1"))


def test_the_report_as_markdown_text_and_json_and_issued(hris):
    ok(hris("add", "task", "Migrate payroll due 2026-03-02"))
    ok(hris("done", "T-1"))
    page = ok(hris("report", "--format", "md"))
    assert page.startswith("# HRIS deployment")
    assert "Migrate payroll" in page
    assert "HRIS deployment" in ok(hris("report", "--format", "txt"))
    assert json.loads(ok(hris("report", "--json")))["code"] == "hris"
    assert "28 Feb" in ok(hris("report", "--period", "2026-02-28..2026-03-04"))
    issued = hris("report", "--issue")
    assert "SR-1 issued" in issued.stderr
    ok(hris("edit", "T-1", "title=Another"))
    assert ok(hris("report", "SR-1")) == issued.stdout
    assert refused(hris("report", "--period", "last week"), exit_code=2)


def test_import_prints_what_it_did_and_one_bad_row_imports_nothing(hris, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("Title,Due,Owner\nOne,2026-03-09,ana\nTwo,,ben\n")
    bad.write_text("Title,Due\nThree,2026-03-09\nFour,2026-02-31\n")
    assert "2 tasks new" in ok(hris("import", str(good), "--dry-run"))
    assert ok(hris("list", "tasks", "--json")) == "[]\n"
    assert "2 tasks new" in ok(hris("import", str(good)))
    assert "2 tasks unchanged" in ok(hris("import", str(good)))
    result = hris("import", str(bad))
    assert result.exit_code == 1
    assert "line 3" in result.stderr
    assert len(json.loads(ok(hris("list", "tasks", "--json")))) == 2
    ok(hris("import", str(bad), "--skip-bad"))
    assert len(json.loads(ok(hris("list", "tasks", "--json")))) == 3
    assert json.loads(ok(hris("import", str(good), "--json")))["counts"][0]["unchanged"] == 2


def test_export_is_csv_that_no_spreadsheet_runs_or_json(hris):
    ok(hris("add", "task", '"=HYPERLINK(1)" @ana'))
    ok(hris("add", "task", "Plain"))
    rows = list(csv.DictReader(io.StringIO(ok(hris("export", "tasks")))))
    assert [row["number"] for row in rows] == ["T-1", "T-2"]
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert [t["number"] for t in json.loads(ok(hris("export", "tasks", "plain", "--format", "json")))] == ["T-2"]
    assert ok(hris("export", "risks")).startswith("number,title,")


def test_check_and_compact(hris, tmp_path):
    ok(hris("add", "task", "One"))
    assert ok(hris("check")).startswith("hris: whole, ")
    ok(hris("compact"))
    with tinydb.TinyDB(tmp_path / "w" / "hris" / "data.json") as plain:
        assert [doc["title"] for doc in plain.table("tasks")] == ["One"]
    journal = max((tmp_path / "w" / "hris").glob("journal.*.jsonl"))
    ok(hris("add", "task", "Two"))
    with journal.open("ab") as file:
        file.write(b'{"c":"unfinished')
    told = ok(hris("check"))
    assert "whole" in told
    assert "unfinished last line of 16 bytes" in told
    assert json.loads(ok(hris("check", "--json")))[0]["whole"]
    assert ok(hris("add", "task", "Three")) == "T-3\n"


def test_check_names_damage_and_exits_1(hris, tmp_path):
    ok(hris("add", "task", "One"))
    ok(hris("add", "task", "Two"))
    journal = max((tmp_path / "w" / "hris").glob("journal.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b"One", b"Own"))
    result = hris("check")
    assert result.exit_code == 1
    assert "damage" in result.stdout
    assert "read-only" in refused(hris("add", "task", "Three"))


def test_a_record_nobody_could_read_is_told_and_left_out(hris, tmp_path):
    ok(hris("add", "task", "One"))
    ok(hris("add", "task", "Two"))
    ok(hris("compact"))
    from pmtui.store import ProjectDB

    with ProjectDB(tmp_path / "w" / "hris" / "data.json") as db:
        db.table("tasks").update({"due": "\x1b[31mnever"}, doc_ids=[1])
    result = hris("list", "tasks", "--json")
    assert [t["number"] for t in json.loads(ok(result))] == ["T-2"]
    assert "T-1: can't be read" in result.stderr
    assert "\x1b" not in result.output
    assert hris("check").exit_code == 1
    assert "can't be read" in refused(hris("show", "T-1"))


def test_config_tells_where_and_as_whom(hris, tmp_path):
    found = json.loads(ok(hris("config", "--json")))
    assert (found["workspace"], found["user"], found["projects"]) == (str(tmp_path / "w"), "pat", ["hris"])
    assert "pat" in ok(hris("config"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(run, shell):
    assert "_PMTUI_COMPLETE" in ok(run("completion", shell))


def test_help_names_every_command_and_each_explains_itself(run):
    told = ok(run("--help"))
    for name in COMMANDS:
        assert f"  {name}" in told
        assert "Usage" in ok(run(name, "--help"))
    assert ok(run("--version")).startswith("pmtui ")
    assert "No such command" in refused(run("frobnicate"), exit_code=2)


def test_what_nobody_foresaw_is_one_line(hris, monkeypatch):
    monkeypatch.setattr("pmtui.services.quick.add_line", lambda *_: 1 / 0)
    said = refused(hris("add", "task", "x"))
    assert said == "pmtui failed: ZeroDivisionError: division by zero (--debug shows where)\n"
    assert isinstance(hris("--debug", "add", "task", "x").exception, ZeroDivisionError)


BANK = """Date,Vendor,Text,Amount
2026-03-02,Cab,Taxi PO 4711,-50.00
2026-03-03,Nobody,Private,-9.00
2026-13-03,Cab,Broken,-1.00
"""


def test_a_banks_file_is_matched_and_booked_once(hris, tmp_path):
    ok(hris("add", "cost", "50 travel committed po:4711 vendor:Cab"))
    file = tmp_path / "bank.csv"
    file.write_text(BANK)
    looked = hris("match", str(file), "--dry-run", "--json")
    assert looked.exit_code == 1, "a row that can't be read is told by the exit code too"
    assert "line 4 date: '2026-13-03'" in looked.stderr
    first, second = json.loads(looked.stdout)
    assert (first["is"], first["entry"], first["sure"], first["booked"]) == ("match", "C-1", True, False)
    assert (second["is"], second["because"]) == ("out", ["nobody that this project paid before"])
    done = hris("match", str(file), "--save", "giro")
    assert "line 2: 2026-03-02 50.00 Cab · Taxi PO 4711 → match C-1 booked" in done.stdout
    assert "the mapping giro is saved" in done.stderr
    assert json.loads(ok(hris("show", "C-1", "--json")))["status"] == "paid"
    again = json.loads(hris("match", str(file), "--mapping", "giro", "--json").stdout)
    assert [(row["is"], row["booked"]) for row in again] == [("booked", False), ("out", False)]
    said = hris("undo").stderr + hris("undo").stderr
    assert "undo: booked rows of bank.csv: C-1 matched" in said
    assert json.loads(ok(hris("show", "C-1", "--json")))["status"] == "committed"


def test_what_is_not_sure_is_booked_where_it_is_asked_for(hris, tmp_path):
    ok(hris("add", "cost", "50 travel paid vendor:Cab 3 jan"))
    file = tmp_path / "bank.csv"
    file.write_text("When,Who,How much\n2026-03-02,Cab,12\n")
    columns = ("--map", "date=When", "--map", "vendor=Who", "--map", "amount=How much")
    signs = ("--map", "signs=costs are positive")
    refused = hris("match", str(file), *columns, "--map", "amout=x")
    assert (refused.exit_code, "allowed: FIELD=HEADING" in refused.stderr) == (1, True)
    assert "no row is sure" in hris("match", str(file), *columns, *signs).stderr
    assert "new B-1 booked" in ok(hris("match", str(file), *columns, *signs, "--all"))
    assert json.loads(ok(hris("show", "C-2", "--json")))["net"] == "12"
