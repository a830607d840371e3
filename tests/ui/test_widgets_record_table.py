"""The table's cursor stands on a record, and only what is in view is ever asked for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from pmtui.widgets.record_table import Column, Heading, RecordTable

if TYPE_CHECKING:
    from pmtui.widgets.cells import Cell

pytestmark = pytest.mark.asyncio

COLUMNS = (
    Column("id", "Id", 8),
    Column("title", "Task"),
    Column("who", "Who", 5, priority=1),
    Column("cost", "EUR", 9, align="right", priority=2),
)


class HearingScreen(Screen[None]):
    def on_record_table_cursor_moved(self, message: RecordTable.CursorMoved) -> None:
        assert isinstance(self.app, TableApp)
        self.app.moves.append(message.key)


class TableApp(App[None]):
    def __init__(self, lines: Sequence[Hashable] = ()) -> None:
        super().__init__()
        self.lines = lines
        self.asked: list[Hashable] = []
        self.moves: list[Hashable | None] = []

    def compose(self) -> ComposeResult:
        yield RecordTable(COLUMNS)

    def on_mount(self) -> None:
        self.table.set_lines(self.lines, self.cells)

    @property
    def table(self) -> RecordTable:
        return self.query_one(RecordTable)

    def cells(self, key: Hashable) -> Sequence[Cell]:
        self.asked.append(key)
        return (f"T-{key}", f"Task {key}", ("ana", "accent"), "1,250")

    def get_default_screen(self) -> Screen[None]:
        return HearingScreen()

    def text(self) -> list[str]:
        table = self.table
        return [table.render_line(y).text for y in range(table.size.height)]


def cursor_line(app: TableApp) -> int:
    return next(y for y, line in enumerate(app.text()) if line.startswith("▌"))


async def test_only_lines_in_view_are_asked_for() -> None:
    app = TableApp(range(50_000))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert sorted(app.asked) == list(range(23))
        app.table.move_last()
        await pilot.pause()
        assert len(app.asked) <= 46
        assert "T-49999" in app.text()[-1]
        assert "49,978–50,000 of 50,000" in app.text()[0]


async def test_cells_are_kept_until_they_are_invalidated() -> None:
    app = TableApp(range(10))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.asked.clear()
        app.table.move(3)
        app.table.set_lines(range(10), app.cells)
        await pilot.pause()
        assert app.asked == []
        app.table.invalidate([4])
        await pilot.pause()
        assert app.asked == [4]


async def test_the_cursor_stays_on_its_record_and_on_its_line_of_the_screen() -> None:
    app = TableApp(range(100, 200))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.table.move_to(160)
        await pilot.pause()
        line = cursor_line(app)
        app.table.set_lines(range(40, 200), app.cells)
        await pilot.pause()
        assert app.table.cursor_key == 160
        assert cursor_line(app) == line
        assert app.moves == [100, 160]


async def test_a_cursor_whose_record_went_goes_to_the_nearest_following() -> None:
    app = TableApp([1, 2, 3, 4, 5])
    async with app.run_test() as pilot:
        await pilot.pause()
        app.table.move_to(3)
        app.table.set_lines([1, 2, Heading("Later"), 5], app.cells)
        assert app.table.cursor_key == 5
        app.table.set_lines([1, 2], app.cells)
        assert app.table.cursor_key == 2
        app.table.set_lines([], app.cells)
        assert app.table.cursor_key is None
        app.table.set_lines([Heading("New"), 9], app.cells)
        assert app.table.cursor_key == 9


async def test_the_cursor_never_stands_on_a_heading() -> None:
    app = TableApp([Heading("Overdue", 2), 1, 2, Heading(""), Heading("This week", 1), 3])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert app.table.cursor_key == 1
        assert "Overdue 2" in app.text()[1]
        app.table.move(2)
        assert app.table.cursor_key == 3
        app.table.move(-1)
        assert app.table.cursor_key == 2
        app.table.move(-5)
        assert app.table.cursor_key == 1
        app.table.move_last()
        app.table.page(-1)
        assert app.table.cursor_key == 1
        app.table.page(1)
        assert app.table.cursor_key == 3


async def test_a_cursor_move_repaints_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(range(1000))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn: list[int] = []
        render = app.table.render_line
        monkeypatch.setattr(app.table, "render_line", lambda y: (drawn.append(y), render(y))[1])
        app.table.move(1)
        await pilot.pause()
        assert sorted(drawn) == [1, 2]
        drawn.clear()
        app.table.set_lines(range(1000), app.cells)
        await pilot.pause()
        assert drawn == []


async def test_scrolling_goes_by_half_a_page() -> None:
    app = TableApp(range(1000))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.table.move(22)
        assert app.table.top == 0
        app.table.move(1)
        assert app.table.top == 12
        app.table.move(-12)
        assert app.table.top == 0


@pytest.mark.parametrize(
    ("width", "headings"),
    [(80, ["Id", "Task", "Who", "EUR"]), (40, ["Id", "Task", "Who"]), (30, ["Id", "Task"])],
)
async def test_narrow_tables_drop_what_matters_least(width: int, headings: list[str]) -> None:
    app = TableApp(range(3))
    async with app.run_test(size=(width, 12)) as pilot:
        await pilot.pause()
        assert app.text()[0].split() == headings
        assert all(len(line) == width for line in app.text())
        if "EUR" in headings:
            assert app.text()[1].endswith("1,250")


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (10, 1)])
async def test_a_tiny_screen_is_survived(size: tuple[int, int]) -> None:
    app = TableApp([Heading("Overdue", 2), *range(30)])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.table.move(5)
        app.table.page(1)
        await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert cursor_line(app)


async def test_widths_follow_a_resize() -> None:
    app = TableApp(range(30))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        app.table.move_last()
        await pilot.resize_terminal(100, 20)
        await pilot.pause()
        assert app.text()[0].split()[-1] == "EUR"
        assert cursor_line(app) == 19


async def test_marks_are_seen_beside_the_cursor() -> None:
    app = TableApp(range(5))
    async with app.run_test() as pilot:
        await pilot.pause()
        app.table.toggle_mark(0)
        app.table.toggle_mark(2)
        await pilot.pause()
        assert app.text()[1].startswith("▌● T-0")
        assert app.table.cursor_offset == (0, 1)
        assert app.text()[3].startswith(" ● T-2")
        assert app.table.marked == {0, 2}
        app.table.toggle_mark(2)
        app.table.set_marks({4})
        assert app.table.marked == {4}


async def test_hostile_cells_reach_no_strip() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        bad = "\x1b]52;c;eA==\x07\u202e[/foo]\n\x9b2J"
        app.table.columns = (Column("\x1bk", "\x1b[31mHead", 8), Column("t", "Task"))
        app.table.set_lines([Heading(bad, 1), 1], lambda _: (bad, ((bad, "bad"), ("移行" * 60, ""))))
        await pilot.pause()
        text = "".join(app.text())
        assert text.isprintable()
        assert "[/foo]" in text
        assert all(app.table.render_line(y).cell_length == 80 for y in range(3))


async def test_an_empty_table_says_what_it_is_for() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        app.table.empty = ["No risks yet.", (("a", "accent"), (" adds the first.", ""))]
        await pilot.pause()
        assert [line.strip() for line in app.text()[2:4]] == ["No risks yet.", "a adds the first."]
        app.table.move(1)
        app.table.page(-1)
        app.table.move_last()
        assert app.table.cursor_key is None


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
async def test_the_cursor_line_differs_by_more_than_its_bar(theme: str) -> None:
    app = TableApp(range(3))
    async with app.run_test() as pilot:
        app.theme = theme
        await pilot.pause()
        first, second = (next(iter(app.table.render_line(y))).style for y in (1, 2))
        assert first is not None
        assert second is not None
        assert first.reverse or first.bgcolor != second.bgcolor


async def test_a_new_theme_reaches_the_lines() -> None:
    app = TableApp(range(3))
    async with app.run_test() as pilot:
        await pilot.pause()
        before = list(app.table.render_line(2))
        app.theme = "textual-light"
        await pilot.pause()
        assert list(app.table.render_line(2)) != before
