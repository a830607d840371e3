"""Letters in their order, with gaps: what fits, what fits best, and which letters stand out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.fuzzy import letters_in_order, places_in, plain, score, words_of


def line(text):
    return f" {plain(text)}"


def shown(words, text):
    """The letters that stand out, in brackets."""
    _, places = score(words_of(words), line(text))
    wanted = places_in(text, [place - 1 for place in places])
    return "".join(f"[{letter}]" if at in wanted else letter for at, letter in enumerate(text))


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("mgrpay", "Migrate payroll data", "[M]i[g][r]ate [p][a][y]roll data"),
        ("payroll migrate", "Migrate payroll data", "[M][i][g][r][a][t][e] [p][a][y][r][o][l][l] data"),
        ("mpd", "Migrate payroll data", "[M]igrate [p]ayroll [d]ata"),
        ("elan", "Élan vital", "[É][l][a][n] vital"),
        ("strasse", "Straße", "[S][t][r][a][ß][e]"),
        ("cut over", "Cut-over test", "[C][u][t]-[o][v][e][r] test"),
        ("日語", "日本語 interface", "[日]本[語] interface"),
        ("t48", "T-48 Kick-off", "[T]-[4][8] Kick-off"),
    ],
)
def test_the_letters_that_fit_stand_out(typed, text, marked):
    assert shown(typed, text) == marked


@pytest.mark.parametrize(("typed", "text"), [("mgrpayx", "Migrate payroll data"), ("apy", "pay"), ("data zzz", "data")])
def test_what_is_not_there_in_order_does_not_fit(typed, text):
    assert score(words_of(typed), line(text)) is None


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("pay", "Payroll", "Repay the loan"),
        ("mig", "Migrate data", "Imaging"),
        ("mpd", "Migrate payroll data", "Complaints procedure"),
        ("test", "Load test", "The west"),
        ("test", "Load test", "Testing"),
    ],
)
def test_word_beginnings_and_letters_together_fit_better(typed, better, worse):
    assert score(words_of(typed), line(better))[0] > (score(words_of(typed), line(worse)) or (0,))[0]


@given(st.text(alphabet="abc é-ß日1", max_size=20), st.text(alphabet="abcé1日", min_size=1, max_size=5))
def test_what_the_search_finds_can_be_marked_in_the_text(text, typed):
    for word in words_of(typed):
        found = letters_in_order(word).search(line(text)) is not None
        scored = score((word,), line(text))
        assert found == (scored is not None)
        if scored:
            places = places_in(text, [place - 1 for place in scored[1]])
            assert all(0 <= place < len(text) for place in places)
