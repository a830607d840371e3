"""What repeats is due again on the day that its words say, never on one that has passed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.repeats import next_due

MONDAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("words", "due", "expected"),
    [
        ("every day", "2026-03-02", "2026-03-03"),
        ("every week", "2026-02-26", "2026-03-05"),
        ("every week", "2026-03-06", "2026-03-13"),
        ("every 2 weeks", "2026-02-26", "2026-03-12"),
        ("every other fri", "2026-03-06", "2026-03-20"),
        ("every friday", "2026-03-03", "2026-03-06"),
        ("every wednesday", "2026-03-03", "2026-03-04"),
        ("every month", "2026-01-31", "2026-03-31"),
        ("every month", "2026-03-31", "2026-04-30"),
        ("every quarter", "2026-03-01", "2026-06-01"),
        ("every year", "2024-02-29", "2027-02-28"),
        ("every 2nd tue", "2026-03-10", "2026-04-14"),
        ("every last fri", "2026-03-02", "2026-03-27"),
        ("every weekday", "2026-03-06", "2026-03-09"),
        ("every last weekday", "2026-03-02", "2026-03-31"),
        ("every 1st weekday", "2026-03-02", "2026-04-01"),
        ("every last day", "2026-03-02", "2026-03-31"),
        ("2 weeks", "2026-03-02", "2026-03-16"),
        ("month", None, "2026-04-02"),
    ],
)
def test_the_next_one(words, due, expected):
    found = next_due(words, due and dt.date.fromisoformat(due), MONDAY)
    assert found == dt.date.fromisoformat(expected)


@pytest.mark.parametrize("words", ["", "often", "every", "every 0 days", "every 7th tue", "every last month"])
def test_what_can_not_be_read_is_no_date(words):
    assert next_due(words, None, MONDAY) is None


@given(
    st.sampled_from(["day", "2 weeks", "3 months", "quarter", "year", "mon", "2nd tue", "last fri", "weekday"]),
    st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)),
    st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)),
)
def test_it_is_after_both_the_due_date_and_today(words, due, today):
    found = next_due(f"every {words}", due, today)
    assert found is not None
    assert found > max(due, today)
