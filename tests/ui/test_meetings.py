import datetime as dt

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Change, Meeting, Person, Task, Topic
from pmtui.screens.present import PresentScreen
from pmtui.screens.writing import WritingScreen
from pmtui.services import meetings
from pmtui.services.projects import open_project


def start(offset, hour=10):
    return dt.datetime.combine(day(offset), dt.time(hour, 0))


def meetings_project(tmp_path, *more):
    return new_project(
        tmp_path / "ws",
        Person(handle="ben", full_name="Ben Okafor"),
        Meeting(
            title="Steering committee",
            start=start(0),
            series="Steering",
            invited=("ana", "ben"),
            agenda=(Topic("Budget"), Topic("Go live", 20, "ben")),
        ),
        Meeting(title="Project team", start=start(2)),
        Meeting(title="Old workshop", start=start(-9), notes="Said."),
        *more,
    )


def project_of(app):
    app.desk.refresh()
    return app.desk.project


def meeting(app, number="M-1"):
    return project_of(app).get(number)


async def at(app, pilot, number="M-1"):
    """Go to the meetings, and put the cursor on one."""
    await press(pilot, "5")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "meetings")
    assert app.screen.table.move_to(("hris", number))
    await pilot.pause()


async def in_notes(app, pilot):
    await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)


async def lines(pilot, *texts):
    for text in texts:
        await press(pilot, f'"{text}', "enter")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (40, 10)])
async def test_the_next_meetings_stand_before_the_past_ones(tmp_path, size):
    meetings_project(tmp_path, Meeting(title="Off", start=start(1), status="cancelled"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await at(app, pilot)
        headings = [line.text for line in app.screen.table.lines if hasattr(line, "text")]
        assert headings == ["Today", "Coming", "Past, minutes to publish", "Cancelled"]
        assert list(app.screen.shown_keys()) == [("hris", n) for n in ("M-1", "M-2", "M-3", "M-4")]
        await until(pilot, lambda: "Steering committee" in screen_text(app))


async def test_notes_become_records_of_four_kinds_in_one_undo(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "N")
        await in_notes(app, pilot)
        assert app.screen.area.text.startswith("# Budget")
        await lines(
            pilot,
            "D: Go live moves to 10 Dec",
            "A: Call the vendor @ben due fri",
            "R: No test data p4 i5",
            "I: Firewall",
        )
        text = screen_text(app)
        assert "1 decision · 1 action · 1 risk · 1 issue" in text
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen.view == "meetings")
        data = project_of(app).data
        assert [len(t) for t in (data.decisions, data.tasks, data.risks, data.issues)] == [1, 1, 1, 1]
        task = data.get("T-1")
        assert (task.title, task.owner, task.due, task.source) == ("Call the vendor", "ben", dt.date(2026, 3, 6), "M-1")
        await until(pilot, lambda: "4 records written" in screen_text(app))
        assert "1D 1A 1R 1I" in screen_text(app)
        await press(pilot, "u")
        await until(pilot, lambda: meeting(app).notes == "" and not project_of(app).data.tasks)
        await press(pilot, "U")
        await until(pilot, lambda: len(project_of(app).data.tasks) == 1)


async def test_what_is_understood_is_shown_while_typing(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "N")
        await in_notes(app, pilot)
        assert "A line that begins so is made into a record" in screen_text(app)
        await press(pilot, '"A: Call the vendor')
        await until(pilot, lambda: "say who: @name and when: due fri" in screen_text(app))
        await press(pilot, '" @ben due 31 feb')
        await until(pilot, lambda: "31 feb" in screen_text(app).split("│")[-1] or "! due" in screen_text(app))
        await press(pilot, *["backspace"] * 6, '"fri')
        await until(pilot, lambda: "due Fri 6 Mar" in screen_text(app))


async def test_saving_while_writing_numbers_the_lines_and_goes_on(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "N")
        await in_notes(app, pilot)
        await press(pilot, '"D: Stop', "ctrl+s")
        await until(pilot, lambda: app.screen.area.text == "D: Stop [D-1]")
        await press(pilot, "end", "enter", '"words', "escape")
        await until(pilot, lambda: meeting(app, "M-2").notes == "D: Stop [D-1]\nwords")
        assert len(project_of(app).data.decisions) == 1


async def test_leaving_notes_as_they_were_writes_nothing(tmp_path):
    project = meetings_project(tmp_path)
    before = project.sequence
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "N")
        await in_notes(app, pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen.view == "meetings")
        assert project_of(app).sequence == before


async def test_what_two_people_write_in_the_notes_is_kept(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "N")
        await in_notes(app, pilot)
        await press(pilot, "enter", '"Mine.')
        other = open_project(session(tmp_path / "ws", "ben", "b"), "hris")
        meetings.save_notes(other, "M-3", "Theirs.\nSaid.", base="Said.")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: meeting(app, "M-3").notes == "Theirs.\nSaid.\nMine.")
        assert "both are kept" in screen_text(app)


async def test_the_draft_of_the_notes_survives_a_dropped_line(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "N")
        await in_notes(app, pilot)
        await press(pilot, '"A: Call')
        app.exit()
    again = app_over(tmp_path / "ws", name="later")
    async with again.run_test(size=(80, 24)) as pilot:
        assert meeting(again, "M-2").notes == ""
        await at(again, pilot, "M-2")
        await press(pilot, "N")
        await in_notes(again, pilot)
        assert again.screen.area.text == "A: Call"
        await press(pilot, "escape")
        await until(pilot, lambda: meeting(again, "M-2").notes == "A: Call [T-1]")
        await press(pilot, "N")
        await in_notes(again, pilot)
        assert "draft" not in screen_text(again)


async def test_notes_published_by_somebody_meanwhile_are_refused_and_kept(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "N")
        await in_notes(app, pilot)
        await press(pilot, '" And more.')
        meetings.publish(open_project(session(tmp_path / "ws", "ben", "b"), "hris"), "M-3")
        await press(pilot, "escape")
        await until(pilot, lambda: "were published on" in screen_text(app))
        assert app.screen.area.text == "Said. And more."
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen.view == "meetings")
        assert app.drafts.kept(f"{app.desk.session.place}-hris-M-3-notes")["text"] == "Said. And more."


# Who was there, and the minutes


async def test_people_are_ticked_off_and_undone(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "o")
        await until(pilot, lambda: isinstance(app.screen, PresentScreen))
        await press(pilot, "space", "space", "a", '"eli', "enter")
        await press(pilot, "enter")
        await until(pilot, lambda: meeting(app).present == ("ana", "ben", "eli"))
        assert meeting(app).status == "held"
        assert project_of(app).data.person("eli").status == "unconfirmed"
        await press(pilot, "u")
        await until(pilot, lambda: meeting(app).present == ())


async def test_who_came_the_last_time_stands_after_those_invited(tmp_path):
    last = Meeting(
        title="Steering committee", start=start(-14), series="Steering", status="held", present=("zoe", "ana")
    )
    meetings_project(tmp_path, last, Person(handle="adam"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "o")
        await until(pilot, lambda: isinstance(app.screen, PresentScreen))
        assert app.screen._people == ["ana", "ben", "zoe", "adam"]
        assert "last time" in screen_text(app)


async def test_leaving_the_people_changes_nothing(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "o", "asterisk", "q")
        await until(pilot, lambda: app.screen.view == "meetings")
        assert meeting(app).status == "planned"


@pytest.mark.parametrize("key", ["S", "d"])
async def test_publishing_asks_once_numbers_and_freezes(tmp_path, key):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, key)
        await until(pilot, lambda: "numbered and frozen" in screen_text(app))
        assert "nobody is marked present" in screen_text(app)
        await press(pilot, "escape")
        assert meeting(app, "M-3").status == "planned"
        await press(pilot, key, "S")
        await until(pilot, lambda: meeting(app, "M-3").minutes_number == 1)
        await until(pilot, lambda: "minutes 1 published" in screen_text(app))
        assert "u undo" not in screen_text(app)
        assert "M mail" in screen_text(app)
        assert "N notes" not in screen_text(app)
        for again in ("N", "E", "o", "S", "e"):
            await press(pilot, again)
            assert app.screen.view == "meetings"
            assert "published on" in screen_text(app)
        await press(pilot, "u")
        assert meeting(app, "M-3").status == "published"


async def test_a_line_that_nothing_was_made_of_is_not_counted_and_said_once(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "N")
        await in_notes(app, pilot)
        await lines(pilot, "A: call the vendor @ben", "A:")
        await press(pilot, "escape")
        await until(pilot, lambda: "nothing was made of it" in screen_text(app))
        assert "1A" in screen_text(app)
        assert "a task needs a title" not in screen_text(app)


@pytest.mark.parametrize("key", ["L", "D"])
async def test_the_footer_of_a_list_across_meetings_tells_the_way_back(tmp_path, key):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, key)
        await until(pilot, lambda: "q back" in screen_text(app))
        await press(pilot, "q")
        await until(pilot, lambda: app.screen.view == "meetings")


async def test_published_minutes_open_as_they_were_frozen(tmp_path):
    project = meetings_project(tmp_path)
    meetings.save_notes(project, "M-3", "# Budget\nWords [/foo].\nD: Stop *now*")
    meetings.publish(project, "M-3")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "enter")
        await until(pilot, lambda: "Decision D-1: Stop *now*" in screen_text(app))
        assert "Words [/foo]." in screen_text(app)
        assert "Minutes 1" in screen_text(app)
        await press(pilot, "q")
        await until(pilot, lambda: app.screen.view == "meetings")


async def test_an_open_meeting_opens_with_its_draft_minutes_and_history(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 40)) as pilot:
        await at(app, pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "Minutes, draft" in screen_text(app))
        assert "What happened" in screen_text(app)


# Planning


async def test_the_next_of_a_series_begins_with_what_waits(tmp_path):
    project = meetings_project(
        tmp_path,
        Task(title="Call the vendor", owner="ben", due=day(-3), source="M-1"),
        Change(title="Two more interfaces", requester="ben", description="x", decision_due=day(3)),
    )
    assert project.get("T-1").source == "M-1"
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot)
        await press(pilot, "a", '"Steering fri 10:00 @ana', "enter")
        await until(pilot, lambda: project_of(app).data.get("M-4") is not None)
        new = meeting(app, "M-4")
        assert new.series == "Steering"
        assert [t.topic for t in new.agenda] == ["Decide CR-1 Two more interfaces", "Open actions: T-1, 1 late"]
        await until(pilot, lambda: app.screen.cursor() == ("hris", "M-4"))
        assert "2 topics on the agenda" in screen_text(app)
        await press(pilot, "u")
        await until(pilot, lambda: project_of(app).data.get("M-4") is None)


async def test_another_meeting_has_no_agenda_of_others(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "a", '"Demo fri 15:00', "enter")
        await until(pilot, lambda: project_of(app).data.get("M-4") is not None)
        assert (meeting(app, "M-4").agenda, meeting(app, "M-4").series) == ((), "")


async def test_the_date_of_a_meeting_is_moved(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "r", "w", "enter")
        await until(pilot, lambda: meeting(app, "M-2").start == start(7))


async def test_a_cancelled_meeting_takes_no_notes(tmp_path):
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "x", "d", "o", '"vendor ill', "enter")
        await until(pilot, lambda: meeting(app, "M-2").status == "cancelled")
        app.screen.table.move_to(("hris", "M-2"))
        await press(pilot, "N")
        assert "m plans it again" in screen_text(app)


async def test_without_meetings_it_says_what_they_are_for(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        await until(pilot, lambda: "Meetings keep the agenda" in screen_text(app))
        for key in ("N", "E", "o", "S", "d", "enter", "e", "x"):
            await press(pilot, key)
            assert app.screen.view == "meetings"
        await press(pilot, "a", '"Kick-off fri 10:00', "enter")
        await until(pilot, lambda: len(project_of(app).data.meetings) == 1)


async def test_hostile_titles_are_only_text(tmp_path):
    hostile = "[/foo] [@click=app.quit]x\x1b]52;c;x\x07"
    project = meetings_project(tmp_path)
    add(project, Meeting(title=hostile, start=start(1), agenda=(Topic(hostile),), invited=("ana",)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, "M-4")
        for keys in (["N"], ["escape", "o"], ["escape", "S"], ["escape", "enter"]):
            await press(pilot, *keys)
            await until(pilot, lambda: "[/foo]" in screen_text(app))
            assert "\x1b" not in screen_text(app)


async def test_without_a_project_it_says_how_to_begin(tmp_path):
    (tmp_path / "ws").mkdir()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "N", "o", "S", "d", "enter", "a")
        await until(pilot, lambda: "No project here yet" in screen_text(app))


async def test_a_start_that_names_a_time_zone_stands_among_the_others(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Meeting(title="Weekly one", start=start(-7, 9), series="weekly", status="held"),
        Meeting(title="Weekly two", start=start(-7, 9), series="weekly", status="held"),
    )
    with project.db.journal.transaction():
        document = dict(project.db.journal.documents("meetings")["1"])
        project.db.journal.put("meetings", "1", document | {"start": "2026-02-23T14:00:00+05:30"})
    project.close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        await until(pilot, lambda: "Weekly two" in screen_text(app))
        assert "14:00" in next(line for line in screen_text(app).splitlines() if "Weekly one" in line)
        await press(pilot, "S", "escape", "j", "S", "escape", "enter", "q", "N", "escape")
        assert app.is_running


# Looking for words, and files


async def test_the_filter_finds_words_in_notes_and_shows_their_line(tmp_path):
    project = meetings_project(tmp_path)
    meetings.save_notes(project, "M-3", "# Budget\nThe firewall is late\nD: Firewall opens in May")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        await press(pilot, "slash", '"firewall', "enter")
        await until(pilot, lambda: [n for _, n in app.screen.shown_keys()] == ["M-3"])
        await until(pilot, lambda: "Old workshop  The firewall is late  (+2)" in screen_text(app))
        await until(pilot, lambda: "notes 3  D: Firewall opens in May [D-1]" in screen_text(app))
        await press(pilot, "escape")
        await until(pilot, lambda: len(app.screen.shown_keys()) == 3)
        assert "firewall is late  (+" not in screen_text(app)


async def test_one_key_asks_what_to_export_and_writes_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        for key, ending in (("m", ".md"), ("i", ".ics"), ("c", ".csv")):
            await press(pilot, "X")
            await until(pilot, lambda: "as .ics for Outlook" in screen_text(app))
            await press(pilot, key)
            await until(pilot, lambda end=ending: [f for f in tmp_path.iterdir() if f.suffix == end])
        await press(pilot, "X", "escape")
        assert app.screen.view == "meetings"
    assert "SUMMARY:Project team" in next(tmp_path.glob("*.ics")).read_text()
