"""The settings from the shell: where they are, what they say, what is wrong with them."""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pmtui import keymap
from pmtui.cli import cli
from pmtui.services.session import Session
from pmtui.shell.context import Shell

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def file(tmp_path, monkeypatch):
    for name in ("PMTUI_PROJECT", "PMTUI_WORKSPACE", "PMTUI_THEME", "PMTUI_BORDERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "config" / "pmtui" / "config.toml"
    path.parent.mkdir(parents=True)
    yield path
    keymap.use_keys({})


def run(*args):
    return CliRunner().invoke(cli, list(args))


def given(path, *args):
    session = Session(path, user="pat", name="shell-1", now=lambda: NOW, durable=False)
    return CliRunner().invoke(cli, list(args), obj=Shell(given=session))


def test_config_tells_where_things_are(file, tmp_path):
    found = json.loads(given(tmp_path / "w", "config", "--json").stdout)
    assert found["settings"] == str(file)
    assert found["workspace"] == str(tmp_path / "w")
    assert run("config", "path").stdout == f"{file}\n"


def test_the_workspace_is_the_options_then_the_environments_then_the_settings(file, tmp_path, monkeypatch):
    def workspace(*args):
        return json.loads(run(*args, "config", "--json").stdout)["workspace"]

    assert workspace() == str(tmp_path / "data" / "pmtui")
    assert run("config", "set", "workspace", str(tmp_path / "shared")).exit_code == 0
    assert workspace() == str(tmp_path / "shared")
    monkeypatch.setenv("PMTUI_WORKSPACE", str(tmp_path / "env"))
    assert workspace() == str(tmp_path / "env")
    assert workspace("--workspace", str(tmp_path / "said")) == str(tmp_path / "said")


def test_a_value_is_written_and_taken_out_again(file):
    file.write_text("# mine\n")
    result = run("config", "set", "theme", "light")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert run("config", "set", "record.done", "Y", "=").exit_code == 0
    assert run("config", "set", "record.chase", "none").exit_code == 0
    assert file.read_text() == 'theme = "light"\n\n# mine\n\n[keys]\n"record.done" = ["Y", "="]\n"record.chase" = []\n'
    assert run("config", "unset", "record.done").exit_code == 0
    assert "record.done" not in file.read_text()
    again = run("config", "unset", "record.done")
    assert (again.exit_code, "is not set" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("theme", "drak"), "theme: 'drak': allowed: dark, light, ansi"),
        (("record.done", "r"), "is also record.date in Today"),
        (("record.done", "alt+d"), "lost"),
        (("record.dnoe", "Y"), "or record.done or"),
        (("colour", "red"), "there is no such setting"),
    ],
)
def test_what_can_not_be_is_refused_and_not_written(file, args, told):
    result = run("config", "set", *args)
    assert result.exit_code == 1
    assert told in result.stderr
    assert not file.exists()


def test_a_variable_that_goes_before_is_said(file, monkeypatch):
    monkeypatch.setenv("PMTUI_THEME", "ansi")
    assert "PMTUI_THEME=ansi goes before it here" in run("config", "set", "theme", "light").stderr


def test_check_names_each_line_and_exits_1(file):
    assert run("config", "check").exit_code == 0
    file.write_text('theme = "light"\n')
    assert run("config", "check").exit_code == 0
    file.write_text('theme = drak\n\n[keys]\n"record.done" = ["r"]\n"record.who" = ["ctrl+a"]\n')
    result = run("config", "check")
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert [line.partition("config.toml ")[2].split(":")[0] for line in lines] == [
        "line 1 theme", "line 4 keys record.done", "line 5 keys record.who",
    ]  # fmt: skip


def test_keys_lists_every_action_and_marks_what_is_the_users(file):
    file.write_text('[keys]\n"record.done" = ["Y"]\n')
    rows = run("config", "keys").stdout.splitlines()
    assert len(rows) == len(keymap.ACTIONS) + 1
    assert next(row for row in rows if row.startswith("record.done ")).split()[1:3] == ["Y", "yours"]
    found = {row["id"]: row for row in json.loads(run("config", "keys", "--json").stdout)}
    assert found["record.done"] | {"help": "", "views": []} == {
        "id": "record.done", "keys": ["Y"], "usual": ["d"], "changed": True, "group": "Decide", "help": "", "views": [],
    }  # fmt: skip
    assert not found["record.date"]["changed"]
    assert set(found) == set(keymap.BY_ID)


def test_a_command_says_what_is_wrong_with_the_settings_and_goes_on(file, tmp_path):
    file.write_text(f'workspace = "{tmp_path / "shared"}"\ntheme = "drak"\n')
    result = run("projects", "--json")
    assert result.exit_code == 0
    assert result.stdout == "[]\n"
    assert result.stderr.count("config.toml line 2 theme") == 1


@pytest.mark.parametrize("text", ["workspace = /srv/projects\n", 'workspace = "rel"\n', "\xff"])
def test_nothing_is_written_where_it_can_not_be_told_where_to_work(file, tmp_path, text):
    file.write_bytes(text.encode("latin-1"))
    result = run("projects", "add", "hris")
    assert result.exit_code == 1
    assert "config.toml" in result.stderr
    assert "--workspace names a folder" in result.stderr
    assert not (tmp_path / "data").exists()
    assert run("--workspace", str(tmp_path / "here"), "projects", "add", "hris").exit_code == 0


def test_the_doctor_tells_of_the_settings(file, tmp_path):
    file.write_text("workspace = 1\n")
    result = given(tmp_path / "w", "doctor", "--json")
    settings = json.loads(result.stdout)["settings"]
    assert [told["level"] for told in settings] == ["problem"]
    assert result.exit_code == 1


def test_the_manual_page_has_the_users_keys(file):
    file.write_text('[keys]\n"record.escalate" = ["="]\n')
    assert ".TP\n\\fB=\\fR\nEscalate" in run("manual").stdout


def test_without_settings_no_toml_is_imported(file):
    script = (
        "import sys; sys.argv = ['pmtui', 'projects']\nfrom pmtui.cli import cli\n"
        "try: cli()\nexcept SystemExit: pass\nassert 'tomllib' not in sys.modules, 'tomllib'"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
