import contextlib
import io
import re
from pathlib import Path

import pytest
from factories import day, new_project, session

from pmtui.domain.records.task import Task
from pmtui.services.projects import open_project
from pmtui.store import JournalStorage, ProjectDB

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    path = tmp_path / "ws"
    new_project(
        path,
        Task(title="Sign off the test plan", owner="ben", due=day(-9)),
        Task(title="Load test the payroll interface", owner="ben", due=day(-1)),
        Task(title="Train the key users", owner="ben", due=day(3)),
    ).close()
    monkeypatch.chdir(path)
    return path


def run(blocks):
    """What each block prints; they are one script."""
    names = {}
    for code, _ in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/python.md", "exec"), names)
        yield printed.getvalue()


def test_the_examples_print_what_the_page_says(workspace):
    assert len(BLOCKS) == PAGE.count("```python") == 3
    assert list(run(BLOCKS)) == [text for _, text in BLOCKS]


def test_an_open_project_takes_in_what_the_example_changed_as_one_transaction(workspace):
    opened = open_project(session(workspace, "chi"), "hris")
    before = opened.sequence
    list(run(BLOCKS))
    opened.refresh()
    assert [task.owner for task in opened.data.tables["tasks"].values()] == ["ana", "ana", "ben"]
    assert opened.sequence == before + 1
    last = list(opened.history())[-1]
    assert (last.note.verb, last.note.reason) == ("reassign", "ben is on leave")


def test_every_argument_that_the_page_names_is_one(tmp_path):
    rows = re.findall(r"^\| (`.*?`) \|", PAGE, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert {"create_dirs", "default", "indent", "storage", "timeout"} <= set(named)
    given = {"encoding": "utf-8", "access_mode": "r+", "storage": JournalStorage, "timeout": 1.0, "default": str}
    given |= dict.fromkeys(["create_dirs", "sort_keys", "skipkeys", "allow_nan"], True)
    given |= dict.fromkeys(["indent", "separators", "ensure_ascii", "check_circular", "cls", "author"])
    assert set(named) == {"path", *given}
    with ProjectDB(tmp_path / "data.json", **given) as db:
        assert db.insert({}) == 1
