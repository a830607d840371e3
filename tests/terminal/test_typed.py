"""What arrives from the terminal is taken for what was typed, and for nothing else, however the line cuts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.terminal.typed import LONGEST_PASTE, Piece, TypedText

KEYS = ["\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[15~", "\x1b[3~", "\x1b[[A", "\x1b[Z", "\x1b[97u", "\x1b[I", "\x1b[?2026;2$y",
        "\x1b[12;40R", "\x1b[48;24;80;0;0t"]  # fmt: skip
NO_KEYS = ["\x1b[99~", "\x1b[100;5~", "\x1b[<0;3;4M", "\x1b[M !!", "\x1b[?62;22c", "\x1b]52;c;ZGQ=\x07", "\x1b]0;dd\x1b\\",
           "\x1bPdd\x1b\\", "\x1b_dd\x1b\\", "\x1b^d\x1b\\", "\x1bXd\x1b\\", "\x1b[38;5;1m", "\x1bOz", "\x1b[" + "1" * 100 + "A"]  # fmt: skip


def fed(*parts):
    typed = TypedText()
    found = [piece for part in parts for piece in typed.feed(part)]
    return found + typed.expire()


@pytest.mark.parametrize("sequence", KEYS)
def test_a_key_is_passed_on_whole(sequence):
    assert fed("a" + sequence + "b") == [Piece("keys", text) for text in ("a", sequence, "b")]
    assert fed(*sequence) == [Piece("keys", sequence)]


@pytest.mark.parametrize("sequence", NO_KEYS)
def test_what_is_no_key_is_left_out_whole(sequence):
    assert fed("a" + sequence + "b") == [Piece("keys", "a"), Piece("keys", "b")]
    assert fed(*sequence) == []


def test_a_paste_is_text_whatever_is_in_it():
    assert fed("\x1b[200~safe\x1b[31md\x1b\x1b[A\r\nx\x1b[201~q") == [
        Piece("paste", "safe[31md[A\r\nx"),
        Piece("keys", "q"),
    ]


def test_a_paste_is_cut_at_its_greatest_length_and_ends_where_it_ends():
    paste, after = fed("\x1b[200~", *["d" * 10_000] * 120, "\x1b[201~", "q")
    assert len(paste.text) == LONGEST_PASTE
    assert after == Piece("keys", "q")


def test_esc_is_a_key_where_nothing_follows():
    typed = TypedText()
    assert typed.patience is None
    assert typed.feed("\x1b") == []
    assert typed.patience == pytest.approx(0.1)
    assert typed.expire() == [Piece("escape", "\x1b")]
    assert typed.feed("\x1b\x1b[A") == [Piece("escape", "\x1b"), Piece("keys", "\x1b[A")]
    assert typed.feed("\x1bq") == [Piece("alt", "q")]


def test_a_sequence_that_was_cut_is_left_out():
    assert fed("\x1b[1;") == []


@given(st.text(st.sampled_from("\x1b[]O~A0;?dP\\\x07M<\ufffd 201x\x9b"), max_size=60), st.data())
def test_however_it_is_cut_it_means_the_same(text, data):
    at = data.draw(st.integers(0, len(text)))
    joined = [
        "".join(piece.text for piece in found if piece.kind == "keys")
        for found in (fed(text), fed(text[:at], text[at:]))
    ]
    assert joined[0] == joined[1]


@given(st.text(max_size=80))
def test_any_text_is_taken_in(text):
    assert all(piece.text for piece in fed(text) if piece.kind != "paste")
