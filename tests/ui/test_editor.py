import datetime as dt
import stat
from pathlib import Path

import pytest
from factories import app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting, Topic
from pmtui.screens.editor import editor_command
from pmtui.services import meetings
from pmtui.services.projects import open_project


def meetings_project(tmp_path):
    start = dt.datetime.combine(day(-9), dt.time(10, 0))
    return new_project(tmp_path / "ws", Meeting(title="Old workshop", start=start, notes="Said."))


def project_of(app):
    app.desk.refresh()
    return app.desk.project


def meeting(app):
    return project_of(app).get("M-1")


async def at(app, pilot):
    await press(pilot, "5")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "meetings")
    assert app.screen.cursor() == ("hris", "M-1")


def editing(app, change):
    """An editor that does ``change`` to its file and tells what it was given."""
    seen = {}

    def run(command):
        file = Path(command[-1])
        seen["mode"] = stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)
        seen["file"] = file
        return change(file) or 0

    app.screen.run_editor = run
    return seen


async def test_the_notes_are_written_in_the_users_editor(tmp_path, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        seen = editing(app, lambda file: file.write_text(file.read_text() + "\nD: Stop @ana\n") and 0)
        await press(pilot, "E")
        await until(pilot, lambda: meeting(app).notes == "Said.\nD: Stop @ana [D-1]")
        assert seen["mode"] == (0o600, 0o700)
        assert not seen["file"].exists()
        assert app.drafts.kept(f"{app.desk.session.place}-hris-M-1-notes") == {}
        await press(pilot, "u")
        await until(pilot, lambda: meeting(app).notes == "Said.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: 1, "ended with 1"),
        (lambda file: file.write_bytes(b"\xe9") and 0, "not UTF-8"),
        (lambda file: file.unlink(), "there is no"),
        (lambda file: 0, "as they were"),
    ],
)
async def test_an_editor_that_fails_leaves_the_notes(tmp_path, monkeypatch, change, said):
    monkeypatch.setenv("EDITOR", "true")
    project = meetings_project(tmp_path)
    before = project.sequence
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 24)) as pilot:
        await at(app, pilot)
        editing(app, change)
        await press(pilot, "E")
        await until(pilot, lambda: said in screen_text(app))
        assert project_of(app).sequence == before


async def test_what_somebody_else_wrote_meanwhile_is_joined_line_by_line_and_told(tmp_path, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    meetings_project(tmp_path)
    other = open_project(session(tmp_path / "ws", "ben", "b"), "hris")
    meetings.save_notes(other, "M-1", "Said.\nTo be cut.\nA: Call @ben")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await at(app, pilot)

        def edit(file):
            meetings.save_notes(other, "M-1", "Said by ben.\nTo be cut.\nA: Call later @ben [T-1]\nD: Go")
            lines = file.read_text().splitlines()
            file.write_text("\n".join(["Welcome", lines[0], "A: Call now @ben [T-1]"]))
            return 0

        editing(app, edit)
        await press(pilot, "E")
        await until(pilot, lambda: "both are kept" in screen_text(app))
        assert meeting(app).notes.splitlines() == ["Welcome", "Said by ben.", "D: Go [D-1]", "A: Call now @ben [T-1]"]
        assert "your line stays instead of ben's: A: Call later @ben [T-1]" in " ".join(screen_text(app).split())
        assert project_of(app).get("T-1").title == "Call now"


async def test_empty_notes_begin_with_the_agenda_there_too(tmp_path, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    start = dt.datetime.combine(day(-9), dt.time(10, 0))
    new_project(tmp_path / "ws", Meeting(title="Old workshop", start=start, agenda=(Topic("Budget"),)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot)
        editing(app, lambda file: file.write_text(file.read_text() + "Words.\n") and 0)
        await press(pilot, "E")
        await until(pilot, lambda: meeting(app).notes == "# Budget\nWords.")


async def test_what_the_editor_wrote_is_kept_where_it_can_not_be_saved(tmp_path, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 24)) as pilot:
        await at(app, pilot)

        def write_while_published(file):
            file.write_text("An hour of work")
            meetings.publish(open_project(session(tmp_path / "ws", "ben", "b"), "hris"), "M-1")

        editing(app, write_while_published)
        await press(pilot, "E")
        await until(pilot, lambda: "were published on" in screen_text(app))
        assert app.drafts.kept(f"{app.desk.session.place}-hris-M-1-notes")["text"] == "An hour of work"


async def test_without_an_editor_it_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "no-such-editor")
    meetings_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 24)) as pilot:
        await at(app, pilot)

        def missing(command):
            raise FileNotFoundError(2, "No such file or directory", command[0])

        app.screen.run_editor = missing
        await press(pilot, "E")
        await until(pilot, lambda: "there is no no-such-editor; set EDITOR" in screen_text(app))


@pytest.mark.parametrize(
    ("visual", "editor", "command"),
    [("", "", ["vi"]), ("", "nano -w", ["nano", "-w"]), ("'/opt/my editor/e' -f", "nano", ["/opt/my editor/e", "-f"])],
)
def test_visual_stands_before_editor_before_vi(monkeypatch, visual, editor, command):
    monkeypatch.setenv("VISUAL", visual)
    monkeypatch.setenv("EDITOR", editor)
    assert editor_command() == command


def test_an_editor_that_can_not_be_read_is_said(monkeypatch):
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "nano '")
    with pytest.raises(Refused, match="EDITOR"):
        editor_command()
