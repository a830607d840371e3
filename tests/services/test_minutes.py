"""The page of minutes that is printed and exported: frozen once published."""

import datetime as dt

import pytest
from factories import new_project

from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting, Person
from pmtui.reports.markdown import to_markdown
from pmtui.services import tasks
from pmtui.services.exporting import export_calendar, export_minutes
from pmtui.services.meetings import publish, save_notes
from pmtui.services.minutes import page_of


@pytest.fixture
def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Person(handle="ben", full_name="Ben Okafor", email="ben@example.org"),
        Meeting(title="Steering", start=dt.datetime(2026, 3, 2, 10), invited=("ana", "ben")),
    )


def test_until_it_is_published_it_is_the_page_as_it_would_be(project):
    save_notes(project, "M-1", "D: Go live")
    page = page_of(project, "M-1")
    assert not page.published
    assert page.markdown == to_markdown(page.document)
    assert "Decision D-1: Go live" in page.markdown


def test_once_published_it_is_the_frozen_text_whatever_changes_after(project):
    save_notes(project, "M-1", "A: Call @ben")
    publish(project, "M-1")
    with project.change("edit") as change:
        change.edit(project.data.get("T-1"), title="Other")
    page = page_of(project, "M-1")
    assert page.published
    assert page.markdown == project.data.get("M-1").minutes
    assert "Call" in page.markdown


def test_a_number_of_something_else_is_refused(project):
    with pytest.raises(Refused, match="only meetings"):
        page_of(project, "P-1")


def test_an_action_merged_into_another_says_so_in_the_minutes(project):
    save_notes(project, "M-1", "A: Ring the vendor @ben\nA: Call the vendor @ana")
    tasks.merge(project, ["T-1"], "T-2")
    assert "T-1: Ring the vendor (now T-2 Call the vendor)" in page_of(project, "M-1").markdown


def test_files_are_new_and_their_owners_alone(project, tmp_path):
    (tmp_path / "out").mkdir()
    for export in (
        lambda: export_minutes(project, "M-1", tmp_path / "out"),
        lambda: export_calendar(project, tmp_path / "out"),
    ):
        export()
    files = sorted((tmp_path / "out").iterdir())
    assert {file.suffix for file in files} == {".ics", ".md"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
