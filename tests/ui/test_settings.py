import datetime as dt
from decimal import Decimal

import pytest
from factories import TODAY, add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.exposure import DEFAULT_BANDS, Scales
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, Deliverable, Milestone, Person, Risk
from pmtui.domain.records.project import LightRules
from pmtui.screens.settings_rows import Line, Nothing
from pmtui.services.projects import open_project
from pmtui.services.settings import person_settings, read_bands_line, read_limits, rule_settings

FIVE = tuple(map(Decimal, ("0.05", "0.2", "0.35", "0.6", "0.95")))


def settings_project(tmp_path, *more):
    return new_project(
        tmp_path / "ws",
        Person(handle="ben", full_name="Ben Okafor", role="developer"),
        BudgetLine(category="travel", planned=Decimal(12000)),
        Milestone(title="UAT start", forecast=day(12)),
        Deliverable(code="1.10", title="Archive"),
        Deliverable(code="1.2", title="Migration"),
        *more,
    )


def project_of(app):
    app.desk.refresh()
    return app.desk.project


def charter(app):
    return project_of(app).data.project


async def at(app, pilot, key):
    """Go to the settings, and put the cursor on a line."""
    await press(pilot, "P")
    await until(pilot, lambda: app.screen.view == "settings")
    assert app.screen.table.move_to(key)
    await pilot.pause()


async def line_with(pilot, text):
    """Empty the line that is asked, type another one and give it."""
    await press(pilot, "ctrl+u", f'"{text}', "enter")


def shown_status(app):
    return app.screen.last_error


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (40, 10)])
async def test_every_section_is_there_with_its_count(tmp_path, size):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await at(app, pilot, Line("title"))
        headings = [line.text for line in app.screen.table.lines if hasattr(line, "text")]
        assert [h.split(" ·")[0] for h in headings] == [
            "Project", "Rules", "People", "Budget lines", "Milestones", "Deliverables",
        ]  # fmt: skip
        assert "12,000.00 EUR planned" in headings[3]
        assert "HRIS deployment" in screen_text(app)


async def test_deliverables_stand_in_the_order_of_their_codes(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, ("hris", "W-2"))
        lines = list(app.screen.table.lines)
        assert lines.index(("hris", "W-2")) < lines.index(("hris", "W-1"))


@pytest.mark.parametrize(
    ("name", "typed", "field", "value"),
    [
        ("title", "HR roll-out", "title", "HR roll-out"),
        ("manager", "@ben", "manager", "ben"),
        ("sponsor", "dora", "sponsor", "dora"),
        ("phase", "Build", "phase", "Build"),
        ("start", "2026-01-05", "start", dt.date(2026, 1, 5)),
        ("finish", "30 jun", "finish", dt.date(2026, 6, 30)),
        ("currency", "CHF", "currency", "CHF"),
        ("tolerance_days", "14", "tolerance_days", 14),
        ("tolerance_cost", "5.5", "tolerance_cost", Decimal("5.5")),
        ("working_days", "mon tue wed thu", "working_days", ("mon", "tue", "wed", "thu")),
        ("country", "FR", "country", "FR"),
        ("wip_limits", "doing 5, blocked 3", "wip_limits", {"doing": 5, "blocked": 3}),
        ("time", "amber 10, red 20", "lights", LightRules(amber_days=10, red_days=20)),
        ("cost", "5 15", "lights", LightRules(amber_cost_percent=5, red_cost_percent=15)),
        ("risk", "amber 12, red 20", "lights", LightRules(amber_score=12, red_score=20)),
        ("scale_probability", ".05, 20 %, 35%, .6, 95 %", "scales", Scales(probability=FIVE)),
        ("scale_impact", "5 %, 20 %, 35 %, 60 %, 95 %", "scales", Scales(impact=FIVE)),
        (
            "scale_probability_words",
            "rare, unlikely, possible, likely, certain",
            "scales",
            Scales(probability_words=("rare", "unlikely", "possible", "likely", "certain")),
        ),
        ("scale_impact_words", "a; b; c; d; e", "scales", Scales(impact_words=tuple("abcde"))),
    ],
)
async def test_a_setting_is_one_line_stored_and_undone(tmp_path, name, typed, field, value):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        before = getattr(charter(app), field)
        await at(app, pilot, Line(name))
        await press(pilot, "enter")
        await line_with(pilot, typed)
        await until(pilot, lambda: getattr(charter(app), field) == value)
        await until(pilot, lambda: app.screen.view == "settings")
        assert app.screen.table.cursor_key == Line(name)
        await press(pilot, "u")
        await until(pilot, lambda: getattr(charter(app), field) == before)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "", "required"),
        ("country", "Mars", "not a country code"),
        ("working_days", "someday", "some of mon"),
        ("finish", "31 feb", "February"),
        ("wip_limits", "thinking 5", "columns are"),
        ("time", "red", "two numbers"),
        ("scale_probability", "10 %, 30 %, 20 %, 70 %, 90 %", "step 3: 0.2 must be above 0.3"),
        ("scale_probability", "10, 30, 50, 70, 90", "step 1: 10 must be between 0 and 1"),
        ("scale_impact", "5 %, 10 %", "2 steps: 5 are needed"),
        ("scale_impact_words", "low, low, medium, high, higher", "step 2: 'low' must be a word of its own"),
        ("cost", "20 10", "red begins"),
        ("bands", "3 low, 2 high", "must be 4 or more"),
        ("bands", "3 low, 12 high", "must reach 25"),
        ("review_intervals", "7, soon", "such as 7, 14, 28"),
        ("review_intervals", "7, 0", "1 to 730 days"),
    ],
)
async def test_what_can_not_be_is_said_and_the_typed_text_stays(tmp_path, name, typed, said):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        before = charter(app)
        await at(app, pilot, Line(name))
        await press(pilot, "enter")
        await line_with(pilot, typed)
        await until(pilot, lambda: said in screen_text(app))
        assert app.screen.query_one("Input").value == typed
        await press(pilot, "escape")
        assert charter(app) == before


async def test_a_setting_that_somebody_changed_meanwhile_is_not_overwritten(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await at(app, pilot, Line("wip_limits"))
        await press(pilot, "enter", "ctrl+u", '"doing 4')
        other = open_project(session(tmp_path / "ws", "ben", "b"), "hris")
        with other.change("settings") as change:
            change.edit(change.data.project, wip_limits={"doing": 9})
        await press(pilot, "enter")
        await until(pilot, lambda: "ben changed it meanwhile to doing 9" in screen_text(app))
        assert app.screen.query_one("Input").value == "doing 4"
        assert charter(app).wip_limits == {"doing": 9}
        await press(pilot, "enter")
        await until(pilot, lambda: charter(app).wip_limits == {"doing": 4})


async def test_the_form_begins_at_the_setting_under_the_cursor(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("phase"))
        await press(pilot, "e")
        await until(pilot, lambda: app.focused is not None and app.focused.id == "f-phase")
        await press(pilot, '"Test', "enter")
        await until(pilot, lambda: charter(app).phase == "Test")
        await press(pilot, "u")
        await until(pilot, lambda: charter(app).phase == "")


async def test_the_objective_opens_in_the_form(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("objective"))
        await press(pilot, "enter")
        await until(pilot, lambda: app.focused is not None and app.focused.id == "f-objective")
        await press(pilot, '"One system', "ctrl+s")
        await until(pilot, lambda: charter(app).objective == "One system")


async def test_the_status_is_one_key(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("status"))
        await press(pilot, "enter", "o")
        await until(pilot, lambda: charter(app).status == "on hold")


async def test_archived_and_brought_back_by_one_key(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("title"))
        await press(pilot, "Z")
        await until(pilot, lambda: charter(app).archived)
        assert app.desk.shown() == []
        await press(pilot, "Z")
        await until(pilot, lambda: not charter(app).archived)


@pytest.mark.parametrize(
    ("number", "line", "table", "name"),
    [
        ("P-1", '@eli "Eli Roy"', "people", "eli"),
        ("B-1", "software 64000", "budget_lines", "software"),
        ("MS-1", "Go live 1 jun", "milestones", "Go live"),
        ("W-1", "2 Roll-out", "deliverables", "Roll-out"),
    ],
)
async def test_a_adds_to_the_section_under_the_cursor(tmp_path, number, line, table, name):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, ("hris", number))
        await press(pilot, "a", f'"{line}', "enter")
        await until(pilot, lambda: name in [r.name for r in project_of(app).data.tables[table].values()])
        await until(pilot, lambda: app.screen.record() is not None and app.screen.record().name == name)
        await press(pilot, "u")
        await until(pilot, lambda: name not in [r.name for r in project_of(app).data.tables[table].values()])


async def test_an_empty_section_says_the_key_that_begins(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Nothing("milestone"))
        assert "No milestones yet   a adds one" in screen_text(app)
        await press(pilot, "enter", '"Go live 1 jun', "enter")
        await until(pilot, lambda: len(project_of(app).data.milestones) == 1)


async def test_among_the_settings_a_asks_what_to_add(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("title"))
        await press(pilot, "a", "b", '"travel 12000', "enter")
        await until(pilot, lambda: len(project_of(app).data.budget_lines) == 1)


async def test_d_confirms_a_person_and_reaches_a_milestone(tmp_path):
    project = settings_project(tmp_path)
    ben = project.data.person("ben").number
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, ("hris", ben))
        await press(pilot, "d")
        await until(pilot, lambda: project_of(app).data.person("ben").status == "confirmed")
        assert app.screen.table.move_to(("hris", "MS-1"))
        await press(pilot, "d", "d")
        await until(pilot, lambda: project_of(app).get("MS-1").actual == TODAY)
        await press(pilot, "u")
        await until(pilot, lambda: project_of(app).get("MS-1").actual is None)


async def test_a_new_forecast_needs_its_reason(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, ("hris", "MS-1"))
        await press(pilot, "r", "p", '"1 apr', "enter", "enter")
        assert project_of(app).get("MS-1").forecast == day(12)
        await press(pilot, "o", "enter")
        await until(pilot, lambda: "a reason is kept with it" in screen_text(app))
        await press(pilot, '"test data late', "enter")
        await until(pilot, lambda: project_of(app).get("MS-1").forecast == dt.date(2026, 4, 1))
        moved = project_of(app).get("MS-1")
        assert (moved.forecast_reason, moved.baseline) == ("test data late", day(12))


async def test_x_deletes_a_record_and_never_the_project(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("title"))
        await press(pilot, "x")
        assert "Z archives it" in screen_text(app)
        app.screen.table.move_to(("hris", "W-1"))
        await press(pilot, "x", "D")
        await until(pilot, lambda: project_of(app).data.get("W-1") is None)
        await press(pilot, "u")
        await until(pilot, lambda: project_of(app).data.get("W-1") is not None)


async def test_rates_and_absences_of_a_person(tmp_path):
    project = settings_project(tmp_path)
    number = project.data.person("ben").number
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await at(app, pilot, ("hris", number))
        await press(pilot, "R", '"85 from 1 jan, 90 from 2026-07-01', "enter")
        await until(pilot, lambda: [str(r.rate) for r in project_of(app).data.person("ben").rates] == ["85", "90"])
        await press(pilot, "L", '"20 apr to 24 apr', "enter")
        await until(pilot, lambda: len(project_of(app).data.person("ben").absences) == 1)
        await until(pilot, lambda: "Rate 85.00 from" in screen_text(app))
        await press(pilot, "L", "ctrl+u", "enter")
        await until(pilot, lambda: project_of(app).data.person("ben").absences == ())


async def test_the_filter_finds_settings_and_records(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("title"))
        await press(pilot, "slash", '"limits', "enter")
        await until(pilot, lambda: Line("wip_limits") in app.screen.table.lines)
        assert Line("title") not in app.screen.table.lines
        await press(pilot, "slash", "ctrl+u", '"nothing like this', "enter")
        await until(pilot, lambda: "Nothing fits" in screen_text(app))
        await press(pilot, "escape")
        await until(pilot, lambda: Line("title") in app.screen.table.lines)


async def test_q_goes_back_to_today(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("title"))
        await press(pilot, "q")
        await until(pilot, lambda: app.screen.view == "today")


async def test_without_a_project_it_says_how_to_begin(tmp_path):
    (tmp_path / "ws").mkdir()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "P", "A", "Z", "d", "e", "enter", "x", "R", "space", "r", "j", "a")
        await until(pilot, lambda: "No project here yet" in screen_text(app))
        assert app.screen.view == "settings"


async def test_hostile_names_are_only_text(tmp_path):
    settings_project(tmp_path, Milestone(title="[/foo] [@click=app.quit]x\x1b]52;c;x\x07", forecast=day(1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, ("hris", "MS-2"))
        await until(pilot, lambda: "[/foo]" in screen_text(app))
        assert "\x1b" not in screen_text(app)


async def test_a_change_of_others_appears_and_the_cursor_stays(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, ("hris", "MS-1"))
        other = open_project(session(tmp_path / "ws", "ben", "b"), "hris")
        add(other, Milestone(title="Pilot site", forecast=day(3)))
        app.desk.refresh()
        await until(pilot, lambda: "Pilot site" in screen_text(app))
        assert app.screen.table.cursor_key == ("hris", "MS-1")


def test_what_is_written_reads_back_the_same(tmp_path):
    project = settings_project(tmp_path)
    now = project.data.project
    for setting in rule_settings().values():
        assert setting.value(project, now, setting.written(now)) == getattr(now, setting.name)
    assert read_bands_line(project, "3 very low, 6 low, 12 medium, 20 high, 25 very high") == DEFAULT_BANDS
    assert read_limits(project, "") == {}


@pytest.mark.parametrize("text", ["doing", "5", "doing 0", "doing 5 blocked"])
def test_limits_that_are_none(tmp_path, text):
    with pytest.raises(Refused):
        read_limits(settings_project(tmp_path), text)


@pytest.mark.parametrize("text", ["22 dec to 15 dec 2026", "someday", "1 jan to 2 jan to 3 jan"])
def test_absences_that_are_none(tmp_path, text):
    project = settings_project(tmp_path)
    with pytest.raises(Refused):
        person_settings(TODAY)["absences"].read(project, text)


async def test_whether_limits_hold_is_turned_by_one_key_and_back_by_undo(tmp_path):
    settings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("wip_strict"))
        await press(pilot, "enter")
        assert charter(app).wip_strict
        assert "Board limits hold" in screen_text(app)
        await press(pilot, "u")
        assert not charter(app).wip_strict


async def test_a_published_set_is_shown_before_it_is_taken_and_undone_as_one(tmp_path):
    assessed = {"owner": "ben", "review_date": day(9), "probability": 5, "impact": 5}
    settings_project(tmp_path, Risk(title="Vendor late", **assessed))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, Line("scale_probability"))
        assert "S PMBOK, PM²" in screen_text(app)
        await press(pilot, "S")
        assert "PMBOK" in screen_text(app) and "in use" in screen_text(app)
        await press(pilot, "p")
        shown = screen_text(app)
        assert "PM²: risk scales and bands" in shown
        assert "5 very high  90 %  very high 100 %" in shown
        assert "low 1 to 4 · medium 5 to 12 · high 13 to 25" in shown
        assert "1 open risk would be in another band: 1 from very high to high" in shown
        await press(pilot, "escape")
        assert charter(app).scales == Scales()
        await press(pilot, "S", "p", "enter")
        await until(pilot, lambda: [band.high for band in charter(app).bands] == [4, 12, 25])
        fresh = open_project(session(tmp_path / "ws", "reader", "fresh"), "hris")
        assert fresh.data.project.scales.impact[0] == Decimal("0.2")
        fresh.close()
        await press(pilot, "u")
        await until(pilot, lambda: (charter(app).scales, charter(app).bands) == (Scales(), DEFAULT_BANDS))
