"""The risk view: from a key to the store and back, and a map that filters what is listed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.app import PmtuiApp
from pmtui.domain.exposure import Scales
from pmtui.domain.records import BudgetLine, CostEntry, Risk, Task
from pmtui.domain.risk_exposure import exposure
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.looked import Looked
from pmtui.services.projects import add_project, open_project
from pmtui.services.risks import score_before, trend
from pmtui.services.session import Session
from pmtui.widgets.cells import plain

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def app(tmp_path, clock):
    session = Session(tmp_path / "w", user="ana", name="s", now=lambda: clock[0], durable=False)
    desk = Desk(session)
    desk.adopt(add_project(session, "hris", "HRIS"))
    with desk.project.change("seed") as change:
        change.add(BudgetLine(category="contingency", kind="contingency", planned=Decimal(10000)))
        for title, steps, more in (
            ("Vendor is late", (4, 4), {"cost_if_occurs": Decimal(30000), "response": "reduce"}),
            ("Key users leave", (2, 3), {"review_date": dt.date(2026, 2, 20)}),
            ("Translation shared", (3, 3), {"kind": "opportunity", "cost_if_occurs": Decimal(8000)}),
            ("Not assessed", (None, None), {}),
            ("Over long ago", (5, 5), {"status": "closed"}),
        ):
            values = {"review_date": dt.date(2026, 3, 20), **more}
            change.add(Risk(title=title, owner="ben", probability=steps[0], impact=steps[1], **values))
    return PmtuiApp(desk, Drafts(tmp_path / "d"), Looked(tmp_path / "l.json"))


async def until(pilot, condition, tries=200):
    for _ in range(tries):
        if condition():
            return
        await pilot.pause()
    raise AssertionError("this did not become true")


async def opened(pilot):
    await pilot.press("3")
    await until(pilot, lambda: pilot.app.current_mode == "risks" and pilot.app.screen.shown_keys())
    return pilot.app.screen


def risk(app, number=1):
    return app.desk.project.data.risks[number]


def stored(app):
    """What anybody who opens the project now finds."""
    session = app.desk.session
    project = open_project(Session(session.path, user="r", name="fresh", now=session.now, durable=False), "hris")
    try:
        return project.data
    finally:
        project.close()


def numbers(screen):
    return [number for _, number in screen.shown_keys()]


def said(screen):
    return plain(screen.query_one("#status").content)


def text_of(widget):
    return "\n".join(widget.draw_line(y).text.rstrip() for y in range(widget.size.height))


async def test_open_risks_are_listed_by_score_and_those_that_ended_on_demand(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert numbers(screen) == ["R-1", "R-3", "R-2", "R-4"]
        assert "o shows them 1" in text_of(screen.table)
        await pilot.press("o")
        await until(pilot, lambda: numbers(screen)[-1] == "R-5")


async def test_a_new_probability_and_impact_are_stored_and_taken_back(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("P", "2")
        await until(pilot, lambda: risk(app).probability == 2)
        await pilot.press("I", "5")
        await until(pilot, lambda: risk(app).impact == 5)
        assert "R-1 impact 5: score 10 medium" in said(screen)
        assert (risk(app).score, risk(app).inherent_score) == (10, 16)
        await pilot.press("u", "u")
        await until(pilot, lambda: (risk(app).probability, risk(app).impact) == (4, 4))


async def test_the_question_tells_the_score_of_each_step(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("I")
        await until(pilot, lambda: app.screen.query("#choices"))
        choices = app.screen.query_one("#choices")
        await until(pilot, lambda: "score 20 high" in text_of(choices))
        assert "score 16 high   as it is" in text_of(choices)
        await pilot.press("escape")
        assert risk(app).impact == 4


async def test_several_are_assessed_as_one_thing_to_undo(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("space", "space", "P", "1")
        await until(pilot, lambda: risk(app, 3).probability == 1)
        assert risk(app).probability == 1
        assert "2 records probability 1" in said(screen)
        await pilot.press("u")
        await until(pilot, lambda: (risk(app).probability, risk(app, 3).probability) == (4, 3))


async def test_a_risk_that_occurred_becomes_an_issue(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("i")
        await until(pilot, lambda: risk(app).status == "occurred")
        data = app.desk.project.data
        assert (data.issues[1].source, risk(app).issue) == ("R-1", "I-1")
        await until(pilot, lambda: "R-1" not in numbers(screen))
        await pilot.press("u")
        await until(pilot, lambda: not app.desk.project.data.issues and numbers(screen)[0] == "R-1")


async def test_closed_and_reviewed_and_given_away(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("r", "w")
        await until(pilot, lambda: risk(app).review_date == dt.date(2026, 3, 9))
        await pilot.press("d")
        await until(pilot, lambda: risk(app).status == "closed" and "R-1" not in numbers(screen))
        await pilot.press("u", "u")
        await until(pilot, lambda: risk(app).status == "proposed" and risk(app).review_date == dt.date(2026, 3, 20))


async def test_one_line_adds_a_risk(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("a", *"Strike", "space", "p", "5", "space", "i", "4", "enter")
        await until(pilot, lambda: 6 in app.desk.project.data.risks)
        assert (risk(app, 6).score, risk(app, 6).owner) == (20, "ana")
        await until(pilot, lambda: "R-6" in numbers(screen))
        await pilot.press("u")
        await until(pilot, lambda: 6 not in app.desk.project.data.risks)


async def test_a_cell_of_the_heat_map_filters_the_list(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert not screen.heat_map.display
        await pilot.press("h")
        await until(pilot, lambda: screen.heat_map.display and screen.heat_map.size.width)
        assert screen.heat_map.cursor == (0, 4, 4)
        assert "R-1 Vendor is late" in said(screen)
        await pilot.press("tab")
        assert screen.heat_map.cursor == (1, 4, 4)
        await pilot.press("j", "down", "h")
        assert screen.heat_map.cursor == (1, 2, 3)
        await pilot.press("enter")
        await until(pilot, lambda: numbers(screen) == ["R-2"])
        await pilot.press("escape")
        await until(pilot, lambda: len(numbers(screen)) == 4)


async def test_an_empty_cell_filters_nothing_and_q_goes_back(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "l", "enter")
        await until(pilot, lambda: "no open threat" in said(screen))
        await pilot.press("q")
        await until(pilot, lambda: not screen.heat_map.display)
        assert app.is_running and len(numbers(screen)) == 4


async def test_no_verb_acts_on_the_list_while_the_map_has_the_keys(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "d", "x", "m", "P")
        await until(pilot, lambda: "Esc goes back" in said(screen))
        assert risk(app).status == "proposed"
        assert len(app.screen_stack) == 1


async def test_the_map_counts_open_threats_alone(app):
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        cells = [(p, i) for p in range(1, 6) for i in range(1, 6)]
        assert [c for c in cells if screen.heat_map.count_at(0, *c)] == [(2, 3), (4, 4)]
        assert screen.heat_map.display


async def test_the_exposure_stands_against_the_contingency_that_is_left(app):
    project = app.desk.project
    with project.change("draw") as change:
        change.add(CostEntry(date=TODAY, budget_line="B-1", net=Decimal(2500), caused_by="R-1"))
    found = exposure(project.data, TODAY)
    assert (found.expected, found.gain, found.contingency_left) == (Decimal(21000), Decimal(4000), Decimal(7500))
    assert found.uncovered == Decimal(13500)
    assert (found.unanswered, found.overdue, found.unassessed) == (3, 1, 1)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        shown = text_of(screen.query_one("#exposure"))
        assert "21,000 EUR" in shown and "7,500" in shown and "▲ 13,500 not covered" in shown
        assert "1 review past" in shown


async def test_cause_event_and_effect_are_told_as_one_sentence(app):
    with app.desk.project.change("edit") as change:
        words = {
            "cause": "The tender was cheap.",
            "event": "there is a risk that the vendor stops",
            "effect": "UAT waits",
        }
        change.edit(risk(app), **words, proximity="imminent", trigger="No answer in a week")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        details = screen.query_one("#details")
        told = "Because the tender was cheap, it may happen that the vendor stops, so that UAT waits."
        await until(pilot, lambda: told in " ".join(text_of(details).split()))
        assert "imminent" in text_of(details) and "Trigger: No answer in a week" in text_of(details)
        assert "review Fri 20 Mar" in text_of(details)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, ""),
        ({"event": "Loss"}, "It may happen that Loss."),
        ({"cause": "Ana leaves"}, "Because Ana leaves, it may happen that Vendor is late."),
        ({"event": "x", "effect": "The plan slips…"}, "It may happen that x, so that the plan slips."),
    ],
)
def test_a_sentence_is_made_of_what_there_is(words, said):
    from pmtui.screens.risk_words import sentence

    assert sentence(Risk(title="Vendor is late", owner="ben", review_date=TODAY, **words)) == said


async def test_the_four_dimensions_are_asked_one_key_each_and_undone_together(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("I", "d", "2", "5", "enter", "0")
        await until(pilot, lambda: stored(app).risks[1].impact == 5)
        assert stored(app).risks[1].impacts == {"cost": 2, "time": 5}
        assert "score 20 high" in said(screen)
        details = screen.query_one("#details")
        await until(pilot, lambda: "Impact 5, the worst of cost 2, time 5" in text_of(details))
        await pilot.press("I", "3")
        await until(pilot, lambda: stored(app).risks[1].impact == 3)
        assert stored(app).risks[1].impacts == {}
        assert "no longer cost 2, time 5" in said(screen)
        await pilot.press("u", "u")
        await until(pilot, lambda: (stored(app).risks[1].impact, stored(app).risks[1].impacts) == (4, {}))


async def test_leaving_the_dimensions_writes_nothing(app):
    before = app.desk.project.sequence
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("I", "d", "2", "escape", "I", "d", "enter", "enter", "enter", "enter")
        await until(pilot, lambda: "the impact is as it was" in said(screen))
        assert app.desk.project.sequence == before


async def test_an_action_is_one_line_and_one_undo(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("T", *"Clause", "space", "at", *"zoe")
        await until(pilot, lambda: app.screen.query("#reading"))
        await until(pilot, lambda: "due Fri 20 Mar" in text_of(app.screen.query_one("#reading")))
        assert app.screen.query_one("#label").content == "Action for R-1 Vendor is late"
        await pilot.press("enter")
        await until(pilot, lambda: stored(app).risks[1].actions == ("T-1",))
        task = stored(app).tasks[1]
        assert (task.title, task.owner, task.due, task.source) == ("Clause", "zoe", dt.date(2026, 3, 20), "R-1")
        details = screen.query_one("#details")
        await until(pilot, lambda: "T-1 Clause (zoe, to do, due Fri 20 Mar)" in text_of(details))
        await pilot.press("u")
        await until(pilot, lambda: not stored(app).tasks and stored(app).risks[1].actions == ())


async def test_a_task_that_is_there_becomes_an_action_by_its_number_or_by_linking(app):
    with app.desk.project.change("add") as change:
        change.add(Task(title="Call the vendor", owner="ana"))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("T", *"T-1")
        await until(pilot, lambda: app.screen.query("#reading"))
        await until(pilot, lambda: "links T-1 Call the vendor" in text_of(app.screen.query_one("#reading")))
        await pilot.press("enter")
        await until(pilot, lambda: stored(app).risks[1].actions == ("T-1",))
        await pilot.press("u")
        await until(pilot, lambda: stored(app).risks[1].actions == ())
        await pilot.press("f", *"call", "enter", "a")
        await until(pilot, lambda: stored(app).risks[1].actions == ("T-1",))
        assert stored(app).tasks[1].links == ("R-1",)
        await pilot.press("f", *"answered", "enter")
        await until(pilot, lambda: (stored(app).risks[1].actions, stored(app).tasks[1].links) == ((), ()))


async def test_a_line_that_can_t_be_an_action_stays_with_what_is_wrong(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("T", *"Ask", "space", *"due", "space", *"feb", "space", *"31", "enter")
        await until(pilot, lambda: app.screen.query("#reading"))
        assert app.screen.query_one("Input").value == "Ask due feb 31"
        await pilot.press("escape")
        await until(pilot, lambda: not app.desk.project.data.tasks)


async def test_the_question_has_the_words_and_probabilities_of_the_project(app):
    scales = Scales(
        probability=tuple(map(Decimal, ("0.05", "0.2", "0.35", "0.6", "0.95"))),
        probability_words=("rare", "unlikely", "possible", "likely", "certain"),
        impact_words=("none", "marginal", "moderate", "severe", "critical"),
    )
    with app.desk.project.change("settings") as change:
        change.edit(app.desk.project.data.project, scales=scales)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert "expected 18,000 EUR" in text_of(screen.query_one("#details"))
        await pilot.press("P")
        await until(pilot, lambda: app.screen.query("#choices"))
        await until(pilot, lambda: "certain, 95 %" in text_of(app.screen.query_one("#choices")))
        await pilot.press("escape", "I")
        await until(pilot, lambda: "critical" in text_of(app.screen.query_one("#choices")))


async def test_the_map_says_what_came_to_a_cell_and_what_left(app, clock):
    from pmtui.services.risks import assess, set_status

    clock[0] = NOW + dt.timedelta(days=40)
    assess(app.desk.project, ["R-1"], probability=5)
    assess(app.desk.project, ["R-3"], probability=2)
    set_status(app.desk.project, ["R-2"], "closed")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "tab")
        assert "↗1H" in text_of(screen.heat_map)
        assert "came:" not in text_of(screen.heat_map)
        assert "left: R-1 to P5×I4 ↗" in text_of(screen.heat_map)
        await pilot.press("k")
        assert "came: R-1 from P4×I4 ↗" in text_of(screen.heat_map)
        await pilot.press("j", "j", "j", "h")
        assert "left: R-2 closed ↘" in text_of(screen.heat_map)


async def test_opportunities_have_a_grid_that_filters_the_list(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "tab", "tab", "tab")
        assert "◇ Opportunities, now" in text_of(screen.heat_map)
        await pilot.press("enter")
        await until(pilot, lambda: "no open opportunity" in said(screen))
        await pilot.press("j", "h")
        assert "R-3 Translation shared" in said(screen)
        await pilot.press("enter")
        await until(pilot, lambda: numbers(screen) == ["R-3"])
        assert "Open opportunities, P3 × I3: Esc shows all" in text_of(screen.table)
        await pilot.press("escape", "h", "tab")
        assert screen.heat_map.cursor[0] == 0
        await pilot.press("tab")
        assert "Residual" in text_of(screen.heat_map)


async def test_the_trend_and_the_warning_are_in_the_list_at_80_columns(app, clock):
    from pmtui.services.risks import assess

    with app.desk.project.change("edit") as change:
        change.edit(risk(app), residual_probability=5, residual_impact=5)
    clock[0] = NOW + dt.timedelta(days=40)
    assess(app.desk.project, ["R-1"], probability=5)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        row = next(line for line in text_of(screen.table).splitlines() if "R-1" in line)
        assert "▲ Vendor is late" in row and "20 H  ↗" in row
        details = screen.query_one("#details")
        await until(pilot, lambda: "16 → 20  since" in text_of(details))


async def test_a_trend_looks_a_month_back(app, clock):
    from pmtui.services.risks import assess

    project = app.desk.project
    assert trend(risk(app), TODAY) == 0
    clock[0] = NOW + dt.timedelta(days=40)
    assess(project, ["R-1"], probability=5)
    later = clock[0].date()
    assert trend(risk(app), later) == 1
    assert score_before(risk(app), later - dt.timedelta(days=28)) == 16
    assert trend(risk(app), later + dt.timedelta(days=30)) == 0


async def test_a_residual_above_the_inherent_warns(app):
    with app.desk.project.change("edit") as change:
        change.edit(risk(app), residual_probability=5, residual_impact=5)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        details = screen.query_one("#details")
        await until(pilot, lambda: "▲ residual score 25 is above the inherent 16" in text_of(details))


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (100, 24), (109, 34), (120, 40), (200, 50)])
async def test_the_view_stands_at_every_size(app, size):
    with app.desk.project.change("edit") as change:
        change.edit(risk(app), title="[/foo] \u202e給与計算の移行が\x1b[31m遅れる " + "x" * 300)
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "s", "escape", "G", "o", "home", "home")
        assert "Vendor" not in text_of(screen.table)
        assert "R-1" in text_of(screen.table)


async def test_a_risk_that_ended_is_found_from_the_palette(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        screen.reveal(("hris", "R-5"))
        await until(pilot, lambda: screen.table.cursor_key == ("hris", "R-5"))


async def test_another_project_is_shown_whole(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "enter")
        await until(pilot, lambda: numbers(screen) == ["R-1"])
        other = add_project(app.desk.session, "dc", "Data centre")
        with other.change("seed") as change:
            change.add(Risk(title="Truck", owner="zoe", review_date=TODAY, probability=1, impact=1))
        app.desk.adopt(other)
        app.data_changed.publish(None)
        await until(pilot, lambda: screen.shown_keys() == [("dc", "R-1")])


async def test_an_empty_register_says_what_it_is_for(tmp_path):
    session = Session(tmp_path / "e", user="ana", name="s", now=lambda: NOW, durable=False)
    desk = Desk(session)
    desk.adopt(add_project(session, "new", "New"))
    app = PmtuiApp(desk, Drafts(tmp_path / "d"), Looked(tmp_path / "l.json"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: app.current_mode == "risks")
        await until(pilot, lambda: "a adds the first" in text_of(app.screen.table))
        await pilot.press("h", "enter", "escape", "P", "i", "d")
        assert app.is_running
