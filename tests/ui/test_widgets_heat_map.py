"""The heat map is walked by key and read without colour."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from pmtui.widgets.heat_map import HeatMap

pytestmark = pytest.mark.asyncio


def band(probability: int, impact: int) -> tuple[str, str]:
    return ("H", "bad") if probability * impact >= 15 else ("L", "good")


class MapApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[tuple[int, int, int]] = []

    def compose(self) -> ComposeResult:
        yield HeatMap(band)

    def on_mount(self) -> None:
        counts = ({(5, 5): 3, (1, 1): 12}, {(2, 3): 4})
        self.map.set_counts(("Inherent", "Residual"), counts)

    @property
    def map(self) -> HeatMap:
        return self.query_one(HeatMap)

    def on_heat_map_cell_chosen(self, message: HeatMap.CellChosen) -> None:
        self.chosen.append((message.grid, message.probability, message.impact))

    def text(self) -> list[str]:
        return [self.map.render_line(y).text for y in range(self.map.size.height)]


async def test_it_shows_counts_and_bands_in_nine_lines() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = app.text()
        assert len(lines) == 9
        assert lines[0].split() == ["Inherent", "Residual"]
        assert "[  3H]" in lines[2]
        assert "12L" in lines[6]
        assert "4L" in lines[5]
        assert lines[7].split() == ["1", "2", "3", "4", "5"] * 2


async def test_keys_walk_and_choose() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.map.move(-2, 1)
        assert app.map.cursor == (0, 4, 3)
        app.map.move(9, 9)
        assert app.map.cursor == (0, 1, 5)
        app.map.switch_grid()
        app.map.choose()
        await pilot.pause()
        assert app.chosen == [(1, 1, 5)]
        app.map.show_cursor = False
        await pilot.pause()
        assert "[" not in "".join(app.text())


async def test_a_move_repaints_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    app = MapApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn: list[int] = []
        render = app.map.render_line
        monkeypatch.setattr(app.map, "render_line", lambda y: (drawn.append(y), render(y))[1])
        app.map.move(0, 1)
        await pilot.pause()
        assert sorted(drawn) == [2, 3]


@pytest.mark.parametrize(("width", "titles"), [(60, 2), (70, 2), (59, 1), (20, 1)])
async def test_a_narrow_map_shows_the_grid_in_use(width: int, titles: int) -> None:
    app = MapApp()
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        assert len(app.text()[0].split()) == titles
        app.map.switch_grid()
        await pilot.pause()
        assert "Residual" in app.text()[0]
        assert all(app.map.render_line(y).cell_length == width for y in range(9))
