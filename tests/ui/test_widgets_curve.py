from pmtui.widgets.cells import plain, width_of
from pmtui.widgets.curve import axis, filled, pointer


def text(rows):
    return [plain(row) for row in rows]


def test_a_curve_is_filled_from_below_and_whatever_is_above_zero_shows():
    assert text(filled([0, 0.001, 0.25, 0.5, 1, 2], 2, 99, ("", "warn"))) == ["    ██", " ▁▄███"]


def test_what_lies_beyond_the_split_has_a_tone_of_its_own():
    assert filled([1, 1, 1], 1, 2, ("", "warn")) == [(("██", ""), ("█", "warn"))]
    assert filled([1, 1], 1, -1, ("", "warn")) == [(("", ""), ("██", "warn"))]
    assert filled([1, 1], 1, 9, ("", "warn")) == [(("██", ""), ("", "warn"))]


def test_a_pointer_has_its_words_where_there_is_room():
    assert plain(pointer(2, "left", 20, "")) == "  ▼ left"
    assert plain(pointer(17, "left", 20, "")) == "            left ▼"
    assert plain(pointer(-1, "left", 20, "")) == "← left"
    assert plain(pointer(20, "left", 20, "")) == "              left →"
    for at in range(-1, 21):
        assert width_of(pointer(at, "words that are long", 20, "")) <= 20


def test_marks_stand_beneath_their_ticks_and_never_touch():
    line, beneath = text(axis(20, [(2, "P50"), (10, "P80"), (18, "P95")]))
    assert line == "──┴───────┴───────┴─"
    assert beneath == " P50     P80     P95"


def test_marks_that_are_near_make_room_and_those_at_one_place_stand_together():
    assert text(axis(20, [(4, "P50"), (5, "P80"), (6, "P95")]))[1] == "   P50 P80 P95"
    assert text(axis(20, [(18, "P50"), (19, "P80"), (19, "P95")]))[1] == "         P50 P80 P95"
    assert text(axis(9, [(1, "P50"), (4, "P80"), (8, "P95")]))[1] == "  P80 P95"
