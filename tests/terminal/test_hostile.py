"""Nothing that others stored acts on a terminal, whatever screen or command shows it."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest
from factories import app_over, press, screen_text, session, until
from terminal.hostile import PAYLOADS, harm_in, harm_in_bytes, harm_in_strip, poisoned_project
from terminal.ptys import terminal

from pmtui.reports.formats import FORMATS
from pmtui.screens.view import ViewScreen
from pmtui.services.printing import printed_report, to_file, written_in
from pmtui.services.projects import open_project
from pmtui.widgets.cells import fit, safe

SHORT = [name for name in PAYLOADS if name not in {"marks", "long", "wide"}]


def _mixed(names):
    return " ".join(PAYLOADS[name] for name in names)


GROUPS = {
    f"{names[0]} to {names[-1]}": _mixed(names) for names in (SHORT[at : at + 7] for at in range(0, len(SHORT), 7))
}
GROUPS["huge"] = " ".join(PAYLOADS[name][:2_000] for name in ("marks", "wide", "long"))
EACH = {name: text[:2_000] for name, text in PAYLOADS.items()} if os.environ.get("PMTUI_TORTURE") else GROUPS
"""Each payload alone in the long version; in the short one several make one text."""

SURFACES = (
    # name, the view's key, the keys from there, the screen that it is
    ("today", "1", "", "TodayScreen"),
    ("help", "1", "?", "HelpScreen"),
    ("palette", "1", ":", "PickerScreen"),
    ("palette, filtered", "1", ":P", "PickerScreen"),
    ("projects", "1", "p", "PickerScreen"),
    ("quick line, read back", "1", "ax", "QuickAddScreen"),
    ("quick line, people", "1", "a@", "QuickAddScreen"),
    ("quick line, records", "2", "ax after t", "QuickAddScreen"),
    ("templates", "2", "T", "TemplatesScreen"),
    ("template of marked tasks", "2", "*Tsx\nfri", "LineScreen"),
    ("form", "1", "e", "FormScreen"),
    ("record page", "1", "\n", "PageScreen"),
    ("date and what it moves", "1", "r", "ChoiceScreen"),
    ("reason of a date", "1", "rt", "ChoiceScreen"),
    ("who", "1", "w", "PickerScreen"),
    ("note", "1", "n", "LineScreen"),
    ("status by name", "1", "m", "ChoiceScreen"),
    ("how to drop", "1", "x", "ChoiceScreen"),
    ("duplicates to merge with", "1", "xm", "PickerScreen"),
    ("split", "1", "s", "LineScreen"),
    ("escalation", "1", "!", ""),
    ("block", "1", "b", "LineScreen"),
    ("filter without a match", "1", "/zzz\n", "TodayScreen"),
    ("preview beside", "1", "v", "TodayScreen"),
    ("triage", "1", "t", "TriageScreen"),
    ("triage, a date asked", "1", "tr", "ChoiceScreen"),
    ("changes", "1", "C", "HistoryScreen"),
    ("changes, filtered", "1", "C/ana\n", "HistoryScreen"),
    ("status line after done", "1", "dd", "TodayScreen"),
    ("status line after undo", "1", "ddu", "TodayScreen"),
    ("settings", "1", "P", "SettingsScreen"),
    ("settings, the end", "1", "PG", "SettingsScreen"),
    ("board", "2", "", "BoardScreen"),
    ("board options", "2", "o", ""),
    ("lanes", "2", "oo", "BoardScreen"),
    ("what to fold", "2", "z", "ChoiceScreen"),
    ("a folded lane", "2", "zl", "BoardScreen"),
    ("lanes no more", "2", "za", "BoardScreen"),
    ("cards of a line", "2", "o1", "BoardScreen"),
    ("what to link", "2", "f", "PickerScreen"),
    ("marks by a filter", "2", "+T", "LineScreen"),
    ("marked cards", "2", "hhhhhgg r", "ChoiceScreen"),
    ("risks", "3", "", "RisksScreen"),
    ("heat map", "3", "h", "RisksScreen"),
    ("risk page", "3", "\n", "PageScreen"),
    ("exposure", "3", "E", "ExposureScreen"),
    ("exposure, the end", "3", "EG", "ExposureScreen"),
    ("review of risks", "3", "N", "RiskReviewScreen"),
    ("review, the impact asked", "3", "N4", "ChoiceScreen"),
    ("review, the summary", "3", "NG", "RiskReviewScreen"),
    ("risk form", "3", "e", "FormScreen"),
    ("issue log", "3", "L", "RisksScreen"),
    ("response of a risk", "3", "T", ""),
    ("costs", "4", "", "CostsScreen"),
    ("budget lines", "4", "h", "CostsScreen"),
    ("charts", "4", "B", "ChartsScreen"),
    ("earned value", "4", "E", "EarnedValueScreen"),
    ("what is behind a number", "4", "#G\n", "BehindScreen"),
    ("where to cut", "4", "K", "CuttingScreen"),
    ("versions of the budget", "4", "S", "BudgetVersionsScreen"),
    ("a version", "4", "S\n", "PageScreen"),
    ("months of a line", "4", "hF", "PhasingScreen"),
    ("differences and draws", "4", "D", "PageScreen"),
    ("a file of a bank", "4", "I", ""),
    ("received", "4", "R", ""),
    ("week of hours", "4", "W", "WeekScreen"),
    ("a note of hours", "4", "Wn", ""),
    ("what hours cost", "4", "W#", ""),
    ("months", "4", "M", "ChoiceScreen"),
    ("cost line, read back", "4", "a12 x", "QuickAddScreen"),
    ("meetings", "5", "", "MeetingsScreen"),
    ("who was present", "5", "o", "PresentScreen"),
    ("notes", "5", "N", "WritingScreen"),
    ("minutes before publishing", "5", "S", ""),
    ("published minutes", "5", "G\n", "PageScreen"),
    ("report", "6", "", "ReportScreen"),
    ("report, differences", "6", "D", ""),
    ("report, a section", "6", "e", ""),
    ("report, offers", "6", "jjjo", ""),
    ("report, a light", "6", "O", ""),
)
KEYS = {
    "\n": "enter",
    "*": "asterisk",
    "?": "question_mark",
    ":": "colon",
    "/": "slash",
    "!": "exclamation_mark",
    " ": "space",
    "+": "plus",
}


def harm_on(app):
    """What on the screen could act, or is out of its columns."""
    width = app.size.width
    found = ((y, harm_in_strip(strip, width)) for y, strip in enumerate(app.screen._compositor.render_strips()))
    return [(y, harm) for y, harm in found if harm]


async def leave(pilot, app):
    """Back to the view in front, without its filter."""
    while len(app.screen_stack) > 1:
        app.pop_screen()
    await press(pilot, "escape")
    if "with-preview" in app.screen.classes:
        await press(pilot, "v")


@pytest.mark.parametrize("payload", EACH.values(), ids=EACH)
async def test_nothing_stored_acts_on_any_screen(tmp_path, payload):
    app = app_over(poisoned_project(tmp_path / "ws", payload))
    wrong = []
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        for name, view, keys, screen in SURFACES:
            await press(pilot, view)
            await until(pilot, lambda: isinstance(app.screen, ViewScreen))
            for key in keys:
                await press(pilot, KEYS.get(key, key))
            if screen and type(app.screen).__name__ != screen:
                wrong.append((name, f"it is the {type(app.screen).__name__}"))
            wrong += [(name, harm) for harm in harm_on(app)[:1]]
            await leave(pilot, app)
        assert app.is_running and not app._exit
    assert not wrong


@pytest.mark.parametrize("payload", EACH.values(), ids=EACH)
async def test_nothing_stored_acts_in_a_conflict_beside_others_or_in_an_error(tmp_path, payload):
    app = app_over(poisoned_project(tmp_path / "ws", payload))
    text = f"Q {payload}"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "2", "e")
        form = app.screen
        form.query_one("#f-title").value = "Mine"
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        with theirs.db.journal.transaction():
            document = dict(theirs.db.journal.documents("tasks")["1"])
            theirs.db.journal.put("tasks", "1", document | {"title": text})
        theirs.close()
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: form.pane.conflicts)
        assert not harm_on(app)
        await leave(pilot, app)
        app.screen.tell(text)
        app.screen.tell_error(text)
        await pilot.pause()
        assert not harm_on(app)
        app.notify(text, title=text, markup=False)
        await until(pilot, lambda: len(app._notifications) and screen_text(app))
        assert not harm_on(app)
        assert app.is_running


def test_the_alarm_rings():
    from rich.segment import Segment
    from rich.style import Style
    from textual.strip import Strip

    assert harm_in_strip(Strip([Segment("a\x1b[31m")]), 2)
    assert harm_in_strip(Strip([Segment("ab")]), 3)
    assert harm_in_strip(Strip([Segment("ab", Style(meta={"@click": "app.quit"}))]), 2)
    assert harm_in_strip(Strip([Segment("ab", Style(link="http://evil"))]), 2)
    assert not harm_in_strip(Strip([Segment("会é")]), 3)
    silent = {"markup", "action", "formula", "path", "markdown", "long", "wide"}
    assert {name for name, payload in PAYLOADS.items() if not harm_in(payload)} == silent


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_every_text_is_harmless_and_as_wide_as_it_says(payload):
    assert not harm_in(safe(payload))
    for width in (1, 2, 7, 40):
        assert not harm_in_strip_text(fit(payload, width), width)


def harm_in_strip_text(text, width):
    from rich.segment import Segment
    from textual.strip import Strip

    return harm_in_strip(Strip([Segment(text)]), width)


# The shell ------------------------------------------------------------------------

COMMANDS = (
    "projects", "list tasks", "list risks", "list costs", "list meetings", "list people", "list issues",
    "list milestones", "list budget-lines", "list decisions", "list reports", "show T-1", "show T-3", "show R-1",
    "show C-1", "show BV-1", "show H-1", "list hours", "list budget-versions",
    "show M-1", "show M-2", "show SR-1", "show D-1", "show I-1", "show P-2", "history", "history T-1",
    "report", "report --format txt", "report SR-1", "report --format html", "report SR-1 --format html", "export tasks", "export meetings", "check", "doctor", "config",
    "edit T-1 due=fri", "done T-2", "undo", "redo", "list tasks --json", "show T-1 --json", "history --json",
    "report --json", "export tasks --format json", "check --json", "doctor --json", "delete T-1", "edit T-1 due=never",
)  # fmt: skip


@pytest.mark.parametrize("payload", EACH.values(), ids=EACH)
def test_nothing_stored_acts_from_the_shell(tmp_path, payload):
    from click.testing import CliRunner

    from pmtui.cli import cli
    from pmtui.shell.context import Shell

    workspace = poisoned_project(tmp_path / "ws", payload)
    wrong = []
    for command in COMMANDS:
        result = CliRunner().invoke(cli, command.split(), obj=Shell(given=session(workspace)))
        if result.exit_code not in {0, 1} or "pmtui failed" in result.output:
            wrong.append((command, result.exit_code, result.output[:300]))
        harm = harm_in(result.stdout, "\n") or harm_in(result.stderr, "\n")
        exact = "json" in command and harm == "a tower of marks"  # data for programs: all that is stored
        if harm and not exact:
            wrong.append((command, harm))
    assert not wrong


@pytest.mark.parametrize("payload", EACH.values(), ids=EACH)
def test_whatever_is_stored_can_be_written_in_every_format(tmp_path, payload):
    project = open_project(session(poisoned_project(tmp_path / "ws", payload)), "hris")
    for printed in (printed_report(project), printed_report(project, project.get("SR-1"))):
        for form in FORMATS:
            assert written_in(form, printed, project.session.path).data
    project.close()


def test_output_in_bytes_is_as_harmless(tmp_path):
    workspace = poisoned_project(tmp_path / "ws", _mixed(SHORT))
    for command in ("list tasks", "export tasks", "report", "history"):
        done = subprocess.run(
            [sys.executable, "-m", "pmtui", "--workspace", str(workspace), *command.split()],
            capture_output=True, timeout=60, env=os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert not harm_in_bytes(done.stdout)
        assert not harm_in_bytes(done.stderr)


def test_json_tells_exactly_what_is_stored(tmp_path):
    from click.testing import CliRunner

    from pmtui.cli import cli
    from pmtui.shell.context import Shell

    workspace = poisoned_project(tmp_path / "ws", PAYLOADS["csi"])
    found = CliRunner().invoke(cli, ["show", "T-1", "--json"], obj=Shell(given=session(workspace)))
    assert json.loads(found.stdout)["title"] == f"P {PAYLOADS['csi']}"


def test_no_cell_of_an_export_is_a_formula(tmp_path):
    from click.testing import CliRunner

    from pmtui.cli import cli
    from pmtui.shell.context import Shell

    workspace = poisoned_project(tmp_path / "ws", "x")
    project = open_project(session(workspace), "hris")
    with project.db.journal.transaction():
        for key, text in zip("1234", ("=cmd|' /C calc'!A0", "+1+cmd", "@SUM(A1)", "\t=1+1"), strict=True):
            document = dict(project.db.journal.documents("tasks")[key])
            project.db.journal.put("tasks", key, document | {"title": text, "owner": text})
    project.close()
    found = CliRunner().invoke(cli, ["export", "tasks"], obj=Shell(given=session(workspace)))
    for row in csv.reader(io.StringIO(found.stdout)):
        assert not any(cell.lstrip()[:1] in {"=", "+", "@"} for cell in row)


def test_file_names_from_records_stay_in_their_folder(tmp_path):
    workspace = poisoned_project(tmp_path / "ws", PAYLOADS["path"])
    project = open_project(session(workspace), "hris")
    with project.db.journal.transaction():
        document = dict(project.db.journal.documents("project")["1"])
        project.db.journal.put("project", "1", document | {"code": PAYLOADS["path"]})
    out = tmp_path / "out" / "deep"
    out.mkdir(parents=True)
    for form in FORMATS:
        to_file(project, printed_report(project), form, out)()
    project.close()
    done = subprocess.run(
        [sys.executable, "-m", "pmtui", "--workspace", str(workspace), "backup"],
        cwd=out,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert len(list(out.iterdir())) == len(FORMATS) + 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["deep"]


# The terminal itself --------------------------------------------------------------


def test_what_reaches_a_terminal_is_what_the_application_says_alone(tmp_path):
    workspace = poisoned_project(tmp_path / "ws", _mixed(SHORT))
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Overdue")
        for key, word in (("2", "Doing"), ("3", "Expected"), ("4", "Budget"), ("5", "publish"), ("6", "Lights")):
            screen.keys(key)
            screen.wait(word)
        screen.keys("1t")
        screen.wait("Triage")
        assert b"\x1b]52" not in screen.raw
        assert b"\x1b]8;" not in screen.raw
        assert b"\x07" not in screen.raw.replace(b"\x1b]22;default\x07", b"")
        assert b"\xc2\x9b" not in screen.raw
        assert b"\xe2\x80\xae" not in screen.raw
        assert b"\x1b[31m" not in screen.raw
        screen.keys("qq")
        assert screen.exit_code() == 0


async def test_a_record_from_others_is_harmless_when_it_arrives(tmp_path):
    app = app_over(poisoned_project(tmp_path / "ws", "x"))
    async with app.run_test(size=(80, 24)) as pilot:
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        with theirs.db.journal.transaction():
            document = dict(theirs.db.journal.documents("tasks")["1"])
            theirs.db.journal.put("tasks", "1", document | {"title": "NEW " + _mixed(SHORT)})
        theirs.close()
        app._look()
        await until(pilot, lambda: "NEW" in screen_text(app))
        assert not harm_on(app)


@pytest.mark.parametrize("payload", EACH.values(), ids=EACH)
def test_nothing_in_a_banks_file_acts_from_the_shell(tmp_path, payload):
    from click.testing import CliRunner

    from pmtui.cli import cli
    from pmtui.shell.context import Shell

    workspace = poisoned_project(tmp_path / "ws", "fine")
    file = tmp_path / "bank.csv"
    with file.open("w", encoding="utf-8", errors="replace", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["Date", "Vendor", "Text", f"Column {payload[:300]}", "Amount"])
        rows.writerow(["2026-02-03", payload[:400], payload[:400], payload, "-5.00"])
        rows.writerow(["2026-02-03", payload[:400], payload[:400], payload, payload])
        rows.writerow([payload, payload[:400], payload[:400], payload, "-7.00"])
    for words in (["--dry-run"], ["--all"], ["--map", f"vendor={payload}"], ["--mapping", payload], ["--json"]):
        result = CliRunner().invoke(cli, ["match", str(file), *words], obj=Shell(given=session(workspace)))
        assert result.exit_code in {0, 1, 2}, result.output
        assert "pmtui failed" not in result.output, result.output
        assert not harm_in(result.stderr, "\n")
        assert "--json" in words or not harm_in(result.stdout, "\n")
