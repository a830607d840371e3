"""The words of a filter are found in a meeting's agenda, notes and what came of it, each line with its place."""

import datetime as dt

from factories import day, new_project

from pmtui.domain.filters import read_filter
from pmtui.domain.meeting_search import Hit, hits, words_of
from pmtui.domain.records import Decision, Meeting, Topic
from pmtui.services.meetings import save_notes


def meeting(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Meeting(
            title="Steering", start=dt.datetime(2026, 3, 2, 10), agenda=(Topic("Go-live and Réunion"), Topic("Budget"))
        ),
        Meeting(title="Weekly", start=dt.datetime(2026, 3, 3, 10), notes="nothing of it"),
    )
    save_notes(project, "M-1", "# Budget\nThe firewall is late\n\nD: Firewall opens in May\nA: Call @ben")
    return project


def test_each_line_that_holds_a_word_is_told_with_its_place(tmp_path):
    project = meeting(tmp_path)
    found = hits(project.data.get("M-1"), project.data, ["firewall"])
    assert found == [
        Hit("notes 2", "The firewall is late"),
        Hit("notes 4", "D: Firewall opens in May [D-1]"),
        Hit("D-1", "Firewall opens in May"),
    ]
    assert hits(project.data.get("M-1"), project.data, ["reunion"]) == [Hit("agenda", "Go-live and Réunion")]
    assert hits(project.data.get("M-1"), project.data, []) == []


def test_the_filter_lets_through_what_holds_its_words_anywhere(tmp_path):
    project = meeting(tmp_path)

    def shown(text):
        wanted = read_filter(text, project.today)
        return [m.number for m in project.data.meetings.values() if wanted.matches(m, project.data)]

    assert shown("firewall") == ["M-1"]
    assert shown("réunion") == ["M-1"]
    assert shown("-firewall") == ["M-2"]
    assert shown("weekly or budget") == ["M-1", "M-2"]


def test_a_decision_taken_in_it_but_written_elsewhere_is_found(tmp_path):
    project = meeting(tmp_path)
    with project.change("add") as change:
        new = change.add(Decision(title="Canteen cards stay", date=day(0), meeting="M-2"))
        change.edit(project.data.get("M-2"), decisions=(new.number,))
    assert hits(project.data.get("M-2"), project.data, ["canteen"]) == [Hit("D-2", "Canteen cards stay")]


def test_only_plain_words_are_looked_for():
    assert words_of('firewall @ana #tag late -ghent kind:team "two words" (or) =saved') == ["firewall", "two words"]
    assert words_of("") == []
