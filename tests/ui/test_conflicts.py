"""Two people in the form of one record: different fields, then the same; nothing typed is lost."""

import contextlib
import datetime as dt

import pytest
from factories import app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Meeting, Task
from pmtui.services import meetings, records
from pmtui.services.projects import open_project

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])
NOTES = "Waiting for the vendor.\nThe plan lists twelve extracts."


def a_project(tmp_path, *more):
    task = Task(title="Sign off", owner="ana", due=day(-9), actual_effort=4.0, tags=("x",), notes=NOTES)
    return new_project(tmp_path / "ws", task, *more)


def stored(app, number="T-1"):
    app.desk.refresh()
    return app.desk.project.data.get(number)


@contextlib.contextmanager
def bens(tmp_path):
    theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
    yield theirs
    theirs.close()


def ben_writes(tmp_path, number="T-1", **written):
    with bens(tmp_path) as theirs:
        records.edit_record(theirs, number, written)


async def open_form(pilot, app, number="T-1"):
    app.screen.reveal(("hris", number))
    await press(pilot, "e")
    return app.screen


def field(form, name):
    return form.query_one(f"#f-{name}")


def type_in(form, **texts):
    for name, text in texts.items():
        widget = field(form, name)
        if name == "notes":
            widget.text = text
        else:
            widget.value = text


def text_of(form, name):
    widget = field(form, name)
    return widget.text if name == "notes" else widget.value


async def save(pilot, form):
    """Save, as far as the form lets it: it is closed, or it asks."""
    await press(pilot, "ctrl+s")
    await until(pilot, lambda: pilot.app.screen is not form or form.pane.conflicts or "!" in screen_text(pilot.app))


async def in_conflict(pilot, tmp_path, mine, theirs):
    """Ana's form once it asks: she typed these, ben wrote those meanwhile."""
    form = await open_form(pilot, pilot.app)
    type_in(form, **mine)
    ben_writes(tmp_path, **theirs)
    await save(pilot, form)
    await until(pilot, lambda: form.pane.has_focus)
    return form


@SIZES
async def test_two_apps_on_one_record_lose_nothing_that_was_typed(tmp_path, size):
    a_project(tmp_path)
    ana, ben = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "ui2")
    async with ana.run_test(size=size) as of_ana, ben.run_test(size=size) as of_ben:
        hers, his = await open_form(of_ana, ana), await open_form(of_ben, ben)
        type_in(hers, owner="@chi", notes=f"{NOTES}\nAna: two more.", actual_effort="6")
        type_in(his, priority="high", notes=f"{NOTES}\nBen: ready.", actual_effort="5")
        await save(of_ben, his)
        await save(of_ana, hers)
        await until(of_ana, lambda: ana.screen is not hers)
        after = stored(ana)
        assert (after.owner, after.priority, after.actual_effort) == ("chi", "high", 7.0)
        assert after.notes == f"{NOTES}\nBen: ready.\nAna: two more."

        hers, his = await open_form(of_ana, ana), await open_form(of_ben, ben)
        type_in(hers, title="Ana's title")
        type_in(his, title="Ben's title")
        await save(of_ben, his)
        await until(of_ben, lambda: ben.screen is not his)
        await save(of_ana, hers)
        await until(of_ana, lambda: "again keeps yours" in screen_text(ana))
        await until(of_ana, lambda: "Ana's title" in screen_text(ana) and "Ben's title" in screen_text(ana))
        assert stored(ana).title == "Ben's title"
        await press(of_ana, "enter")
        await until(of_ana, lambda: stored(ben).title == "Ana's title")


@SIZES
async def test_the_screen_has_both_values_who_when_and_the_keys_in_columns(tmp_path, size):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        end = NOTES.partition("\n")[2]
        theirs = {"title": "Sign off [red]again[/]", "due": "2026-03-12", "notes": f"No word.\n{end}"}
        mine = {"title": "Sign it", "due": "fri", "notes": f"They promised.\n{end}"}
        form = await in_conflict(pilot, tmp_path, mine, theirs)
        shown = screen_text(app).splitlines()
        rows = [line for line in shown if "○" in line or "●" in line]
        assert [row[12:70].rstrip() for row in rows[:6]] == [
            "ben  Sign off [red]again[/]", "you  Sign it",
            "ben  Thu 12 Mar", "you  Fri 6 Mar",
            "ben  No word.", "you  They promised.",
        ]  # fmt: skip
        assert [row.endswith(" 09:00") for row in rows[:6]] == [True, False] * 3
        assert [row[:9].split() for row in rows[:6]] == [["▸", "Title"], [], ["Due"], [], ["Notes"], []]
        assert "! not saved: ben changed 3 of the same fields meanwhile" in shown[-2]
        for key in ("⏎ again keeps yours", "t theirs", "m mine", "j k next", "Esc leave, draft kept"):
            assert key in shown[-1]
        assert {name: text_of(form, name) for name in mine} == mine


@pytest.mark.parametrize(
    ("keys", "title"), [(["enter"], "Mine"), (["t", "enter"], "Theirs"), (["t", "m", "enter"], "Mine")]
)
async def test_one_key_settles_a_value(tmp_path, keys, title):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        form = await in_conflict(pilot, tmp_path, {"title": "Mine"}, {"title": "Theirs"})
        await press(pilot, *keys)
        await until(pilot, lambda: app.screen is not form)
        assert stored(app).title == title


async def test_from_within_a_field_the_same_key_goes_back_and_forth(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        mine, theirs = {"title": "Mine", "notes": "mine"}, {"title": "Theirs", "notes": "theirs"}
        form = await in_conflict(pilot, tmp_path, mine, theirs)
        await press(pilot, "tab")
        assert field(form, "title").has_focus
        assert "Ctrl+T theirs, both or yours" in screen_text(app).splitlines()[-1]
        for title in ("Theirs", "Mine", "Theirs"):
            await press(pilot, "ctrl+t")
            assert text_of(form, "title") == title
        await press(pilot, '"!')
        assert "you  Theirs!" in screen_text(app)
        field(form, "notes").focus()
        for notes in ("theirs", "theirs\nmine", "mine"):
            await press(pilot, "ctrl+t")
            assert text_of(form, "notes") == notes
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: app.screen is not form)
        assert (stored(app).title, stored(app).notes) == ("Theirs!", "mine")


async def test_what_can_be_joined_is_joined_once_however_often_one_saves(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        mine = {"title": "Mine", "actual_effort": "6", "tags": "#x #ana", "notes": f"{NOTES}\nana"}
        theirs = {"title": "Theirs", "actual_effort": "5", "tags": "#x #ben", "notes": f"{NOTES}\nben"}
        form = await in_conflict(pilot, tmp_path, mine, theirs)
        assert list(form.pane.conflicts) == ["title"]
        ben_writes(tmp_path, title="Theirs again", actual_effort="10")
        await press(pilot, "enter")
        await until(pilot, lambda: "Theirs again" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is not form)
        after = stored(app)
        assert (after.title, after.actual_effort, after.tags) == ("Mine", 12.0, ("x", "ben", "ana"))
        assert after.notes == f"{NOTES}\nben\nana"
        await until(pilot, lambda: "Actual effort: ben added 6h" in app.screen.query_one("#status").content.__str__())


@pytest.mark.parametrize(
    ("key", "first"), [("t", ["ben's first"]), ("m", ["ana's first"]), ("b", ["ben's first", "ana's first"])]
)
async def test_of_a_long_text_only_the_lines_that_clash_are_settled(tmp_path, key, first):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        end = NOTES.partition("\n")[2]
        mine, theirs = (f"{who}'s first\n{end}\n{who}'s last" for who in ("ana", "ben"))
        form = await in_conflict(pilot, tmp_path, {"notes": mine}, {"notes": theirs})
        assert "ana's first" in text_of(form, "notes") and "ben's last" in text_of(form, "notes")
        await press(pilot, key, "enter")
        await until(pilot, lambda: app.screen is not form)
        assert stored(app).notes.split("\n") == [*first, end, "ben's last", "ana's last"]


@pytest.mark.parametrize("leave", [["escape"], ["q"], []], ids=["Esc", "q", "the line drops"])
async def test_a_draft_that_comes_back_is_merged_with_the_base_it_began_from(tmp_path, leave):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    mine = {"title": "Mine", "actual_effort": "6", "notes": f"{NOTES}\nana"}
    async with app.run_test(size=(80, 24)) as pilot:
        form = await in_conflict(pilot, tmp_path, mine, {"title": "Theirs", "actual_effort": "5"})
        await press(pilot, *leave)
    ben_writes(tmp_path, notes=f"{NOTES}\nben", priority="low")
    again = app_over(tmp_path / "ws", name="again")
    async with again.run_test(size=(80, 24)) as pilot:
        form = await open_form(pilot, again)
        assert {name: text_of(form, name) for name in mine} == mine
        assert text_of(form, "priority") == "low"
        assert "ben changed Title to Theirs" in screen_text(again)
        await press(pilot, "enter")
        await until(pilot, lambda: form.pane.has_focus)
        assert list(form.pane.conflicts) == ["title"]
        await press(pilot, "enter")
        await until(pilot, lambda: again.screen is not form)
        after = stored(again)
        assert (after.title, after.actual_effort, after.priority) == ("Mine", 7.0, "low")
        assert after.notes == f"{NOTES}\nben\nana"
        await open_form(pilot, again)
        assert "A draft" not in screen_text(again)


async def test_a_draft_that_was_saved_before_the_line_dropped_counts_once(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        form = await open_form(pilot, app)
        type_in(form, actual_effort="6")
        app.drafts.discard = lambda name: None
        await save(pilot, form)
        await until(pilot, lambda: app.screen is not form)
        form = await open_form(pilot, app)
        assert "A draft" not in screen_text(app)
        await press(pilot, "enter")
        assert stored(app).actual_effort == 6.0


async def test_fields_that_nobody_typed_in_follow_and_the_cursor_stays(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        form = await open_form(pilot, app)
        await press(pilot, '"!', "left")
        ben_writes(tmp_path, owner="chi", priority="high", title="Theirs")
        app._look()
        await until(pilot, lambda: text_of(form, "owner") == "@chi")
        assert (text_of(form, "priority"), text_of(form, "title")) == ("high", "Sign off!")
        assert field(form, "title").cursor_position == len("Sign off")
        for words in ("changed Owner to @chi", "changed Title to Theirs · you did too, saving asks"):
            assert words in screen_text(app)


async def test_what_was_typed_stays_when_the_record_is_deleted_and_is_saved_when_it_is_back(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        form = await open_form(pilot, app)
        type_in(form, title="Mine")
        with bens(tmp_path) as theirs:
            records.delete_records(theirs, ["T-1"])
            await press(pilot, "enter")
            await until(pilot, lambda: "T-1: ben deleted it meanwhile (09:00)" in screen_text(app))
            assert text_of(form, "title") == "Mine"
            theirs.undo()
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is not form)
        assert stored(app).title == "Mine"


@SIZES
async def test_what_was_typed_in_a_record_that_was_deleted_can_be_added_as_a_new_one(tmp_path, size):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        app.drafts.keep(f"{app.desk.session.place}-hris-new-task", {"title": "Another"})
        form = await open_form(pilot, app)
        await press(pilot, "ctrl+n")
        assert app.screen is form
        type_in(form, title="Mine")
        with bens(tmp_path) as theirs:
            records.delete_records(theirs, ["T-1"])
        await until(pilot, lambda: "Ctrl+N add it as a new one" in screen_text(app).splitlines()[-1])
        assert "ben deleted it meanwhile (09:00); what you typed is kept" in screen_text(app)
        await press(pilot, "ctrl+n")
        await until(pilot, lambda: app.screen is not form)
        added = stored(app, "T-2")
        assert (added.title, added.owner, added.notes, added.actual_effort) == ("Mine", "ana", NOTES, 4.0)
        assert stored(app) is None
        assert app.drafts.kept(f"{app.desk.session.place}-hris-T-1") == {}
        assert app.drafts.kept(f"{app.desk.session.place}-hris-new-task") == {"title": "Another"}


async def test_a_record_that_is_back_is_said_to_be(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        type_in(await open_form(pilot, app), title="Mine")
        with bens(tmp_path) as theirs:
            records.delete_records(theirs, ["T-1"])
            await until(pilot, lambda: "Ctrl+N" in screen_text(app))
            theirs.undo()
        await until(pilot, lambda: "T-1 is back" in screen_text(app))
        assert "Ctrl+N" not in screen_text(app)


async def test_what_was_typed_stays_when_the_record_is_frozen(tmp_path):
    a_project(tmp_path, Meeting(title="Steering", start=dt.datetime.combine(day(0), dt.time(14))))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        form = await open_form(pilot, app, "M-1")
        type_in(form, title="Mine")
        with bens(tmp_path) as theirs:
            meetings.publish(theirs, "M-1")
        await press(pilot, "enter")
        await until(pilot, lambda: "! M-1: the minutes were published" in screen_text(app))
        assert text_of(form, "title") == "Mine"
        await press(pilot, "escape")
        assert app.drafts.kept(f"{app.desk.session.place}-hris-M-1")["title"] == "Mine"


async def test_what_a_rule_refuses_is_said_beside_its_field_until_it_is_changed(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        form = await open_form(pilot, app)
        type_in(form, start="2026-03-20", due="2026-03-10")
        await press(pilot, "enter")
        await until(pilot, lambda: "2026-03-20 (its start) or later" in screen_text(app))
        assert field(form, "due").has_focus
        await press(pilot, "backspace", '"9')
        assert "(its start) or later" not in screen_text(app)
