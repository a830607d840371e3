"""What people write is read as the date they mean, or refused with the reason."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.dates import (
    DateError,
    Prefer,
    is_date_like,
    read_date,
    read_moment,
    say_date,
    say_due,
    say_lateness,
    short_due,
)

FRIDAY = date(2026, 11, 20)
WEDNESDAY = date(2026, 11, 18)
SATURDAY = date(2026, 11, 21)
DAYS = st.dates(date(1980, 1, 1), date(2190, 12, 31))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("today", "2026-11-20"),
        ("tod", "2026-11-20"),
        ("Tomorrow", "2026-11-21"),
        ("tom", "2026-11-21"),
        ("yesterday", "2026-11-19"),
        ("fri", "2026-11-27"),
        ("  FRIDAY ", "2026-11-27"),
        ("mon", "2026-11-23"),
        ("thurs", "2026-11-26"),
        ("next fri", "2026-11-27"),
        ("next mon", "2026-11-23"),
        ("last fri", "2026-11-13"),
        ("last mon", "2026-11-16"),
        ("+0d", "2026-11-20"),
        ("+3d", "2026-11-23"),
        ("-3d", "2026-11-17"),
        ("+2w", "2026-12-04"),
        ("in 2 weeks", "2026-12-04"),
        ("in 1 day", "2026-11-21"),
        ("+1m", "2026-12-20"),
        ("+1y", "2027-11-20"),
        ("eow", "2026-11-20"),
        ("eom", "2026-11-30"),
        ("eoq", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("15 dec", "2026-12-15"),
        ("Dec 15", "2026-12-15"),
        ("15th December", "2026-12-15"),
        ("dec 15, 2027", "2027-12-15"),
        ("15 december 2026", "2026-12-15"),
        ("Fri 27 Nov", "2026-11-27"),
        ("20 nov", "2026-11-20"),
        ("19 nov", "2027-11-19"),
        ("29 feb", "2028-02-29"),
        ("15.12.", "2026-12-15"),
        ("15.12.2026", "2026-12-15"),
        ("04.05.2027", "2027-05-04"),
        ("15/12/2026", "2026-12-15"),
        ("12/15/2026", "2026-12-15"),
        ("05/05/2026", "2026-05-05"),
        ("15/12", "2026-12-15"),
        ("2026-12-15", "2026-12-15"),
        ("2026/12/15", "2026-12-15"),
        ("2026-12-15T10:00", "2026-12-15"),
        ("2026-12-15 10:00:30", "2026-12-15"),
        ("2026-W50-5", "2026-12-11"),
        ("2026w505", "2026-12-11"),
    ],
)
def test_reads_dates_on_a_friday(text: str, meant: str) -> None:
    assert read_date(text, FRIDAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("fri", "2026-11-13"),
        ("mon", "2026-11-16"),
        ("15 dec", "2025-12-15"),
        ("20 nov", "2026-11-20"),
        ("29 feb", "2024-02-29"),
        ("next fri", "2026-11-27"),
        ("tomorrow", "2026-11-21"),
    ],
)
def test_prefers_the_past_where_asked(text: str, meant: str) -> None:
    assert read_date(text, FRIDAY, prefer="past") == date.fromisoformat(meant)


def test_next_friday_is_next_weeks_and_friday_is_the_coming_one() -> None:
    assert read_date("fri", WEDNESDAY) == FRIDAY
    assert read_date("next fri", WEDNESDAY) == date(2026, 11, 27)


def test_the_end_of_the_week_at_a_weekend_is_the_next_friday() -> None:
    assert read_date("eow", SATURDAY) == date(2026, 11, 27)
    assert read_date("eow", WEDNESDAY) == FRIDAY


def test_a_month_later_than_the_31st_is_the_last_day() -> None:
    assert read_date("+1m", date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-02-31", "is not a date: February 2026 has 28 days"),
        ("31 feb", "is not a date: February has at most 29 days"),
        ("32 dec", "is not a date: December has 31 days"),
        ("0 dec", "is not a date: there is no day 0"),
        ("2026-13-01", "is not a date: there is no month 13"),
        ("31/02/2026", "is not a date: February 2026 has 28 days"),
        ("02/31/2026", "is not a date: February 2026 has 28 days"),
        ("31.11.", "is not a date: November has 30 days"),
        ("Mon 27 Nov", "is not a date: 27 Nov 2026 is a Friday"),
        ("2026-W54-1", "is not a date: 2026 has no week 54"),
        ("2026-W50-8", "is not a date: a week has no day 8"),
        ("2026-W50", "is a week, not a date: 2026-W50-1 is its Monday"),
        ("15 dec 26", "is doubtful: a year has four digits"),
        ("15/12/26", "is doubtful: a year has four digits"),
        ("15.12.26", "is doubtful: a year has four digits"),
        ("2w", "is doubtful: ahead of today, or before"),
        ("2026-12-15T23:00Z", "is doubtful: a time zone can change the day"),
        ("2026-12-15T25:00", "is not a time: hours go to 23, minutes to 59"),
        ("1969-12-31", "is not a date: years go from 1970 to 2200"),
        ("2201-01-01", "is not a date: years go from 1970 to 2200"),
        ("0000-01-01", "is not a date: years go from 1970 to 2200"),
        ("0000-W01-1", "is not a date: years go from 1970 to 2200"),
        ("+9999w", "is not a date: years go from 1970 to 2200"),
        ("+9999y", "is not a date: years go from 1970 to 2200"),
        ("-9999y", "is not a date: years go from 1970 to 2200"),
        ("fri x", "is not a date"),
        ("2026-12-15 x", "is not a date"),
        ("march", "is not a date"),
        ("15.12", "is not a date"),
        ("2026", "is not a date"),
        ("٣ dec", "is not a date"),
        ("fri" + " " * 5000 + "x" * 60, "is not a date"),
        (" ", "is empty"),
    ],
)
def test_refuses_and_names_the_problem(text: str, problem: str) -> None:
    with pytest.raises(DateError) as refused:
        read_date(text, FRIDAY)
    assert (refused.value.text, refused.value.problem) == (text, problem)


def test_the_message_names_the_text_the_problem_and_what_is_allowed() -> None:
    with pytest.raises(DateError) as refused:
        read_date("2026-02-31", FRIDAY)
    assert str(refused.value) == (
        "'2026-02-31' is not a date: February 2026 has 28 days. Allowed: fri, tomorrow, +2w, eom, 15 dec, 2026-12-15"
    )


def test_the_message_is_one_short_printable_line() -> None:
    with pytest.raises(DateError) as refused:
        read_date("\x1b[2J\n" * 500, FRIDAY)
    said = str(refused.value)
    assert said.isprintable()
    assert len(said) < 200


def test_two_readings_are_both_named_and_can_be_chosen() -> None:
    with pytest.raises(DateError) as refused:
        read_date("04/05/2027", FRIDAY)
    assert refused.value.problem == "is doubtful: it could be 4 May 2027 or 5 Apr 2027"
    assert refused.value.allowed == "2027-05-04, 2027-04-05"
    assert read_date("04/05/2027", FRIDAY, day_first=True) == date(2027, 5, 4)
    assert read_date("04/05/2027", FRIDAY, day_first=False) == date(2027, 4, 5)
    assert read_date("12/15/2026", FRIDAY, day_first=True) == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("fri 10:00", "2026-11-27T10:00"),
        ("fri 10h30", "2026-11-27T10:30"),
        ("fri at 9h", "2026-11-27T09:00"),
        ("tomorrow 9:30", "2026-11-21T09:30"),
        ("15 dec 2026 08:05", "2026-12-15T08:05"),
        ("2026-03-02 14:00", "2026-03-02T14:00"),
        ("2026-03-02T14:00:59", "2026-03-02T14:00"),
        ("10:00", "2026-11-20T10:00"),
        ("mon", "2026-11-23T00:00"),
    ],
)
def test_reads_moments(text: str, meant: str) -> None:
    assert read_moment(text, FRIDAY) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("25:00", "is not a time: hours go to 23, minutes to 59"),
        ("fri 10:60", "is not a time: hours go to 23, minutes to 59"),
        ("31 feb 10:00", "is not a date: February has at most 29 days"),
        ("soon 10:00", "is not a date"),
        ("2026-03-02T14:00+01:00", "is doubtful: a time zone can change the day"),
    ],
)
def test_refuses_moments_with_the_whole_text(text: str, problem: str) -> None:
    with pytest.raises(DateError) as refused:
        read_moment(text, FRIDAY)
    assert (refused.value.text, refused.value.problem) == (text, problem)
    assert "fri 10:00" in refused.value.allowed


@pytest.mark.parametrize(
    "text",
    [
        *("fri", "Friday", "tomorrow", "tom", "+2w", "-3d", "eom", "2026-02-31"),
        *("15.12.", "15/12/2026", "15/12/26", "15 dec", "next fri", "in 2 weeks"),
        *("2026-W50", "31 feb", "04/05/2026"),
    ],
)
def test_sees_what_is_meant_as_a_date(text: str) -> None:
    assert is_date_like(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "march", "May", "2026", "2w", "3", "24/7", "1.2.3", "10.15.12", "3.11"),
        *("Tom", "~3d", "friends", "today's", "x" * 100, "٣ dec"),
    ],
)
def test_leaves_the_words_of_titles_alone(text: str) -> None:
    assert not is_date_like(text)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-20", "today"),
        ("2026-11-21", "tomorrow"),
        ("2026-11-19", "yesterday"),
        ("2026-11-27", "Fri 27 Nov"),
        ("2026-01-02", "Fri 2 Jan"),
        ("2027-03-01", "Mon 1 Mar"),
        ("2027-11-27", "27 Nov 2027"),
        ("2025-11-27", "27 Nov 2025"),
    ],
)
def test_says_dates(day: str, words: str) -> None:
    assert say_date(date.fromisoformat(day), FRIDAY) == words
    assert say_date(date.fromisoformat(day), FRIDAY, style="iso") == day


@pytest.mark.parametrize(
    ("days_late", "words"),
    [
        (9, "9 days late"),
        (1, "1 day late"),
        (0, "due today"),
        (-1, "due tomorrow"),
        (-3, "due in 3 days"),
    ],
)
def test_says_lateness(days_late: int, words: str) -> None:
    assert say_lateness(days_late) == words


@pytest.mark.parametrize(
    ("day", "due", "short"),
    [
        ("2026-11-11", "9 days late", "9d late"),
        ("2026-11-20", "today", "today"),
        ("2026-11-21", "tomorrow", "due Sat"),
        ("2026-11-26", "Thu 26 Nov", "due Thu"),
        ("2026-11-27", "Fri 27 Nov", "27 Nov"),
        ("2027-11-27", "27 Nov 2027", "Nov 2027"),
    ],
)
def test_says_due_dates(day: str, due: str, short: str) -> None:
    assert say_due(date.fromisoformat(day), FRIDAY) == due
    assert short_due(date.fromisoformat(day), FRIDAY) == short


@given(
    st.one_of(
        st.text(max_size=200),
        st.text("0123456789-/.: +wdmytefrioczat", max_size=30),
    ),
    st.dates(),
)
def test_any_text_is_a_date_in_range_or_a_date_error(text: str, today: date) -> None:
    is_date_like(text)
    for read in (read_date, read_moment):
        try:
            found = read(text, today)
        except DateError as refused:
            assert refused.text == text
            assert str(refused).isprintable()
        else:
            assert 1970 <= found.year <= 2200


@given(DAYS, DAYS)
def test_an_iso_date_is_itself(day: date, today: date) -> None:
    assert read_date(day.isoformat(), today) == day


@given(DAYS, DAYS)
def test_what_is_said_reads_back(day: date, today: date) -> None:
    prefer: Prefer = "future" if day >= today else "past"
    assert read_date(say_date(day, today), today, prefer=prefer) == day


@given(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), DAYS)
def test_a_weekday_is_within_the_coming_or_the_past_week(name: str, today: date) -> None:
    assert 1 <= (read_date(name, today) - today).days <= 7
    assert 1 <= (today - read_date(name, today, prefer="past")).days <= 7
