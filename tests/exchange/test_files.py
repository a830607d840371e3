import os
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmtui.domain.problems import Refused
from pmtui.exchange import files
from pmtui.exchange.files import read_bytes, read_content


def test_a_folder_a_pipe_a_missing_and_an_unreadable_file_are_refused_in_words(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, why in (
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is a pipe or a device"),
        (tmp_path / "none", "there is no such file"),
        (tmp_path / "\x1b[2Jnone" / "x", r"/\[2Jnone/x: there is no such file"),
    ):
        with pytest.raises(Refused, match=why):
            read_bytes(path)


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        with pytest.raises(Refused, match="can't be read"):
            read_bytes(tmp_path / "s")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_of_somebody_elses_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    secret.chmod(0)
    with pytest.raises(Refused, match="Permission denied"):
        read_bytes(secret)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "big.csv").open("wb") as big:
        big.truncate(files.SIZE_LIMIT + 1)
    with pytest.raises(Refused, match="too large: 50 MB; allowed: 50 MB"):
        read_bytes(tmp_path / "big.csv")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"PK\x03\x04....xl/workbook.xml", "a.xlsx", "Excel workbook; save the sheet as CSV"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "a.ods", "OpenDocument spreadsheet"),
        (b"PK\x03\x04", "a.zip", "packed"),
        (b"\xd0\xcf\x11\xe0", "plan.mpp", "or the plan as XML"),
        (b"%PDF-1.7", "a.pdf", "PDF"),
        (b'{"a": 1}', "a.csv", "JSON"),
        (b" ", "a.csv", "it is empty"),
        (b"1 2 3\n4 5 6\n", "a.txt", "numbers alone"),
        (b"****\n", "j1.sm", "scheduling benchmark"),
    ],
)
def test_other_formats_are_refused_for_what_they_are(data, name, why):
    with pytest.raises(Refused, match=why):
        read_content(data, name)


def test_the_name_of_a_file_is_its_last_part_and_harmless():
    assert read_content(b"Subject,Due\nx,2026-03-02\n", "/some/where/\x1b[2Jplan.csv").source == "[2Jplan.csv"


HEADINGS = ("id", "Subject", "Start", "Due", "Owner", "% Complete", "Estimate", "Status", "Follows", "Parent", "Notes")
CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["1", "#1", "2 1d", "04/05/2026", "1.250", '"', "a;b", "\x1b[2J", "9" * 400, "@", "New", "100%", "\u202e"]
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(data):
    for name in ("a.csv", "a.xml"):
        try:
            read_content(data, name)
        except Refused as refused:
            assert str(refused)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, max_size=12), max_size=6), st.sampled_from(",;\t"))
def test_any_cells_make_rows_or_problems_with_their_line(rows, mark):
    text = mark.join(HEADINGS) + "\n" + "".join(mark.join(row) + "\n" for row in rows)
    try:
        content = read_content(text.encode("utf-8", "surrogatepass"), "a.csv")
    except Refused as refused:
        assert str(refused)
        return
    assert all(problem.line for problem in content.problems)
    for row in content.rows:
        assert "\x1b" not in str(dict(row.values)) + row.key
