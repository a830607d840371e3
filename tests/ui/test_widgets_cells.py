"""Text is clipped, wrapped and made harmless by terminal cells, not by characters."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from pmtui.widgets.cells import clip_spans, fit, fit_spans, plain, safe, spans, width_of, wrap

HOSTILE = (
    "\x1b[31mred",
    "\x1b]52;c;ZXZpbA==\x07clip",
    "\x9b31mc1",
    "abc\u202egnp.exe",
    "a\u2066b\u2069c",
    "zero\u200bwidth\u200d\ufeff",
    "line\nbreak\r\ttab",
    "tag\U000e0041",
    "lone\ud800",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_steers_a_terminal_survives(text: str) -> None:
    clean = safe(text)
    assert all(character.isprintable() for character in clean)
    assert not any(0xD800 <= ord(character) < 0xE000 for character in clean)
    assert "\u200d" not in clean
    clean.encode()


def test_white_space_that_moves_the_cursor_becomes_a_space() -> None:
    assert safe("one\ntwo\tthree\u2028four") == "one two three four"


def test_a_letter_keeps_at_most_four_combining_marks() -> None:
    assert safe("e" + "\u0301" * 100_000 + "x") == "e" + "\u0301" * 4 + "x"
    assert safe("\u0301alone") == "alone"


def test_markup_is_plain_text() -> None:
    assert fit("[/foo] [@click=app.quit]x", 30).rstrip() == "[/foo] [@click=app.quit]x"


@pytest.mark.parametrize("width", range(12))
@pytest.mark.parametrize("text", ["", "plain words", "移行データの検証", "a移b行c", "e\u0301te\u0301"])
def test_fit_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, "right")) == width
    fitted = fit_spans(((text, "bad"), ("尾 tail", "")), width)
    assert sum(cell_len(part) for part, _ in fitted) == width


def test_a_cut_is_said() -> None:
    assert fit("Sign off the plan", 9) == "Sign off…"
    assert fit("移行データ", 6) == "移行… "
    assert fit("12345", 3, "right") == "12…"
    assert fit("7", 3, "right") == "  7"
    assert clip_spans((("ab", "bad"), ("cd", "good")), 3) == (("ab", "bad"), ("…", "good"))
    assert clip_spans((("ab", "bad"), ("cd", "good")), 2) == (("a…", "bad"),)


def test_a_megabyte_costs_no_more_than_its_first_line() -> None:
    fitted = fit("\u0301" * 1_000_000, 10)
    assert cell_len(fitted) == 10
    assert len(fitted) < 60


def test_a_cell_is_a_text_a_span_or_spans() -> None:
    assert spans("a") == (("a", ""),)
    assert spans(("a", "bad")) == (("a", "bad"),)
    assert spans((("a", "bad"), ("b", ""))) == (("a", "bad"), ("b", ""))
    assert spans(()) == ()
    assert plain((("a\x1b", "bad"), ("b", ""))) == "ab"
    assert width_of(("移", "")) == 2


def test_wrapping_breaks_at_spaces_and_between_wide_characters() -> None:
    assert wrap("Load test the payroll interface", 14) == ["Load test the", "payroll", "interface"]
    assert wrap("移行データの検証", 6) == ["移行", "データ", "の検証"]
    assert wrap("one\n\ntwo", 10) == ["one", "", "two"]
    assert wrap("", 10) == [""]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


@pytest.mark.parametrize("width", [1, 2, 3, 7, 20])
def test_no_wrapped_line_is_too_wide_and_no_word_is_lost(width: int) -> None:
    text = "Waiting for 移行データ、検証。 vendor's-dictionary-of-everything e\u0301te\u0301"
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if width > 2:
        assert all(cell_len(line) <= width for line in lines)
