"""Whatever is done to a list or a board, no line on the screen is left as it was before."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from pmtui.widgets.board import BoardColumn, BoardView, Card, Lane
from pmtui.widgets.record_table import Column, Heading, RecordTable

if TYPE_CHECKING:
    from pmtui.widgets.toned import LineView

pytestmark = pytest.mark.asyncio

FOLDABLE = ("a", "b", "c", "d", "e")


class BothApp(App[None]):
    def compose(self) -> ComposeResult:
        table = RecordTable((Column("id", "Id", 6), Column("title", "Title")))
        table.set_lines([Heading("Set before it is mounted", 3), 1, 2, 3], lambda key: (str(key), "x"))
        yield table
        yield BoardView(lambda key, _: Card((f"card {key}", "line", "line")))


def stale_lines(view: LineView) -> list[int]:
    """Give the lines that Textual would draw otherwise than the view would now."""
    width, height = view.size
    return [y for y in range(height) if view.render_lines(Region(0, y, width, 1))[0].text != view.draw_line(y).text]


def disturb_table(table: RecordTable, chance: random.Random) -> None:
    keys = sorted(chance.sample(range(200), chance.randrange(60)))
    lines = [line for key in keys for line in ([Heading(f"h{key}", key), key] if key % 7 == 0 else [key])]
    match chance.randrange(9):
        case 0 | 1:
            table.set_lines(lines, lambda key: (str(key), f"title {key}"))
        case 2:
            table.page(chance.choice((-1, 1)))
        case 3:
            table.toggle_mark(chance.randrange(200))
        case 4:
            table.move_last() if chance.random() < 0.5 else table.move_first()
        case 5:
            table.move_to(chance.randrange(200))
        case 6:
            table.show_header = chance.random() < 0.5
        case _:
            table.move(chance.randrange(-9, 10))


def disturb_board(board: BoardView, chance: random.Random) -> None:
    keys = chance.sample(range(200), 60)
    columns = [BoardColumn(name, name, 5, folded=chance.random() < 0.2) for name in FOLDABLE]
    lanes = [
        Lane(
            f"lane {at}" if at else "",
            {name: keys[at * 20 + i * 4 :][: i + 1] for i, name in enumerate("abcd")},
        )
        for at in range(chance.randrange(4))
    ]
    match chance.randrange(9):
        case 0 | 1:
            board.set_model(columns, lanes)
        case 2:
            board.page(chance.choice((-1, 1)))
        case 3:
            board.toggle_mark(chance.choice(keys))
        case 4:
            board.move_last() if chance.random() < 0.5 else board.move_first()
        case 5:
            board.move_to(chance.choice(keys))
        case 6:
            board.card_height = chance.choice((1, 3))
        case _:
            board.move(chance.randrange(-2, 3), chance.randrange(-3, 4))


@pytest.mark.parametrize("seed", range(2))
async def test_no_line_is_left_stale(seed: int) -> None:
    chance = random.Random(seed)
    app = BothApp()
    async with app.run_test(size=(70, 32)) as pilot:
        await pilot.pause()
        table, board = app.query_one(RecordTable), app.query_one(BoardView)
        assert table.cursor_key == 1
        for _ in range(50):
            disturb_table(table, chance)
            disturb_board(board, chance)
            if chance.random() < 0.05:
                await pilot.resize_terminal(chance.randrange(30, 110), chance.randrange(8, 40))
            await pilot.pause()
            await pilot.pause()
            assert stale_lines(table) == []
            assert stale_lines(board) == []
            for view in (table, board):
                if view.cursor_key is not None and view.size.height > view.fixed_lines:
                    offset = view.cursor_offset
                    assert offset is not None
                    assert view.fixed_lines <= offset.y < view.size.height
                    assert view.draw_line(offset.y).text[offset.x] == "▌"
