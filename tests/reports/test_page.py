"""Lines fit their width to the cell, whatever people wrote, and say what the Markdown says."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from pmtui.reports.blocks import (
    Bullets,
    Cell,
    Column,
    Facts,
    Figures,
    Foot,
    Heading,
    Paragraph,
    Table,
    Title,
    text_blocks,
)
from pmtui.reports.layout import cut, pad, wrap
from pmtui.reports.page import to_lines
from pmtui.reports.words import money, period, signed

TONES = {"", "muted", "strong", "accent", "bad", "warn", "good", "head", "title"}


class Page:
    def __init__(self, *blocks):
        self._blocks = blocks

    def blocks(self):
        return self._blocks


def shown(width, *blocks):
    return ["".join(text for text, _ in line) for line in to_lines(Page(*blocks), width)]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.sampled_from([
    "給与インターフェースの負荷試験", "x" * 90, "\x1b[31mred\x1b[0m", "e\u0301" * 30, "👩\u200d💻 ✔\ufe0f", "a\u202eb", "",
])  # fmt: skip


@st.composite
def pages(draw):
    columns = (Column("No.", most=8), Column("What", flex=True, wrap=draw(st.booleans())), Column("Who", most=14))
    columns += draw(st.sampled_from([(), (Column("Amount of it", "right"),)]))
    rows = draw(st.lists(st.tuples(*(texts.map(Cell) for _ in columns)), max_size=3))
    return Page(
        Title(draw(texts), draw(texts)),
        Facts(((draw(texts), draw(texts)), ("Manager", draw(texts)))),
        Heading(draw(texts)),
        Paragraph(draw(texts)),
        Bullets((draw(texts), draw(texts))),
        Figures(draw(texts), (("Budget", Cell(draw(texts))), ("Contingency left", Cell("1,000")))),
        Table(draw(texts), columns, tuple(rows), "and 3 more"),
        Foot(draw(texts)),
    )


@settings(max_examples=60, deadline=None)
@given(pages(), st.sampled_from([1, 12, 20, 38, 58, 80, 100, 120]))
def test_no_line_is_wider_than_the_page_and_none_can_act_on_the_terminal(page, width):
    for line in to_lines(page, width):
        text = "".join(part for part, _ in line)
        assert cell_len(text) <= width
        assert {tone for _, tone in line} <= TONES
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u200d" for c in text)


@given(texts, st.integers(1, 60))
def test_wrapping_loses_no_word(text, width):
    text = " ".join(text.split())
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if width > 1:
        assert all(cell_len(line) <= width for line in lines if len(line) > 1)


@given(texts, st.integers(0, 40))
def test_cut_and_padded_texts_fit(text, width):
    assert cell_len(cut(text, width)) <= width
    if cut(text, width) != text and width:
        assert cut(text, width).endswith("…")


def test_wide_characters_take_two_cells():
    assert cut("給与試験", 5) == "給与…"
    assert pad("給与", 6) == "給与  "
    assert pad("7", 3, "right") == "  7"


TABLE = Table(
    "Late",
    (Column("No."), Column("Task", flex=True), Column("Owner"), Column("Late", "right")),
    (
        (Cell("T-1", "muted"), Cell("Call the vendor"), Cell("ana"), Cell("9 days", "bad")),
        (
            Cell("T-12", "muted"),
            Cell("Train the key users of the twelve regional offices"),
            Cell("ben"),
            Cell("12 days"),
        ),
    ),
)


class TestTable:
    def test_its_title_stands_where_the_first_columns_names_would(self):
        assert shown(60, TABLE) == [
            "Late                                          Owner     Late",
            "────────────────────────────────────────────────────────────",
            "T-1   Call the vendor                         ana     9 days",
            "T-12  Train the key users of the twelve reg…  ben    12 days",
        ]

    def test_where_names_would_get_too_little_a_row_takes_two_lines(self):
        assert shown(34, TABLE) == [
            "Late",
            "  Owner                       Late",
            "──────────────────────────────────",
            "T-1   Call the vendor",
            "  ana                       9 days",
            "T-12  Train the key users of the…",
            "  ben                      12 days",
        ]

    def test_a_wide_pane_does_not_stretch_it_past_the_measure(self):
        assert max(map(len, shown(200, TABLE))) == 100

    def test_tones_stay_on_their_cells(self):
        row = to_lines(Page(TABLE), 60)[2]
        assert ("T-1 ", "muted") in row
        assert (" 9 days", "bad") in row


class TestFigures:
    ITEMS = tuple((label, Cell("1,000,000")) for label in ("Budget", "Committed", "Actual", "Variance"))

    def test_stand_under_their_labels(self):
        assert shown(60, Figures("Budget, EUR", self.ITEMS))[2:] == [
            "   Budget      Committed         Actual       Variance",
            "1,000,000      1,000,000      1,000,000      1,000,000",
        ]

    def test_break_into_rows_where_they_do_not_fit(self):
        lines = shown(38, Figures("Budget, EUR", self.ITEMS))
        assert lines[2].split() == ["Budget", "Committed", "Actual"]
        assert lines[5].split() == ["Variance"]

    def test_face_their_labels_at_the_narrowest(self):
        assert shown(20, Figures("Budget", (("Contingency left", Cell("7,000,000,000")), ("EAC", Cell("8")))))[2:] == [
            "Contin…7,000,000,000",
            "EAC                8",
        ]


def test_words_are_paragraphs_and_lists_as_they_were_typed():
    assert text_blocks("one\ntwo\n\n- a\n* b\nthree\n-\n") == (
        Paragraph("one\ntwo"),
        Bullets(("a", "b")),
        Paragraph("three\n-"),
    )
    assert text_blocks(" \n\n") == ()


def test_a_list_item_hangs_under_its_bullet():
    assert shown(24, Bullets(("one two three four five six",))) == ["• one two three four", "  five six"]


@pytest.mark.parametrize(("amount", "shown"), [("0", "0"), ("1234567.4", "1,234,567"), ("-53000", "-53,000")])
def test_thousands_are_grouped(amount, shown):
    from decimal import Decimal

    assert money(Decimal(amount)) == shown


def test_a_period_and_a_difference_in_words():
    assert period(dt.date(2026, 2, 23), dt.date(2026, 3, 2)) == "23 Feb to 2 Mar 2026"
    assert period(dt.date(2026, 3, 2), dt.date(2026, 3, 2)) == "2 Mar 2026"
    assert (signed(5), signed(-5), signed(None)) == ("+5", "-5", "\u2013")
