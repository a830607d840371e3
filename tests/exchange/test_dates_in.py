import datetime as dt

import pytest

from pmtui.domain.problems import Refused
from pmtui.exchange.dates_in import day_order, is_doubtful, read_day, read_time


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-05",
        "2026/12/05",
        "2026-12-05T00:00:00Z",
        "2026-12-05 00:00:00",
        "5.12.2026",
        "5 Dec 2026",
        "05-Dec-26",
        "Sat 5 December 2026",
        "Dec 5, 2026",
        "Sat 05/12/26 8:00",
    ],
)
def test_many_ways_to_write_one_day(text):
    assert read_day(text, day_first=True) == dt.date(2026, 12, 5)


def test_the_order_of_the_file_settles_day_and_month():
    assert read_day("04/05/2026", day_first=True) == dt.date(2026, 5, 4)
    assert read_day("04/05/2026", day_first=False) == dt.date(2026, 4, 5)


@pytest.mark.parametrize(
    "text", ["fri", "+2w", "today", "15 dec", "31/02/2026", "1899-12-31", "2026-13-01", "soon", "9" * 5000]
)
def test_what_is_no_day_in_full_is_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="allowed"):
        read_day(text, day_first=True)


def test_a_month_that_cannot_be_is_not_turned_round_in_silence():
    with pytest.raises(ValueError, match="no such day with the day first"):
        read_day("04/15/2015", day_first=True)


def test_one_unambiguous_cell_decides_for_the_file():
    assert day_order([(2, "04/05/2026"), (3, "25/05/2026")]) is True
    assert day_order([(2, "04/05/2026"), (3, "05/25/2026")]) is False
    assert day_order([(2, "04/05/2026"), (3, "2026-05-25"), (4, "25.05.2026")]) is None


def test_cells_that_contradict_each_other_are_refused_with_both():
    with pytest.raises(Refused, match=r"25/05/2026 \(line 2\), 05/25/2026 \(line 9\).*--dates dmy or --dates mdy"):
        day_order([(2, "25/05/2026"), (9, "05/25/2026")])


def test_a_day_that_reads_the_same_either_way_is_not_doubtful():
    assert is_doubtful("04/05/2026")
    assert not any(map(is_doubtful, ("05/05/2026", "25/05/2026", "4.5.2026", "2026-05-04")))


def test_moments_are_local_and_a_zone_is_refused():
    assert read_time("2026-12-05 14:30", day_first=None) == dt.datetime(2026, 12, 5, 14, 30)
    assert read_time("05/12/2026 2:30 PM", day_first=True) == dt.datetime(2026, 12, 5, 14, 30)
    assert read_time("2026-12-05", day_first=None) == dt.datetime(2026, 12, 5)
    with pytest.raises(ValueError, match="time zone"):
        read_time("2026-12-05T14:30:00Z", day_first=None)
