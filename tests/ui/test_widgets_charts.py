"""Charts can be read without colour."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from pmtui.widgets.charts import bar, line_chart, nice_ceiling, sparkline


def text(row: tuple[tuple[str, str], ...]) -> str:
    return "".join(part for part, _ in row)


def test_the_parts_of_a_bar_have_their_own_characters() -> None:
    row = bar([(50, "good"), (20, "accent"), (10, "muted")], 100, 10)
    assert text(row) == "█████▓▓░··"
    assert row[0] == ("█████", "good")
    assert text(bar([(50, ""), (20, ""), (10, "")], 100, 10, ascii=True)) == "#####==-.."


def test_a_bar_over_its_total_says_so() -> None:
    row = bar([(90, "good"), (20, "accent")], 100, 10)
    assert text(row) == "█████████▶"
    assert row[-1] == ("▶", "bad")
    assert text(bar([(5, "")], 0, 4)) == "███▶"


@pytest.mark.parametrize("width", range(15))
@pytest.mark.parametrize("parts", [[], [0.001], [30, 0.5, 70], [-5, 10], [float("nan")], [200]])
def test_a_bar_is_as_wide_as_asked(parts: list[float], width: int) -> None:
    assert cell_len(text(bar([(part, "") for part in parts], 100, width))) == width


def test_a_small_part_still_shows() -> None:
    assert text(bar([(0.1, "good")], 100, 10)) == "█·········"


def test_a_sparkline_spans_least_to_greatest() -> None:
    assert sparkline([0, 7, None, 3.5], 10) == "▁█ ▅"
    assert sparkline([], 5) == ""
    assert sparkline([None, None], 5) == "  "
    assert sparkline([4, 4], 5) == "▄▄"
    assert sparkline([0, 0, 10, 10], 2) == "▁█"


def test_round_numbers_top_the_axis() -> None:
    assert [nice_ceiling(value) for value in (0, 7, 100, 290_000, 0.3)] == [
        1,
        8,
        100,
        300_000,
        pytest.approx(0.3),
    ]


def test_a_burn_chart_has_an_axis_a_legend_and_a_character_for_each_series() -> None:
    plan = [0, 100_000, 200_000, 240_000]
    actual = [0, 90_000, None, None]
    lines = line_chart([("plan", "muted", plan), ("actual", "good", actual)], 50, 10, ["Jun", "Jul", "Aug", "Sep"])
    rows = [text(line) for line in lines]
    assert len(rows) == 10
    assert all(cell_len(row) == 50 for row in rows)
    assert rows[0].split() == ["··", "plan", "━━", "actual"]
    assert rows[1].startswith("250,000│")
    assert rows[7].startswith("      0│━")
    assert rows[8] == "       └" + "─" * 42
    assert rows[9].split() == ["Jun", "Jul", "Aug", "Sep"]
    assert sum(row.count("·") for row in rows[1:8]) > 20


def test_a_chart_without_values_or_room_is_survived() -> None:
    assert line_chart([], 5, 2) == []
    assert len(line_chart([("plan", "", [])], 40, 6)) == 6
    assert len(line_chart([("移行\x1b", "", [1.0, None, float("nan")])], 14, 4, ["移行"])) == 4
