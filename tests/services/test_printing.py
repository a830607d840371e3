"""What is written of an issued report or of minutes is what was frozen, whatever came after."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from factories import add, day, new_project, session
from read_back import pdf_pages, read

from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry, Meeting, Risk, Task
from pmtui.reports.formats import BY_ENDING, FORMATS
from pmtui.reports.frozen_page import FrozenPage
from pmtui.reports.markdown import to_markdown
from pmtui.reports.model import StatusReport
from pmtui.services import meetings, reports
from pmtui.services.printing import printed_minutes, printed_report, to_file, written_in


@pytest.fixture
def project(tmp_path):
    found = new_project(
        tmp_path / "ws",
        Task(title="Load test | the payroll", owner="ben", due=day(-9)),
        Risk(title="Vendor *late*", owner="chi", review_date=day(3), probability=4, impact=5),
        BudgetLine(category="travel", planned=Decimal(12000)),
        CostEntry(date=day(-1), budget_line="B-1", net=Decimal("13000.50")),
    )
    reports.save_words(found, "summary", "As it was.\n- One point\n- Another")
    return found


def bytes_of(project, printed, ending):
    return written_in(BY_ENDING[ending], printed, project.session.path).data


def issued(project):
    reports.issue(project)
    return project.get("SR-1")


def test_an_issued_report_is_written_as_it_was_frozen_whatever_happened_since(project):
    report = issued(project)
    before = {form.ending: bytes_of(project, printed_report(project, report), form.ending) for form in FORMATS}
    add(
        project,
        Task(title="Later and late", due=day(-30)),
        CostEntry(date=day(0), budget_line="B-1", net=Decimal(5000)),
    )
    with project.change("rename") as change:
        change.edit(change.data.project, title="Another name", currency="CHF")
    after = {form.ending: bytes_of(project, printed_report(project, report), form.ending) for form in FORMATS}
    assert before == after
    assert before["md"].decode().rstrip("\n") == report.text
    assert "Laterandlate" not in pdf_pages(after["pdf"])[0]
    assert read("html", after["html"]).figures["Actual"] == "13,000.50"


def test_a_report_of_an_older_model_is_written_from_its_text(project):
    """Its numbers lack a part, and its page said something that pages no longer say."""
    report = issued(project)
    old = report.text.replace("## Late", "## Overdue")
    numbers = {name: value for name, value in report.numbers.items() if name not in {"money", "lights"}}
    found = msgspec.structs.replace(report, text=old, numbers=numbers)
    printed = printed_report(project, found)
    assert isinstance(printed.document, FrozenPage)
    for ending in ("html", "docx"):
        back = read(ending, bytes_of(project, printed, ending))
        assert "Overdue" in back.tables
        assert back.figures["Budget"] == "12,000.00"
        assert back.lights["cost"] == "● green" or back.lights["cost"].split()[1] in {"amber", "red"}
    assert "Overdue" in pdf_pages(bytes_of(project, printed, "pdf"))[0]
    assert read("pptx", bytes_of(project, printed, "pptx")).tables["Risks"][0][:2] == ["R-1", "Vendor *late*"]


def test_a_page_that_says_the_same_is_laid_out_from_its_numbers(project):
    assert isinstance(printed_report(project, issued(project)).document, StatusReport)


def test_a_newer_layout_never_changes_what_was_issued(project, monkeypatch):
    report = issued(project)
    blocks = StatusReport.blocks
    monkeypatch.setattr(StatusReport, "blocks", lambda self: blocks(self)[:-1])
    printed = printed_report(project, report)
    assert to_markdown(printed.document).rstrip("\n") == report.text


def test_published_minutes_are_written_as_they_were_published(project):
    start = dt.datetime(2026, 3, 2, 10, 0)
    add(project, Meeting(title="Steering", start=start, notes="# Budget\nWe spoke.\n! Go on as planned"))
    with pytest.raises(Refused, match="not published yet"):
        printed_minutes(project, project.get("M-1"))
    meetings.publish(project, "M-1")
    printed = printed_minutes(project, project.get("M-1"))
    assert to_markdown(printed.document).rstrip("\n") == project.get("M-1").minutes
    assert [form.ending for form in printed.formats] == ["md", "html", "docx", "pdf"]
    for ending in ("html", "docx"):
        assert "We spoke." in "".join(read(ending, bytes_of(project, printed, ending)).words)
    assert "Wespoke." in pdf_pages(bytes_of(project, printed, "pdf"))[0]


def test_a_file_is_new_private_and_never_written_over(project, tmp_path):
    write = to_file(project, printed_report(project), BY_ENDING["html"], tmp_path)
    said = write()
    (file,) = tmp_path.glob("*.html")
    assert str(file) in said.words
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        write()
    assert file.read_bytes() == before


def test_a_format_that_cannot_be_made_here_is_refused_and_writes_nothing(project, tmp_path, monkeypatch):
    monkeypatch.setattr("pmtui.reports.formats.find_spec", lambda name: None)
    with pytest.raises(Refused, match=r"pmtui\[word\]"):
        to_file(project, printed_report(project), BY_ENDING["docx"], tmp_path)()
    assert not list(tmp_path.glob("*.docx"))


def test_who_and_when_come_from_the_issue(project):
    about = printed_report(project, issued(project)).about
    assert (about.author, about.on) == ("ana", session(project.session.path).today)
    assert about.title == "HRIS deployment: status report SR-1"
