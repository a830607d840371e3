import pytest
from factories import app_over, new_project, press, screen_text, session, until

from pmtui.domain.records import Person
from pmtui.services import reports
from pmtui.services.preferences import Preferences
from pmtui.services.projects import open_project

SIZE = (80, 24)


@pytest.fixture
def app(tmp_path):
    """A report that was issued, and a mail command that keeps each letter in a file."""
    project = new_project(tmp_path / "ws", Person(handle="ben", full_name="Ben Ode", email="ben@example.org"))
    reports.save_words(project, "summary", "All is well.")
    reports.issue(project)
    with project.change("settings") as change:
        change.edit(change.data.project, send_to=("@ben",))
    project.close()
    command = tmp_path / "mail"
    command.write_text(f"#!/bin/sh\ncat >> {tmp_path}/letters\n")
    command.chmod(0o755)
    app = app_over(tmp_path / "ws")
    app.preferences = Preferences(mail=(str(command),))
    return app


def letters(tmp_path):
    file = tmp_path / "letters"
    return file.read_text() if file.exists() else ""


async def test_a_report_is_read_as_a_letter_then_sent_and_recorded(app, tmp_path):
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "6", "M")
        await until(pilot, lambda: "Ben Ode <ben@example.org>" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: "not sent yet" in screen_text(app))
        assert "Subject" in screen_text(app)
        assert not letters(tmp_path)
        await press(pilot, "M")
        await until(pilot, lambda: "SR-1 sent to 1 person" in screen_text(app))
        assert "u undo" not in screen_text(app)
    assert "To: Ben Ode <ben@example.org>" in letters(tmp_path)
    project = open_project(session(tmp_path / "ws", "zoe", "reader"), "hris")
    assert [(s.status, s.to) for s in project.data.sendings.values()] == [("sent", ("ben@example.org",))]
    project.close()


async def test_leaving_the_letter_sends_nothing(app, tmp_path):
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "6", "M", "enter")
        await until(pilot, lambda: "not sent yet" in screen_text(app))
        await press(pilot, "q")
        await until(pilot, lambda: "not sent yet" not in screen_text(app))
        assert not app.desk.project.data.sendings
    assert not letters(tmp_path)


async def test_the_second_time_it_is_asked_who_gets_it_again(app, tmp_path):
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "6", "M", "enter", "M")
        await until(pilot, lambda: "sent to 1 person" in screen_text(app))
        await press(pilot, "M", '"chi@example.org', "enter")
        await until(pilot, lambda: "SD-1: it was sent today" in screen_text(app))
        await press(pilot, "n")
        await until(pilot, lambda: "not sent yet" in screen_text(app))
        await press(pilot, "M")
        await until(pilot, lambda: 2 in app.desk.project.data.sendings and screen_text(app).count("✓ SR-1 sent"))
    assert letters(tmp_path).count("To: Ben Ode") == 1
    assert letters(tmp_path).count("To: chi@example.org") == 1


async def test_who_has_no_address_is_named_and_the_line_kept(app):
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "6", "M", '"@nobody', "enter")
        await until(pilot, lambda: "no such person here" in screen_text(app))
        assert "@ben @nobody" in screen_text(app)


async def test_what_goes_wrong_is_told_and_nothing_counts_as_sent(app, tmp_path):
    (tmp_path / "mail").write_text("#!/bin/sh\necho 'no route to host' >&2\nexit 1\n")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "6", "M", "enter", "M")
        await until(pilot, lambda: "SR-1 was not sent" in screen_text(app))
        assert "no route to host" in screen_text(app)


async def test_before_anything_is_issued_the_key_says_how(tmp_path):
    new_project(tmp_path / "ws").close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "6", "M")
        await until(pilot, lambda: "no report was issued yet: S issues this one" in screen_text(app))
