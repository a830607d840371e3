"""Terminals as people have them: each gets the colours and characters that it knows, at every size."""

import datetime as dt
import re

import pytest
from factories import MONDAY, app_over, new_project, press, screen_text, until
from rich.cells import cell_len
from terminal.ptys import Terminal

from pmtui.demo import build
from pmtui.domain.lights import SHAPES
from pmtui.domain.records import Person, Risk, Task
from pmtui.terminal.look import MANY, NO_COLOURS, SIXTEEN, TRUE, chosen_theme, colours_of, look_of
from pmtui.widgets.cells import fit, safe
from pmtui.widgets.glyphs import SPELLED, TWINS, use_ascii

TERMINALS = {
    "true colour": ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE),
    "256 colours": ({"TERM": "xterm-256color"}, MANY),
    "light": ({"TERM": "xterm-256color", "PMTUI_THEME": "light"}, MANY),
    "16 colours": ({"TERM": "xterm"}, SIXTEEN),
    "linux console": ({"TERM": "linux"}, SIXTEEN),
    "screen": ({"TERM": "screen", "STY": "1.pts-0.host"}, SIXTEEN),
    "tmux": ({"TERM": "tmux-256color"}, MANY),
    "no colour": ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, NO_COLOURS),
}
SIZES = [(40, 10), (80, 24), (120, 40), (300, 100)]
SGR = re.compile(rb"\x1b\[([0-9;]*)m")
VIEWS = {"1": "Today", "2": "Board", "3": "Risks", "4": "Costs", "5": "Meetings", "6": "Report"}


@pytest.fixture
def ascii_after():
    yield
    use_ascii(False)


@pytest.fixture
def workspace(tmp_path):
    late = dt.date.today() - dt.timedelta(days=9)
    new_project(
        tmp_path / "ws", Task(title="Sign off the plan", owner="ana", due=late), Task(title="Load test", status="doing")
    ).close()
    return tmp_path / "ws"


def colours_sent(raw):
    """The kinds of colour among the codes sent, by how many colours their terminals have."""
    found = set()
    for codes in SGR.findall(raw):
        rest = [int(code or 0) for code in codes.split(b";")]
        while rest:
            code = rest.pop(0)
            if code in {38, 48}:
                deep = rest.pop(0) == 2
                found.add(TRUE if deep else MANY)
                del rest[: 3 if deep else 1]
            elif code // 10 in {3, 4, 9, 10} and code % 10 < 8 and code > 29:
                found.add(SIXTEEN)
    return found


@pytest.mark.parametrize("name", TERMINALS)
def test_every_terminal_shows_today_and_the_board_at_every_size_in_its_own_colours(name, workspace, tmp_path):
    environ, colours = TERMINALS[name]
    first = list(TERMINALS).index(name) % len(SIZES)  # each begins at another size, and is pulled to the others
    screen = Terminal(["--workspace", str(workspace)], tmp_path, SIZES[first], **environ)
    try:
        for size in SIZES[first:] + SIZES[:first]:
            screen.resize(*size)
            screen.keys("1\x0c")
            screen.wait(lambda: "Today" in screen.text and "Sign off" in screen.text)
            screen.keys("2\x0c")
            screen.wait(lambda: "Board" in screen.text and "To do" in screen.text and "Sign off" in screen.text)
            assert "too small" not in screen.text
            assert max(len(line.rstrip()) for line in screen.screen.display) <= size[0]
        screen.keys("q")
        screen.keys("q")
        assert screen.exit_code() == 0
    finally:
        screen.close()
    assert colours_sent(screen.raw) == ({colours} if colours else set())
    if name == "linux console":
        assert max(screen.raw) <= 0x7E


def test_codes_of_colours_are_told_apart():
    assert colours_sent(b"\x1b[1;38;2;1;38;5m\x1b[m") == {TRUE}
    assert colours_sent(b"\x1b[48;5;31;7m") == {MANY}
    assert colours_sent(b"\x1b[0;36m\x1b[107m") == {SIXTEEN}
    assert colours_sent(b"\x1b[0;1;39;49;7m") == set()


@pytest.mark.parametrize(
    ("environ", "colours", "theme", "in_ascii"),
    [
        ({"TERM": "xterm-256color"}, MANY, "pmtui-dark", False),
        ({"TERM": "xterm-256color", "PMTUI_THEME": "light"}, MANY, "pmtui-light", False),
        ({"TERM": "xterm-256color", "PMTUI_THEME": "ansi"}, MANY, "ansi-dark", False),
        ({"TERM": "xterm-256color", "PMTUI_THEME": "pink"}, MANY, "pmtui-dark", False),
        ({"TERM": "xterm"}, SIXTEEN, "ansi-dark", False),
        ({"TERM": "xterm", "PMTUI_THEME": "light"}, SIXTEEN, "pmtui-light", False),
        ({"TERM": "xterm-256color", "NO_COLOR": "1", "PMTUI_THEME": "dark"}, NO_COLOURS, "ansi-dark", False),
        ({"TERM": "linux"}, SIXTEEN, "ansi-dark", True),
        ({"TERM": "linux", "PMTUI_BORDERS": "unicode"}, SIXTEEN, "ansi-dark", False),
        ({"TERM": "vt220"}, NO_COLOURS, "ansi-dark", True),
        ({"TERM": "xterm-256color", "PMTUI_BORDERS": "ascii"}, MANY, "pmtui-dark", True),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, TRUE, "pmtui-dark", False),
    ],
)
def test_the_look_follows_the_terminal_and_what_is_asked_for(environ, colours, theme, in_ascii):
    found = look_of(environ)
    assert (found.colours, found.theme, found.ascii) == (colours, theme, in_ascii)
    assert (colours_of(environ), chosen_theme(environ)) == (colours, theme)


# ASCII ----------------------------------------------------------------------------


def test_every_glyph_has_a_twin_of_its_own_width():
    for glyph, twin in TWINS.items():
        assert len(twin) == 1 and " " <= twin <= "~"
        assert cell_len(glyph) == 1, glyph
    assert all(spelled.isascii() for spelled in SPELLED.values())


@pytest.mark.parametrize(
    "together", [*["".join(SHAPES.values())], "●○", "↗→↘", "█▓░", "·━╌═", "✓⊘◇▲", "▲▼", "←→", "↑↓"]
)
def test_what_tells_states_apart_does_so_in_ascii(together):
    assert len({TWINS[glyph] for glyph in together}) == len(together)


def test_text_is_laid_out_with_what_will_be_shown(ascii_after):
    use_ascii(True)
    assert safe("⏎ save") == "Enter save"
    assert fit("⏎ save", 8) == "Enter s…"
    use_ascii(False)
    assert safe("⏎ save") == "⏎ save"


async def test_no_view_draws_anything_beyond_ascii_where_that_is_all_there_is(tmp_path, monkeypatch, ascii_after):
    monkeypatch.setenv("PMTUI_BORDERS", "ascii")
    build(tmp_path / "ws", lambda: MONDAY)
    app = app_over(tmp_path / "ws")
    seen = ""
    async with app.run_test(size=(120, 40)) as pilot:
        for key, view in VIEWS.items():
            await press(pilot, key)
            await until(pilot, lambda view=view: view in screen_text(app))
            for more in ["", "?", "a", "e", *{"1": "CP:t", "2": "mo", "3": "h"}.get(key, "")]:
                await press(pilot, *([more] if more else []))
                text = screen_text(app)
                seen += text
                beyond = {c for c in text if not ("\n" <= c <= "~")}
                assert not beyond, f"{view} {more}: {beyond}\n{text}"
                await press(pilot, *(["escape"] if more else []))
    assert "Enter" in seen and "----" in seen and "####" in seen


def test_what_people_wrote_is_left_as_it_is_in_ascii(workspace, tmp_path):
    new_project(tmp_path / "other", Task(title="Réunion 会議", due=dt.date(2026, 1, 1))).close()
    screen = Terminal(["--workspace", str(tmp_path / "other")], tmp_path, TERM="linux")
    try:
        screen.wait(lambda: "Réunion" in screen.text)
    finally:
        screen.close()
    assert {c for c in screen.raw.decode(errors="ignore") if c > "~"} <= set("é会議")


# Names of every script -------------------------------------------------------------

NAMES = {
    "cjk": "会議を準備する、部長と",
    "combining": "Re\u0301union a\u0300 pre\u0301parer avec l'e\u0301quipe",
    "right to left": "הכנת הפגישה עם המנהל",
    "arabic": "تحضير الاجتماع مع المدير",
    "emoji": "Launch 🚀 the pilot",
    "hangul": "회의 준비와 자료 정리",
    "thai": "ประชุมทีมโครงการกับผู้จัดการ",
    "devanagari": "परियोजना की बैठक की तैयारी",
    "tamil": "திட்டக் கூட்டம்",
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("names", [list(NAMES.values())[:5], list(NAMES.values())[5:]], ids=["these", "those"])
def test_names_of_every_script_hold_their_columns(tmp_path, size, names):
    late = dt.date.today() - dt.timedelta(days=9)
    titles = ["Plain title", *names, *(name * 8 for name in names)]
    new_project(
        tmp_path / "ws", Person(handle="zoe"), *(Task(title=title, owner="zoe", due=late) for title in titles)
    ).close()
    screen = Terminal(["--workspace", str(tmp_path / "ws")], tmp_path, size)
    try:
        screen.wait(lambda: sum("9d late" in line for line in screen.screen.display) >= len(titles))
        columns = {where(screen, y, "zoe") for y, line in enumerate(screen.screen.display) if "9d late" in line}
        lates = {where(screen, y, "9d late") for y, line in enumerate(screen.screen.display) if "9d late" in line}
    finally:
        screen.close()
    assert len(columns) == len(lates) == 1, screen.text
    assert -1 not in columns


def where(screen, y, text):
    """The column of the terminal in which a text begins on a line; -1 where it is not."""
    cells = [screen.screen.buffer[y][x].data for x in range(screen.screen.columns)]
    return next((x for x in range(len(cells)) if "".join(c[:1] for c in cells[x : x + len(text)]) == text), -1)


def test_shapes_and_letters_tell_lights_apart_without_a_colour(tmp_path):
    build(tmp_path / "ws", lambda: MONDAY)
    screen = Terminal(["--workspace", str(tmp_path / "ws")], tmp_path, NO_COLOR="1")
    try:
        screen.wait(lambda: "overdue" in screen.text and "Today" in screen.text)
        assert "▼R" in screen.text and "●G" in screen.text and "▲A" in screen.text
    finally:
        screen.close()
    assert colours_sent(screen.raw) == set()


def test_a_risk_is_on_the_screen_of_a_console(tmp_path):
    new_project(
        tmp_path / "ws",
        Risk(title="Vendor late", owner="ana", review_date=dt.date(2026, 3, 9), probability=4, impact=4),
    ).close()
    screen = Terminal(["--workspace", str(tmp_path / "ws")], tmp_path, TERM="vt220")
    try:
        screen.keys("3h")
        screen.wait("Vendor late")
    finally:
        screen.close()
    assert max(screen.raw) <= 0x7E
    assert colours_sent(screen.raw) == set()
