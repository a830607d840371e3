"""What fits a page is measured by the typeface itself; what does not is left out by how much it matters, and counted."""

import random

import pytest
from full_reports import full_report, name

from pmtui.reports import measure
from pmtui.reports.blocks import Bullets, Cell, Column, Figures, Heading, Paragraph, Table, Title
from pmtui.reports.fontfile import FontFile, UnreadableFont
from pmtui.reports.measure import BOLD, REGULAR, width, wrap
from pmtui.reports.paper import PAGE, Sheet, column_widths, figure_lines, fit, height, without_a_row
from pmtui.reports.words import left_out, more_words


def table(rows, title="Risks", **more):
    cells = tuple((Cell(f"R-{n}"), Cell(f"risk {n}"), Cell("ana")) for n in range(rows))
    return Table(title, (Column("No."), Column("Risk", flex=True), Column("Owner", most=14)), cells, **more)


def numbers(found):
    return [row[0].text for row in found.rows]


def test_widths_are_those_that_the_font_library_reads():
    from fontTools.ttLib import TTFont

    for path in (REGULAR, BOLD):
        font, own = TTFont(path), FontFile(path)
        advances, units = font["hmtx"], font["head"].unitsPerEm
        for code, glyph in font.getBestCmap().items():
            assert own.advance(chr(code)) == pytest.approx(advances[glyph][0] / units)


@pytest.mark.parametrize("data", [b"", b"no font", b"ttcf" + bytes(40), b"\0\1\0\0" + b"\xff" * 200])
def test_what_is_no_font_is_said(tmp_path, data):
    path = tmp_path / "x.ttf"
    path.write_bytes(data)
    with pytest.raises(UnreadableFont):
        "a" in FontFile(path)  # noqa: B015


def test_wrapped_lines_fit_and_lose_nothing():
    rng = random.Random(7)
    for _ in range(300):
        text = name(rng, rng.randint(2, 120)) + rng.choice(["", " 給与試験", " क्षत्रिय", " الجديد"])
        room, size = rng.uniform(20, 400), rng.choice([7.5, 9.0, 12.0])
        lines = wrap(text, room, size)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(width(line, size) <= room + 0.01 or len(line) == 1 for line in lines)


def test_a_script_without_measure_is_taken_for_wide():
    assert width("給与", 10) >= 20
    assert width("हि", 10) > width("h", 10)
    assert measure.line_height("給与") > measure.line_height("pay")


def test_columns_share_the_width_and_names_keep_their_part():
    rng = random.Random(3)
    for _ in range(200):
        columns = tuple(Column(name(rng, 8), flex=at == 1, most=rng.choice([0, 14])) for at in range(rng.randint(2, 7)))
        rows = [[Cell(name(rng, rng.randint(2, 90))) for _ in columns] for _ in range(4)]
        widths = column_widths(columns, rows, 510.0, 8.0)
        assert sum(widths) == pytest.approx(510.0)
        assert all(taken > 0 for taken in widths)
        longest = max(width(row[1].text, 8.0) for row in rows)
        assert widths[1] >= min(longest, 0.38 * 510 - 0.1)


def test_the_row_that_matters_least_goes_first_wherever_it_stands():
    found = table(4, rank=(2, 0, 3, 1))
    gone = []
    while found.rows:
        before = set(numbers(found))
        found = without_a_row(found)
        gone += before - set(numbers(found))
    assert gone == ["R-2", "R-0", "R-3", "R-1"]
    assert left_out(found.more) == 4


def test_what_was_left_out_before_is_counted_too():
    assert without_a_row(table(3, more="and 1,028 more")).more == "and 1,029 more"


@pytest.mark.parametrize("count", [0, 1, 28, 1_234_567])
def test_counts_read_back(count):
    assert left_out(more_words(count)) == count
    assert left_out(more_words(count, none_shown=True)) == count
    assert left_out("and so on, 28 more") == 0


def test_a_table_that_matters_keeps_its_rows_longer_and_a_whole_one_all():
    sheet = Sheet(500, 300, (8.0, 7.5))
    found = fit([table(8, "Done"), table(8, "Wanted", keep=4), table(5, "Lights", whole=True)], sheet).blocks
    done, wanted, lights = found
    assert len(done.rows) <= len(wanted.rows) <= len(done.rows) + 1
    assert len(lights.rows) == 5
    assert len(done.rows) + left_out(done.more) == 8


def test_fitted_is_never_higher_than_the_page_and_shows_all_where_there_is_room():
    for seed in range(12):
        rng = random.Random(seed)
        report = full_report(seed, many=rng.randint(0, 40), words=rng.randint(0, 700), length=rng.randint(10, 60))
        blocks = report.blocks()
        fitted = fit(blocks)
        assert fitted.pages == 1
        assert height(fitted.blocks, PAGE.width, fitted.size) <= PAGE.height
        if height(blocks, PAGE.width, 9.0) <= PAGE.height:
            assert fitted.blocks == blocks and fitted.size == 9.0


def test_type_gets_smaller_before_rows_go():
    blocks = [Title("x"), *(table(12) for _ in range(3))]
    assert fit(blocks, Sheet(500, 500, (9.0, 8.5, 8.0, 7.5))).size < 9.0
    assert fit(blocks, Sheet(500, 500, (9.0, 8.5, 8.0, 7.5))).blocks == tuple(blocks)


def test_words_are_never_left_out():
    words = [Heading("Summary"), *(Paragraph("One more line of words.") for _ in range(200)), Bullets(("a", "b"))]
    fitted = fit([*words, table(8)])
    assert fitted.pages > 1
    assert fitted.blocks == (*words, table(8))


def test_figures_stand_on_as_few_lines_as_they_fit_on():
    def lines(amount):
        figures = Figures("Budget", tuple((f"label {n}", Cell(amount)) for n in range(6)))
        return [len(line) for line in figure_lines(figures, 510.0, 8.0)]

    assert lines("1,000") == [6]
    assert lines("1,000,000,000,000,000.00") == [3, 3]
    assert lines("9" * 200) == [1] * 6
