"""X asks the format by one key, writes beside the screen, and says where; what can't be made here says why."""

import datetime as dt

import pytest
from factories import add, app_over, day, new_project, press, screen_text, until
from read_back import pdf_pages, read

from pmtui.domain.records import Meeting, Risk, Task
from pmtui.screens.prompts import ChoiceScreen
from pmtui.screens.report_lines import IssuedLine
from pmtui.services import meetings, reports
from pmtui.services.page_templates import folder as templates
from pmtui.services.page_templates import write_out


@pytest.fixture
def out(tmp_path, monkeypatch):
    """The folder that pmtui is started in."""
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Load test", owner="ben", due=day(-9)),
        Risk(title="Vendor late", owner="chi", review_date=day(3), probability=4, impact=5),
        Meeting(title="Steering", start=dt.datetime(2026, 2, 27, 10, 0), notes="# Budget\nWe spoke."),
        Meeting(title="Weekly", start=dt.datetime(2026, 2, 26, 10, 0), notes="Nothing."),
    )


async def asked(app, pilot, *keys):
    await press(pilot, *keys, "X")
    await until(pilot, lambda: isinstance(app.screen, ChoiceScreen))


async def written(pilot, out, ending):
    await until(pilot, lambda: list(out.glob(f"*.{ending}")))
    (file,) = out.glob(f"*.{ending}")
    await until(pilot, lambda: file.stat().st_size)
    return file


@pytest.mark.parametrize(("key", "ending"), [("h", "html"), ("w", "docx"), ("s", "pptx"), ("m", "md")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_writes_the_report_in_its_format_and_says_where(tmp_path, project, out, key, ending, size):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await asked(app, pilot, "6")
        for name in ("Markdown", "HTML", "Word", "PDF", "slide"):
            assert name in screen_text(app)
        await press(pilot, key)
        file = await written(pilot, out, ending)
        await until(pilot, lambda: "the report is written to" in screen_text(app))
    assert file.stat().st_mode & 0o777 == 0o600
    assert read(ending, file.read_bytes()).tables["Risks"][0][:2] == ["R-1", "Vendor late"]


async def test_an_issued_report_under_the_cursor_is_the_one_that_is_written(tmp_path, project, out):
    reports.issue(project)
    add(project, Risk(title="Another", owner="chi", review_date=day(3), probability=5, impact=5))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "6")
        app.screen.table.move_to(IssuedLine("SR-1"))
        await asked(app, pilot)
        assert "status report SR-1" in screen_text(app)
        await press(pilot, "p")
        file = await written(pilot, out, "pdf")
    assert "SR-1" in file.name
    assert "Another" not in pdf_pages(file.read_bytes())[0]


async def test_esc_writes_nothing(tmp_path, project, out):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(app, pilot, "6")
        await press(pilot, "escape")
        assert app.screen.view == "report"
    assert not list(out.iterdir())


async def test_what_cannot_be_made_here_is_dimmed_and_says_what_it_needs(tmp_path, project, out, monkeypatch):
    monkeypatch.setattr("pmtui.reports.formats.find_spec", lambda name: None)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(app, pilot, "6")
        assert "it needs pip install 'pmtui[word]'" in screen_text(app)
        assert "it needs pip install 'pmtui[slides]'" in screen_text(app)
        await press(pilot, "w", "p", "s")
        assert isinstance(app.screen, ChoiceScreen)
        await press(pilot, "h")
        await written(pilot, out, "html")


async def test_a_wrong_template_is_told_with_its_line_and_nothing_is_written(tmp_path, project, out):
    write_out(project.session, "html")
    (templates(tmp_path / "ws") / "report.html").write_text("one\n{{ nothing }}")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(200, 40)) as pilot:
        await asked(app, pilot, "6")
        await press(pilot, "h")
        await until(pilot, lambda: "line 2: there is no 'nothing'" in screen_text(app))
    assert not list(out.iterdir())


async def test_published_minutes_ask_too_and_other_meetings_have_no_format(tmp_path, project, out):
    meetings.publish(project, "M-1")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        app.screen.table.move_to(("hris", "M-2"))
        await press(pilot, "X")
        await until(pilot, lambda: "the minutes of M-2 as they would be now" in screen_text(app))
        assert "PDF" not in screen_text(app)
        await press(pilot, "c")
        await written(pilot, out, "csv")
        app.screen.table.move_to(("hris", "M-1"))
        await asked(app, pilot)
        assert "slide" not in screen_text(app)
        await press(pilot, "h")
        file = await written(pilot, out, "html")
        await until(pilot, lambda: "the minutes are written to" in screen_text(app))
    assert "We spoke." in read("html", file.read_bytes()).words


async def test_the_list_of_meetings_stays_a_key_away(tmp_path, project, out):
    meetings.publish(project, "M-1")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        app.screen.table.move_to(("hris", "M-1"))
        await asked(app, pilot)
        await press(pilot, "c")
        file = await written(pilot, out, "csv")
    assert "Steering" in file.read_text(encoding="utf-8-sig")
