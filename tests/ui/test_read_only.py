import datetime as dt
from decimal import Decimal

import pytest
from factories import add, app_over, day, new_project, press, screen_text, until

from pmtui.domain.records import BudgetLine, CostEntry, Decision, Meeting, Milestone, Person, Report, Risk, Task
from pmtui.keymap import ACTIONS, RECORDS, VIEWS, actions_of, footer_of
from pmtui.screens.read_only import WRITING
from pmtui.widgets.bars import FooterBar
from pmtui.widgets.cells import plain

WHY = "journal.000001.jsonl: byte 300: the checksum is wrong"
DIGITS = {"today": "1", "board": "2", "risks": "3", "costs": "4", "meetings": "5", "report": "6", "triage": "t"}
CURSOR = {"today": "T-1", "board": "T-1", "triage": "T-1", "review": "R-1", "risks": "R-1", "costs": "C-1", "meetings": "M-1", "actions": "T-1", "decisions": "D-1", "settings": "P-1"}  # fmt: skip


def project(tmp_path, code="hris"):
    return new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9), status="doing", source="M-1"),
        Task(title="Load test", owner="ana", due=day(-1)),
        Risk(title="Vendor late", probability=2, impact=2, owner="ana", review_date=day(2)),
        BudgetLine(category="travel", planned=Decimal(900)),
        CostEntry(date=day(-40), budget_line="B-1", net=Decimal(70), note="Train"),
        Meeting(title="Steering committee", start=dt.datetime(2026, 3, 20, 10, 0), notes="D: go on"),
        Milestone(title="UAT start", forecast=day(60)),
        Person(handle="zoe"),
        Decision(title="Go on", date=day(0), meeting="M-1"),
        Report(period_start=day(-7), period_end=day(0)),
        code=code,
    )


def closed(app, code="hris", why=WHY):
    app.desk.projects[code].db.journal.read_only = why


def status(app):
    return plain(app.screen.query_one("#status").content)


def dimmed(screen):
    return {key for key, _, enabled in screen.query_one("#footer", FooterBar)._items if not enabled}


def sequences(app):
    return [opened.sequence for opened in app.desk.projects.values()]


async def show(app, pilot, view):
    """A view in front, with its cursor on a record."""
    if view == "triage":
        await press(pilot, "t")
    elif view == "review":
        await press(pilot, "3", "N")
    elif app.current_mode != view:
        app.switch_mode(view)
    await until(pilot, lambda: getattr(app.screen, "view", "") == view and app.screen.is_mounted)
    await pilot.pause()
    if view in CURSOR:
        app.screen.reveal(("hris", CURSOR[view]))
        await until(pilot, lambda: app.screen.cursor() == ("hris", CURSOR[view]))


def writing_keys(view):
    return [(action.id, key) for action in actions_of(view) if action.id in WRITING for key in action.keys]


@pytest.mark.parametrize("view", [*RECORDS, "report"])
async def test_no_writing_key_opens_or_writes_anything_and_each_says_why(tmp_path, view):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app)
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, view)
        before, depth, screen = sequences(app), len(app.screen_stack), app.screen
        for action_id, key in writing_keys(view):
            screen.tell("")
            await press(pilot, key)
            assert app.screen is screen, f"{action_id} by {key} opened {app.screen}"
            assert len(app.screen_stack) == depth
            assert status(app) == f"! hris is read-only: {WHY}", f"{action_id} by {key}"
        assert sequences(app) == before


@pytest.mark.parametrize("view", [*RECORDS, "report"])
async def test_the_same_keys_do_something_where_it_can_be_written(tmp_path, view):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, view)
        before, screen = sequences(app), app.screen
        key = {"report": "S"}.get(view, "n")
        assert key in [k for _, k in writing_keys(view)]
        await press(pilot, key)
        assert app.screen is not screen
        assert sequences(app) == before
        await press(pilot, "escape")


def test_every_action_is_known_to_write_or_not_to():
    marking = {"record.mark", "record.mark_range", "record.mark_all", "record.mark_filter"}
    reading = marking | {"record.open", "record.copy", "report.edit", "meetings.actions", "meetings.decisions"}
    known = WRITING | reading
    places = (
        "record.",
        "review.steps",
        "review.respond",
        "review.as_it_is",
        "report.issue",
        "report.pick",
        "meetings.",
        "settings.",
    )
    assert {a.id for a in ACTIONS if a.id.startswith(places)} <= known
    assert {a.id for a in ACTIONS} >= WRITING


@pytest.mark.parametrize("view", VIEWS)
async def test_the_footer_dims_every_key_that_writes(tmp_path, view):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, view)
        writing = {app.screen.footer_key(a) for a in footer_of(view) if a.id in WRITING}
        assert "a" in writing - dimmed(app.screen)
        closed(app)
        app._look()
        await until(pilot, lambda: writing <= dimmed(app.screen))
        assert {"space", "/", "?"} - dimmed(app.screen) == {"space", "/", "?"} or view == "settings"


async def test_reading_goes_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app)
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, "board")
        await press(pilot, "l", "h", "space")
        assert "1 marked" in status(app)
        await press(pilot, "escape", "slash", '"Load', "enter")
        assert app.screen.shown_keys() == [("hris", "T-2")]
        await press(pilot, "escape", "X")
        assert list(tmp_path.glob("*.csv"))
        await press(pilot, "v")
        assert app.screen.has_class("with-preview")
        await press(pilot, "v", "enter")
        assert "T-2 Load test" in screen_text(app)
        await press(pilot, "q", "colon", '"UAT', "enter")
        await until(pilot, lambda: "UAT start" in screen_text(app))


async def test_the_palette_and_an_open_record_refuse_too(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app)
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, "board")
        screen = app.screen
        screen.tell("")
        await press(pilot, "colon", '"Add by a line', "enter")
        await until(pilot, lambda: app.screen is screen and WHY in status(app))
        await press(pilot, "enter", "e")
        assert f"hris is read-only: {WHY}" in screen_text(app).splitlines()[0]
        assert len(app.screen_stack) == 2


async def test_the_reason_stands_in_the_header_and_is_told_whole_when_the_view_is_opened(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app, why=f"{tmp_path / 'ws'}/hris can't be written by ana")
    async with app.run_test(size=(120, 40)) as pilot:
        for view in ("board", "risks", "costs", "meetings", "report"):
            await show(app, pilot, view)
            assert "read-only: not yours to write" in screen_text(app).splitlines()[0]
            assert status(app) == "! hris is read-only: hris can't be written by ana"


async def test_damage_is_said_as_that(tmp_path):
    opened = project(tmp_path)
    add(opened, Task(title="Bring up the file"))
    opened.close()
    journal = tmp_path / "ws" / "hris" / "journal.000001.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"Bring up", b"Bring uq"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, "board")
        assert "read-only: damaged, see pmtui check" in screen_text(app).splitlines()[0]
        assert "pmtui check --repair" in status(app)
        assert "journal" not in status(app)


async def test_at_80_columns_all_of_the_reason_can_be_read(tmp_path):
    opened = project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await show(app, pilot, "board")
        opened.close()
        journal = tmp_path / "ws" / "hris" / "journal.000001.jsonl"
        journal.write_bytes(journal.read_bytes().replace(b"Sign off", b"Sign of!") + b"not a line\n")
        await until(pilot, lambda: "damaged" in status(app))
        await pilot.pause()
        words = " ".join(screen_text(app).split())
        assert status(app) in words
        assert "? help" in screen_text(app).splitlines()[-1]


async def test_damage_that_is_seen_at_a_look_shows_at_once_and_goes_when_it_is_repaired(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, "board")
        assert "read-only" not in screen_text(app)
        with (tmp_path / "ws" / "hris" / "journal.000001.jsonl").open("ab") as journal:
            journal.write(b'{"c":"00000000"}\n')
        app._look()
        await until(pilot, lambda: "read-only: damaged" in screen_text(app).splitlines()[0])
        assert status(app).startswith("! hris is read-only: ")
        assert {"a", "e", "d"} <= dimmed(app.screen)
        closed(app, why="")
        app._look()
        await until(pilot, lambda: status(app) == "✓ hris can be written again")
        assert "read-only" not in screen_text(app)
        assert dimmed(app.screen).isdisjoint({"a", "e", "d"})


async def test_where_several_projects_are_shown_it_is_the_records_own_that_counts(tmp_path):
    add(project(tmp_path, "erp"), Task(title="In ERP", due=day(-3)))
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app)
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, "today")
        assert "read-only: hris" in screen_text(app).splitlines()[0]
        await until(pilot, lambda: {"a", "d", "r"} <= dimmed(app.screen))
        app.screen.reveal(("erp", "T-3"))
        await until(pilot, lambda: dimmed(app.screen).isdisjoint({"a", "d", "r"}))
        before = sequences(app)
        await press(pilot, "d", "d")
        assert sequences(app) != before


async def test_a_mark_in_a_read_only_project_stops_the_verb_for_all(tmp_path):
    project(tmp_path, "erp")
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app)
    async with app.run_test(size=(120, 40)) as pilot:
        await show(app, pilot, "today")
        app.screen.rows.set_marks([("erp", "T-1"), ("hris", "T-1")])
        app.screen.reveal(("erp", "T-1"))
        before = sequences(app)
        await press(pilot, "d")
        assert sequences(app) == before
        assert WHY in status(app)


async def test_a_project_that_can_be_written_does_not_inherit_the_others_reason(tmp_path):
    project(tmp_path, "erp")
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    closed(app)
    async with app.run_test(size=(120, 40)) as pilot:
        app.desk.look_at("hris")
        await show(app, pilot, "board")
        assert WHY in status(app)
        app.desk.look_at("erp")
        app.data_changed.publish(None)
        await until(pilot, lambda: "read-only" not in screen_text(app))
        assert status(app) == ""
