"""The issue log in the view of risks: the same verbs, from a key to the store and back, at 80×24."""

import pytest
from factories import app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Issue, Risk, Task
from pmtui.screens.going import go_to
from pmtui.services import risks
from pmtui.services.projects import open_project


@pytest.fixture
def app(tmp_path):
    new_project(
        tmp_path / "ws",
        Risk(title="Vendor late", owner="ben", review_date=day(20), probability=3, impact=4),
        Risk(title="Fire", owner="zoe", review_date=day(20), probability=1, impact=5),
        Issue(title="File rejected", owner="chi", target_date=day(5), urgency=3, impact=3),
        Issue(title="Scope disputed", owner="ana", target_date=day(-4), urgency=5, impact=4,
              decision_needed_from="steering committee", decision_needed_by=day(-1)),
        Issue(title="Printer", owner="ana", target_date=day(2), urgency=3, impact=3),
        Issue(title="Waits for spring", owner="ana", target_date=day(90), urgency=5, impact=5, status="postponed"),
        Issue(title="Badge lost", owner="ana", target_date=day(-9), status="closed", resolution="a new one"),
        Task(title="Send it again", owner="chi"),
    ).close()  # fmt: skip
    return app_over(tmp_path / "ws")


def stored(app):
    """What anybody who opens the project now finds."""
    project = open_project(session(app.desk.session.path, "reader", "fresh"), "hris")
    try:
        return project.data
    finally:
        project.close()


def numbers(app):
    return [number for _, number in app.screen.shown_keys()]


async def opened(app, pilot):
    await press(pilot, "3", "L")
    await until(pilot, lambda: app.screen.view == "risks" and numbers(app)[:1] == ["I-2"])


async def test_the_log_takes_the_place_of_the_register_and_gives_it_back(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        assert numbers(app) == ["I-2", "I-3", "I-1", "I-4"]
        shown = screen_text(app)
        assert "▸ Issues" in shown
        assert "4 open · 1 past target · 1 decision wanted, 1 past" in shown
        assert "Resolved, closed: o shows them 1" in shown
        assert "P urgency" in shown and "L risks" in shown
        await press(pilot, "L")
        assert numbers(app) == ["R-1", "R-2"]
        shown = screen_text(app)
        assert "▸ Risks" in shown and "P prob." in shown and "L issues" in shown and "Expected loss" in shown


async def test_a_row_tells_weight_lateness_and_the_decision_at_80_columns(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        row = next(line for line in screen_text(app).splitlines() if "I-2" in line)
        assert "Scope disputed" in row and "ana" in row and "5 4" in row
        assert "4d late" in row
        assert "1d late steering" in row


async def test_the_story_tells_who_must_decide_and_where_it_comes_from(app):
    risks.occurred(app.desk.project, ["R-1"])
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        app.screen.reveal(("hris", "I-2"))
        await until(pilot, lambda: "Decision needed from steering committee by yesterday, past" in screen_text(app))
        app.screen.reveal(("hris", "I-6"))
        await until(pilot, lambda: "From R-1 Vendor late, the risk that occurred" in screen_text(app))
        await press(pilot, "L")
        app.screen.reveal(("hris", "R-1"))
        await until(pilot, lambda: "Occurred, now I-6 Vendor late" in screen_text(app))


async def test_those_that_ended_are_shown_on_demand(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "o")
        assert numbers(app)[-1] == "I-5"
        await press(pilot, "o")
        assert "I-5" not in numbers(app)


VERBS = {
    "done": (("d", '"sent again', "enter"), lambda i: (i.status, i.resolution) == ("resolved", "sent again")),
    "date": (("r", "w"), lambda i: i.target_date == day(7)),
    "who": (("w", '"ben', "enter"), lambda i: i.owner == "ben"),
    "status": (("m", "p"), lambda i: i.status == "postponed"),
    "note": (("n", '"called them', "enter"), lambda i: i.description == "2026-03-02 ana: called them"),
    "edit": (("e", "end", '" again', "enter"), lambda i: i.title == "Scope disputed again"),
    "link": (("f", '"send it', "enter"), lambda i: i.links == ("T-1",)),
    "drop": (("x", "d", "o", '"no longer', "enter"), lambda i: i.status == "closed"),
    "urgency": (("P", "2"), lambda i: i.urgency == 2),
    "impact": (("I", "1"), lambda i: i.impact == 1),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_each_verb_is_stored_and_taken_back(app, verb):
    keys, holds = VERBS[verb]
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        before = stored(app).issues[2]
        await press(pilot, *keys)
        await until(pilot, lambda: holds(stored(app).issues[2]))
        assert app.screen.view == "risks" and "▸ Issues" in screen_text(app)
        await press(pilot, "u")
        await until(pilot, lambda: Issue.TYPE.encode(stored(app).issues[2]) == Issue.TYPE.encode(before))


async def test_a_adds_an_issue_here_and_a_risk_there(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "a", '"Disk full @zoe by fri', "enter")
        await until(pilot, lambda: 6 in stored(app).issues)
        added = stored(app).issues[6]
        assert (added.title, added.owner, added.target_date) == ("Disk full", "zoe", day(4))
        assert app.screen.table.cursor_key == ("hris", "I-6")
        await press(pilot, "u", "L", "a", '"Flood', "enter")
        await until(pilot, lambda: 3 in stored(app).risks and 6 not in stored(app).issues)
        await press(pilot, "a", '"issue: Leak', "enter")
        await until(pilot, lambda: app.screen.table.cursor_key == ("hris", "I-7"))
        assert "▸ Issues" in screen_text(app)


async def test_marked_issues_are_weighed_as_one_thing_to_undo(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "space", "space", "P")
        assert "scores 12 to 16, the worst high" in screen_text(app)
        await press(pilot, "4")
        await until(pilot, lambda: [stored(app).issues[i].urgency for i in (2, 3)] == [4, 4])
        await press(pilot, "u")
        await until(pilot, lambda: [stored(app).issues[i].urgency for i in (2, 3)] == [5, 3])


async def test_an_action_is_added_from_an_issue_and_shown_with_it(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "T", '"Ask the committee due fri', "enter")
        await until(pilot, lambda: stored(app).tasks[2].source == "I-2")
        assert (stored(app).tasks[2].owner, stored(app).tasks[2].due) == ("ana", day(4))
        await until(pilot, lambda: "T-2 Ask the committee (ana, to do" in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: 2 not in stored(app).tasks)


async def test_what_only_risks_have_says_so(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "h")
        assert "the heat map is of risks: L goes back to them" in screen_text(app)
        assert not app.screen.heat_map.display
        await press(pilot, "i")
        assert "issue does not apply to an issue" in screen_text(app)
        await press(pilot, "o", "G", "T")
        assert "action does not apply to an issue, it is closed" in screen_text(app)


async def test_the_palette_opens_the_log_that_holds_the_record(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        for number, title in (("I-5", "Issues"), ("R-2", "Risks"), ("I-3", "Issues")):
            go_to(app.screen, "hris", number)
            await until(pilot, lambda n=number: app.screen.table.cursor_key == ("hris", n))
            assert f"▸ {title}" in screen_text(app)


async def test_a_filter_narrows_the_log_and_tells_how_much(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "/", '"late', "enter")
        await until(pilot, lambda: numbers(app) == ["I-2"])
        assert "1 of 4 shown" in screen_text(app)
        await press(pilot, "escape")
        assert len(numbers(app)) == 4


async def test_an_empty_log_says_what_it_is_for(tmp_path):
    new_project(tmp_path / "ws").close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3", "L")
        assert "Issues: what has happened" in screen_text(app)
        assert "a adds the first" in screen_text(app)
        await press(pilot, "P", "d", "T", "h", "o", "enter", "escape")
        assert "▸ Issues" in screen_text(app)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (109, 34), (120, 40), (200, 50)])
async def test_the_log_stands_at_every_size_with_hostile_texts(app, size):
    with app.desk.project.change("edit") as change:
        change.edit(app.desk.project.data.issues[2], title="[/x] \u202e給与\x1b[31m " + "y" * 300)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "3", "L")
        assert "\x1b" not in screen_text(app)
        assert "I-2" in screen_text(app)
        assert app.screen.table.size.height >= 3
