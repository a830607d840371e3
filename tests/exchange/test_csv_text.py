from pathlib import Path

import pytest

from pmtui.domain.problems import Refused
from pmtui.exchange.csv_text import decode, delimiter_of, read_records

REDMINE = Path(__file__).parents[3] / "shared" / "data" / "redmine_csv"


def cells(text):
    return [record.cells for record in read_records(text)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_each_delimiter_is_found_in_the_heading(mark):
    assert cells(f"a{mark}b\n1{mark}2\n") == [("a", "b"), ("1", "2")]


def test_a_delimiter_within_quotes_of_the_heading_does_not_count():
    assert delimiter_of('"a, b, c, d";e;f\n') == ";"


def test_a_first_line_sep_says_the_delimiter():
    assert cells("sep=;\na;b,c\n1;2\n") == [("a", "b,c"), ("1", "2")]


def test_quotes_keep_delimiters_newlines_and_doubled_quotes():
    assert cells('a,b\n"x, y","one\ntwo ""three"""\n') == [("a", "b"), ("x, y", 'one\ntwo "three"')]


def test_lines_are_those_of_the_file_also_after_quoted_newlines():
    assert [r.line for r in read_records('a,b\n"one\ntwo\nthree",x\n\n,\nlast,y\n')] == [1, 2, 7]


def test_blank_lines_and_rows_of_empty_cells_are_no_records():
    assert cells("\n\na;b\n;\n1;2\n;;;\n") == [("a", "b"), ("1", "2")]


def test_a_quote_that_is_never_closed_is_refused_on_the_line_that_opens_it():
    with pytest.raises(Refused, match=r"^line 4: .*a quote is opened here and never closed"):
        read_records('a,b\n"one\ntwo",x\ny,"open\nmore\nand more')


def test_text_after_a_closing_quote_is_refused_by_line():
    with pytest.raises(Refused, match=r"^line 2: .*text after a closing quote"):
        read_records('a,b\n"one" two,x\n')


def test_a_quote_inside_a_bare_cell_is_text():
    assert cells('a,b\n5" disk,x\n') == [("a", "b"), ('5" disk', "x")]


def test_a_large_file_with_an_open_quote_is_refused_at_once():
    with pytest.raises(Refused, match="never closed"):  # looked through once a character, it would take hours
        read_records("a,b\n" + '"' + 'x""' * 300_000)


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        (b"\xef\xbb\xbfname\r\n", "name\n", ""),
        ("näme\r".encode(), "näme\n", ""),
        ("näme €".encode("cp1252"), "näme €", "read as Windows-1252 text: it is not UTF-8"),
        ("name\tä".encode("utf-16"), "name\tä", ""),
    ],
)
def test_the_encoding_is_found_and_a_guess_is_said(data, text, said):
    assert decode(data) == (text, said)


@pytest.mark.parametrize("data", [b"a,b\n\x81\xff\n", b"a\x00b"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(Refused):
        decode(data)


def test_too_many_columns_are_refused():
    with pytest.raises(Refused, match="columns"):
        read_records("a," * 2000 + "\n")


@pytest.mark.skipif(not REDMINE.exists(), reason="the real files are not here")
def test_redmine_crlf_within_a_quoted_heading():
    text, _ = decode((REDMINE / "import_crlf_with_newline_in_quoted_header.csv").read_bytes())
    assert [(r.line, r.cells) for r in read_records(text)] == [
        (1, ("plain_header", "quoted_header\ncontains_LF")),
        (3, ("foo", "bar")),
    ]
