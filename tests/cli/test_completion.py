"""Completion as shells ask for it: by the environment, in a process of its own; and by a real bash."""

import os
import shutil
import subprocess
import sys

import pytest
from factories import add, day, new_project

from pmtui.domain.records import Person, Risk, Task

BREAKS = " \t\n\"'@><=;|&(:"
BASH = shutil.which("bash")


@pytest.fixture
def workspace(tmp_path):
    project = new_project(tmp_path / "ws")
    add(
        project,
        Task(title="Sign off, then test", owner="ben", due=day(-9), tags=("cutover",)),
        Task(title="Load test", owner="chi", due=day(3), status="to do"),
        Risk(title="Vendor is late", owner="ben", probability=4, impact=4, review_date=day(5)),
        Person(handle="yara", full_name="Yara Novak"),
    )
    project.close()
    return tmp_path / "ws"


def surroundings(workspace, **more):
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    home = {"HOME": str(workspace.parent), "PMTUI_WORKSPACE": str(workspace)}
    return kept | home | more


def ask(workspace, shell, **more):
    done = subprocess.run(
        [sys.executable, "-m", "pmtui"], env=surroundings(workspace, _PMTUI_COMPLETE=f"{shell}_complete", **more),
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def bash(workspace, line):
    found = ask(workspace, "bash", COMP_LINE=line, COMP_POINT=str(len(line)), COMP_WORDBREAKS=BREAKS)
    return [line for line in found.splitlines() if line]


def test_commands_options_and_kinds(workspace):
    assert bash(workspace, "pmtui re") == ["plain,redo", "plain,report", "plain,restore"]
    assert bash(workspace, "pmtui --proj") == ["plain,--project"]
    assert bash(workspace, "pmtui --project ") == ["plain,hris"]
    assert bash(workspace, "pmtui add ri") == ["plain,risks"]
    assert bash(workspace, "pmtui export tasks --format ") == ["plain,csv", "plain,json", "plain,ics"]
    assert bash(workspace, "pmtui config set theme l") == ["plain,light"]


def test_numbers_fields_values_and_filters(workspace):
    assert bash(workspace, "pmtui show T-") == ["plain,T-1", "plain,T-2"]
    assert bash(workspace, "pmtui edit t-1 du") == ["part,due="]
    assert "plain,fri" in bash(workspace, "pmtui edit T-1 due=")
    assert bash(workspace, "pmtui edit T-1 owner=@y") == ["plain,@yara"]
    assert bash(workspace, "pmtui edit T-1 status=to") == ["plain,to\\ do"]
    assert bash(workspace, "pmtui list tasks owner:y") == ["plain,yara"]
    assert bash(workspace, "pmtui list tasks -don") == ["plain,-done"]
    assert bash(workspace, "pmtui list tasks late own") == ["part,owner:"]
    assert bash(workspace, "pmtui list tasks \\#cut") == ["plain,\\#cutover"]
    assert bash(workspace, 'pmtui add task "Test it @y') == ["plain,Test it @yara"]


def test_zsh_and_fish_get_titles_too(workspace):
    words = {"COMP_WORDS": "pmtui show T-1", "COMP_CWORD": "2"}
    assert ask(workspace, "zsh", **words).splitlines() == ["plain", "T-1", "Sign off, then test"]
    assert ask(workspace, "fish", **words | {"COMP_CWORD": "T-1"}).splitlines() == ["plain,T-1\tSign off, then test"]


@pytest.mark.parametrize("line", ["pmtui --project nope show ", "pmtui show ", "pmtui edit X-9 ", "pmtui 'show T"])
def test_what_can_not_be_told_is_silent(workspace, line):
    shutil.rmtree(workspace)
    assert all(found.startswith("plain,") for found in bash(workspace, line))


def test_a_damaged_project_and_strange_settings_are_silent(workspace):
    (workspace / "hris" / "data.json").write_text("{")
    assert isinstance(bash(workspace, "pmtui show T-"), list)
    (workspace.parent / ".config" / "pmtui").mkdir(parents=True)
    (workspace.parent / ".config" / "pmtui" / "config.toml").write_text("nonsense\n")
    assert bash(workspace, "pmtui sho") == ["plain,show"]


def test_nothing_in_the_project_is_touched(workspace):
    folder = workspace / "hris"
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
    bash(workspace, "pmtui show T-")
    assert before == {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.skipif(not BASH, reason="there is no bash here")
def test_a_real_bash_completes(workspace, tmp_path):
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "pmtui").write_text(f'#!/bin/sh\nexec {sys.executable} -m pmtui "$@"\n')
    (bin_ / "pmtui").chmod(0o755)
    script = """
        eval "$(pmtui completion bash)"
        ask() { COMP_LINE=$1; COMP_POINT=${#1}; COMPREPLY=(); _pmtui_completion pmtui; printf '%s|' "${COMPREPLY[@]}"; echo; }
        complete -p pmtui
        ask 'pmtui rest'
        ask 'pmtui show T-'
        ask 'pmtui edit T-1 owner=y'
        ask 'pmtui show NO-'
    """
    env = surroundings(workspace)
    env["PATH"] = f"{bin_}:{env['PATH']}"
    done = subprocess.run([BASH, "--norc", "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o nosort -F _pmtui_completion pmtui", "restore|", "T-1|T-2|", "yara|", "|",
    ]  # fmt: skip
