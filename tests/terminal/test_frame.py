"""What is sent makes the terminal show the next frame, whatever stood there before."""

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from pmtui.terminal.frame import Frame, cells_of
from pmtui.terminal.pens import PLAIN, pen_of, turn

WIDTH, HEIGHT = 24, 9
STYLES = [None, *map(Style.parse, (
    "bold", "dim", "bold dim", "underline", "reverse", "on #202530", "#d0d0d0 on #202530", "bold #ff0000", "italic blue",
    "strike on white",
))]  # fmt: skip


def terminal():
    screen = pyte.Screen(WIDTH, HEIGHT)
    screen.set_mode(pyte.modes.LNM)
    return screen, pyte.Stream(screen)


def look(screen):
    """Each line's cells, as a terminal draws them."""
    return [[seen(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def seen(cell):
    """What is seen of a cell: of a space neither its colour nor its weight."""
    marked = cell.underscore, cell.reverse, cell.strikethrough
    if cell.data == " " and not any(marked):
        return " ", cell.bg
    return cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *marked


def cells(pieces):
    row = cells_of([Segment(text, style) for text, style in pieces], ColorSystem.TRUECOLOR)[:WIDTH]
    if row and row[-1][0] != "" and len(row) == WIDTH and _is_wide(row[-1][0]):
        row[-1] = (" ", row[-1][1])
    return row + [(" ", PLAIN)] * (WIDTH - len(row))


def _is_wide(text):
    from rich.cells import cell_len

    return cell_len(text) > 1


texts = st.text(st.sampled_from("ab  cd ..人é界ñ█│"), max_size=12) | st.integers(12, 24).map(" ".ljust)
lines = st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=4).map(cells)
frames = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def shown(*sequence, erases=True):
    """A terminal after a sequence of frames, each sent as the change from the one before."""
    screen, stream = terminal()
    frame = Frame(WIDTH, HEIGHT, erases=erases)
    for rows in sequence:
        for y, row in enumerate(rows):
            frame.put(y, 0, list(row))
        stream.feed(frame.changes((0, 0)))
    return look(screen)


@given(st.lists(frames, min_size=2, max_size=4), st.booleans())
@settings(max_examples=120, deadline=None)
def test_the_last_frame_stands_there_whatever_came_before(sequence, erases):
    assert shown(*sequence, erases=erases) == shown(sequence[-1])


@given(frames, st.integers(-5, 5), st.integers(0, 3), st.integers(0, 3), lines)
@settings(max_examples=120, deadline=None)
def test_a_list_that_scrolls_between_lines_that_stay(rows, by, top, bottom, fresh):
    inner = rows[top : HEIGHT - bottom]
    moved = [inner[i + by] if 0 <= i + by < len(inner) else fresh for i in range(len(inner))]
    after = [*rows[:top], *moved, *rows[HEIGHT - bottom :]]
    assert shown(rows, after) == shown(after)


@given(frames, st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), texts)
@settings(max_examples=120, deadline=None)
def test_a_piece_of_a_line_over_wide_characters(rows, y, x, text):
    frame = Frame(WIDTH, HEIGHT)
    screen, stream = terminal()
    for at, row in enumerate(rows):
        frame.put(at, 0, list(row))
    stream.feed(frame.changes())
    piece = cells_of([Segment(text)], None)[: WIDTH - x]
    if piece and _is_wide(piece[-1][0]):
        piece = piece[:-1]
    frame.put(y, x, piece)
    stream.feed(frame.changes())
    assert shown([list(row) for row in frame._next]) == look(screen)


def test_nothing_is_sent_where_nothing_changed():
    frame = Frame(WIDTH, HEIGHT)
    frame.put(0, 0, cells([("one", None)]))
    frame.changes((0, 0))
    frame.put(0, 0, cells([("one", None)]))
    assert frame.changes((0, 0)) == ""


def test_what_was_forgotten_is_sent_again():
    frame = Frame(WIDTH, HEIGHT)
    frame.put(0, 0, cells([("one", None)]))
    first = frame.changes((0, 0))
    frame.forget()
    screen, stream = terminal()
    stream.feed("somebody else wrote here")
    stream.feed(frame.changes((0, 0)))
    assert "one" in first
    assert screen.display[0].rstrip() == "one"
    assert {line.strip() for line in screen.display[1:]} == {""}


def test_one_character_costs_a_move_and_itself():
    frame = Frame(WIDTH, HEIGHT)
    frame.put(3, 0, cells([("a line of text", None)]))
    frame.changes((0, 0))
    frame.put(3, 0, cells([("a line of tent", None)]))
    assert frame.changes() == "\x1b[4;13Hn"


def test_a_scroll_sends_the_new_line_alone():
    rows = [cells([(f"line {n} of the list", None)]) for n in range(20)]
    frame = Frame(WIDTH, HEIGHT)
    for first in (0, 1):
        for y in range(HEIGHT):
            frame.put(y, 0, list(rows[first + y]))
        sent = frame.changes((0, 0))
    assert "line 9" in sent
    assert "line 8" not in sent


@pytest.mark.parametrize("before", STYLES)
@pytest.mark.parametrize("after", STYLES)
def test_from_one_pen_to_another(before, after):
    first, second = (pen_of(style, ColorSystem.TRUECOLOR) for style in (before, after))
    screens = []
    for start in (turn(None, first) + turn(first, second), turn(None, second)):
        screen, stream = terminal()
        stream.feed(start + "x")
        screens.append(look(screen)[0][0])
    assert screens[0] == screens[1]


def test_combining_marks_stay_with_their_letter():
    row = cells_of([Segment("e\u0301x")], None)
    assert [text for text, _ in row] == ["e\u0301", "x"]


def test_a_link_never_reaches_the_terminal():
    frame = Frame(WIDTH, HEIGHT)
    frame.put(0, 0, cells([("click", Style(link="http://example.org"))]))
    assert "example.org" not in frame.changes()


OF_EVERY_SCRIPT = (
    "ประชุมทีมโครงการ",
    "परियोजना की बैठक",
    "தமிழ் கூட்டம்",
    "تحضير الاجتماع",
    "e\u0301te\u0301",
    "Launch 🚀 now",
    "👩‍💻 pairs",
    "កិច្ចប្រជុំ",
)


@pytest.mark.parametrize("others", [0, 1, 2], ids=["as nothing", "as one cell", "as two"])
@pytest.mark.parametrize("text", OF_EVERY_SCRIPT)
def test_columns_hold_where_a_terminal_measures_a_character_otherwise(monkeypatch, text, others):
    from pmtui.terminal.frame import DOUBTED

    monkeypatch.setattr(pyte.screens, "wcwidth", lambda c: others if DOUBTED.match(c) else 1)
    row = cells([(text[:12], None)])[:15] + cells([("zoe", STYLES[1])])[: WIDTH - 15]
    frame = Frame(WIDTH, HEIGHT)
    screen, stream = terminal()
    screen.reset_mode(pyte.modes.DECAWM)  # as the application does
    for title in (cells([("x" * WIDTH, None)]), row):
        for y in range(HEIGHT):
            frame.put(y, 0, list(title))
        stream.feed(frame.changes((0, 0)))
    for line in screen.display:
        assert "zoe" in line
        assert "x" not in line.replace("‍", "")
    assert {"".join(screen.buffer[y][x].data for x in range(15, 18)) for y in range(HEIGHT)} == {"zoe"}


def test_what_all_terminals_agree_on_costs_nothing_more():
    frame = Frame(WIDTH, HEIGHT)
    frame.put(0, 0, cells([("人é界ñ█│●▲✓ plain", None)]))
    assert "G" not in frame.changes()
