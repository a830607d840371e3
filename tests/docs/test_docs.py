import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from pmtui.cli import cli as shell
from pmtui.keymap import ACTIONS, clashes
from pmtui.shell.manual import ENVIRONMENT, page

ROOT = Path(__file__).parents[2]


def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_keys_are_those_of_the_action_table():
    assert (ROOT / "docs/keys.md").read_text() == reference().keys(), "run make reference"


def test_the_records_are_those_declared():
    assert (ROOT / "docs/records.md").read_text() == reference().records(), "run make reference"


def test_the_manual_page_is_that_of_the_commands_keys_and_settings():
    assert (ROOT / "docs/pmtui.1").read_text() == page(shell), "run make reference"


def test_the_manual_page_names_every_variable_that_the_code_reads():
    read = {
        name for path in (ROOT / "pmtui").rglob("*.py") for name in re.findall(r"\bPMTUI_[A-Z]+\b", path.read_text())
    }
    assert read - {"PMTUI_"} <= {name for names, _ in ENVIRONMENT for name in names.split(", ")}


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff here")
def test_the_manual_page_is_sound_roff():
    made = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-rLL=78n", str(ROOT / "docs/pmtui.1")], capture_output=True, text=True
    )
    assert made.stderr == ""
    assert "record.done" in made.stdout
    assert "--workspace" in made.stdout


def test_no_view_has_two_actions_on_one_key():
    assert clashes() == []
    assert len({a.id for a in ACTIONS}) == len(ACTIONS)


def test_the_readme_begins_with_the_two_commands():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line.split()[:2] for line in lines[3:5]] == [["make", "run"], ["make", "test"]]


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_make_targets_named_in_documents_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        assert set(re.findall(r"`make ([a-z-]+)", path.read_text())) <= targets, path.name


def test_every_shell_command_is_in_the_manual():
    manual = (ROOT / "docs/manual.md").read_text()
    assert isinstance(shell, click.Group)
    missing = [name for name in shell.list_commands(click.Context(shell)) if f"pmtui {name}" not in manual]
    assert not missing


def test_the_architecture_names_every_floor():
    text = (ROOT / "docs/architecture.md").read_text()
    for child in sorted((ROOT / "pmtui").iterdir()):
        if child.name not in {"__pycache__", "__init__.py", "py.typed"}:
            assert child.name in text, child.name


def test_the_changelog_has_an_unreleased_part():
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()
