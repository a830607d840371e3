"""The board's cursor stands on a card, walks over what is empty, and repaints two cards."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from pmtui.widgets.board import BoardColumn, BoardView, Card, Lane

pytestmark = pytest.mark.asyncio

COLUMNS = (
    BoardColumn("todo", "To do"),
    BoardColumn("doing", "Doing", limit=2),
    BoardColumn("blocked", "Blocked"),
    BoardColumn("done", "Done"),
)


class HearingScreen(Screen[None]):
    def on_board_view_cursor_moved(self, message: BoardView.CursorMoved) -> None:
        assert isinstance(self.app, BoardApp)
        self.app.moves.append(message.key)


class BoardApp(App[None]):
    def __init__(self, lanes: Sequence[Lane], columns: Sequence[BoardColumn] = COLUMNS, height: int = 3) -> None:
        super().__init__()
        self.lanes, self.columns, self.height = lanes, columns, height
        self.asked: list[tuple[Hashable, int]] = []
        self.moves: list[Hashable | None] = []

    def compose(self) -> ComposeResult:
        yield BoardView(self.card, card_height=self.height)

    def on_mount(self) -> None:
        self.board.set_model(self.columns, self.lanes)

    @property
    def board(self) -> BoardView:
        return self.query_one(BoardView)

    def card(self, key: Hashable, width: int) -> Card:
        self.asked.append((key, width))
        return Card((f"Card {key}", "second line", (("ana ", ""), ("9d late", "bad"))))

    def get_default_screen(self) -> Screen[None]:
        return HearingScreen()

    def text(self) -> list[str]:
        return [self.board.render_line(y).text for y in range(self.board.size.height)]


def lane(title: str = "", **cells: Sequence[Hashable]) -> Lane:
    return Lane(title, cells)


def one(cells: Mapping[str, Sequence[Hashable]]) -> list[Lane]:
    return [Lane("", cells)]


async def test_only_cards_in_view_are_drawn() -> None:
    ids = [column.id for column in COLUMNS]
    cells = {name: range(at * 2500, at * 2500 + 2500) for at, name in enumerate(ids)}
    app = BoardApp([Lane("", cells)])
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        assert len(app.asked) == 4 * 6
        app.board.move_last()
        await pilot.pause()
        assert app.board.cursor_key == 2499
        assert len(app.asked) <= 4 * 13
        assert any("▌Card 2499" in line for line in app.text())


async def test_the_header_counts_and_warns_and_the_cursor_is_marked() -> None:
    app = BoardApp(one({"todo": ["a", "b"], "doing": ["c", "d", "e"]}))
    async with app.run_test(size=(100, 24)) as pilot:
        app.board.toggle_mark("a")
        await pilot.pause()
        header, rule, *body = app.text()
        assert header.split() == ["To", "do", "2", "Doing", "3/2!", "Blocked", "0", "Done", "0"]
        assert rule.split() == ["─" * len(part) for part in rule.split()]
        assert body[0].startswith("●▌Card a")
        assert [line[1] for line in body[:4]] == ["▌", "▌", "▌", " "]


async def test_left_and_right_skip_empty_columns_and_keep_the_row() -> None:
    app = BoardApp(one({"todo": list("abcd"), "doing": ["e"], "done": list("wxyz")}))
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        board = app.board
        board.move(0, 2)
        board.move(1, 0)
        assert board.cursor_key == "e"
        assert board.cursor_offset == (board.columns_in_view()[1].x + 1, 2)
        board.move(1, 0)
        assert board.cursor_key == "y"
        board.move(1, 0)
        assert board.cursor_key == "y"
        board.move(-2, 0)
        assert board.cursor_key == "c"
        await pilot.pause()
        assert app.moves[-1] == "c"


async def test_lanes_are_named_and_crossed() -> None:
    lanes = [
        lane("ana", todo=["a1", "a2"], doing=["a3"]),
        lane("ben", doing=["b1"]),
        lane("chi", todo=["c1"], done=["c2"]),
    ]
    app = BoardApp(lanes, height=1)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        board = app.board
        names = [line.split() for line in app.text() if "──" in line][1:]
        assert [(name[0], name[-1]) for name in names] == [("ana", "3"), ("ben", "1"), ("chi", "2")]
        board.move(0, 2)
        assert (board.cursor_key, board.cursor_lane) == ("c1", "chi")
        board.move(1, 0)
        assert board.cursor_key == "c2"
        board.move(-1, 0)
        assert board.cursor_key == "c1"
        board.move_first()
        board.move(2, 0)
        assert (board.cursor_key, board.cursor_column) == ("c2", "done")
        board.move(-1, -9)
        assert board.cursor_key == "c1"
        board.move_to("b1")
        board.move(0, -1)
        assert board.cursor_key == "a3"


async def test_the_cursor_follows_its_card_or_stays_in_its_column() -> None:
    app = BoardApp(one({"todo": ["a", "b", "c"], "doing": ["d"]}))
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        board = app.board
        board.move_to("b")
        board.set_model(COLUMNS, one({"todo": ["a", "c"], "doing": ["d", "b"]}))
        assert (board.cursor_key, board.cursor_column) == ("b", "doing")
        board.move_to("a")
        board.set_model(COLUMNS, one({"todo": ["new", "c"], "doing": ["d", "b"]}))
        assert board.cursor_key == "c"
        board.set_model(COLUMNS, one({"doing": ["d", "b"]}))
        assert board.cursor_key == "d"
        board.set_model(COLUMNS, one({}))
        assert board.cursor_key is None
        await pilot.pause()
        assert app.moves[-1] is None


async def test_a_folded_column_is_a_stripe_that_no_cursor_enters() -> None:
    columns = (BoardColumn("log", "Backlog", folded=True), *COLUMNS)
    app = BoardApp(one({"log": list("xyz"), "todo": ["a"], "done": ["b"]}), columns)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        board = app.board
        assert board.columns_in_view()[0].width == 4
        assert app.text()[0].startswith("  Bac…  To do")
        assert app.text()[1].startswith("  3     ─")
        assert board.cursor_key == "a"
        board.move(-1, 0)
        assert board.cursor_key == "a"
        assert not board.move_to("y")
        assert {key for key, _ in app.asked} == {"a", "b"}
        board.set_model(columns, one({"todo": ["a"]}))
        await pilot.pause()
        assert "Bac…" not in app.text()[0]


async def test_a_narrow_board_scrolls_by_columns() -> None:
    app = BoardApp(one({column.id: [column.id] for column in COLUMNS}))
    async with app.run_test(size=(45, 24)) as pilot:
        await pilot.pause()
        assert app.text()[0].split()[:2] == ["To", "do"]
        assert app.text()[0].endswith("›")
        app.board.move(3, 0)
        await pilot.pause()
        assert app.text()[0].startswith("‹ Blocked")
        assert not app.text()[0].endswith("›")
        assert any("▌Card done" in line for line in app.text())
        app.board.move(-1, 0)
        await pilot.pause()
        assert app.text()[0].startswith("‹ Blocked")
        await pilot.resize_terminal(100, 24)
        await pilot.pause()
        assert app.text()[0].split()[0] == "To"


async def test_a_move_repaints_the_lines_of_two_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    app = BoardApp(one({"todo": range(100)}))
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        drawn: list[int] = []
        render = app.board.render_line
        monkeypatch.setattr(app.board, "render_line", lambda y: (drawn.append(y), render(y))[1])
        app.board.move(0, 1)
        await pilot.pause()
        assert sorted(drawn) == [2, 3, 4, 6, 7, 8]
        drawn.clear()
        app.board.invalidate([3])
        await pilot.pause()
        assert drawn == []


async def test_scrolling_stops_where_a_card_begins() -> None:
    app = BoardApp(one({"todo": range(100)}))
    async with app.run_test(size=(100, 23)) as pilot:
        await pilot.pause()
        for _ in range(99):
            app.board.move(0, 1)
            assert app.board.top % 4 == 0
        await pilot.pause()
        assert [line[1] for line in app.text()].count("▌") == 3
        app.board.page(-1)
        assert app.board.cursor_key == 94
        app.board.move_first()
        assert app.board.top == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (12, 4), (20, 6)])
async def test_a_tiny_screen_is_survived(size: tuple[int, int]) -> None:
    app = BoardApp([lane("ana", todo=list("abc"), done=list("de")), lane("ben", doing=["f"])])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for dx, dy in [(1, 0), (1, 0), (0, 1), (0, 1), (-1, 0), (-1, -1)]:
            app.board.move(dx, dy)
            await pilot.pause()
        await pilot.resize_terminal(100, 24)
        await pilot.pause()
        assert any("▌" in line for line in app.text())


async def test_hostile_cards_and_titles_reach_no_strip() -> None:
    bad = "\x1b]52;c;eA==\x07\u202e[/foo]\n移行"
    app = BoardApp([Lane(bad, {"t": [1]})], (BoardColumn("t", bad, 1), BoardColumn("u", "\x9bU")))
    async with app.run_test(size=(80, 24)) as pilot:
        app.board.card = lambda _key, _width: Card((bad, (bad, "bad"), ((bad, "warn"),)), "muted")
        await pilot.pause()
        text = app.text()
        assert "".join(text).isprintable()
        assert "[/foo]" in text[3]
        assert all(app.board.render_line(y).cell_length == 80 for y in range(8))


async def test_an_empty_board_says_what_it_is_for() -> None:
    app = BoardApp([])
    async with app.run_test() as pilot:
        app.board.empty = ["No tasks yet: a adds the first."]
        await pilot.pause()
        assert "a adds the first" in app.text()[3]
        app.board.move(1, 1)
        app.board.page(1)
        app.board.move_last()
        assert app.board.cursor_key is None


async def test_a_folded_lane_is_its_name_and_count_that_no_cursor_enters() -> None:
    lanes = [lane("ana", todo=["a1", "a2"]), lane("ben", todo=["b1"]), lane("chi", todo=["c1"])]
    app = BoardApp(lanes)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        board = app.board
        board.move(0, 2)
        assert board.cursor_key == "b1"
        folded = [lanes[0], Lane("ben", lanes[1].cells, folded=True), lanes[2]]
        board.set_model(COLUMNS, folded)
        assert board.cursor_key == "c1"
        board.move(0, -1)
        assert board.cursor_key == "a2"
        await pilot.pause()
        assert any(line.split()[:2] == ["▸", "ben"] and line.split()[-1] == "1" for line in app.text())
        assert board.visible_keys == ["a1", "a2", "c1"]
        assert app.text()[0].split()[:3] == ["To", "do", "4"]
        board.set_model(COLUMNS, [Lane(each.title, each.cells, folded=True) for each in lanes])
        assert board.cursor_key is None
        await pilot.pause()
        assert [line.split()[1] for line in app.text() if "▸" in line] == ["ana", "ben", "chi"]
        board.set_model(COLUMNS, lanes)
        assert board.cursor_key == "a1"


async def test_the_limit_counts_what_a_filter_hides() -> None:
    columns = (BoardColumn("doing", "Doing", limit=2, held=3), BoardColumn("done", "Done"))
    app = BoardApp(one({"doing": ["a"]}), columns)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        assert "1 of 3/2!" in app.text()[0]
