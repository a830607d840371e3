"""Sending from the shell: to whom, once, and what is printed."""

import json

import pytest
from click.testing import CliRunner
from factories import new_project, session

from pmtui.cli import cli
from pmtui.domain.records import Person
from pmtui.services import reports
from pmtui.services.preferences import Preferences
from pmtui.shell.context import Shell


@pytest.fixture
def run(tmp_path):
    project = new_project(tmp_path / "ws", Person(handle="ben", full_name="Ben Ode", email="ben@example.org"))
    reports.save_words(project, "summary", "All is well.")
    reports.issue(project)
    project.close()
    command = tmp_path / "mail"
    command.write_text(f"#!/bin/sh\ncat >> {tmp_path}/letters\n")
    command.chmod(0o755)

    def invoke(*words):
        shell = Shell(given=session(tmp_path / "ws"))
        shell.preferences = Preferences(mail=(str(command),))
        return CliRunner().invoke(cli, words, obj=shell)

    return invoke


def test_it_is_sent_once_and_the_second_time_refused(run, tmp_path):
    first = run("send", "sr-1", "--to", "@ben")
    assert (first.exit_code, first.stdout) == (0, "SD-1\n")
    assert "SR-1 sent to 1 person" in first.stderr
    again = run("send", "SR-1", "--to", "ben@example.org")
    assert again.exit_code == 1
    assert "sent already, SD-1" in again.stderr
    assert run("send", "SR-1", "--to", "@ben", "--new-only").exit_code == 1
    assert run("send", "SR-1", "--to", "@ben", "--again").exit_code == 0
    assert (tmp_path / "letters").read_text().count("To: Ben Ode <ben@example.org>") == 2


def test_a_dry_run_prints_the_letter_and_sends_nothing(run, tmp_path):
    found = run("send", "SR-1", "--to", "@ben", "--dry-run")
    assert found.stdout.startswith("To: Ben Ode <ben@example.org>\nSubject: HRIS deployment: status report SR-1")
    assert json.loads(run("send", "SR-1", "--to", "@ben", "--dry-run", "--json").stdout)["to"] == ["ben@example.org"]
    assert not (tmp_path / "letters").exists()


def test_nobody_to_send_to_says_how(run):
    found = run("send", "SR-1")
    assert found.exit_code == 1
    assert "to whom? --to @ana, or 'Reports go to' in the settings" in found.stderr


def test_a_draft_is_not_sent_and_two_ways_at_once_are_no_way(run):
    assert run("send", "SR-2", "--to", "@ben").exit_code == 1
    assert run("send", "SR-1", "--to", "@ben", "--again", "--new-only").exit_code == 2
